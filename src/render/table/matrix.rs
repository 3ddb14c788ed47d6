//! Role by role, one row per function that is off: the four verbs as columns, current → wanted.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{CheckId, Detail, ExcessivePermission, Finding, Status, WideRole};
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
    for (role, own) in RoleFindings::by_role(tenant) {
        if !own.grants.is_empty() {
            write_role(page, role, &own);
        }
    }
}

/// What was found about one role.
#[derive(Default)]
struct RoleFindings<'r> {
    /// Permissions that are missing or in excess.
    grants: Vec<&'r Finding>,
    /// The integrations that the role serves.
    serves: BTreeSet<&'r str>,
    /// What LW206 counts.
    wide: Option<&'r WideRole>,
}

impl<'r> RoleFindings<'r> {
    fn by_role(tenant: &'r TenantReport) -> BTreeMap<&'r RoleRef, Self> {
        let mut roles: BTreeMap<&RoleRef, Self> = BTreeMap::new();
        for finding in &tenant.results {
            let Some(role) = &finding.role else { continue };
            let own = roles.entry(role).or_default();
            own.serves.extend(finding.integration_id());
            if finding.status != Status::Fail {
                continue;
            }
            match &finding.detail {
                Detail::WideRole(wide) => own.wide = own.wide.or(Some(wide)),
                _ if is_grant(finding) => own.grants.push(finding),
                _ => {}
            }
        }
        roles
    }

    fn in_excess(&self) -> usize {
        self.grants.iter().filter(|finding| is_beyond(finding)).count()
    }

    /// What LW206 counts, unless every permission that it counts is listed, as `--all` asks for.
    fn counted(&self) -> Option<&'r WideRole> {
        self.wide.filter(|wide| wide.excess > self.in_excess())
    }
}

fn write_role(page: &mut Page, role: &RoleRef, own: &RoleFindings<'_>) {
    let folds_high = own.counted().is_some();
    let perhaps = own.grants.iter().filter(|finding| reason(finding).is_some()).count();
    let folds_perhaps = perhaps > LISTED_PERHAPS;
    let shown: Vec<_> = own
        .grants
        .iter()
        .copied()
        .filter(|finding| !(folds_high && is_beyond(finding) && finding.severity == Severity::High))
        .filter(|finding| !(folds_perhaps && reason(finding).is_some()))
        .collect();
    page.blank();
    page.heading(&heading(role, own));
    if !shown.is_empty() {
        let header: Vec<_> = std::iter::once("Function").chain(Verb::ALL.map(Verb::title)).collect();
        page.grid(&header, &sections(page, &shown));
    }
    let folded = own.grants.len() - shown.len() - if folds_perhaps { perhaps } else { 0 };
    if folded > 0 {
        page.note(&format!(
            "and {folded} more of high severity: do not correct this role, make a new one with what is needed"
        ));
    }
    if perhaps > 0 {
        let count = if folds_perhaps { format!("and {perhaps} more, ") } else { format!("{PERHAPS} ") };
        let reasons: BTreeSet<_> = own.grants.iter().filter_map(|finding| reason(finding)).collect();
        page.note(&format!("{count}perhaps in excess: {}", Vec::from_iter(reasons).join("; ")));
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

fn heading(role: &RoleRef, own: &RoleFindings<'_>) -> String {
    let beyond = own.in_excess();
    let missing = own.grants.len() - beyond;
    let mut counts = Vec::new();
    if missing > 0 {
        counts.push(format!("{missing} missing ({MISSING})"));
    }
    if beyond > 0 {
        counts.push(match own.counted() {
            Some(wide) => format!("{} of {} in excess, the worst of them here", wide.excess, wide.compared),
            None => format!("{beyond} in excess"),
        });
    }
    let serves = match Vec::from_iter(&own.serves).as_slice() {
        [] => String::new(),
        serves => format!(", for {}", join_and(serves)),
    };
    format!("Role {role}{serves}: {}", join_and(&counts))
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
