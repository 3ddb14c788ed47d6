//! LW401: a waiver that has run out or is not in order, and so does not waive.

use super::applied::{Applied, Standing, describe};
use super::{Case, Check, Draft, Found, Run};
use crate::model::Severity;
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW401",
    name: "expired-waiver",
    severity: Severity::Medium,
    summary: "a waiver has run out or is not in order, and does not waive",
    clear: "the waiver is in order and has not run out",
    page: include_str!("../../docs/checks/lw401-expired-waiver.md"),
    data: &[],
    run: Run::Waiver(run),
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(_case: &Case<'_>, applied: &Applied<'_>) -> Found {
    let waiver = applied.waiver;
    let draft = match &applied.standing {
        Standing::Holds(_) => return Ok(Vec::new()),
        Standing::NotYet(since) => Draft::not_applicable(format!(
            "the waiver of {} begins on {since}; until then it does not waive",
            describe(waiver)
        )),
        Standing::Void(faults) => {
            let who = waiver.owner.as_ref().map_or_else(String::new, |owner| format!(" ask {owner}, then"));
            Draft::fail(format!("the waiver of {} does not waive: {}", describe(waiver), join_and(faults)))
                .fix(format!(
                    "mend what it covers and delete it; or{who} write a new `since`, `expires`, `reason` and `owner`"
                ))
        }
    };
    Ok(vec![draft])
}
