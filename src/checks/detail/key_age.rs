//! What LW503 found: how old a key is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How old a key is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum KeyAge {
    /// Older than it may be.
    Old {
        /// The day on which it was made.
        made: Date,
        /// Whole days from then to the day of the audit.
        days: i32,
        /// How many are allowed.
        limit: u32,
    },
    /// The config does not say when it was made, and the API does not show it.
    NotSaid,
    /// It was made after the day of the audit.
    Later {
        /// The day.
        made: Date,
    },
}
