//! The survey for a person: what does not hold and what that means, what holds, what was not seen.

use std::io::{self, Write};

use super::finding::{Finding, Verdict};
use super::report::Report;
use crate::rules::AssumptionText;
use crate::term::escape::markdown;
use crate::term::text::count;

/// Writes a survey.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (held, failed, not_seen) = report.counts();
    writeln!(out, "# How this PSA answers\n")?;
    let place = match report.cloud {
        Some(true) => "in ConnectWise's cloud",
        Some(false) => "on-premises",
        None => "which does not say where it is hosted",
    };
    let release = report.release.as_deref().unwrap_or("of a release that is not said");
    let keys =
        if report.with_integration { "the auditor's key and an integration's" } else { "the auditor's key" };
    writeln!(
        out,
        "leastwise {}, {}: a PSA {release}, {place}, asked with {keys}. No name of the company, of a person, a member, a role or a record, no key, no id and no address is in this file.\n",
        env!("CARGO_PKG_VERSION"),
        report.on
    )?;
    writeln!(
        out,
        "Of {} assumptions: {failed} did not hold, {held} held, {not_seen} were not seen.\n",
        held + failed + not_seen
    )?;
    failures(report, out)?;
    table(
        report,
        out,
        "Held",
        |own| own == Verdict::Held,
        |own, finding| [own.says.clone(), format!("{} looked at", finding.of)],
    )?;
    table(
        report,
        out,
        "Not seen",
        |own| matches!(own, Verdict::NotSeen(_)),
        |own, finding| {
            let why = match finding.verdict {
                Verdict::NotSeen(why) => why.sentence(),
                _ => "",
            };
            [own.says.clone(), format!("{why}; to look: {}", own.how)]
        },
    )?;
    functions(report, out)?;
    writeln!(out, "\n## Requests\n\nAll are GET.\n\n| path | status | times |\n|---|---|---|")?;
    for (asked, times) in &report.requests {
        let status = asked.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        writeln!(out, "| {} | {status} | {times} |", markdown(&asked.path))?;
    }
    Ok(())
}

/// What does not hold, each with what is wrong for it.
fn failures(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let failed: Vec<_> =
        report.findings.iter().filter(|(_, finding)| finding.verdict == Verdict::DidNotHold).collect();
    if failed.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Did not hold\n")?;
    for (own, finding) in failed {
        writeln!(out, "* **{}** ({} of {} speak against it)", own.id, finding.against, finding.of)?;
        writeln!(out, "  * assumed: {}", markdown(&own.says))?;
        writeln!(out, "  * so here: {}", markdown(&own.otherwise))?;
        writeln!(out, "  * rests on it: {}", markdown(&own.rests.join(", ")))?;
    }
    writeln!(out)
}

fn table(
    report: &Report<'_>,
    out: &mut dyn Write,
    heading: &str,
    is: fn(Verdict) -> bool,
    cells: fn(&AssumptionText, &Finding) -> [String; 2],
) -> io::Result<()> {
    let rows: Vec<_> = report.findings.iter().filter(|(_, finding)| is(finding.verdict)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {heading}\n\n| assumption | it says | |\n|---|---|---|")?;
    for (own, finding) in rows {
        let [says, more] = cells(own, finding);
        writeln!(out, "| {} | {} | {} |", own.id, markdown(&says), markdown(&more))?;
    }
    writeln!(out)
}

fn functions(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Functions that leastwise does not know\n")?;
    let number = report.unknown_functions;
    match report.function_names() {
        _ if number == 0 => writeln!(out, "None."),
        None => writeln!(
            out,
            "{}; their names are not in this file. They are what the project lacks most: `--with-function-names` adds them.",
            count(number, "function")
        ),
        Some(names) => names.iter().try_for_each(|name| writeln!(out, "* {}", markdown(name))),
    }
}
