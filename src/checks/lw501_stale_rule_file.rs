//! LW501: a rule file whose source was not read for a year.

use super::{Case, Check, Draft, Found, Integration, Run};
use crate::model::Severity;
use crate::rules::STALE_AFTER_DAYS;

pub(super) static CHECK: Check = Check {
    id: "LW501",
    name: "stale-rule-file",
    severity: Severity::Info,
    summary: "the rule file's source was last read over 365 days ago",
    clear: "the rule file's source was read within a year",
    page: include_str!("../../docs/checks/lw501-stale-rule-file.md"),
    data: &[],
    run: Run::Integration(run),
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, integration: &Integration<'_>) -> Found {
    let limit = case.policy.checks.get(CHECK.id).and_then(|over| over.days).unwrap_or(STALE_AFTER_DAYS);
    let rules = integration.rules;
    let days = case.as_of.since(rules.read).map_or(0, |span| span.get_days());
    if i64::from(days) <= i64::from(limit) {
        return Ok(Vec::new());
    }
    Ok(vec![
        Draft::fail(format!("the source of {} was last read on {}, {days} days ago", rules.id, rules.read))
            .actual(rules.read)
            .fix(format!(
                "compare {} with the rule file, correct it, and set `read`",
                rules.source.as_deref().unwrap_or("the vendor's page")
            )),
    ])
}
