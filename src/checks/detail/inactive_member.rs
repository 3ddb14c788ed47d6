//! What LW303 found: a member that serves an integration and is inactive.

use serde::{Deserialize, Serialize};

/// What was found about the member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InactiveMember {
    /// It is inactive.
    Inactive,
    /// The PSA does not say whether it is active.
    NotSaid,
}
