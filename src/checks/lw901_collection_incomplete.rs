//! LW901: a dataset could not be read in full. Always unknown, never a finding.

use super::{Case, Check, Draft, Found, Run};
use crate::model::{DatasetName, Gap, Severity};

pub(super) static CHECK: Check = Check {
    id: "LW901",
    name: "collection-incomplete",
    severity: Severity::Info,
    summary: "a dataset could not be read in full",
    clear: "every dataset that was asked for was read in full",
    page: include_str!("../../docs/checks/lw901-collection-incomplete.md"),
    data: &[],
    run: Run::Tenant(run),
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>) -> Found {
    let mut drafts = Vec::new();
    for (name, rows) in case.tenant.datasets() {
        if let Err(gap) = rows
            && case.wanted.contains(&name)
        {
            drafts.push(missing(gap));
        }
    }
    for (&role, summary) in case.summaries {
        if let Err(gap) = &summary.rows
            && case.wanted.contains(&DatasetName::Settings)
        {
            let draft = missing(gap);
            drafts.push(match case.tenant.role(role) {
                Some(role) => draft.role(role),
                None => draft,
            });
        }
    }
    Ok(drafts)
}

fn missing(gap: &Gap) -> Draft {
    Draft::unknown(gap.to_string()).dataset(gap.dataset).fix(gap.fix())
}
