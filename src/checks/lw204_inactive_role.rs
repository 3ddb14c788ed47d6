//! LW204: a member that serves an integration holds an inactive role.

use super::detail::InactiveRole;
use super::{Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::InactiveRole,
    name: "inactive-role",
    severity: Severity::High,
    summary: "a bound member holds an inactive role",
    clear: "the role is active",
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>, binding: &Binding<'_>, _member: &BoundMember<'_>) -> Answers {
    case.roles()?;
    Ok(match binding.role.map(|role| role.active) {
        None => vec![Answer::not_applicable(Detail::InactiveRole(InactiveRole::NoRole))],
        Some(Some(true)) => Vec::new(),
        Some(Some(false)) => vec![Answer::fail(Detail::InactiveRole(InactiveRole::Inactive))],
        Some(None) => vec![Answer::unknown(Detail::InactiveRole(InactiveRole::NotSaid))],
    })
}

impl Words for InactiveRole {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::Inactive => {
                let name = finding.role.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{} runs on the role \"{name}\", which is inactive", finding.title())
            }
            Self::NoRole => "the member holds no role that the PSA lists (LW203)".to_owned(),
            Self::NotSaid => "the PSA does not say whether the role is active".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        matches!(self, Self::Inactive).then(|| {
            format!(
                "if it is still wanted: {}: clear Inactive, then Save; or give the member an active role",
                finding.role_path()
            )
        })
    }

    fn actual(&self) -> Option<String> {
        matches!(self, Self::Inactive).then(|| "inactive".to_owned())
    }

    fn required(&self) -> Option<String> {
        matches!(self, Self::Inactive).then(|| "active".to_owned())
    }
}
