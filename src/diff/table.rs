//! A comparison for people: what widened first, then the rest, by whom it is about. `+` and `-` say it
//! without colour.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::access::Owner;
use super::words::{owner, updated};
use super::{DiffReport, Direction, Explained};
use crate::render::describe_source;
use crate::term::Style;
use crate::term::text::{count, join_and, printable};

/// Writes the comparison.
pub(super) fn write(report: &DiffReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}", printable(&report.id.to_string()), totals(report))?;
    writeln!(out, "  old: {}", printable(&describe_source(&report.old)))?;
    writeln!(out, "  new: {}", printable(&describe_source(&report.new)))?;
    let mut worst: BTreeMap<Owner, Direction> = BTreeMap::new();
    for own in &report.changes {
        let of_owner = worst.entry(own.change.key.owner()).or_insert(Direction::Neutral);
        *of_owner = own.change.direction.min(*of_owner);
    }
    let mut all: Vec<_> = report.changes.iter().collect();
    // Owners with a widening first; stable, so that the order of keys stays within an owner.
    all.sort_by_key(|own| (worst.get(&own.change.key.owner()).copied(), own.change.key.owner()));
    for group in all.chunk_by(|one, other| one.change.key.owner() == other.change.key.owner()) {
        let Some(first) = group.first() else { continue };
        let when = updated(first, report).map(|when| format!(", {when}")).unwrap_or_default();
        writeln!(out, "\n{}", printable(&capital(&format!("{}{when}", owner(first)))))?;
        for own in group {
            change(own, style, out)?;
        }
    }
    incomparable(report, out)
}

fn change(own: &Explained, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = |color: AnsiColor| Ansi::new().fg_color(Some(color.into()));
    let (sign, paint) = match own.change.direction {
        Direction::Wider => ("+", paint(AnsiColor::Red)),
        Direction::Mixed => ("+-", paint(AnsiColor::Red)),
        Direction::Unknown => ("?", paint(AnsiColor::Yellow)),
        Direction::Narrower => ("-", paint(AnsiColor::Green)),
        Direction::Neutral => ("~", Ansi::new()),
    };
    let need = own.need.as_ref().map(|need| format!(" ({need})")).unwrap_or_default();
    let text = printable(&format!("{}{need}", own.message));
    // Role names and functions are short; what is longer than the screen is wrapped below its sign.
    let options = textwrap::Options::new(usize::from(style.width).max(60))
        .initial_indent("")
        .subsequent_indent("     ");
    let text = textwrap::fill(&format!("  {sign:<2} {text}"), options);
    if style.color { writeln!(out, "{paint}{text}{paint:#}") } else { writeln!(out, "{text}") }
}

fn incomparable(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    if report.incomparable.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nNot comparable: not a pass")?;
    for own in &report.incomparable {
        let role = own.role.as_ref().map(|role| format!(" of role {} ({})", role.name, role.id));
        let text = format!("{}{}, {}: {}", own.dataset, role.unwrap_or_default(), own.side, own.reason);
        writeln!(out, "  ?  {}", printable(&text))?;
    }
    Ok(())
}

/// "2 widened, 1 narrowed".
pub(super) fn totals(report: &DiffReport) -> String {
    let mut parts: Vec<_> = Direction::ALL
        .into_iter()
        .filter(|direction| report.count(*direction) > 0)
        .map(|direction| format!("{} {}", report.count(direction), direction.as_str()))
        .collect();
    if parts.is_empty() {
        parts.push("nothing changed".to_owned());
    }
    if !report.incomparable.is_empty() {
        parts.push(format!("{} not comparable", count(report.incomparable.len(), "part")));
    }
    join_and(&parts)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
