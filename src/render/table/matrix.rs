//! Role by role, one row per function that is off: the four verbs as columns, current → wanted.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Detail, ExcessivePermission, Finding, WideRole};
use crate::model::CheckId;
use crate::model::{FunctionRef, RoleRef, Severity, Verb};
use crate::render::TenantReport;
use crate::term::text::join_and;
use crate::term::{GridRow, Page};

/// Marks a grant that the integration lacks; what is not marked is beyond need.
const MISSING: &str = "!";

/// Marks a grant that may be needed all the same.
const PERHAPS: &str = "?";

/// More grants of one role that may be needed all the same are counted, not listed.
const LISTED_PERHAPS: usize = 8;

pub(super) fn write(page: &mut Page, tenant: &TenantReport) {
    let mut roles: BTreeMap<&RoleRef, Vec<&Finding>> = BTreeMap::new();
    for finding in tenant.findings().filter(|finding| is_grant(finding)) {
        if let Some(role) = &finding.role {
            roles.entry(role).or_default().push(finding);
        }
    }
    for (role, results) in roles {
        write_role(page, tenant, role, &results);
    }
}

fn write_role(page: &mut Page, tenant: &TenantReport, role: &RoleRef, results: &[&Finding]) {
    let folds_high = wide(tenant, role).is_some_and(|wide| !is_listed(wide, results));
    let perhaps = results.iter().filter(|finding| reason(finding).is_some()).count();
    let folds_perhaps = perhaps > LISTED_PERHAPS;
    let shown: Vec<_> = results
        .iter()
        .copied()
        .filter(|finding| !(folds_high && is_beyond(finding) && finding.severity == Severity::High))
        .filter(|finding| !(folds_perhaps && reason(finding).is_some()))
        .collect();
    page.blank();
    page.heading(&heading(tenant, role, results));
    if !shown.is_empty() {
        let header: Vec<_> = std::iter::once("Function").chain(Verb::ALL.map(Verb::title)).collect();
        page.grid(&header, &sections(page, &shown));
    }
    let folded = results.len() - shown.len() - if folds_perhaps { perhaps } else { 0 };
    if folded > 0 {
        page.note(&format!(
            "and {folded} more of high severity: rather than trimming the role, make a new one with what is needed"
        ));
    }
    if perhaps > 0 {
        let count = if folds_perhaps { format!("and {perhaps} more, ") } else { format!("{PERHAPS} ") };
        let reasons: BTreeSet<_> = results.iter().filter_map(|finding| reason(finding)).collect();
        page.note(&format!("{count}in excess unless {}", join_and(&Vec::from_iter(reasons))));
    }
}

fn is_grant(finding: &Finding) -> bool {
    finding.check == CheckId::MissingPermission || is_beyond(finding)
}

fn is_beyond(finding: &Finding) -> bool {
    finding.check == CheckId::ExcessivePermission
}

/// Why a permission in excess may be needed all the same.
fn reason(finding: &Finding) -> Option<String> {
    match &finding.detail {
        Detail::ExcessivePermission(ExcessivePermission::Excess { doubt: Some(doubt), .. }) => {
            Some(doubt.to_string())
        }
        _ => None,
    }
}

fn heading(tenant: &TenantReport, role: &RoleRef, results: &[&Finding]) -> String {
    let serves: BTreeSet<_> = tenant
        .results
        .iter()
        .filter(|finding| finding.role.as_deref() == Some(role))
        .filter_map(|finding| finding.integration_id())
        .collect();
    let beyond = results.iter().filter(|finding| is_beyond(finding)).count();
    let missing = results.len() - beyond;
    let mut counts = Vec::new();
    if missing > 0 {
        counts.push(format!("{missing} missing ({MISSING})"));
    }
    if beyond > 0 {
        counts.push(match wide(tenant, role).filter(|wide| !is_listed(wide, results)) {
            Some(wide) => format!("{} of {} in excess, the worst of them here", wide.excess, wide.compared),
            None => format!("{beyond} in excess"),
        });
    }
    let serves = match Vec::from_iter(serves).as_slice() {
        [] => String::new(),
        serves => format!(", for {}", join_and(serves)),
    };
    format!("Role {role}{serves}: {}", join_and(&counts))
}

/// What LW206 counts of a role.
fn wide<'r>(tenant: &'r TenantReport, role: &RoleRef) -> Option<&'r WideRole> {
    tenant.findings().filter(|finding| finding.role.as_deref() == Some(role)).find_map(|finding| {
        match &finding.detail {
            Detail::WideRole(wide) => Some(wide),
            _ => None,
        }
    })
}

/// Whether every permission that LW206 counts is listed, as `--all` asks for.
fn is_listed(wide: &WideRole, results: &[&Finding]) -> bool {
    wide.excess <= results.iter().filter(|finding| is_beyond(finding)).count()
}

/// The rows by module, each function once.
fn sections(page: &Page, results: &[&Finding]) -> Vec<(String, Vec<GridRow>)> {
    let mut functions: BTreeMap<&FunctionRef, Vec<String>> = BTreeMap::new();
    for finding in results {
        if let (Some(function), Some(verb)) = (&finding.function, finding.verb) {
            let cells = functions.entry(function).or_insert_with(|| vec![String::new(); Verb::ALL.len()]);
            cells[verb as usize] = cell(page, finding);
        }
    }
    let mut sections: Vec<(String, Vec<GridRow>)> = Vec::new();
    for (function, cells) in functions {
        let row = GridRow { name: function.function.to_string(), cells };
        match sections.last_mut().filter(|(module, _)| **module == *function.module) {
            Some((_, rows)) => rows.push(row),
            None => sections.push((function.module.to_string(), vec![row])),
        }
    }
    sections
}

fn cell(page: &Page, finding: &Finding) -> String {
    let mark = match reason(finding) {
        Some(_) => PERHAPS,
        None if is_beyond(finding) => "",
        None => MISSING,
    };
    let (actual, required) = (finding.actual().unwrap_or_default(), finding.required().unwrap_or_default());
    format!("{actual}{}{required}{mark}", page.arrow())
}
