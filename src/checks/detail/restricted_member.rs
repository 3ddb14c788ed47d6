//! What LW306 found: what narrows a member, whatever its role gives.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::Name;
use crate::term::text::count;

/// What was found about what narrows the member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RestrictedMember {
    /// These do.
    Narrowed(Vec<Restriction>),
    /// The integration runs on a person's licence.
    Person,
    /// The list of members does not have the API member.
    NotListed,
    /// The level's name does not say whether it is the top one.
    LevelUnclear {
        /// Its name.
        level: Name,
    },
    /// The PSA does not give the level or the restrict flags.
    NotSaid,
}

/// Something that narrows a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Restriction {
    /// A level below the top.
    Level(Name),
    /// Its location only.
    Location,
    /// Its department only.
    Department,
    /// One board only.
    Board(Name),
    /// So many boards that it does not see.
    ExcludedBoards(usize),
}

impl fmt::Display for Restriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(f, "level \"{level}\""),
            Self::Location => f.write_str("restricted to its location"),
            Self::Department => f.write_str("restricted to its department"),
            Self::Board(board) => write!(f, "restricted to the board \"{board}\""),
            Self::ExcludedBoards(number) => write!(f, "cannot see {}", count(*number, "board")),
        }
    }
}
