//! LW105: a role grants something on a function that the catalog does not know.

use super::lw101_missing_permission::grants_anything;
use super::{Case, Check, Draft, Found, RoleCase, Run};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW105",
    name: "unknown-function",
    severity: Severity::Info,
    summary: "a role grants something on a function that the catalog does not know",
    clear: "the catalog knows every function that the role grants something on",
    page: include_str!("../../docs/checks/lw105-unknown-function.md"),
    data: &[DatasetName::Roles, DatasetName::Settings],
    run: Run::Settings(run),
};

/// Said once for the tenant: the audit folds the same function of several roles into one outcome.
fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    let rights = role.rights()?;
    Ok(rights
        .unknown
        .values()
        .filter(|row| row.settings().iter().any(|setting| grants_anything(&setting.grants)))
        .map(|row| {
            let function = row.function();
            let near = case
                .catalog()
                .find_module(&function.module)
                .and_then(|module| case.catalog().suggest_function(module, &function.function))
                .map(|near| format!("; the nearest that it knows is {near}"))
                .unwrap_or_default();
            Draft::fail(format!("roles grant something on {function}, which the catalog does not know{near}"))
                .on(function)
                .fix("tell the project the function's name as the PSA shows it, so that the catalog can learn it")
                .line(row.line())
        })
        .collect())
}
