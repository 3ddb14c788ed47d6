//! LW304: an API member that has not been used for a long time.

use super::detail::StaleMember;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Run, Summary, Words};
use crate::model::{ApiMember, DatasetName, MemberRef, RoleRef, Severity};
use crate::term::text::count;

pub(super) static CHECK: Check = Check {
    id: CheckId::StaleMember,
    name: "stale-member",
    severity: Severity::Low,
    summary: "an API member has not been used for 90 days",
    clear: "the member was used lately",
    data: &[DatasetName::ApiMembers, DatasetName::MemberUse, DatasetName::OwnMember],
    run: Run::Tenant(run),
    ..Check::OF_MEMBER
};

/// Without another word in the config.
const STALE_AFTER_DAYS: u32 = 90;

/// Where the member's role gives a dangerous power.
const STALE_AFTER_DAYS_IF_DANGEROUS: u32 = 45;

fn run(case: &Case<'_>) -> Answers {
    let answer = |answer: fn(Detail) -> Answer, detail| answer(Detail::StaleMember(detail));
    if !case.shows_use_of_keys()? {
        return Ok(vec![answer(Answer::not_applicable, StaleMember::NotShown)]);
    }
    let judged: Vec<_> = case.members.iter().filter(|member| member.active != Some(false)).collect();
    if judged.is_empty() {
        return Ok(vec![answer(Answer::not_applicable, StaleMember::Nobody)]);
    }
    let judge = |member: &ApiMember| {
        let limit = limit(case, member);
        match case.tenant.use_of(member.id).and_then(|one| one.days) {
            None => Some(answer(Answer::manual, StaleMember::NoDate)),
            Some(days) => (days > limit).then(|| answer(Answer::fail, StaleMember::Stale { days, limit })),
        }
    };
    Ok(judged
        .into_iter()
        .filter_map(|member| {
            let answer = judge(member)?.member(MemberRef::shared(*member));
            Some(match member.role.and_then(|role| case.tenant.role(role)) {
                Some(role) => answer.role(RoleRef::shared(role)),
                None => answer,
            })
        })
        .collect())
}

/// The days that are allowed: those of the config, else fewer where the member's role gives a dangerous power.
fn limit(case: &Case<'_>, member: &ApiMember) -> u32 {
    let is_dangerous =
        || member.role.and_then(|role| case.summaries.get(&role)).is_some_and(Summary::is_dangerous);
    case.policy
        .days(CheckId::StaleMember)
        .unwrap_or_else(|| if is_dangerous() { STALE_AFTER_DAYS_IF_DANGEROUS } else { STALE_AFTER_DAYS })
}

impl Words for StaleMember {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Stale { days, limit } => {
                format!("not used for {} (the limit is {limit} days)", count(*days as usize, "day"))
            }
            Self::NoDate => "the PSA gives no date of last use that makes sense for the member: it may never have been used".to_owned(),
            Self::NotShown => "nothing shows that on this PSA the use of a key moves lastLogin, so the last use is not known".to_owned(),
            Self::Nobody => "no active API member is judged".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let path = finding.member_path();
        match self {
            Self::Stale { .. } => Some(format!(
                "ask who uses it; if nobody does: {path}: set Inactive, then Save; a month later delete its keys under API Keys"
            )),
            Self::NoDate => Some(format!("look at {path} > API Logs")),
            Self::NotShown | Self::Nobody => None,
        }
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Stale { days, .. } => Some(format!("{days} days")),
            _ => None,
        }
    }

    fn required(&self) -> Option<String> {
        match self {
            Self::Stale { limit, .. } => Some(format!("{limit} days")),
            _ => None,
        }
    }
}
