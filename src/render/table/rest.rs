//! Everything else: other findings, what to look at by hand, what could not be told. One line where
//! many say the same.

use crate::checks;
use crate::checks::{Outcome, Status};
use crate::model::Severity;
use crate::render::TenantReport;
use crate::render::words::subject;
use crate::term::Page;

/// So many of one check and severity are shown one by one; more are folded into a line.
const ONE_BY_ONE: usize = 3;

/// So many subjects are named in such a line.
const NAMED: usize = 8;

/// Findings that the role tables do not show, the worst first.
pub(super) fn findings(page: &mut Page, tenant: &TenantReport) {
    let mut other: Vec<_> =
        tenant.findings().filter(|outcome| !matches!(outcome.check, "LW101" | "LW102")).collect();
    if other.is_empty() {
        return;
    }
    other.sort_by_key(|outcome| (std::cmp::Reverse(outcome.severity), outcome.check));
    page.blank();
    page.heading("Other findings");
    let mut rows = Vec::new();
    for group in other.chunk_by(|one, two| (one.severity, one.check) == (two.severity, two.check)) {
        rows.extend(lines(group));
    }
    page.list(&rows);
}

fn lines(group: &[&Outcome]) -> Vec<(String, String)> {
    let label = |outcome: &Outcome| format!("{} {}", short(outcome.severity), outcome.check);
    let Some(first) = group.first() else {
        return Vec::new();
    };
    if group.len() <= ONE_BY_ONE {
        return group.iter().map(|outcome| (label(outcome), with_subject(outcome))).collect();
    }
    let summary = checks::find(first.check).map_or(first.name, |check| check.summary);
    let subjects = few(group.iter().map(|outcome| subject(outcome)).collect());
    vec![(label(first), format!("{} times: {summary}: {subjects}", group.len()))]
}

/// The first of many names, and how many more there are.
fn few(mut names: Vec<String>) -> String {
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join("; ")
}

pub(super) const fn short(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high    ",
        Severity::Medium => "medium  ",
        Severity::Low => "low     ",
        Severity::Info => "info    ",
    }
}

/// The message, with whom it is about where the message does not say.
pub(super) fn with_subject(outcome: &Outcome) -> String {
    let is_said = outcome.function.as_ref().is_some_and(|own| outcome.message.contains(&own.to_string()));
    let function = outcome.function.clone().filter(|_| !is_said);
    let subject = subject(&Outcome { function, ..outcome.clone() });
    if subject.is_empty() { outcome.message.clone() } else { format!("{} ({subject})", outcome.message) }
}

/// What the API cannot show: one line per check that names the roles, and where to look.
pub(super) fn by_hand(page: &mut Page, tenant: &TenantReport) {
    let manual: Vec<_> = tenant.outcomes.iter().filter(|outcome| outcome.status == Status::Manual).collect();
    if manual.is_empty() {
        return;
    }
    page.blank();
    page.heading("Look at by hand: the API does not show it");
    let mut rows = Vec::new();
    for group in manual.chunk_by(|one, two| one.check == two.check) {
        let Some(first) = group.first() else { continue };
        if group.len() <= ONE_BY_ONE {
            for outcome in group {
                let row = (
                    outcome.check.to_owned(),
                    outcome.fix.clone().unwrap_or_else(|| outcome.message.clone()),
                );
                // Two integrations may need the same tables of one role.
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        } else {
            let name = |outcome: &&Outcome| {
                outcome.role.as_ref().map_or_else(|| subject(outcome), |role| role.name.to_string())
            };
            let names = few(group.iter().map(name).collect());
            let summary = checks::find(first.check).map_or(first.name, |check| check.summary);
            let place = if first.role.is_some() { "System > Security Roles > " } else { "" };
            rows.push((first.check.to_owned(), format!("whether {summary}: {place}{names}")));
        }
    }
    page.list(&rows);
}

/// What was not readable or not understood, and which right is missing.
pub(super) fn untold(page: &mut Page, tenant: &TenantReport) {
    let unknown: Vec<_> =
        tenant.outcomes.iter().filter(|outcome| outcome.status == Status::Unknown).collect();
    if unknown.is_empty() {
        return;
    }
    page.blank();
    page.alarm("Could not be told: not a pass");
    let mut rows = gaps(&unknown);
    let rest: Vec<_> = unknown.into_iter().filter(|outcome| outcome.dataset.is_none()).collect();
    for group in rest.chunk_by(|one, two| (one.check, &one.role) == (two.check, &two.role)) {
        let Some(first) = group.first() else { continue };
        if group.len() <= ONE_BY_ONE {
            rows.extend(group.iter().map(|outcome| (outcome.check.to_owned(), with_subject(outcome))));
        } else {
            let more = group.len() - 1;
            let text = format!("{}; and {more} more like it", with_subject(first));
            rows.push((first.check.to_owned(), text));
        }
    }
    page.list(&rows);
}

/// Datasets that are missing: one row for each reason, with the checks that it stopped.
fn gaps(unknown: &[&Outcome]) -> Vec<(String, String)> {
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for outcome in unknown.iter().filter(|outcome| outcome.dataset.is_some()) {
        let sentence = match &outcome.fix {
            Some(fix) => format!("{}; {fix}", outcome.message),
            None => outcome.message.clone(),
        };
        match said.iter_mut().find(|(other, _)| *other == sentence) {
            Some((_, checks)) if checks.iter().any(|check| check == outcome.check) => {}
            Some((_, checks)) => checks.push(outcome.check.to_owned()),
            None => said.push((sentence, vec![outcome.check.to_owned()])),
        }
    }
    let row = |(sentence, checks): (String, Vec<String>)| match checks.as_slice() {
        [one] => (one.clone(), sentence),
        many => (format!("{} checks", many.len()), format!("{sentence} ({})", many.join(", "))),
    };
    said.into_iter().map(row).collect()
}
