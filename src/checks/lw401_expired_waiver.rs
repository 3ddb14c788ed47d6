//! LW401: a waiver that has run out or is not in order, and so does not waive.

use super::applied::{Applied, Standing, describe};
use super::detail::ExpiredWaiver;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::Severity;

pub(super) static CHECK: Check = Check {
    id: CheckId::ExpiredWaiver,
    name: "expired-waiver",
    severity: Severity::Medium,
    summary: "a waiver has run out or is not in order, and does not waive",
    clear: "the waiver is in order and has not run out",
    data: &[],
    run: Run::Waiver(run),
    can_be_waived: false,
    ..Check::OF_TENANT
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(_case: &Case<'_>, applied: &Applied<'_>) -> Answers {
    let waiver = describe(applied.waiver);
    Ok(match &applied.standing {
        Standing::Holds(_) => Vec::new(),
        Standing::NotYet(since) => {
            vec![Answer::not_applicable(Detail::ExpiredWaiver(Box::new(ExpiredWaiver::NotYet {
                waiver,
                since: *since,
            })))]
        }
        Standing::Void(faults) => {
            let owner = applied.waiver.owner.clone();
            vec![Answer::fail(Detail::ExpiredWaiver(Box::new(ExpiredWaiver::Void {
                waiver,
                faults: faults.clone(),
                owner,
            })))]
        }
    })
}

impl Words for ExpiredWaiver {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Void { waiver, faults, .. } => {
                format!("the waiver of {waiver} does not waive: {}", faults.join("; "))
            }
            Self::NotYet { waiver, since } => {
                format!("the waiver of {waiver} begins on {since}; until then it does not waive")
            }
        }
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        let Self::Void { owner, .. } = self else { return None };
        let ask = owner.as_ref().map_or_else(String::new, |owner| format!(" ask {owner}, then"));
        Some(format!(
            "fix what it covers and delete it; or{ask} write a new `since`, `expires`, `reason` and `owner`"
        ))
    }
}
