//! What LW311 found: where the PSA sends records by itself, and why that is doubted.

use serde::{Deserialize, Serialize};

use crate::model::Callback;

/// What was found about a callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StandingOutflow {
    /// It is on, and should be looked at.
    On {
        /// The callback.
        callback: Callback,
        /// Each reason.
        why: Vec<Why>,
    },
    /// The PSA leaves out, or says in words that are not known, what decides it.
    NotSaid {
        /// Its id.
        id: i64,
        /// What.
        what: NotSaid,
    },
}

/// What is wrong with a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It has no member.
    NoMember,
    /// No list of the PSA has its member.
    Unlisted,
    /// No binding and no rule file accounts for its member.
    Unbound,
    /// Its member is inactive.
    Inactive,
    /// It sends every record of its type.
    AllRecords,
}

/// What the PSA does not say of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSaid {
    /// Whether it is active.
    Active,
    /// Whether its member is.
    MemberActive,
    /// A level that is known.
    Level,
}
