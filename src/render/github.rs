//! Workflow commands of GitHub Actions: each finding an annotation, at the line of the snapshot or of
//! the config where it has one. GitHub shows the first ten of a kind, so the worst come first.

use std::io::{self, Write};

use super::words::{place, sentence, subject, worst_first};
use super::{Report, TenantReport};
use crate::checks::{Finding, Status};
use crate::model::Severity;
use crate::term::escape::{command_data, command_property};

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let is_one = report.tenants().len() == 1;
    for tenant in report.tenants() {
        let tenant = tenant?;
        let whose = if is_one { String::new() } else { format!("{}: ", tenant.name) };
        if let Some(failure) = &tenant.failure {
            let title = command_property(&format!("{whose}leastwise"));
            writeln!(out, "::error title={title}::{}", command_data(failure))?;
        }
        let of = |status| worst_first(tenant.results.iter().filter(move |finding| finding.status == status));
        for finding in of(Status::Fail).into_iter().chain(of(Status::Unknown)).chain(of(Status::Waived)) {
            annotate(&whose, &tenant, finding, out)?;
        }
    }
    Ok(())
}

fn annotate(whose: &str, tenant: &TenantReport, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (command, title, message) = match finding.status {
        Status::Unknown => ("warning", format!("{} unknown", finding.check), message(finding)),
        Status::Waived => {
            let waiver = finding.waiver.as_deref().map(sentence).unwrap_or_default();
            let message = format!("{}. Waived: {waiver}.", finding.message());
            ("notice", format!("{} {} waived", finding.check, finding.severity), message)
        }
        _ => {
            let since = finding.baseline.map(|since| format!(", {}", since.as_str())).unwrap_or_default();
            let title = format!("{} {}{since}", finding.check, finding.severity);
            (command(finding), title, message(finding))
        }
    };
    let at = place(tenant, finding)
        .map(|(file, line)| format!("file={},line={line},", command_property(&file)))
        .unwrap_or_default();
    let about = subject(finding);
    let about = if about.is_empty() { about } else { format!(": {about}") };
    writeln!(
        out,
        "::{command} {at}title={}::{}",
        command_property(&format!("{whose}{title}{about}")),
        command_data(&message)
    )
}

/// A finding of the baseline is no error: it does not fail the run.
fn command(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if !finding.counts() => "notice",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

fn message(finding: &Finding) -> String {
    match finding.fix() {
        Some(fix) => format!("{}. {fix}.", finding.message()),
        None => format!("{}.", finding.message()),
    }
}
