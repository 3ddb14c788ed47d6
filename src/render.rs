//! The report: an audit that is finished, with its exit code. Every writer is a function of it.

mod csv;
mod filed;
mod github;
pub(crate) mod html;
pub(crate) mod json;
mod junit;
pub(crate) mod keys;
pub(crate) mod markdown;
pub(crate) mod roll_up;
mod sarif;
mod steps;
mod summary;
mod table;
mod tenant;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::iter::Sum;

use jiff::civil::Date;

use crate::audit::{Standing, count_keys};
use crate::checks::{Finding, Status};
use crate::exit::{Exit, FailOn};
use crate::model::CheckId;
use crate::model::{Severity, Shard};
use crate::term::Style;

pub use filed::Filed;
pub(crate) use json::{RequestV1, ResultV1, request, result};
use roll_up::RollUp;
pub(crate) use sarif::SarifRun;
pub use tenant::{Baseline, Coverage, RulesUsed, TenantReport};
pub(crate) use words::source as describe_source;

/// An audit that is finished.
#[derive(Clone, Debug)]
pub struct Report {
    /// leastwise's own version.
    pub version: String,
    /// The day of the audit.
    pub as_of: Date,
    /// From which severity findings fail the run.
    pub fail_on: FailOn,
    /// Which share of the tenants this is, where it is one.
    pub shard: Option<Shard>,
    /// Whether the table has the details too.
    pub details: bool,
    /// How the program ends.
    pub exit: Exit,
    tenants: Vec<Filed>,
    summary: Summary,
    roll_up: RollUp,
}

impl Report {
    /// A report of these tenants. What they come to is decided here, before anything is written.
    #[must_use]
    pub fn new(as_of: Date, fail_on: FailOn, shard: Option<Shard>, tenants: Vec<Filed>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            as_of,
            fail_on,
            shard,
            details: false,
            exit: Exit::of_all(tenants.iter().map(|tenant| tenant.verdict(fail_on))),
            summary: tenants.iter().map(Filed::summary).sum(),
            roll_up: RollUp::of(tenants.iter().map(Filed::stand)),
            tenants,
        }
    }

    /// The tenants, as far as that is known without opening them.
    #[must_use]
    pub fn filed(&self) -> &[Filed] {
        &self.tenants
    }

    /// The tenants, each opened when its turn comes: of many, all at once would take much memory.
    pub fn tenants(&self) -> impl ExactSizeIterator<Item = io::Result<Cow<'_, TenantReport>>> {
        self.tenants.iter().map(Filed::open)
    }

    /// Counts over all tenants.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Why tenants could not be read, a sentence for each reason, with the tenants that have it.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        self.roll_up.failures()
    }
}

/// Counts of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many results have each status.
    pub by_status: BTreeMap<Status, usize>,
    /// How many findings have each severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// How many keys have each standing, by the one that counts.
    pub by_standing: BTreeMap<Standing, usize>,
    /// Permissions that are missing.
    pub missing: usize,
    /// Grants that are beyond need and listed.
    pub excessive: usize,
}

impl Summary {
    /// Counts these.
    #[must_use]
    pub fn of(results: &[Finding]) -> Self {
        let mut summary = Self {
            by_status: Status::ALL.into_iter().map(|status| (status, 0)).collect(),
            by_severity: Severity::ALL.into_iter().map(|severity| (severity, 0)).collect(),
            by_standing: Standing::ALL.into_iter().map(|standing| (standing, 0)).collect(),
            ..Self::default()
        };
        for finding in results {
            *summary.by_status.entry(finding.status).or_default() += 1;
            if finding.status == Status::Fail {
                *summary.by_severity.entry(finding.severity).or_default() += 1;
                summary.missing += usize::from(finding.check == CheckId::MissingPermission);
                summary.excessive += usize::from(finding.check == CheckId::ExcessivePermission);
            }
        }
        summary
    }

    /// Counts the results and the keys of a tenant.
    #[must_use]
    pub fn of_tenant(tenant: &TenantReport) -> Self {
        let mut summary = Self::of(&tenant.results);
        summary.by_standing.extend(count_keys(&tenant.keys));
        summary
    }

    fn has_unknowns(&self) -> bool {
        self.by_status.get(&Status::Unknown).is_some_and(|number| *number > 0)
    }
}

impl<'s> Sum<&'s Self> for Summary {
    fn sum<I: Iterator<Item = &'s Self>>(parts: I) -> Self {
        parts.fold(Self::of(&[]), |mut all, part| {
            for (status, number) in &part.by_status {
                *all.by_status.entry(*status).or_default() += number;
            }
            for (severity, number) in &part.by_severity {
                *all.by_severity.entry(*severity).or_default() += number;
            }
            for (standing, number) in &part.by_standing {
                *all.by_standing.entry(*standing).or_default() += number;
            }
            all.missing += part.missing;
            all.excessive += part.excessive;
            all
        })
    }
}

/// The forms in which a report can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// `leastwise-report/1`.
    Json,
    /// SARIF 2.1.0 for code scanning: open findings only.
    Sarif,
    /// SARIF 2.1.0 with everything: passes, unknowns, manual and waived ones too.
    SarifFull,
    /// One self-contained page to look at and work from.
    Html,
    /// For job summaries and pull requests.
    Markdown,
    /// Every finding as a row, open or waived; no cell of it can become a formula.
    Csv,
    /// JUnit XML: every result is a test case.
    Junit,
    /// Workflow commands of GitHub Actions: every finding is an annotation.
    Github,
    /// Ten plain lines for a chat or a mail.
    Summary,
}

impl Format {
    /// Whether readers of this format take what is not in it for mended, so that it must not be
    /// written from partial data.
    #[must_use]
    pub const fn closes_what_is_absent(self) -> bool {
        matches!(self, Self::Sarif | Self::SarifFull)
    }

    /// Whether this format draws the matrices of roles.
    #[must_use]
    pub const fn draws_matrices(self) -> bool {
        matches!(self, Self::Html)
    }
}

/// The JSON Schema of `leastwise-report/1`.
pub(crate) fn json_schema() -> serde_json::Value {
    crate::json_schema::of::<json::ReportV1<'_>>()
}

/// The files that a SARIF report is written to: the runs of tenants that may be written, as many to each
/// as GitHub takes.
pub(crate) fn sarif_files(report: &Report, format: Format, allow_partial: bool) -> Vec<Vec<SarifRun<'_>>> {
    let may = report.tenants.iter().filter(|tenant| allow_partial || tenant.is_complete());
    let runs: Vec<_> = may.flat_map(|tenant| sarif::runs(tenant, sarif::Profile::of(format))).collect();
    runs.chunks(sarif::MOST_RUNS).map(<[_]>::to_vec).collect()
}

/// Writes one file of a SARIF report.
pub(crate) fn write_sarif(
    report: &Report,
    runs: &[SarifRun<'_>],
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    sarif::write(report, runs, sarif::Profile::of(format), out)
}

/// Writes a report.
///
/// # Errors
/// Whatever `out` answers.
pub fn write(report: &Report, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => table::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Sarif | Format::SarifFull => {
            let profile = sarif::Profile::of(format);
            let all: Vec<_> = report.tenants.iter().flat_map(|tenant| sarif::runs(tenant, profile)).collect();
            sarif::write(report, &all, profile, out)
        }
        Format::Html => html::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Csv => csv::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Github => github::write(report, out),
        Format::Summary => summary::write(report, out),
    }
}
