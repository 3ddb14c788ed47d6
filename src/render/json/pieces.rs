//! What every JSON document says in the same way: which program wrote it, from what, about whom.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{LoginRef, MemberRef, RoleRef, Source, SourceKind};

#[derive(Serialize, JsonSchema)]
pub(crate) struct Tool<'r> {
    name: &'static str,
    version: &'r str,
}

impl<'r> Tool<'r> {
    /// leastwise of this version.
    pub(crate) const fn of(version: &'r str) -> Self {
        Self { name: "leastwise", version }
    }

    /// This program.
    pub(crate) const fn this() -> Self {
        Self { name: "leastwise", version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct SourceV1<'r> {
    /// `live` or `snapshot`.
    kind: &'static str,
    path: Option<&'r str>,
    /// When the tenant was read (RFC 3339, UTC).
    taken_at: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct LoginV1<'r> {
    id: i64,
    name: &'r str,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct RoleV1<'r> {
    id: i64,
    name: &'r str,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct MemberV1<'r> {
    id: i64,
    /// Null for a person.
    identifier: Option<&'r str>,
}

impl<'r> From<&'r Source> for SourceV1<'r> {
    fn from(source: &'r Source) -> Self {
        Self {
            kind: match source.kind {
                SourceKind::Live => "live",
                SourceKind::Snapshot => "snapshot",
            },
            path: source.path.as_deref(),
            taken_at: source.taken_at.map(|at| at.to_string()),
        }
    }
}

impl<'r> From<&'r RoleRef> for RoleV1<'r> {
    fn from(role: &'r RoleRef) -> Self {
        Self { id: role.id.0, name: &role.name }
    }
}

impl<'r> From<&'r MemberRef> for MemberV1<'r> {
    fn from(member: &'r MemberRef) -> Self {
        Self { id: member.id.0, identifier: member.identifier.as_deref() }
    }
}

impl<'r> From<&'r LoginRef> for LoginV1<'r> {
    fn from(login: &'r LoginRef) -> Self {
        Self { id: login.id, name: &login.name }
    }
}
