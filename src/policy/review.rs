//! Reviews: what people decided about keys, one file of `reviews/` for each review.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::model::{MemberId, TenantId, days_between};

/// After so many days a decision to keep a key holds no longer, as no waiver holds longer either.
pub const MOST_DAYS: i32 = 365;

/// What was decided about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Its access is appropriate.
    Keep,
    /// Its access is to be another.
    Change,
    /// It is to be set inactive.
    Disable,
    /// It is to be taken away.
    Remove,
    /// Its access is accepted until a day.
    AcceptUntil,
    /// Whoever was asked does not know.
    DontKnow,
}

impl Word {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Keep, Self::Change, Self::Disable, Self::Remove, Self::AcceptUntil, Self::DontKnow];

    /// The word of files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Disable => "disable",
            Self::Remove => "remove",
            Self::AcceptUntil => "accept-until",
            Self::DontKnow => "dont-know",
        }
    }

    /// Whether it says that the access may stay as it was seen.
    #[must_use]
    pub const fn accepts(self) -> bool {
        matches!(self, Self::Keep | Self::AcceptUntil)
    }
}

/// Which key was decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// The keys of a member.
    Member(MemberId),
    /// An integrator login.
    Login(i64),
}

impl Subject {
    /// As a review's file names it: "member_id = 251".
    #[must_use]
    pub fn setting(self) -> String {
        match self {
            Self::Member(id) => format!("member_id = {id}"),
            Self::Login(id) => format!("login_id = {id}"),
        }
    }
}

/// One `[[decision]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which PSA, where the file says so.
    pub tenant: Option<TenantId>,
    /// Which key.
    pub subject: Subject,
    /// The digest of the access that was seen.
    pub digest: String,
    /// What was decided; `None` for a blank, which is not reviewed.
    pub answer: Option<Answer>,
    /// Where it stands.
    pub place: Place,
}

/// What was decided, by whom and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What.
    pub word: Word,
    /// Why.
    pub reason: String,
    /// Who.
    pub reviewer: String,
    /// On which day.
    pub date: Date,
    /// The ticket.
    pub ticket: Option<String>,
    /// By which day it is to be done; of what is accepted, the last day.
    pub due: Option<Date>,
}

/// One `[[closed]]`: a snapshot showed that a decision was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Which key.
    pub subject: Subject,
    /// The day of the decision.
    pub date: Date,
    /// The digest of the snapshot that showed it.
    pub snapshot: String,
}

/// What a decision is worth on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// The access is as it was seen.
    Holds,
    /// The access has changed since.
    Lapsed,
    /// Its time is over.
    RanOut,
    /// The access could not be read in full, so nobody knows whether it is as it was.
    NotRead,
}

/// The latest decision about a key, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What was decided.
    pub answer: Answer,
    /// What it is worth on the day of the audit.
    pub state: State,
}

impl Decided {
    /// Whether the access is accepted as it is.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.state == State::Holds && self.answer.word.accepts()
    }
}

/// What the config and its folder of reviews say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviews {
    /// `[review] required`: whether a key without a decision is a finding.
    pub required: bool,
    /// Whether somebody is going to look at the digests of access, which take time to make.
    pub wanted: bool,
    /// Every decision, in order of file and line.
    pub decisions: Vec<Decision>,
}

impl Reviews {
    /// Whether the digests of access are needed.
    #[must_use]
    pub const fn need_digests(&self) -> bool {
        self.required || self.wanted || !self.decisions.is_empty()
    }

    /// The latest decision about a key up to a day, and what it is worth: `digest` is that of the key's access.
    #[must_use]
    pub fn decided(
        &self,
        tenant: &TenantId,
        subject: Subject,
        digest: Option<&str>,
        as_of: Date,
    ) -> Option<Decided> {
        let own = self.decisions.iter().filter(|own| {
            own.subject == subject && own.tenant.as_ref().is_none_or(|other| other.is_same(tenant))
        });
        let answers = own.filter_map(|own| Some((own, own.answer.as_ref()?)));
        // Of several of one day the last counts: files only grow.
        let (decision, answer) =
            answers.filter(|(_, answer)| answer.date <= as_of).max_by_key(|(_, answer)| answer.date)?;
        Some(Decided { answer: answer.clone(), state: state(decision, answer, digest, as_of) })
    }
}

fn state(decision: &Decision, answer: &Answer, digest: Option<&str>, as_of: Date) -> State {
    let Some(digest) = digest else { return State::NotRead };
    let age = days_between(answer.date, as_of);
    if !decision.digest.eq_ignore_ascii_case(digest) {
        State::Lapsed
    } else if answer.word == Word::Keep && age > MOST_DAYS
        || answer.word == Word::AcceptUntil && answer.due.is_none_or(|due| as_of > due)
    {
        State::RanOut
    } else {
        State::Holds
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{Answer, Decision, Reviews, State, Subject, Word};
    use crate::model::{MemberId, TenantId};
    use crate::policy::Place;

    fn tenant(company: &str) -> TenantId {
        TenantId { site: "na.example".to_owned(), company: company.to_owned() }
    }

    fn decision(word: Word, on: Date, due: Option<Date>) -> Decision {
        let answer =
            Answer { word, reason: "r".to_owned(), reviewer: "n".to_owned(), date: on, ticket: None, due };
        Decision {
            tenant: Some(tenant("acme")),
            subject: Subject::Member(MemberId(7)),
            digest: "AB".to_owned(),
            answer: Some(answer),
            place: Place { file: "r.toml".to_owned(), line: 1 },
        }
    }

    fn state_of(decision: Decision, digest: Option<&str>, as_of: Date) -> Option<State> {
        let reviews = Reviews { decisions: vec![decision], ..Reviews::default() };
        let own = Subject::Member(MemberId(7));
        reviews.decided(&tenant("ACME"), own, digest, as_of).map(|own| own.state)
    }

    #[test]
    fn a_decision_holds_while_the_access_is_as_it_was_seen() {
        let (on, word) = (date(2026, 1, 1), Word::Keep);
        let at = |digest, day| state_of(decision(word, on, None), digest, day);
        assert_eq!(at(Some("ab"), on), Some(State::Holds));
        assert_eq!(at(Some("cd"), on), Some(State::Lapsed));
        assert_eq!(at(None, on), Some(State::NotRead));
        assert_eq!(at(Some("ab"), date(2025, 12, 31)), None, "nobody has decided yet");
        assert_eq!(at(Some("ab"), date(2027, 1, 1)), Some(State::Holds), "exactly at the limit");
        assert_eq!(at(Some("ab"), date(2027, 1, 2)), Some(State::RanOut));
    }

    #[test]
    fn what_is_accepted_until_a_day_holds_on_that_day() {
        let own = || decision(Word::AcceptUntil, date(2026, 1, 1), Some(date(2026, 3, 1)));
        assert_eq!(state_of(own(), Some("ab"), date(2026, 3, 1)), Some(State::Holds));
        assert_eq!(state_of(own(), Some("ab"), date(2026, 3, 2)), Some(State::RanOut));
    }

    #[test]
    fn the_latest_counts_and_a_blank_is_none() {
        let keep = decision(Word::Keep, date(2026, 1, 1), None);
        let remove = decision(Word::Remove, date(2026, 1, 1), None);
        let blank = Decision { answer: None, ..keep.clone() };
        let word = |decisions: &[&Decision], company: &str| {
            let decisions = decisions.iter().map(|&own| own.clone()).collect();
            let reviews = Reviews { decisions, ..Reviews::default() };
            let own = Subject::Member(MemberId(7));
            let decided = reviews.decided(&tenant(company), own, Some("ab"), date(2026, 2, 1));
            decided.map(|own| own.answer.word)
        };
        assert_eq!(word(&[&keep, &remove], "acme"), Some(Word::Remove));
        assert_eq!(word(&[&remove, &keep, &blank], "acme"), Some(Word::Keep));
        assert_eq!(word(&[&blank], "acme"), None);
        assert_eq!(word(&[&keep], "other"), None, "a decision about a member of another PSA");
    }
}
