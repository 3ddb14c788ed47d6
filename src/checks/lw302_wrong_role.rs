//! LW302: the bound member holds another role than the binding names.

use serde::{Deserialize, Serialize};

use super::{
    Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail as AnyDetail, Finding, Run, Words,
};
use crate::model::{DatasetName, Name, Role, RoleRef, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::WrongRole,
    name: "wrong-role",
    severity: Severity::High,
    summary: "the bound member holds another role than the binding names",
    clear: "the member holds the role that the binding names",
    page: include_str!("../../docs/checks/lw302-wrong-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

/// What was found about the role that the member holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// Another one.
    Other {
        /// The role that it holds: its name, or its id where the PSA does not list it.
        held: Name,
        /// The role that the binding names.
        named: Name,
        /// Whether the member is a person.
        person: bool,
    },
    /// The binding names no role.
    NoneNamed,
    /// The role that the binding names does not exist.
    NamedIsMissing {
        /// Its name.
        name: Name,
    },
    /// The PSA does not say which role the member holds.
    NotSaid {
        /// The role that the binding names.
        named: Name,
    },
}

fn run(case: &Case<'_>, binding: &Binding<'_>, member: &BoundMember<'_>) -> Answers {
    let Some(name) = &binding.role_name else {
        return Ok(vec![Answer::not_applicable(AnyDetail::WrongRole(Detail::NoneNamed))]);
    };
    case.roles()?;
    let Some(named) = binding.named_role else {
        let detail = Detail::NamedIsMissing { name: name.as_str().into() };
        return Ok(vec![Answer::not_applicable(AnyDetail::WrongRole(detail))]);
    };
    let held = binding.role.filter(|role| member.role() == Some(role.id));
    let name = |role: &Role| -> Name { RoleRef::from(role).to_string().into() };
    let named_role = name(named);
    Ok(match member.role() {
        Some(id) if id == named.id => Vec::new(),
        None => vec![Answer::unknown(AnyDetail::WrongRole(Detail::NotSaid { named: named_role }))],
        Some(id) => {
            let held = held.map_or_else(|| id.to_string().into(), name);
            let person = matches!(member, BoundMember::Person(_));
            vec![Answer::fail(AnyDetail::WrongRole(Detail::Other { held, named: named_role, person }))]
        }
    })
}

impl Words for Detail {
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
