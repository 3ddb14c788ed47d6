//! Which way a change goes: access is ordered, and what does not say how it compares is not guessed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::access::{Access, FunctionKey, Key, Owner, Pair, Value, grants_of};
use super::{Change, Direction, Part};
use crate::model::{Level, RoleId, Verb, fold_name};

/// Every change of a pair, in order of key.
pub(super) fn changes(pair: &Pair) -> Vec<Change> {
    let keys: BTreeSet<_> = pair.old.keys().chain(pair.new.keys()).collect();
    let came_or_went: BTreeSet<Owner> = keys
        .iter()
        .filter(|key| key.is_existence() && pair.old.get(key) != pair.new.get(key))
        .map(|key| key.owner())
        .collect();
    let mut changes: BTreeMap<&Key, Change> = BTreeMap::new();
    let mut parts: BTreeMap<Owner, Vec<Part>> = BTreeMap::new();
    for key in keys {
        let (before, after) = (pair.old.get(key).cloned(), pair.new.get(key).cloned());
        if before == after {
            continue;
        }
        if came_or_went.contains(&key.owner()) && !key.is_existence() {
            parts.entry(key.owner()).or_default().push(Part { key: key.clone(), before, after });
        } else {
            let direction = direction(pair, key, before.as_ref(), after.as_ref());
            changes.insert(key, Change { key: key.clone(), before, after, direction, parts: Vec::new() });
        }
    }
    // Of a member that turned from one kind into the other, the parts stand with the API member, whose
    // key comes first.
    for change in changes.values_mut().filter(|change| change.key.is_existence()) {
        change.parts = parts.remove(&change.key.owner()).unwrap_or_default();
    }
    changes.into_values().collect()
}

fn direction(pair: &Pair, key: &Key, before: Option<&Value>, after: Option<&Value>) -> Direction {
    match key {
        Key::Role(id) => role_came_or_went(pair, *id, before.is_none()),
        Key::ApiMember(id) | Key::Person(id) => came_or_went(pair, &Key::MemberActive(*id), before.is_none()),
        Key::Login(id) => came_or_went(pair, &Key::LoginActive(*id), before.is_none()),
        Key::RoleAdmin(_) | Key::RoleActive(_) | Key::MemberActive(_) | Key::LoginActive(_) => {
            flag(before, after)
        }
        Key::Grant(..) => grant(before, after),
        Key::MemberRole(_) => held_role(pair, before, after),
        // A flag that restricts is access the other way round.
        Key::MemberRestrictLocation(_) | Key::MemberRestrictDepartment(_) => flag(before, after).mirrored(),
        Key::MemberBoard(_) => board(before, after),
        Key::MemberExcludedBoards(_) => boards(before, after),
        Key::MemberLevel(_) => level_of_structure(before, after),
        Key::MemberLocation(id) => location(pair, &Key::MemberRestrictLocation(*id)),
        Key::RoleName(_)
        | Key::RoleKind(_)
        | Key::FunctionName(..)
        | Key::MemberLicence(_)
        | Key::MemberIdentifier(_)
        | Key::MemberName(_)
        | Key::LoginName(_) => Direction::Neutral,
    }
}

/// Upwards when it came, downwards when it went.
const fn towards(came: bool) -> Direction {
    if came { Direction::Wider } else { Direction::Narrower }
}

/// A role that grants nothing gives nobody anything.
fn role_came_or_went(pair: &Pair, role: RoleId, came: bool) -> Direction {
    let access = if came { &pair.new } else { &pair.old };
    let rights = Rights::of(access, role);
    if rights.admin == Some(true) || !rights.levels.is_empty() {
        return towards(came);
    }
    if pair.unread_roles.contains(&role) || !rights.unclear.is_empty() || rights.admin.is_none() {
        return Direction::Unknown;
    }
    Direction::Neutral
}

/// A member or a login that cannot be used gives nobody anything.
fn came_or_went(pair: &Pair, active: &Key, came: bool) -> Direction {
    let access = if came { &pair.new } else { &pair.old };
    match access.get(active) {
        Some(Value::Flag(Some(false))) => Direction::Neutral,
        _ => towards(came),
    }
}

fn flag(before: Option<&Value>, after: Option<&Value>) -> Direction {
    match (before, after) {
        (Some(Value::Flag(Some(false))), Some(Value::Flag(Some(true)))) => Direction::Wider,
        (Some(Value::Flag(Some(true))), Some(Value::Flag(Some(false)))) => Direction::Narrower,
        _ => Direction::Unknown,
    }
}

fn level(value: Option<&Value>) -> Option<Level> {
    match value {
        None => Some(Level::None),
        Some(Value::Level(level)) => Some(*level),
        Some(_) => None,
    }
}

fn grant(before: Option<&Value>, after: Option<&Value>) -> Direction {
    match (level(before), level(after)) {
        (Some(before), Some(after)) => match after.cmp(&before) {
            Ordering::Greater => Direction::Wider,
            Ordering::Equal => Direction::Neutral,
            Ordering::Less => Direction::Narrower,
        },
        _ => Direction::Unknown,
    }
}

/// What a role grants, for comparing two of them.
#[derive(Debug, Default)]
struct Rights {
    admin: Option<bool>,
    levels: BTreeMap<(FunctionKey, Verb), Level>,
    unclear: BTreeSet<(FunctionKey, Verb)>,
}

impl Rights {
    fn of(access: &Access, role: RoleId) -> Self {
        let mut rights = Self::default();
        if let Some(Value::Flag(admin)) = access.get(&Key::RoleAdmin(role)) {
            rights.admin = *admin;
        }
        for (key, value) in grants_of(access, role) {
            let Key::Grant(_, function, verb) = key else { continue };
            match value {
                Value::Level(level) => {
                    rights.levels.insert((function.clone(), *verb), *level);
                }
                _ => {
                    rights.unclear.insert((function.clone(), *verb));
                }
            }
        }
        rights
    }
}

/// A member was given another role: what it could do then against what it can do now.
fn held_role(pair: &Pair, before: Option<&Value>, after: Option<&Value>) -> Direction {
    let (Some(Value::Role(Some(before))), Some(Value::Role(Some(after)))) = (before, after) else {
        return Direction::Unknown;
    };
    if pair.unread_roles.contains(before) || pair.unread_roles.contains(after) {
        return Direction::Unknown;
    }
    compare(&Rights::of(&pair.old, *before), &Rights::of(&pair.new, *after))
}

fn compare(before: &Rights, after: &Rights) -> Direction {
    // Of a role that is not there, nothing says whether it is an admin role.
    let (Some(admin_before), Some(admin_after)) = (before.admin, after.admin) else {
        return Direction::Unknown;
    };
    match (admin_before, admin_after) {
        (true, true) => return Direction::Neutral,
        (false, true) => return Direction::Wider,
        (true, false) => return Direction::Narrower,
        (false, false) => {}
    }
    let level = |rights: &Rights, key| rights.levels.get(key).copied().unwrap_or_default();
    let keys: BTreeSet<_> = before.levels.keys().chain(after.levels.keys()).collect();
    let comparable =
        keys.into_iter().filter(|key| !before.unclear.contains(key) && !after.unclear.contains(key));
    let (mut up, mut down) = (false, false);
    for key in comparable {
        up |= level(after, key) > level(before, key);
        down |= level(after, key) < level(before, key);
    }
    // What is not understood could be anything, but cannot undo what is known to have come.
    let is_clear = before.unclear.is_empty() && after.unclear.is_empty();
    match (up, down, is_clear) {
        (true, true, _) => Direction::Mixed,
        (_, _, false) => Direction::Unknown,
        (true, false, true) => Direction::Wider,
        (false, true, true) => Direction::Narrower,
        (false, false, true) => Direction::Neutral,
    }
}

/// Whether both are one name in two spellings.
fn is_spelling(before: Option<&Value>, after: Option<&Value>) -> bool {
    matches!((before, after), (Some(Value::Text(one)), Some(Value::Text(other))) if fold_name(one) == fold_name(other))
}

/// Boards are known by name only: another name may be another board.
fn board(before: Option<&Value>, after: Option<&Value>) -> Direction {
    match (before, after) {
        (Some(_), None) => Direction::Wider,
        (None, Some(_)) => Direction::Narrower,
        _ if is_spelling(before, after) => Direction::Neutral,
        _ => Direction::Unknown,
    }
}

fn boards(before: Option<&Value>, after: Option<&Value>) -> Direction {
    let set = |value: Option<&Value>| match value {
        Some(Value::Boards(boards)) => boards.clone(),
        _ => BTreeSet::new(),
    };
    let (before, after) = (set(before), set(after));
    match (before.is_subset(&after), after.is_subset(&before)) {
        (true, _) => Direction::Narrower,
        (false, true) => Direction::Wider,
        (false, false) => Direction::Mixed,
    }
}

/// "Corporate (Level 1)" is above "Region (Level 2)"; other names do not say.
fn level_of_structure(before: Option<&Value>, after: Option<&Value>) -> Direction {
    let number = |value: Option<&Value>| match value {
        Some(Value::Text(name)) => {
            fold_name(name).rsplit_once("level").and_then(|(_, number)| number.parse::<u32>().ok())
        }
        _ => None,
    };
    match (number(before), number(after)) {
        (Some(before), Some(after)) if after < before => Direction::Wider,
        (Some(before), Some(after)) if after > before => Direction::Narrower,
        (Some(_), Some(_)) => Direction::Neutral,
        _ if is_spelling(before, after) => Direction::Neutral,
        _ => Direction::Unknown,
    }
}

/// A location matters to a member that is restricted to it.
fn location(pair: &Pair, restricted: &Key) -> Direction {
    match (pair.old.get(restricted), pair.new.get(restricted)) {
        (Some(Value::Flag(Some(false))), Some(Value::Flag(Some(false)))) => Direction::Neutral,
        _ => Direction::Unknown,
    }
}
