//! Where a command's tenant comes from: a snapshot, or the live PSA.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::{Common, links};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::io::{Io, MOST_BYTES, read_file, read_stream};
use crate::model::{GapCause, RequestCount, Role, Source, SourceKind, Tenant, TenantId, selects};
use crate::rules::did_you_mean;
use crate::source::connectwise::Client;
use crate::source::snapshot;
use crate::term::text::{count, join_few};

/// A tenant, where it came from, and what could not be read of it at all.
pub(super) struct Input {
    pub(super) tenant: Tenant,
    pub(super) source: Source,
    pub(super) requests: Vec<RequestCount>,
    pub(super) failure: Option<String>,
    /// How long reading it waited for 429.
    pub(super) waited: Duration,
}

impl Input {
    /// A tenant that was read.
    pub(super) const fn of(tenant: Tenant, source: Source) -> Self {
        Self { tenant, source, requests: Vec::new(), failure: None, waited: Duration::ZERO }
    }

    /// A live tenant of which nothing could be read.
    pub(super) fn unread(id: TenantId, now: Timestamp, why: String, cause: &GapCause) -> Self {
        let source = Source { kind: SourceKind::Live, path: None, taken_at: None };
        Self { failure: Some(why), ..Self::of(Tenant::unreadable(id, now, cause), source) }
    }
}

/// Reads a snapshot; `-` is standard input.
pub(super) fn snapshot(path: &Path, io: &mut Io<'_>) -> Result<Input, Error> {
    snapshot_with_bytes(path, io).map(|(input, _)| input)
}

/// As above, with the file as it is, for what says which file it was.
pub(super) fn snapshot_with_bytes(path: &Path, io: &mut Io<'_>) -> Result<(Input, Vec<u8>), Error> {
    links::check("the snapshot", path, io)?;
    let shown = path.display().to_string();
    let bytes = bytes(path, io).map_err(|source| Error::Unreadable { path: shown.clone(), source })?;
    let tenant = snapshot::parse(&bytes).map_err(|source| Error::Snapshot { path: shown.clone(), source })?;
    check_clock(&shown, tenant.taken_at, (io.now)())?;
    warn_of_lost_rows(&shown, &tenant, io);
    let source = Source { kind: SourceKind::Snapshot, path: Some(shown), taken_at: Some(tenant.taken_at) };
    Ok((Input::of(tenant, source), bytes))
}

/// A file whose lists are shorter than it says was edited, or merged by a program that knows lines and not lists.
pub(super) fn warn_of_lost_rows(shown: &str, tenant: &Tenant, io: &mut Io<'_>) {
    if !tenant.lost.is_empty() {
        let lost = join_few(&tenant.lost, 3);
        io.warn(format_args!(
            "rows are missing from {shown}: by its own count, {lost}; take the snapshot again"
        ));
    }
}

/// A clock may be a little off; a snapshot of another day is none, or was taken by a machine that is wrong.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_hours(24);

/// Refuses a snapshot that this machine's clock says is not taken yet: its age would mean nothing.
pub(super) fn check_clock(shown: &str, taken_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    if taken_at.duration_since(now) <= CLOCKS_DIFFER {
        return Ok(());
    }
    let shown_time = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M UTC").to_string();
    Err(Error::Usage(format!(
        "the snapshot {shown} is of {}, and this machine's clock says {}: set the clock, or take the snapshot again",
        shown_time(taken_at),
        shown_time(now)
    )))
}

/// Reads evidence files.
pub(super) fn evidence(paths: &[PathBuf], io: &Io<'_>) -> Result<Vec<Evidence>, Error> {
    let read = |path: &PathBuf| {
        let shown = path.display().to_string();
        links::check("the evidence", path, io)?;
        let bytes = read_file(&io.path(path), MOST_BYTES)
            .map_err(|source| Error::Unreadable { path: shown.clone(), source })?;
        Evidence::parse(&bytes)
            .map_err(|why| Error::Usage(format!("the evidence {shown} cannot be used: {why}")))
    };
    let all: Vec<_> = paths.iter().map(read).collect::<Result<_, _>>()?;
    match Evidence::contradiction(&all) {
        Some(said) => Err(Error::Usage(format!("the pieces of evidence contradict each other: {said}"))),
        None => Ok(all),
    }
}

/// Evidence of another tenant is a slip of the pen, and would silently say nothing.
pub(super) fn check_evidence(evidence: &[Evidence], tenant: &TenantId) -> Result<(), Error> {
    match evidence.iter().find(|evidence| !evidence.tenant.is_same(tenant)) {
        None => Ok(()),
        Some(other) => Err(Error::Usage(format!("the evidence is of {}, not of {tenant}", other.tenant))),
    }
}

/// Whether what the user named is standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a file that the user named; `-` is standard input.
pub(super) fn bytes(path: &Path, io: &mut Io<'_>) -> std::io::Result<Vec<u8>> {
    if is_stdin(path) {
        return read_stream(io.stdin, MOST_BYTES);
    }
    read_file(&io.path(path), MOST_BYTES)
}

/// Says what answers said that nobody knows, without keys: for `-vv`, and to a person at a terminal alone.
pub(super) fn say_overheard(client: &Client, common: &Common, io: &mut Io<'_>) {
    if common.verbose > 1 && io.stderr_terminal.is_some() {
        for line in client.overheard() {
            io.say(&line);
        }
    }
}

/// Says every request, for `--verbose`.
pub(super) fn say_requests(requests: &[RequestCount], io: &mut Io<'_>) {
    for request in requests {
        io.say(&line(request));
    }
}

/// "GET /login/companyinfo/acme: 200".
fn line(request: &RequestCount) -> String {
    let mark = if request.query.is_empty() { "" } else { "?" };
    let status = request.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let times = if request.count > 1 { format!(" ({} times)", request.count) } else { String::new() };
    format!("{} {}{mark}{}: {status}{times}", request.method, request.path, request.query)
}

/// "fixtures/acme-msp.json, read 2026-11-21 02:00 UTC (1 day ago)".
pub(super) fn describe(source: &Source, now: Timestamp) -> String {
    let Some(taken_at) = source.taken_at else {
        return "live".to_owned();
    };
    let hours = (now.as_second() - taken_at.as_second()) / 3600;
    let age = match hours {
        ..0 => "in the future: check the clock".to_owned(),
        0 => "less than an hour ago".to_owned(),
        1..=47 => format!("{} ago", count(usize::try_from(hours).unwrap_or_default(), "hour")),
        _ => format!("{} ago", count(usize::try_from(hours / 24).unwrap_or_default(), "day")),
    };
    match &source.path {
        Some(path) => format!("from {path}, read {} ({age})", taken_at.strftime("%Y-%m-%d %H:%M UTC")),
        None => "live, read just now".to_owned(),
    }
}

/// Says what was read.
pub(super) fn say_read(input: &Input, io: &mut Io<'_>) {
    if input.source.kind == SourceKind::Snapshot {
        let now = (io.now)();
        io.note(&format!("reading {} {}", input.tenant.id, describe(&input.source, now)));
    }
}

/// The role that a person means, by name or id.
///
/// # Errors
/// A name that no role has, with the nearest, or that several have.
pub(super) fn role<'t>(tenant: &'t Tenant, name: &str) -> Result<&'t Role, Error> {
    let roles = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default();
    let found: Vec<_> = roles.iter().filter(|role| selects(name, role.id.0, [&*role.name])).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let near = did_you_mean(name, roles.iter().map(|role| &*role.name));
            let hint = near.map(|near| format!(": did you mean \"{near}\"?")).unwrap_or_default();
            Err(Error::Usage(format!("{} has no role \"{name}\"{hint}", tenant.id)))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|role| format!("{} ({})", role.id, role.name)).collect();
            Err(Error::Usage(format!(
                "several roles go by \"{name}\": name one by its id: {}",
                ids.join(", ")
            )))
        }
    }
}
