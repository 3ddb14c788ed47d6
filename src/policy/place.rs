//! A line of a file that the user wrote, for whoever speaks of what it says.

use serde::{Deserialize, Serialize};

/// A line of a file that the user wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}
