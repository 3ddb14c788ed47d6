//! What LW401 found: a waiver that does not hold, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What was found about a waiver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExpiredWaiver {
    /// It does not waive.
    Void {
        /// What it is for.
        waiver: String,
        /// What is wrong with it.
        faults: Vec<String>,
        /// Whom to ask.
        owner: Option<String>,
    },
    /// It does not waive yet.
    NotYet {
        /// What it is for.
        waiver: String,
        /// Its first day.
        since: Date,
    },
}
