//! LW310: the list of members and the list of API members disagree about an API member. Always unknown.

use std::sync::Arc;

use super::detail::ContradictingLists;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{ApiMember, DatasetName, Member, MemberId, MemberRef, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::ContradictingLists,
    name: "contradicting-lists",
    severity: Severity::Info,
    summary: "the list of members and the list of API members disagree about an API member",
    clear: "the list of members and the list of API members agree",
    data: &[DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Tenant(run),
    can_be_waived: false,
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>) -> Answers {
    let api_members = case.api_members()?;
    let members = case.all_members()?;
    let is_api = |member: &&Member| member.is_person() == Some(false);
    let overlaps =
        members.iter().any(|member| is_api(&member) || case.tenant.api_member(member.id).is_some());
    if !overlaps {
        return Ok(vec![Answer::not_applicable(Detail::ContradictingLists(ContradictingLists::NoOverlap))]);
    }
    let unlisted = members.iter().filter(is_api).filter(|member| case.tenant.api_member(member.id).is_none());
    let unlisted =
        unlisted.map(|member| answer(ContradictingLists::NotAmongApiMembers, MemberRef::shared(member)));
    let judge = |api: &ApiMember| Some(answer(compare(api, of_id(members, api.id))?, MemberRef::shared(api)));
    Ok(unlisted.chain(api_members.iter().filter_map(judge)).collect())
}

fn of_id(members: &[Member], id: MemberId) -> Option<&Member> {
    members.binary_search_by_key(&id, |member| member.id).ok().map(|index| &members[index])
}

fn compare(api: &ApiMember, member: Option<&Member>) -> Option<ContradictingLists> {
    let Some(member) = member else { return Some(ContradictingLists::NotAmongMembers) };
    let differ = |one: Option<bool>, other: Option<bool>| matches!((one, other), (Some(one), Some(other)) if one != other);
    if matches!((api.role, member.role), (Some(one), Some(other)) if one != other) {
        Some(ContradictingLists::Role)
    } else if differ(api.active, member.active) {
        Some(ContradictingLists::Active)
    } else {
        None
    }
}

fn answer(detail: ContradictingLists, member: Arc<MemberRef>) -> Answer {
    Answer::unknown(Detail::ContradictingLists(detail)).member(member)
}

impl Words for ContradictingLists {
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

#[cfg(test)]
mod tests {
    use super::{CHECK, run};
    use crate::checks::Subject;
    use crate::checks::testing::{Bench, lines};
    use crate::model::{ApiMember, Licence, Member, MemberId, RoleId};

    /// An active API member with role 31.
    fn api(id: i64) -> ApiMember {
        ApiMember {
            active: Some(true),
            role: Some(RoleId(31)),
            ..ApiMember::new(MemberId(id), format!("sync-{id}"))
        }
    }

    /// The same in the list of members.
    fn member(id: i64) -> Member {
        let licence = Some(Licence::Api);
        Member { licence, active: Some(true), role: Some(RoleId(31)), ..Member::new(MemberId(id)) }
    }

    fn person(id: i64) -> Member {
        Member { licence: Some(Licence::Full), ..member(id) }
    }

    /// What is said of these two lists, without its fix.
    fn said(api: Vec<ApiMember>, all: Vec<Member>) -> Vec<String> {
        let bench = Bench::new(Vec::new()).members(api, all);
        let answers = run(&bench.case()).expect("both lists were read");
        let lines = lines(&CHECK, &Subject::default(), answers);
        lines.iter().map(|line| line.split(" => ").next().unwrap_or_default().to_owned()).collect()
    }

    const NOTHING: [&str; 0] = [];

    #[test]
    fn lists_that_agree_say_nothing() {
        assert_eq!(said(vec![api(1), api(2)], vec![member(1), member(2), person(3)]), NOTHING);
        let unsaid = Member { role: None, active: None, licence: None, ..member(1) };
        assert_eq!(said(vec![api(1)], vec![unsaid]), NOTHING, "what is left out contradicts nothing");
        let unsaid = ApiMember { role: None, active: None, ..api(1) };
        assert_eq!(said(vec![unsaid], vec![member(1)]), NOTHING);
    }

    #[test]
    fn each_member_on_which_they_disagree_is_said_once() {
        let other_role = Member { role: Some(RoleId(40)), ..member(1) };
        let role = "unknown certain -: the two lists give sync-1 different roles";
        assert_eq!(said(vec![api(1), api(2)], vec![other_role.clone(), member(2)]), [role]);
        let inactive = Member { active: Some(false), ..member(1) };
        let active = "unknown certain -: one list says that sync-1 is active, the other that it is not";
        assert_eq!(said(vec![api(1)], vec![inactive]), [active]);
        let inactive = ApiMember { active: Some(false), ..api(1) };
        assert_eq!(said(vec![inactive], vec![member(1)]), [active], "whichever list says so");
        let both = Member { active: Some(false), ..other_role };
        assert_eq!(said(vec![api(1)], vec![both]), [role], "one word on each member");
    }

    #[test]
    fn a_member_that_only_one_list_has_is_said_whichever_it_is() {
        let gone = "unknown certain -: the list of API members has sync-2, and the list of members does not";
        assert_eq!(said(vec![api(1), api(2)], vec![member(1), person(3)]), [gone]);
        let named = Member { identifier: Some("left".into()), ..member(4) };
        assert_eq!(
            said(vec![api(1)], vec![member(1), named]),
            [
                "unknown certain -: the list of members has left as an API member, and the list of API members does not have \
              it"
            ]
        );
        let unlicensed = Member { licence: None, ..member(4) };
        assert_eq!(said(vec![api(1)], vec![member(1), unlicensed]), NOTHING, "it may be a person");
    }

    #[test]
    fn lists_that_have_no_api_member_in_common_are_not_compared() {
        let no_overlap = "notApplicable certain -: the list of members has no API member at all, so nothing can be compared";
        assert_eq!(said(vec![api(1)], vec![person(2), person(3)]), [no_overlap]);
        assert_eq!(said(vec![api(1)], vec![Member { licence: None, ..member(2) }]), [no_overlap]);
        assert_eq!(
            said(vec![api(1)], vec![Member { licence: None, ..member(1) }]),
            NOTHING,
            "its id is there"
        );
        assert_eq!(said(vec![api(1)], vec![member(2)]).len(), 2, "each list has one that the other lacks");
    }
}
