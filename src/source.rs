//! Where a tenant comes from: the PSA itself, or a snapshot of it.

pub mod connectwise;
pub mod snapshot;
