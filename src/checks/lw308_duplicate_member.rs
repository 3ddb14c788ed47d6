//! LW308: more than one active API member serves the same integration. One finding for each further member.

use super::detail::DuplicateMember;
use super::{Answer, Answers, BoundMember, Case, Check, CheckId, Detail, Finding, Integration, Run, Words};
use crate::model::{DatasetName, MemberRef, Name, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::DuplicateMember,
    name: "duplicate-member",
    severity: Severity::Medium,
    summary: "more than one active API member serves the same integration",
    clear: "no more than one active API member serves the integration",
    data: &[DatasetName::ApiMembers],
    run: Run::Integration(run),
    of_holder: true,
    ..Check::OF_INTEGRATION
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Answers {
    case.api_members()?;
    let members = integration.bindings.iter().filter_map(|binding| match &binding.member {
        Some(BoundMember::Api(member)) => Some(*member),
        _ => None,
    });
    let mut active: Vec<_> = members.clone().filter(|member| member.active == Some(true)).collect();
    active.sort_by_key(|member| member.id);
    active.dedup_by_key(|member| member.id);
    let unsure = members.filter(|member| member.active.is_none()).count();
    if active.len() < 2 {
        let unsure = active.len() + unsure > 1;
        let not_said = || Answer::unknown(Detail::DuplicateMember(DuplicateMember::NotSaid));
        return Ok(if unsure { vec![not_said()] } else { Vec::new() });
    }
    let first: Name = MemberRef::from(active[0]).to_string().into();
    let further = |member| {
        let detail = DuplicateMember::Beside { first: Name::clone(&first) };
        Answer::fail(Detail::DuplicateMember(detail)).member(MemberRef::shared(member))
    };
    Ok(active.into_iter().skip(1).map(further).collect())
}

impl Words for DuplicateMember {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::Beside { first } => {
                let name = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{name} and {first} are both active for {}", finding.title())
            }
            Self::NotSaid => {
                "the PSA does not say whether all members of the integration are active".to_owned()
            }
        }
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        matches!(self, Self::Beside { .. }).then(|| {
            "find out whose key is in use (System > Members > API Members > … > API Logs), then set the other inactive".to_owned()
        })
    }
}
