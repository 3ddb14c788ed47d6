//! Role by role, one row per function that is off: the four verbs as columns, current → wanted.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Certainty, Outcome};
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
    let mut roles: BTreeMap<&RoleRef, Vec<&Outcome>> = BTreeMap::new();
    for outcome in tenant.findings().filter(|outcome| is_grant(outcome)) {
        if let Some(role) = &outcome.role {
            roles.entry(role).or_default().push(outcome);
        }
    }
    for (role, outcomes) in roles {
        write_role(page, tenant, role, &outcomes);
    }
}

fn write_role(page: &mut Page, tenant: &TenantReport, role: &RoleRef, outcomes: &[&Outcome]) {
    let folds_high = wide(tenant, role).is_some_and(|wide| !wide.is_listed(outcomes));
    let perhaps = outcomes.iter().filter(|outcome| reason(outcome).is_some()).count();
    let folds_perhaps = perhaps > LISTED_PERHAPS;
    let shown: Vec<_> = outcomes
        .iter()
        .copied()
        .filter(|outcome| !(folds_high && is_beyond(outcome) && outcome.severity == Severity::High))
        .filter(|outcome| !(folds_perhaps && reason(outcome).is_some()))
        .collect();
    page.blank();
    page.heading(&heading(tenant, role, outcomes));
    if !shown.is_empty() {
        let header: Vec<_> = std::iter::once("Function").chain(Verb::ALL.map(Verb::title)).collect();
        page.grid(&header, &sections(page, &shown));
    }
    let folded = outcomes.len() - shown.len() - if folds_perhaps { perhaps } else { 0 };
    if folded > 0 {
        page.note(&format!(
            "and {folded} more of high severity: rather than trimming the role, make a new one with what is needed"
        ));
    }
    if perhaps > 0 {
        let count = if folds_perhaps { format!("and {perhaps} more, ") } else { format!("{PERHAPS} ") };
        let reasons: BTreeSet<_> = outcomes.iter().filter_map(|outcome| reason(outcome)).collect();
        page.note(&format!("{count}beyond need unless {}", join_and(&Vec::from_iter(reasons))));
    }
}

fn is_grant(outcome: &Outcome) -> bool {
    outcome.check == "LW101" || is_beyond(outcome)
}

fn is_beyond(outcome: &Outcome) -> bool {
    outcome.check == "LW102"
}

/// What may need a grant all the same: it stands at the end of the message.
fn reason(outcome: &Outcome) -> Option<&str> {
    let is_perhaps = is_beyond(outcome) && outcome.certainty == Certainty::Inferred;
    let (_, reason) = outcome.message.rsplit_once(" is enough, unless ").filter(|_| is_perhaps)?;
    Some(reason)
}

fn heading(tenant: &TenantReport, role: &RoleRef, outcomes: &[&Outcome]) -> String {
    let serves: BTreeSet<_> = tenant
        .outcomes
        .iter()
        .filter(|outcome| outcome.role.as_ref() == Some(role))
        .filter_map(|outcome| outcome.integration.as_deref())
        .collect();
    let beyond = outcomes.iter().filter(|outcome| is_beyond(outcome)).count();
    let missing = outcomes.len() - beyond;
    let mut counts = Vec::new();
    if missing > 0 {
        counts.push(format!("{missing} missing ({MISSING})"));
    }
    if beyond > 0 {
        counts.push(match wide(tenant, role).filter(|wide| !wide.is_listed(outcomes)) {
            Some(wide) => format!("{} beyond need, the worst of them here", wide.counts),
            None => format!("{beyond} beyond need"),
        });
    }
    let serves = match Vec::from_iter(serves).as_slice() {
        [] => String::new(),
        serves => format!(", for {}", join_and(serves)),
    };
    format!("Role {}{serves}: {}", role.name, join_and(&counts))
}

/// A role that LW206 speaks of.
struct Wide<'r> {
    /// "372 of 396".
    counts: &'r str,
}

impl Wide<'_> {
    /// Whether every grant that LW206 counts is listed, as `--all` asks for.
    fn is_listed(&self, outcomes: &[&Outcome]) -> bool {
        let counted = self.counts.split(' ').next().and_then(|number| number.parse::<usize>().ok());
        let listed = outcomes.iter().filter(|outcome| is_beyond(outcome) && reason(outcome).is_none());
        counted == Some(listed.count())
    }
}

fn wide<'r>(tenant: &'r TenantReport, role: &RoleRef) -> Option<Wide<'r>> {
    let mut findings = tenant.findings();
    let outcome = findings.find(|outcome| outcome.check == "LW206" && outcome.role.as_ref() == Some(role))?;
    outcome.actual.as_deref().map(|counts| Wide { counts })
}

/// The rows by module, each function once.
fn sections(page: &Page, outcomes: &[&Outcome]) -> Vec<(String, Vec<GridRow>)> {
    let mut functions: BTreeMap<&FunctionRef, Vec<String>> = BTreeMap::new();
    for outcome in outcomes {
        if let (Some(function), Some(verb)) = (&outcome.function, outcome.verb) {
            let cells = functions.entry(function).or_insert_with(|| vec![String::new(); Verb::ALL.len()]);
            cells[verb as usize] = cell(page, outcome);
        }
    }
    let mut sections: Vec<(String, Vec<GridRow>)> = Vec::new();
    for (function, cells) in functions {
        let row = GridRow { name: function.function.clone(), cells };
        match sections.last_mut().filter(|(module, _)| *module == function.module) {
            Some((_, rows)) => rows.push(row),
            None => sections.push((function.module.clone(), vec![row])),
        }
    }
    sections
}

fn cell(page: &Page, outcome: &Outcome) -> String {
    let level = |text: &Option<String>| text.clone().unwrap_or_default();
    let mark = match reason(outcome) {
        Some(_) => PERHAPS,
        None if is_beyond(outcome) => "",
        None => MISSING,
    };
    format!("{}{}{}{mark}", level(&outcome.actual), page.arrow(), level(&outcome.required))
}
