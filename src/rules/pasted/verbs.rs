//! Verbs and levels as vendors write them.

use crate::model::{Level, Verb};

/// Words for verbs, in lower case, other than the PSA's own.
const OTHER_WORDS: [(&str, Verb); 22] = [
    ("inquiry", Verb::Inquire),
    ("inquiries", Verb::Inquire),
    ("enquire", Verb::Inquire),
    ("enquiry", Verb::Inquire),
    ("view", Verb::Inquire),
    ("read", Verb::Inquire),
    ("create", Verb::Add),
    ("adding", Verb::Add),
    ("creating", Verb::Add),
    ("editing", Verb::Edit),
    ("deleting", Verb::Delete),
    ("inquiring", Verb::Inquire),
    ("viewing", Verb::Inquire),
    ("reading", Verb::Inquire),
    ("write", Verb::Edit),
    ("update", Verb::Edit),
    ("modify", Verb::Edit),
    ("change", Verb::Edit),
    ("remove", Verb::Delete),
    ("del", Verb::Delete),
    ("inq", Verb::Inquire),
    ("addition", Verb::Add),
];

/// Words between verbs and levels that say nothing.
const FILLERS: [&str; 18] = [
    "and",
    "level",
    "levels",
    "set",
    "to",
    "access",
    "only",
    "permission",
    "permissions",
    "at",
    "with",
    "be",
    "is",
    "must",
    "should",
    "required",
    "rights",
    "right",
];

/// A few of the four verbs, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verbs {
    order: [Option<Verb>; 4],
}

impl Verbs {
    pub(super) const ADD: Self = Self::one(Verb::Add);
    pub(super) const EDIT: Self = Self::one(Verb::Edit);
    pub(super) const DELETE: Self = Self::one(Verb::Delete);
    pub(super) const INQUIRE: Self = Self::one(Verb::Inquire);

    const fn one(verb: Verb) -> Self {
        Self { order: [Some(verb), None, None, None] }
    }

    /// Each once.
    pub(super) fn of(verbs: &[Verb]) -> Self {
        let mut order = [None; 4];
        let mut places = order.iter_mut();
        for (index, verb) in verbs.iter().enumerate() {
            if !verbs[..index].contains(verb)
                && let Some(place) = places.next()
            {
                *place = Some(*verb);
            }
        }
        Self { order }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Verb> {
        self.order.into_iter().flatten()
    }

    pub(super) fn len(self) -> usize {
        self.iter().count()
    }
}

/// What a cell under a verb says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing at all.
    Blank,
    /// That nothing is needed.
    Nothing,
    /// A level.
    Level(Level),
    /// That the verb is needed, without a level.
    Needed,
    /// A level for each of the column's verbs.
    Each(Vec<Level>),
    /// Something else.
    Strange,
}

/// The verb that a word means.
pub(super) fn verb(word: &str) -> Option<Verb> {
    let word = word.to_lowercase();
    Verb::from_word(&word)
        .or_else(|| OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, verb)| *verb))
}

/// The level that a word means.
pub(super) fn level(word: &str) -> Option<Level> {
    if word.eq_ignore_ascii_case("mine") { Some(Level::My) } else { Level::from_word(word) }
}

/// Whether a cell is a level, a mark for one, or says that there is none.
pub(super) fn is_level(text: &str) -> bool {
    let (said, _) = cell(text);
    !matches!(said, Said::Blank | Said::Strange)
}

/// Words behind a level that add nothing to it.
const SAYS_NOTHING: [&str; 8] =
    ["access", "level", "needed", "required", "permission", "permissions", "rights", "necessary"];

/// What a cell under a verb says, and what it says beyond that.
pub(super) fn cell(text: &str) -> (Said, String) {
    let text = text.trim();
    let is_end = |c: char| {
        c.is_whitespace()
            || matches!(c, '(' | ',' | ';' | ':' | '/' | '[' | '*' | '†' | '‡' | '§' | '¹' | '²' | '³')
    };
    let end = text.find(is_end).unwrap_or(text.len());
    // "n/a" holds what else ends a word.
    let end = if text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("n/a")) { 3 } else { end };
    let (word, rest) = text.split_at(end);
    let said = match word.to_lowercase().as_str() {
        "" if rest.is_empty() => Said::Blank,
        "-" | "–" | "—" | "no" | "n/a" | "na" | "0" | "false" | "not" | "✗" | "✘" | "❌" | "☐" | "○" => {
            Said::Nothing
        }
        "x" | "✓" | "✔" | "✔️" | "✅" | "☑" | "☑️" | "●" | "•" | "yes" | "y" | "required" | "needed"
        | "1" | "true" | "full" => Said::Needed,
        other => match level(other) {
            Some(Level::None) => Said::Nothing,
            Some(level) => Said::Level(level),
            None => return (Said::Strange, text.to_owned()),
        },
    };
    let parts: Vec<_> =
        text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | ';' | '|')).collect();
    let each: Option<Vec<_>> = parts.iter().filter(|part| !part.is_empty()).map(|part| level(part)).collect();
    if let Some(each) = each.filter(|each| each.len() > 1) {
        return (Said::Each(each), String::new());
    }
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':'));
    let says_more =
        rest.split(|c: char| !c.is_alphanumeric()).any(|word| level(word).is_some() || verb(word).is_some());
    let is_remark = rest.starts_with(['(', '[', '*', '†', '‡', '§', '¹', '²', '³']) || !says_more;
    let mut words = rest.split_whitespace();
    if !rest.is_empty() && words.all(|word| SAYS_NOTHING.contains(&word.to_lowercase().as_str())) {
        return (said, String::new());
    }
    // "No tickets yet" is not "tickets yet".
    if said == Said::Nothing && is_remark && rest.starts_with(char::is_alphanumeric) {
        return (said, text.to_owned());
    }
    if is_remark { (said, rest.to_owned()) } else { (Said::Strange, text.to_owned()) }
}

/// Verbs with their levels out of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// Each verb, with its level where one is said.
    pub(super) verbs: Vec<(Verb, Option<Level>)>,
    /// A level that no verb goes with.
    pub(super) level: Option<Level>,
    /// What stands beside them.
    pub(super) rest: String,
}

impl Listed {
    /// Nothing was said in it.
    pub(super) fn is_empty(&self) -> bool {
        self.verbs.is_empty() && self.level.is_none()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Verb(Verb),
    Level(Level),
    Full,
    /// Add and Edit.
    Write,
    /// Between a verb and its level.
    Gives,
    /// Between one verb and the next.
    And,
    /// Between clauses.
    Break,
    /// Nothing more is said from here on, but a remark.
    Remark,
    Strange,
}

/// Verbs with levels out of one cell, such as "Add, Edit = All; Inquire: My" or "Inquire (All)".
///
/// # Errors
/// The first word that is neither a verb nor a level, where it cannot be a remark.
pub(super) fn list(text: &str) -> Result<Listed, String> {
    let mut listed = Listed::default();
    let mut clause = Clause::default();
    let mut last = Token::Break;
    let mut writes = false;
    let tokens = tokens(text);
    for (index, &(token, start, word)) in tokens.iter().enumerate() {
        match token {
            Token::Verb(verb) => clause.verb(verb),
            Token::Level(level) => {
                let next = tokens.get(index + 1).map(|(token, _, _)| *token);
                clause.level(level, next).map_err(|()| word.to_owned())?;
            }
            Token::Full => Verb::ALL.into_iter().for_each(|verb| {
                clause.verb(verb);
                clause.give(Level::All);
            }),
            // Who writes creates, too, where the vendor has no word of its own for that.
            Token::Write => {
                clause.verb(Verb::Add);
                clause.verb(Verb::Edit);
                writes = true;
            }
            Token::Gives | Token::And => {}
            Token::Break => std::mem::take(&mut clause).end(&mut listed),
            Token::Remark | Token::Strange => {
                let rest = text[start..].trim();
                let begins_another = last == Token::And || (token == Token::Strange && last == Token::Break);
                let nothing_yet = clause.is_empty() && listed.is_empty();
                if nothing_yet
                    || (token == Token::Strange && begins_another)
                    || (token == Token::Strange && says_more(rest))
                {
                    return Err(word.to_owned());
                }
                rest.clone_into(&mut listed.rest);
                break;
            }
        }
        last = token;
    }
    clause.end(&mut listed);
    if writes
        && listed.rest.is_empty()
        && !tokens.iter().any(|(token, _, _)| *token == Token::Verb(Verb::Add))
    {
        WRITE_IS_BOTH.clone_into(&mut listed.rest);
    }
    Ok(listed)
}

/// What is said where a page writes Write.
pub(super) const WRITE_IS_BOTH: &str = "(Write is read as Add and Edit)";

/// Whether a text has verbs, levels or a "not" in it.
fn says_more(text: &str) -> bool {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    words.filter(|word| !word.is_empty()).any(|word| {
        level(word).is_some_and(|_| !word.eq_ignore_ascii_case("all"))
            || verb(word).is_some()
            || ["not", "no", "except", "without", "don't", "never"].contains(&word.to_lowercase().as_str())
    })
}

/// Verbs and levels between two breaks.
#[derive(Default)]
struct Clause {
    verbs: Vec<(Verb, Option<Level>)>,
    /// How many of the verbs wait for a level.
    waiting: usize,
    /// A level in front of the verbs, which is theirs.
    leading: Option<Level>,
}

impl Clause {
    const fn is_empty(&self) -> bool {
        self.verbs.is_empty() && self.leading.is_none()
    }

    fn verb(&mut self, verb: Verb) {
        self.verbs.push((verb, self.leading));
        self.waiting += usize::from(self.leading.is_none());
    }

    /// A level belongs to every verb since the last one ("Add, Edit = All"), or to those that follow
    /// ("All: Add, Edit").
    fn level(&mut self, level: Level, next: Option<Token>) -> Result<(), ()> {
        let leads = self.verbs.is_empty() || (self.waiting == 0 && matches!(next, Some(Token::Gives)));
        if leads && self.leading.is_none_or(|_| !self.verbs.is_empty()) {
            self.leading = Some(level);
            return Ok(());
        }
        if self.waiting == 0 {
            Err(())
        } else {
            self.give(level);
            Ok(())
        }
    }

    fn give(&mut self, level: Level) {
        let from = self.verbs.len() - self.waiting;
        for (_, own) in &mut self.verbs[from..] {
            *own = Some(level);
        }
        self.waiting = 0;
    }

    fn end(self, listed: &mut Listed) {
        if self.verbs.is_empty() {
            listed.level = listed.level.or(self.leading);
        }
        listed.verbs.extend(self.verbs);
    }
}

/// The tokens of a text, with the place and the word of each.
fn tokens(text: &str) -> Vec<(Token, usize, &str)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut is_open = false;
    while let Some(c) = text[at..].chars().next() {
        // A raised number is a footnote's.
        let is_word = |c: char| (c.is_alphanumeric() && !is_raised(c)) || c == '\'' || c == '’';
        let length = if is_word(c) {
            text[at..].find(|c: char| !is_word(c)).unwrap_or(text.len() - at)
        } else {
            c.len_utf8()
        };
        let word = &text[at..at + length];
        let token = match c {
            _ if is_word(c) => of_word(word),
            ':' | '=' | '→' | '>' | '-' | '–' | '—' => Some(Token::Gives),
            ',' | '/' | '&' | '+' | '|' => Some(Token::And),
            ';' | '\n' | '•' => Some(Token::Break),
            // "Inquire (All)" is no remark.
            '(' | '[' => {
                let inner = text[at + 1..].split([')', ']']).next().unwrap_or_default();
                let is_plain = !inner.trim().is_empty()
                    && inner
                        .split(|c: char| !is_word(c))
                        .filter(|word| !word.is_empty())
                        .all(|word| !matches!(of_word(word), Some(Token::Strange)));
                is_open = is_plain;
                (!is_plain).then_some(Token::Remark)
            }
            ')' | ']' if is_open => None,
            '.' | '"' | '“' | '”' => None,
            c if c.is_whitespace() => None,
            _ => Some(Token::Remark),
        };
        tokens.extend(token.map(|token| (token, at, word)));
        at += length;
    }
    tokens
}

const fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

fn of_word(word: &str) -> Option<Token> {
    if FILLERS.contains(&word.to_lowercase().as_str()) {
        return None;
    }
    if word.eq_ignore_ascii_case("full") {
        return Some(Token::Full);
    }
    if word.eq_ignore_ascii_case("write") {
        return Some(Token::Write);
    }
    verb(word).map(Token::Verb).or_else(|| level(word).map(Token::Level)).or(Some(Token::Strange))
}

#[cfg(test)]
mod tests {
    use super::{Listed, Said, Verbs, WRITE_IS_BOTH, cell, list};
    use crate::model::{Level, Verb};

    const ALL: Option<Level> = Some(Level::All);
    const MY: Option<Level> = Some(Level::My);

    #[test]
    fn cells_are_read_as_vendors_write_them() {
        for (text, said, rest) in [
            ("All", Said::Level(Level::All), ""),
            (" all (set-up only)", Said::Level(Level::All), "(set-up only)"),
            ("All*", Said::Level(Level::All), "*"),
            ("All († See Below)", Said::Level(Level::All), "(† See Below)"),
            ("X", Said::Needed, ""),
            ("—", Said::Nothing, ""),
            ("N/A", Said::Nothing, ""),
            ("None", Said::Nothing, ""),
            ("", Said::Blank, ""),
            ("All access", Said::Level(Level::All), ""),
            ("No access needed", Said::Nothing, ""),
            ("No tickets yet", Said::Nothing, "No tickets yet"),
            ("All / My / None", Said::Each(vec![Level::All, Level::My, Level::None]), ""),
            ("Sometimes", Said::Strange, "Sometimes"),
            ("All, Edit: My", Said::Strange, "All, Edit: My"),
        ] {
            assert_eq!(cell(text), (said, rest.to_owned()), "{text}");
        }
    }

    #[test]
    fn lists_of_verbs_carry_their_levels() {
        use Verb::{Add, Edit, Inquire};
        for (text, verbs) in [
            ("Add, Edit = All; Inquire: My", vec![(Add, ALL), (Edit, ALL), (Inquire, MY)]),
            ("Inquire (All)", vec![(Inquire, ALL)]),
            ("Inquire Only", vec![(Inquire, None)]),
            ("View and Create", vec![(Inquire, None), (Add, None)]),
            ("All: Add, Inquire", vec![(Add, ALL), (Inquire, ALL)]),
            ("All: Add, Edit; My: Inquire", vec![(Add, ALL), (Edit, ALL), (Inquire, MY)]),
            ("All: Add, Edit, My: Inquire", vec![(Add, ALL), (Edit, ALL), (Inquire, MY)]),
            ("Add/Edit/Enquire - All", vec![(Add, ALL), (Edit, ALL), (Inquire, ALL)]),
            ("Add Level = All\nInquire Level = My", vec![(Add, ALL), (Inquire, MY)]),
            ("Add Level set to MY Inquire Level set to ALL", vec![(Add, MY), (Inquire, ALL)]),
        ] {
            assert_eq!(list(text), Ok(Listed { verbs, ..Listed::default() }), "{text}");
        }
        assert_eq!(list("Full access").map(|listed| listed.verbs.len()), Ok(4));
        assert_eq!(list("All"), Ok(Listed { level: ALL, ..Listed::default() }));
    }

    #[test]
    fn who_writes_creates_too_and_that_is_said() {
        let listed = list("Read/Write").expect("verbs");
        assert_eq!(listed.verbs, [(Verb::Inquire, None), (Verb::Add, None), (Verb::Edit, None)]);
        assert_eq!(listed.rest, WRITE_IS_BOTH);
        assert_eq!(list("Read, Add, Write").map(|listed| listed.rest), Ok(String::new()));
    }

    #[test]
    fn a_remark_is_kept_and_a_strange_word_is_an_error() {
        let rest = |text| list(text).map(|listed| listed.rest);
        for (text, kept) in [
            ("Inquire All * only for billing", "* only for billing"),
            ("Inquire = All (see below)", "(see below)"),
            ("Inquire = All for the sync", "for the sync"),
            ("Inquire = All - maps customers", "maps customers"),
            ("Inquire = All²", "²"),
            ("All¹", "¹"),
        ] {
            assert_eq!(rest(text), Ok(kept.to_owned()), "{text}");
        }
        for (text, word) in [
            ("Add, Purge", "Purge"),
            ("Sometimes", "Sometimes"),
            ("Inquire = All, but not Delete", "but"),
            ("Inquire = All Otherwise Edit = My", "Otherwise"),
            ("Inquire = All, My", "My"),
        ] {
            assert_eq!(rest(text), Err(word.to_owned()), "{text}");
        }
    }

    #[test]
    fn verbs_of_a_heading_stand_once_in_its_order() {
        let verbs = Verbs::of(&[Verb::Edit, Verb::Add, Verb::Edit]);
        assert_eq!(verbs.iter().collect::<Vec<_>>(), [Verb::Edit, Verb::Add]);
        assert_eq!(verbs.len(), 2);
    }
}
