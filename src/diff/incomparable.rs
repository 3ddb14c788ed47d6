//! What a comparison cannot speak of.

use crate::model::{DatasetName, RoleRef};

/// What could not be compared, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incomparable {
    /// Which dataset a side lacks.
    pub dataset: DatasetName,
    /// Of which role, where it is one role's settings.
    pub role: Option<RoleRef>,
    /// `old`, `new` or `both`.
    pub side: &'static str,
    /// Why it is missing.
    pub reason: String,
}
