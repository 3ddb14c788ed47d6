//! Role by role, one row per function that is off: the four verbs as columns, current → wanted.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::Page;
use crate::checks::{FunctionRef, Outcome, RoleRef};
use crate::model::Severity;
use crate::report::TenantReport;
use crate::text::{join_and, printable};

/// Marks a grant that the integration lacks; what is not marked is beyond need.
const MISSING: &str = " !";

pub(super) fn write(page: &mut Page, tenant: &TenantReport) {
    let mut roles: BTreeMap<&RoleRef, Vec<&Outcome>> = BTreeMap::new();
    for outcome in tenant.findings().filter(|outcome| is_grant(outcome)) {
        if let Some(role) = &outcome.role {
            roles.entry(role).or_default().push(outcome);
        }
    }
    for (role, outcomes) in roles {
        let is_wide = wide(tenant, role).is_some();
        page.blank();
        page.heading(&heading(tenant, role, &outcomes));
        let shown: Vec<_> = outcomes
            .iter()
            .copied()
            .filter(|outcome| !is_wide || outcome.severity != Severity::High || outcome.check == "LW101")
            .collect();
        let header = ["Function", "Add", "Edit", "Delete", "Inquire"].map(str::to_owned).to_vec();
        let rows = rows(page, &shown);
        page.table(header, rows);
        if shown.len() < outcomes.len() {
            let more = outcomes.len() - shown.len();
            page.paragraph(&format!("  and {more} more of high severity: rather than trimming it, make a new role with what is needed"));
        }
    }
}

fn is_grant(outcome: &Outcome) -> bool {
    matches!(outcome.check, "LW101" | "LW102")
}

fn heading(tenant: &TenantReport, role: &RoleRef, outcomes: &[&Outcome]) -> String {
    let serves: BTreeSet<_> = tenant
        .outcomes
        .iter()
        .filter(|outcome| outcome.check == "LW101" && outcome.role.as_ref() == Some(role))
        .filter_map(|outcome| outcome.integration.clone())
        .collect();
    let serves: Vec<_> = serves.into_iter().collect();
    let missing = outcomes.iter().filter(|outcome| outcome.check == "LW101").count();
    let beyond = outcomes.len() - missing;
    let mut counts = Vec::new();
    if missing > 0 {
        counts.push(format!("{missing} missing (!)"));
    }
    if beyond > 0 {
        counts.push(match wide(tenant, role) {
            Some(how) => format!("{how} beyond need, the worst of them here"),
            None => format!("{beyond} beyond need"),
        });
    }
    let name = printable(&role.name);
    let serves = if serves.is_empty() { "no integration".to_owned() } else { join_and(&serves) };
    format!("Role {name}, for {serves}: {}", join_and(&counts))
}

/// "372 of 396", for a role that LW206 speaks of.
fn wide(tenant: &TenantReport, role: &RoleRef) -> Option<String> {
    let outcome =
        tenant.findings().find(|outcome| outcome.check == "LW206" && outcome.role.as_ref() == Some(role))?;
    outcome.actual.clone()
}

fn rows(page: &Page, outcomes: &[&Outcome]) -> Vec<Vec<String>> {
    let mut functions: Vec<(&FunctionRef, [String; 4])> = Vec::new();
    for outcome in outcomes {
        let (Some(function), Some(verb)) = (&outcome.function, outcome.verb) else {
            continue;
        };
        let cell = cell(page, outcome);
        match functions.iter_mut().find(|(other, _)| *other == function) {
            Some((_, cells)) => cells[verb as usize] = cell,
            None => {
                let mut cells = <[String; 4]>::default();
                cells[verb as usize] = cell;
                functions.push((function, cells));
            }
        }
    }
    functions.sort_by_key(|(function, _)| *function);
    functions
        .into_iter()
        .map(|(function, cells)| std::iter::once(function.to_string()).chain(cells).collect())
        .collect()
}

fn cell(page: &Page, outcome: &Outcome) -> String {
    let level = |text: &Option<String>| text.clone().unwrap_or_default();
    let mark = if outcome.check == "LW101" { MISSING } else { "" };
    format!("{}{}{}{mark}", level(&outcome.actual), page.arrow(), level(&outcome.required))
}
