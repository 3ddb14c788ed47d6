//! The builder: which tenants, and how the PSA is to behave.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;
use crate::options::{BadClientId, BadKey, Nulls, Options, Reading, RetryAfter};
use crate::record::Recorded;
use crate::reshape::{Reshape, Shape};
use crate::running::Running;
use crate::shared::{Observer, Shared};
use crate::sim_file::SimFile;
use crate::tenant::Tenant;
use crate::tls;

/// A simulator that does not run yet. [`Sim::start`] makes it.
pub struct Sim {
    tenants: Vec<Tenant>,
    options: Options,
    observer: Option<Observer>,
}

impl Sim {
    /// Reads a snapshot and, beside it, `NAME.sim.json`.
    ///
    /// # Errors
    /// When a file cannot be read, is not JSON, or is not a snapshot.
    pub fn from_files(snapshot: impl AsRef<Path>) -> Result<Self, Error> {
        let (snapshot, sim) = read_pair(snapshot.as_ref())?;
        Ok(Self::of(Tenant::new(snapshot, sim)?))
    }

    /// Takes a snapshot and the content of its `sim.json` as values.
    ///
    /// # Errors
    /// When a value does not have the form that it should.
    pub fn from_values(snapshot: Value, sim: Value) -> Result<Self, Error> {
        let sim = serde_json::from_value(sim).map_err(Error::SimValue)?;
        Ok(Self::of(Tenant::new(snapshot, sim)?))
    }

    /// Reads several pairs of files, each a tenant. Callers name the one they mean by its company id.
    ///
    /// # Errors
    /// When a file cannot be read, is not JSON, or is not a snapshot.
    pub fn from_all_files(snapshots: &[impl AsRef<Path>]) -> Result<Self, Error> {
        let tenant = |path: &_| {
            let (snapshot, sim) = read_pair(AsRef::as_ref(path))?;
            Tenant::new(snapshot, sim)
        };
        let tenants = snapshots.iter().map(tenant).collect::<Result<_, _>>()?;
        Ok(Self { tenants, options: Options::default(), observer: None })
    }

    fn of(tenant: Tenant) -> Self {
        Self { tenants: vec![tenant], options: Options::default(), observer: None }
    }

    /// Serves another tenant as well. Callers name the one they mean by its company id.
    ///
    /// # Errors
    /// When a value does not have the form that it should.
    pub fn add_tenant(mut self, snapshot: Value, sim: Value) -> Result<Self, Error> {
        self.tenants.extend(Self::from_values(snapshot, sim)?.tenants);
        Ok(self)
    }

    /// Listens on this port rather than on any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.options.port = port;
        self
    }

    /// Serves HTTPS, with a certificate for `127.0.0.1`, `localhost` and the PSA's own sites; see
    /// [`Running::ca_pem`].
    #[must_use]
    pub fn tls(self) -> Self {
        self.tls_for(tls::NAMES)
    }

    /// Serves HTTPS, with a certificate for these names and no other.
    #[must_use]
    pub fn tls_for(mut self, names: &'static [&'static str]) -> Self {
        self.options.tls = Some(names);
        self
    }

    /// Waits this long before each answer.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.options.latency = latency;
        self
    }

    /// Never sends more rows than this on one page, whatever was asked for.
    #[must_use]
    pub fn page_cap(mut self, rows: usize) -> Self {
        self.options.page_cap = Some(rows.max(1));
        self
    }

    /// Chooses what `/system/mySecurity/customizeItems/` lists.
    #[must_use]
    pub fn reading(mut self, reading: Reading) -> Self {
        self.options.reading = reading;
        self
    }

    /// Chooses whether fields without a value are sent.
    #[must_use]
    pub fn nulls(mut self, nulls: Nulls) -> Self {
        self.options.nulls = nulls;
        self
    }

    /// Sends `IsCloud` as a boolean rather than as text.
    #[must_use]
    pub fn boolean_cloud(mut self) -> Self {
        self.options.boolean_cloud = true;
        self
    }

    /// Names this host in `Link` headers rather than the one that was called: the site without
    /// `api-`.
    #[must_use]
    pub fn link_host(mut self, host: impl Into<String>) -> Self {
        self.options.link_host = Some(host.into());
        self
    }

    /// Answers 429 with `Retry-After` after so many calls of one company in any such window.
    /// `companyinfo` is not counted.
    #[must_use]
    pub fn rate_limit(mut self, requests: usize, window: Duration) -> Self {
        self.options.rate = Some((requests, window));
        self
    }

    /// Changes each answer of the API before it is sent, the refusals too.
    #[must_use]
    pub fn reshape(mut self, change: impl Fn(&mut Shape<'_>) + Send + Sync + 'static) -> Self {
        self.options.reshape = Some(Reshape(Arc::new(change)));
        self
    }

    /// Refuses every table to a role that has no customise list. **Not established:** what no list means;
    /// without this option, no restriction.
    #[must_use]
    pub fn no_list_no_table(mut self) -> Self {
        self.options.no_list_no_table = true;
        self
    }

    /// As [`Self::rate_limit`], of which other integrations take so many in each window.
    #[must_use]
    pub fn others(mut self, requests: usize) -> Self {
        self.options.others = requests;
        self
    }

    /// Chooses what a 429 says of how long to wait.
    #[must_use]
    pub fn retry_after(mut self, retry_after: RetryAfter) -> Self {
        self.options.retry_after = retry_after;
        self
    }

    /// Chooses how a bad key is turned away.
    #[must_use]
    pub fn bad_key(mut self, bad_key: BadKey) -> Self {
        self.options.bad_key = bad_key;
        self
    }

    /// Chooses how a bad `clientId` is turned away.
    #[must_use]
    pub fn bad_client_id(mut self, bad_client_id: BadClientId) -> Self {
        self.options.bad_client_id = bad_client_id;
        self
    }

    /// Minds capitals in the company id, as one vendor says that the PSA does.
    #[must_use]
    pub fn company_with_case(mut self) -> Self {
        self.options.minds_case = true;
        self
    }

    /// Answers with this status where `Accept` asks for a version above the tenant's release. **Not
    /// established:** what the PSA does then.
    #[must_use]
    pub fn unknown_version(mut self, status: u16) -> Self {
        self.options.unknown_version = Some(status);
        self
    }

    /// Calls this with each request as soon as its answer is decided, on the server's thread.
    #[must_use]
    pub fn on_request(mut self, observer: impl Fn(&Recorded) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts serving on a thread of its own, on 127.0.0.1. When this returns, the port is open.
    ///
    /// # Errors
    /// When the port is taken, or the certificates cannot be made.
    pub fn start(self) -> Result<Running, Error> {
        let company = self.tenants.first().map(|tenant| tenant.company().to_owned()).unwrap_or_default();
        let shared = Shared::new(self.options, self.observer, self.tenants);
        Running::start(shared, company)
    }
}

fn read_pair(path: &Path) -> Result<(Value, SimFile), Error> {
    Ok((read(path)?, read(&path.with_extension("sim.json"))?))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| Error::Parse { path: path.to_owned(), source })
}
