//! The baseline: a snapshot of an earlier day, judged like today's, so that only what is new counts.

use crate::checks::{FunctionRef, Outcome, RoleRef, Since, Status};
use crate::model::{Level, Severity};

/// The check whose finding stands for every grant of a role.
const ADMIN: &str = "LW201";

/// Says of each finding whether the baseline has it, and adds those that only the baseline has. `old`
/// is the audit of the baseline by today's rules and day, without waivers.
pub fn compare(outcomes: &mut Vec<Outcome>, old: &[Outcome]) {
    let found: Vec<_> = old.iter().filter(|outcome| outcome.status == Status::Fail).collect();
    for outcome in outcomes.iter_mut().filter(|outcome| is_finding(outcome)) {
        let before = found.iter().find(|own| own.fingerprint == outcome.fingerprint);
        let is_known = before.map_or_else(|| had_everything(outcome, &found), |own| !is_worse(outcome, own));
        outcome.baseline = Some(if is_known { Since::Unchanged } else { Since::New });
    }
    let resolved: Vec<_> =
        found.into_iter().filter(|own| is_resolved(own, outcomes)).map(as_resolved).collect();
    outcomes.extend(resolved);
    outcomes.sort_by(|one, other| one.order().cmp(&other.order()));
}

/// Drops what LW206 counts rather than lists, but keeps what is new: a role that is too wide already
/// can still be widened.
pub fn fold_wide_roles(outcomes: &mut Vec<Outcome>) {
    let wide: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.check == "LW206" && is_finding(outcome))
        .filter_map(|outcome| outcome.role.clone())
        .collect();
    outcomes.retain(|outcome| {
        outcome.check != "LW102"
            || outcome.severity >= Severity::High
            || !matches!(outcome.baseline, Some(Since::Unchanged | Since::Resolved))
            || outcome.role.as_ref().is_none_or(|role| !wide.contains(role))
    });
}

fn is_finding(outcome: &Outcome) -> bool {
    matches!(outcome.status, Status::Fail | Status::Waived)
}

/// Whether the role had every grant before, as an admin role: then no grant of it is new.
fn had_everything(outcome: &Outcome, found: &[&Outcome]) -> bool {
    matches!(outcome.check, "LW102" | "LW104" | "LW206") && is_admin(outcome.role.as_ref(), found)
}

fn is_admin(role: Option<&RoleRef>, found: &[&Outcome]) -> bool {
    let id = |role: &RoleRef| role.id;
    let admins = found.iter().filter(|own| own.check == ADMIN).filter_map(|own| own.role.as_ref());
    role.is_some_and(|role| admins.map(id).any(|admin| admin == role.id))
}

/// The fingerprint leaves levels out, so that a finding stays the same when they change; a grant that
/// went further off is news all the same.
fn is_worse(now: &Outcome, before: &Outcome) -> bool {
    let level = |outcome: &Outcome| outcome.actual.as_deref().and_then(Level::from_word);
    match (now.check, level(before), level(now)) {
        ("LW101", Some(before), Some(now)) => now < before,
        ("LW102", Some(before), Some(now)) => now > before,
        _ => false,
    }
}

/// Whether a finding of the baseline is gone, rather than not looked at.
fn is_resolved(old: &Outcome, outcomes: &[Outcome]) -> bool {
    let is_still_there = outcomes.iter().any(|own| own.fingerprint == old.fingerprint && is_finding(own));
    let could_hide = outcomes
        .iter()
        .filter(|own| own.status == Status::Unknown && own.check == old.check)
        .any(|own| may_mean(own, old));
    let now: Vec<_> = outcomes.iter().filter(|own| is_finding(own)).collect();
    let is_absorbed =
        (old.check.starts_with("LW1") || old.check == "LW206") && is_admin(old.role.as_ref(), &now);
    !is_still_there && !could_hide && !is_absorbed
}

/// Whether what could not be told may be this finding: nothing that both name differs.
fn may_mean(unknown: &Outcome, old: &Outcome) -> bool {
    fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    let role = |outcome: &Outcome| outcome.role.as_ref().map(|role| role.id);
    let member = |outcome: &Outcome| outcome.member.as_ref().map(|member| member.id);
    let function = |outcome: &Outcome| outcome.function.as_ref().map(FunctionRef::key);
    agree(role(unknown).as_ref(), role(old).as_ref())
        && agree(member(unknown).as_ref(), member(old).as_ref())
        && agree(function(unknown).as_ref(), function(old).as_ref())
        && agree(unknown.verb.as_ref(), old.verb.as_ref())
        && agree(unknown.integration.as_ref(), old.integration.as_ref())
}

fn as_resolved(old: &Outcome) -> Outcome {
    Outcome {
        status: Status::Pass,
        message: format!("resolved since the baseline: {}", old.message),
        fix: None,
        // The line is one of the other file.
        line: None,
        baseline: Some(Since::Resolved),
        ..old.clone()
    }
}
