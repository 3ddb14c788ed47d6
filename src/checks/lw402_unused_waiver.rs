//! LW402: a waiver that matches no finding.

use super::applied::{Applied, Standing, describe};
use super::detail::UnusedWaiver;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::Severity;

pub(super) static CHECK: Check = Check {
    id: CheckId::UnusedWaiver,
    name: "unused-waiver",
    severity: Severity::Info,
    summary: "a waiver matches no finding",
    clear: "the waiver matches a finding",
    data: &[],
    run: Run::Waiver(run),
    can_be_waived: false,
    ..Check::OF_TENANT
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(_case: &Case<'_>, applied: &Applied<'_>) -> Answers {
    let waiver = describe(applied.waiver);
    Ok(if matches!(applied.standing, Standing::Void(_)) {
        vec![Answer::not_applicable(Detail::UnusedWaiver(UnusedWaiver::Void(waiver)))]
    } else if applied.findings > 0 {
        Vec::new()
    } else if let Some(why) = applied.unsure {
        vec![Answer::not_applicable(Detail::UnusedWaiver(UnusedWaiver::Unsure(waiver, why)))]
    } else {
        vec![Answer::fail(Detail::UnusedWaiver(UnusedWaiver::Unused(waiver)))]
    })
}

impl Words for UnusedWaiver {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Unused(waiver) => format!("the waiver of {waiver} matches no finding"),
            Self::Void(waiver) => format!("the waiver of {waiver} does not waive (LW401)"),
            Self::Unsure(waiver, why) => {
                format!("whether the waiver of {waiver} is of use is not known: {why}")
            }
        }
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        matches!(self, Self::Unused(_)).then(|| {
            "delete it if the finding was fixed; else compare its fields with the finding's".to_owned()
        })
    }
}
