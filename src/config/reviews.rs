//! `reviews/*.toml` beside the config: what people decided about keys. Files that only grow, one a review.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::links;
use crate::error::Error;
use crate::io::Io;
use crate::model::{MemberId, TenantId, days_between};
use crate::policy::Place;
use crate::policy::review::{Answer, Closed, Decision, MOST_DAYS, Subject, Word};
use crate::rules::{Document, Problems, Section, did_you_mean};
use crate::term::text::is_blank;

/// The folder beside the config.
const FOLDER: &str = "reviews";

/// What one file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReviewFile {
    /// What was decided, and what was left blank.
    pub(crate) decisions: Vec<Decision>,
    /// What was shown to be done.
    pub(crate) closed: Vec<Closed>,
}

/// Where the decisions for this config lie.
pub(crate) fn folder(config: &Path) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(FOLDER)
}

/// The decisions of every file of the folder beside this config, in order of name.
pub(super) fn load(config: &Path, io: &Io<'_>) -> Result<Vec<Decision>, Error> {
    let folder = folder(config);
    let place = io.path(&folder);
    if !place.is_dir() {
        return Ok(Vec::new());
    }
    links::check("the folder of reviews", &folder, io)?;
    let unreadable = |why| Error::Usage(format!("the folder {} cannot be read: {why}", folder.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(&place).map_err(unreadable)? {
        let name = PathBuf::from(entry.map_err(unreadable)?.file_name());
        if name.extension().is_some_and(|ending| ending == "toml") {
            names.push(name);
        }
    }
    names.sort();
    let (mut decisions, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match read(&folder.join(name), io) {
            Ok(file) => decisions.extend(file.decisions),
            Err(Error::Problems(own)) => problems.extend(own.0),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(decisions) } else { Err(Problems(problems).into()) }
}

/// Reads one file of decisions.
pub(crate) fn read(path: &Path, io: &Io<'_>) -> Result<ReviewFile, Error> {
    links::check("the review", path, io)?;
    let name = path.display().to_string();
    let text = Document::load(&io.path(path)).map_err(|problem| Problems(vec![problem]))?;
    Ok(parse(&name, &text)?)
}

fn parse(name: &str, text: &str) -> Result<ReviewFile, Problems> {
    Document::new(name, text).discreet().read(|root| {
        let tenant = root.section("review").and_then(|section| {
            let (site, company) = (section.required_text("site"), section.required_text("company"));
            for key in ["record", "snapshot", "taken"] {
                section.text(key);
            }
            section.finish();
            Some(TenantId { site: site?.value, company: company?.value })
        });
        let decisions = root.sections("decision");
        let decisions = decisions.iter().filter_map(|section| decision(name, tenant.as_ref(), section));
        let decisions = decisions.collect();
        let closed = root.sections("closed");
        ReviewFile { decisions, closed: closed.iter().filter_map(|section| self::closed(section)).collect() }
    })
}

fn decision(name: &str, tenant: Option<&TenantId>, section: &Section<'_, '_>) -> Option<Decision> {
    let subject = subject(section);
    let digest = digest(section, "digest");
    let answer = answer(section);
    section.finish();
    Some(Decision {
        tenant: tenant.cloned(),
        subject: subject?,
        digest: digest?,
        answer: answer.ok()?,
        place: Place { file: name.to_owned(), line: section.line() },
    })
}

fn closed(section: &Section<'_, '_>) -> Option<Closed> {
    let (subject, snapshot) = (subject(section), digest(section, "snapshot"));
    let date = required_date(section, "date");
    section.finish();
    Some(Closed { subject: subject?, date: date?, snapshot: snapshot? })
}

/// A member's id or a login's, and not both.
fn subject(section: &Section<'_, '_>) -> Option<Subject> {
    let (member, login) = (section.number("member_id"), section.number("login_id"));
    match (member, login) {
        (Some(member), None) => Some(Subject::Member(MemberId(member.value.into()))),
        (None, Some(login)) => Some(Subject::Login(login.value.into())),
        (Some(_), Some(login)) => {
            section.document.note(login.span, "a decision is about a member or a login, not both", None);
            None
        }
        (None, None) => {
            if !section.has("member_id") && !section.has("login_id") {
                section.missing("member_id");
            }
            None
        }
    }
}

fn digest(section: &Section<'_, '_>, key: &str) -> Option<String> {
    let item = section.required_text(key)?;
    if item.value.len() == 64 && item.value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(item.value);
    }
    let help = "`leastwise review --format toml` writes it: 64 hexadecimal digits".to_owned();
    section.document.note(item.span, format!("`{key}` is no SHA-256"), Some(help));
    None
}

fn required_date(section: &Section<'_, '_>, key: &str) -> Option<Date> {
    if !section.has(key) {
        section.missing(key);
    }
    section.date(key).map(|item| item.value)
}

/// What was decided; nothing for a blank, whatever else stands there. A decision with a gap is refused: it
/// must not count, and must not be lost in silence.
fn answer(section: &Section<'_, '_>) -> Result<Option<Answer>, ()> {
    let text = |key| section.text(key).map(|item| item.value).filter(|value| !is_blank(value));
    let (reason, reviewer, ticket) = (text("reason"), text("reviewer"), text("ticket"));
    let word = section.text("decision").filter(|word| !is_blank(&word.value));
    let date = section.date("date").map(|item| item.value);
    let due = section.date("due");
    let Some(word) = word else { return Ok(None) };
    let Some(known) = Word::ALL.into_iter().find(|known| known.as_str() == word.value.trim()) else {
        let words = Word::ALL.map(Word::as_str);
        let near = did_you_mean(&word.value, words);
        let help = near.map_or_else(|| words.join(", "), |near| format!("did you mean \"{near}\"?"));
        section.document.note(word.span, format!("\"{}\" is no decision", word.value), Some(help));
        return Err(());
    };
    let given = [("reason", reason.is_some()), ("reviewer", reviewer.is_some()), ("date", date.is_some())];
    for (key, _) in
        given.iter().filter(|(key, is_given)| !is_given && (*key != "date" || !section.has("date")))
    {
        section.note(format!("a decision needs `{key}`"), None);
    }
    let (Some(reason), Some(reviewer), Some(date)) = (reason, reviewer, date) else { return Err(()) };
    if known == Word::AcceptUntil {
        let Some(due) = &due else {
            section.note("accept-until needs `due`, the last day on which it is accepted", None);
            return Err(());
        };
        let days = days_between(date, due.value);
        if !(0..=MOST_DAYS).contains(&days) {
            let help = format!("from `date` on, and at most {MOST_DAYS} days after it");
            section.document.note(due.span.clone(), "`due` cannot be the last day", Some(help));
            return Err(());
        }
    }
    Ok(Some(Answer { word: known, reason, reviewer, date, ticket, due: due.map(|item| item.value) }))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::policy::review::Word;

    fn file(lines: &str) -> String {
        format!("[[decision]]\nmember_id = 7\ndigest = \"{}\"\n{lines}", "ab".repeat(32))
    }

    #[test]
    fn a_blank_is_not_reviewed() {
        for blank in ["", "decision = \"\"", "decision = \" \"\nreason = \"r\"\nreviewer = \"n\""] {
            let read = parse("r.toml", &file(blank)).expect("a review");
            assert_eq!(read.decisions.len(), 1, "{blank}");
            assert_eq!(read.decisions[0].answer, None, "{blank}");
        }
    }

    #[test]
    fn a_decision_with_a_gap_is_refused_where_it_stands() {
        let whole = "decision = \"accept-until\"\nreason = \"r\"\nreviewer = \"n\"\ndate = 2026-01-01\ndue = 2026-06-01\n";
        let read = parse("r.toml", &file(whole)).expect("a review");
        assert_eq!(read.decisions[0].answer.as_ref().map(|own| own.word), Some(Word::AcceptUntil));
        for (from, to, said) in [
            ("decision = \"accept-until\"", "decision = \"kep\"", "did you mean \"keep\"?"),
            ("reason = \"r\"", "reason = \" \"", "a decision needs `reason`"),
            ("reviewer = \"n\"\n", "", "a decision needs `reviewer`"),
            ("date = 2026-01-01\n", "", "a decision needs `date`"),
            ("due = 2026-06-01\n", "", "accept-until needs `due`"),
            ("due = 2026-06-01", "due = 2027-01-02", "`due` cannot be the last day"),
            ("due = 2026-06-01", "due = 2025-12-31", "`due` cannot be the last day"),
            ("reason", "raeson", "did you mean"),
        ] {
            let problems = parse("r.toml", &file(&whole.replace(from, to))).expect_err(to).to_string();
            assert!(problems.contains(said) && problems.contains("r.toml:"), "{to}: {problems}");
        }
    }

    #[test]
    fn a_decision_is_about_one_key_and_one_access() {
        for (text, said) in [
            (file("login_id = 3\n"), "not both"),
            (file("").replace("member_id = 7\n", ""), "member_id"),
            (file("").replace("ab", "xy"), "no SHA-256"),
            (file("").replace("digest", "# digest"), "digest"),
        ] {
            let problems = parse("r.toml", &text).expect_err(&text).to_string();
            assert!(problems.contains(said), "{problems}");
        }
    }
}
