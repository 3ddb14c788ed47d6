//! JUnit XML: a test suite for each tenant, a test case for each result. A finding is a failure, what
//! could not be told an error, and what does not count is skipped.

use std::io::{self, Write};

use super::words::{sentence, subject};
use super::{Report, TenantReport};
use crate::checks::{Outcome, Status};
use crate::term::escape::xml;

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"leastwise\">")?;
    for tenant in report.tenants() {
        let tenant = tenant?;
        suite(&tenant, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let of =
        |wanted: &[Status]| tenant.outcomes.iter().filter(|outcome| wanted.contains(&outcome.status)).count();
    let unreadable = usize::from(tenant.failure.is_some());
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        xml(&tenant.name),
        tenant.outcomes.len() + unreadable,
        of(&[Status::Fail]),
        of(&[Status::Unknown]) + unreadable,
        of(&[Status::Manual, Status::Waived, Status::NotApplicable]),
    )?;
    if let Some(failure) = &tenant.failure {
        writeln!(
            out,
            "    <testcase classname=\"leastwise\" name=\"the tenant can be read\">\n      <error type=\"unreadable\" message=\"{}\"/>\n    </testcase>",
            xml(failure)
        )?;
    }
    for outcome in &tenant.outcomes {
        case(outcome, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    // Readers tell test cases apart by their names alone.
    let name = format!("{} [{}]", subject(outcome), outcome.fingerprint.get(..12).unwrap_or_default());
    let class = format!("{} {}", outcome.check, outcome.name);
    write!(out, "    <testcase classname=\"{}\" name=\"{}\"", xml(&class), xml(name.trim_start()))?;
    let message = xml(&outcome.message);
    let element = match outcome.status {
        Status::Pass => return writeln!(out, "/>"),
        Status::Fail => format!(
            "<failure type=\"{}\" message=\"{message}\">{}</failure>",
            outcome.severity,
            xml(&details(outcome))
        ),
        Status::Unknown => {
            format!("<error type=\"unknown\" message=\"{message}\">{}</error>", xml(&details(outcome)))
        }
        Status::Waived => format!("<skipped message=\"waived: {}\"/>", xml(&accepted(outcome))),
        Status::Manual | Status::NotApplicable => {
            format!("<skipped message=\"{}: {message}\"/>", outcome.status)
        }
    };
    writeln!(out, ">\n      {element}\n    </testcase>")
}

fn details(outcome: &Outcome) -> String {
    let mut parts: Vec<_> = outcome.fix.iter().cloned().collect();
    parts.extend(outcome.baseline.map(|since| format!("{} since the baseline", since.as_str())));
    parts.push(format!("fingerprint {}", outcome.fingerprint));
    parts.join("; ")
}

fn accepted(outcome: &Outcome) -> String {
    let waiver = outcome.waiver.as_ref().map(sentence).unwrap_or_default();
    format!("{}; {waiver}; {}", outcome.message, outcome.severity)
}
