//! What a review is made of.

use jiff::civil::Date;

use crate::audit::Judgement;
use crate::model::Tenant;
use crate::policy::Policy;
use crate::rules::Library;

/// A tenant with what was judged of it.
pub(crate) struct Judged<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) judgement: &'a Judgement,
    pub(crate) library: &'a Library,
    pub(crate) policy: &'a Policy,
    pub(crate) as_of: Date,
    /// The SHA-256 of the snapshot's file; `None` for the live tenant.
    pub(crate) snapshot: Option<&'a str>,
}
