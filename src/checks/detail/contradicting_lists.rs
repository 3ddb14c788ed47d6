//! What LW310 found: where two lists of the PSA disagree about a member.

use serde::{Deserialize, Serialize};

/// On what the two lists disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContradictingLists {
    /// The list of API members does not have it.
    NotAmongApiMembers,
    /// The list of members does not have it.
    NotAmongMembers,
    /// The role.
    Role,
    /// Whether it is active.
    Active,
    /// The list of members has no API member at all: nothing can be compared.
    NoOverlap,
}
