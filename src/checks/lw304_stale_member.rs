//! LW304: an API member that has not been used for a long time.

use super::{Case, Check, Draft, Found, Run};
use crate::model::{ApiMember, DatasetName, Severity};
use crate::term::text::count;

pub(super) static CHECK: Check = Check {
    id: "LW304",
    name: "stale-member",
    severity: Severity::Low,
    summary: "an API member has not been used for 90 days",
    clear: "the member was used lately",
    page: include_str!("../../docs/checks/lw304-stale-member.md"),
    data: &[DatasetName::ApiMembers, DatasetName::MemberUse, DatasetName::OwnMember],
    run: Run::Tenant(run),
};

/// Without another word in the config.
const STALE_AFTER_DAYS: u32 = 90;

/// Our own member called a moment ago; an older `lastLogin` shows that key use does not move it.
const OWN_USE_WITHIN_DAYS: u32 = 1;

fn run(case: &Case<'_>) -> Found {
    let own = case.tenant.own_member.rows().map_err(Clone::clone)?;
    case.tenant.member_use.rows().map_err(Clone::clone)?;
    let is_api_member = case.api_members().map(|_| case.tenant.api_member(own.id).is_some())?;
    // A person's lastLogin moves when they sign in, which says nothing of keys.
    if !is_api_member || own.days.is_none_or(|days| days > OWN_USE_WITHIN_DAYS) {
        let message = "nothing shows that on this PSA the use of a key moves lastLogin, so how old a use is cannot be told";
        return Ok(vec![Draft::not_applicable(message)]);
    }
    let limit = case.policy.checks.get(CHECK.id).and_then(|over| over.days).unwrap_or(STALE_AFTER_DAYS);
    let judged: Vec<_> = case.members.iter().filter(|member| member.active != Some(false)).collect();
    if judged.is_empty() {
        return Ok(vec![Draft::not_applicable("no active API member is judged")]);
    }
    Ok(judged
        .into_iter()
        .filter_map(|member| {
            let days = case.tenant.use_of(member.id).and_then(|one| one.days);
            let draft = judge(member, days, limit)?.member(*member);
            Some(match member.role.and_then(|role| case.tenant.role(role)) {
                Some(role) => draft.role(role),
                None => draft,
            })
        })
        .collect())
}

fn judge(member: &ApiMember, days: Option<u32>, limit: u32) -> Option<Draft> {
    let path = format!("System > Members > API Members > {}", member.identifier);
    let Some(days) = days else {
        return Some(
            Draft::manual("the PSA gives no date of last use for the member: it may never have been used")
                .fix(format!("look at {path} > API Logs")),
        );
    };
    (days > limit).then(|| {
        Draft::fail(format!("not used for {}; {limit} are allowed", count(days as usize, "day")))
            .actual(format!("{days} days"))
            .required(format!("{limit} days"))
            .fix(format!("{path}: delete its keys under API Keys and set Inactive, once nobody claims it"))
    })
}
