//! Words of ours: which texts from outside are known, and how they are shown. What somebody else wrote is
//! never repeated: what fits a list of ours is shown as the list has it, the rest is counted.

use std::sync::LazyLock;

use super::{Causes, built_in_catalog};
use crate::model::{Level, Name, Said, Verb};

/// So many names of a text are shown.
const MOST_NAMES: usize = 5;

/// Every text that may be shown although somebody else sent it.
#[derive(Debug, Default)]
pub(crate) struct Words {
    causes: Causes,
    /// Modules, functions and tables, the longest first.
    names: Vec<Name>,
}

/// The embedded lists.
pub(crate) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        // Tests hold that neither list has a fault; without one, nothing is shown.
        let causes = Causes::built_in().unwrap_or_default();
        let catalog = built_in_catalog().unwrap_or_default();
        let modules = catalog.modules().iter().map(|module| module.name.as_str());
        let functions = catalog.functions().map(|(_, function)| function.name.as_str());
        let tables = catalog.tables().iter().map(|table| table.name.as_str());
        let mut names: Vec<Name> = modules.chain(functions).chain(tables).map(Into::into).collect();
        names.sort_by_key(|name| (std::cmp::Reverse(name.len()), Name::clone(name)));
        names.dedup();
        Words { causes, names }
    });
    &WORDS
}

impl Words {
    /// What is known of a text, in our words.
    pub(crate) fn said(&self, text: &str) -> Said {
        self.said_with(None, text, &[])
    }

    /// What is known of an error of the PSA's: its code, its message, and the fields that it is about.
    pub(crate) fn said_with(&self, code: Option<&str>, message: &str, fields: &[&str]) -> Said {
        let message = message.trim();
        let code_known = code.and_then(|code| self.causes.code(code));
        let texts = self.causes.known_texts(message);
        let unknown = if !texts.is_empty() {
            None
        } else if message.is_empty() {
            code.filter(|code| code_known.is_none() && !code.trim().is_empty()).map(str::len)
        } else {
            Some(message.chars().count())
        };
        let known = code_known.into_iter().chain(texts).map(Name::from).collect();
        let fields = fields.iter().filter_map(|field| self.causes.field(field)).map(Name::from);
        let mut names = self.named(message);
        names.extend(fields);
        names.truncate(MOST_NAMES);
        Said { known, unknown, names }
    }

    /// Modules, functions and tables within a text, and the verbs and levels that stand beside them.
    fn named(&self, text: &str) -> Vec<Name> {
        let folded = text.to_lowercase();
        let mut taken = vec![false; folded.len()];
        let mut found: Vec<(usize, Name)> = Vec::new();
        for name in &self.names {
            let word = name.to_lowercase();
            let Some(at) = whole_word(&folded, &word) else { continue };
            let span = at..at + word.len();
            if !taken[span.clone()].contains(&true) {
                taken[span].fill(true);
                found.push((at, Name::clone(name)));
            }
        }
        if !found.is_empty() {
            let verbs = Verb::ALL.map(Verb::title);
            let levels = Level::ALL.map(Level::as_str);
            for word in verbs.into_iter().chain(levels) {
                // Short words of everyday use: as the PSA writes them, or not at all.
                found.extend(whole_word(text, word).map(|at| (at, word.into())));
            }
        }
        found.sort();
        found.into_iter().map(|(_, name)| name).collect()
    }

    /// Whether all that is shown of it is ours, wherever it was read from.
    pub(crate) fn knows(&self, said: &Said) -> bool {
        let is_word = |name: &str| {
            self.names.iter().any(|own| **own == *name)
                || Verb::ALL.iter().any(|verb| verb.title() == name)
                || Level::ALL.iter().any(|level| level.as_str() == name)
                || self.causes.field(name) == Some(name)
        };
        let is_known = |text: &str| self.causes.code(text) == Some(text) || self.causes.has_text(text);
        said.known.iter().all(|text| is_known(text)) && said.names.iter().all(|name| is_word(name))
    }
}

/// Where a text has a word that no letter or digit adjoins.
fn whole_word(text: &str, word: &str) -> Option<usize> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        is_edge(text[..at].chars().next_back()) && is_edge(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::model::Said;

    #[test]
    fn a_known_text_is_shown_as_the_list_has_it_and_no_other_is() {
        let said = words().said_with(
            Some("SECURITY"),
            "You do not have SECURITY permission, Jane Doe, to Inquire on service tickets.",
            &["Status/Id", "jane"],
        );
        assert_eq!(
            said.to_string(),
            " (it says: Security: do not have security permission; it names Inquire, Service Tickets, status/id)"
        );
        let said = words().said("Zugriff verweigert");
        assert_eq!(said, Said { unknown: Some(18), ..Said::default() });
        assert_eq!(words().said(" "), Said::default());
        assert_eq!(words().said_with(Some("JaneDoe"), "", &[]).unknown, Some(7));
    }

    #[test]
    fn what_another_wrote_into_a_file_is_not_taken_for_ours() {
        let said = words().said_with(Some("Security"), "Forbidden: Service Tickets", &[]);
        assert!(words().knows(&said), "{said:?}");
        for wrong in [
            Said { known: vec!["security permission of JaneDoe".into()], ..Said::default() },
            Said { names: vec!["JaneDoe".into()], ..Said::default() },
        ] {
            assert!(!words().knows(&wrong), "{wrong:?}");
        }
    }

    #[test]
    fn names_are_found_as_whole_words_and_few_of_them() {
        let all = words().names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
        assert_eq!(words().said(&all).names.len(), super::MOST_NAMES);
        assert!(words().said("Ticketsystems of Timetables").names.is_empty());
        // A letter that grows when it is folded.
        let _ = words().said("İİİİ Service Tickets İ");
    }
}
