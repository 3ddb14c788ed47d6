//! Reading live tenants, against the simulator: how near one tenant comes to what latency and rate limit
//! allow, and what many tenants cost in time and memory.
//!
//! `cargo bench --bench live -- pull`, `-- fleet` and `-- busy`.

#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark that cannot go on stops here")]
#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use leastwise::model::{DatasetName, RoleId};
use leastwise::source::connectwise::{Access, Client, Connection, PER_MINUTE, Retries};
use psa_sim::{Running, Sim};
use serde_json::{Value, json};

/// Settings of each role, as many as the PSA shows.
const FUNCTIONS: i64 = 112;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|word| word == name);
    if is_asked("pull") {
        pull();
    }
    if is_asked("fleet") {
        fleet();
    }
    if is_asked("busy") {
        busy();
    }
}

/// What a busy PSA gives in a minute to all who use it.
const ALLOWED: usize = 250;

/// A snapshot of 400 roles behind a PSA that answers 429 after 250 requests in a minute, and the same with
/// half a minute in the middle in which it answers nothing else.
fn busy() {
    println!("outage  requests  429s    took  allowed  ratio");
    let whole = snapshot_of_400_roles(None);
    let allowed = Duration::from_secs(60).mul_f64(count(whole.served) / count(ALLOWED));
    whole.print("none", allowed);
    assert!(whole.took <= allowed.mul_f64(1.15), "{:?} of {allowed:?}", whole.took);
    let outage = snapshot_of_400_roles(Some(Duration::from_secs(30)));
    outage.print("30 s", allowed);
    assert!(outage.took <= whole.took + Duration::from_secs(40), "{:?}", outage.took);
}

/// What a snapshot took.
struct Taken {
    served: usize,
    refused: usize,
    took: Duration,
}

impl Taken {
    fn print(&self, outage: &str, allowed: Duration) {
        let (took, floor) = (self.took.as_secs_f64(), allowed.as_secs_f64());
        println!(
            "{outage:>6}  {:>8}  {:>4}  {took:>4.1} s  {floor:>5.1} s  {:>5.2}",
            self.served,
            self.refused,
            took / floor
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
fn count(number: usize) -> f64 {
    number as f64
}

fn snapshot_of_400_roles(outage: Option<Duration>) -> Taken {
    let (snapshot, sim) = tenant("bench", 400);
    let sim = Sim::from_values(snapshot, sim).expect("a tenant").latency(Duration::from_millis(20));
    let running = sim.rate_limit(ALLOWED, Duration::from_secs(60)).start().expect("a free port");
    let folder = tempfile::tempdir().expect("a folder");
    let access = running.access().pop().expect("a key");
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(["snapshot", "-o", "bench.json"])
        .current_dir(folder.path())
        .env("LEASTWISE_SITE", running.url())
        .env("LEASTWISE_COMPANY", access.company)
        .env("LEASTWISE_CLIENT_ID", access.client_id)
        .env("LEASTWISE_PUBLIC_KEY", access.public)
        .env("LEASTWISE_PRIVATE_KEY", access.private)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program");
    if let Some(outage) = outage {
        // In the middle of what it takes anyway, when requests go out again.
        std::thread::sleep(Duration::from_secs(62));
        let fault = psa_sim::Fault::TooMany { retry_after: Some(30), times: usize::MAX };
        running.set_fault("", psa_sim::When::Always, fault);
        std::thread::sleep(outage);
        running.clear_faults();
    }
    let status = child.wait().expect("the program ends");
    let took = started.elapsed();
    assert!(status.success(), "everything was read: {status}");
    let refused = running.requests().iter().filter(|one| one.status == Some(429)).count();
    Taken { served: running.requests().len() - refused, refused, took }
}

/// A tenant of so many roles, whose only API member may read everything.
fn tenant(company: &str, roles: i64) -> (Value, Value) {
    let settings = |role: i64| -> Vec<Value> {
        let row = |n: i64| {
            json!({"id": role * 1_000 + n, "module": "Service Desk", "function": format!("Function {n}"),
                   "add": "None", "edit": "None", "delete": "None", "inquire": "My"})
        };
        (0..FUNCTIONS).map(row).collect()
    };
    let role = |id: i64| {
        json!({"id": id, "name": format!("Role {id}"), "type": null, "admin": id == 1, "active": true,
               "settings": settings(id)})
    };
    // Each role serves an API member, so that an audit reads all of them.
    let member = |role: i64| json!({"id": 10_000 + role, "identifier": format!("m{role}"), "name": "M", "active": true, "role": role});
    let licensed = |role: i64| json!({"id": 10_000 + role, "licence": "A", "active": true, "role": role});
    let snapshot = json!({
        "format": "leastwise-snapshot/1",
        "header": {"taken_at": "2026-11-21T02:00:04Z", "own_member": 10_001},
        "tenant": {"site": "na.myconnectwise.net", "company": company},
        "coverage": [],
        "members": (1..=roles).map(licensed).collect::<Vec<_>>(),
        "api_members": (1..=roles).map(member).collect::<Vec<_>>(),
        "member_use": [],
        "logins": [],
        "roles": (1..=roles).map(role).collect::<Vec<_>>(),
    });
    let sim = json!({
        "keys": [{"member": 10_001, "public": "public", "private": "private"}],
        "client_ids": ["00000000-0000-4000-8000-000000000000"],
    });
    (snapshot, sim)
}

/// One tenant, by latency, roles and requests at once.
fn pull() {
    println!("latency  roles  at once  requests   floor     took  ratio  connections");
    for latency in [20, 100] {
        let latency = Duration::from_millis(latency);
        for roles in [10, 100, 400, 1_000] {
            for at_once in [1, 4, 16] {
                let (snapshot, sim) = tenant("bench", roles);
                let running = Sim::from_values(snapshot, sim).expect("a tenant").latency(latency);
                let running = running.start().expect("a free port");
                let took = read(&running, at_once);
                let requests = running.requests().len();
                let floor = floor(latency, requests, at_once);
                println!(
                    "{:>4} ms  {roles:>5}  {at_once:>7}  {requests:>8}  {:>6.2} s  {:>5.2} s  {:>5.2}  {:>11}",
                    latency.as_millis(),
                    floor.as_secs_f64(),
                    took.as_secs_f64(),
                    took.as_secs_f64() / floor.as_secs_f64(),
                    running.connections().0,
                );
            }
        }
    }
}

/// Reads everything as an audit does.
fn read(running: &Running, at_once: usize) -> Duration {
    let access = running.access().pop().expect("a key");
    let connection = Connection {
        site: running.url().parse().expect("a site"),
        ca_file: None,
        proxy: None,
        retries: Retries::default(),
        max_wait: Duration::from_secs(300),
        per_minute: PER_MINUTE,
        at_once,
    };
    let access = Access {
        company: access.company,
        client_id: access.client_id.into(),
        public_key: access.public.into(),
        private_key: access.private.into(),
    };
    let client = Client::new(connection, access).expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let wanted: BTreeSet<_> = DatasetName::ALL.into_iter().collect();
    let started = Instant::now();
    let tenant = runtime.block_on(async {
        let lists = Box::pin(client.lists(&wanted, None, Timestamp::UNIX_EPOCH));
        let mut tenant = lists.await.expect("lists");
        let roles: Vec<RoleId> = tenant.roles.rows().expect("roles").iter().map(|role| role.id).collect();
        client.add_settings(&mut tenant, &roles, &|_, _| {}).await.expect("a key");
        tenant
    });
    let took = started.elapsed();
    assert!(tenant.settings.values().all(|own| own.rows().is_ok()), "everything was read");
    took
}

/// What neither latency nor the limit on requests lets anybody undercut.
fn floor(latency: Duration, requests: usize, at_once: usize) -> Duration {
    let few = |number: usize| u32::try_from(number).expect("few");
    let by_latency = latency * few(requests) / few(at_once);
    // A burst of 450 is free; what is more is spread over the minutes that it needs.
    let by_limit = if requests <= 450 { 0.0 } else { count(requests) / count(PER_MINUTE) };
    by_latency.max(Duration::from_secs(60).mul_f64(by_limit))
}

/// Many tenants like the invented one of the fixtures, read in a process of its own.
fn fleet() {
    println!("tenants  requests     took       CPU  peak memory   report");
    for tenants in [1, 10, 100, 400, 1_000] {
        let all = (1..tenants).map(acme);
        let (snapshot, own) = acme(0);
        let first = Sim::from_values(snapshot, own).expect("a tenant").latency(Duration::from_millis(20));
        let sim = all.fold(first, |sim, (snapshot, own)| sim.add_tenant(snapshot, own).expect("a tenant"));
        let running = sim.start().expect("a free port");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("leastwise.toml"), config(tenants, running.url()))
            .expect("a config");
        let (took, usage) = run(folder.path());
        let report = std::fs::metadata(folder.path().join("report.json")).expect("a report").len();
        println!(
            "{tenants:>7}  {:>8}  {:>5.2} s  {usage}  {:>6} KiB",
            running.requests().len(),
            took.as_secs_f64(),
            report >> 10,
        );
    }
}

/// The fixture as another company.
fn acme(number: usize) -> (Value, Value) {
    let read = |name: &str| -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
        serde_json::from_slice(&std::fs::read(path).expect("a fixture")).expect("JSON")
    };
    let mut snapshot = read("acme-msp.json");
    snapshot["tenant"]["company"] = json!(format!("company{number}"));
    (snapshot, read("acme-msp.sim.json"))
}

fn config(tenants: usize, site: &str) -> String {
    let mut text = String::new();
    for number in 0..tenants {
        write!(
            text,
            "[tenant.t{number}]\nsite = \"{site}\"\ncompany = \"company{number}\"\nclient_id_env = \"CLIENT_ID\"\n\
             public_key_env = \"PUBLIC_KEY\"\nprivate_key_env = \"PRIVATE_KEY\"\n"
        )
        .expect("text");
    }
    text
}

/// Runs an audit of all tenants; how long it took, its processor time and its peak memory.
fn run(folder: &Path) -> (Duration, String) {
    let started = Instant::now();
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%U+%S s  %M KiB", env!("CARGO_BIN_EXE_leastwise")])
        .args(["audit", "--tenant", "all", "--quiet", "--output", "json=report.json"])
        .current_dir(folder)
        .env("CLIENT_ID", "00000000-0000-4000-8000-000000000000")
        .env("PUBLIC_KEY", "simpub-leastwise")
        .env("PRIVATE_KEY", "simpriv-leastwise")
        .stdout(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("/usr/bin/time: {error}"));
    let said = String::from_utf8(output.stderr).expect("text");
    (started.elapsed(), said.lines().last().unwrap_or_default().to_owned())
}
