//! Security roles and their settings, as the PSA reports them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Grants, Name, fold_name};

/// A security role's id in the PSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RoleId(pub i64);

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A security role, without its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name on the screen ("Role ID"), up to 30 characters.
    pub name: Name,
    /// Whether another role of the tenant bears the same name.
    pub namesake: bool,
    /// `roleType`; its values are not documented.
    pub kind: Option<Name>,
    /// The admin flag; `None` where the PSA says null or nothing.
    pub admin: Option<bool>,
    /// Not `inactiveFlag`; `None` where the PSA says null or nothing.
    pub active: Option<bool>,
    /// Who last changed it and when, where the PSA says so.
    pub updated: Option<RoleUpdate>,
}

impl Role {
    /// One of which no more is known.
    #[must_use]
    pub fn new(id: RoleId, name: impl Into<Name>) -> Self {
        Self { id, name: name.into(), namesake: false, kind: None, admin: None, active: None, updated: None }
    }

    /// Whether it has everything: its admin flag is set, or it is named Admin. `None` where the PSA did
    /// not say.
    #[must_use]
    pub fn is_admin(&self) -> Option<bool> {
        if Self::is_admin_name(&self.name) { Some(true) } else { self.admin }
    }

    /// Whether a role of this name is the one that the PSA itself makes, which has everything.
    #[must_use]
    pub fn is_admin_name(name: &str) -> bool {
        fold_name(name) == "admin"
    }
}

/// The PSA's own note on a role's last change (`_info`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleUpdate {
    /// The login that made the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// When, in the PSA's own words (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Name>,
}

/// One row of a role's settings: what it grants on one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The row's id in the PSA.
    pub id: Option<i64>,
    /// `moduleName`.
    pub module: Name,
    /// `moduleFunctionName`.
    pub function: Name,
    /// `moduleFunctionDescription`; which of the two is the screen's text is not documented.
    pub description: Option<Name>,
    /// `moduleFunctionIdentifier`.
    pub identifier: Option<Name>,
    /// What it grants.
    pub grants: Grants,
    /// The line of the snapshot that it was read from, from 1; absent when read from the PSA.
    pub line: Option<u32>,
}

impl Setting {
    /// One of which no more is known.
    #[must_use]
    pub fn new(module: impl Into<Name>, function: impl Into<Name>, grants: Grants) -> Self {
        Self {
            id: None,
            module: module.into(),
            function: function.into(),
            description: None,
            identifier: None,
            grants,
            line: None,
        }
    }
}
