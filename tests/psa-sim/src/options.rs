//! How the simulator behaves where the PSA is known to vary, or where it is not known how it
//! behaves.

use std::time::Duration;

use crate::reshape::Reshape;

/// What the rows of `/system/mySecurity/customizeItems/` mean. **Not established** for the real
/// PSA, so both can be played. What a role may reach is the same under both; only what the endpoint
/// shows differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// The rows are the entries that the caller may use.
    #[default]
    Allow,
    /// The rows are the entries that the caller may not use.
    Deny,
}

/// What becomes of a field without a value. **Not established**, and probably not the same for all
/// endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nulls {
    /// `"field": null`
    #[default]
    Write,
    /// The field is left out.
    Omit,
}

/// Set through the builder methods of [`Sim`](crate::Sim).
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// The names that the certificate is good for; `None` for plain HTTP.
    pub(crate) tls: Option<&'static [&'static str]>,
    pub(crate) latency: Duration,
    pub(crate) page_cap: Option<usize>,
    pub(crate) reading: Reading,
    pub(crate) nulls: Nulls,
    pub(crate) boolean_cloud: bool,
    pub(crate) link_host: Option<String>,
    pub(crate) rate: Option<(usize, Duration)>,
    pub(crate) reshape: Option<Reshape>,
    pub(crate) no_list_no_table: bool,
}
