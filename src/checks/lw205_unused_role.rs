//! LW205: nobody active holds a role.

use super::detail::UnusedRole;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{DatasetName, Role, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::UnusedRole,
    name: "unused-role",
    severity: Severity::Info,
    summary: "no active member of any kind holds the role",
    clear: "an active member holds the role",
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::AnyRole(run),
    ..Check::OF_ROLE
};

fn run(case: &Case<'_>, role: &Role) -> Answers {
    let api_members = case.api_holders(role.id)?.iter().map(|member| member.active);
    let members = case.all_holders(role.id)?.iter().map(|member| member.active);
    let holders: Vec<_> = api_members.chain(members).collect();
    if holders.contains(&Some(true)) {
        return Ok(Vec::new());
    }
    let answer = |answer: fn(Detail) -> Answer, detail| Ok(vec![answer(Detail::UnusedRole(detail))]);
    if holders.contains(&None) {
        return answer(Answer::unknown, UnusedRole::NotSaid);
    }
    if case.holders.has_unplaced() && role.active != Some(false) {
        return answer(Answer::unknown, UnusedRole::Unplaced);
    }
    if role.active == Some(false) {
        return answer(Answer::not_applicable, UnusedRole::RoleIsInactive);
    }
    answer(Answer::fail, if holders.is_empty() { UnusedRole::Nobody } else { UnusedRole::OnlyInactive })
}

impl Words for UnusedRole {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Nobody => "no member holds the role",
            Self::OnlyInactive => "only inactive members hold the role",
            Self::RoleIsInactive => "the role is inactive, as a role that nobody holds should be",
            Self::NotSaid => "the PSA does not say whether the members that hold the role are active",
            Self::Unplaced => "the PSA does not say which role some members hold: it may be this one",
        }
        .to_owned()
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        matches!(self, Self::Nobody | Self::OnlyInactive).then(|| {
            format!("{}: set Inactive once you are sure that nobody will need it", finding.role_path())
        })
    }
}
