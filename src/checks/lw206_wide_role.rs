//! LW206: so much of a role is beyond need that listing it all would hide what matters.

use super::lw102_excessive_permission::without_needs;
use super::{Case, Check, Draft, Found, RoleCase, Run};
use crate::model::{DatasetName, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW206",
    name: "wide-role",
    severity: Severity::High,
    summary: "more than a quarter of all verbs of the role are beyond need",
    clear: "no more than a quarter of the role is beyond need",
    page: include_str!("../../docs/checks/lw206-wide-role.md"),
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Role(run),
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    case.api_members()?;
    case.all_members()?;
    if let Some(draft) = without_needs(role) {
        return Ok(vec![draft]);
    }
    let excesses = role.excesses(case)?;
    let (above, compared) = (excesses.certain().count(), excesses.compared);
    Ok(match excesses.is_wide() {
        Some(false) => Vec::new(),
        Some(true) => vec![
            Draft::fail(format!("{above} of {compared} grants are beyond need: the role was not made for what it serves"))
                .actual(format!("{above} of {compared}"))
                .fix(format!(
                    "System > Security Roles > +: make a new role with only what is needed rather than trimming {}; `leastwise audit --all` lists every grant",
                    role.role.name
                )),
        ],
        None => vec![Draft::unknown(format!(
            "{above} of {compared} grants are beyond need, and {} more were not understood",
            excesses.not_understood().count()
        ))],
    })
}
