//! Everything else: other findings, what to look at in the PSA, what is unknown. One line where many say the same.

use crate::model::CheckId;

use crate::checks::{Finding, Status};
use crate::model::Severity;
use crate::render::TenantReport;
use crate::render::words::{subject, subject_beside_function};
use crate::term::Page;

/// So many of one check and severity are shown one by one; more are folded into a line.
const ONE_BY_ONE: usize = 3;

/// So many subjects are named in such a line.
const NAMED: usize = 8;

/// Findings that the role tables do not show, the worst first.
pub(super) fn findings(page: &mut Page, tenant: &TenantReport) {
    let mut other: Vec<_> = tenant
        .findings()
        .filter(|finding| !matches!(finding.check, CheckId::MissingPermission | CheckId::ExcessivePermission))
        .collect();
    if other.is_empty() {
        return;
    }
    other.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.check));
    page.blank();
    page.heading("Other findings");
    let mut rows = Vec::new();
    for group in other.chunk_by(|one, two| (one.severity, one.check) == (two.severity, two.check)) {
        rows.extend(lines(group));
    }
    page.list(&rows);
}

fn lines(group: &[&Finding]) -> Vec<(String, String)> {
    let label = |finding: &Finding| format!("{} {}", short(finding.severity), finding.check);
    let Some(first) = group.first() else {
        return Vec::new();
    };
    if group.len() <= ONE_BY_ONE {
        return group.iter().map(|finding| (label(finding), with_subject(finding))).collect();
    }
    let summary = first.check.check().summary;
    let subjects = few(group.iter().map(|finding| subject(finding)).collect());
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

/// The message, with whom it is about.
pub(super) fn with_subject(finding: &Finding) -> String {
    let subject = subject_beside_function(finding);
    if subject.is_empty() { finding.message() } else { format!("{} ({subject})", finding.message()) }
}

/// What the API cannot show: one line per check that names the roles, and where to look.
pub(super) fn by_hand(page: &mut Page, tenant: &TenantReport) {
    let manual: Vec<_> = tenant.results.iter().filter(|finding| finding.status == Status::Manual).collect();
    if manual.is_empty() {
        return;
    }
    page.blank();
    page.heading("Look in the PSA: the API does not show it");
    let mut rows = Vec::new();
    for group in manual.chunk_by(|one, two| one.check == two.check) {
        let Some(first) = group.first() else { continue };
        if group.len() <= ONE_BY_ONE {
            for finding in group {
                let row = (finding.check.to_string(), finding.fix().unwrap_or_else(|| finding.message()));
                // Two integrations may need the same tables of one role.
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        } else {
            let name = |finding: &&Finding| {
                finding.role.as_ref().map_or_else(|| subject(finding), ToString::to_string)
            };
            let names = few(group.iter().map(name).collect());
            let summary = first.check.check().summary;
            let place = if first.role.is_some() { "System > Security Roles > " } else { "" };
            rows.push((first.check.to_string(), format!("{place}{names}: look whether {summary}")));
        }
    }
    page.list(&rows);
}

/// What was not readable or not understood, and which right is missing.
pub(super) fn not_known(page: &mut Page, tenant: &TenantReport) {
    let unknown: Vec<_> = tenant.results.iter().filter(|finding| finding.status == Status::Unknown).collect();
    if unknown.is_empty() {
        return;
    }
    page.blank();
    page.alarm("Unknown: not a pass");
    let mut rows = gaps(&unknown);
    let rest: Vec<_> = unknown.into_iter().filter(|finding| finding.dataset.is_none()).collect();
    for group in rest.chunk_by(|one, two| (one.check, &one.role) == (two.check, &two.role)) {
        let Some(first) = group.first() else { continue };
        if group.len() <= ONE_BY_ONE {
            rows.extend(group.iter().map(|finding| (finding.check.to_string(), with_subject(finding))));
        } else {
            let more = group.len() - 1;
            let text = format!("{}; and {more} more like it", with_subject(first));
            rows.push((first.check.to_string(), text));
        }
    }
    page.list(&rows);
}

/// Datasets that are missing: one row for each reason, with the checks that it stopped.
fn gaps(unknown: &[&Finding]) -> Vec<(String, String)> {
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for finding in unknown.iter().filter(|finding| finding.dataset.is_some()) {
        let sentence = match finding.fix() {
            Some(fix) => format!("{}; {fix}", finding.message()),
            None => finding.message(),
        };
        match said.iter_mut().find(|(other, _)| *other == sentence) {
            Some((_, checks)) if checks.iter().any(|check| finding.check == check.as_str()) => {}
            Some((_, checks)) => checks.push(finding.check.to_string()),
            None => said.push((sentence, vec![finding.check.to_string()])),
        }
    }
    let row = |(sentence, checks): (String, Vec<String>)| match checks.as_slice() {
        [one] => (one.clone(), sentence),
        many => (format!("{} checks", many.len()), format!("{sentence} ({})", many.join(", "))),
    };
    said.into_iter().map(row).collect()
}
