//! LW402: a waiver that matches no finding.

use super::applied::{Applied, Standing, describe};
use super::{Case, Check, Draft, Found, Run};
use crate::model::Severity;

pub(super) static CHECK: Check = Check {
    id: "LW402",
    name: "unused-waiver",
    severity: Severity::Info,
    summary: "a waiver matches no finding",
    clear: "the waiver matches a finding",
    page: include_str!("../../docs/checks/lw402-unused-waiver.md"),
    data: &[],
    run: Run::Waiver(run),
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(_case: &Case<'_>, applied: &Applied<'_>) -> Found {
    let waiver = applied.waiver;
    let draft = if matches!(applied.standing, Standing::Void(_)) {
        Draft::not_applicable(format!("the waiver of {} does not waive (LW401)", describe(waiver)))
    } else if applied.findings > 0 {
        return Ok(Vec::new());
    } else if let Some(why) = applied.unsure {
        let what = describe(waiver);
        Draft::not_applicable(format!("whether the waiver of {what} is of use cannot be said: {why}"))
    } else {
        Draft::fail(format!("the waiver of {} matches no finding", describe(waiver)))
            .fix("delete it if the finding was mended; else compare its fields with the finding's")
    };
    Ok(vec![draft])
}
