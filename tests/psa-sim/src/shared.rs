//! What the server thread and the handle share: tenants, faults and the record of requests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::answer;
use crate::auth::{self, Credentials};
use crate::deliver::Hangup;
use crate::fault::{Fault, Faults};
use crate::options::Options;
use crate::rate::Meter;
use crate::record::Recorded;
use crate::reply::Reply;
use crate::request::Request;
use crate::sim_file::Access;
use crate::spoil;
use crate::tenant::Tenant;

/// Called with each request once its answer is decided.
pub(crate) type Observer = Box<dyn Fn(&Recorded) + Send + Sync>;

/// Shared by every connection.
pub(crate) struct Shared {
    pub(crate) options: Options,
    observer: Option<Observer>,
    state: Mutex<State>,
}

/// What changes while the simulator runs.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// By company, in lower case. **Not established:** whether the PSA minds the case; see
    /// [`Sim::company_with_case`](crate::Sim::company_with_case).
    tenants: BTreeMap<String, Tenant>,
    meters: BTreeMap<String, Meter>,
    pub(crate) faults: Faults,
    pub(crate) records: Vec<Recorded>,
    pub(crate) connections: Count,
    pub(crate) requests: Count,
}

/// Connections or requests: how many there were, and the most at once.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    now: usize,
    pub(crate) all: usize,
    pub(crate) most: usize,
}

/// Something that counts for as long as this is kept.
pub(crate) struct Counted<'s> {
    shared: &'s Shared,
    count: fn(&mut State) -> &mut Count,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        (self.count)(&mut self.shared.state()).now -= 1;
    }
}

impl Shared {
    pub(crate) fn new(options: Options, observer: Option<Observer>, tenants: Vec<Tenant>) -> Self {
        let by_company = tenants.into_iter().map(|tenant| (tenant.company().to_ascii_lowercase(), tenant));
        let state = State { tenants: by_company.collect(), ..State::default() };
        Self { options, observer, state: Mutex::new(state) }
    }

    /// The state, even after a test panicked while it held it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection.
    pub(crate) fn connection(&self) -> Counted<'_> {
        self.counted(|state| &mut state.connections)
    }

    /// Counts a request that is under way.
    pub(crate) fn request(&self) -> Counted<'_> {
        self.counted(|state| &mut state.requests)
    }

    fn counted(&self, count: fn(&mut State) -> &mut Count) -> Counted<'_> {
        let mut state = self.state();
        let own = count(&mut state);
        own.now += 1;
        own.all += 1;
        own.most = own.most.max(own.now);
        Counted { shared: self, count }
    }

    /// Decides what becomes of a request, and records it. The fault is for the wire to do.
    pub(crate) fn decide(&self, request: &Request) -> (Result<Reply, Hangup>, Option<Fault>) {
        let (outcome, fault, recorded) = {
            let mut state = self.state();
            let fault = state.faults.next(&request.path, &request.parameters());
            let outcome = match fault.as_ref().and_then(Hangup::of) {
                Some(hangup) => Err(hangup),
                None => Ok(state.reply(request, &self.options, fault.as_ref())),
            };
            let recorded = Recorded::new(request, outcome.as_ref().ok().map(|reply| reply.status));
            state.records.push(recorded.clone());
            (outcome, fault, recorded)
        };
        if let Some(observer) = &self.observer {
            observer(&recorded);
        }
        (outcome, fault)
    }
}

impl State {
    fn tenant(&self, company: &str) -> Option<&Tenant> {
        self.tenants.get(&company.to_ascii_lowercase())
    }

    /// The keys of all tenants.
    pub(crate) fn access(&self) -> Vec<Access> {
        self.tenants.values().flat_map(Tenant::access).collect()
    }

    pub(crate) fn tenant_mut(&mut self, company: &str) -> Option<&mut Tenant> {
        self.tenants.get_mut(&company.to_ascii_lowercase())
    }

    fn reply(&mut self, request: &Request, options: &Options, fault: Option<&Fault>) -> Reply {
        if let Some(reply) = fault.and_then(spoil::instead) {
            return reply.with_header("api-current-version", self.version(None));
        }
        let credentials = Credentials::of(request);
        let company = credentials.as_ref().map(|credentials| credentials.company.as_str());
        let reply = self.honest(request, credentials.as_ref(), options, fault).unwrap_or_else(|error| error);
        let reply = match &options.reshape {
            Some(reshape) => reshape.apply(request, reply),
            None => reply,
        };
        let reply = reply.with_header("api-current-version", self.version(company));
        match fault {
            Some(fault) => spoil::spoil(reply, fault),
            None => reply,
        }
    }

    /// The answer before any fault spoils it. Both arms of the result are answers.
    fn honest(
        &mut self,
        request: &Request,
        credentials: Option<&Credentials>,
        options: &Options,
        fault: Option<&Fault>,
    ) -> Result<Reply, Reply> {
        if request.method != "GET" {
            return Err(Reply::error(405, "MethodNotAllowed", "psa-sim answers GET only.")
                .with_header("allow", "GET"));
        }
        if let Some(company) = request.company_asked() {
            return Ok(answer::company_info(self.called(company, options), options));
        }
        let credentials = credentials.ok_or_else(|| auth::refusal(options.bad_key, request))?;
        if let Some((limit, window)) = options.rate {
            let meter = self.meters.entry(credentials.company.to_ascii_lowercase()).or_default();
            let admitted = meter.admit(Instant::now(), limit, window, options.others);
            admitted.map_err(|wait| Reply::no_room(wait, options.retry_after))?;
        }
        answer::api(self.called(&credentials.company, options), credentials, request, options, fault)
    }

    /// The tenant that a caller means.
    fn called(&self, company: &str, options: &Options) -> Option<&Tenant> {
        self.tenant(company).filter(|tenant| !options.minds_case || tenant.company() == company)
    }

    /// The release of the tenant that was called, else of the first one.
    fn version(&self, company: Option<&str>) -> String {
        let tenant =
            company.and_then(|company| self.tenant(company)).or_else(|| self.tenants.values().next());
        tenant.map(|tenant| tenant.sim.version.trim_start_matches('v').to_owned()).unwrap_or_default()
    }
}
