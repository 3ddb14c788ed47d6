//! What LW308 found: a further member of the same integration.

use serde::{Deserialize, Serialize};

use crate::model::Name;

/// What was found about a further member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DuplicateMember {
    /// It is active beside another.
    Beside {
        /// The first one, by id.
        first: Name,
    },
    /// The PSA does not say whether all of them are active.
    NotSaid,
}
