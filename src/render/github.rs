//! Workflow commands of GitHub Actions: each finding an annotation, at the line of the snapshot or of
//! the config where it has one. GitHub shows the first ten of a kind, so the worst come first.

use std::io::{self, Write};

use super::words::{place, sentence, subject, worst_first};
use super::{Report, TenantReport};
use crate::checks::{Outcome, Status};
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
        let of = |status| worst_first(tenant.outcomes.iter().filter(move |outcome| outcome.status == status));
        for outcome in of(Status::Fail).into_iter().chain(of(Status::Unknown)).chain(of(Status::Waived)) {
            annotate(&whose, &tenant, outcome, out)?;
        }
    }
    Ok(())
}

fn annotate(whose: &str, tenant: &TenantReport, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let (command, title, message) = match outcome.status {
        Status::Unknown => ("warning", format!("{} unknown", outcome.check), message(outcome)),
        Status::Waived => {
            let waiver = outcome.waiver.as_ref().map(sentence).unwrap_or_default();
            let message = format!("{}. Waived: {waiver}.", outcome.message);
            ("notice", format!("{} {} waived", outcome.check, outcome.severity), message)
        }
        _ => {
            let since = outcome.baseline.map(|since| format!(", {}", since.as_str())).unwrap_or_default();
            let title = format!("{} {}{since}", outcome.check, outcome.severity);
            (command(outcome), title, message(outcome))
        }
    };
    let at = place(tenant, outcome)
        .map(|(file, line)| format!("file={},line={line},", command_property(&file)))
        .unwrap_or_default();
    let about = subject(outcome);
    let about = if about.is_empty() { about } else { format!(": {about}") };
    writeln!(
        out,
        "::{command} {at}title={}::{}",
        command_property(&format!("{whose}{title}{about}")),
        command_data(&message)
    )
}

/// A finding of the baseline is no error: it does not fail the run.
fn command(outcome: &Outcome) -> &'static str {
    match outcome.severity {
        _ if !outcome.counts() => "notice",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

fn message(outcome: &Outcome) -> String {
    match &outcome.fix {
        Some(fix) => format!("{}. {fix}.", outcome.message),
        None => format!("{}.", outcome.message),
    }
}
