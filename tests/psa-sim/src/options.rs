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

/// How a key that is not accepted is turned away. **Not established** which of them when; each is
/// reported by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadKey {
    /// 404 under `v4_6_release`, where the cloud only routes, and 401 under a versioned codebase.
    #[default]
    ByCodebase,
    /// 401, everywhere.
    Unauthorized,
    /// 404, everywhere.
    NotFound,
    /// 400 with the message `UserNotAuthenticated`, everywhere.
    NotAuthenticated,
}

/// How a `clientId` that is missing or not registered is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadClientId {
    /// 400 with "clientId" in the text, as one vendor documents.
    #[default]
    BadRequest,
    /// 401 like a bad key.
    Unauthorized,
    /// A plain text that begins with "Cannot", as somebody saw in 2019.
    Cannot,
}

/// What a 429 says of how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RetryAfter {
    /// The seconds until there is room again.
    #[default]
    Exact,
    /// These seconds, whatever is true: the guide's example always says 30.
    Seconds(u64),
    /// The same as `Exact`, as an HTTP date.
    Date,
    /// Nothing.
    Absent,
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
    /// Requests of other integrations in each such window, evenly spread.
    pub(crate) others: usize,
    pub(crate) retry_after: RetryAfter,
    pub(crate) bad_key: BadKey,
    pub(crate) bad_client_id: BadClientId,
    pub(crate) minds_case: bool,
    /// The status for a version in `Accept` that is newer than the tenant's release.
    pub(crate) unknown_version: Option<u16>,
}
