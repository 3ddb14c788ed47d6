//! LW308: more than one active API member serves the same integration.

use super::{BoundMember, Case, Check, Draft, Found, Integration, Run};
use crate::model::{DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW308",
    name: "duplicate-member",
    severity: Severity::Medium,
    summary: "more than one active API member serves the same integration",
    clear: "no more than one active API member serves the integration",
    page: include_str!("../../docs/checks/lw308-duplicate-member.md"),
    data: &[DatasetName::ApiMembers],
    run: Run::Integration(run),
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Found {
    case.api_members()?;
    let members = integration.bindings.iter().filter_map(|binding| match &binding.member {
        Some(BoundMember::Api(member)) => Some(*member),
        _ => None,
    });
    let mut active: Vec<_> = members.clone().filter(|member| member.active == Some(true)).collect();
    active.sort_by_key(|member| member.id);
    active.dedup_by_key(|member| member.id);
    let names: Vec<_> = active.iter().map(|member| member.identifier.to_string()).collect();
    let unsure = members.clone().filter(|member| member.active.is_none()).count();
    Ok(match (names.len(), unsure) {
        (0 | 1, 0) | (0, 1) => Vec::new(),
        (0 | 1, _) => vec![Draft::unknown("the PSA does not say whether all members of the integration are active")],
        _ => vec![
            Draft::fail(format!("{} are all active for {}", join_and(&names), integration.rules.title()))
                .actual(join_and(&names))
                .fix("find out whose key is in use (System > Members > API Members > … > API Logs), then set the others inactive"),
        ],
    })
}
