//! What LW302 found: the role that a member holds, against the one that its binding names.

use serde::{Deserialize, Serialize};

use crate::model::Name;

/// What was found about the role that the member holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WrongRole {
    /// Another one.
    Other {
        /// The role that it holds: its name, or its id where the PSA does not list it.
        held: Name,
        /// The role that the binding names.
        named: Name,
        /// Whether the member is a person.
        person: bool,
    },
    /// The binding names no role.
    NoneNamed,
    /// The role that the binding names does not exist.
    NamedIsMissing {
        /// Its name.
        name: Name,
    },
    /// The PSA does not say which role the member holds.
    NotSaid {
        /// The role that the binding names.
        named: Name,
    },
}
