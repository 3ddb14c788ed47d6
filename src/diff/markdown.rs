//! A comparison in Markdown, for job summaries and the text of pull requests.

use std::io::{self, Write};

use super::table::totals;
use super::words::{owner, updated};
use super::{DiffReport, Direction, Explained};
use crate::render::describe_source;
use crate::term::escape::markdown;

/// Writes the comparison.
pub(super) fn write(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## leastwise: {}: {}\n", markdown(&report.id.to_string()), totals(report))?;
    writeln!(
        out,
        "From {} to {}.",
        markdown(&describe_source(&report.old)),
        markdown(&describe_source(&report.new))
    )?;
    for (title, directions) in [
        ("Widened: somebody can do more", &[Direction::Wider, Direction::Mixed][..]),
        ("Unknown: not a pass", &[Direction::Unknown]),
        ("Narrowed", &[Direction::Narrower]),
        ("No change of access", &[Direction::Neutral]),
    ] {
        let changes: Vec<_> =
            report.changes.iter().filter(|own| directions.contains(&own.change.direction)).collect();
        section(report, title, &changes, out)?;
    }
    if !report.incomparable.is_empty() {
        writeln!(out, "\n### Not comparable\n\n| Data | Role | Side | Why |\n|---|---|---|---|")?;
        for own in &report.incomparable {
            let role = own.role.as_ref().map(ToString::to_string).unwrap_or_default();
            let cells = [own.dataset.as_str(), &role, own.side, &own.reason].map(markdown);
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
    }
    Ok(())
}

fn section(report: &DiffReport, title: &str, changes: &[&Explained], out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### {title}\n\n| Who | What | Needed? | Changed by |\n|---|---|---|---|")?;
    for own in changes {
        let cells = [
            owner(own),
            own.message.clone(),
            own.need.clone().unwrap_or_default(),
            updated(own, report).unwrap_or_default(),
        ];
        writeln!(out, "| {} |", cells.map(|cell| markdown(&cell)).join(" | "))?;
    }
    Ok(())
}
