//! LW305: an integration runs on a person's licence.

use super::detail::NotAnApiMember;
use super::{
    Answer, Answers, Binding, BoundMember, Case, Certainty, Check, CheckId, Detail, Finding, How, Run, Words,
};
use crate::model::{DatasetName, Licence, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::NotAnApiMember,
    name: "not-an-api-member",
    severity: Severity::Medium,
    summary: "an integration runs on a person's licence",
    clear: "the integration runs on an API member",
    data: &[DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>, binding: &Binding<'_>, member: &BoundMember<'_>) -> Answers {
    case.all_members()?;
    let BoundMember::Person(person) = member else {
        return Ok(Vec::new());
    };
    let Some(class) = person.licence.as_ref().map(Licence::as_letter) else {
        return Ok(vec![Answer::unknown(Detail::NotAnApiMember(NotAnApiMember::NotSaid))]);
    };
    // Known by the role alone, it may be a person who should not hold it.
    let is_certain = person.identifier.is_some() || binding.how != How::Matched;
    let answer = Answer::fail(Detail::NotAnApiMember(NotAnApiMember::Person { class: class.to_string() }));
    Ok(vec![answer.certainty(if is_certain { Certainty::Certain } else { Certainty::Likely })])
}

impl Words for NotAnApiMember {
    fn message(&self, finding: &Finding) -> String {
        let id = finding.member.as_ref().map(|member| member.id.to_string()).unwrap_or_default();
        match self {
            Self::Person { class } => {
                format!(
                    "{} runs on member {id}, which has a person's licence (class {class})",
                    finding.title()
                )
            }
            Self::NotSaid => format!("the PSA does not say whose licence member {id} uses"),
        }
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        matches!(self, Self::Person { .. }).then(|| {
            "System > Members > API Members > +: make an API member with a role of its own, give the integration a key of it, test, then take the person's keys away".to_owned()
        })
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Person { class } => Some(class.clone()),
            Self::NotSaid => None,
        }
    }

    fn required(&self) -> Option<String> {
        matches!(self, Self::Person { .. }).then(|| "A".to_owned())
    }
}
