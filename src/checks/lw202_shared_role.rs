//! LW202: a role serves more than one integration needs, or people beside an integration.

use super::{BoundMember, Case, Check, Draft, Found, RoleCase, Run};
use crate::model::{DatasetName, Member, Severity};
use crate::text::{count, join_and};

pub(super) static CHECK: Check = Check {
    id: "LW202",
    name: "shared-role",
    severity: Severity::Medium,
    summary: "an API member's role also serves a person, or an integration with other needs",
    clear: "the role serves one set of needs and no person",
    page: include_str!("../../docs/checks/lw202-shared-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    let holders = case.api_holders(role.role.id)?.len();
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
    let serving = others.iter().filter(is_serving).count();
    let unsure = others.iter().filter(|member| member.active != Some(false)).count() - serving;
    let integrations = different_needs(role);
    if holders == 0 && !role.serves_an_integration() {
        return Ok(vec![Draft::not_applicable("no API member holds the role")]);
    }
    if serving == 0 && integrations.len() < 2 {
        return Ok(if unsure == 0 {
            Vec::new()
        } else {
            let who = count(unsure, "member");
            vec![Draft::unknown(format!(
                "the PSA does not say whether {who} with this role is an active person"
            ))]
        });
    }
    let mut with = Vec::new();
    if serving > 0 {
        with.push(if serving == 1 { "1 person".to_owned() } else { format!("{serving} people") });
    }
    if integrations.len() > 1 {
        with.push(format!("integrations with different needs ({})", join_and(&integrations)));
    }
    Ok(vec![
        Draft::fail(format!("the role also serves {}: whoever needs more widens it for all", join_and(&with)))
            .actual(format!("{serving} people, {} integrations", integrations.len()))
            .fix(format!("System > Security Roles > +: give each integration a role of its own, then System > Members > API Members > … > Role ID: choose it; keep {} for one of them. `leastwise rules merge --role {}` works out the rows of each", role.role.name, role.role.id)),
    ])
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
