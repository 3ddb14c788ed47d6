//! LW205: nobody active holds a role.

use super::{Case, Check, Draft, Found, Run};
use crate::model::{DatasetName, Role, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW205",
    name: "unused-role",
    severity: Severity::Info,
    summary: "no active member of any kind holds the role",
    clear: "an active member holds the role",
    page: include_str!("../../docs/checks/lw205-unused-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::AnyRole(run),
};

fn run(case: &Case<'_>, role: &Role) -> Found {
    let api_members = case.api_holders(role.id)?.iter().map(|member| member.active);
    let members = case.all_holders(role.id)?.iter().map(|member| member.active);
    let holders: Vec<_> = api_members.chain(members).collect();
    if holders.contains(&Some(true)) {
        return Ok(Vec::new());
    }
    if holders.contains(&None) {
        return Ok(vec![Draft::unknown(
            "the PSA does not say whether the members that hold the role are active",
        )]);
    }
    if role.active == Some(false) {
        return Ok(vec![Draft::not_applicable(
            "the role is inactive, as a role that nobody holds should be",
        )]);
    }
    let message = match holders.len() {
        0 => "no member holds the role",
        _ => "only inactive members hold the role",
    };
    Ok(vec![
        Draft::fail(message).fix(format!(
            "{}: set Inactive once you are sure that nobody will need it",
            Case::role_path(role)
        )),
    ])
}
