//! Why evidence does not settle a question.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::witness::Lapsed;

/// Why evidence does not settle a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Remark {
    /// There was some, and it no longer holds.
    Lapsed(Lapsed),
    /// It does not speak of these entries.
    Silent,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lapsed(lapsed) => lapsed.fmt(f),
            Self::Silent => f.write_str("the evidence does not speak of these"),
        }
    }
}
