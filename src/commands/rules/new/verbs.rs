//! Verbs and levels as vendors' tables write them.

use crate::model::{Level, Verb};
use crate::rules::{Need, NeedLevel};

/// Words for verbs, in lower case, other than the PSA's own.
const OTHER_WORDS: [(&str, Verb); 13] = [
    ("inquiry", Verb::Inquire),
    ("enquire", Verb::Inquire),
    ("enquiry", Verb::Inquire),
    ("view", Verb::Inquire),
    ("read", Verb::Inquire),
    ("create", Verb::Add),
    ("write", Verb::Edit),
    ("update", Verb::Edit),
    ("modify", Verb::Edit),
    ("change", Verb::Edit),
    ("remove", Verb::Delete),
    ("del", Verb::Delete),
    ("inq", Verb::Inquire),
];

/// What a cell under a verb says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing, or that nothing is needed.
    Nothing,
    /// A level.
    Level(Level),
    /// That the verb is needed, without a level.
    Needed,
    /// Something else.
    Strange,
}

/// The verb that a word means.
pub(super) fn verb(word: &str) -> Option<Verb> {
    let word = word.to_lowercase();
    let own = Verb::ALL.into_iter().find(|verb| verb.as_str() == word);
    own.or_else(|| OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, verb)| *verb))
}

/// What a cell under a verb says, and what it says beyond that.
pub(super) fn cell(text: &str) -> (Cell, &str) {
    let text = text.trim().trim_matches('*').trim();
    let end =
        text.find(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | ';' | ':')).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':'));
    let cell = match word.to_lowercase().as_str() {
        "" | "-" | "–" | "—" | "no" | "n/a" | "na" | "0" | "false" | "not" | "✗" | "✘" | "❌" => {
            Cell::Nothing
        }
        "mine" => Cell::Level(Level::My),
        "x" | "✓" | "✔" | "✔️" | "✅" | "yes" | "y" | "required" | "needed" | "1" | "true" => {
            Cell::Needed
        }
        other => Level::from_word(other).map_or(Cell::Strange, Cell::Level),
    };
    (cell, rest)
}

/// Verbs with levels out of one cell, such as "Add, Edit = All; Inquire: My" or "Inquire (All)".
///
/// # Errors
/// The first word that is neither a verb nor a level.
pub(super) fn list(text: &str, default: Option<Level>) -> Result<Vec<(Verb, Option<Level>)>, String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| {
        !word.is_empty()
            && !matches!(word.to_lowercase().as_str(), "and" | "level" | "set" | "to" | "access" | "only")
    });
    let mut found: Vec<(Verb, Option<Level>)> = Vec::new();
    let mut without_level = 0;
    let mut leading = None;
    for word in words {
        if let Some(verb) = verb(word) {
            found.push((verb, leading.or(default)));
            if leading.is_none() {
                without_level += 1;
            }
        } else if let Some(level) = Level::from_word(word) {
            if found.is_empty() {
                leading = Some(level);
            }
            // A level belongs to every verb since the last one: "Add, Edit = All".
            let from = found.len() - without_level;
            for (_, own) in &mut found[from..] {
                *own = Some(level);
            }
            without_level = 0;
        } else if word.eq_ignore_ascii_case("full") {
            found.extend(Verb::ALL.map(|verb| (verb, Some(Level::All))));
        } else {
            return Err(word.to_owned());
        }
    }
    Ok(found)
}

/// A need with these levels.
pub(super) fn need(levels: &[(Verb, Level)]) -> Need {
    let mut need = Need::default();
    for &(verb, level) in levels {
        need.levels[verb as usize] = Some(NeedLevel { level, implied: false, setup_only: false });
    }
    need
}

#[cfg(test)]
mod tests {
    use super::{Cell, cell, list};
    use crate::model::{Level, Verb};

    #[test]
    fn cells_are_read_as_vendors_write_them() {
        assert_eq!(cell("All"), (Cell::Level(Level::All), ""));
        assert_eq!(cell(" all (set-up only)"), (Cell::Level(Level::All), "(set-up only)"));
        assert_eq!(cell("X"), (Cell::Needed, ""));
        assert_eq!(cell("—"), (Cell::Nothing, ""));
        assert_eq!(cell("Sometimes").0, Cell::Strange);
    }

    #[test]
    fn lists_of_verbs_carry_their_levels() {
        let all = Some(Level::All);
        assert_eq!(
            list("Add, Edit = All; Inquire: My", None),
            Ok(vec![(Verb::Add, all), (Verb::Edit, all), (Verb::Inquire, Some(Level::My))])
        );
        assert_eq!(list("Inquire (All)", None), Ok(vec![(Verb::Inquire, all)]));
        assert_eq!(list("View and Create", None), Ok(vec![(Verb::Inquire, None), (Verb::Add, None)]));
        assert_eq!(list("All: Add, Inquire", None), Ok(vec![(Verb::Add, all), (Verb::Inquire, all)]));
        assert_eq!(list("Add, Purge", None), Err("Purge".to_owned()));
    }
}
