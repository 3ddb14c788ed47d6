//! Verbs by their letters: CRUD, or the first ones of the PSA's own four.

use crate::model::Verb;

/// Verbs by their first letters, as in "CRU" or "A, E, I": of create, read, update and delete, or of the
/// PSA's own four. Letters in another order may be a word.
pub(super) fn letters(text: &str) -> Option<Vec<Verb>> {
    const OF_CRUD: [(char, Verb); 4] =
        [('C', Verb::Add), ('R', Verb::Inquire), ('U', Verb::Edit), ('D', Verb::Delete)];
    const OF_SCREEN: [(char, Verb); 4] =
        [('A', Verb::Add), ('E', Verb::Edit), ('D', Verb::Delete), ('I', Verb::Inquire)];
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let of = |known: [(char, Verb); 4]| {
        let mut verbs = Vec::new();
        for word in &words {
            let mut last = None;
            for letter in word.chars() {
                let place = known.iter().position(|(own, _)| *own == letter)?;
                if last.is_some_and(|last| last >= place) || verbs.contains(&known[place].1) {
                    return None;
                }
                last = Some(place);
                verbs.push(known[place].1);
            }
        }
        (!verbs.is_empty()).then_some(verbs)
    };
    of(OF_CRUD).or_else(|| of(OF_SCREEN))
}

#[cfg(test)]
mod tests {
    use super::letters;
    use crate::model::Verb;

    #[test]
    fn letters_are_verbs_in_their_order_alone() {
        use Verb::{Add, Delete, Edit, Inquire};
        for (text, verbs) in [
            ("R", vec![Inquire]),
            ("CRU", vec![Add, Inquire, Edit]),
            ("C, R, U, D", vec![Add, Inquire, Edit, Delete]),
            ("A/E/I", vec![Add, Edit, Inquire]),
            ("AEDI", vec![Add, Edit, Delete, Inquire]),
        ] {
            assert_eq!(letters(text), Some(verbs), "{text}");
        }
        for text in ["", "ID", "All", "CC", "AR", "a", "Read"] {
            assert_eq!(letters(text), None, "{text}");
        }
    }
}
