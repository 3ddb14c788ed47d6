//! LW202: a role serves more than one integration needs, or people beside an integration.

use serde::{Deserialize, Serialize};

use super::{
    Answer, Answers, BoundMember, Case, Check, CheckId, Detail as AnyDetail, Finding, RoleCase, Run, Words,
};
use crate::model::{DatasetName, Member, Severity};
use crate::term::text::{count, join_and};

pub(super) static CHECK: Check = Check {
    id: CheckId::SharedRole,
    name: "shared-role",
    severity: Severity::Medium,
    summary: "an API member's role also serves a person, or an integration with other needs",
    clear: "the role serves one set of needs and no person",
    page: include_str!("../../docs/checks/lw202-shared-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
    ..Check::OF_ROLE
};

/// Whom a role serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// More than one set of needs, or people.
    Shared {
        /// Active people that hold it and on whom no integration runs.
        people: usize,
        /// API members that hold it.
        api_members: usize,
        /// Ids of the integrations, where at least two of them need different access.
        integrations: Vec<String>,
    },
    /// No API member holds the role.
    NobodyHolds,
    /// The PSA does not say whether these members are active people.
    NotSaid {
        /// How many.
        members: usize,
    },
}

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
        return Ok(vec![Answer::not_applicable(AnyDetail::SharedRole(Detail::NobodyHolds))]);
    }
    if people == 0 && integrations.len() < 2 {
        let unsure = others.iter().filter(|member| member.active != Some(false)).count();
        let not_said = || Answer::unknown(AnyDetail::SharedRole(Detail::NotSaid { members: unsure }));
        return Ok(if unsure == 0 { Vec::new() } else { vec![not_said()] });
    }
    Ok(vec![Answer::fail(AnyDetail::SharedRole(Detail::Shared { people, api_members, integrations }))])
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

impl Words for Detail {
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
                    "the role also serves {}: a permission given to one of them is given to all",
                    join_and(&with)
                )
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
            role.name, role.id
        ))
    }

    fn actual(&self) -> Option<String> {
        let Self::Shared { people, integrations, .. } = self else { return None };
        let people = if *people == 1 { "1 person".to_owned() } else { format!("{people} people") };
        Some(format!("{people}, {}", count(integrations.len(), "integration")))
    }
}
