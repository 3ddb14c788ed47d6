//! The first screen: who has too much, who has too little, who is unaccounted for, and what to do first.

use std::collections::BTreeMap;

use crate::checks::{Outcome, Status};
use crate::model::{RoleRef, Severity};
use crate::render::TenantReport;
use crate::term::Page;
use crate::term::text::{count, join_and};

/// How many things to do are named; the rest stands below.
const TO_DO: usize = 3;

/// How many roles or members are named in one row, and clicks in one thing to do.
const NAMED: usize = 4;

pub(super) fn write(page: &mut Page, tenant: &TenantReport) {
    let rows = [
        ("On Admin", on_admin(tenant)),
        ("Critical grants", with_critical_grants(tenant)),
        ("Too wide", too_wide(tenant)),
        ("Too narrow", too_narrow(tenant)),
        ("Unaccounted for", unaccounted(tenant)),
    ];
    page.list(&rows.map(|(label, text)| (label.to_owned(), text)));
    to_do(page, tenant);
}

fn findings<'r>(tenant: &'r TenantReport, check: &'r str) -> impl Iterator<Item = &'r Outcome> {
    tenant.findings().filter(move |outcome| outcome.check == check)
}

/// What was found; "none" only where everything that could show one was read.
fn said(tenant: &TenantReport, found: &[String], check: &str) -> String {
    let of_check = || tenant.outcomes.iter().filter(|outcome| outcome.check == check);
    let unknown = of_check().any(|outcome| outcome.status == Status::Unknown);
    let asked = of_check().next().is_some();
    match (found.is_empty(), unknown, asked) {
        (true, true, _) => "cannot be told: see below what could not be read".to_owned(),
        (true, false, false) => "not asked".to_owned(),
        (true, false, true) => "none".to_owned(),
        (false, true, _) => format!("{}; perhaps more: not everything could be read", few(found)),
        (false, false, _) => few(found),
    }
}

/// The first of many, and how many more there are.
fn few(found: &[String]) -> String {
    match found.split_at_checked(NAMED) {
        Some((first, more)) if !more.is_empty() => format!("{}; and {} more", first.join("; "), more.len()),
        _ => found.join("; "),
    }
}

fn role(outcome: &Outcome) -> String {
    outcome.role.as_ref().map(|role| role.name.to_string()).unwrap_or_default()
}

fn member(outcome: &Outcome) -> String {
    outcome
        .member
        .as_ref()
        .and_then(|member| member.identifier.as_ref())
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn on_admin(tenant: &TenantReport) -> String {
    let found: Vec<_> = findings(tenant, "LW201")
        .map(|outcome| {
            // The message goes on "… holds a role that …"; a name may hold anything.
            let who = outcome.message.rsplit_once(" hold").map_or("", |(who, _)| who);
            format!("{who} (role {})", role(outcome))
        })
        .collect();
    said(tenant, &found, "LW201")
}

/// The grants of one kind, by role.
fn by_role<'r>(outcomes: impl Iterator<Item = &'r Outcome>) -> BTreeMap<&'r RoleRef, Vec<&'r Outcome>> {
    let mut roles: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for outcome in outcomes {
        if let Some(role) = &outcome.role {
            roles.entry(role).or_default().push(outcome);
        }
    }
    roles
}

fn critical(tenant: &TenantReport) -> impl Iterator<Item = &Outcome> {
    findings(tenant, "LW102").filter(|outcome| outcome.severity == Severity::Critical)
}

fn with_critical_grants(tenant: &TenantReport) -> String {
    let shown = |(role, outcomes): (&RoleRef, Vec<&Outcome>)| {
        let mut functions: Vec<_> = outcomes
            .iter()
            .filter_map(|outcome| outcome.function.as_ref())
            .map(|function| function.function.clone())
            .collect();
        functions.dedup();
        match functions.as_slice() {
            [first, _, _, rest @ ..] => {
                format!("{} ({first} and {} more)", role.name, rest.len() + 2)
            }
            few => format!("{} ({})", role.name, join_and(few)),
        }
    };
    let mut found: Vec<_> = by_role(critical(tenant)).into_iter().map(shown).collect();
    let unaccounted = findings(tenant, "LW309").filter(|outcome| outcome.message.contains("critical grants"));
    found.extend(unaccounted.map(|outcome| format!("{} (held by {})", role(outcome), member(outcome))));
    said(tenant, &found, "LW102")
}

fn too_wide(tenant: &TenantReport) -> String {
    let found: Vec<_> = findings(tenant, "LW206")
        .map(|outcome| {
            format!(
                "{} ({} grants beyond need)",
                role(outcome),
                outcome.actual.as_deref().unwrap_or_default()
            )
        })
        .collect();
    said(tenant, &found, "LW206")
}

fn too_narrow(tenant: &TenantReport) -> String {
    let mut missing: BTreeMap<(String, String), usize> = BTreeMap::new();
    for outcome in findings(tenant, "LW101") {
        *missing.entry((role(outcome), outcome.integration.clone().unwrap_or_default())).or_default() += 1;
    }
    let found: Vec<_> = missing
        .into_iter()
        .map(|((role, integration), number)| {
            format!("{role} (lacks {} for {integration})", count(number, "grant"))
        })
        .collect();
    said(tenant, &found, "LW101")
}

fn unaccounted(tenant: &TenantReport) -> String {
    let found: Vec<_> = findings(tenant, "LW309").map(member).collect();
    said(tenant, &found, "LW309")
}

/// What removes most power, or mends what is broken, with the clicks: one entry for each role.
fn to_do(page: &mut Page, tenant: &TenantReport) {
    let mut entries = Vec::new();
    let mut done: Vec<Option<&RoleRef>> = Vec::new();
    for outcome in findings(tenant, "LW201").chain(findings(tenant, "LW206")) {
        done.push(outcome.role.as_ref());
        entries.extend(outcome.fix.clone().map(|fix| (outcome.severity, outcome.check, fix)));
    }
    let grants = critical(tenant).chain(findings(tenant, "LW101"));
    for (role, outcomes) in by_role(grants) {
        if !done.contains(&Some(role)) {
            let worst = outcomes.iter().map(|outcome| outcome.severity).max().unwrap_or_default();
            entries.push((worst, outcomes[0].check, clicks(role, &outcomes)));
        }
    }
    let rest = tenant.findings().filter(|outcome| {
        outcome.severity >= Severity::Medium
            && !matches!(outcome.check, "LW101" | "LW102" | "LW201" | "LW206")
    });
    entries.extend(rest.filter_map(|outcome| Some((outcome.severity, outcome.check, outcome.fix.clone()?))));
    entries.sort_by_key(|(severity, ..)| std::cmp::Reverse(*severity));
    if entries.is_empty() {
        return;
    }
    page.blank();
    page.alarm("Do this first");
    let row = |(i, (severity, check, fix)): (usize, (Severity, &str, String))| {
        (format!("{}. {severity} {check}", i + 1), fix)
    };
    let rows: Vec<_> = entries.into_iter().take(TO_DO).enumerate().map(row).collect();
    page.list(&rows);
}

/// The clicks for several grants of one role: "System > Security Roles > X: set A Edit to None, …".
fn clicks(role: &RoleRef, outcomes: &[&Outcome]) -> String {
    let one = |outcome: &&Outcome| {
        let (function, verb) = (outcome.function.as_ref()?, outcome.verb?);
        Some(format!("{function} {} = {}", verb.title(), outcome.required.as_deref()?))
    };
    let mut sets: Vec<_> = outcomes.iter().take(NAMED).filter_map(one).collect();
    if outcomes.len() > NAMED {
        sets.push(format!("{} more (see below)", outcomes.len() - NAMED));
    }
    format!("System > Security Roles > {}: set {}, then Save", role.name, join_and(&sets))
}
