//! A rule file as a page for a wiki or a ticket.

use std::fmt::Write;

use super::{ASKS_ADMIN, advice, by_module, doubts, facts, feature_origin, legend, level, notes, row_name};
use crate::model::Verb;
use crate::rules::{Catalog, Needs, RuleFile};
use crate::term::text::printable;

pub(super) fn write(rules: &RuleFile, catalog: &Catalog) -> String {
    let mut text = format!("# {} (`{}`)\n\n", escaped(&rules.title()), rules.id);
    let source = rules.source.as_deref().map_or_else(|| "no address is recorded".to_owned(), link);
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(text, "Source: {source}, read {}.", rules.read);
    if rules.partial {
        text.push_str("The source covers only part of what the product needs.\n");
    }
    if let Some(test) = rules.test() {
        let _ = writeln!(text, "\nTest: {}", escaped(test));
    }
    bullets(&mut text, "Unclear", rules.unclear.iter().map(|line| escaped(line)));
    if rules.asks_admin() {
        let says = rules.vendor_says().map(|says| format!(" {}", escaped(says))).unwrap_or_default();
        let _ = writeln!(text, "\n{ASKS_ADMIN}{says}");
        rest(&mut text, rules, catalog);
        return text;
    }
    needs(&mut text, "Needs", &rules.needs, catalog);
    for (name, feature) in &rules.features {
        let heading = format!("Feature `{name}`: {}", escaped(&feature.summary));
        needs(&mut text, &heading, &feature.needs, catalog);
        if let Some(origin) = feature_origin(feature) {
            let _ = writeln!(text, "\n{}", escaped(&origin));
        }
    }
    let all: Vec<_> = rules.all_needs().map(|(_, needs)| needs).collect();
    text.push('\n');
    for line in legend(&all) {
        let _ = writeln!(text, "{}  ", escaped(line));
    }
    text.push_str("Everything else: None.\n");
    rest(&mut text, rules, catalog);
    text
}

fn needs(text: &mut String, heading: &str, needs: &Needs, catalog: &Catalog) {
    let _ = write!(text, "\n## {heading}\n");
    if needs.is_empty() {
        text.push_str("\nNothing beside what a feature needs.\n");
    }
    for module in by_module(needs, catalog) {
        let _ =
            write!(text, "\n| {} | Add | Edit | Delete | Inquire |\n|---|---|---|---|---|\n", module.module);
        for (target, need) in &module.rows {
            let levels = Verb::ALL.map(|verb| escaped(&level(need, verb)));
            let _ = writeln!(text, "| {} | {} |", escaped(&row_name(*target, catalog)), levels.join(" | "));
        }
    }
    let notes = notes(needs, catalog);
    bullets(text, "", notes.iter().map(|(name, note)| format!("{}: {}", escaped(name), escaped(note))));
}

fn rest(text: &mut String, rules: &RuleFile, catalog: &Catalog) {
    for (heading, rows) in [("In doubt", doubts(rules, catalog)), ("The vendor's side", facts(rules))] {
        bullets(
            text,
            heading,
            rows.iter().map(|(name, note)| format!("{}: {}", escaped(name), escaped(note))),
        );
    }
    let member = &rules.member;
    let fields = [("Level", &member.level), ("Location", &member.location), ("Boards", &member.boards)];
    let fields = fields
        .into_iter()
        .filter_map(|(label, field)| Some(format!("{label}: {}", escaped(field.as_ref()?))));
    bullets(text, "The API member", fields.chain(member.notes.iter().map(|note| escaped(note))));
    let advice = advice(&rules.advice, catalog);
    bullets(
        text,
        "Less may do",
        advice.iter().map(|(name, note)| format!("{}: {}", escaped(name), escaped(note))),
    );
    if let Some(checklist) = &rules.checklist {
        let console = checklist.console.as_deref().unwrap_or("the vendor's console");
        let _ = write!(text, "\n## Then, in {}\n\n", escaped(console));
        for (i, step) in checklist.steps.iter().enumerate() {
            let _ = writeln!(text, "{}. {}", i + 1, escaped(step));
        }
    }
}

fn bullets(text: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let heading = if heading.is_empty() { String::new() } else { format!("## {heading}\n\n") };
        let _ = write!(text, "\n{heading}");
    }
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

/// An address as a link where it is one, else as it is.
fn link(source: &str) -> String {
    let is_link = source.starts_with("https://") || source.starts_with("http://");
    if is_link && !source.contains(['<', '>', ' ']) { format!("<{source}>") } else { escaped(source) }
}

/// Text that means nothing to Markdown.
pub(crate) fn escaped(text: &str) -> String {
    printable(text).chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '!' | '@') {
            safe.push('\\');
        }
        safe.push(c);
        safe
    })
}
