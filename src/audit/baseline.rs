//! The baseline: a snapshot of an earlier day, judged like today's, so that only what is new counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::checks::{Outcome, Since, Status};
use crate::model::{FunctionRef, Level, RoleId, Severity};

/// The check whose finding stands for every grant of a role.
const ADMIN: &str = "LW201";

/// Says of each finding whether the baseline has it, and adds those that only the baseline has. `old`
/// is the audit of the baseline by today's rules and day, without waivers.
pub fn compare(outcomes: &mut Vec<Outcome>, old: &[Outcome]) {
    let found: HashMap<_, _> = old
        .iter()
        .filter(|outcome| outcome.status == Status::Fail)
        .map(|outcome| (outcome.fingerprint.as_str(), outcome))
        .collect();
    let admins_before = admins(old);
    for outcome in outcomes.iter_mut().filter(|outcome| is_finding(outcome)) {
        let is_known = match found.get(outcome.fingerprint.as_str()) {
            Some(before) => !is_worse(outcome, before),
            None => had_everything(outcome, &admins_before),
        };
        outcome.baseline = Some(if is_known { Since::Unchanged } else { Since::New });
    }
    let now = Now::of(outcomes);
    let mut resolved: Vec<_> = found.into_values().filter(|own| now.resolves(own)).map(as_resolved).collect();
    outcomes.append(&mut resolved);
    outcomes.sort_by(|one, other| one.order().cmp(&other.order()));
}

/// Drops what LW206 counts rather than lists, but keeps what is new: a role that is too wide already
/// can still be widened.
pub fn fold_wide_roles(outcomes: &mut Vec<Outcome>) {
    let wide: BTreeSet<_> = outcomes
        .iter()
        .filter(|outcome| outcome.check == "LW206" && is_finding(outcome))
        .filter_map(|outcome| outcome.role.as_ref().map(|role| role.id))
        .collect();
    outcomes.retain(|outcome| {
        outcome.check != "LW102"
            || outcome.severity >= Severity::High
            || !matches!(outcome.baseline, Some(Since::Unchanged | Since::Resolved))
            || !is_among(outcome, &wide)
    });
}

fn is_finding(outcome: &Outcome) -> bool {
    matches!(outcome.status, Status::Fail | Status::Waived)
}

/// The roles that have everything, of which no single grant is judged.
fn admins(outcomes: &[Outcome]) -> BTreeSet<RoleId> {
    let found = outcomes.iter().filter(|outcome| outcome.check == ADMIN && is_finding(outcome));
    found.filter_map(|outcome| outcome.role.as_ref()).map(|role| role.id).collect()
}

fn is_among(outcome: &Outcome, admins: &BTreeSet<RoleId>) -> bool {
    outcome.role.as_ref().is_some_and(|role| admins.contains(&role.id))
}

/// Whether the role had every grant before, as an admin role: then no grant of it is new.
fn had_everything(outcome: &Outcome, admins: &BTreeSet<RoleId>) -> bool {
    matches!(outcome.check, "LW102" | "LW104" | "LW206") && is_among(outcome, admins)
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

/// What today's outcomes say of findings of the baseline.
struct Now {
    findings: HashSet<String>,
    unknown: Vec<Outcome>,
    admins: BTreeSet<RoleId>,
}

impl Now {
    fn of(outcomes: &[Outcome]) -> Self {
        let of = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(move |own| wanted(own));
        Self {
            findings: of(is_finding).map(|own| own.fingerprint.clone()).collect(),
            unknown: of(|own| own.status == Status::Unknown).cloned().collect(),
            admins: admins(outcomes),
        }
    }

    /// Whether a finding of the baseline is gone, rather than not looked at.
    fn resolves(&self, old: &Outcome) -> bool {
        let is_still_there = self.findings.contains(&old.fingerprint);
        let could_hide = self.unknown.iter().any(|own| own.check == old.check && may_mean(own, old));
        let is_of_grants = old.check.starts_with("LW1") || old.check == "LW206";
        let is_absorbed = is_of_grants && is_among(old, &self.admins);
        !is_still_there && !could_hide && !is_absorbed
    }
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
