//! Snapshots: a tenant in one file, one setting per line, so that a repository of them gives
//! readable diffs and a report can point to the line that changed.

mod pseudonyms;
mod read;
mod rows;
mod stream;
mod write;

pub use pseudonyms::{Pseudonyms, SHORTEST_KEY, pseudonymize};
pub use read::{SnapshotError, parse};
pub use stream::Stream;
pub use write::write;

/// The JSON Schema of `leastwise-snapshot/1`.
pub(crate) fn schema() -> serde_json::Value {
    crate::json_schema::of::<rows::FileShape<'_>>()
}

/// What the first line of a snapshot says it is.
pub const FORMAT: &str = "leastwise-snapshot/1";
