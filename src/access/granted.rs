//! The one comparison of what a role gives with what is needed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rights::Row;
use crate::model::{Grant, Level, Name, Verb};

/// What a role says about one verb of one function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Granted {
    /// A level that is understood.
    Level(Level),
    /// Null: the PSA does not offer this verb for this function.
    NotOffered,
    /// The row came without this verb.
    NoLevel,
    /// The role has no row for the function.
    NoRow,
    /// A word that leastwise does not know.
    Word(Name),
    /// The role has several rows for the function, and they disagree.
    Conflicting,
}

/// What comes of comparing a permission with the level that is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Exactly what is needed.
    Meets,
    /// Less than is needed: the level that is given.
    Missing(Level),
    /// More than is needed: the level that is given.
    Excess(Level),
    /// The PSA does not offer the verb, so the role neither gives it nor can give it.
    NotOffered,
    /// What the role says was not understood, so nothing follows from it.
    Unknown,
}

impl Granted {
    /// What a row says, or that there is none.
    #[must_use]
    pub fn of(row: Option<&Row<'_>>, verb: Verb) -> Self {
        match row.map(|row| row.grant(verb)) {
            None => Self::NoRow,
            Some(None) => Self::Conflicting,
            Some(Some(grant)) => Self::from(grant),
        }
    }

    /// The level, where one was understood.
    #[must_use]
    pub const fn level(&self) -> Option<Level> {
        match self {
            Self::Level(level) => Some(*level),
            _ => None,
        }
    }

    /// The highest level that this may stand for: what was not understood may be All, and what is not there
    /// or not offered gives nothing.
    #[must_use]
    pub const fn at_most(&self) -> Level {
        match self {
            Self::Level(level) => *level,
            Self::NotOffered | Self::NoRow => Level::None,
            Self::NoLevel | Self::Word(_) | Self::Conflicting => Level::All,
        }
    }

    /// How this compares with the level that is needed.
    #[must_use]
    pub fn compare(&self, required: Level) -> Compared {
        match self {
            Self::Level(level) if *level < required => Compared::Missing(*level),
            Self::Level(level) if *level > required => Compared::Excess(*level),
            Self::Level(_) => Compared::Meets,
            Self::NotOffered => Compared::NotOffered,
            Self::NoLevel | Self::NoRow | Self::Word(_) | Self::Conflicting => Compared::Unknown,
        }
    }
}

impl From<&Grant> for Granted {
    fn from(grant: &Grant) -> Self {
        match grant {
            Grant::Level(level) => Self::Level(*level),
            Grant::NotOffered => Self::NotOffered,
            Grant::Absent => Self::NoLevel,
            Grant::Unknown(word) => Self::Word(Name::clone(word)),
        }
    }
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => level.fmt(f),
            Self::NotOffered => f.write_str("not offered"),
            Self::NoLevel => f.write_str("absent"),
            Self::NoRow => f.write_str("no row"),
            Self::Word(word) => f.write_str(word),
            Self::Conflicting => f.write_str("two rows that disagree"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Compared, Granted};
    use crate::model::Level;

    #[test]
    fn only_a_level_meets_or_misses_anything() {
        use Level::{All, My, None};
        for (granted, required, compared) in [
            (All, All, Compared::Meets),
            (All, My, Compared::Excess(All)),
            (My, All, Compared::Missing(My)),
            (None, My, Compared::Missing(None)),
            (None, None, Compared::Meets),
            (My, None, Compared::Excess(My)),
        ] {
            assert_eq!(Granted::Level(granted).compare(required), compared);
        }
        for required in Level::ALL {
            assert_eq!(Granted::NotOffered.compare(required), Compared::NotOffered);
            for granted in
                [Granted::NoLevel, Granted::NoRow, Granted::Conflicting, Granted::Word("Mine".into())]
            {
                assert_eq!(granted.compare(required), Compared::Unknown, "{granted} against {required}");
            }
        }
    }
}
