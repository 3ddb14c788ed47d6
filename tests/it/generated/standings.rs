//! The laws of the standings, each tried on every generated tenant.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::corpus::{Case, for_all, judge, judge_by};
use super::estate::{Estate, VERBS, Waiver};
use super::judged::{DANGEROUS, Judged, Key, STANDINGS, counts, ensure, text, works_still};

#[test]
fn what_is_asked_for_never_changes_how_a_key_stands() {
    for_all(|case| {
        let whole = case.judged()?;
        let all = whole.by_who();
        let ids: BTreeSet<_> = all.values().filter_map(|key| key.integration()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let Some(id) = ids.get(case.choose(31, ids.len())) else { return Ok(()) };
        let asked = judge_by(&case.estate, &["--all", "--integration", id])?;
        for (who, key) in asked.by_who() {
            // Who is asked for by name is expected, and has a row even where nobody serves.
            let is_expected = key.member().is_none() && key.integration() == Some(id);
            let in_whole = all.get(&who).map_or(&Value::Null, |key| key.0);
            ensure(in_whole == key.0 || (in_whole.is_null() && is_expected), || {
                format!("--integration {id}: {who}\nby itself: {}\namong all: {in_whole}", key.0)
            })?;
        }
        let is_there = asked.keys().iter().any(|key| key.integration() == Some(id));
        ensure(is_there, || format!("--integration {id} has no key of it"))
    });
}

#[test]
fn a_waiver_changes_only_the_keys_on_its_role() {
    for_all(|case| {
        let before = case.judged()?;
        // Of what somebody could waive, one that changes the most: a role's excess, or what its key is.
        let open: Vec<_> = before
            .open()
            .filter(|finding| {
                matches!(finding["check"].as_str(), Some("LW101" | "LW102" | "LW202" | "LW206"))
            })
            .collect();
        let Some(finding) = open.get(case.choose(41, open.len())) else { return Ok(()) };
        let name = text(&finding["role"]["name"]);
        let check = match finding["check"].as_str() {
            Some("LW101") => "LW101",
            Some("LW202") => "LW202",
            Some("LW206") => "LW206",
            _ => "LW102",
        };
        let mut estate = case.estate.clone();
        let names = vec![("role", name.clone())];
        estate.waivers.push(Waiver { check, names, expires: "2027-03-31" });
        let after = judge(&estate)?;
        let now = after.by_who();
        for (who, key) in before.by_who() {
            let other = now.get(&who).map_or(&Value::Null, |key| key.0);
            ensure(key.0["role"]["name"] == *name || key.0 == other, || {
                format!(
                    "a waiver of {check} on the role {name} changed {who}\nbefore: {}\nafter: {other}",
                    key.0
                )
            })?;
            ensure(key.works() == other["works"].as_str().unwrap_or_default(), || {
                format!("a waiver changed whether {who} works\nbefore: {}\nafter: {other}", key.0)
            })?;
            let is_fine_by_it = other["standing"].as_array().is_some_and(|own| own.contains(&"fine".into()));
            ensure(key.is("fine") || !is_fine_by_it, || format!("waived is not fine: {who}: {other}"))?;
        }
        Ok(())
    });
}

#[test]
fn a_higher_level_takes_no_power_away_and_breaks_nothing() {
    for_all(|case| {
        let before = case.judged()?;
        let Some((raised, what)) = raised(case) else { return Ok(()) };
        let after = judge(&raised)?;
        works_still(before, &after).map_err(|said| format!("{said}\n{what}"))?;
        let now = after.by_who();
        for (who, key) in before.by_who() {
            let Some(after) = now.get(&who) else { return Err(format!("{who} is gone\n{what}")) };
            let has = after.powers();
            let lost: Vec<_> = key
                .powers()
                .into_iter()
                .filter(|(power, all)| has.get(power).is_none_or(|own| own < all))
                .collect();
            ensure(lost.is_empty(), || {
                format!("{who} lost {lost:?}\nbefore: {}\nafter: {}\n{what}", key.0, after.0)
            })?;
        }
        Ok(())
    });
}

/// The tenant with one level that is understood put up by one, on a role that somebody holds.
fn raised(case: &Case) -> Option<(Estate, String)> {
    let mut estate = case.estate.clone();
    let mut places = Vec::new();
    for (at, role) in estate.snapshot.roles.iter().enumerate() {
        if !estate.snapshot.api_members.iter().any(|api| api.role == Some(role.id)) {
            continue;
        }
        for (row, setting) in role.settings.iter().flatten().enumerate() {
            for verb in VERBS {
                match setting.cells.get(verb).and_then(Value::as_str) {
                    Some("None") => places.push((at, row, verb, "My")),
                    Some("My") => places.push((at, row, verb, "All")),
                    _ => {}
                }
            }
        }
    }
    let &(at, row, verb, level) = places.get(case.choose(51, places.len()))?;
    let role = &mut estate.snapshot.roles[at];
    let row = &mut role.settings.as_mut()?[row];
    row.cells.insert(verb.to_owned(), level.into());
    let what = format!("by {} {verb} {level} on role {}", row.function, role.id);
    Some((estate, what))
}

#[test]
fn what_could_do_harm_and_is_not_accepted_is_never_fine() {
    for_all(|case| no_danger_is_fine(case.judged()?));
}

pub(super) fn no_danger_is_fine(judged: &Judged) -> Result<(), String> {
    for key in judged.keys() {
        for row in key.power_rows().into_iter().flatten().filter(|row| counts(row)) {
            let harms = DANGEROUS.iter().any(|power| row["power"] == *power);
            let settled = row["by"] == "accepted" || row["dormant"] == true;
            ensure(!harms || settled || !key.is("fine"), || format!("fine with {row}: {}", key.0))?;
        }
    }
    Ok(())
}

/// By the tenant alone: what gives each dangerous power beyond any doubt.
const GIVES: [(&str, &[&str], &str); 3] = [
    ("Security Roles", &["add", "edit"], "take-over"),
    ("Member Maintenance", &["add", "edit"], "take-over"),
    ("Configuration - Display Passwords", &["edit", "inquire"], "read-secrets"),
];

#[test]
fn a_power_that_a_role_plainly_gives_is_said_of_every_key_on_it() {
    for_all(|case| {
        let judged = case.judged()?;
        for key in judged.keys().iter().filter(|key| key.member().is_some()) {
            let Some(role) = key.role().and_then(|id| case.estate.role(id)) else { continue };
            let said = key.dangerous();
            let rows = role.settings.as_deref().unwrap_or_default();
            for (function, verbs, power) in GIVES {
                let own: Vec<_> = rows.iter().filter(|row| row.function == function).collect();
                let [row] = own.as_slice() else { continue };
                let gives =
                    verbs.iter().any(|verb| matches!(row.cells.get(*verb), Some(Value::String(level)) if level == "My" || level == "All"));
                ensure(!gives || said.contains(power), || {
                    format!("the role {} gives {power} by {function}: {}", role.name, key.0)
                })?;
            }
            let is_admin = role.admin == Some(true) || role.name == "Admin";
            ensure(!is_admin || said.contains("take-over"), || format!("on an admin role: {}", key.0))?;
        }
        Ok(())
    });
}

#[test]
fn a_standing_says_what_the_facts_of_a_key_say() {
    for_all(|case| {
        let judged = case.judged()?;
        for key in judged.keys().into_iter().filter(|key| !key.is_login()) {
            let facts = facts(key);
            for (standing, holds) in facts {
                ensure(key.is(standing) == holds, || format!("{standing} should be {holds}: {}", key.0))?;
            }
            let in_order: Vec<_> = STANDINGS.into_iter().filter(|standing| key.is(standing)).collect();
            ensure(key.0["standing"] == json!(in_order), || {
                format!("standings are none that are known, or out of order: {}", key.0)
            })?;
            ensure(!in_order.is_empty(), || format!("a key that stands nowhere: {}", key.0))?;
            ensure(!key.is("fine") || in_order == ["fine"], || format!("fine and more: {}", key.0))?;
        }
        Ok(())
    });
}

#[test]
fn an_unowned_key_that_could_do_harm_is_exposed_too() {
    for_all(|case| {
        let keys = case.judged()?.keys();
        let mut unowned = keys.iter().filter(|key| key.is("unowned") && !key.is_login());
        let silent = unowned.find(|key| !key.dangerous().is_empty() && !key.is("exposed"));
        ensure(silent.is_none(), || format!("{:?}", silent.map(|key| key.0)))
    });
}

/// The standings that follow from what else stands in a key's row.
fn facts(key: Key<'_>) -> Vec<(&'static str, bool)> {
    let danger = |by: &str| {
        key.power_rows().into_iter().flatten().any(|row| {
            row["by"] == by
                && row["dormant"] != true
                && counts(row)
                && DANGEROUS.iter().any(|power| row["power"] == *power)
        })
    };
    let mut facts = vec![("switched-off", key.works() == "off")];
    if key.integration().is_some() {
        facts.extend([("unowned", false), ("exposed", danger("excess")), ("to-decide", danger("asked"))]);
    }
    if key.works() != "no" {
        facts.push(("broken", false));
    }
    facts
}

#[test]
fn every_api_member_and_every_binding_has_a_row() {
    for_all(|case| {
        let judged = case.judged()?;
        let keys = judged.keys();
        for api in &case.estate.snapshot.api_members {
            // Who has left an integration to another key is nobody's, and inactive ones need no row.
            let is_there = keys.iter().any(|key| key.member() == Some(api.id));
            ensure(is_there || api.active == Some(false), || format!("no key for {}", api.identifier))?;
        }
        let who: BTreeSet<_> = keys.iter().map(|key| (key.who(), key.role())).collect();
        ensure(who.len() == keys.len(), || format!("a key has two rows: {who:?}"))
    });
}
