//! Where a tenant's data came from, and the requests that read it.

use jiff::Timestamp;

/// Where the data came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// From the PSA, or from a file.
    pub kind: SourceKind,
    /// The snapshot, as the user named it.
    pub path: Option<String>,
    /// When the tenant was read; `None` where it could not be.
    pub taken_at: Option<Timestamp>,
}

/// From the PSA, or from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The live tenant.
    Live,
    /// A snapshot.
    Snapshot,
}

/// Requests that were alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestCount {
    /// Always GET.
    pub method: &'static str,
    /// Path.
    pub path: String,
    /// Query, without the question mark.
    pub query: String,
    /// HTTP status; `None` where there was no answer.
    pub status: Option<u16>,
    /// How many.
    pub count: usize,
}
