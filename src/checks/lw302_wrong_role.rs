//! LW302: the bound member holds another role than the binding names.

use super::detail::WrongRole;
use super::{Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{DatasetName, Name, Role, RoleRef, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::WrongRole,
    name: "wrong-role",
    severity: Severity::High,
    summary: "the bound member holds another role than the binding names",
    clear: "the member holds the role that the binding names",
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>, binding: &Binding<'_>, member: &BoundMember<'_>) -> Answers {
    let Some(name) = &binding.role_name else {
        return Ok(vec![Answer::not_applicable(Detail::WrongRole(WrongRole::NoneNamed))]);
    };
    case.roles()?;
    let Some(named) = binding.named_role else {
        let detail = WrongRole::NamedIsMissing { name: name.as_str().into() };
        return Ok(vec![Answer::not_applicable(Detail::WrongRole(detail))]);
    };
    let held = binding.role.filter(|role| member.role() == Some(role.id));
    let name = |role: &Role| -> Name { RoleRef::from(role).to_string().into() };
    let named_role = name(named);
    Ok(match member.role() {
        Some(id) if id == named.id => Vec::new(),
        None => vec![Answer::unknown(Detail::WrongRole(WrongRole::NotSaid { named: named_role }))],
        Some(id) => {
            let held = held.map_or_else(|| id.to_string().into(), name);
            let person = matches!(member, BoundMember::Person(_));
            vec![Answer::fail(Detail::WrongRole(WrongRole::Other { held, named: named_role, person }))]
        }
    })
}

impl Words for WrongRole {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Other { held, named, .. } => {
                format!("the member holds the role \"{held}\", not \"{named}\" as the binding says")
            }
            Self::NoneNamed => "the binding names no role".to_owned(),
            Self::NamedIsMissing { name } => format!("the role \"{name}\" does not exist"),
            Self::NotSaid { .. } => "the PSA does not say which role the member holds".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let Self::Other { named, person, .. } = self else { return None };
        let member = finding.member.as_ref()?;
        let screen = if *person { "System > Members" } else { "System > Members > API Members" };
        Some(format!(
            "{screen} > {} > Role ID: choose {named}, then Save; or correct the binding",
            member.on_screen()
        ))
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Other { held, .. } => Some(held.to_string()),
            _ => None,
        }
    }

    fn required(&self) -> Option<String> {
        match self {
            Self::Other { named, .. } | Self::NotSaid { named } => Some(named.to_string()),
            _ => None,
        }
    }
}
