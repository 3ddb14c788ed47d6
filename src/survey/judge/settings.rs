//! Roles and the rows of their settings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pages::has_text;
use crate::model::{Grants, Level, Setting, Verb, fold_name};
use crate::rules::{Catalog, Lookup};
use crate::survey::ask::{Caller, Seen};
use crate::survey::finding::{Finding, Why};
use crate::survey::rows::{LEVELS, function, id, object, rows, text};

pub(super) fn roles_say_admin(seen: &Seen) -> Result<Finding, Why> {
    Ok(Finding::each(rows(&seen.roles)?.iter().map(|role| role["adminFlag"].is_boolean())))
}

pub(super) fn admin_is_flagged(seen: &Seen) -> Result<Finding, Why> {
    let named = |role: &&Value| text(role, "name").is_some_and(|name| fold_name(name) == "admin");
    Ok(Finding::each(rows(&seen.roles)?.iter().filter(named).map(|role| role["adminFlag"] == true)))
}

/// Verbs that a function does not offer are not counted.
pub(super) fn admin_rows_read_all(seen: &Seen) -> Result<Finding, Why> {
    let admins: BTreeSet<_> =
        rows(&seen.roles)?.iter().filter(|role| role["adminFlag"] == true).filter_map(id).collect();
    let own = seen.settings.iter().filter(|(role, _)| admins.contains(role));
    let levels = own.filter_map(|(_, look)| rows(look).ok()).flatten().flat_map(levels);
    Ok(Finding::each(levels.filter_map(Value::as_str).map(|word| Level::from_word(word) == Some(Level::All))))
}

fn levels(row: &Value) -> impl Iterator<Item = &Value> {
    LEVELS.into_iter().map(|field| &row[field])
}

/// Every row of every role that was read.
fn all(seen: &Seen) -> impl Iterator<Item = &Value> {
    seen.settings.iter().filter_map(|(_, look)| rows(look).ok()).flatten()
}

/// Where no role's settings were read, why not.
fn each(seen: &Seen, holds: impl Iterator<Item = bool>) -> Finding {
    let finding = Finding::each(holds);
    let refused = seen.settings.iter().find_map(|(_, look)| rows(look).err()).or(rows(&seen.roles).err());
    match refused {
        Some(why) if finding.of == 0 => Finding::not_seen(why),
        _ => finding,
    }
}

pub(super) fn levels_are_three(seen: &Seen) -> Finding {
    let words = all(seen).flat_map(levels).filter(|level| !level.is_null());
    each(seen, words.map(|level| level.as_str().and_then(Level::from_word).is_some()))
}

pub(super) fn levels_are_sent(seen: &Seen) -> Finding {
    each(seen, all(seen).map(|row| LEVELS.iter().all(|field| row.get(field).is_some())))
}

pub(super) fn rows_are_named(seen: &Seen) -> Finding {
    each(seen, all(seen).map(|row| function(row).is_some()))
}

/// Most functions are those of the catalog; a tenant may have some that it does not know.
pub(super) fn names_are_the_screens(seen: &Seen, catalog: &Catalog) -> Finding {
    let all = functions(seen);
    let known = all.values().filter(|row| is_known(row, catalog)).count();
    let mut finding = each(seen, all.values().map(|_| known * 2 > all.len()));
    finding.against = all.len() - known;
    finding
}

/// One row for each function, whatever role it is of.
fn functions(seen: &Seen) -> BTreeMap<(String, String), &Value> {
    all(seen).filter_map(|row| Some((function(row)?, row))).collect()
}

fn is_known(row: &Value, catalog: &Catalog) -> bool {
    matches!(catalog.lookup(&setting(row)), Lookup::Known(_))
}

fn setting(row: &Value) -> Setting {
    let name = |field| text(row, field).map(Into::into);
    let description: Option<crate::model::Name> = name("moduleFunctionDescription");
    let module = name("moduleName").unwrap_or_default();
    let function = name("moduleFunctionName").or_else(|| description.clone()).unwrap_or_default();
    let grants = Grants::from_fn(|_: Verb| crate::model::Grant::Absent);
    let identifier = name("moduleFunctionIdentifier");
    Setting { description, identifier, ..Setting::new(module, function, grants) }
}

/// The functions that the catalog does not know, as "Module / Function".
pub(in crate::survey) fn unknown(seen: &Seen, catalog: &Catalog) -> Vec<String> {
    let strange = functions(seen).into_values().filter(|row| !is_known(row, catalog)).map(setting);
    let mut names: Vec<_> =
        strange.map(|setting| format!("{} / {}", setting.module, setting.function)).collect();
    names.sort();
    names
}

pub(super) fn one_row_a_function(seen: &Seen) -> Finding {
    let of_role = |rows: &[Value]| -> Vec<bool> {
        let mut met = BTreeSet::new();
        rows.iter().filter_map(function).map(|own| met.insert(own)).collect()
    };
    let roles = seen.settings.iter().filter_map(|(_, look)| rows(look).ok());
    each(seen, roles.flat_map(of_role))
}

/// Of functions that have an identifier in two roles or more.
pub(super) fn identifiers_agree(seen: &Seen) -> Finding {
    let mut by_function: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for row in all(seen) {
        if let (Some(function), Some(identifier)) = (function(row), text(row, "moduleFunctionIdentifier")) {
            by_function.entry(function).or_default().push(identifier);
        }
    }
    let several = by_function.into_values().filter(|all| all.len() > 1);
    each(seen, several.map(|all| all.iter().all(|own| *own == all[0])))
}

/// A role that was never changed may say nothing; one that does is enough.
pub(super) fn role_says_who_changed_it(seen: &Seen) -> Result<Finding, Why> {
    let roles = rows(&seen.roles)?;
    let says =
        |role: &Value| has_text(&role["_info"], "lastUpdated") && has_text(&role["_info"], "updatedBy");
    if roles.is_empty() {
        return Err(Why::NothingToSee);
    }
    Ok(Finding::one(roles.iter().any(says)))
}

/// Of the keys whose role was read.
pub(super) fn own_rights_are_the_roles(seen: &Seen) -> Finding {
    Finding::together(seen.callers.iter().map(|caller| own_rights(seen, caller).into()))
}

fn own_rights(seen: &Seen, caller: &Caller) -> Result<Finding, Why> {
    object(&caller.me)?;
    let role = caller.role().ok_or(Why::NothingToSee)?;
    let (_, settings) = seen.settings.iter().find(|(id, _)| *id == role).ok_or(Why::NothingToSee)?;
    let told = |rows: &[Value]| -> BTreeMap<_, _> {
        let words = |row| levels(row).map(|level| level.as_str().map(str::to_lowercase)).collect::<Vec<_>>();
        rows.iter().filter_map(|row| Some((function(row)?, words(row)))).collect()
    };
    let (own, of_role) = (told(rows(&caller.rights)?), told(rows(settings)?));
    let all: BTreeSet<_> = own.keys().chain(of_role.keys()).collect();
    Ok(Finding::each(all.into_iter().map(|function| own.get(function) == of_role.get(function))))
}
