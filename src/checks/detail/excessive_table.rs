//! What LW104 found: what a customise list allows that is not needed, as far as it is known.

use serde::{Deserialize, Serialize};

use super::super::witness::Witness;
use super::remark::Remark;

/// What was found about one customise list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExcessiveTable {
    /// No integration with a rule file is bound to the role.
    NoIntegration,
    /// The role opens no function that has a customise list.
    NothingCustomised,
    /// The list allows an entry that nothing needs.
    Allowed(Witness),
    /// The list allows no more than is needed.
    Exact(Witness),
    /// The list could not be read.
    NotShown {
        /// The entries that are needed, as `Category / Table`; `None` where no vendor names any.
        needed: Option<Vec<String>>,
        /// Why evidence does not settle it, where there is some.
        remark: Option<Remark>,
    },
}

impl ExcessiveTable {
    /// Whether the list stays as it is.
    pub(in crate::checks) const fn is_left(&self) -> bool {
        matches!(self, Self::NotShown { needed: None, .. })
    }
}
