//! LW303: the bound member is inactive.

use super::{Binding, BoundMember, Case, Check, Draft, Found, Run};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW303",
    name: "inactive-member",
    severity: Severity::High,
    summary: "the bound member is inactive",
    clear: "the member is active",
    page: include_str!("../../docs/checks/lw303-inactive-member.md"),
    data: &[DatasetName::ApiMembers],
    run: Run::Bound(run),
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(_case: &Case<'_>, binding: &Binding<'_>, member: &BoundMember<'_>) -> Found {
    Ok(match member.active() {
        Some(true) => Vec::new(),
        None => vec![Draft::unknown("the PSA does not say whether the member is active")],
        Some(false) => vec![
            Draft::fail(format!("the member of {} is inactive: an integration cannot work with its keys", binding.rules.title()))
                .actual("inactive")
                .required("active")
                .fix("System > Members > API Members: show inactive ones, open it, clear Inactive, then Save; or bind the member that is in use"),
        ],
    })
}
