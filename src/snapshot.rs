//! Snapshots: a tenant in one file, one setting per line, so that a repository of them gives
//! readable diffs and a report can point to the line that changed.

mod read;
mod rows;
mod write;

pub use read::{SnapshotError, parse};
pub use write::write;

/// What the first line of a snapshot says it is.
pub const FORMAT: &str = "leastwise-snapshot/1";
