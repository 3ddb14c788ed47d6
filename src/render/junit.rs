//! JUnit XML: a test suite for each tenant, a test case for each result. A finding is a failure, what
//! could not be told an error, and what does not count is skipped.

use std::io::{self, Write};

use super::words::{sentence, subject};
use super::{Report, TenantReport};
use crate::checks::{Finding, Status};
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
        |wanted: &[Status]| tenant.results.iter().filter(|finding| wanted.contains(&finding.status)).count();
    let unreadable = usize::from(tenant.failure.is_some());
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        xml(&tenant.name),
        tenant.results.len() + unreadable,
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
    for finding in &tenant.results {
        case(finding, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    // Readers tell test cases apart by their names alone.
    let name = format!("{} [{}]", subject(finding), finding.fingerprint.short());
    let class = format!("{} {}", finding.check, finding.check.check().name);
    write!(out, "    <testcase classname=\"{}\" name=\"{}\"", xml(&class), xml(name.trim_start()))?;
    let message = xml(&finding.message());
    let element = match finding.status {
        Status::Pass => return writeln!(out, "/>"),
        Status::Fail => format!(
            "<failure type=\"{}\" message=\"{message}\">{}</failure>",
            finding.severity,
            xml(&details(finding))
        ),
        Status::Unknown => {
            format!("<error type=\"unknown\" message=\"{message}\">{}</error>", xml(&details(finding)))
        }
        Status::Waived => format!("<skipped message=\"waived: {}\"/>", xml(&accepted(finding))),
        Status::Manual | Status::NotApplicable => {
            format!("<skipped message=\"{}: {message}\"/>", finding.status)
        }
    };
    writeln!(out, ">\n      {element}\n    </testcase>")
}

fn details(finding: &Finding) -> String {
    let mut parts: Vec<_> = finding.fix().into_iter().collect();
    parts.extend(finding.baseline.map(|since| format!("{} since the baseline", since.as_str())));
    parts.push(format!("fingerprint {}", finding.fingerprint));
    parts.join("; ")
}

fn accepted(finding: &Finding) -> String {
    let waiver = finding.waiver.as_deref().map(sentence).unwrap_or_default();
    format!("{}; {waiver}; {}", finding.message(), finding.severity)
}
