//! LW203: an integration is expected, and there is no role for it.

use super::detail::RoleNotFound;
use super::{Answer, Answers, Binding, Case, Check, CheckId, Detail, Finding, Integration, Run, Words};
use crate::model::{DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::RoleNotFound,
    name: "role-not-found",
    severity: Severity::High,
    summary: "there is no role for an integration that is expected",
    clear: "the integration has a role",
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Integration(run),
    ..Check::OF_INTEGRATION
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Answers {
    if !integration.expected {
        return Ok(vec![Answer::not_applicable(Detail::RoleNotFound(RoleNotFound::LoginOnly))]);
    }
    case.roles()?;
    // A role may be known through its member only, of whichever kind; and a member may hold one that
    // does not exist, beside a role of the right name.
    case.api_members()?;
    case.all_members()?;
    if integration.bindings.is_empty() {
        let names = integration.rules.matches.roles.clone();
        return Ok(vec![Answer::fail(Detail::RoleNotFound(RoleNotFound::NoneFound { names }))]);
    }
    Ok(integration.bindings.iter().filter_map(judge).collect())
}

fn judge(binding: &Binding<'_>) -> Option<Answer> {
    let detail = match (&binding.role_name, binding.named_role, binding.role) {
        (Some(name), None, _) => RoleNotFound::Named { name: name.as_str().into() },
        (_, _, None) => match &binding.member {
            None => RoleNotFound::NoMember,
            Some(member) => {
                member.role().map_or(RoleNotFound::NotSaid, |role| RoleNotFound::NotListed { role })
            }
        },
        _ => return None,
    };
    let answer = match detail {
        RoleNotFound::NotSaid => Answer::unknown(Detail::RoleNotFound(detail)),
        _ => Answer::fail(Detail::RoleNotFound(detail)),
    };
    Some(match &binding.member {
        Some(member) => answer.member(member.reference()),
        None => answer,
    })
}

impl Words for RoleNotFound {
    fn message(&self, finding: &Finding) -> String {
        let title = finding.title();
        match self {
            Self::LoginOnly => "only an integrator login bears the integration's name".to_owned(),
            Self::NoneFound { names } if names.is_empty() => format!("no role was found for {title}"),
            Self::NoneFound { names } => {
                format!("no role was found for {title} (looked for {})", join_and(names))
            }
            Self::Named { name } => format!("{title} is bound to the role \"{name}\", which does not exist"),
            Self::NoMember => format!("{title} has no role, since no member serves it"),
            Self::NotListed { role } => {
                format!("the member of {title} holds role {role}, which the PSA does not list")
            }
            Self::NotSaid => format!("the PSA does not say which role the member of {title} holds"),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        match self {
            Self::LoginOnly | Self::NotSaid => None,
            _ => Some(format!(
                "System > Security Roles > +: make the role that `leastwise checklist --integration {} --new` prints",
                finding.integration_id()?
            )),
        }
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::NotListed { role } => Some(role.to_string()),
            _ => None,
        }
    }

    fn required(&self) -> Option<String> {
        match self {
            Self::Named { name } => Some(name.to_string()),
            _ => None,
        }
    }
}
