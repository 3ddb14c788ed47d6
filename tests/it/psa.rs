//! A live tenant for a test: the simulator with a fixture, the environment that reaches it, and a
//! guard that every live test passes through: leastwise sends GET to one host and nothing else, and
//! its report lists exactly what the simulator was asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use psa_sim::{Access, Recorded, Running, Sim};
use serde_json::Value;
use tempfile::TempDir;
use url::form_urlencoded;

use crate::support::{Leastwise, Ran, leastwise, project};

/// Tries that fail are repeated at once, and nothing waits long.
pub const QUICK: &str = "timeout_ms = 5000\ntotal_ms = 15000\npause_ms = 1\n";

/// When the fixtures were read; days since a member's last use count from here.
pub fn reading() -> Timestamp {
    "2026-11-21T02:00:11Z".parse().expect("a time")
}

/// The simulator's clock is the real one.
#[expect(clippy::disallowed_methods, reason = "the simulator answers with the real time")]
pub fn real() -> Timestamp {
    Timestamp::now()
}

/// A simulator that serves, and the folder that leastwise runs in.
pub struct Psa {
    pub sim: Running,
    pub folder: TempDir,
    access: Access,
}

/// A fixture that does not serve yet, for options.
pub fn fixture(name: &str) -> Sim {
    Sim::from_files(fixture_path(name)).expect("a fixture")
}

pub fn fixture_path(name: &str) -> PathBuf {
    project().join("fixtures").join(format!("{name}.json"))
}

impl Psa {
    /// acme-msp, read with the key of leastwise's own API member.
    pub fn acme() -> Self {
        Self::start(fixture("acme-msp"), 258)
    }

    /// parapluie, where nothing is found, read with the key of a person on Admin.
    pub fn parapluie() -> Self {
        Self::start(fixture("parapluie"), 101)
    }

    /// Serves, and reads with the key of this member.
    pub fn start(sim: Sim, member: i64) -> Self {
        let sim = sim.start().expect("a free port");
        let access = sim.access().into_iter().find(|access| access.member == member).expect("a key");
        let psa = Self { sim, folder: TempDir::new().expect("a folder"), access };
        psa.network(QUICK);
        psa
    }

    /// The key of one of the tenant's members.
    pub fn key_of(&self, member: i64) -> Access {
        self.sim.access().into_iter().find(|access| access.member == member).expect("a key")
    }

    /// Another `[tenant.sim.network]`.
    pub fn network(&self, lines: &str) {
        self.config(&format!("[tenant.sim.network]\n{lines}"));
    }

    /// Another leastwise.toml.
    pub fn config(&self, text: &str) {
        fs::write(self.path("leastwise.toml"), text).expect("a config");
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The environment that reaches the simulator.
    pub fn env(&self) -> BTreeMap<&'static str, String> {
        let access = &self.access;
        BTreeMap::from([
            ("LEASTWISE_SITE", self.sim.url().to_owned()),
            ("LEASTWISE_COMPANY", access.company.clone()),
            ("LEASTWISE_CLIENT_ID", access.client_id.clone()),
            ("LEASTWISE_PUBLIC_KEY", access.public.clone()),
            ("LEASTWISE_PRIVATE_KEY", access.private.clone()),
        ])
    }

    /// A command with that environment, in the folder, at the time of the fixtures.
    pub fn leastwise(&self, args: &[&str]) -> Leastwise {
        let command = leastwise(args.iter().copied()).folder(self.folder.path()).now(reading);
        self.env().iter().fold(command, |command, (name, value)| command.env(name, value))
    }

    /// Audits, and holds the report's requests against the simulator's record.
    pub fn audit(&self, args: &[&str]) -> Audited {
        self.audit_as(args, |command| command)
    }

    /// As [`Self::audit`], with changes to the command.
    pub fn audit_as(&self, args: &[&str], change: impl FnOnce(Leastwise) -> Leastwise) -> Audited {
        let kept = self.path("guard.json");
        let output = format!("json={}", kept.display());
        let before = self.sim.requests().len();
        let command = self.leastwise(&[&["audit", "--output", &output], args].concat());
        let ran = change(command).run();
        let asked = self.sim.requests().split_off(before);
        let report = fs::read(&kept).ok().map(|bytes| serde_json::from_slice(&bytes).expect("JSON"));
        match &report {
            Some(report) => check_ledger(report, &asked),
            None => assert!(asked.is_empty(), "without a report nothing is asked: {asked:?}"),
        }
        fs::remove_file(kept).ok();
        Audited { ran, report: report.unwrap_or_default(), asked }
    }

    /// Host and port of the simulator.
    pub fn host(&self) -> &str {
        self.sim.url().split_once("://").expect("a URL").1
    }
}

impl Drop for Psa {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for request in self.sim.requests() {
            assert_eq!((request.method.as_str(), request.host.as_str()), ("GET", self.host()), "{request:?}");
        }
    }
}

/// A simulator of many tenants that serves; what it was asked is held to GET and to itself when it ends.
pub struct Serving(Running);

impl Serving {
    pub fn of(sim: Sim) -> Self {
        Self(sim.start().expect("a free port"))
    }
}

impl std::ops::Deref for Serving {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.0
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let host = self.0.url().split_once("://").expect("a URL").1;
        for request in self.0.requests() {
            assert_eq!((request.method.as_str(), request.host.as_str()), ("GET", host), "{request:?}");
        }
    }
}

/// A host that is named to leastwise and must not be asked anything.
pub struct Elsewhere(Running);

impl Elsewhere {
    pub fn start() -> Self {
        Self(fixture("parapluie").start().expect("a free port"))
    }

    pub fn url(&self) -> &str {
        self.0.url()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.0.requests(), []);
        }
    }
}

/// A live audit: what it said, its report, and what it asked.
pub struct Audited {
    pub ran: Ran,
    pub report: Value,
    pub asked: Vec<Recorded>,
}

impl Audited {
    /// The only tenant's part of the report.
    pub fn tenant(&self) -> &Value {
        &self.report["tenants"][0]
    }

    pub fn results(&self) -> &[Value] {
        self.tenant()["results"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The results of one check.
    pub fn of_check(&self, check: &str) -> Vec<&Value> {
        self.results().iter().filter(|result| result["check"] == check).collect()
    }

    /// Why a dataset could not be read; none when it was.
    pub fn gap(&self, dataset: &str) -> Option<&str> {
        let coverage = self.tenant()["coverage"].as_array().map(Vec::as_slice).unwrap_or_default();
        coverage.iter().find(|row| row["dataset"] == dataset).and_then(|row| row["reason"].as_str())
    }
}

/// Requests by path and decoded query, each with the statuses of its answers.
type Asked = BTreeMap<(String, String), Vec<Option<u64>>>;

fn check_ledger(report: &Value, recorded: &[Recorded]) {
    let (said, mut heard) = (said(report), heard(recorded));
    for (request, statuses) in said {
        let mut open = heard.remove(&request).unwrap_or_default();
        let mut given_up = 0;
        for status in statuses {
            if status.is_none() {
                given_up += 1;
            } else {
                let place = open.iter().position(|other| *other == status);
                open.swap_remove(place.unwrap_or_else(|| panic!("never asked: {request:?} {status:?}")));
            }
        }
        // What was given up may have been answered too late, or not have arrived at all.
        assert!(open.len() <= given_up, "not in the report: {request:?} {open:?}");
    }
    assert!(heard.is_empty(), "not in the report: {heard:?}");
}

fn said(report: &Value) -> Asked {
    let mut asked = Asked::new();
    for request in report["tenants"][0]["requests"].as_array().expect("requests") {
        assert_eq!(request["method"], "GET");
        let text = |key: &str| request[key].as_str().expect("text").to_owned();
        let count = request["count"].as_u64().expect("a number");
        let statuses = asked.entry((text("path"), text("query"))).or_default();
        statuses.extend((0..count).map(|_| request["status"].as_u64()));
    }
    asked
}

fn heard(recorded: &[Recorded]) -> Asked {
    let mut asked = Asked::new();
    for request in recorded {
        let key = (request.path.clone(), decoded(&request.query));
        asked.entry(key).or_default().push(request.status.map(u64::from));
    }
    asked
}

/// A query as leastwise lists it.
pub fn decoded(query: &str) -> String {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Results without what names the site.
pub fn without_fingerprints(results: &[Value]) -> Vec<Value> {
    let mut results = results.to_vec();
    for result in &mut results {
        result.as_object_mut().expect("a result").remove("fingerprint").expect("a fingerprint");
    }
    results
}

/// A result on one line, for a test that fails.
pub fn line(result: &Value) -> String {
    let keys = ["status", "severity", "integration", "role", "member", "function", "verb", "message", "fix"];
    let said =
        keys.iter().filter(|key| !result[**key].is_null()).map(|key| format!("{key} {}", result[*key]));
    format!("{}: {}", result["check"], said.collect::<Vec<_>>().join(", "))
}

/// Asserts that two lists of results are the same, entry for entry, and shows no more than what differs.
#[track_caller]
pub fn assert_same(one: &[Value], other: &[Value], of_what: &str) {
    let only = |these: &[Value], those: &[Value]| -> Vec<String> {
        these.iter().filter(|result| !those.contains(result)).map(line).collect()
    };
    let (left, right) = (only(one, other), only(other, one));
    assert!(left.is_empty() && right.is_empty(), "{of_what}:\n{left:#?}\nagainst\n{right:#?}");
    assert!(one == other, "{of_what}: the same results in another order");
}
