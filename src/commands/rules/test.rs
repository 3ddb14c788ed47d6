//! `leastwise rules test`: the fixtures beside rule files, each a snapshot and the results expected.
//!
//! Beside `ID.toml` lies the folder `ID.test` with pairs `NAME.json` and `NAME.expected.toml`.

mod expected;
mod fixture;
mod make;

use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::audit::{Audit, Request};
use crate::checks::{Finding, Status};
use crate::commands::output;
use crate::config::Common;
use crate::config::today;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::Tenant;
use crate::policy::{DeclaredBinding, Policy};
use crate::rules::{Library, Problem, Problems};
use crate::source::snapshot;
use crate::term::text::{count, printable};
use expected::Expected;
use fixture::Fixture;

/// Arguments of `leastwise rules test`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Beside ID.toml, the folder ID.test holds pairs: NAME.json, a snapshot, and NAME.expected.toml, the
results that an audit of ID must give on it.
Exit: 0 all as expected, 1 something else was found, 2 a file is wrong.

Example: leastwise rules test rules/integrations")]
pub(super) struct Args {
    /// Folder of rule files; without it, the built-in ones and --rules-dir
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// First write two fixtures for this integration: exact, and one permission short
    #[arg(long, value_name = "ID", requires = "folder")]
    make: Option<String>,
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let today = today(io);
    let folder = args.folder.as_ref().or(common.rules_dir.as_ref()).map(|folder| io.path(folder));
    let library = Library::load(folder.as_deref(), today)?;
    if let (Some(id), Some(folder)) = (&args.make, &folder) {
        make::run(id, folder, &library, io)?;
    }
    let mut fixtures = if args.folder.is_none() { Fixture::built_in() } else { Vec::new() };
    if let Some(folder) = &folder {
        fixtures.extend(Fixture::of_folder(folder)?);
    }
    if fixtures.is_empty() {
        return Err(Error::Usage(
            "there are no fixtures, nothing was tested: put NAME.json and NAME.expected.toml in a folder ID.test beside ID.toml, or let --make ID write two".to_owned(),
        ));
    }
    let verdicts = judge_all(&fixtures, &library)?;
    let failed = verdicts.iter().filter(|(_, verdict)| !verdict.is_empty()).count();
    let text: String = verdicts.iter().map(|(name, verdict)| lines(name, verdict)).collect();
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    io.note(&format!("{}, {failed} not as expected", count(fixtures.len(), "fixture")));
    Ok(if failed == 0 { Exit::Clean } else { Exit::Findings })
}

/// What each fixture gave that was not expected, or the other way round; nothing is judged where a
/// file is wrong.
fn judge_all(fixtures: &[Fixture], library: &Library) -> Result<Vec<(String, Vec<String>)>, Error> {
    let (mut verdicts, mut problems) = (Vec::new(), Vec::new());
    for fixture in fixtures {
        match judge(fixture, library) {
            Ok(verdict) => verdicts.push((fixture.name(), verdict)),
            Err(Problems(more)) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(verdicts) } else { Err(Problems(problems).into()) }
}

fn judge(fixture: &Fixture, library: &Library) -> Result<Vec<String>, Problems> {
    let mut problems = Vec::new();
    if library.get(&fixture.id).is_none() {
        let help = library.suggest(&fixture.id).map(|near| format!("did you mean {near}.test?"));
        problems.push(Problem {
            file: fixture.snapshot_file.clone(),
            line: 1,
            column: 1,
            message: format!("there is no rule file for \"{}\"", fixture.id),
            help,
        });
    }
    let tenant = snapshot::parse(&fixture.snapshot).map_err(|error| Problem {
        file: fixture.snapshot_file.clone(),
        line: 1,
        column: 1,
        message: format!("the snapshot cannot be judged: {error}"),
        help: None,
    });
    let expected = Expected::parse(&fixture.expected_file, &fixture.expected, &library.catalog);
    match (tenant, expected) {
        (Ok(tenant), Ok(expected)) if problems.is_empty() => {
            Ok(compare(fixture, &expected, &tenant, library))
        }
        (tenant, expected) => {
            problems.extend(tenant.err());
            problems.extend(expected.err().map(|problems| problems.0).unwrap_or_default());
            Err(Problems(problems))
        }
    }
}

/// Every finding and every unknown must be expected; everything expected must be found.
fn compare(fixture: &Fixture, expected: &Expected, tenant: &Tenant, library: &Library) -> Vec<String> {
    let binding = DeclaredBinding {
        rules: fixture.id.clone(),
        member: expected.member.clone(),
        role: expected.role.clone(),
        features: expected.features.clone(),
        setup_until: expected.setup_until,
        ..DeclaredBinding::default()
    };
    let policy = Policy { bindings: vec![binding], ..Policy::default() };
    let request = Request { integrations: vec![fixture.id.clone()], all: true, ..Request::default() };
    let as_of = expected.as_of.unwrap_or_else(|| tenant.taken_at.to_zoned(TimeZone::UTC).date());
    let audit = Audit { library, policy: &policy, request: &request, as_of };
    let results = audit.judge(tenant).results;
    let is_open = |finding: &&Finding| matches!(finding.status, Status::Fail | Status::Unknown);
    let missing = expected
        .results
        .iter()
        .filter(|result| !results.iter().any(|finding| result.is(finding)))
        .map(|result| format!("expected, not found: {result}"));
    let surplus = results
        .iter()
        .filter(is_open)
        .filter(|finding| !expected.results.iter().any(|result| result.is(finding)))
        .map(|finding| format!("found, not expected: {}", told(finding)));
    missing.chain(surplus).collect()
}

fn told(finding: &Finding) -> String {
    let about = finding.function.as_ref().map(|function| format!(" on {function}")).unwrap_or_default();
    let verb = finding.verb.map(|verb| format!(", {verb}")).unwrap_or_default();
    format!("{} {}{about}{verb}: {}", finding.check, finding.status, finding.message())
}

fn lines(name: &str, verdict: &[String]) -> String {
    let word = if verdict.is_empty() { "ok    " } else { "FAILED" };
    let details = verdict.iter().map(|line| format!("         {}", printable(line)));
    std::iter::once(format!("{word}  {name}")).chain(details).map(|line| line + "\n").collect()
}
