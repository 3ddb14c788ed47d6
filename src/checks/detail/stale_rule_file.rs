//! What LW501 found: how long the source of a rule file was not read.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// When the source was last read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaleRuleFile {
    /// The day.
    pub read: Date,
    /// Whole days from then to the day of the audit.
    pub days: i32,
    /// The vendor's page, where the rule file names one.
    pub source: Option<String>,
}
