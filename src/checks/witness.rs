//! Whose evidence a result rests on, or why evidence does not hold.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{MemberId, MemberRef};

/// Evidence that does not hold, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapsed {
    /// The day on which it was taken.
    pub taken: Date,
    /// Why it does not hold.
    pub why: Why,
}

/// Why evidence does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The role's settings are others now.
    RoleChanged,
    /// It is older than so many days.
    TooOld {
        /// The days.
        days: u32,
    },
    /// It was taken after the day of the audit.
    Future,
    /// The PSA lists no member of that id.
    NoSuchMember {
        /// The id.
        member: MemberId,
    },
}

impl fmt::Display for Lapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the evidence of {} ", self.taken)?;
        match self.why {
            Why::RoleChanged => f.write_str("has lapsed: the role is not as it was"),
            Why::TooOld { days } => write!(f, "has lapsed: it is older than {days} days"),
            Why::Future => f.write_str("is from after the day of the audit"),
            Why::NoSuchMember { member } => write!(f, "names member {member}, whom the PSA does not list"),
        }
    }
}

/// Whose evidence a result rests on, and of when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The member whose key saw it.
    pub member: MemberRef,
    /// The day.
    pub taken: Date,
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seen with a key of {} on {}", self.member, self.taken)
    }
}
