//! LW102: the role gives more than the integrations bound to it need.

use super::detail::ExcessivePermission;
use super::lw101_missing_permission::set_level;
use super::{Answer, Answers, Case, Certainty, Check, CheckId, Detail, Finding, RoleCase, Run, Words};
use crate::access::{Doubt, Excess, Granted, Unread};
use crate::model::{DatasetName, Severity, Verb};

pub(super) static CHECK: Check = Check {
    id: CheckId::ExcessivePermission,
    name: "excessive-permission",
    severity: Severity::Medium,
    summary: "the role grants more than the integrations bound to it need",
    clear: "the role grants nothing beyond what the integrations bound to it need",
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
    varies: true,
    ..Check::OF_PERMISSIONS
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    // Another integration's member, of whichever kind, may hold the role and need what looks like excess.
    case.api_members()?;
    case.all_members()?;
    if let Some(answer) = without_needs(role) {
        return Ok(vec![answer]);
    }
    let excesses = role.excesses(case)?;
    let is_folded = excesses.is_wide() == Some(true) && !case.all && !case.policy.is_off(CheckId::WideRole);
    let listed = excesses.above.iter().filter(|excess| !is_folded || excess.is_listed_in_wide_role());
    let mut answers: Vec<_> = listed.map(finding).collect();
    if answers.is_empty() && !excesses.above.is_empty() {
        let detail = ExcessivePermission::Folded { number: excesses.above.len() };
        answers.push(Answer::not_applicable(Detail::ExcessivePermission(detail)));
    }
    if excesses.compared == 0 && excesses.may_be_needed().next().is_none() {
        answers.push(Answer::unknown(Detail::ExcessivePermission(ExcessivePermission::NothingCompared)));
    }
    answers.extend(excesses.unread.iter().map(unread));
    answers.extend(role.undecided().map(super::lw101_missing_permission::undecided));
    Ok(answers)
}

/// What to say of a role that no integration is known to need anything of.
pub(super) fn without_needs(role: &RoleCase<'_>) -> Option<Answer> {
    let detail = Detail::ExcessivePermission(ExcessivePermission::NoIntegration);
    (!role.serves_an_integration()).then(|| Answer::not_applicable(detail))
}

fn finding(excess: &Excess) -> Answer {
    let Excess { granted, required, doubt, powers, .. } = excess;
    let detail = ExcessivePermission::Excess {
        granted: *granted,
        required: *required,
        doubt: doubt.clone(),
        powers: powers.clone(),
    };
    Answer::fail(Detail::ExcessivePermission(detail))
        .on(excess.function.clone())
        .verb(excess.verb)
        .severity(excess.severity)
        .certainty(doubt.as_deref().map_or(Certainty::Certain, certainty))
        .line(excess.line)
}

const fn certainty(doubt: &Doubt) -> Certainty {
    match doubt {
        Doubt::SharedName { .. } => Certainty::Likely,
        _ => Certainty::Inferred,
    }
}

fn unread(unread: &Unread) -> Answer {
    let Unread { function, verb, granted, line } = unread;
    let answer = match granted {
        Granted::NotOffered => {
            Answer::not_applicable(Detail::ExcessivePermission(ExcessivePermission::NotUnderstood {
                granted: granted.clone(),
            }))
        }
        Granted::Level(level) => {
            Answer::unknown(Detail::ExcessivePermission(ExcessivePermission::MayBeNeeded { granted: *level }))
        }
        _ => Answer::unknown(Detail::ExcessivePermission(ExcessivePermission::NotUnderstood {
            granted: granted.clone(),
        })),
    };
    answer.on(function.clone()).verb(*verb).line(*line)
}

impl Words for ExcessivePermission {
    fn message(&self, finding: &Finding) -> String {
        let function = finding.function.as_ref().map(ToString::to_string).unwrap_or_default();
        let verb = finding.verb.map_or("", Verb::title);
        match self {
            Self::Excess { granted, required, doubt: None, .. } => {
                format!("{verb} = {granted} on {function} is more than is needed; {required} is enough")
            }
            Self::Excess { granted, doubt: Some(doubt), .. } => match &**doubt {
                Doubt::SharedName { .. } => {
                    format!("{verb} = {granted} on {function} is more than is needed, if {doubt}")
                }
                _ => format!("{verb} = {granted} on {function} is more than is known to be needed: {doubt}"),
            },
            Self::NotUnderstood { granted: Granted::NotOffered } => {
                format!("{function} does not offer {verb} on this PSA")
            }
            Self::NotUnderstood { granted } => {
                format!("the level of {verb} on {function} was not understood: {granted}")
            }
            Self::MayBeNeeded { granted } => format!(
                "{verb} = {granted} on {function}, which leastwise does not know: it may be a needed row under another name"
            ),
            Self::NoIntegration => {
                "no integration with a rule file is bound to the role, so what it needs is not known"
                    .to_owned()
            }
            Self::Folded { number } => {
                format!(
                    "LW206 counts the {number} permissions in excess; none of them is critical or dangerous"
                )
            }
            Self::NothingCompared => {
                "no level of the role was understood, so nothing can be compared".to_owned()
            }
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        match self {
            Self::Excess { required, doubt, .. } => Some(match doubt.as_deref() {
                None | Some(Doubt::SharedName { .. }) => set_level(finding, *required),
                Some(doubt) => format!("{}: {}", doubt.advice(), set_level(finding, *required)),
            }),
            Self::MayBeNeeded { .. } => Some(format!(
                "do not change it, and send the project the function's name as the PSA shows it (`leastwise survey --with-function-names` prints it): {}",
                finding.row_path()
            )),
            _ => None,
        }
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Excess { granted, .. } | Self::MayBeNeeded { granted } => Some(granted.to_string()),
            Self::NotUnderstood { granted } => Some(granted.to_string()),
            _ => None,
        }
    }

    fn required(&self) -> Option<String> {
        match self {
            Self::Excess { required, .. } => Some(required.to_string()),
            _ => None,
        }
    }
}
