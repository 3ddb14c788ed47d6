//! LW901: a dataset could not be read in full. Always unknown, never a finding.

use super::{Answer, Answers, Case, Check, CheckId, Run};
use crate::model::{DatasetName, Gap, RoleRef, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::CollectionIncomplete,
    name: "collection-incomplete",
    severity: Severity::Info,
    summary: "a dataset could not be read in full",
    clear: "every dataset that was asked for was read in full",
    data: &[],
    run: Run::Tenant(run),
    can_be_waived: false,
    ..Check::OF_TENANT
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>) -> Answers {
    let mut answers = Vec::new();
    for (name, rows) in case.tenant.datasets() {
        if let Err(gap) = rows
            && case.wanted.contains(&name)
            && !(name == DatasetName::IntegratorLogins && case.does_without_logins())
        {
            answers.push(Answer::of_gap(gap.clone()));
        }
    }
    for (&role, summary) in case.summaries {
        if let Err(gap) = &summary.rows
            && case.wanted.contains(&DatasetName::Settings)
        {
            let answer = Answer::of_gap(Gap::clone(gap));
            answers.push(match case.tenant.role(role) {
                Some(role) => answer.role(RoleRef::shared(role)),
                None => answer,
            });
        }
    }
    Ok(answers)
}
