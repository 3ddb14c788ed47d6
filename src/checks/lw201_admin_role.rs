//! LW201: an API member holds a role that has everything.

use super::{BoundMember, Case, Check, Draft, Found, RoleCase, Run};
use crate::model::{DatasetName, Severity};
use crate::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW201",
    name: "admin-role",
    severity: Severity::Critical,
    summary: "an API member holds the Admin role or a role with the admin flag",
    clear: "the role is not an admin role",
    page: include_str!("../../docs/checks/lw201-admin-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Role(run),
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    let api = case.api_holders(role.role.id)?.iter();
    let people = role.bindings.iter().filter_map(|binding| match &binding.member {
        Some(BoundMember::Person(person)) => Some(format!("member {}", person.id)),
        _ => None,
    });
    let holders: Vec<_> = api.map(|member| member.identifier.to_string()).chain(people).collect();
    match role.is_admin() {
        _ if holders.is_empty() => Ok(vec![Draft::not_applicable("no API member holds the role")]),
        Some(false) => Ok(Vec::new()),
        Some(true) => Ok(vec![finding(role, &holders)]),
        None => Ok(vec![
            Draft::unknown("the PSA does not say whether the role has the admin flag")
                .fix(format!("look at {}", Case::role_path(role.role))),
        ]),
    }
}

fn finding(role: &RoleCase<'_>, holders: &[String]) -> Draft {
    let how = if role.role.admin == Some(true) { "has the admin flag" } else { "is the Admin role" };
    let needed: Vec<_> = role.bindings.iter().map(|binding| binding.rules.title()).collect();
    let instead = if needed.is_empty() {
        "make a role with only what the integration needs".to_owned()
    } else {
        format!("make a role with only what {} needs", join_and(&needed))
    };
    Draft::fail(format!(
        "{} {} a role that {how}: with its key everything can be read, changed and deleted",
        join_and(holders),
        if holders.len() == 1 { "holds" } else { "hold" }
    ))
    .actual("admin")
    .fix(format!("System > Security Roles > +: {instead}; then System > Members > API Members > {} > Role ID: choose it, and Save", holders.join(", ")))
}
