//! How findings, reports and comparisons name a role, a member and a function.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Name;
use super::fold::fold_function;
use super::member::{ApiMember, Member, MemberId};
use super::role::{Role, RoleId};

/// A role, as outcomes name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleRef {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: Name,
}

impl From<&Role> for RoleRef {
    fn from(role: &Role) -> Self {
        Self { id: role.id, name: Name::clone(&role.name) }
    }
}

/// A member, as outcomes name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MemberRef {
    /// Its id.
    pub id: MemberId,
    /// Its identifier; `None` for a person.
    pub identifier: Option<Name>,
}

impl From<&ApiMember> for MemberRef {
    fn from(member: &ApiMember) -> Self {
        Self { id: member.id, identifier: Some(Name::clone(&member.identifier)) }
    }
}

impl From<&Member> for MemberRef {
    fn from(member: &Member) -> Self {
        Self { id: member.id, identifier: member.identifier.clone() }
    }
}

/// A function, as outcomes name it: the catalog's names, or the PSA's own for one that is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FunctionRef {
    /// Its module.
    pub module: String,
    /// Its name.
    pub function: String,
}

impl FunctionRef {
    /// What identifies it whatever its spelling: the folded names.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", folded(&self.module), folded(&self.function))
    }
}

/// A folded name; a name of which folding leaves nothing stands for itself.
fn folded(name: &str) -> String {
    let folded = fold_function(name);
    if folded.is_empty() { name.to_owned() } else { folded }
}

impl fmt::Display for FunctionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.module, self.function)
    }
}
