//! LW105: a role gives something on a function that the catalog does not know. One finding for each function
//! and tenant.

use super::detail::UnknownFunction;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, RoleCase, Run, Words};
use crate::model::{DatasetName, Level, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::UnknownFunction,
    name: "unknown-function",
    severity: Severity::Info,
    summary: "a role grants something on a function that the catalog does not know",
    clear: "the catalog knows every function that the role grants something on",
    data: &[DatasetName::Roles, DatasetName::Settings],
    run: Run::Settings(run),
    ..Check::OF_PERMISSIONS
};

/// Said once for the tenant: the audit folds the same function of several roles into one finding.
fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    let rights = role.rights()?;
    let gives = |grants: &crate::model::Grants| grants.iter().any(|(_, grant)| *grant > Level::None);
    Ok(rights
        .unknown
        .values()
        .filter(|row| row.settings().iter().any(|setting| gives(&setting.grants)))
        .map(|row| {
            let function = row.function();
            let module = case.catalog().find_module(&function.module);
            let near = module.and_then(|module| case.catalog().suggest_function(module, &function.function));
            Answer::fail(Detail::UnknownFunction(UnknownFunction { near })).on(function).line(row.line())
        })
        .collect())
}

impl Words for UnknownFunction {
    fn message(&self, finding: &Finding) -> String {
        let function = finding.function.as_ref().map(ToString::to_string).unwrap_or_default();
        let near = self.near.as_ref().map(|near| format!("; the nearest that it knows is {near}"));
        format!(
            "roles grant something on {function}, which the catalog does not know{}",
            near.unwrap_or_default()
        )
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        Some(
            "send the project the function's name as the PSA shows it (`leastwise survey --with-function-names` prints it)"
                .to_owned(),
        )
    }
}
