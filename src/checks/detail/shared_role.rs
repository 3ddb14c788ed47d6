//! What LW202 found: whom a role serves beside the integration.

use serde::{Deserialize, Serialize};

/// Whom a role serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SharedRole {
    /// More than one set of needs, or people.
    Shared {
        /// Active people that hold it and on whom no integration runs.
        people: usize,
        /// API members that hold it.
        api_members: usize,
        /// Ids of the integrations, where at least two of them need different access.
        integrations: Vec<String>,
    },
    /// No API member holds the role.
    NobodyHolds,
    /// The PSA does not say whether these members are active people.
    NotSaid {
        /// How many.
        members: usize,
    },
    /// The PSA does not say which role these people hold.
    Unplaced {
        /// How many.
        people: usize,
    },
}
