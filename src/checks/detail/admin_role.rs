//! What LW201 found: who holds a role that has everything.

use serde::{Deserialize, Serialize};

/// What was found about one member that holds the role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AdminRole {
    /// It has everything.
    HasEverything {
        /// By the admin flag; else by the role's name.
        by_flag: bool,
        /// The integrations that it serves: id and title.
        serves: Vec<(String, String)>,
        /// Those of them whose vendor asks for Admin and publishes no list.
        asks_admin: bool,
        /// Whether it is a person on whose licence an integration runs.
        person: bool,
    },
    /// No API member holds the role.
    NobodyHolds,
    /// The PSA does not say whether the role has the admin flag.
    FlagNotSaid,
}
