//! LW206: so much of a role is excess that listing it all would hide what matters.

use serde::{Deserialize, Serialize};

use super::detail::NoList;
use super::lw102_excessive_permission::without_needs;
use super::{Answer, Answers, Case, Check, CheckId, Detail as AnyDetail, Finding, RoleCase, Run, Words};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: CheckId::WideRole,
    name: "wide-role",
    severity: Severity::High,
    summary: "more than a quarter of all verbs of the role are in excess",
    clear: "no more than a quarter of the role is in excess",
    page: include_str!("../../docs/checks/lw206-wide-role.md"),
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
    ..Check::OF_PERMISSIONS
};

/// How much of a role is in excess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Verbs above need.
    pub excess: usize,
    /// Verbs that were compared.
    pub compared: usize,
    /// Verbs that the PSA offers and whose level was not understood.
    pub not_understood: usize,
    /// Whether that is more than a quarter; `None` where what was not understood decides.
    pub wide: Option<bool>,
}

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    case.api_members()?;
    case.all_members()?;
    if let Some(answer) = without_needs(role) {
        return Ok(vec![answer]);
    }
    let excesses = role.excesses(case)?;
    let detail = Detail {
        excess: excesses.certain().count(),
        compared: excesses.compared,
        not_understood: excesses.not_understood().count(),
        wide: excesses.is_wide(),
    };
    Ok(match detail.wide {
        // That little is surely in excess is no pass where nobody knows what is needed.
        Some(false) => no_list(role),
        Some(true) => vec![Answer::fail(AnyDetail::WideRole(detail))],
        None => vec![Answer::unknown(AnyDetail::WideRole(detail))],
    })
}

fn no_list(role: &RoleCase<'_>) -> Vec<Answer> {
    let own = role.bindings.iter().find_map(|binding| NoList::of(binding.rules));
    own.into_iter().map(|own| Answer::not_applicable(AnyDetail::NoList(own))).collect()
}

impl Words for Detail {
    fn message(&self, _finding: &Finding) -> String {
        let Self { excess, compared, not_understood, wide } = self;
        match wide {
            Some(true) => format!(
                "{excess} of {compared} permissions are in excess: the role was not made for what it serves"
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
                "System > Security Roles > +: make a new role with only what is needed rather than trimming {name}; `leastwise audit --all` lists every permission"
            )
        })
    }

    fn actual(&self) -> Option<String> {
        (self.wide == Some(true)).then(|| format!("{} of {}", self.excess, self.compared))
    }
}
