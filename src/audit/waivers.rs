//! Waivers: findings that somebody accepted until a day. Applied to the results of an audit here, in
//! one place; what is wrong with a waiver, LW401 and LW402 say.

use std::fmt::Write;

use jiff::civil::Date;

use super::Request;
use crate::checks::{self, Applied, CheckId, Finding, Standing, Status, Unsure, describe};
use crate::model::{
    FunctionRef, LoginRef, MemberRef, Name, RoleRef, Verb, days_between, fold_function, fold_name,
};
use crate::policy::{Acceptance, Policy, Waiver};
use crate::term::text::printable;

/// The longest that a waiver may hold, without another word in the config (`[checks.LW401] days`).
const MOST_DAYS: u32 = 365;

/// For how long a proposed waiver holds.
const PROPOSED_DAYS: i32 = 90;

/// The waivers that are in force on the day of the audit.
pub(super) struct InForce<'w> {
    waivers: Vec<&'w Waiver>,
}

impl<'w> InForce<'w> {
    pub(super) fn of(policy: &'w Policy, as_of: Date) -> Self {
        let holds =
            |waiver: &&Waiver| matches!(standing(waiver, as_of, most_days(policy)), Standing::Holds(_));
        Self { waivers: policy.waivers.iter().filter(holds).collect() }
    }

    /// Whether one accepts a permission of a role that is in excess.
    pub(super) fn excess(&self, role: &RoleRef, function: &FunctionRef, verb: Verb) -> bool {
        let about = About {
            role: Some(role),
            function: Some(function),
            verb: Some(verb),
            ..About::of_check(CheckId::ExcessivePermission)
        };
        self.waivers.iter().any(|waiver| covers(waiver, &about))
    }

    /// Whether one accepts that a member holds an admin role.
    pub(super) fn admin(&self, member: &MemberRef, role: &RoleRef) -> bool {
        let about = About { role: Some(role), member: Some(member), ..About::of_check(CheckId::AdminRole) };
        self.waivers.iter().any(|waiver| covers(waiver, &about))
    }
}

fn most_days(policy: &Policy) -> u32 {
    policy.days(CheckId::ExpiredWaiver).unwrap_or(MOST_DAYS)
}

/// What a waiver is held against.
#[derive(Clone, Copy)]
struct About<'f> {
    check: CheckId,
    integration: Option<&'f str>,
    role: Option<&'f RoleRef>,
    member: Option<&'f MemberRef>,
    login: Option<&'f LoginRef>,
    function: Option<&'f FunctionRef>,
    verb: Option<Verb>,
    table: Option<&'f str>,
}

impl About<'_> {
    const fn of_check(check: CheckId) -> Self {
        Self {
            check,
            integration: None,
            role: None,
            member: None,
            login: None,
            function: None,
            verb: None,
            table: None,
        }
    }
}

impl<'f> From<&'f Finding> for About<'f> {
    fn from(finding: &'f Finding) -> Self {
        Self {
            check: finding.check,
            integration: finding.integration_id(),
            role: finding.role.as_deref(),
            member: finding.member.as_deref(),
            login: finding.login.as_deref(),
            function: finding.function.as_deref(),
            verb: finding.verb,
            table: finding.table.as_deref(),
        }
    }
}

/// Turns the findings that a waiver covers into waived ones.
pub fn apply<'w>(
    policy: &'w Policy,
    as_of: Date,
    request: &Request,
    results: &mut [Finding],
) -> Vec<Applied<'w>> {
    let most_days = most_days(policy);
    let mut applied = Vec::with_capacity(policy.waivers.len());
    for waiver in &policy.waivers {
        let covered = |status: Status| {
            results
                .iter()
                .filter(move |finding| finding.status == status)
                .filter(|finding| covers(waiver, &About::from(*finding)))
        };
        let unsure = if request.is_limited() || policy.fleet && waiver.tenant.is_none() {
            Some(Unsure::PartJudged)
        } else if is_incomplete(results) || covered(Status::Unknown).next().is_some() {
            Some(Unsure::NotAllRead)
        } else if !request.all && is_folded(waiver, results) {
            Some(Unsure::Counted)
        } else {
            None
        };
        let findings = covered(Status::Fail).count();
        let standing = match (standing(waiver, as_of, most_days), ambiguous(waiver, results)) {
            (Standing::Void(faults), more) => Standing::Void([faults, more].concat()),
            (standing, more) if more.is_empty() => standing,
            (_, more) => Standing::Void(more),
        };
        applied.push(Applied { waiver, standing, findings, unsure });
    }
    for finding in results.iter_mut().filter(|finding| finding.status == Status::Fail) {
        // Of several waivers the one that holds longest; of those, the first of the file.
        let longest = applied.iter().rev().filter(|own| covers(own.waiver, &About::from(&*finding)));
        let longest = longest.filter_map(Applied::acceptance).max_by_key(|acceptance| acceptance.expires);
        if let Some(acceptance) = longest.cloned() {
            finding.status = Status::Waived;
            finding.waiver = Some(Box::new(acceptance));
        }
    }
    applied
}

fn is_incomplete(results: &[Finding]) -> bool {
    results
        .iter()
        .any(|finding| finding.check == CheckId::CollectionIncomplete && finding.status == Status::Unknown)
}

/// Whether LW206 may count the finding that is meant, so that LW102 does not list it.
fn is_folded(waiver: &Waiver, results: &[Finding]) -> bool {
    let means = |finding: &&Finding| {
        finding.role.as_ref().is_none_or(|role| is_role(waiver, Some(role)))
            && is_member(waiver, finding.member.as_deref())
    };
    let mut wide = results.iter().filter(|finding| {
        finding.check == CheckId::WideRole && matches!(finding.status, Status::Fail | Status::Waived)
    });
    is_check(waiver, CheckId::ExcessivePermission) && wide.any(|finding| means(&finding))
}

/// Why a waiver would not waive on a day; empty where it would, then or later.
#[must_use]
pub fn faults(waiver: &Waiver, policy: &Policy, as_of: Date) -> Vec<String> {
    match standing(waiver, as_of, most_days(policy)) {
        Standing::Void(faults) => faults,
        Standing::Holds(_) | Standing::NotYet(_) => Vec::new(),
    }
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
    faults.extend(too_broad(waiver));
    if checks::find(&waiver.check).is_some_and(|check| !check.can_be_waived) {
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

/// What a waiver covers beyond the keys that were looked at, so that it covers nothing.
fn too_broad(waiver: &Waiver) -> Vec<String> {
    let is_number =
        |text: &String| !text.trim().is_empty() && text.trim().chars().all(|letter| letter.is_ascii_digit());
    let mut faults = Vec::new();
    for (key, value, by_id) in [("role", &waiver.role, "role_id"), ("member", &waiver.member, "member_id")] {
        if value.as_ref().is_some_and(is_number) {
            faults.push(format!("`{key}` is a name; for an id write `{by_id}`"));
        }
    }
    let names_holder = waiver.member.is_some() || waiver.member_id.is_some() || waiver.login.is_some();
    if checks::find(&waiver.check).is_some_and(|check| check.of_holder && check.can_be_waived)
        && !names_holder
    {
        faults.push(format!("{} is about one key: name its `member`, `member_id` or `login`", waiver.check));
    }
    faults
}

/// Names that do not say what is meant: those that fit several roles or members (of logins the PSA has no two with
/// one name), and a function without its module.
fn ambiguous(waiver: &Waiver, results: &[Finding]) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(name) = &waiver.function {
        let bare = |function: &&FunctionRef| fold_function(&function.function) == fold_function(name);
        if let Some(function) = results.iter().filter_map(|finding| finding.function.as_deref()).find(bare) {
            faults.push(format!("`function` is \"{name}\", without its module: write \"{function}\""));
        }
    }
    if let (Some(name), None) = (&waiver.role, waiver.role_id) {
        let named = |role: &RoleRef| role.namesake && fold_name(name) == fold_name(&role.name);
        if results.iter().filter_map(|finding| finding.role.as_deref()).any(named) {
            faults.push(format!("several roles are called \"{name}\": say which by `role_id`"));
        }
    }
    if let (Some(name), None) = (&waiver.member, waiver.member_id) {
        let identified = |own: &Name| fold_name(name) == fold_name(own);
        let named =
            |member: &MemberRef| member.namesake && member.identifier.as_ref().is_some_and(identified);
        if results.iter().filter_map(|finding| finding.member.as_deref()).any(named) {
            faults.push(format!("several members are called \"{name}\": say which by `member_id`"));
        }
    }
    faults
}

/// Whether a waiver names this: every field that it gives must be the finding's.
fn covers(waiver: &Waiver, about: &About<'_>) -> bool {
    let same = |own: &Option<String>, other: Option<String>| {
        own.as_ref().is_none_or(|own| other.is_some_and(|other| fold_function(own) == fold_function(&other)))
    };
    is_check(waiver, about.check)
        && waiver.integration.as_deref().is_none_or(|id| about.integration == Some(id))
        && is_role(waiver, about.role)
        && is_member(waiver, about.member)
        && same(&waiver.login, about.login.map(|login| login.name.to_string()))
        && same(&waiver.function, about.function.map(ToString::to_string))
        && waiver.verb.is_none_or(|verb| about.verb == Some(verb))
        && same(&waiver.table, about.table.map(str::to_owned))
}

/// A waiver names a check by its id or its name.
fn is_check(waiver: &Waiver, id: CheckId) -> bool {
    checks::find(&waiver.check).is_some_and(|check| check.id == id)
}

/// By name or by id: a role that is *named* like the id of another is another role, and a name that several bear
/// says nothing without an id.
fn is_role(waiver: &Waiver, role: Option<&RoleRef>) -> bool {
    let is_clear = |role: &RoleRef| !role.namesake || waiver.role_id.is_some();
    let by_name =
        |name: &String| role.is_some_and(|role| is_clear(role) && fold_name(name) == fold_name(&role.name));
    let by_id = |id: i64| role.is_some_and(|role| role.id.0 == id);
    waiver.role.as_ref().is_none_or(by_name) && waiver.role_id.is_none_or(by_id)
}

fn is_member(waiver: &Waiver, member: Option<&MemberRef>) -> bool {
    let by_identifier = |own: &String| {
        member
            .filter(|member| !member.namesake || waiver.member_id.is_some())
            .and_then(|member| member.identifier.as_deref())
            .is_some_and(|name| fold_name(own) == fold_name(name))
    };
    let by_id = |id: i64| member.is_some_and(|member| member.id.0 == id);
    waiver.member.as_ref().is_none_or(by_identifier) && waiver.member_id.is_none_or(by_id)
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
pub fn snippet(finding: &Finding, as_of: Date) -> Option<String> {
    if finding.status != Status::Fail || !finding.check.check().can_be_waived {
        return None;
    }
    let expires = as_of.checked_add(jiff::Span::new().days(PROPOSED_DAYS)).ok()?;
    let mut text = format!("[[waiver]]\ncheck = \"{}\"\n", finding.check);
    let mut add = |key: &str, value: toml::Value, comment: Option<&str>| {
        let comment = comment.map(|comment| format!("   # {}", printable(comment))).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} = {value}{comment}");
    };
    let text_of = |text: &str| toml::Value::String(text.to_owned());
    if let Some(integration) = &finding.integration {
        add("integration", text_of(&integration.id), None);
    }
    if let Some(role) = &finding.role {
        add("role_id", toml::Value::Integer(role.id.0), Some(&role.name));
    }
    if let Some(member) = &finding.member {
        add("member_id", toml::Value::Integer(member.id.0), member.identifier.as_deref());
    }
    if let Some(login) = &finding.login {
        add("login", text_of(&login.name), None);
    }
    if let Some(function) = &finding.function {
        add("function", text_of(&function.to_string()), None);
    }
    if let Some(verb) = finding.verb {
        add("verb", text_of(verb.as_str()), None);
    }
    if let Some(table) = &finding.table {
        add("table", text_of(table), None);
    }
    add("reason", text_of(""), Some("why, with the ticket; left blank, it does not waive"));
    add("owner", text_of(""), Some("who answers for it"));
    Some(format!("{text}since = {as_of}\nexpires = {expires}\n"))
}

#[cfg(test)]
mod tests;
