//! What LW307 found: a user name and password beside keys.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What was found about integrator logins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LegacyLogin {
    /// It is active, though the integration takes keys.
    Active {
        /// Since when.
        keys_since: Date,
    },
    /// The rule file names no login from before keys.
    NoneNamed,
    /// The PSA does not say whether it is active.
    NotSaid,
    /// The list was refused, and nobody asked for this check.
    NotGranted,
}
