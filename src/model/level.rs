//! Levels and verbs: how much a security role grants, and of what.

use std::cmp::Ordering;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Name;

/// What a grant lets its holder do with a function, in the order of the PSA's role screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Create records.
    Add,
    /// Change records.
    Edit,
    /// Remove records.
    Delete,
    /// Read records.
    Inquire,
}

impl Verb {
    /// All four, in the order of the screen's columns.
    pub const ALL: [Self; 4] = [Self::Add, Self::Edit, Self::Delete, Self::Inquire];

    /// The lower-case word that files and reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Inquire => "inquire",
        }
    }

    /// The verb of this lower-case word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == word)
    }

    /// The heading of its column on the PSA's role screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Edit => "Edit",
            Self::Delete => "Delete",
            Self::Inquire => "Inquire",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many records a grant reaches. The order is that of access: `None < My < All`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Level {
    /// No record.
    #[default]
    None,
    /// The member's own records, or those assigned to it.
    My,
    /// Every record.
    All,
}

impl Level {
    /// All levels, from the least to the most.
    pub const ALL: [Self; 3] = [Self::None, Self::My, Self::All];

    /// The PSA's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::My => "My",
            Self::All => "All",
        }
    }

    /// Reads the PSA's word in any case; `None` for a word that it is not known to use.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(word.trim()))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the PSA said about one verb of one setting.
///
/// Only a grant that was read as a level compares with levels; the others compare with nothing,
/// so that no rule can pass or fail on what was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A level that is understood.
    Level(Level),
    /// Null: the PSA does not offer this verb for this function.
    NotOffered,
    /// A word that leastwise does not know.
    Unknown(Name),
    /// The field was not in the answer at all.
    Absent,
}

impl Grant {
    /// Reads a level word of the PSA; an unknown one is kept as it came.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Level::from_word(word).map_or_else(|| Self::Unknown(word.into()), Self::Level)
    }

    /// For a field that is missing: `#[serde(default = "Grant::absent")]`.
    #[must_use]
    pub const fn absent() -> Self {
        Self::Absent
    }

    /// The level, where one was understood.
    #[must_use]
    pub const fn level(&self) -> Option<Level> {
        match self {
            Self::Level(level) => Some(*level),
            Self::NotOffered | Self::Unknown(_) | Self::Absent => None,
        }
    }
}

impl PartialEq<Level> for Grant {
    fn eq(&self, other: &Level) -> bool {
        self.level() == Some(*other)
    }
}

impl PartialOrd<Level> for Grant {
    fn partial_cmp(&self, other: &Level) -> Option<Ordering> {
        self.level().map(|level| level.cmp(other))
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => level.fmt(f),
            Self::NotOffered => f.write_str("not offered"),
            Self::Unknown(word) => write!(f, "\"{word}\""),
            Self::Absent => f.write_str("absent"),
        }
    }
}

/// Reads whatever stands where a level should: a word, null, or something else, which is unknown.
impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GrantVisitor)
    }
}

struct GrantVisitor;

impl<'de> Visitor<'de> for GrantVisitor {
    type Value = Grant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a level")
    }

    fn visit_str<E>(self, word: &str) -> Result<Grant, E> {
        Ok(Grant::from_word(word))
    }

    fn visit_unit<E>(self) -> Result<Grant, E> {
        Ok(Grant::NotOffered)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Grant, E> {
        Ok(Grant::Unknown(value.to_string().into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Grant, E> {
        Ok(Grant::Unknown(value.to_string().into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Grant, E> {
        Ok(Grant::Unknown(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Grant, E> {
        Ok(Grant::Unknown(value.to_string().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Grant, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Grant::Unknown("a list".into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Grant, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Grant::Unknown("an object".into()))
    }
}

/// What the PSA said about the four verbs of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants([Grant; 4]);

impl Grants {
    /// Asks `read` for each verb in turn.
    pub fn from_fn(read: impl FnMut(Verb) -> Grant) -> Self {
        Self(Verb::ALL.map(read))
    }

    /// What was said about `verb`.
    #[must_use]
    pub const fn of(&self, verb: Verb) -> &Grant {
        &self.0[verb as usize]
    }

    /// Replaces what was said about `verb`.
    pub fn set(&mut self, verb: Verb, grant: Grant) {
        self.0[verb as usize] = grant;
    }

    /// Each verb with what was said about it, in the order of the screen.
    pub fn iter(&self) -> impl Iterator<Item = (Verb, &Grant)> {
        Verb::ALL.into_iter().zip(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::value::{BytesDeserializer, Error};

    use super::{Grant, Grants, Level, Verb};

    #[test]
    fn levels_are_ordered_by_access() {
        assert!(Level::None < Level::My && Level::My < Level::All);
    }

    #[test]
    fn level_words_are_read_in_any_case() {
        assert_eq!(Grant::from_word("NONE"), Grant::Level(Level::None));
        assert_eq!(Grant::from_word(" all"), Grant::Level(Level::All));
        assert_eq!(Grant::from_word("Mine"), Grant::Unknown("Mine".into()));
    }

    #[test]
    fn what_was_not_understood_compares_with_nothing() {
        for grant in [Grant::Unknown("Mine".into()), Grant::NotOffered, Grant::Absent] {
            for level in Level::ALL {
                assert_eq!(grant.partial_cmp(&level), None);
                assert!(grant != level);
                assert!(!(grant < level) && !(grant > level));
            }
        }
    }

    #[test]
    fn whatever_stands_where_a_level_should_is_read_and_never_taken_for_one() {
        for (json, grant, shown) in [
            (r#""My""#, Grant::Level(Level::My), "My"),
            ("null", Grant::NotOffered, "not offered"),
            ("true", Grant::Unknown("true".into()), "\"true\""),
            ("-3", Grant::Unknown("-3".into()), "\"-3\""),
            ("3", Grant::Unknown("3".into()), "\"3\""),
            ("0.5", Grant::Unknown("0.5".into()), "\"0.5\""),
            (r#"["All"]"#, Grant::Unknown("a list".into()), "\"a list\""),
            (r#"{"All":1}"#, Grant::Unknown("an object".into()), "\"an object\""),
        ] {
            let read: Grant = serde_json::from_str(json).expect(json);
            assert_eq!((&read, read.to_string().as_str()), (&grant, shown), "{json}");
        }
        let error =
            Grant::deserialize(BytesDeserializer::<Error>::new(b"All")).expect_err("bytes are in no JSON");
        assert_eq!(error.to_string(), "invalid type: byte array, expected a level");
        assert_eq!((Grant::absent(), Grant::absent().to_string().as_str()), (Grant::Absent, "absent"));
    }

    #[test]
    fn the_four_verbs_stand_in_the_order_of_the_screen() {
        assert_eq!(Verb::ALL.map(Verb::title), ["Add", "Edit", "Delete", "Inquire"]);
        assert_eq!(Verb::ALL.map(|verb| verb.to_string()), ["add", "edit", "delete", "inquire"]);
        let mut grants = Grants::from_fn(|verb| Grant::Unknown(verb.as_str().into()));
        grants.set(Verb::Delete, Grant::Level(Level::All));
        let said: Vec<_> = grants.iter().map(|(verb, grant)| format!("{verb} {grant}")).collect();
        assert_eq!(said, ["add \"add\"", "edit \"edit\"", "delete All", "inquire \"inquire\""]);
        assert!(*grants.of(Verb::Delete) > Level::My && *grants.of(Verb::Delete) == Level::All);
    }
}
