//! A blank decision for each key, to fill in and to keep in `reviews/`.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Review, Row};
use crate::policy::review::Word;
use crate::term::text::printable;

pub(super) fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let words = Word::ALL.map(Word::as_str).join(", ");
    writeln!(out, "# {}", printable(&review.headline()))?;
    writeln!(
        out,
        "# decision: {words}. A blank is not reviewed; one that is filled in needs reason, reviewer, date;"
    )?;
    writeln!(
        out,
        "# accept-until needs due, its last day. Keep it in reviews/ beside leastwise.toml, and only add to it."
    )?;
    let text = |text: &str| toml::Value::String(text.to_owned());
    writeln!(
        out,
        "\n[review]\nsite = {}\ncompany = {}",
        text(&review.tenant.site),
        text(&review.tenant.company)
    )?;
    writeln!(out, "taken = {}\nrecord = \"{}\"", text(&review.taken_at.to_string()), review.record)?;
    if let Some(snapshot) = &review.snapshot {
        writeln!(out, "snapshot = \"{snapshot}\"")?;
    }
    // A member that serves two integrations has one access, and one decision.
    let mut seen = BTreeSet::new();
    for row in review.rows.iter().filter(|row| seen.insert(row.subject)) {
        let own: Vec<_> = review.rows.iter().filter(|other| other.subject == row.subject).collect();
        blank(row, &own, out)?;
    }
    Ok(())
}

fn blank(row: &Row, own: &[&Row], out: &mut dyn Write) -> io::Result<()> {
    let serves: Vec<_> = own.iter().map(|row| row.field("integration")).collect();
    let role = if row.field("role").is_empty() {
        String::new()
    } else {
        format!(", role {}", printable(row.field("role")))
    };
    writeln!(out, "\n# {}{role}; {}", printable(&row.title()), printable(&serves.join(", ")))?;
    for (label, column) in [("In excess", "in excess"), ("Recommended", "recommendation")] {
        let said = row.field(column);
        if !said.is_empty() {
            writeln!(out, "# {label}: {}", printable(said))?;
        }
    }
    let Some(access) = &row.access else {
        return writeln!(out, "# What it may do could not be read in full: no decision can be bound to it.");
    };
    let subject = row.subject.setting();
    writeln!(out, "[[decision]]\n{subject}\ndigest = \"{access}\"")?;
    writeln!(
        out,
        "decision = \"\"\nreason = \"\"\nreviewer = \"\"\n# date = 2026-01-31\n# ticket = \"\"\n# due = 2026-01-31"
    )
}
