//! LW501: a rule file whose source was not read for a year.

use super::detail::StaleRuleFile;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Integration, Run, Words};
use crate::model::Severity;
use crate::rules::STALE_AFTER_DAYS;

pub(super) static CHECK: Check = Check {
    id: CheckId::StaleRuleFile,
    name: "stale-rule-file",
    severity: Severity::Info,
    summary: "the rule file's source was last read over 365 days ago",
    clear: "the rule file's source was read within a year",
    data: &[],
    run: Run::Integration(run),
    ..Check::OF_INTEGRATION
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, integration: &Integration<'_>) -> Answers {
    let limit = case.policy.days(CheckId::StaleRuleFile).unwrap_or(STALE_AFTER_DAYS);
    let rules = integration.rules;
    let days = case.as_of.since(rules.read).map_or(0, |span| span.get_days());
    if i64::from(days) <= i64::from(limit) {
        return Ok(Vec::new());
    }
    let detail = StaleRuleFile { read: rules.read, days, source: rules.source.clone() };
    Ok(vec![Answer::fail(Detail::StaleRuleFile(detail))])
}

impl Words for StaleRuleFile {
    fn message(&self, finding: &Finding) -> String {
        let id = finding.integration_id().unwrap_or_default();
        format!("the source of {id} was last read on {}, {} days ago", self.read, self.days)
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        let source = self.source.as_deref().unwrap_or("the vendor's page");
        Some(format!("compare {source} with the rule file, correct it, and set `read`"))
    }

    fn actual(&self) -> Option<String> {
        Some(self.read.to_string())
    }
}
