//! LW502: a key that no review has decided about in time, or whose decision lapsed, or that nobody answers for.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::detail::review_overdue::{ReviewOverdue, Why};
use super::reviewed::{access_digest, decided};
use super::{Answer, Answers, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{DatasetName, MemberId, RoleRef, Severity, days_between};
use crate::policy::Policy;
use crate::policy::review::{Decided, State, Subject, Word};
use crate::term::text::join_and;

/// How old a decision may be, without another word in the config.
const LIMIT_DAYS: u32 = 90;

pub(super) static CHECK: Check = Check {
    id: CheckId::ReviewOverdue,
    name: "review-overdue",
    severity: Severity::Low,
    summary: "no review has decided about a key in time, or nobody answers for it",
    clear: "somebody answers for each key, and a review has decided about it in time",
    data: &[DatasetName::ApiMembers, DatasetName::Roles, DatasetName::Settings, DatasetName::MemberUse],
    run: Run::Tenant(run),
    varies: true,
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>) -> Answers {
    case.roles()?;
    case.api_members()?;
    let mut members: BTreeMap<MemberId, BoundMember<'_>> =
        case.members.iter().map(|member| (member.id, BoundMember::Api(member))).collect();
    let bound = case.integrations.iter().flat_map(|integration| &integration.bindings);
    for member in bound.filter_map(|binding| binding.member) {
        members.entry(member.id()).or_insert(member);
    }
    Ok(members.values().filter_map(|member| of_member(case, member)).collect())
}

fn of_member(case: &Case<'_>, member: &BoundMember<'_>) -> Option<Answer> {
    if member.active() == Some(false) {
        return None;
    }
    let reference = member.reference();
    let has_owner =
        case.bindings.of_member(reference.id).iter().any(|binding| binding.ownership.owner.is_some());
    let place = |answer: Answer| match member.role().and_then(|id| case.tenant.role(id)) {
        Some(role) => answer.member(reference.clone()).role(RoleRef::shared(role)),
        None => answer.member(reference.clone()),
    };
    let decided = decided(case, Subject::Member(reference.id), access_digest(case, member).as_deref());
    if let Some(Decided { answer, state: State::NotRead }) = &decided {
        let on = answer.date;
        return Some(place(Answer::unknown(Detail::ReviewOverdue(ReviewOverdue::NotRead { on }))));
    }
    let mut why: Vec<_> =
        Why::of(decided.as_ref(), review_days(case.policy), case.as_of).into_iter().collect();
    if !has_owner {
        why.push(Why::NoOwner);
    }
    if why.is_empty() {
        return None;
    }
    let dangerous =
        member.role().and_then(|role| case.summaries.get(&role)).is_some_and(super::Summary::is_dangerous);
    let severity = if dangerous { Severity::Medium } else { CHECK.severity };
    Some(place(Answer::fail(Detail::ReviewOverdue(ReviewOverdue::Due(why))).severity(severity)))
}

/// How many days a decision counts for.
#[must_use]
pub fn review_days(policy: &Policy) -> u32 {
    policy.days(CheckId::ReviewOverdue).unwrap_or(LIMIT_DAYS)
}

impl Words for ReviewOverdue {
    fn message(&self, finding: &Finding) -> String {
        let member = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::NotRead { on } => format!(
                "what {member} may do could not be read in full, so whether the decision of {on} still holds is not known"
            ),
            Self::Due(why) => {
                let why: Vec<_> = why.iter().map(Why::sentence).collect();
                format!("the key of {member} is due for a review: {}", join_and(&why))
            }
        }
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        let Self::Due(why) = self else { return None };
        let mut fixes = Vec::new();
        if why.iter().any(|why| *why != Why::NoOwner) {
            fixes.push(
                "leastwise review --format toml -o reviews/NAME.toml writes the blanks: decide, and merge the file",
            );
        }
        if why.contains(&Why::NoOwner) {
            fixes.push("write `owner` into the integration's table of leastwise.toml");
        }
        Some(fixes.join("; "))
    }
}

impl Why {
    /// Why a key that is not switched off is due on a day, by the latest decision about it; `None` where it is not.
    fn of(decided: Option<&Decided>, limit: u32, as_of: Date) -> Option<Self> {
        let Some(Decided { answer, state }) = decided else { return Some(Self::Never) };
        let on = answer.date;
        let days = days_between(on, as_of);
        let is_late = answer.due.is_some_and(|due| as_of > due);
        match (state, answer.word) {
            (State::NotRead, _) => None,
            (State::Lapsed, _) => Some(Self::Lapsed { on }),
            (State::RanOut, _) => Some(Self::RanOut { on }),
            (State::Holds, Word::DontKnow) => Some(Self::DontKnow { on }),
            // The access is as it was seen, so that nothing was done.
            (State::Holds, word) if !word.accepts() && is_late => Some(Self::NotDone { word, on }),
            (State::Holds, _) => (i64::from(days) > i64::from(limit)).then_some(Self::Old { days, limit }),
        }
    }

    /// Why the key of a review is due.
    #[must_use]
    pub fn of_key(decided: Option<&Decided>, policy: &Policy, as_of: Date) -> Option<Self> {
        Self::of(decided, review_days(policy), as_of)
    }

    /// In words, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Never => "no decision is written down".to_owned(),
            Self::Lapsed { on } => format!("what it may do has changed since the decision of {on}"),
            Self::RanOut { on } => format!("the decision of {on} has run out"),
            Self::DontKnow { on } => format!("on {on} nobody knew whether it is wanted"),
            Self::NotDone { word, on } => {
                format!("the decision of {on} ({}) was not carried out in time", word.as_str())
            }
            Self::Old { days, limit } => {
                format!("the last decision is {days} days old (the limit is {limit} days)")
            }
            Self::NoOwner => "no owner is named".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::Why;
    use crate::policy::review::{Answer, Decided, State, Word};

    const ON: Date = date(2026, 1, 1);

    fn why(word: Word, state: State, due: Option<Date>, as_of: Date) -> Option<Why> {
        let answer =
            Answer { word, reason: "r".to_owned(), reviewer: "n".to_owned(), date: ON, ticket: None, due };
        Why::of(Some(&Decided { answer, state }), 90, as_of)
    }

    #[test]
    fn exactly_at_the_limit_is_not_due() {
        assert_eq!(why(Word::Keep, State::Holds, None, date(2026, 4, 1)), None);
        let old = Why::Old { days: 91, limit: 90 };
        assert_eq!(why(Word::Keep, State::Holds, None, date(2026, 4, 2)), Some(old));
    }

    #[test]
    fn what_was_to_be_done_is_due_after_its_day() {
        let due = Some(date(2026, 1, 9));
        for word in [Word::Change, Word::Disable, Word::Remove] {
            assert_eq!(why(word, State::Holds, due, date(2026, 1, 9)), None);
            let late = Some(Why::NotDone { word, on: ON });
            assert_eq!(why(word, State::Holds, due, date(2026, 1, 10)), late);
        }
    }

    #[test]
    fn whatever_does_not_decide_is_due_at_once() {
        assert_eq!(Why::of(None, 90, ON), Some(Why::Never));
        assert_eq!(why(Word::DontKnow, State::Holds, None, ON), Some(Why::DontKnow { on: ON }));
        for word in Word::ALL {
            assert_eq!(why(word, State::Lapsed, None, ON), Some(Why::Lapsed { on: ON }));
            assert_eq!(why(word, State::RanOut, None, ON), Some(Why::RanOut { on: ON }));
            assert_eq!(why(word, State::NotRead, None, ON), None, "nobody knows");
        }
    }
}
