//! Members (people and API members) and integrator logins, as the PSA reports them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Name, RoleId};

/// A member's id in the PSA. API members share the numbering of all members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MemberId(pub i64);

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `licenseClass`: whose licence a member uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Licence {
    /// `A`: an API member.
    Api,
    /// `F`: a person with a full licence.
    Full,
    /// `C`: a person with StreamlineIT.
    Streamline,
    /// `X`: a subcontractor.
    Subcontractor,
    /// A class that leastwise does not know.
    Other(Name),
}

impl Licence {
    /// Reads the PSA's letter.
    #[must_use]
    pub fn from_letter(letter: &str) -> Self {
        match letter {
            "A" => Self::Api,
            "F" => Self::Full,
            "C" => Self::Streamline,
            "X" => Self::Subcontractor,
            other => Self::Other(other.into()),
        }
    }

    /// The PSA's letter.
    #[must_use]
    pub fn as_letter(&self) -> &str {
        match self {
            Self::Api => "A",
            Self::Full => "F",
            Self::Streamline => "C",
            Self::Subcontractor => "X",
            Self::Other(letter) => letter,
        }
    }
}

/// A member of any kind, with no more than an audit needs: people are not its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// Its licence; `None` where the PSA says null or nothing.
    pub licence: Option<Licence>,
    /// Not `inactiveFlag`; `None` where the PSA says null or nothing.
    pub active: Option<bool>,
    /// The role that it holds.
    pub role: Option<RoleId>,
    /// The login, kept only where it is the name of an integration (a rule file's or a binding's).
    pub identifier: Option<Name>,
}

impl Member {
    /// One of which no more is known.
    #[must_use]
    pub const fn new(id: MemberId) -> Self {
        Self { id, licence: None, active: None, role: None, identifier: None }
    }

    /// Whether this is a person, not an API member; `None` where the PSA gives no licence.
    #[must_use]
    pub fn is_person(&self) -> Option<bool> {
        self.licence.as_ref().map(|licence| *licence != Licence::Api)
    }
}

/// An API member: the account that an integration's keys belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiMember {
    /// Its id.
    pub id: MemberId,
    /// Its "Member ID", up to 15 characters.
    pub identifier: Name,
    /// Whether another API member of the tenant bears the same identifier.
    pub namesake: bool,
    /// Its display name.
    pub name: Option<Name>,
    /// Not `inactiveFlag`; `None` where the PSA says null or nothing.
    pub active: Option<bool>,
    /// The role that it holds.
    pub role: Option<RoleId>,
    /// The name of its level (`structureLevel`), such as "Corporate (Level 1)".
    pub level: Option<Name>,
    /// The name of its security location.
    pub location: Option<Name>,
    /// The name of its default service board, which restricts an API member to that board.
    pub default_board: Option<Name>,
    /// The boards that it is kept from.
    pub excluded_boards: Vec<i64>,
}

impl ApiMember {
    /// One of which no more is known, and which is kept from no board.
    #[must_use]
    pub fn new(id: MemberId, identifier: impl Into<Name>) -> Self {
        Self {
            id,
            identifier: identifier.into(),
            namesake: false,
            name: None,
            active: None,
            role: None,
            level: None,
            location: None,
            default_board: None,
            excluded_boards: Vec::new(),
        }
    }
}

/// What `/system/members` adds to an API member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberUse {
    /// The API member.
    pub id: MemberId,
    /// Whole days from `lastLogin` to the reading; `None` where the PSA gives no date.
    pub days: Option<u32>,
    /// `restrictLocationFlag`.
    pub restrict_location: Option<bool>,
    /// `restrictDepartmentFlag`.
    pub restrict_department: Option<bool>,
}

/// The member whose key leastwise itself used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnMember {
    /// Its id.
    pub id: MemberId,
    /// Whole days from its `lastLogin` to the reading. It has just called, so anything but a recent
    /// value shows that using a key does not move `lastLogin` on this PSA.
    pub days: Option<u32>,
}

/// An integrator login: the user name and password that came before API members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its id.
    pub id: i64,
    /// The user name.
    pub username: Name,
    /// Not `inactiveFlag`; `None` where the PSA says null or nothing.
    pub active: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::{Licence, Member, MemberId};

    #[test]
    fn a_licence_is_its_letter_and_an_unknown_one_stays_as_it_came() {
        let known = [Licence::Api, Licence::Full, Licence::Streamline, Licence::Subcontractor];
        assert_eq!(known.each_ref().map(Licence::as_letter), ["A", "F", "C", "X"]);
        for licence in known.into_iter().chain([Licence::Other("Q".into())]) {
            assert_eq!(Licence::from_letter(licence.as_letter()), licence);
        }
    }

    #[test]
    fn only_an_api_licence_makes_a_member_no_person() {
        let of = |letter: Option<&str>| Member {
            licence: letter.map(Licence::from_letter),
            ..Member::new(MemberId(1))
        };
        assert_eq!(of(Some("A")).is_person(), Some(false));
        for letter in ["F", "C", "X", "Q", ""] {
            assert_eq!(of(Some(letter)).is_person(), Some(true), "{letter}");
        }
        assert_eq!(of(None).is_person(), None);
        assert_eq!(MemberId(251).to_string(), "251");
    }
}
