//! LW102: the role grants more than the integrations bound to it need.

use super::excess::{Excess, Unread};
use super::lw101_missing_permission::fix;
use super::{Binding, Case, Certainty, Check, Draft, Found, RoleCase, Run, lw206_wide_role};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW102",
    name: "excessive-permission",
    severity: Severity::Medium,
    summary: "the role grants more than the integrations bound to it need",
    clear: "the role grants nothing beyond what the integrations bound to it need",
    page: include_str!("../../docs/checks/lw102-excessive-permission.md"),
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    // Another integration's member, of whichever kind, may hold the role and need what looks like excess.
    case.api_members()?;
    case.all_members()?;
    if let Some(draft) = without_needs(role) {
        return Ok(vec![draft]);
    }
    let excesses = role.excesses(case)?;
    let folded =
        excesses.is_wide() == Some(true) && !case.all && !case.policy.is_off(lw206_wide_role::CHECK.id);
    let listed = excesses.above.iter().filter(|excess| !folded || excess.severity >= Severity::High);
    let mut drafts: Vec<_> = listed.map(|excess| finding(role, excess)).collect();
    if drafts.is_empty() && !excesses.above.is_empty() {
        let number = excesses.above.len();
        drafts.push(Draft::not_applicable(format!(
            "LW206 counts the {number} grants beyond need; none of them is critical or high"
        )));
    }
    if excesses.compared == 0 {
        drafts.push(Draft::unknown("no level of the role was understood, so nothing can be compared"));
    }
    drafts.extend(excesses.unread.iter().map(unread));
    Ok(drafts)
}

/// What to say of a role whose integrations' needs are not known: nothing can be in excess of them.
pub(super) fn without_needs(role: &RoleCase<'_>) -> Option<Draft> {
    if !role.serves_an_integration() {
        return Some(Draft::not_applicable(
            "no integration with a rule file is bound to the role, so what it needs is not known",
        ));
    }
    if let Some(binding) = role.bindings.iter().find(|binding| binding.rules.asks_admin()) {
        return Some(Draft::not_applicable(no_list(binding)));
    }
    let undecided = role.bindings.iter().find(|binding| binding.requirements.is_empty())?;
    let features: Vec<_> = undecided.rules.features.keys().map(String::as_str).collect();
    Some(
        Draft::manual(format!(
            "what {} needs depends on what it is used for, and no binding says so",
            undecided.rules.title()
        ))
        .fix(format!(
            "name the features in use in leastwise.toml, in the integration's table: features = [\"{}\"]",
            features.join("\", \"")
        )),
    )
}

/// Of an integration whose vendor asks for Admin.
pub(super) fn no_list(binding: &Binding<'_>) -> String {
    format!(
        "the vendor of {} asks for Admin and publishes no list, so what it needs is not known",
        binding.rules.title()
    )
}

fn finding(role: &RoleCase<'_>, excess: &Excess) -> Draft {
    let Excess { function, verb, actual, required, .. } = excess;
    let mut message =
        format!("{} = {actual} on {function} is beyond need; {required} is enough", verb.title());
    if let Some(unless) = &excess.unless {
        message = format!("{message}, unless {unless}");
    }
    let message = match &excess.doubt {
        Some(doubt) => format!("{message} as far as the source goes: {}", doubt.trim_end_matches('.')),
        None => message,
    };
    let is_certain = excess.unless.is_none() && excess.doubt.is_none();
    Draft::fail(message)
        .on(function.clone())
        .verb(*verb)
        .levels(actual, required)
        .severity(excess.severity)
        .certainty(if is_certain { Certainty::Certain } else { Certainty::Inferred })
        .fix(fix(role, function, *verb, *required))
        .line(excess.line)
}

fn unread(unread: &Unread) -> Draft {
    let Unread { function, verb, said, .. } = unread;
    let draft = if unread.not_offered {
        Draft::not_applicable(format!("{function} does not offer {} on this PSA", verb.title()))
    } else {
        Draft::unknown(format!("the level of {} on {function} was not understood: {said}", verb.title()))
    };
    draft.on(function.clone()).verb(*verb).actual(said).line(unread.line)
}
