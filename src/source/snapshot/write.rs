//! Writing a snapshot: sorted by id, one row per line, everything volatile in the first.

use std::io::{self, Write};

use serde::Serialize;

use super::FORMAT;
use super::rows::{
    ApiMemberRow, Coverage, CoverageStatus, Header, LoginRow, MemberRow, MemberUseRow, RoleHead, SettingLine,
    jiff_timestamp, plain_lines,
};
use crate::model::{DatasetName, Grant, Name, Role, Setting, Tenant, Verb};

/// Writes `tenant` as a snapshot, in the name of `tool` (name and version).
///
/// # Errors
/// Whatever `out` answers.
pub fn write(tenant: &Tenant, tool: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"format\":\"{FORMAT}\",\"header\":{}", json(&header(tenant, tool))?)?;
    write!(out, ",\n\"tenant\":{}", json(&tenant.id)?)?;
    rows(out, "coverage", &coverage(tenant))?;
    rows(out, "members", &members(tenant))?;
    rows(out, "api_members", &api_members(tenant))?;
    rows(out, "member_use", &member_use(tenant))?;
    rows(out, "logins", &logins(tenant))?;
    for list in plain_lines(tenant)? {
        lines(out, list.key, &list.rows)?;
    }
    write!(out, ",\n\"roles\":[")?;
    for (i, role) in tenant.roles.rows().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        write_role(out, role, tenant)?;
    }
    out.write_all(b"\n]}\n")
}

fn json(row: &impl Serialize) -> io::Result<String> {
    serde_json::to_string(row).map_err(io::Error::other)
}

fn rows<R: Serialize>(out: &mut dyn Write, name: &str, rows: &[R]) -> io::Result<()> {
    lines(out, name, &rows.iter().map(json).collect::<io::Result<Vec<_>>>()?)
}

fn lines(out: &mut dyn Write, name: &str, rows: &[String]) -> io::Result<()> {
    write!(out, ",\n\"{name}\":[")?;
    for (i, row) in rows.iter().enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        out.write_all(row.as_bytes())?;
    }
    out.write_all(if rows.is_empty() { b"]" } else { b"\n]" })
}

fn header<'t>(tenant: &'t Tenant, tool: &'t str) -> Header<'t> {
    let uses = tenant.member_use.rows().map(Vec::as_slice).unwrap_or_default();
    let own = tenant.own_member.rows().ok();
    let days = uses.iter().filter_map(|member| Some((member.id.0, member.days?)));
    let own_days = own.and_then(|own| Some((own.id.0, own.days?)));
    let roles = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default();
    Header {
        taken_at: jiff_timestamp::Text(tenant.taken_at),
        tool: Some(tool.into()),
        psa_version: tenant.psa_version.as_deref().map(Into::into),
        own_member: own.map(|own| own.id.0),
        last_use_days: days.chain(own_days).collect(),
        role_updates: roles.iter().filter_map(|role| Some((role.id.0, role.updated.clone()?))).collect(),
    }
}

fn coverage(tenant: &Tenant) -> Vec<Coverage> {
    let mut all: Vec<_> = tenant
        .asked_datasets()
        .map(|(dataset, rows)| match rows {
            Ok(records) => {
                Coverage { dataset, status: CoverageStatus::Complete, records, reason: None, cause: None }
            }
            Err(gap) => Coverage {
                dataset,
                status: CoverageStatus::Unavailable,
                records: 0,
                reason: Some(gap.reason()),
                cause: Some(gap.cause.clone()),
            },
        })
        .collect();
    all.insert(1, settings_coverage(tenant));
    all
}

fn settings_coverage(tenant: &Tenant) -> Coverage {
    let roles = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default();
    let read: Vec<_> = roles.iter().map(|role| tenant.settings_of(role.id)).collect();
    let missing = read.iter().filter(|settings| settings.is_err()).count();
    let complete = missing == 0 && !roles.is_empty();
    Coverage {
        dataset: DatasetName::Settings,
        status: if complete { CoverageStatus::Complete } else { CoverageStatus::Unavailable },
        records: read.iter().flatten().map(|settings| settings.len()).sum(),
        reason: (!complete)
            .then(|| format!("the settings of {missing} of {} roles could not be read", roles.len())),
        // Each role says why.
        cause: None,
    }
}

fn members(tenant: &Tenant) -> Vec<MemberRow<'_>> {
    let rows = tenant.members.rows().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|member| MemberRow {
            id: member.id.0,
            licence: member.licence.as_ref().map(|licence| licence.as_letter().into()),
            active: member.active,
            role: member.role.map(|role| role.0),
            identifier: member.identifier.as_deref().map(Into::into),
            // An API member's matches stand with its names.
            matches: if member.is_person() == Some(false) {
                Vec::new()
            } else {
                matches(tenant.noted.members.get(&member.id))
            },
        })
        .collect()
}

fn api_members(tenant: &Tenant) -> Vec<ApiMemberRow<'_>> {
    let rows = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|member| ApiMemberRow {
            id: member.id.0,
            identifier: (&*member.identifier).into(),
            name: member.name.as_deref().map(Into::into),
            active: member.active,
            role: member.role.map(|role| role.0),
            level: member.level.as_deref().map(Into::into),
            location: member.location.as_deref().map(Into::into),
            default_board: member.default_board.as_deref().map(Into::into),
            excluded_boards: member.excluded_boards.clone(),
            matches: matches(tenant.noted.members.get(&member.id)),
        })
        .collect()
}

fn member_use(tenant: &Tenant) -> Vec<MemberUseRow> {
    let rows = tenant.member_use.rows().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|member| MemberUseRow {
            id: member.id.0,
            restrict_location: member.restrict_location,
            restrict_department: member.restrict_department,
        })
        .collect()
}

fn logins(tenant: &Tenant) -> Vec<LoginRow<'_>> {
    let rows = tenant.logins.rows().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|login| LoginRow {
            id: login.id,
            username: (&*login.username).into(),
            active: login.active,
            matches: matches(tenant.noted.logins.get(&login.id)),
        })
        .collect()
}

fn write_role(out: &mut dyn Write, role: &Role, tenant: &Tenant) -> io::Result<()> {
    let head = RoleHead {
        id: role.id.0,
        name: &role.name,
        kind: role.kind.as_deref(),
        admin: role.admin,
        active: role.active,
        matches: matches(tenant.noted.roles.get(&role.id)),
    };
    let head = json(&head)?;
    // The head is an object; the settings are its last key, a line each.
    write!(out, "{},\"settings\":", head.trim_end_matches('}'))?;
    match tenant.settings_of(role.id) {
        Err(gap) => {
            write!(out, "null,\"unavailable\":{},\"cause\":{}}}", json(&gap.reason())?, json(&gap.cause)?)
        }
        Ok(settings) => {
            for (i, setting) in settings.iter().enumerate() {
                out.write_all(if i == 0 { b"[\n" } else { b",\n" })?;
                out.write_all(json(&line(setting))?.as_bytes())?;
            }
            out.write_all(if settings.is_empty() { b"[]}" } else { b"\n]}" })
        }
    }
}

fn matches(noted: Option<&Vec<Name>>) -> Vec<String> {
    noted.into_iter().flatten().map(ToString::to_string).collect()
}

fn line(setting: &Setting) -> SettingLine<'_> {
    let level = |verb| match setting.grants.of(verb) {
        Grant::Absent => None,
        Grant::NotOffered => Some(None),
        Grant::Level(level) => Some(Some(level.as_str())),
        Grant::Unknown(word) => Some(Some(&**word)),
    };
    SettingLine {
        id: setting.id,
        module: &setting.module,
        function: &setting.function,
        description: setting.description.as_deref(),
        identifier: setting.identifier.as_deref(),
        add: level(Verb::Add),
        edit: level(Verb::Edit),
        delete: level(Verb::Delete),
        inquire: level(Verb::Inquire),
    }
}
