//! LW309: an active API member that nothing accounts for.

use super::detail::UnboundMember;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{ApiMember, DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::UnboundMember,
    name: "unbound-member",
    severity: Severity::Medium,
    summary: "an active API member that no binding and no rule file accounts for",
    clear: "a binding or a rule file accounts for the member",
    data: &[DatasetName::ApiMembers, DatasetName::Roles],
    run: Run::Member(run),
    varies: true,
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>, member: &ApiMember) -> Answers {
    case.roles()?; // a rule file may account for the member through its role's name
    if case.is_bound(member.id) {
        return Ok(Vec::new());
    }
    Ok(vec![match member.active {
        Some(false) => Answer::not_applicable(Detail::UnboundMember(UnboundMember::Inactive)),
        None => Answer::unknown(Detail::UnboundMember(UnboundMember::NotSaid)),
        Some(true) => {
            let summary = member.role.and_then(|role| case.summaries.get(&role));
            let powers: Vec<_> = summary.map(|summary| summary.dangerous().collect()).unwrap_or_default();
            let severity = if powers.is_empty() { CHECK.severity } else { Severity::Critical };
            Answer::fail(Detail::UnboundMember(UnboundMember::Active { powers })).severity(severity)
        }
    }])
}

impl Words for UnboundMember {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::Active { powers } => {
                let name = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
                let can = powers.iter().map(|power| power.board_words()).collect::<Vec<_>>();
                let can =
                    if can.is_empty() { String::new() } else { format!("; its key {}", join_and(&can)) };
                format!("nobody knows what uses \"{name}\": no binding and no rule file names it{can}")
            }
            Self::Inactive => "the member is inactive".to_owned(),
            Self::NotSaid => "the PSA does not say whether the member is active".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        matches!(self, Self::Active { .. }).then(|| {
            format!(
                "find out what uses it ({} > API Logs); bind it in leastwise.toml, or set it inactive",
                finding.member_path()
            )
        })
    }
}
