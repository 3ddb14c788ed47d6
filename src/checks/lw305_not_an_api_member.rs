//! LW305: an integration runs on a person's licence.

use super::{Binding, BoundMember, Case, Certainty, Check, Draft, Found, How, Run};
use crate::model::{DatasetName, Licence, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW305",
    name: "not-an-api-member",
    severity: Severity::Medium,
    summary: "an integration runs on a person's licence",
    clear: "the integration runs on an API member",
    page: include_str!("../../docs/checks/lw305-not-an-api-member.md"),
    data: &[DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Bound(run),
};

fn run(case: &Case<'_>, binding: &Binding<'_>, member: &BoundMember<'_>) -> Found {
    case.all_members()?;
    let BoundMember::Person(person) = member else {
        return Ok(Vec::new());
    };
    let Some(licence) = person.licence.as_ref().map(Licence::as_letter) else {
        return Ok(vec![Draft::unknown(format!(
            "the PSA does not say whose licence member {} uses",
            person.id
        ))]);
    };
    Ok(vec![
        Draft::fail(format!(
            "{} runs on member {}, which has a person's licence (class {licence})",
            binding.rules.title(),
            person.id
        ))
        .actual(licence)
        .required("A")
        // Known by the role alone, it may be a person who should not hold it.
        .certainty(if person.identifier.is_some() || binding.how != How::Matched { Certainty::Certain } else { Certainty::Likely })
        .fix("System > Members > API Members > +: make an API member with its role, give the integration a key of it, then take the person's keys away"),
    ])
}
