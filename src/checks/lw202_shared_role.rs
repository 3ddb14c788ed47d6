//! LW202: a role serves more than one integration needs, or people beside an integration.

use super::detail::SharedRole;
use super::{Answer, Answers, BoundMember, Case, Check, CheckId, Detail, Finding, RoleCase, Run, Words};
use crate::model::{DatasetName, Member, Severity};
use crate::term::text::{count, join_and};

pub(super) static CHECK: Check = Check {
    id: CheckId::SharedRole,
    name: "shared-role",
    severity: Severity::Medium,
    summary: "an API member's role also serves a person, or an integration with other needs",
    clear: "the role serves one set of needs and no person",
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
    ..Check::OF_ROLE
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    let api_members = case.api_holders(role.role.id)?.len();
    let is_bound = |member: &Member| {
        role.bindings.iter().any(
            |binding| matches!(&binding.member, Some(BoundMember::Person(person)) if person.id == member.id),
        )
    };
    let others: Vec<_> = case
        .all_holders(role.role.id)?
        .iter()
        .filter(|member| member.is_person() != Some(false) && !is_bound(member))
        .filter(|member| case.tenant.api_member(member.id).is_none())
        .collect();
    let is_serving = |member: &&&&Member| member.active == Some(true) && member.is_person() == Some(true);
    let people = others.iter().filter(is_serving).count();
    let integrations = different_needs(role);
    if api_members == 0 && !role.serves_an_integration() {
        return Ok(vec![Answer::not_applicable(Detail::SharedRole(SharedRole::NobodyHolds))]);
    }
    if people == 0 && integrations.len() < 2 {
        let unsure = others.iter().filter(|member| member.active != Some(false)).count();
        let not_said = || Answer::unknown(Detail::SharedRole(SharedRole::NotSaid { members: unsure }));
        let unplaced = case.holders.unplaced_people();
        return Ok(match (unsure, unplaced) {
            (0, 0) => Vec::new(),
            (0, people) => vec![Answer::unknown(Detail::SharedRole(SharedRole::Unplaced { people }))],
            _ => vec![not_said()],
        });
    }
    Ok(vec![Answer::fail(Detail::SharedRole(SharedRole::Shared { people, api_members, integrations }))])
}

/// The integrations that the role serves, if at least two of them ask for different access.
fn different_needs(role: &RoleCase<'_>) -> Vec<String> {
    // Needs that no binding has decided on are different from nothing.
    let decided: Vec<_> = role.bindings.iter().filter(|binding| !binding.requirements.is_empty()).collect();
    let Some((first, rest)) = decided.split_first() else {
        return Vec::new();
    };
    if rest.iter().all(|other| other.requirements.same_access(&first.requirements)) {
        return vec![first.rules.id.clone()];
    }
    let mut ids: Vec<_> = decided.iter().map(|binding| binding.rules.id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

impl Words for SharedRole {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Shared { people, integrations, .. } => {
                let mut with = Vec::new();
                if *people > 0 {
                    with.push(if *people == 1 { "1 person".to_owned() } else { format!("{people} people") });
                }
                if integrations.len() > 1 {
                    with.push(format!("integrations with different needs ({})", join_and(integrations)));
                }
                format!(
                    "the role also serves {}: a change for one of them is a change for all",
                    join_and(&with)
                )
            }
            Self::Unplaced { people } => {
                let people = count(*people, "person");
                format!("the PSA does not say which role it gives {people}: it may be this one")
            }
            Self::NobodyHolds => "no API member holds the role".to_owned(),
            Self::NotSaid { members } => format!(
                "the PSA does not say whether {} with this role is an active person",
                count(*members, "member")
            ),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let Self::Shared { .. } = self else { return None };
        let role = finding.role.as_ref()?;
        Some(format!(
            "System > Security Roles > +: make a role of its own for each integration, then System > Members > API Members > … > Role ID: choose it, one member at a time; keep {} for the people. `leastwise rules merge --role {}` works out the rows of each",
            role, role.id
        ))
    }

    fn actual(&self) -> Option<String> {
        let Self::Shared { people, integrations, .. } = self else { return None };
        let people = if *people == 1 { "1 person".to_owned() } else { format!("{people} people") };
        Some(format!("{people}, {}", count(integrations.len(), "integration")))
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, run};
    use crate::checks::testing::{Bench, binding, lines, role, rule_file};
    use crate::checks::{Bindings, BoundMember, Case, Holders, RoleCase, Subject};
    use crate::model::{ApiMember, Licence, Member, MemberId, RoleId, RoleRef};

    fn api(id: i64) -> ApiMember {
        ApiMember { active: Some(true), role: Some(RoleId(31)), ..ApiMember::new(MemberId(id), "sync") }
    }

    fn member(id: i64, licence: Option<Licence>, active: Option<bool>) -> Member {
        Member { licence, active, role: Some(RoleId(31)), ..Member::new(MemberId(id)) }
    }

    fn person(id: i64) -> Member {
        member(id, Some(Licence::Full), Some(true))
    }

    /// What is said of a role with these holders that serves integrations with these needs, the first of them
    /// by `own`: status and message.
    fn told(api: &[ApiMember], all: &[Member], needs: &[&str], own: Option<&Member>) -> Vec<String> {
        let odd = role("Odd");
        let bench = Bench::new(vec![odd.clone()]).members(api.to_vec(), all.to_vec());
        let rules: Vec<_> =
            needs.iter().enumerate().map(|(n, needs)| rule_file(&format!("rules-{n}"), needs)).collect();
        let mut bindings: Vec<_> = rules.iter().map(|rules| binding(rules, &odd)).collect();
        if let (Some(first), Some(own)) = (bindings.first_mut(), own) {
            first.member = Some(BoundMember::Person(own));
        }
        let case = bench.case();
        let holders = Holders::of(case.tenant);
        let of_role = Bindings::of(&bindings);
        let case = Case { holders: &holders, bindings: &of_role, ..case };
        let said = run(&case, &RoleCase::new(&case, &odd, Ok(&[]))).expect("members were read");
        let subject = Subject { role: Some(RoleRef::shared(&odd)), ..Subject::default() };
        lines(&CHECK, &subject, said)
            .iter()
            .map(|line| line.split(" => ").next().unwrap_or_default().to_owned())
            .collect()
    }

    const CONTACTS: &str = "[needs.Companies]\nContacts = { inquire = \"All\" }";
    const NOBODY: &str = "notApplicable certain -: no API member holds the role";
    const NOTHING: [&str; 0] = [];

    fn shared(with: &str) -> String {
        format!("fail certain -: the role also serves {with}: a change for one of them is a change for all")
    }

    #[test]
    fn a_role_that_no_api_member_holds_and_no_integration_uses_is_no_matter_of_sharing() {
        assert_eq!(told(&[], &[], &[], None), [NOBODY]);
        assert_eq!(told(&[], &[person(1), person(2)], &[], None), [NOBODY]);
        assert_eq!(told(&[api(251)], &[], &[], None), NOTHING, "held by an API member");
        assert_eq!(told(&[], &[], &[CONTACTS], None), NOTHING, "used by an integration");
        assert_eq!(told(&[], &[person(1)], &[CONTACTS], None), [shared("1 person")]);
    }

    #[test]
    fn people_share_it_unless_they_are_inactive_or_the_integrations_own() {
        let held = |all: &[Member]| told(&[api(251)], all, &[], None);
        assert_eq!(held(&[person(1)]), [shared("1 person")]);
        assert_eq!(held(&[person(1), person(2)]), [shared("2 people")]);
        assert_eq!(held(&[member(1, Some(Licence::Full), Some(false))]), NOTHING);
        assert_eq!(held(&[member(1, Some(Licence::Api), Some(true))]), NOTHING, "no person");
        assert_eq!(held(&[member(251, None, Some(true))]), NOTHING, "the API member itself");
        let own = person(7);
        assert_eq!(told(&[], std::slice::from_ref(&own), &[CONTACTS], Some(&own)), NOTHING);
        assert_eq!(told(&[], &[own.clone(), person(8)], &[CONTACTS], Some(&own)), [shared("1 person")]);
    }

    #[test]
    fn members_who_may_be_active_people_leave_it_open_until_one_is() {
        let open = |who| {
            format!(
                "unknown certain -: the PSA does not say whether {who} with this role is an active person"
            )
        };
        let held = |all: &[Member]| told(&[api(251)], all, &[], None);
        let (unlicensed, unsaid) = (member(1, None, Some(true)), member(2, Some(Licence::Full), None));
        assert_eq!(held(std::slice::from_ref(&unlicensed)), [open("1 member")]);
        assert_eq!(held(&[unlicensed.clone(), unsaid]), [open("2 members")]);
        assert_eq!(held(&[unlicensed, person(3)]), [shared("1 person")]);
    }

    #[test]
    fn integrations_share_it_where_their_needs_differ() {
        let other = "[needs.Companies]\nContacts = { inquire = \"All\", edit = \"My\" }";
        assert_eq!(told(&[api(251)], &[], &[CONTACTS, CONTACTS], None), NOTHING);
        let differ = "integrations with different needs (rules-0 and rules-1)";
        assert_eq!(told(&[api(251)], &[], &[CONTACTS, other], None), [shared(differ)]);
        assert_eq!(
            told(&[api(251)], &[person(1)], &[CONTACTS, other], None),
            [shared(&format!("1 person and {differ}"))]
        );
    }
}
