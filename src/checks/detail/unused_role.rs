//! What LW205 found: a role that nobody active holds.

use serde::{Deserialize, Serialize};

/// Who holds the role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum UnusedRole {
    /// Nobody.
    Nobody,
    /// Inactive members.
    OnlyInactive,
    /// Nobody active, and the role is inactive, as it should be.
    RoleIsInactive,
    /// The PSA does not say whether those that hold it are active.
    NotSaid,
    /// The PSA does not say which role some members hold.
    Unplaced,
}
