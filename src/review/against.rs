//! What became of the decisions of a review: done, not done, undone. Reviews fail most often because they were
//! held and nothing was done.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::civil::Date;

use super::judged::Judged;
use crate::audit::{Key, Standing};
use crate::config::reviews::ReviewFile;
use crate::policy::review::{Answer, Decision, Subject, Word};
use crate::term::text::count;
use crate::term::{Page, Style};

/// What became of one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    NotReviewed,
    Done(String),
    NotDone(String),
    /// It was done, as an earlier snapshot showed, or it was to stay, and is no longer.
    Undone(String),
    Unknown(String),
}

/// How a key is now.
#[derive(Clone, Copy, Debug)]
struct Now<'n> {
    /// `None` where the lists could not be read.
    is_there: Option<bool>,
    active: Option<bool>,
    digest: Option<&'n str>,
    standing: Option<Standing>,
}

/// What became of every decision of a file.
pub(crate) struct Against {
    lines: Vec<(String, Outcome)>,
    /// Keys that the file says nothing of.
    unlisted: Vec<String>,
    /// What to add to the file.
    closed: String,
    shown_by: String,
}

impl Against {
    pub(crate) fn new(file: &ReviewFile, of: &Judged<'_>) -> Self {
        let meant = file
            .decisions
            .iter()
            .filter(|own| own.tenant.as_ref().is_none_or(|tenant| tenant.is_same(&of.tenant.id)));
        let (mut lines, mut listed, mut closed) = (Vec::new(), BTreeSet::new(), String::new());
        for decision in meant {
            listed.insert(decision.subject);
            let is_closed = file.closed.iter().any(|own| {
                own.subject == decision.subject
                    && decision.answer.as_ref().is_some_and(|answer| own.date == answer.date)
            });
            let outcome = outcome(decision, &now(decision.subject, of), is_closed, of.as_of);
            if let (Outcome::Done(_), Some(answer), Some(snapshot), false) =
                (&outcome, &decision.answer, of.snapshot, is_closed)
            {
                close(&mut closed, decision.subject, answer, snapshot);
            }
            lines.push((title(decision, of), outcome));
        }
        let unlisted = of.judgement.keys.iter().filter_map(|key| Some((key.subject()?, key.name())));
        Self {
            lines,
            unlisted: unlisted
                .filter(|(subject, _)| !listed.contains(subject))
                .map(|(_, name)| name)
                .collect(),
            closed,
            shown_by: of.snapshot.map_or_else(
                || {
                    format!(
                        "the live tenant, read {}; a snapshot's digest would prove it",
                        of.tenant.taken_at
                    )
                },
                |digest| format!("the snapshot with SHA-256 {digest}, read {}", of.tenant.taken_at),
            ),
        }
    }

    /// Whether part of it could not be told.
    pub(crate) fn is_partial(&self) -> bool {
        self.lines.iter().any(|(_, outcome)| matches!(outcome, Outcome::Unknown(_)))
    }

    pub(crate) fn write(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let number = |is: fn(&Outcome) -> bool| self.lines.iter().filter(|(_, own)| is(own)).count();
        page.heading(&format!(
            "{}: {} done, {} not done, {} undone, {} not reviewed",
            count(self.lines.len(), "decision"),
            number(|own| matches!(own, Outcome::Done(_))),
            number(|own| matches!(own, Outcome::NotDone(_))),
            number(|own| matches!(own, Outcome::Undone(_))),
            number(|own| *own == Outcome::NotReviewed),
        ));
        let rows: Vec<_> = self.lines.iter().map(|(title, own)| (title.clone(), own.sentence())).collect();
        page.list(&rows);
        page.paragraph(&format!("Shown by {}.", self.shown_by));
        if !self.unlisted.is_empty() {
            page.blank();
            page.paragraph(&format!("Not in this review: {}", self.unlisted.join(", ")));
        }
        if !self.closed.is_empty() {
            page.blank();
            page.heading("To close what is done, add to the file");
            self.closed.lines().for_each(|line| page.verbatim(line));
        }
        page.into_text()
    }
}

fn close(text: &mut String, subject: Subject, answer: &Answer, snapshot: &str) {
    let subject = subject.setting();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "[[closed]]\n{subject}\ndate = {}\nsnapshot = \"{snapshot}\"", answer.date);
}

/// "Umbrella (251): disable".
fn title(decision: &Decision, of: &Judged<'_>) -> String {
    let key = of.judgement.keys.iter().find(|key| key.subject() == Some(decision.subject));
    let (word, id) = match decision.subject {
        Subject::Member(id) => ("member", id.0),
        Subject::Login(id) => ("login", id),
    };
    let name = key.map_or_else(|| format!("{word} {id}"), |key| format!("{} ({id})", key.bare_name()));
    let what = decision.answer.as_ref().map_or("blank", |answer| answer.word.as_str());
    format!("{name}: {what}")
}

fn now<'n>(subject: Subject, of: &Judged<'n>) -> Now<'n> {
    let keys = of.judgement.keys.iter().filter(|key| key.subject() == Some(subject));
    let key = keys.min_by_key(|key| key.worst());
    let tenant = of.tenant;
    let found = match subject {
        Subject::Login(id) => {
            tenant.logins.rows().ok().map(|all| all.iter().find(|login| login.id == id).map(|own| own.active))
        }
        Subject::Member(id) => match (tenant.api_member(id), tenant.members.rows()) {
            (Some(member), _) => Some(Some(member.active)),
            (None, Ok(all)) => Some(all.iter().find(|member| member.id == id).map(|own| own.active)),
            (None, Err(_)) => None,
        },
    };
    Now {
        is_there: found.map(|found| found.is_some()),
        active: found.flatten().flatten(),
        digest: key.and_then(|key| key.access.as_deref()),
        standing: key.map(Key::worst),
    }
}

fn outcome(decision: &Decision, now: &Now<'_>, is_closed: bool, as_of: Date) -> Outcome {
    let Some(answer) = &decision.answer else { return Outcome::NotReviewed };
    let done = |said: &str| Outcome::Done(said.to_owned());
    let missed = |said: &str| Outcome::NotDone(said.to_owned());
    let unknown = |said: &str| Outcome::Unknown(said.to_owned());
    let is_same = now.digest.map(|digest| digest.eq_ignore_ascii_case(&decision.digest));
    let Some(is_there) = now.is_there else { return unknown("the lists could not be read") };
    let outcome = match (answer.word, is_there, is_same) {
        (Word::DontKnow, ..) => missed("nobody has decided"),
        (Word::Keep | Word::AcceptUntil, false, _) => Outcome::Undone("it is gone".to_owned()),
        (Word::Change | Word::Disable | Word::Remove, false, _) => done("it is gone"),
        (Word::Remove, true, _) if now.active == Some(false) => missed("it is inactive, and still there"),
        (Word::Remove, true, _) => missed("it is still there"),
        (Word::Disable, true, _) => match now.active {
            Some(false) => done("it is inactive"),
            Some(true) => missed("it is still active"),
            None => unknown("the PSA does not say whether it is active"),
        },
        (_, true, None) => unknown("what it may do could not be read in full"),
        (Word::Change, true, Some(true)) => missed("its access is as it was seen"),
        (Word::Change, true, Some(false)) => match now.standing {
            Some(own @ (Standing::Broken | Standing::Exposed | Standing::Excess)) => {
                missed(&format!("its access is another, and it is {}", own.as_str()))
            }
            _ => done("its access is another"),
        },
        (Word::Keep | Word::AcceptUntil, true, Some(false)) => {
            Outcome::Undone("its access has changed since".to_owned())
        }
        (Word::AcceptUntil, true, Some(true)) => match answer.due {
            Some(due) if as_of > due => missed(&format!("it was accepted until {due}: decide again")),
            Some(due) => done(&format!("its access is as it was seen; accepted until {due}")),
            None => missed("it has no last day"),
        },
        (Word::Keep, true, Some(true)) => done("its access is as it was seen"),
    };
    match outcome {
        Outcome::NotDone(said) if is_closed => Outcome::Undone(format!("it was done, and {said}")),
        Outcome::NotDone(said) if answer.due.is_some_and(|due| as_of > due) => {
            Outcome::NotDone(format!("{said}; it was due"))
        }
        other => other,
    }
}

impl Outcome {
    fn sentence(&self) -> String {
        match self {
            Self::NotReviewed => "not reviewed".to_owned(),
            Self::Done(said) => format!("done: {said}"),
            Self::NotDone(said) => format!("not done: {said}"),
            Self::Undone(said) => format!("undone: {said}"),
            Self::Unknown(said) => format!("not known: {said}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Now, Outcome, outcome};
    use crate::audit::Standing;
    use crate::model::MemberId;
    use crate::policy::Place;
    use crate::policy::review::{Answer, Decision, Subject, Word};

    const SEEN: &str = "aa";

    fn decision(word: Word) -> Decision {
        let date = date(2026, 1, 1);
        let due = (word == Word::AcceptUntil).then_some(date.saturating_add(jiff::Span::new().days(9)));
        let (reason, reviewer) = ("r".to_owned(), "n".to_owned());
        Decision {
            tenant: None,
            subject: Subject::Member(MemberId(7)),
            digest: SEEN.to_owned(),
            answer: Some(Answer { word, reason, reviewer, date, ticket: None, due }),
            place: Place { file: "r.toml".to_owned(), line: 1 },
        }
    }

    fn word(word: Word, now: Now<'_>, is_closed: bool) -> &'static str {
        match outcome(&decision(word), &now, is_closed, date(2026, 1, 5)) {
            Outcome::Done(_) => "done",
            Outcome::NotDone(_) => "not done",
            Outcome::Undone(_) => "undone",
            Outcome::Unknown(_) => "unknown",
            Outcome::NotReviewed => "not reviewed",
        }
    }

    fn now(active: bool, digest: &str, standing: Standing) -> Now<'_> {
        Now { is_there: Some(true), active: Some(active), digest: Some(digest), standing: Some(standing) }
    }

    #[test]
    fn every_decision_against_every_state() {
        let gone = Now { is_there: Some(false), active: None, digest: None, standing: None };
        let unread = Now { digest: None, ..now(true, SEEN, Standing::Fine) };
        let states = [
            now(true, SEEN, Standing::Fine),
            now(true, "bb", Standing::Fine),
            now(true, "bb", Standing::Exposed),
            now(false, "bb", Standing::SwitchedOff),
            gone,
            unread,
            Now { is_there: None, ..unread },
        ];
        let expected = [
            (Word::Keep, ["done", "undone", "undone", "undone", "undone", "unknown", "unknown"]),
            (Word::AcceptUntil, ["done", "undone", "undone", "undone", "undone", "unknown", "unknown"]),
            (Word::Change, ["not done", "done", "not done", "done", "done", "unknown", "unknown"]),
            (Word::Disable, ["not done", "not done", "not done", "done", "done", "not done", "unknown"]),
            (Word::Remove, ["not done", "not done", "not done", "not done", "done", "not done", "unknown"]),
            (
                Word::DontKnow,
                ["not done", "not done", "not done", "not done", "not done", "not done", "unknown"],
            ),
        ];
        for (own, outcomes) in expected {
            assert_eq!(states.map(|state| word(own, state, false)), outcomes, "{own:?}");
        }
    }

    #[test]
    fn what_was_done_and_is_not_any_more_is_undone() {
        assert_eq!(word(Word::Disable, now(true, SEEN, Standing::Fine), true), "undone");
        assert_eq!(word(Word::Disable, now(false, SEEN, Standing::SwitchedOff), true), "done");
    }

    #[test]
    fn what_was_accepted_until_a_day_is_not_done_after_it() {
        let now = now(true, SEEN, Standing::Fine);
        let own = decision(Word::AcceptUntil);
        assert!(matches!(outcome(&own, &now, false, date(2026, 1, 10)), Outcome::Done(_)));
        assert!(matches!(outcome(&own, &now, false, date(2026, 1, 11)), Outcome::NotDone(_)));
    }

    #[test]
    fn a_blank_is_never_done() {
        let blank = Decision { answer: None, ..decision(Word::Keep) };
        let now = now(true, SEEN, Standing::Fine);
        assert_eq!(outcome(&blank, &now, false, date(2026, 1, 5)), Outcome::NotReviewed);
    }
}
