//! LW503: a key that was made long ago, as the config says.

use super::detail::KeyAge;
use super::{Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{Severity, days_between};

/// How old a key may be, without another word in the config.
const LIMIT_DAYS: u32 = 365;

pub(super) static CHECK: Check = Check {
    id: CheckId::KeyAge,
    name: "key-age",
    severity: Severity::Low,
    summary: "the key was made over 365 days ago, as leastwise.toml says",
    clear: "the key was made within a year, as leastwise.toml says",
    data: &[],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, binding: &Binding<'_>, _member: &BoundMember<'_>) -> Answers {
    let limit = case.policy.days(CheckId::KeyAge).unwrap_or(LIMIT_DAYS);
    let detail = |detail| Detail::KeyAge(detail);
    let Some(made) = binding.ownership.key_made else {
        return Ok(vec![Answer::not_applicable(detail(KeyAge::NotSaid))]);
    };
    let days = days_between(made, case.as_of);
    Ok(if days < 0 {
        vec![Answer::not_applicable(detail(KeyAge::Later { made }))]
    } else if i64::from(days) > i64::from(limit) {
        vec![Answer::fail(detail(KeyAge::Old { made, days, limit }))]
    } else {
        Vec::new()
    })
}

impl Words for KeyAge {
    fn message(&self, finding: &Finding) -> String {
        let member = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::Old { made, days, limit } => {
                format!("the key of {member} was made on {made}, {days} days ago (the limit is {limit} days)")
            }
            Self::NotSaid => {
                "leastwise.toml does not say when the key was made, and the API does not show it".to_owned()
            }
            Self::Later { made } => format!("the key was made on {made}, after the day of the audit"),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        matches!(self, Self::Old { .. }).then(|| {
            format!(
                "{} > API Keys: make a new key, type it into the vendor's console, test, delete the old one, and set `key_made`",
                finding.member_path()
            )
        })
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Old { made, .. } | Self::Later { made } => Some(made.to_string()),
            Self::NotSaid => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::super::testing::{Bench, binding, lines, role, rule_file};
    use super::super::{BoundMember, Subject};
    use super::{CHECK, run};
    use crate::model::{Member, MemberId};
    use crate::policy::Ownership;

    fn judged(made: Option<Date>) -> String {
        let bench = Bench::new(Vec::new());
        let (rules, role) =
            (rule_file("a", "[needs.Companies]\nContacts = { inquire = \"All\" }\n"), role("A"));
        let mut binding = binding(&rules, &role);
        binding.ownership = Ownership { key_made: made, ..Ownership::default() };
        let member = Member { active: Some(true), ..Member::new(MemberId(7)) };
        let answers = run(&bench.case(), &binding, &BoundMember::Person(&member)).expect("answers");
        lines(&CHECK, &Subject::default(), answers).join("\n")
    }

    #[test]
    fn exactly_a_year_is_not_old() {
        assert_eq!(judged(Some(date(2025, 11, 22))), "");
        assert!(judged(Some(date(2025, 11, 21))).starts_with("fail certain -: the key of"));
        assert!(judged(Some(date(2026, 11, 22))).is_empty());
    }

    #[test]
    fn what_is_not_written_down_is_neither_old_nor_young() {
        assert!(judged(None).starts_with("notApplicable"));
        assert!(judged(Some(date(2026, 11, 23))).starts_with("notApplicable"));
    }
}
