//! LW301: an integration is expected, and there is no API member for it.

use super::detail::MemberNotFound;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, How, Integration, Run, Words};
use crate::model::{DatasetName, RoleRef, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::MemberNotFound,
    name: "member-not-found",
    severity: Severity::High,
    summary: "there is no API member for an integration that is expected",
    clear: "the integration has a member",
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Integration(run),
    ..Check::OF_INTEGRATION
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Answers {
    if !integration.expected {
        return Ok(vec![Answer::not_applicable(Detail::MemberNotFound(MemberNotFound::LoginOnly))]);
    }
    // Whom the config or a rule file names can be looked up in these lists alone.
    case.roles()?;
    case.api_members()?;
    let served = integration.bindings.iter().any(|binding| binding.member.is_some());
    let without = integration.bindings.iter().filter(|binding| binding.member.is_none());
    let declared: Vec<_> = without.filter(|binding| binding.how != How::Matched).collect();
    if served && declared.is_empty() {
        return Ok(Vec::new());
    }
    case.all_members()?;
    let missing = |detail| Answer::fail(Detail::MemberNotFound(detail));
    let mut answers: Vec<_> = declared
        .iter()
        .filter(|binding| binding.member_name.is_none())
        .filter_map(|binding| Some(missing(MemberNotFound::BoundRole).role(RoleRef::shared(binding.role?))))
        .collect();
    let names: Vec<_> = declared.iter().filter_map(|binding| binding.member_name.clone()).collect();
    if !names.is_empty() {
        answers.push(missing(MemberNotFound::Named { names }));
    }
    if answers.is_empty() {
        answers.push(match integration.bindings.iter().find_map(|binding| binding.role) {
            Some(role) => missing(MemberNotFound::RoleOnly).role(RoleRef::shared(role)),
            None => missing(MemberNotFound::NoneFound),
        });
    }
    Ok(answers)
}

impl Words for MemberNotFound {
    fn message(&self, finding: &Finding) -> String {
        let title = finding.title();
        let role = finding.role.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::LoginOnly => "only an integrator login bears the integration's name".to_owned(),
            Self::Named { names } => {
                let verb = if names.len() == 1 { "does" } else { "do" };
                let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
                format!("{title} is bound to the member {}, which {verb} not exist", join_and(&names))
            }
            Self::BoundRole => format!("{title} is bound to the role \"{role}\", which no member holds"),
            Self::RoleOnly => format!("the role \"{role}\" of {title} exists, but no API member holds it"),
            Self::NoneFound => format!("no API member was found for {title}"),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        (*self != Self::LoginOnly).then(|| {
            format!(
                "System > Members > API Members > +: make one for {} and choose its role under Role ID; if there is one under another name, bind it in leastwise.toml",
                finding.title()
            )
        })
    }
}
