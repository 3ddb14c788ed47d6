//! LW310: the list of members and the list of API members disagree about an API member. Always unknown.

use serde::{Deserialize, Serialize};

use super::{Answer, Answers, Case, Check, CheckId, Detail as AnyDetail, Finding, Run, Words};
use crate::model::{ApiMember, DatasetName, Member, MemberId, MemberRef, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::ContradictingLists,
    name: "contradicting-lists",
    severity: Severity::Info,
    summary: "the list of members and the list of API members disagree about an API member",
    clear: "the list of members and the list of API members agree",
    page: include_str!("../../docs/checks/lw310-contradicting-lists.md"),
    data: &[DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Tenant(run),
    can_be_waived: false,
    ..Check::OF_MEMBER
};

/// On what the two lists disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// The list of API members does not have it.
    NotAmongApiMembers,
    /// The list of members does not have it.
    NotAmongMembers,
    /// The role.
    Role,
    /// Whether it is active.
    Active,
    /// The list of members has no API member at all: nothing can be compared.
    NoOverlap,
}

fn run(case: &Case<'_>) -> Answers {
    let api_members = case.api_members()?;
    let members = case.all_members()?;
    let is_api = |member: &&Member| member.is_person() == Some(false);
    let overlaps =
        members.iter().any(|member| is_api(&member) || case.tenant.api_member(member.id).is_some());
    if !overlaps {
        return Ok(vec![Answer::not_applicable(AnyDetail::ContradictingLists(Detail::NoOverlap))]);
    }
    let unlisted = members.iter().filter(is_api).filter(|member| case.tenant.api_member(member.id).is_none());
    let unlisted = unlisted.map(|member| answer(Detail::NotAmongApiMembers, MemberRef::from(member)));
    let judge = |api: &ApiMember| Some(answer(compare(api, of_id(members, api.id))?, MemberRef::from(api)));
    Ok(unlisted.chain(api_members.iter().filter_map(judge)).collect())
}

fn of_id(members: &[Member], id: MemberId) -> Option<&Member> {
    members.binary_search_by_key(&id, |member| member.id).ok().map(|index| &members[index])
}

fn compare(api: &ApiMember, member: Option<&Member>) -> Option<Detail> {
    let Some(member) = member else { return Some(Detail::NotAmongMembers) };
    let differ = |one: Option<bool>, other: Option<bool>| matches!((one, other), (Some(one), Some(other)) if one != other);
    if matches!((api.role, member.role), (Some(one), Some(other)) if one != other) {
        Some(Detail::Role)
    } else if differ(api.active, member.active) {
        Some(Detail::Active)
    } else {
        None
    }
}

fn answer(detail: Detail, member: MemberRef) -> Answer {
    Answer::unknown(AnyDetail::ContradictingLists(detail)).member(member)
}

impl Words for Detail {
    fn message(&self, finding: &Finding) -> String {
        let name = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::NotAmongApiMembers => {
                format!(
                    "the list of members has {name} as an API member, and the list of API members does not have it"
                )
            }
            Self::NotAmongMembers => {
                format!("the list of API members has {name}, and the list of members does not")
            }
            Self::Role => format!("the two lists give {name} different roles"),
            Self::Active => format!("one list says that {name} is active, the other that it is not"),
            Self::NoOverlap => {
                "the list of members has no API member at all, so nothing can be compared".to_owned()
            }
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        (*self != Self::NoOverlap)
            .then(|| format!("look at {}, and read the tenant again", finding.member_path()))
    }
}
