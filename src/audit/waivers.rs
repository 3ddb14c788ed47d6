//! Waivers: findings that somebody accepted until a day. Applied to the outcomes of an audit here, in
//! one place; what is wrong with a waiver, LW401 and LW402 say.

use std::fmt::Write;

use jiff::civil::Date;

use super::Request;
use crate::checks;
use crate::checks::{Applied, Standing, describe};
use crate::checks::{Outcome, Status};
use crate::model::{MemberRef, RoleRef, Tenant, fold_function, selects};
use crate::policy::{Acceptance, Policy, Waiver};
use crate::term::text::printable;

/// The longest that a waiver may hold, without another word in the config (`[checks.LW401] days`).
const MOST_DAYS: u32 = 365;

/// For how long a proposed waiver holds.
const PROPOSED_DAYS: i32 = 90;

/// The checks that judge waivers cannot be waived: that would accept everything at once.
const JUDGES: [&str; 2] = ["LW401", "LW402"];

/// Turns the findings that a waiver covers into waived ones.
pub fn apply<'w>(
    policy: &'w Policy,
    tenant: &Tenant,
    as_of: Date,
    request: &Request,
    outcomes: &mut [Outcome],
) -> Vec<Applied<'w>> {
    let most_days = policy.checks.get(JUDGES[0]).and_then(|over| over.days).unwrap_or(MOST_DAYS);
    let mut applied = Vec::with_capacity(policy.waivers.len());
    for waiver in &policy.waivers {
        let covered = |status: Status| {
            outcomes
                .iter()
                .filter(move |outcome| outcome.status == status)
                .filter(|outcome| covers(waiver, outcome, tenant))
        };
        let unsure = if request.is_limited() || policy.fleet && waiver.tenant.is_none() {
            Some("only part of what it may mean was judged")
        } else if is_incomplete(outcomes) || covered(Status::Unknown).next().is_some() {
            Some("not everything could be read")
        } else if !request.all && is_folded(waiver, outcomes, tenant) {
            Some("LW206 counts what it may mean; --all lists it")
        } else {
            None
        };
        let findings = covered(Status::Fail).count();
        applied.push(Applied { waiver, standing: standing(waiver, as_of, most_days), findings, unsure });
    }
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.status == Status::Fail) {
        // Of several waivers the one that holds longest; of those, the first of the file.
        let longest = applied.iter().rev().filter(|own| covers(own.waiver, outcome, tenant));
        let longest = longest.filter_map(Applied::acceptance).max_by_key(|acceptance| acceptance.expires);
        if let Some(acceptance) = longest.cloned() {
            outcome.status = Status::Waived;
            outcome.waiver = Some(acceptance);
        }
    }
    applied
}

fn is_incomplete(outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|outcome| outcome.check == "LW901" && outcome.status == Status::Unknown)
}

/// Whether LW206 may count the finding that is meant, so that LW102 does not list it.
fn is_folded(waiver: &Waiver, outcomes: &[Outcome], tenant: &Tenant) -> bool {
    let means = |outcome: &&Outcome| {
        outcome.role.as_ref().is_none_or(|role| is_role(waiver, Some(role)))
            && waiver.member.as_ref().is_none_or(|_| is_member(waiver, outcome.member.as_ref(), tenant))
    };
    let mut wide = outcomes.iter().filter(|outcome| {
        outcome.check == "LW206" && matches!(outcome.status, Status::Fail | Status::Waived)
    });
    is_check(waiver, "LW102") && wide.any(|outcome| means(&outcome))
}

/// What a waiver is worth on a day. The day in `expires` is the last on which it holds.
fn standing(waiver: &Waiver, as_of: Date, most_days: u32) -> Standing {
    let mut faults = waiver.faults.clone();
    for (key, text) in [("reason", &waiver.reason), ("owner", &waiver.owner)] {
        if text.is_none() {
            faults.push(format!("`{key}` is missing"));
        }
    }
    for (key, day) in [("since", waiver.since), ("expires", waiver.expires)] {
        // An unreadable day has its own sentence already.
        if day.is_none() && !waiver.faults.iter().any(|fault| fault.starts_with(&format!("`{key}`"))) {
            faults.push(format!("`{key}` is missing"));
        }
    }
    if checks::find(&waiver.check).is_some_and(|check| JUDGES.contains(&check.id)) {
        faults.push(format!("{} cannot be waived", waiver.check));
    }
    if let (Some(since), Some(expires)) = (waiver.since, waiver.expires) {
        let days = days_between(since, expires);
        if days < 0 {
            faults.push(format!("it expires on {expires}, before it begins on {since}"));
        } else if i64::from(days) > i64::from(most_days) {
            faults.push(format!("it holds for {days} days from {since}; {most_days} are the most"));
        } else if as_of > expires {
            faults.push(format!("it expired on {expires}"));
        }
    }
    match waiver {
        Waiver {
            reason: Some(reason),
            owner: Some(owner),
            since: Some(since),
            expires: Some(expires),
            ..
        } if faults.is_empty() => {
            if as_of < *since {
                return Standing::NotYet(*since);
            }
            Standing::Holds(Acceptance {
                reason: reason.clone(),
                owner: owner.clone(),
                since: *since,
                expires: *expires,
                age_days: days_between(*since, as_of),
            })
        }
        _ => Standing::Void(faults),
    }
}

/// Whole days from one day to another; negative where the other comes first.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// Whether a waiver names this outcome: every field that it gives must be the outcome's.
fn covers(waiver: &Waiver, outcome: &Outcome, tenant: &Tenant) -> bool {
    let same = |own: &Option<String>, of_outcome: Option<String>| {
        own.as_ref().is_none_or(|own| {
            of_outcome.is_some_and(|of_outcome| fold_function(own) == fold_function(&of_outcome))
        })
    };
    is_check(waiver, outcome.check)
        && waiver.integration.as_ref().is_none_or(|id| outcome.integration.as_ref() == Some(id))
        && is_role(waiver, outcome.role.as_ref())
        && is_member(waiver, outcome.member.as_ref(), tenant)
        && same(&waiver.function, outcome.function.as_ref().map(ToString::to_string))
        && waiver.verb.is_none_or(|verb| outcome.verb == Some(verb))
        && same(&waiver.table, outcome.table.clone())
}

/// A waiver names a check by its id or its name.
fn is_check(waiver: &Waiver, id: &'static str) -> bool {
    waiver.check.eq_ignore_ascii_case(id) || checks::find(&waiver.check).is_some_and(|check| check.id == id)
}

fn is_role(waiver: &Waiver, role: Option<&RoleRef>) -> bool {
    let is_it = |name: &String| role.is_some_and(|role| selects(name, role.id.0, [&*role.name]));
    waiver.role.as_ref().is_none_or(is_it)
}

fn is_member(waiver: &Waiver, member: Option<&MemberRef>, tenant: &Tenant) -> bool {
    let is_it = |selector: &String| {
        member.is_some_and(|member| {
            let name = tenant.api_member(member.id).and_then(|own| own.name.as_deref());
            selects(selector, member.id.0, member.identifier.as_deref().into_iter().chain(name))
        })
    };
    waiver.member.as_ref().is_none_or(is_it)
}

/// What tells a waiver from any other.
#[must_use]
pub fn identity(waiver: &Waiver) -> String {
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    format!("{}, {} to {}", describe(waiver), day(waiver.since), day(waiver.expires))
}

/// The `[[waiver]]` that would cover this finding and no other, once somebody fills in why and who.
/// Left blank, it does not waive. By ids, which a rename does not change.
#[must_use]
pub fn snippet(outcome: &Outcome, as_of: Date) -> Option<String> {
    if outcome.status != Status::Fail || JUDGES.contains(&outcome.check) {
        return None;
    }
    let expires = as_of.checked_add(jiff::Span::new().days(PROPOSED_DAYS)).ok()?;
    let mut text = format!("[[waiver]]\ncheck = \"{}\"\n", outcome.check);
    let mut add = |key: &str, value: &str, comment: Option<&str>| {
        let comment = comment.map(|comment| format!("   # {}", printable(comment))).unwrap_or_default();
        let value = toml::Value::String(value.to_owned());
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} = {value}{comment}");
    };
    if let Some(integration) = &outcome.integration {
        add("integration", integration, None);
    }
    if let Some(role) = &outcome.role {
        add("role", &role.id.to_string(), Some(&role.name));
    }
    if let Some(member) = &outcome.member {
        add("member", &member.id.to_string(), member.identifier.as_deref());
    }
    if let Some(function) = &outcome.function {
        add("function", &function.to_string(), None);
    }
    if let Some(verb) = outcome.verb {
        add("verb", verb.as_str(), None);
    }
    if let Some(table) = &outcome.table {
        add("table", table, None);
    }
    add("reason", "", Some("why, with the ticket; left blank, it does not waive"));
    add("owner", "", Some("who answers for it"));
    Some(format!("{text}since = {as_of}\nexpires = {expires}\n"))
}

#[cfg(test)]
mod tests;
