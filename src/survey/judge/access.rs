//! Which permission opens which list, and what customise lists mean.

use serde_json::Value;

use crate::model::fold_function;
use crate::rules::{Assumption, Catalog};
use crate::survey::ask::{Caller, Opened, Seen};
use crate::survey::finding::{Finding, Why};
use crate::survey::rows::{Look, id, inquires, rows, text};

/// What is assumed to open a list.
struct Opener {
    list: Opened,
    module: &'static str,
    functions: &'static [&'static str],
}

const fn opener(assumption: Assumption) -> Option<Opener> {
    const MEMBERS: &[&str] = &["Member Maintenance"];
    const TABLES: &[&str] = &["Table Setup"];
    let (list, module, functions): (_, _, &[&str]) = match assumption {
        Assumption::RolesBySecurityRoles => (Opened::Roles, "System", &["Security Roles", "Security"]),
        Assumption::MembersByMemberMaintenance => (Opened::Members, "System", MEMBERS),
        Assumption::ApiMembersByMemberMaintenance => (Opened::ApiMembers, "System", MEMBERS),
        Assumption::LoginsByTableSetup => (Opened::Logins, "System", TABLES),
        Assumption::BoardsByTableSetup => (Opened::Boards, "System", TABLES),
        Assumption::BoardInfosByTickets => (Opened::BoardInfos, "Service Desk", &["Service Tickets"]),
        Assumption::CallbacksByTableSetup => (Opened::Callbacks, "System", TABLES),
        Assumption::ReportsByApiReports => (Opened::Reports, "System", &["API Reports"]),
        _ => return None,
    };
    Some(Opener { list, module, functions })
}

/// A list that is open to a key without the permission shows that something else opens it.
pub(super) fn opened_by(assumption: Assumption, seen: &Seen) -> Finding {
    let Some(opener) = opener(assumption) else { return Finding::not_seen(Why::NothingToSee) };
    Finding::together(seen.callers.iter().map(|caller| opened_for(&opener, caller, seen).into()))
}

fn opened_for(opener: &Opener, caller: &Caller, seen: &Seen) -> Result<Finding, Why> {
    if is_admin(caller, seen) {
        return Err(Why::AdminRole);
    }
    let allowed = rows(&caller.rights).ok().and_then(|own| inquires(own, opener.module, opener.functions));
    let look = answer(caller, opener.list);
    match (look, allowed) {
        (Ok(_), Some(allowed)) => Ok(Finding::one(allowed)),
        (Ok(_), None) => Err(Why::NothingToSee),
        // A customise list may refuse the table, whatever the level says.
        (Err(Why::Refused), Some(true)) if caller.table_items().is_ok_and(|items| items.is_empty()) => {
            Err(Why::RefusedThoughAllowed)
        }
        (Err(why), _) => Err(*why),
    }
}

fn answer(caller: &Caller, list: Opened) -> &Look {
    const NOT_ASKED: &Look = &Err(Why::NothingToSee);
    caller.opened.iter().find(|(own, _)| *own == list).map_or(NOT_ASKED, |(_, look)| look)
}

fn is_admin(caller: &Caller, seen: &Seen) -> bool {
    let Some(own) = caller.role() else { return false };
    let mut roles = rows(&seen.roles).unwrap_or_default().iter();
    roles.any(|role| id(role) == Some(own) && role["adminFlag"] == true)
}

pub(super) fn member_report_exists(seen: &Seen) -> Finding {
    let of_caller = |caller: &Caller| -> Result<Finding, Why> {
        let reports = rows(answer(caller, Opened::Reports))?;
        let is_it = |row: &Value| {
            text(row, "name").is_some_and(|name| name.eq_ignore_ascii_case("MemberSecurityRoles"))
        };
        Ok(Finding::one(reports.iter().any(is_it)))
    };
    Finding::together(seen.callers.iter().map(|caller| of_caller(caller).into()))
}

/// Keys whose role has entries for Table Setup.
fn with_items<'s>(seen: &'s Seen) -> impl Iterator<Item = (&'s Caller, Vec<&'s Value>)> {
    let items =
        |caller: &'s Caller| Some((caller, caller.table_items().ok().filter(|items| !items.is_empty())?));
    seen.callers.iter().filter(|caller| !is_admin(caller, seen)).filter_map(items)
}

/// What to say where no key has such a list.
fn none_has_items(seen: &Seen) -> Finding {
    Finding::not_seen(if seen.callers.len() < 2 { Why::NoIntegrationKey } else { Why::NothingToSee })
}

/// Tables in the list are open and others refused, or the other way round; anything else proves nothing.
pub(super) fn customise_rows_allow(seen: &Seen, catalog: &Catalog) -> Finding {
    let mut all = with_items(seen).peekable();
    if all.peek().is_none() {
        return none_has_items(seen);
    }
    Finding::together(all.map(|(caller, items)| reading(caller, &items, catalog).into()))
}

fn reading(caller: &Caller, items: &[&Value], catalog: &Catalog) -> Result<Finding, Why> {
    let listed: Vec<_> = items.iter().filter_map(|item| catalog.find_table(item.as_str()?)).collect();
    let (mut allow, mut deny) = ((false, false), (false, false));
    for (table, look) in &caller.tables {
        let is_listed = listed.iter().any(|own| own.name == *table);
        match (is_listed, look) {
            (true, Ok(_)) => allow.0 = true,
            (false, Err(Why::Refused)) => allow.1 = true,
            (true, Err(Why::Refused)) => deny.0 = true,
            (false, Ok(_)) => deny.1 = true,
            _ => {}
        }
    }
    match (allow, deny) {
        ((true, true), (false, false)) => Ok(Finding::one(true)),
        ((false, false), (true, true)) => Ok(Finding::one(false)),
        ((false, _) | (_, false), (false, _) | (_, false)) => Err(Why::NothingToSee),
        _ => Err(Why::Contradictory),
    }
}

/// Numbers are no names, and neither is a text of another form.
pub(super) fn customise_items_are_names(seen: &Seen, catalog: &Catalog) -> Finding {
    let mut all = with_items(seen).flat_map(|(_, items)| items).peekable();
    if all.peek().is_none() {
        return none_has_items(seen);
    }
    let is_name = |item: &Value| {
        item.as_str().is_some_and(|name| {
            catalog.find_table(name).is_some()
                || name.split_once(" / ").is_some_and(|(category, table)| {
                    !fold_function(category).is_empty() && !fold_function(table).is_empty()
                })
        })
    };
    Finding::each(all.map(is_name))
}

/// Keys whose role has Table Setup and no entries for it.
pub(super) fn no_customise_rows_no_limit(seen: &Seen) -> Finding {
    let of_caller = |caller: &Caller| -> Result<Finding, Why> {
        if is_admin(caller, seen) {
            return Err(Why::AdminRole);
        }
        if !caller.table_items()?.is_empty() {
            return Err(Why::NothingToSee);
        }
        let answers = caller.tables.iter().filter_map(|(_, look)| match look {
            Ok(_) => Some(true),
            Err(Why::Refused) => Some(false),
            Err(_) => None,
        });
        Ok(Finding::each(answers))
    };
    Finding::together(seen.callers.iter().map(|caller| of_caller(caller).into()))
}
