//! LW309: an active API member that nothing accounts for.

use super::lw101_missing_permission::grants_anything;
use super::{BoundMember, Case, Check, Draft, Found, Run};
use crate::model::{ApiMember, DatasetName, Level, Severity, Verb};
use crate::rules::Lookup;
use crate::text::join_and;

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
    let Some(settings) = member.role.and_then(|role| case.tenant.settings_of(role).ok()) else {
        return String::new();
    };
    let mut critical = Vec::new();
    for setting in settings.iter().filter(|setting| grants_anything(&setting.grants)) {
        let Lookup::Known(id) = case.catalog().lookup(setting) else {
            continue;
        };
        let sensitivity = &case.catalog().function(id).sensitivity;
        let is_critical =
            |verb: Verb| sensitivity.of(verb) == Severity::Critical && *setting.grants.of(verb) > Level::None;
        let name = case.catalog().full_name(id);
        if Verb::ALL.into_iter().any(is_critical) && !critical.contains(&name) {
            critical.push(name);
        }
    }
    if critical.is_empty() {
        String::new()
    } else {
        format!("; its role has critical grants on {}", join_and(&critical))
    }
}
