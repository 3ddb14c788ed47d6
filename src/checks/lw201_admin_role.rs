//! LW201: an API member holds a role that has everything. One finding for each member.

use std::sync::Arc;

use super::detail::AdminRole;
use super::{Answer, Answers, BoundMember, Case, Check, CheckId, Detail, Finding, RoleCase, Run, Words};
use crate::model::{DatasetName, MemberRef, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::AdminRole,
    name: "admin-role",
    severity: Severity::Critical,
    summary: "an API member holds the Admin role or a role with the admin flag",
    clear: "the role is not an admin role",
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Role(run),
    of_holder: true,
    ..Check::OF_ROLE
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    let api = case.api_holders(role.role.id)?.iter().map(|member| MemberRef::shared(*member));
    let bound = role.bindings.iter().filter_map(|binding| binding.member.as_ref());
    let people = bound.filter(|member| matches!(member, BoundMember::Person(_))).map(BoundMember::reference);
    let mut holders: Vec<_> =
        api.map(|member| (member, false)).chain(people.map(|member| (member, true))).collect();
    holders.sort();
    holders.dedup();
    if holders.is_empty() {
        return Ok(vec![Answer::not_applicable(Detail::AdminRole(AdminRole::NobodyHolds))]);
    }
    Ok(match role.is_admin() {
        Some(false) => Vec::new(),
        Some(true) => holders.into_iter().map(|(member, person)| finding(role, member, person)).collect(),
        None => vec![Answer::unknown(Detail::AdminRole(AdminRole::FlagNotSaid))],
    })
}

fn finding(role: &RoleCase<'_>, member: Arc<MemberRef>, person: bool) -> Answer {
    let own = role.bindings.iter().filter(|binding| binding.member_id() == Some(member.id));
    let detail = AdminRole::HasEverything {
        by_flag: role.role.admin == Some(true),
        serves: own.clone().map(|binding| (binding.rules.id.clone(), binding.rules.title())).collect(),
        asks_admin: own.clone().any(|binding| binding.rules.asks_admin()),
        person,
    };
    Answer::fail(Detail::AdminRole(detail)).member(member)
}

impl Words for AdminRole {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::HasEverything { by_flag, asks_admin, .. } => {
                let who = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
                let how = if *by_flag { "has the admin flag" } else { "is the Admin role" };
                let asked =
                    if *asks_admin { " (its vendor asks for Admin and publishes no list)" } else { "" };
                format!(
                    "{who} holds a role that {how}: with its key everything can be read, changed and deleted{asked}"
                )
            }
            Self::NobodyHolds => "no API member holds the role".to_owned(),
            Self::FlagNotSaid => "the PSA does not say whether the role has the admin flag".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        match self {
            Self::HasEverything { asks_admin: true, .. } => Some(
                "ask the vendor for the permissions that it needs; until there is a list, nobody can say what to take away".to_owned(),
            ),
            Self::HasEverything { serves, person, .. } => {
                let screen = if *person { "System > Members" } else { "System > Members > API Members" };
                // A person is found by the id.
                let who = finding.member.as_ref().map(|member| {
                    member.on_screen()
                });
                let who = who.unwrap_or_default();
                Some(match serves.as_slice() {
                    [] => format!(
                        "find out what uses {who} ({screen} > {who} > API Logs), then give it a role of its own, or set it inactive"
                    ),
                    [(id, title)] => format!(
                        "System > Security Roles > +: make a role with only what {title} needs (`leastwise checklist --integration {id} --new` prints it); then {screen} > {who} > Role ID: choose it, Save, and test"
                    ),
                    several => {
                        let ids: Vec<_> = several.iter().map(|(id, _)| id.as_str()).collect();
                        format!("give each integration ({}) a member and a role of its own", ids.join(", "))
                    }
                })
            }
            Self::NobodyHolds => None,
            Self::FlagNotSaid => Some(format!("look at {}", finding.role_path())),
        }
    }

    fn actual(&self) -> Option<String> {
        matches!(self, Self::HasEverything { .. }).then(|| "admin".to_owned())
    }
}
