//! What LW101 found: what a role lacks of what an integration needs, of one verb of one function.

use serde::{Deserialize, Serialize};

use crate::access::Granted;
use crate::model::Level;

/// What was found about one verb of one function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MissingPermission {
    /// The level is below what is needed.
    Missing {
        /// What the role gives.
        granted: Level,
        /// What is needed.
        required: Level,
        /// What the integration does with it.
        why: Option<String>,
    },
    /// What the role says was not understood, or is not there.
    NotReadable {
        /// What the role says.
        granted: Granted,
        /// What is needed.
        required: Level,
    },
    /// A whole module is needed, and the PSA shows no row of it.
    NoRowOfModule {
        /// What is needed.
        required: Level,
    },
}
