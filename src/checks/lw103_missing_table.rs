//! LW103: a table that an integration needs is refused by a customise list.

use super::{Binding, Case, Check, Draft, Found, RoleCase, Run};
use crate::model::{DatasetName, Severity};
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

/// The API shows a customise list only to a member that it applies to, so this is for eyes.
#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Found {
    let allow = binding.requirements.allow();
    if allow.is_empty() {
        let message = format!("the rule file of {} names no tables", binding.rules.title());
        return Ok(vec![Draft::not_applicable(message)]);
    }
    let lists: Vec<_> = allow
        .iter()
        .map(|(&id, entries)| {
            let function = case.function(id);
            let entries = join_and(&entries.iter().collect::<Vec<_>>());
            format!("{} > {} > customize: {entries}", function.module, function.function)
        })
        .collect();
    let message = "the API does not show another role's customise lists; whether the needed tables are allowed is for eyes";
    let fix = format!(
        "look at {} > {}: on the left, under \"Allow Access to these\"",
        Case::role_path(role.role),
        lists.join("; ")
    );
    Ok(vec![Draft::manual(message).fix(fix)])
}
