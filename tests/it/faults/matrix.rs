//! The matrix: every fault at every endpoint that an audit reads. What comes of each cell is held by the
//! laws of [`Healthy`], and is written down in docs/dev/faults.md.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use psa_sim::Fault;

use super::table::{Cell, page};
use super::{COMPANY_INFO, ENDPOINTS, Endpoint, Healthy, asking, slim};
use crate::psa::Audited;
use crate::support::blessed;

/// One way to fail.
pub(super) struct Failing {
    /// What the page calls it.
    pub(super) name: &'static str,
    /// What the simulator does.
    fault: Fault,
    /// Whether nothing but time ends it.
    waits: bool,
}

/// Tests that wait run side by side: most of their time is spent waiting.
const AT_ONCE: usize = 6;

/// Six tries, each given up soon. The simulator answers a try in a few milliseconds.
const HASTY: &str = "timeout_ms = 100\ntotal_ms = 3000\npause_ms = 1\n";

/// A try may take as long as all of them together: unpacking a flood takes a busy machine seconds.
const PATIENT: &str = "timeout_ms = 20000\ntotal_ms = 20000\npause_ms = 1\n";

/// No cell takes longer, stalled or not: far from the ten minutes that the simulator would stall for.
const BUDGET: Duration = Duration::from_mins(1);

fn plain(code: u16, body: &str) -> Fault {
    Fault::Status { code, body: body.to_owned(), content_type: "text/plain".to_owned(), headers: Vec::new() }
}

/// An error of the PSA's.
fn coded(code: u16, name: &str, message: &str) -> Fault {
    let body = format!(r#"{{"code":"{name}","message":"{message}","errors":null}}"#);
    Fault::Status { code, body, content_type: "application/json".to_owned(), headers: Vec::new() }
}

/// Those that wait come first, so that the others fill the time.
fn every_fault() -> Vec<Failing> {
    let waits = [
        ("no answer at all", Fault::Stall(Duration::from_mins(10))),
        ("a byte a minute", Fault::Drip { chunk: 1, every: Duration::from_mins(1) }),
    ];
    let others = [
        ("closed before the answer", Fault::Refuse),
        ("reset", Fault::Reset),
        ("cut off in the middle", Fault::CutOff),
        ("400, `Cannot route`", plain(400, "Cannot route. Codebase/company is invalid")),
        ("400, other text", plain(400, "The request could not be understood.")),
        ("401", Fault::status(401)),
        ("403", Fault::status(403)),
        ("404", Fault::status(404)),
        ("404, plain text", plain(404, "Cannot GET /v2025_8/apis/3.0/")),
        ("400, `clientId`", coded(400, "ConnectWiseApi", "The clientId header is not registered.")),
        ("400, `UserNotAuthenticated`", coded(400, "ConnectWiseApi", "UserNotAuthenticated")),
        ("500, `UserNotAuthenticated`", coded(500, "ConnectWiseApi", "UserNotAuthenticated")),
        ("406, the version", Fault::status(406)),
        ("408", Fault::status(408)),
        ("409", Fault::Conflict409),
        ("429", Fault::TooMany { retry_after: Some(1), times: usize::MAX }),
        ("429, to wait an hour", Fault::TooMany { retry_after: Some(3_600), times: usize::MAX }),
        ("500", Fault::status(500)),
        ("502 with a page", Fault::Html(502)),
        ("200 with a login page", Fault::Html(200)),
        ("a redirect", Fault::Redirect { location: "https://foreign.example/login".to_owned() }),
        ("half the JSON", Fault::Truncate),
        ("other types", Fault::WrongTypes),
        ("an object for a list", Fault::ObjectForList),
        ("`null`", Fault::Null),
        ("an empty list", Fault::EmptyList),
        ("the first page again and again", Fault::RepeatPage),
        ("a next page that is this page", Fault::LinkLoop),
        ("links to another host", Fault::LinkForeignHost),
        ("pages that shrink", Fault::ShrinkingPage),
        ("rows that come twice", Fault::DuplicateIds),
        ("ten times the rows", Fault::Oversize { times: 10 }),
        ("200 MiB, packed", Fault::GzipBomb { mebibytes: 200 }),
        ("a clock a day ahead", Fault::ClockSkew(86_400)),
    ];
    let of = |waits: bool| move |(name, fault)| Failing { name, fault, waits };
    waits.into_iter().map(of(true)).chain(others.into_iter().map(of(false))).collect()
}

/// Audits with one fault. No other dataset than the endpoint's may be missing, and time has an end.
fn run(healthy: &Healthy, failing: &Failing, endpoint: &Endpoint) -> Cell {
    healthy.psa.config(&asking(if failing.waits { HASTY } else { PATIENT }));
    let started = Instant::now();
    let audited = healthy.with(failing.name, endpoint, failing.fault.clone());
    let what = format!("{} at {}", failing.name, endpoint.fault_at);
    assert!(started.elapsed() < BUDGET, "{what}: {:?}", started.elapsed());
    if let Some(missing) = missing(&audited) {
        let is_first = matches!(endpoint.dataset, COMPANY_INFO | "roles");
        // A key that is refused later is refused everywhere: then the run stops, and nothing is known.
        let is_stopped = audited.ran.code == 3;
        let is_alone = missing == BTreeSet::from([endpoint.dataset.to_owned()]);
        // What is given up is given up for all of the PSA that is still unread.
        let is_given_up = failing.name.starts_with("429");
        assert!(is_first || is_stopped || is_given_up || is_alone, "{what}: {missing:?}");
    }
    Cell {
        exit: audited.ran.code,
        sentence: sentence(healthy, endpoint, &audited),
        again: asked_again(&audited, endpoint),
    }
}

/// The datasets that could not be read; none where all were.
fn missing(audited: &Audited) -> Option<BTreeSet<String>> {
    let coverage = audited.tenant()["coverage"].as_array().expect("coverage");
    let unread = coverage.iter().filter(|row| !row["reason"].is_null());
    let unread: BTreeSet<_> = unread.map(|row| row["dataset"].as_str().expect("a name").to_owned()).collect();
    (!unread.is_empty()).then_some(unread)
}

/// What stands before the cause in a sentence, and what after it.
const BEFORE: [&str; 4] = [
    "nothing was judged: ",
    "for the company \"nimbus\": ",
    "roles could not be read: ",
    "the settings of role 21: ",
];
const AFTER: [&str; 4] = [
    "; if it was refused: ",
    "; the role of leastwise's own key needs ",
    "; the settings of role 22: ",
    " (2 roles)",
];

/// Between these, no two systems, lists or hours say the same.
const VARYING: [(&str, &str); 5] = [
    ("cannot be reached: ", "; check"),
    ("broke off: ", "; try"),
    ("(id ", " came"),
    ("string \"", "\""),
    ("nothing else came for ", " s;"),
];

/// The cause that the user is told, as far as it is the same every time.
fn sentence(healthy: &Healthy, endpoint: &Endpoint, audited: &Audited) -> Option<String> {
    let said = match endpoint.dataset {
        dataset if matches!(dataset, COMPANY_INFO | "roles") || audited.ran.code == 3 => {
            audited.ran.stderr.lines().find_map(|line| line.strip_prefix("error: "))?.to_owned()
        }
        dataset => audited.gap(dataset)?.to_owned(),
    };
    let said = said.replace(healthy.psa.host(), "the site").replace("127.0.0.1", "the site");
    let cause = BEFORE.iter().fold(&*said, |said, own| said.split_once(own).map_or(said, |(_, rest)| rest));
    let cause = AFTER.iter().fold(cause, |said, own| said.split_once(own).map_or(said, |(rest, _)| rest));
    let mut cause = cause.to_owned();
    for (before, after) in VARYING {
        if let Some((head, rest)) = cause.split_once(before)
            && let Some((_, tail)) = rest.split_once(after)
        {
            cause = format!("{head}{before}…{after}{tail}");
        }
    }
    Some(cause)
}

/// Whether a request to the endpoint was sent more than once.
fn asked_again(audited: &Audited, endpoint: &Endpoint) -> bool {
    let path = endpoint.fault_at.split('?').next().unwrap_or_default().trim_start_matches('=');
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for request in audited.asked.iter().filter(|request| request.path.to_lowercase().contains(path)) {
        *counts.entry((&request.path, &request.query)).or_default() += 1;
    }
    counts.values().any(|times| *times > 1)
}

#[test]
fn every_fault_at_every_endpoint_is_told_as_docs_faults_says() {
    let faults = every_fault();
    let cells: Vec<_> =
        (0..faults.len()).flat_map(|row| (0..ENDPOINTS.len()).map(move |column| (row, column))).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                // Pages of two rows, so that nearly every list has several.
                let healthy = Healthy::of(slim().page_cap(2), 101);
                assert_eq!(healthy.audited.ran.code, 0, "{}", healthy.audited.ran.stdout);
                while let Some(&(row, column)) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let cell = run(&healthy, &faults[row], &ENDPOINTS[column]);
                    done.lock().expect("no cell panicked").insert((row, column), cell);
                }
            });
        }
    });
    let done = done.into_inner().expect("no cell panicked");
    assert_eq!(done.len(), cells.len(), "no cell is empty");
    blessed("docs/dev/faults.md", &page(&faults, &done));
}
