//! LW103: a table that an integration needs is refused by a customise list.

use super::case::Seen;
use super::{Binding, Case, Certainty, Check, Draft, Found, FunctionRef, RoleCase, Run, Status};
use crate::evidence::{RoleEvidence, Ruling};
use crate::model::{DatasetName, Level, Severity, Verb};
use crate::rules::FunctionId;
use crate::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW103",
    name: "missing-table",
    severity: Severity::High,
    summary: "a customise list refuses a table that the integration needs",
    clear: "every table that the integration needs is allowed",
    page: include_str!("../../docs/checks/lw103-missing-table.md"),
    data: &[DatasetName::Roles],
    run: Run::Grant(run),
};

/// The API shows a customise list only to a member that it applies to: without evidence from such a
/// member, this is for eyes.
#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Found {
    let allow = binding.requirements.allow();
    if allow.is_empty() {
        let message = format!("the rule file of {} names no tables", binding.rules.title());
        return Ok(vec![Draft::not_applicable(message)]);
    }
    let entries: Vec<Entry<'_>> =
        allow.iter().flat_map(|(&id, names)| names.iter().map(move |name| Entry { id, name })).collect();
    let seen = match case.seen(role) {
        Seen::Valid(seen) => seen,
        Seen::Lapsed(remark) => return Ok(vec![by_eye(case, role, &entries, Some(&remark))]),
        Seen::Nothing => return Ok(vec![by_eye(case, role, &entries, None)]),
    };
    let (mut drafts, mut untold, mut by_list) = (Vec::new(), Vec::new(), false);
    for entry in entries {
        match ruling(case, role, seen, &entry) {
            None => untold.push(entry),
            Some(Ruling { allowed: true, probed }) => by_list |= !probed,
            Some(Ruling { allowed: false, probed }) => {
                drafts.push(refused(case, binding, role, &entry).certainty(certainty(probed)));
            }
        }
    }
    if !untold.is_empty() {
        drafts.push(by_eye(case, role, &untold, Some("the evidence does not tell of these")));
    } else if drafts.is_empty() && by_list {
        drafts.push(Draft::new(Status::Pass, CHECK.clear).certainty(Certainty::Likely));
    }
    Ok(drafts)
}

/// An entry of a function's customise list that is needed.
struct Entry<'a> {
    id: FunctionId,
    name: &'a String,
}

fn ruling(case: &Case<'_>, role: &RoleCase<'_>, seen: &RoleEvidence, entry: &Entry<'_>) -> Option<Ruling> {
    let list = case.catalog().function(entry.id).customize.as_deref()?;
    seen.rules_on(list, entry.name, inquires(role, entry.id))
}

/// Whether the role's own row lets its holder read the function's tables at all.
fn inquires(role: &RoleCase<'_>, id: FunctionId) -> bool {
    let Ok(rights) = &role.rights else { return false };
    let row = rights.known.get(&id);
    row.and_then(|row| row.grant(Verb::Inquire)).is_some_and(|grant| *grant > Level::None)
}

/// How sure a ruling is: an endpoint that answered, or a list and a reading of it.
pub(super) const fn certainty(probed: bool) -> Certainty {
    if probed { Certainty::Certain } else { Certainty::Likely }
}

fn refused(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>, entry: &Entry<'_>) -> Draft {
    let function = case.function(entry.id);
    Draft::fail(format!(
        "{} needs the table {}, which the customise list of {function} refuses",
        binding.rules.title(),
        entry.name
    ))
    .levels("refused", "allowed")
    .table(entry.name)
    .fix(format!(
        "{}: move {} to the left, under \"Allow Access to these\", then Save",
        path(role, &function),
        entry.name
    ))
    .on(function)
}

/// The click path to a customise list.
pub(super) fn path(role: &RoleCase<'_>, function: &FunctionRef) -> String {
    format!("{} > {} > {} > customize", Case::role_path(role.role), function.module, function.function)
}

fn by_eye(case: &Case<'_>, role: &RoleCase<'_>, entries: &[Entry<'_>], remark: Option<&str>) -> Draft {
    let lists: Vec<_> = entries
        .chunk_by(|one, other| one.id == other.id)
        .filter_map(|entries| {
            let function = case.function(entries.first()?.id);
            let names = join_and(&entries.iter().map(|entry| entry.name).collect::<Vec<_>>());
            Some(format!("{} > {} > customize: {names}", function.module, function.function))
        })
        .collect();
    let mut message = "the API does not show another role's customise lists; whether the needed tables are allowed is for eyes".to_owned();
    if let Some(remark) = remark {
        message = format!("{message} ({remark})");
    }
    let fix = format!(
        "look at {} > {}: on the left, under \"Allow Access to these\"",
        Case::role_path(role.role),
        lists.join("; ")
    );
    Draft::manual(message).fix(fix)
}
