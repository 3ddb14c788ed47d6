//! `leastwise diff`: did anybody widen access since the last known good state?

use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;

use super::form::form_and_path;
use super::input::Input;
use super::load::{self, Looks};
use super::{input, output};
use crate::audit::{Audit, Request};
use crate::config::Common;
use crate::config::Settings;
use crate::diff::{Changes, DiffReport, FailOn, Format, explain, write};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::Source;
use crate::model::TenantId;
use crate::render::describe_source;
use crate::term::Style;

/// Arguments of `leastwise diff`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: leastwise snapshot -o monday.json && leastwise diff monday.json --format markdown"
)]
pub struct Args {
    /// The earlier snapshot (- is standard input)
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The later snapshot; without it, the live tenant
    #[arg(value_name = "NEW")]
    new: Option<PathBuf>,
    /// What fails the run
    #[arg(long, value_name = "WHAT", default_value = "widened")]
    fail_on: FailOn,
    /// Form of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
    /// Write the report to a file too (repeat for more): diff.md, or github=PATH whatever the path ends with
    #[arg(long, value_name = "[FORMAT=]PATH")]
    output: Vec<DiffOutput>,
}

/// `--output FORMAT=PATH`.
#[derive(Clone, Debug)]
struct DiffOutput {
    format: Format,
    path: PathBuf,
}

impl FromStr for DiffOutput {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = form_and_path(text)?;
        Ok(Self { format, path })
    }
}

/// Runs the command.
///
/// # Errors
/// What stopped it; nothing was compared then.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    output::check_apart(args.output.iter().map(|own| own.path.as_path()), io)?;
    let settings = Settings::read(common, io)?;
    let old = input::snapshot(&args.old, io)?;
    let new = match &args.new {
        Some(path) => input::snapshot(path, io)?,
        None => read_live(&args.old, &old.tenant.id, &settings, common, io)?,
    };
    let (before, after) = (describe_source(&old.source), describe_source(&new.source));
    io.note(&format!("comparing {before} with {after}"));
    let report = compare(&args.old, old, new, args.fail_on, &settings, common)?;
    let style = output::style(common.color, io);
    let mut failed = output::to_stdout(io, |out| write(&report, args.format, style, out)).err();
    for own in &args.output {
        let written =
            output::report_to_file(&own.path, io, |out| write(&report, own.format, Style::PLAIN, out));
        // The other outputs are still wanted.
        failed = failed.or(written.err());
    }
    failed.map_or(Ok(report.exit), Err)
}

/// The other way round, what was widened would look narrowed.
fn check_order(old: &Source, new: &Source) -> Result<(), Error> {
    let (Some(before), Some(after)) = (old.taken_at, new.taken_at) else {
        return Ok(());
    };
    if before <= after {
        return Ok(());
    }
    let shown = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let name = |source: &Source| source.path.clone().unwrap_or_else(|| "the live tenant".to_owned());
    Err(Error::Usage(format!(
        "{} was taken later ({}) than {} ({}): name the earlier one first",
        name(old),
        shown(before),
        name(new),
        shown(after)
    )))
}

fn check_same(path: &Path, old: &TenantId, new: &TenantId) -> Result<(), Error> {
    if old.is_same(new) {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "two tenants cannot be compared: {} is of {old}, the other side is of {new}",
        path.display()
    )))
}

fn read_live(
    path: &Path,
    old: &TenantId,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Input, Error> {
    let live = settings.live(common, io)?;
    let id = live.id();
    // Known before anything is asked.
    check_same(path, old, &id)?;
    let input = load::live(live, Looks::Everything, settings, common, io)?.input;
    match &input.failure {
        Some(failure) => {
            Err(Error::Tenant(format!("{id} could not be read, nothing was compared: {failure}")))
        }
        None => Ok(input),
    }
}

/// Compares the snapshots of a gate; what was widened is in the exit code of the comparison.
pub(super) fn compare_files(
    path: &Path,
    old: Input,
    new: Input,
    settings: &Settings,
    common: &Common,
) -> Result<DiffReport, Error> {
    compare(path, old, new, FailOn::Widened, settings, common)
}

fn compare(
    path: &Path,
    old: Input,
    new: Input,
    fail_on: FailOn,
    settings: &Settings,
    common: &Common,
) -> Result<DiffReport, Error> {
    check_same(path, &old.tenant.id, &new.tenant.id)?;
    check_order(&old.source, &new.source)?;
    let (name, policy) = settings.of_snapshot(common, &new.tenant.id)?;
    let request = Request::default();
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let changes = Changes::between(&old.tenant, &new.tenant);
    let exit = changes.exit(fail_on);
    let incomparable = changes.incomparable.clone();
    Ok(DiffReport {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tenant: name.unwrap_or_else(|| new.tenant.id.company.clone()),
        id: new.tenant.id.clone(),
        changes: explain(changes, &audit, &old.tenant, &new.tenant),
        old: old.source,
        new: new.source,
        incomparable,
        exit,
    })
}
