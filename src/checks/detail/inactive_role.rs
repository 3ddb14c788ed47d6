//! What LW204 found: a role that serves an integration and is inactive.

use serde::{Deserialize, Serialize};

/// What was found about the role that the member holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InactiveRole {
    /// It is inactive.
    Inactive,
    /// The member holds no role that the PSA lists.
    NoRole,
    /// The PSA does not say whether it is active.
    NotSaid,
}
