//! What is said at the end, so that a person can compare what was read with the page in a minute.

use std::fmt;

use super::{Fate, LeftOut, Pasted, Why};
use crate::term::text::count;

/// Of a text, so much is shown.
const SHOWN: usize = 100;

/// Of what a column that is not used holds, so many cells are shown.
const CELLS: usize = 3;

/// Writes what was left out, and then how many rows became what.
pub(super) fn write(pasted: &Pasted, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rest = pasted.left_out.as_slice();
    while let Some(first) = rest.first() {
        let alike = rest.iter().take_while(|own| own.why == first.why).count();
        // What may be a row is never one of many.
        let alike = if first.why == Why::LooksLikeRow { 1 } else { alike };
        writeln!(f, "{}", left_out(&rest[..alike]))?;
        rest = &rest[alike..];
    }
    let rows = |fate: Fate| pasted.account.iter().filter(|own| own.fate == fate).count();
    let place = if pasted.tables == 0 { "a list".to_owned() } else { count(pasted.tables, "table") };
    let needs = format!("{} of needs ({})", rows(Fate::Need), count(pasted.needs.rows.len(), "function"));
    let parts = [
        (rows(Fate::Heading), format!("{} of headings", rows(Fate::Heading))),
        (1, needs),
        (rows(Fate::Doubt), format!("{} only of doubts", rows(Fate::Doubt))),
        (1, format!("{} left out", rows(Fate::LeftOut))),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, part)| part).collect();
    write!(
        f,
        "read: {} in {place}: {}; {}",
        count(pasted.account.len(), "row"),
        parts.join(", "),
        count(pasted.doubts.len(), "doubt"),
    )
}

/// One line on what was left out for one reason.
fn left_out(alike: &[LeftOut]) -> String {
    let (Some(first), Some(last)) = (alike.first(), alike.last()) else { return String::new() };
    let place = if first.line == last.line {
        format!("line {}", first.line)
    } else {
        format!("lines {} to {}", first.line, last.line)
    };
    let quoted = |own: &LeftOut| format!("\"{}\"", shortened(&own.text));
    let texts: Vec<_> = alike.iter().take(CELLS).map(quoted).collect();
    let more = alike.len().saturating_sub(CELLS);
    let texts = if more > 0 { format!("{} and {more} more", texts.join(", ")) } else { texts.join(", ") };
    match &first.why {
        Why::Text => format!("left out as text, {place}: {texts}"),
        Why::LooksLikeRow => format!("warning: left out, though it may be a row, {place}: {texts}"),
        Why::AsksForNothing => format!("left out, since they ask for nothing, {place}: {texts}"),
        Why::OtherTable => format!("left out, since the table has no column for verbs, {place}: {texts}"),
        Why::Column(name) => format!("left out, since the column \"{name}\" is not used, {place}: {texts}"),
    }
}

fn shortened(text: &str) -> String {
    let text = super::entry::one_line(text);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
