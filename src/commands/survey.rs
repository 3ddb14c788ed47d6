//! `leastwise survey`: how this PSA answers, held against what leastwise assumes.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::output::{self, Readers};
use super::wait;
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::rules::Assumptions;
use crate::source::connectwise::{Access, Client, Shared};
use crate::survey::{self, Report, Stopped};
use crate::term::text::{count, printable};

/// Arguments of `leastwise survey`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Write into this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the survey
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: Format,
    /// Add the names of functions that leastwise does not know, which are shown first
    #[arg(long)]
    with_function_names: bool,
}

const AFTER: &str = "\
Sends GET and nothing else. No name, key, id or address is in the survey; it is
made to be read by you and sent to the project. With an integration's key in
LEASTWISE_INTEGRATION_PUBLIC_KEY and _PRIVATE_KEY more is seen.

Example: leastwise survey -o survey.md";

/// Forms of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Markdown,
    /// `leastwise-survey/1`, for `leastwise audit --survey`.
    Json,
}

/// Runs the command.
///
/// # Errors
/// What stopped it before anything could be looked at, or a file that could not be written.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let assumptions = Assumptions::built_in()?;
    let settings = Settings::read(common, io)?;
    let live = settings.live(common, io)?;
    let company = live.access.company.clone();
    let site = live.connection.site.identity();
    let integration = integration(&settings, common, io)?;
    let (shared, mut waits) = Shared::new();
    // Whoever answers may know both keys, and repeat either to the other.
    let all: Vec<_> = std::iter::once(&live.access).chain(&integration).cloned().collect();
    let client = |access| Client::sharing(&shared, live.connection.clone(), access, &all);
    let integration = integration.map(&client).transpose()?;
    let auditor = client(live.access.clone())?;
    io.note(&format!("asking {company} on {site}; only GET is sent"));
    let catalog = &settings.library.catalog;
    let at = (io.now)();
    let asking = survey::ask(&auditor, integration.as_ref(), catalog, at);
    let seen = wait::wait_for(asking, &mut waits, None, io)?
        .map_err(|stopped| Error::Tenant(stopped_by(&stopped, &company, &site)))?;
    let report = Report::of(&seen, &assumptions, catalog, args.with_function_names);
    show_names(&report, io);
    let write = |out: &mut dyn Write| match args.format {
        Format::Markdown => survey::write_markdown(&report, out),
        Format::Json => survey::write_json(&report, out),
    };
    match &args.output {
        Some(path) => output::to_file(&io.path(path), path, Readers::Owner, write)?,
        None => output::to_stdout(io, write)?,
    }
    let (held, failed, not_seen) = report.counts();
    let place = args.output.as_ref().map_or_else(String::new, |path| format!("wrote {}: ", path.display()));
    io.note(&format!(
        "{place}{failed} did not hold, {held} held, {not_seen} were not seen; read it before you send it"
    ));
    Ok(Exit::Clean)
}

/// The integration's key, where it is set at all.
fn integration(settings: &Settings, common: &Common, io: &mut Io<'_>) -> Result<Option<Access>, Error> {
    let is_set = |half: &str| io.var(&format!("LEASTWISE_INTEGRATION_{half}_KEY")).is_some();
    if !is_set("PUBLIC") && !is_set("PRIVATE") {
        return Ok(None);
    }
    let reach = settings.reach(common, io)?;
    let key = reach.integration_key(io);
    if let Some(problem) = key.problems.first() {
        return Err(Error::Usage(problem.clone()));
    }
    Ok(key.access)
}

/// Before they are saved: they are the tenant's words, and somebody may have put a name among them.
fn show_names(report: &Report<'_>, io: &mut Io<'_>) {
    let Some(names) = report.function_names() else { return };
    io.say(&format!("{} that leastwise does not know will be named:", count(names.len(), "function")));
    for name in names {
        io.say(&format!("  {}", printable(name)));
    }
}

fn stopped_by(stopped: &Stopped, company: &str, site: &str) -> String {
    match stopped {
        Stopped::NoCompany => format!(
            "{site} knows no company \"{company}\": write the company id that is typed on the login screen, not the company's name"
        ),
        Stopped::Fault(fault) => format!("no survey could be made of {company} on {site}: {fault}"),
    }
}
