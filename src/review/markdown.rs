//! A review in Markdown.

use std::io::{self, Write};

use super::{BLANKS, Review, WITNESS};
use crate::term::escape::markdown;

/// What the table of all keys shows; the rest stands under each key.
const FIRST: [&str; 6] = ["integration", "owner", "role", "in excess", "last used", "last decision"];

pub(super) fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n\nRecord `{}`.\n\n{WITNESS}", markdown(&review.headline()), review.record)?;
    for statement in &review.statements {
        writeln!(out, "\n## {}\n", statement.title)?;
        for line in &statement.lines {
            writeln!(out, "* {}", markdown(line))?;
        }
    }
    let header: Vec<_> = ["key"].iter().chain(&FIRST).chain(&BLANKS).copied().collect();
    writeln!(out, "\n## Keys\n\n| {} |\n|{}", header.join(" | "), "---|".repeat(header.len()))?;
    for row in &review.rows {
        let own = FIRST.iter().map(|column| markdown(row.field(column)));
        let cells: Vec<_> =
            std::iter::once(markdown(&row.title())).chain(own).chain(BLANKS.map(|_| String::new())).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    for row in &review.rows {
        writeln!(out, "\n### {}\n", markdown(&row.title()))?;
        for (column, text) in row.columns() {
            writeln!(out, "* {column}: {}", markdown(text))?;
        }
    }
    Ok(())
}
