//! What is wanted of a finished audit: which forms, where to, and what fails the run.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::form::Output;
use crate::exit::FailOn;
use crate::io::Io;
use crate::model::Severity;
use crate::render::{Format, Report};
use crate::term::text::slug;

/// The output options of `audit`, and of whatever ends with an audit.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct Wanted {
    /// Show every finding with its fix, the whole plan and what was read, before the first screen
    #[arg(long)]
    pub(super) details: bool,
    /// As --details, with every permission in excess, however wide the role
    #[arg(long)]
    pub(super) all: bool,
    /// Form of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: Format,
    /// Write the report to a file too (repeat for more): report.html, or sarif=PATH whatever the path ends with
    #[arg(long, value_name = "[FORMAT=]PATH")]
    pub(super) output: Vec<Output>,
    /// Write the report as a page, and open it in the browser
    #[arg(long)]
    pub(super) open: bool,
    /// Lowest severity that fails the run
    #[arg(long, value_name = "SEVERITY", default_value = "medium")]
    fail_on: Threshold,
    /// Write SARIF even if part of the tenant could not be read
    #[arg(long)]
    pub(super) allow_partial: bool,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Threshold {
    /// Only what gives the PSA away
    Critical,
    /// What breaks an integration or opens much
    High,
    /// What should be fixed
    Medium,
    /// Every finding but notes
    Low,
    /// Every finding
    Info,
    /// Never because of a finding
    Never,
}

impl Wanted {
    /// From which severity findings fail the run.
    pub(super) const fn fail_on(&self) -> FailOn {
        match self.fail_on {
            Threshold::Critical => Some(Severity::Critical),
            Threshold::High => Some(Severity::High),
            Threshold::Medium => Some(Severity::Medium),
            Threshold::Low => Some(Severity::Low),
            Threshold::Info => Some(Severity::Info),
            Threshold::Never => None,
        }
    }

    /// The files that are asked for.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.output.iter().map(|output| output.path.as_path())
    }

    /// Whether any form draws the screens of roles.
    pub(super) fn draws_matrices(&self) -> bool {
        self.open
            || self.format.draws_matrices()
            || self.output.iter().any(|output| output.format.draws_matrices())
    }

    /// The page that the browser opens: one that is written anyway, or one named by tenant and day.
    pub(super) fn page(&self, report: &Report) -> Output {
        let asked = self.output.iter().find(|output| output.format == Format::Html);
        asked.cloned().unwrap_or_else(|| {
            let name = match report.filed() {
                [one] => slug(one.name()),
                _ => "tenants".to_owned(),
            };
            Output { format: Format::Html, path: PathBuf::from(format!("{name}-{}.html", report.as_of)) }
        })
    }
}

/// Opens a page in the browser. Whoever has none still has the page.
pub(super) fn open(page: &Path, io: &mut Io<'_>) {
    let whole = std::path::absolute(io.path(page));
    let shown = whole.as_deref().unwrap_or(page).display().to_string();
    let opened = whole.and_then(|path| (io.open)(&path));
    io.say(&match opened {
        Ok(()) => format!("opening {shown} in the browser; if none comes up, open it yourself"),
        Err(why) => format!("warning: no browser could be started ({why}): open {shown} yourself"),
    });
}
