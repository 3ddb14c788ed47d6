//! A sentence that says what is asked of the functions below it.

use super::verbs::{self, Listed, Verbs};
use crate::model::Verb;

/// The verbs and the one level of a sentence that sends to what stands below it: "Set Inquiry level to all for
/// the following functions:".
pub(super) fn of_what_follows(text: &str) -> Option<Listed> {
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.to_lowercase().as_str()));
    if !text.trim_end().ends_with(':')
        || !has(&["following", "these", "below"])
        || has(&["not", "no", "never"])
    {
        return None;
    }
    let is_verb =
        |word: &&&str| Verb::from_word(&word.to_lowercase()).is_some() || word.to_lowercase() == "inquiry";
    let verbs: Vec<_> = words.iter().filter(is_verb).filter_map(|word| verbs::verb(word)).collect();
    let mut levels = words.iter().filter_map(|word| verbs::level(word));
    let (Some(level), None) = (levels.next(), levels.next()) else { return None };
    let verbs: Vec<_> = Verbs::of(&verbs).iter().map(|verb| (verb, Some(level))).collect();
    (!verbs.is_empty()).then(|| Listed { verbs, ..Listed::default() })
}

#[cfg(test)]
mod tests {
    use super::of_what_follows;
    use crate::model::{Level, Verb};

    #[test]
    fn a_sentence_asks_where_it_sends_to_what_follows() {
        let asks = |text: &str| of_what_follows(text).map(|listed| listed.verbs);
        let all = |verb| (verb, Some(Level::All));
        for (text, verbs) in [
            ("Set Inquiry level to all for the following functions:", vec![all(Verb::Inquire)]),
            ("Add and Edit = All for these:", vec![all(Verb::Add), all(Verb::Edit)]),
        ] {
            assert_eq!(asks(text), Some(verbs), "{text}");
        }
        for text in [
            "Set Inquiry level to all for the following functions",
            "The following functions:",
            "Do not set Inquire to All for the following:",
            "Set Add to My and Edit to All for the following:",
        ] {
            assert_eq!(asks(text), None, "{text}");
        }
    }
}
