//! LW204: a member that serves an integration holds an inactive role.

use super::{Binding, BoundMember, Case, Check, Draft, Found, Run};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW204",
    name: "inactive-role",
    severity: Severity::High,
    summary: "a bound member holds an inactive role",
    clear: "the role is active",
    page: include_str!("../../docs/checks/lw204-inactive-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Bound(run),
};

fn run(case: &Case<'_>, binding: &Binding<'_>, _member: &BoundMember<'_>) -> Found {
    case.roles()?;
    let Some(role) = binding.role else {
        return Ok(vec![Draft::not_applicable("the member holds no role that the PSA lists (LW203)")]);
    };
    Ok(match role.active {
        Some(true) => Vec::new(),
        Some(false) => vec![
            Draft::fail(format!(
                "{} runs on the role \"{}\", which is inactive",
                binding.rules.title(),
                role.name
            ))
            .actual("inactive")
            .required("active")
            .fix(format!(
                "{}: clear Inactive, then Save; or give the member an active role",
                Case::role_path(role)
            )),
        ],
        None => vec![Draft::unknown("the PSA does not say whether the role is active")],
    })
}
