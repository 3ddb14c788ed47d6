//! Names of modules and functions as vendors write them: with marks, remarks and words around them.

use super::super::catalog::{Catalog, ModuleId};
use super::markup::marks;

/// Words around a module's name that are no part of it.
const AROUND: [&str; 12] = [
    "security",
    "module",
    "modules",
    "the",
    "in",
    "for",
    "section",
    "tab",
    "under",
    "permissions",
    "role",
    "area",
];

/// A function's name without footnote marks and without a remark in parentheses, such as "(see below)".
pub(super) fn alone(text: &str) -> &str {
    let name = text.split('(').next().unwrap_or(text);
    marks(name).0.trim_end_matches([':', '-', '–', '—', ' ']).trim()
}

/// What stands beside a name: footnote marks and the remark in parentheses.
pub(super) fn beside(text: &str) -> String {
    let (_, marks) = marks(text.split('(').next().unwrap_or(text));
    let remark = text.find('(').map_or("", |at| &text[at..]).trim();
    // The link of a row with a list says nothing about it.
    let remark = if remark.eq_ignore_ascii_case("(customize)") || remark.eq_ignore_ascii_case("(customise)") {
        ""
    } else {
        remark
    };
    [marks.as_str(), remark].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The module that a text names and nothing else: "Companies", "Companies Security Module", "Module: Finance".
pub(super) fn module(text: &str, catalog: &Catalog) -> Option<ModuleId> {
    let name = alone(text);
    if let Some(id) = catalog.find_module(name) {
        return Some(id);
    }
    let words = name
        .split(|c: char| c.is_whitespace() || c == ':')
        .filter(|word| !word.is_empty() && !AROUND.contains(&word.to_lowercase().as_str()));
    let rest = words.collect::<Vec<_>>().join(" ");
    if rest.is_empty() { None } else { catalog.find_module(&rest) }
}

/// The module of which a sentence speaks: the one that it names right before or after the word "module".
pub(super) fn module_of_sentence(text: &str, catalog: &Catalog) -> Option<ModuleId> {
    const LONGEST: usize = 4;
    let words: Vec<_> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '&')).filter(|word| !word.is_empty()).collect();
    let mut found = None;
    for (at, _) in words.iter().enumerate().filter(|(_, word)| word.eq_ignore_ascii_case("module")) {
        let before = (at.saturating_sub(LONGEST)..at).map(|start| &words[start..at]);
        let after = (at + 2..=(at + 1 + LONGEST).min(words.len())).rev().map(|end| &words[at + 1..end]);
        let id = before.chain(after).find_map(|words| catalog.find_module(&words.join(" ")))?;
        if found.is_some_and(|own| own != id) {
            return None;
        }
        found = Some(id);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{alone, beside, module, module_of_sentence};
    use crate::rules::built_in_catalog;

    #[test]
    fn a_name_is_told_from_what_stands_beside_it() {
        for (text, name, rest) in [
            ("Table Setup*", "Table Setup", "*"),
            ("Contacts (see below)", "Contacts", "(see below)"),
            ("Table Setup (customize)", "Table Setup", ""),
            ("Contacts† (optional)", "Contacts", "† (optional)"),
            ("Contacts:", "Contacts", ""),
        ] {
            assert_eq!((alone(text), beside(text).as_str()), (name, rest), "{text}");
        }
    }

    #[test]
    fn a_module_is_known_with_the_words_around_it_and_a_sentence_names_one() {
        let catalog = built_in_catalog().expect("the catalog");
        let name = |id| catalog.module_name(id).to_owned();
        for text in
            ["Finance", "Finance Module", "Finance Security Module:", "Module: Finance", "the Finance tab"]
        {
            assert_eq!(module(text, &catalog).map(name).as_deref(), Some("Finance"), "{text}");
        }
        assert_eq!(module("Module", &catalog), None);
        for (text, said) in [
            ("Set these in the Service Desk module.", Some("Service Desk")),
            ("In module Time & Expense, set:", Some("Time & Expense")),
            ("Open the Finance module, then the System module", None),
            ("Open the module", None),
        ] {
            assert_eq!(module_of_sentence(text, &catalog).map(name).as_deref(), said, "{text}");
        }
    }
}
