//! LW104: a customise list allows a table that no bound integration needs.

use super::lw101_missing_permission::grants_anything;
use super::{Case, Check, Draft, Found, RoleCase, Row, Run};
use crate::model::{DatasetName, Grant, Setting, Severity};
use crate::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW104",
    name: "excessive-table",
    severity: Severity::Medium,
    summary: "a customise list allows a table that no bound integration needs",
    clear: "no customise list allows more than the bound integrations need",
    page: include_str!("../../docs/checks/lw104-excessive-table.md"),
    data: &[DatasetName::Roles, DatasetName::Settings],
    run: Run::Role(run),
};

/// The API shows a customise list only to a member that it applies to, so this is for eyes.
fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    if !role.serves_an_integration() {
        return Ok(vec![Draft::not_applicable(
            "no integration with a rule file is bound to the role, so which tables it needs is not known",
        )]);
    }
    let rights = role.rights()?;
    let customised: Vec<_> = rights
        .known
        .iter()
        .filter(|(id, row)| case.catalog().function(**id).customize.is_some() && opens(row))
        .map(|(&id, _)| case.function(id))
        .collect();
    if customised.is_empty() {
        return Ok(vec![Draft::not_applicable("the role opens no function that has a customise list")]);
    }
    let needed: Vec<_> = role.needs.allow().values().flatten().collect();
    let only = if needed.is_empty() { "what the vendor names".to_owned() } else { join_and(&needed) };
    let paths: Vec<_> = customised.iter().map(|function| format!("{function} > customize")).collect();
    let message = format!(
        "the API does not show another role's customise lists; look whether those of {} allow more than is needed",
        join_and(&customised.iter().map(ToString::to_string).collect::<Vec<_>>())
    );
    let fix = format!(
        "look at {} > {}: on the left, under \"Allow Access to these\", only {only}",
        Case::role_path(role.role),
        join_and(&paths)
    );
    Ok(vec![Draft::manual(message).fix(fix)])
}

/// Whether the row grants anything, or may: what was not understood is no None.
fn opens(row: &Row<'_>) -> bool {
    let may_open = |setting: &Setting| {
        grants_anything(&setting.grants)
            || setting.grants.iter().any(|(_, grant)| matches!(grant, Grant::Unknown(_) | Grant::Absent))
    };
    row.settings().iter().any(|setting| may_open(setting))
}
