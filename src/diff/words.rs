//! Changes as sentences.

use jiff::Timestamp;

use super::access::{Key, Value};
use super::{Change, DiffReport, Explained};
use crate::model::{FunctionRef, Grant, RoleId, RoleRef, RoleUpdate};
use crate::term::text::count;

/// What changed, without a full stop.
pub(super) fn sentence(
    change: &Change,
    function: Option<&FunctionRef>,
    role: &dyn Fn(RoleId) -> Option<RoleRef>,
) -> String {
    let Change { key, before, after, parts, .. } = change;
    let from_to =
        |what: &str| format!("{what}: {} -> {}", word(before.as_ref(), role), word(after.as_ref(), role));
    let function = function.map_or_else(|| "a function".to_owned(), ToString::to_string);
    match key {
        Key::Role(_) => {
            let is_admin = parts.iter().any(|part| {
                matches!(part.key, Key::RoleAdmin(_))
                    && [&part.before, &part.after].contains(&&Some(Value::Flag(Some(true))))
            });
            let what =
                if is_admin { "the admin flag".to_owned() } else { count(change.grants(), "permission") };
            format!("role {} with {what}", came_or_went(after.as_ref()))
        }
        Key::ApiMember(_) => format!("API member {}{}", came_or_went(after.as_ref()), holding(change, role)),
        Key::Person(_) => format!("person {}{}", came_or_went(after.as_ref()), holding(change, role)),
        Key::Login(_) => format!("integrator login {}", came_or_went(after.as_ref())),
        Key::Grant(_, _, verb) => from_to(&format!("{function}, {}", verb.title())),
        Key::FunctionName(..) => from_to("function renamed"),
        Key::RoleAdmin(_) => from_to("admin flag"),
        Key::RoleActive(_) | Key::MemberActive(_) | Key::LoginActive(_) => from_to("active"),
        Key::RoleName(_) | Key::MemberName(_) => from_to("name"),
        Key::MemberIdentifier(_) => from_to("member id"),
        Key::LoginName(_) => from_to("user name"),
        Key::RoleKind(_) => from_to("type"),
        Key::MemberRole(_) => from_to("role"),
        Key::MemberLicence(_) => from_to("licence"),
        Key::MemberLevel(_) => from_to("level"),
        Key::MemberLocation(_) => from_to("location"),
        Key::MemberBoard(_) => from_to("default board, which restricts it"),
        Key::MemberExcludedBoards(_) => from_to("boards that it is kept from"),
        Key::MemberRestrictLocation(_) => from_to("restricted to its location"),
        Key::MemberRestrictDepartment(_) => from_to("restricted to its department"),
    }
}

const fn came_or_went(after: Option<&Value>) -> &'static str {
    if after.is_some() { "added" } else { "removed" }
}

fn holding(change: &Change, role: &dyn Fn(RoleId) -> Option<RoleRef>) -> String {
    let held = change.parts.iter().find_map(|part| {
        let value = part.after.as_ref().or(part.before.as_ref())?;
        matches!(part.key, Key::MemberRole(_)).then(|| word(Some(value), role))
    });
    let inactive = change.parts.iter().any(|part| {
        matches!(part.key, Key::MemberActive(_))
            && part.after.as_ref().or(part.before.as_ref()) == Some(&Value::Flag(Some(false)))
    });
    let held = held.map_or_else(String::new, |role| format!(", role {role}"));
    format!("{held}{}", if inactive { ", inactive" } else { "" })
}

/// A value, for people. What is not there has no access, or no name.
pub(super) fn word(value: Option<&Value>, role: &dyn Fn(RoleId) -> Option<RoleRef>) -> String {
    const UNSAID: &str = "the PSA does not say";
    match value {
        None => "None".to_owned(),
        Some(Value::There) => "there".to_owned(),
        Some(Value::Flag(None) | Value::Role(None) | Value::NotUnderstood(Grant::Absent)) => {
            UNSAID.to_owned()
        }
        Some(Value::Flag(Some(true))) => "yes".to_owned(),
        Some(Value::Flag(Some(false))) => "no".to_owned(),
        Some(Value::Text(text)) => format!("\"{text}\""),
        Some(Value::Level(level)) => level.to_string(),
        Some(Value::NotUnderstood(grant)) => format!("\"{grant}\", which is no known level"),
        Some(Value::Role(Some(id))) => {
            role(*id).map_or_else(|| id.to_string(), |role| format!("{} ({id})", role.name))
        }
        Some(Value::Boards(boards)) => boards.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// Whom a change is about: "role Umbrella (31)".
pub(super) fn owner(own: &Explained) -> String {
    match (&own.role, &own.member, &own.login) {
        (Some(role), ..) => format!("role {} ({})", role.name, role.id),
        (_, Some(member), _) => match &member.identifier {
            Some(identifier) => format!("member {identifier} ({})", member.id),
            None => format!("member {}", member.id),
        },
        (.., Some(login)) => format!("integrator login {login}"),
        _ => "the tenant".to_owned(),
    }
}

/// Who last changed the role, or that the PSA does not tell.
pub(super) fn updated(own: &Explained, report: &DiffReport) -> Option<String> {
    own.role.as_ref()?;
    let Some(RoleUpdate { by, at }) = &own.updated else {
        return Some("the PSA does not tell who changed it".to_owned());
    };
    let by = by.as_deref().unwrap_or("somebody");
    let Some(at) = at else {
        return Some(format!("last changed by {by}"));
    };
    let noted: Option<Timestamp> = at.parse().ok();
    if noted.is_some() && noted <= report.old.taken_at {
        // The note is of another change: the PSA need not move it for a setting.
        return Some(format!("the PSA notes no change since the old reading (its last is of {at}, by {by})"));
    }
    Some(format!("last changed by {by} at {at}"))
}
