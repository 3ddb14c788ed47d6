//! Lists, pages and fields.

use serde_json::Value;

use crate::survey::ask::{Caller, Seen};
use crate::survey::finding::{Finding, Why};
use crate::survey::rows::{Look, id, object, rows, text};

/// Where there are several roles, the first alone is not the last page.
pub(super) fn link_between(seen: &Seen) -> Result<Finding, Why> {
    if rows(&seen.roles)?.len() < 2 {
        return Err(Why::NothingToSee);
    }
    let first = seen.first_role.as_ref().map_err(|why| *why)?;
    Ok(Finding::one(first.has_next))
}

/// Lists of fewer rows than a page holds.
pub(super) fn last_has_no_next(seen: &Seen) -> Finding {
    const A_PAGE: usize = 1_000;
    let settings = seen.settings.iter().map(|(_, look)| look);
    let lists = [&seen.roles, &seen.api_members, &seen.members].into_iter().chain(settings);
    let short = lists.filter(|list| rows(list).is_ok_and(|rows| !rows.is_empty() && rows.len() < A_PAGE));
    Finding::each(short.filter_map(|list| Some(!list.as_ref().ok()?.has_next)))
}

/// A role has over a hundred settings, many more than the 25 of a page that nobody asked to be longer.
pub(super) fn thousand_rows(seen: &Seen) -> Result<Finding, Why> {
    let (_, settings) = seen.settings.first().ok_or(Why::NothingToSee)?;
    let all = object(&seen.settings_count)?["count"].as_u64().ok_or(Why::NoAnswer)?;
    let came = rows(settings)?.len() as u64;
    Ok(if all > 1_000 { Finding::one(came == 1_000) } else { Finding::one(came == all) })
}

pub(super) fn fields_are_obeyed(seen: &Seen) -> Result<Finding, Why> {
    let only_id = |row: &Value| row.as_object().is_some_and(|fields| fields.keys().all(|key| key == "id"));
    Ok(Finding::each(rows(&seen.first_role)?.iter().map(only_id)))
}

/// Of members that hold a role.
pub(super) fn nested_fields(seen: &Seen) -> Result<Finding, Why> {
    let holders = rows(&seen.members)?.iter().filter(|row| row["securityRole"].is_object());
    Ok(Finding::each(holders.map(|row| id(&row["securityRole"]).is_some())))
}

pub(super) fn caller_is_in_every_list(seen: &Seen) -> Finding {
    let lists = [&seen.roles, &seen.api_members, &seen.members];
    let answered = lists.iter().filter_map(|list| Some(!rows(list).ok()?.is_empty()));
    let finding = Finding::each(answered);
    match lists.into_iter().find_map(|list| rows(list).err()) {
        Some(why) if finding.of == 0 => Finding::not_seen(why),
        _ => finding,
    }
}

pub(super) fn cloud_has_its_codebase(seen: &Seen) -> Result<Finding, Why> {
    let cloud = seen.company.cloud.ok_or(Why::NothingToSee)?;
    Ok(Finding::one(cloud == (seen.company.codebase != "v4_6_release")))
}

/// Whether each row of a list, as the first key that may read it sees it, has a flag.
pub(super) fn flag_is_sent(seen: &Seen, flag: &str, list: fn(&Caller) -> &Look) -> Finding {
    let of_caller = |caller| -> Result<Finding, Why> {
        Ok(Finding::each(rows(list(caller))?.iter().map(|row| row[flag].is_boolean())))
    };
    Finding::together(seen.callers.iter().map(|caller| of_caller(caller).into()))
}

/// Whether a row has a text in a field.
pub(super) fn has_text(row: &Value, field: &str) -> bool {
    text(row, field).is_some()
}
