//! LW206: so much of a role is excess that listing it all would hide what matters.

use super::detail::{NoList, WideRole};
use super::lw102_excessive_permission::without_needs;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, RoleCase, Run, Words};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::WideRole,
    name: "wide-role",
    severity: Severity::High,
    summary: "more than a quarter of all verbs of the role are in excess",
    clear: "no more than a quarter of the role is in excess",
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
    ..Check::OF_PERMISSIONS
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    case.api_members()?;
    case.all_members()?;
    if let Some(answer) = without_needs(role) {
        return Ok(vec![answer]);
    }
    let excesses = role.excesses(case)?;
    let detail = WideRole {
        excess: excesses.certain().count(),
        compared: excesses.compared,
        not_understood: excesses.not_understood().count(),
        wide: excesses.is_wide(),
    };
    Ok(match detail.wide {
        // That little is surely in excess is no pass where nobody knows what is needed.
        Some(false) => no_list(role),
        Some(true) => vec![Answer::fail(Detail::WideRole(detail))],
        None => vec![Answer::unknown(Detail::WideRole(detail))],
    })
}

fn no_list(role: &RoleCase<'_>) -> Vec<Answer> {
    let own = role.bindings.iter().find_map(|binding| NoList::of(binding.rules));
    own.into_iter().map(|own| Answer::not_applicable(Detail::NoList(Box::new(own)))).collect()
}

impl Words for WideRole {
    fn message(&self, _finding: &Finding) -> String {
        let Self { excess, compared, not_understood, wide } = self;
        match wide {
            Some(true) => format!(
                "{excess} of {compared} permissions are in excess: the role was made for another purpose"
            ),
            _ => format!(
                "{excess} of {compared} permissions are in excess, and {not_understood} more were not understood"
            ),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let name = finding.role.as_ref().map_or_else(|| "it".to_owned(), ToString::to_string);
        (self.wide == Some(true)).then(|| {
            format!(
                "System > Security Roles > +: make a new role with only what is needed, and do not correct {name}; `leastwise audit --all` lists every permission"
            )
        })
    }

    fn actual(&self) -> Option<String> {
        (self.wide == Some(true)).then(|| format!("{} of {}", self.excess, self.compared))
    }
}
