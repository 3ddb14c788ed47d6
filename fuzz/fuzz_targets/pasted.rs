//! Pasted pages: whatever the text, reading ends; each of its lines is accounted for, what is left out is
//! said, and what is written as a rule file reads back.

#![no_main]

use std::sync::{Arc, LazyLock};

use leastwise::rules::pasted::{self, Fate, Pasted};
use leastwise::rules::{Catalog, built_in_catalog};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| built_in_catalog().unwrap_or_else(|problems| panic!("{problems}")));

/// A word that no page has.
const CANARY: &str = "zqvjk";

fuzz_target!(|text: &str| {
    let lines = text.matches('\n').count() + 1;
    match pasted::read("page", text, &CATALOG) {
        Ok(pasted) => {
            accounts_for_every_line(&pasted, text);
            assert!(!pasted.needs.is_empty());
            assert!(!pasted.to_string().is_empty());
            keeps_a_strange_line(text);
        }
        Err(problems) => {
            assert!(!problems.0.is_empty());
            for problem in &problems.0 {
                assert!((1..=lines).contains(&problem.line), "{problem}");
            }
        }
    }
});

/// Whether the text may be one in which lines are no rows, or hide in marks of Markdown and HTML.
fn has_marks(text: &str) -> bool {
    text.contains(['<', '[', '`', '"', '\r', '\u{b}', '\u{c}']) || text.contains("sep=")
}

fn accounts_for_every_line(pasted: &Pasted, text: &str) {
    let mut last = 0;
    for own in &pasted.account {
        assert!(own.lines.0 <= own.lines.1 && own.lines.0 >= last, "{own:?}\n{text}");
        last = own.lines.0;
        let is_said = || pasted.left_out.iter().any(|left| left.line <= own.lines.1);
        assert!(own.fate != Fate::LeftOut || is_said(), "{own:?}\n{text}");
    }
    if has_marks(text) {
        return;
    }
    for (index, line) in text.lines().enumerate().filter(|(_, line)| line.contains(|c: char| c.is_ascii_alphanumeric())) {
        let is_own = |own: &&pasted::Accounted| (own.lines.0..=own.lines.1).contains(&(index + 1));
        assert!(pasted.account.iter().any(|own| is_own(&own)), "line {} \"{line}\" of\n{text}", index + 1);
    }
}

/// A line more, of a word that nobody knows, is a doubt, is said, or is refused.
fn keeps_a_strange_line(text: &str) {
    if has_marks(text) {
        return;
    }
    let more = format!("{text}\n{CANARY}\n");
    if let Ok(pasted) = pasted::read("page", &more, &CATALOG) {
        assert!(format!("{pasted:?}").contains(CANARY), "{more}");
    }
}
