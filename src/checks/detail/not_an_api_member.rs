//! What LW305 found: whose licence an integration runs on.

use serde::{Deserialize, Serialize};

/// What was found about the member's licence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NotAnApiMember {
    /// It is a person's.
    Person {
        /// The class, as the PSA's letter.
        class: String,
    },
    /// The PSA does not say.
    NotSaid,
}
