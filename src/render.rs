//! Writing a report: every writer is a function of it.

mod counts;
mod csv;
mod filed;
mod format;
mod github;
pub(crate) mod html;
pub(crate) mod json;
mod junit;
pub(crate) mod keys;
pub(crate) mod markdown;
mod report;
pub(crate) mod roll_up;
mod sarif;
mod steps;
mod summary;
mod table;
mod tenant;
mod words;

use std::io::{self, Write};

use crate::term::Style;

pub use counts::Summary;
pub use filed::Filed;
pub use format::Format;
pub(crate) use json::{RequestV1, ResultV1, request, result};
pub use report::Report;
pub(crate) use sarif::SarifRun;
pub use tenant::{Baseline, Coverage, RulesUsed, TenantReport};
pub(crate) use words::source as describe_source;

/// The JSON Schema of `leastwise-report/1`.
pub(crate) fn json_schema() -> serde_json::Value {
    crate::json_schema::of::<json::ReportV1<'_>>()
}

/// The files that a SARIF report is written to: the runs of tenants that may be written, as many to each
/// as GitHub takes.
pub(crate) fn sarif_files(report: &Report, format: Format, allow_partial: bool) -> Vec<Vec<SarifRun<'_>>> {
    let may = report.filed().iter().filter(|tenant| allow_partial || tenant.is_complete());
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
            let all: Vec<_> = report.filed().iter().flat_map(|tenant| sarif::runs(tenant, profile)).collect();
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
