//! LW309: an active API member that nothing accounts for.

use super::{BoundMember, Case, Check, Draft, Found, Run};
use crate::model::{ApiMember, DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW309",
    name: "unbound-member",
    severity: Severity::Medium,
    summary: "an active API member that no binding and no rule file accounts for",
    clear: "a binding or a rule file accounts for the member",
    page: include_str!("../../docs/checks/lw309-unbound-member.md"),
    data: &[DatasetName::ApiMembers, DatasetName::Roles],
    run: Run::Member(run),
};

fn run(case: &Case<'_>, member: &ApiMember) -> Found {
    case.roles()?; // a rule file may account for the member through its role's name
    let accounted = case
        .bindings
        .iter()
        .any(|binding| matches!(&binding.member, Some(BoundMember::Api(bound)) if bound.id == member.id));
    if accounted {
        return Ok(Vec::new());
    }
    Ok(match member.active {
        Some(false) => vec![Draft::not_applicable("the member is inactive")],
        None => vec![Draft::unknown("the PSA does not say whether the member is active")],
        Some(true) => vec![
            Draft::fail(format!(
                "no binding and no rule file accounts for \"{}\"{}",
                member.identifier,
                power(case, member)
            ))
            .fix(format!(
                "find out what uses it (System > Members > API Members > {} > API Logs); bind it in leastwise.toml, or set it inactive",
                member.identifier
            )),
        ],
    })
}

/// What the member's role could be misused for, where that was read: the critical grants.
fn power(case: &Case<'_>, member: &ApiMember) -> String {
    match member.role.and_then(|role| case.summaries.get(&role)) {
        Some(summary) if !summary.critical.is_empty() => {
            format!("; its role has critical grants on {}", join_and(&summary.critical))
        }
        _ => String::new(),
    }
}
