//! What LW304 found: how long a member was not used, as far as the PSA shows it.

use serde::{Deserialize, Serialize};

/// What was found about a member's last use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StaleMember {
    /// It was not used for so long.
    Stale {
        /// Whole days since its last use.
        days: u32,
        /// How many are allowed.
        limit: u32,
    },
    /// The PSA gives no date.
    NoDate,
    /// Nothing shows that on this PSA the use of a key moves the date.
    NotShown,
    /// No active API member is judged.
    Nobody,
}
