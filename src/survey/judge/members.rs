//! Members, API members, and whose key it is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::pages::has_text;
use crate::survey::ask::Seen;
use crate::survey::finding::{Finding, Why};
use crate::survey::rows::{id, object, rows};

/// Each API member is among the rows that the PSA selects as API members, by id and identifier.
pub(super) fn are_members(seen: &Seen) -> Result<Finding, Why> {
    let key = |row: &Value| (id(row), row["identifier"].as_str().map(str::to_lowercase));
    let members: BTreeSet<_> = rows(&seen.api_rows)?.iter().map(key).collect();
    Ok(Finding::each(rows(&seen.api_members)?.iter().map(|row| members.contains(&key(row)))))
}

/// The filtered list has those of the whole one whose licence class is A, and no other.
pub(super) fn licence_filter(seen: &Seen) -> Result<Finding, Why> {
    let all = rows(&seen.members)?;
    let is_api =
        |row: &&Value| row["licenseClass"].as_str().is_some_and(|class| class.eq_ignore_ascii_case("A"));
    let expected: BTreeSet<_> = all.iter().filter(is_api).filter_map(id).collect();
    let selected: BTreeSet<_> = rows(&seen.api_rows)?.iter().filter_map(id).collect();
    let whole: BTreeSet<_> = all.iter().filter_map(id).collect();
    Ok(Finding::each(whole.union(&selected).map(|id| expected.contains(id) == selected.contains(id))))
}

pub(super) fn caller_is_listed(seen: &Seen) -> Result<Finding, Why> {
    let lists = [rows(&seen.api_members), rows(&seen.members)];
    if let [Err(why), Err(_)] = lists {
        return Err(why);
    }
    let listed: BTreeSet<_> = lists.into_iter().flatten().flatten().filter_map(id).collect();
    let callers = seen.callers.iter().filter_map(|caller| id(object(&caller.me).ok()?));
    Ok(Finding::each(callers.map(|id| listed.contains(&id))))
}

pub(super) fn caller_names_its_role(seen: &Seen) -> Finding {
    let own = seen.callers.iter().filter(|caller| caller.me.is_ok());
    Finding::each(own.map(|caller| caller.role().is_some()))
}

/// Of those that have one.
pub(super) fn last_login_is_a_time(seen: &Seen) -> Result<Finding, Why> {
    let dates = rows(&seen.api_rows)?.iter().map(|row| &row["lastLogin"]).filter(|date| !date.is_null());
    Ok(Finding::each(dates.map(|date| time(date).is_some())))
}

fn time(date: &Value) -> Option<Timestamp> {
    date.as_str()?.parse().ok()
}

/// The keys have just been used; a day is for clocks and time zones.
pub(super) fn key_use_moves_last_login(seen: &Seen) -> Finding {
    const NEAR: i64 = 36 * 60 * 60;
    let dates = seen.callers.iter().filter_map(|caller| time(&object(&caller.me).ok()?["lastLogin"]));
    Finding::each(dates.map(|date| (seen.at.as_second() - date.as_second()).abs() < NEAR))
}

pub(super) fn restrict_flags_are_sent(seen: &Seen) -> Result<Finding, Why> {
    let has_both =
        |row: &Value| row["restrictLocationFlag"].is_boolean() && row["restrictDepartmentFlag"].is_boolean();
    Ok(Finding::each(rows(&seen.api_rows)?.iter().map(has_both)))
}

pub(super) fn levels_are_named(seen: &Seen) -> Result<Finding, Why> {
    Ok(Finding::each(rows(&seen.api_members)?.iter().map(|row| has_text(&row["structureLevel"], "name"))))
}
