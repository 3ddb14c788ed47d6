//! What LW402 found: a waiver that covers nothing.

use serde::{Deserialize, Serialize};

use super::super::applied::Unsure;

/// What was found about a waiver, and what it is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum UnusedWaiver {
    /// It matches nothing.
    Unused(String),
    /// It does not waive.
    Void(String),
    /// Whether it matches anything is not known.
    Unsure(String, Unsure),
}
