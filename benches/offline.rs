//! What leastwise does without a network, part by part, on a made-up tenant of a thousand roles. How to run
//! it and what came of it: `README.md` beside this file.

#![expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]

mod big;

use std::process::Command;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use jiff::civil::{Date, date};
use leastwise::audit::{Audit, Judgement, Request};
use leastwise::diff::Changes;
use leastwise::model::Tenant;
use leastwise::model::{Source, SourceKind};
use leastwise::policy::Policy;
use leastwise::render::{self, Format, Report, TenantReport};
use leastwise::rules::Library;
use leastwise::source::snapshot;
use leastwise::term::Style;

const DAY: Date = date(2026, 11, 22);

/// Of a thousand roles, those that an API member holds: the usual, and as many as there can be.
const HELD: [usize; 2] = [12, 1_000];

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::load(None, DAY).expect("sound rule files"));

fn main() {
    divan::main();
}

fn text(held: usize) -> Vec<u8> {
    let mut text = Vec::new();
    big::write(big::Big { roles: 1_000, held }, &mut text).expect("a snapshot");
    text
}

fn tenant(held: usize) -> Tenant {
    snapshot::parse(&text(held)).expect("a snapshot")
}

fn judged(tenant: &Tenant, request: &Request) -> Judgement {
    Audit { library: &LIBRARY, policy: &Policy::default(), request, as_of: DAY }.judge(tenant)
}

#[divan::bench(args = HELD)]
fn snapshot_read_whole(bencher: Bencher<'_, '_>, held: usize) {
    let text = text(held);
    bencher.bench_local(|| snapshot::parse(black_box(&text)).expect("a snapshot"));
}

#[divan::bench(args = HELD)]
fn snapshot_read_role_by_role(bencher: Bencher<'_, '_>, held: usize) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("a.json");
    std::fs::write(&path, text(held)).expect("a file");
    bencher.bench_local(|| {
        let (lists, stream) = snapshot::Stream::open(&path).expect("a snapshot");
        let roles = stream.read(|_| false, |role, _, all: &mut Vec<_>| all.push(role)).expect("a snapshot");
        (lists, roles)
    });
}

#[divan::bench(args = HELD)]
fn judge(bencher: Bencher<'_, '_>, held: usize) {
    let tenant = tenant(held);
    bencher.bench_local(|| judged(black_box(&tenant), &Request::default()));
}

#[divan::bench]
fn snapshot_write(bencher: Bencher<'_, '_>) {
    let tenant = tenant(12);
    bencher.bench_local(|| {
        let mut out = Vec::new();
        snapshot::write(black_box(&tenant), "leastwise", &mut out).expect("text");
        out
    });
}

#[divan::bench]
fn diff(bencher: Bencher<'_, '_>) {
    let (old, new) = (tenant(12), tenant(13));
    bencher.bench_local(|| Changes::between(black_box(&old), black_box(&new)));
}

/// Every writer with the findings of a hundred roles.
#[divan::bench(args = [
    Format::Table, Format::Json, Format::Sarif, Format::SarifFull, Format::Html, Format::Markdown,
    Format::Csv, Format::Junit, Format::Github,
])]
fn write(bencher: Bencher<'_, '_>, format: Format) {
    let report = report(100);
    bencher.bench_local(|| {
        let mut out = Vec::new();
        render::write(black_box(&report), format, Style::PLAIN, &mut out).expect("text");
        out
    });
}

fn report(held: usize) -> Report {
    let tenant = tenant(held);
    let judgement = judged(&tenant, &Request { matrices: true, ..Request::default() });
    let tenant = TenantReport {
        waited: std::time::Duration::ZERO,
        name: "big".to_owned(),
        id: tenant.id.clone(),
        source: Source {
            kind: SourceKind::Snapshot,
            path: Some("big.json".to_owned()),
            taken_at: Some(tenant.taken_at),
        },
        failure: None,
        is_outdated: false,
        nothing_matched: false,
        coverage: Vec::new(),
        requests: Vec::new(),
        rules: Vec::new(),
        roles: judgement.roles,
        matrices: judgement.matrices,
        others: judgement.others,
        baseline: None,
        asked: None,
        keys: judgement.keys,
        plan: judgement.plan,
        results: judgement.results,
    };
    Report::new(DAY, None, None, vec![tenant.into()])
}

/// A process of its own: what every run of the program costs before it does anything, and what it costs to
/// read the rule files.
#[divan::bench(args = ["--version", "rules"])]
fn start_up(bencher: Bencher<'_, '_>, what: &str) {
    let args: &[&str] = if what == "rules" { &["rules", "list"] } else { &["--version"] };
    bencher
        .bench_local(|| Command::new(env!("CARGO_BIN_EXE_leastwise")).args(args).output().expect("it runs"));
}
