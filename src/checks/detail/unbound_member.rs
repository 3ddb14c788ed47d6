//! What LW309 found: a member that nothing accounts for, and what its key opens.

use serde::{Deserialize, Serialize};

use crate::model::Power;

/// What was found about a member that nothing accounts for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum UnboundMember {
    /// It is active.
    Active {
        /// The dangerous powers that its role gives, where the role was read.
        powers: Vec<Power>,
    },
    /// It is inactive.
    Inactive,
    /// The PSA does not say whether it is active.
    NotSaid,
}
