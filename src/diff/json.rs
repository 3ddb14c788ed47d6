//! `leastwise-diff/1`: a frozen layout apart from the internal types. Fields may be added, never
//! renamed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::access::{Key, Value};
use super::words::word;
use super::{DiffReport, Direction, Explained, Incomparable};
use crate::model::{RoleUpdate, Verb};
use crate::render::json::{MemberV1, RoleV1, SourceV1, Tool};

/// What the comparison says it is.
const FORMAT: &str = "leastwise-diff/1";

/// A comparison of two readings of one tenant.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "leastwise-diff/1")]
pub(crate) struct DiffV1<'r> {
    format: &'static str,
    tool: Tool<'r>,
    /// Its name in the config, or its company.
    tenant: &'r str,
    site: &'r str,
    company: &'r str,
    old: SourceV1<'r>,
    new: SourceV1<'r>,
    changes: Vec<ChangeV1<'r>>,
    /// What a side lacks, so that nothing can be said of it.
    not_comparable: Vec<IncomparableV1<'r>>,
    /// How many changes there are of each direction.
    summary: BTreeMap<&'static str, usize>,
    /// The exit code, the same for every format.
    exit: u8,
}

#[derive(Serialize, JsonSchema)]
struct ChangeV1<'r> {
    /// `widened`, `mixed`, `unknown`, `narrowed` or `neutral`.
    direction: &'static str,
    /// What changed, such as `grant`, `admin`, `role-of-member` or `login`.
    kind: &'static str,
    role: Option<RoleV1<'r>>,
    member: Option<MemberV1<'r>>,
    login: Option<&'r str>,
    module: Option<&'r str>,
    function: Option<&'r str>,
    verb: Option<Verb>,
    /// Null where it was not there.
    before: Option<String>,
    /// Null where it is not there any more.
    after: Option<String>,
    /// Of a role that came or went: how many verbs it grants.
    grants: Option<usize>,
    message: &'r str,
    /// Of a widening: the integrations that need it, or part of it.
    needed_by: Vec<NeededV1<'r>>,
    /// Of a widening: whether an integration needs it.
    need: Option<&'r str>,
    /// Who last changed the role; null where the PSA does not tell.
    updated: Option<&'r RoleUpdate>,
    /// The line of the newer snapshot that shows it.
    line: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
struct NeededV1<'r> {
    integration: &'r str,
    /// The level that it needs, of one grant.
    level: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct IncomparableV1<'r> {
    dataset: &'static str,
    role: Option<RoleV1<'r>>,
    /// `old`, `new` or `both`.
    side: &'static str,
    reason: &'r str,
}

/// Writes the comparison.
pub(super) fn write(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    crate::term::escape::write_json(out, &DiffV1::of(report))?;
    out.write_all(b"\n")
}

impl<'r> DiffV1<'r> {
    fn of(report: &'r DiffReport) -> Self {
        let mut summary: BTreeMap<_, _> = Direction::ALL
            .into_iter()
            .map(|direction| (direction.as_str(), report.count(direction)))
            .collect();
        summary.insert("not_comparable", report.incomparable.len());
        Self {
            format: FORMAT,
            tool: Tool::of(&report.version),
            tenant: &report.tenant,
            site: &report.id.site,
            company: &report.id.company,
            old: SourceV1::from(&report.old),
            new: SourceV1::from(&report.new),
            changes: report.changes.iter().map(change).collect(),
            not_comparable: report.incomparable.iter().map(incomparable).collect(),
            summary,
            exit: report.exit.code(),
        }
    }
}

fn change(own: &Explained) -> ChangeV1<'_> {
    let key = &own.change.key;
    let text = |value: Option<&Value>| {
        let is_level = matches!(key, Key::Grant(..));
        match value {
            None if is_level => Some("None".to_owned()),
            None | Some(Value::Flag(None) | Value::Role(None)) => None,
            Some(Value::Text(text)) => Some(text.to_string()),
            Some(Value::Role(Some(id))) => Some(id.to_string()),
            Some(value) => Some(word(Some(value), &|_| None)),
        }
    };
    ChangeV1 {
        direction: own.change.direction.as_str(),
        kind: kind(key),
        role: own.role.as_ref().map(RoleV1::from),
        member: own.member.as_ref().map(MemberV1::from),
        login: own.login.as_deref(),
        module: own.function.as_ref().map(|function| &*function.module),
        function: own.function.as_ref().map(|function| &*function.function),
        verb: if let Key::Grant(_, _, verb) = key { Some(*verb) } else { None },
        before: text(own.change.before.as_ref()),
        after: text(own.change.after.as_ref()),
        grants: matches!(key, Key::Role(_)).then(|| own.change.grants()),
        message: &own.message,
        needed_by: own
            .needed_by
            .iter()
            .map(|needed| NeededV1 {
                integration: &needed.integration,
                level: needed.level.map(crate::model::Level::as_str),
            })
            .collect(),
        need: own.need.as_deref(),
        updated: own.updated.as_ref(),
        line: own.line,
    }
}

const fn kind(key: &Key) -> &'static str {
    match key {
        Key::Role(_) => "role",
        Key::RoleAdmin(_) => "admin",
        Key::RoleActive(_) => "role-active",
        Key::RoleName(_) => "role-name",
        Key::RoleKind(_) => "role-type",
        Key::FunctionName(..) => "function-name",
        Key::Grant(..) => "grant",
        Key::ApiMember(_) => "api-member",
        Key::Person(_) => "person",
        Key::MemberActive(_) => "member-active",
        Key::MemberRole(_) => "role-of-member",
        Key::MemberLicence(_) => "licence",
        Key::MemberIdentifier(_) => "member-identifier",
        Key::MemberName(_) => "member-name",
        Key::MemberLevel(_) => "level",
        Key::MemberLocation(_) => "location",
        Key::MemberBoard(_) => "default-board",
        Key::MemberExcludedBoards(_) => "excluded-boards",
        Key::MemberRestrictLocation(_) => "restrict-location",
        Key::MemberRestrictDepartment(_) => "restrict-department",
        Key::Login(_) => "login",
        Key::LoginActive(_) => "login-active",
        Key::LoginName(_) => "login-name",
    }
}

fn incomparable(own: &Incomparable) -> IncomparableV1<'_> {
    IncomparableV1 {
        dataset: own.dataset.as_str(),
        role: own.role.as_ref().map(RoleV1::from),
        side: own.side,
        reason: &own.reason,
    }
}
