//! How findings, reports and comparisons name a role, a member and a function.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Name;
use super::fold::fold_function;
use super::member::{ApiMember, Login, Member, MemberId};
use super::role::{Role, RoleId};

/// A role, as findings name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleRef {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: Name,
    /// Whether another role of the tenant bears the same name.
    pub namesake: bool,
}

impl RoleRef {
    /// One that all findings about the role share.
    #[must_use]
    pub fn shared(role: &Role) -> Arc<Self> {
        Arc::new(role.into())
    }
}

impl From<&Role> for RoleRef {
    fn from(role: &Role) -> Self {
        Self { id: role.id, name: Name::clone(&role.name), namesake: role.namesake }
    }
}

/// The name; with the id, where another role bears it too.
impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.namesake { write!(f, " (id {})", self.id) } else { Ok(()) }
    }
}

/// A member, as findings name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MemberRef {
    /// Its id.
    pub id: MemberId,
    /// Its identifier; `None` for a person.
    pub identifier: Option<Name>,
    /// Whether another API member of the tenant bears the same identifier.
    pub namesake: bool,
}

impl MemberRef {
    /// One that all findings about the member share.
    #[must_use]
    pub fn shared<'m, M>(member: &'m M) -> Arc<Self>
    where
        Self: From<&'m M>,
    {
        Arc::new(member.into())
    }

    /// As on the screens: the identifier, as it is told from others; of a person, the bare id.
    #[must_use]
    pub fn on_screen(&self) -> String {
        if self.identifier.is_some() { self.to_string() } else { self.id.to_string() }
    }
}

impl From<&ApiMember> for MemberRef {
    fn from(member: &ApiMember) -> Self {
        let identifier = Some(Name::clone(&member.identifier));
        Self { id: member.id, identifier, namesake: member.namesake }
    }
}

impl From<&Member> for MemberRef {
    fn from(member: &Member) -> Self {
        Self { id: member.id, identifier: member.identifier.clone(), namesake: false }
    }
}

/// An integration, as findings name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IntegrationRef {
    /// The rule file's id.
    pub id: Name,
    /// Vendor and product.
    pub title: Name,
}

/// An integrator login, as findings name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LoginRef {
    /// Its id.
    pub id: i64,
    /// Its user name.
    pub name: Name,
}

impl From<&Login> for LoginRef {
    fn from(login: &Login) -> Self {
        Self { id: login.id, name: Name::clone(&login.username) }
    }
}

/// The identifier, with the id where another bears it too; of a person, the id.
impl fmt::Display for MemberRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.identifier {
            Some(identifier) if self.namesake => write!(f, "{identifier} (id {})", self.id),
            Some(identifier) => f.write_str(identifier),
            None => write!(f, "member {}", self.id),
        }
    }
}

/// A function, as findings name it: the catalog's names, or the PSA's own for one that is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FunctionRef {
    /// Its module.
    pub module: Name,
    /// Its name.
    pub function: Name,
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
