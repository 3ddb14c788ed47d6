//! What LW502 found: why the key of a member is due for a review.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::policy::review::Word;

/// What was found about a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ReviewOverdue {
    /// It is due, for these reasons.
    Due(Vec<Why>),
    /// What it may do could not be read in full, so that nobody knows whether the decision holds.
    NotRead {
        /// The day of the decision.
        on: Date,
    },
}

/// Why a key is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// No decision is written down.
    Never,
    /// The access has changed since.
    Lapsed {
        /// The day of the decision.
        on: Date,
    },
    /// What was accepted until a day, or kept for a year, is over.
    RanOut {
        /// The day of the decision.
        on: Date,
    },
    /// Whoever was asked did not know.
    DontKnow {
        /// The day on which that was said.
        on: Date,
    },
    /// It was to be done by a day, and is not.
    NotDone {
        /// What was decided.
        word: Word,
        /// The day of the decision.
        on: Date,
    },
    /// The decision is old.
    Old {
        /// Its age.
        days: i32,
        /// How old it may be.
        limit: u32,
    },
    /// The config names no owner.
    NoOwner,
}
