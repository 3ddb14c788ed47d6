//! What LW206 found: how much of a role is in excess.

use serde::{Deserialize, Serialize};

/// How much of a role is in excess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WideRole {
    /// Verbs above need.
    pub excess: usize,
    /// Verbs that were compared.
    pub compared: usize,
    /// Verbs that the PSA offers and whose level was not understood.
    pub not_understood: usize,
    /// Whether that is more than a quarter; `None` where what was not understood decides.
    pub wide: Option<bool>,
}
