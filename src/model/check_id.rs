//! The numbers of the checks: the only place that knows them.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! ids {
    ($($id:literal $variant:ident),+ $(,)?) => {
        /// A check, by what it looks for. Numbers are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CheckId {
            $(#[doc = $id] $variant,)+
        }

        impl CheckId {
            /// All of them, in order of number.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// `LW101`, as reports, waivers and configs write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }
        }
    };
}

ids! {
    "LW101" MissingPermission,
    "LW102" ExcessivePermission,
    "LW103" MissingTable,
    "LW104" ExcessiveTable,
    "LW105" UnknownFunction,
    "LW201" AdminRole,
    "LW202" SharedRole,
    "LW203" RoleNotFound,
    "LW204" InactiveRole,
    "LW205" UnusedRole,
    "LW206" WideRole,
    "LW301" MemberNotFound,
    "LW302" WrongRole,
    "LW303" InactiveMember,
    "LW304" StaleMember,
    "LW305" NotAnApiMember,
    "LW306" RestrictedMember,
    "LW307" LegacyLogin,
    "LW308" DuplicateMember,
    "LW309" UnboundMember,
    "LW310" ContradictingLists,
    "LW311" StandingOutflow,
    "LW401" ExpiredWaiver,
    "LW402" UnusedWaiver,
    "LW501" StaleRuleFile,
    "LW502" ReviewOverdue,
    "LW503" KeyAge,
    "LW901" CollectionIncomplete,
}

impl CheckId {
    /// The check of this number, in any case; `None` for a number of another version.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|id| id.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<str> for CheckId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for CheckId {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CheckId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::from_word(&word).ok_or_else(|| D::Error::custom(format!("there is no check {word}")))
    }
}
