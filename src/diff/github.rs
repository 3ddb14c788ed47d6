//! A comparison as workflow commands of GitHub Actions: what widened is an error, at its line of the
//! newer snapshot; what cannot be told, a warning.

use std::io::{self, Write};

use super::words::owner;
use super::{DiffReport, Direction, Explained};
use crate::term::escape::{command_data, command_property};

/// Writes the comparison.
pub(super) fn write(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    for (command, directions) in [
        ("error", &[Direction::Wider, Direction::Mixed][..]),
        ("warning", &[Direction::Unknown]),
        ("notice", &[Direction::Narrower, Direction::Neutral]),
    ] {
        for own in report.changes.iter().filter(|own| directions.contains(&own.change.direction)) {
            annotate(report, command, own, out)?;
        }
    }
    for own in &report.incomparable {
        let role = own.role.as_ref().map(|role| format!(" of role {role}")).unwrap_or_default();
        let text = format!("{}{role} ({}): {}", own.dataset, own.side, own.reason);
        writeln!(out, "::warning title=not comparable::{}", command_data(&text))?;
    }
    Ok(())
}

fn annotate(report: &DiffReport, command: &str, own: &Explained, out: &mut dyn Write) -> io::Result<()> {
    let file = report.new.path.as_deref().filter(|path| *path != "-");
    let at = file
        .zip(own.line)
        .map(|(file, line)| format!("file={},line={line},", command_property(file)))
        .unwrap_or_default();
    let need = own.need.as_ref().map(|need| format!("; {need}")).unwrap_or_default();
    let title = format!("{}: {}", own.change.direction.as_str(), owner(own));
    let message = format!("{}{need}", own.message);
    writeln!(out, "::{command} {at}title={}::{}", command_property(&title), command_data(&message))
}
