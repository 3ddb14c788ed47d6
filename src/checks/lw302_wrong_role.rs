//! LW302: the bound member holds another role than the binding names.

use super::{Binding, BoundMember, Case, Check, Draft, Found, Run};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW302",
    name: "wrong-role",
    severity: Severity::High,
    summary: "the bound member holds another role than the binding names",
    clear: "the member holds the role that the binding names",
    page: include_str!("../../docs/checks/lw302-wrong-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Bound(run),
};

fn run(case: &Case<'_>, binding: &Binding<'_>, member: &BoundMember<'_>) -> Found {
    let Some(name) = &binding.role_name else {
        return Ok(vec![Draft::not_applicable("the binding names no role")]);
    };
    case.roles()?;
    let Some(named) = binding.named_role else {
        return Ok(vec![Draft::not_applicable(format!("the role \"{name}\" does not exist"))]);
    };
    let held = binding.role.filter(|role| member.role() == Some(role.id));
    Ok(match (member.role(), held) {
        (Some(id), _) if id == named.id => Vec::new(),
        (None, _) => {
            vec![Draft::unknown("the PSA does not say which role the member holds").required(&named.name)]
        }
        (Some(id), held) => {
            let actual = held.map_or_else(|| id.to_string(), |role| role.name.to_string());
            vec![
                Draft::fail(format!(
                    "the member holds the role \"{actual}\", not \"{}\" as the binding says",
                    named.name
                ))
                .levels(&actual, &named.name)
                .fix(format!(
                    "{} > {} > Role ID: choose {}, then Save; or correct the binding",
                    if matches!(member, BoundMember::Api(_)) {
                        "System > Members > API Members"
                    } else {
                        "System > Members"
                    },
                    member
                        .reference()
                        .identifier
                        .map_or_else(|| member.reference().id.to_string(), |name| name.to_string()),
                    named.name
                )),
            ]
        }
    })
}
