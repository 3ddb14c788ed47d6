//! LW303: the bound member is inactive.

use super::detail::InactiveMember;
use super::{Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::InactiveMember,
    name: "inactive-member",
    severity: Severity::High,
    summary: "the bound member is inactive",
    clear: "the member is active",
    data: &[DatasetName::ApiMembers],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(_case: &Case<'_>, _binding: &Binding<'_>, member: &BoundMember<'_>) -> Answers {
    Ok(match member.active() {
        Some(true) => Vec::new(),
        None => vec![Answer::unknown(Detail::InactiveMember(InactiveMember::NotSaid))],
        Some(false) => vec![Answer::fail(Detail::InactiveMember(InactiveMember::Inactive))],
    })
}

impl Words for InactiveMember {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::Inactive => {
                format!("{}: its API member is inactive, so its keys cannot sign in", finding.title())
            }
            Self::NotSaid => "the PSA does not say whether the member is active".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        (*self == Self::Inactive).then(|| {
            format!(
                "if it is still wanted: {}: show inactive members, clear Inactive, then Save; or bind the member that is in use. If not: leave it inactive",
                finding.member_path()
            )
        })
    }

    fn actual(&self) -> Option<String> {
        (*self == Self::Inactive).then(|| "inactive".to_owned())
    }

    fn required(&self) -> Option<String> {
        (*self == Self::Inactive).then(|| "active".to_owned())
    }
}
