//! The diagnosis for people: what is wrong first, every step in a line, the first that failed in full.

use std::io::{self, Write};

use super::facts::Facts;
use super::step::{Step, Verdict};
use super::{Diagnosis, Doctor};
use crate::exit::Exit;
use crate::rules::{Cause, Causes, Meaning};
use crate::term::{Page, Style};

/// Writes a diagnosis.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(
    facts: &Facts,
    doctor: &Doctor<'_>,
    diagnosis: &Diagnosis,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(style);
    let healthy = diagnosis.first().is_none_or(|step| step.verdict != Verdict::Fail);
    if healthy {
        page.heading(&diagnosis.headline);
    } else {
        page.alarm(&diagnosis.headline);
    }
    page.blank();
    steps(&mut page, diagnosis);
    if let Some(first) = diagnosis.first() {
        in_full(&mut page, first);
    }
    let others = diagnosis.steps.iter().filter(|step| {
        matches!(step.verdict, Verdict::Fail | Verdict::Unknown)
            && diagnosis.first().is_none_or(|first| first.id != step.id)
    });
    also(&mut page, others);
    remarks(&mut page, diagnosis);
    unchecked(&mut page, diagnosis);
    afterwards(&mut page, facts, doctor, diagnosis);
    out.write_all(page.into_text().as_bytes())
}

fn steps(page: &mut Page, diagnosis: &Diagnosis) {
    let looked_at = diagnosis.steps.iter().filter(|step| step.verdict != Verdict::Skipped);
    let mut rows: Vec<_> = looked_at
        .map(|step| (format!("{:<7} {}", mark(step), step.id.as_str()), step.says.clone()))
        .collect();
    let skipped: Vec<_> = diagnosis
        .steps
        .iter()
        .filter(|step| step.verdict == Verdict::Skipped)
        .map(|step| step.id.as_str())
        .collect();
    if !skipped.is_empty() {
        rows.push(("skipped".to_owned(), skipped.join(", ")));
    }
    page.list(&rows);
}

/// What no need is unmet for is no failure.
const fn mark(step: &Step) -> &'static str {
    match step.verdict {
        Verdict::Ok => "ok",
        Verdict::Fail if step.gates => "FAIL",
        Verdict::Fail => "remark",
        Verdict::Unknown => "unknown",
        Verdict::Skipped => "skipped",
    }
}

fn in_full(page: &mut Page, step: &Step) {
    let mut rows = Vec::new();
    rows.extend(step.cause.clone().map(|cause| ("why".to_owned(), cause)));
    rows.extend(step.fix.clone().map(|fix| ("fix".to_owned(), fix)));
    rows.extend(step.fixes.iter().map(|fix| ("fix".to_owned(), fix.clone())));
    rows.extend(step.notes.iter().map(|note| ("note".to_owned(), note.clone())));
    if rows.is_empty() {
        return;
    }
    page.blank();
    page.heading(if step.verdict == Verdict::Fail { "Fix this first" } else { "Look at this first" });
    page.list(&rows);
}

fn also<'s>(page: &mut Page, steps: impl Iterator<Item = &'s Step>) {
    let clicks = |step: &'s Step| {
        let label = step.id.as_str();
        step.fix.iter().chain(&step.fixes).map(move |fix| (label.to_owned(), fix.clone()))
    };
    let rows: Vec<_> = steps.flat_map(clicks).collect();
    if !rows.is_empty() {
        page.blank();
        page.heading("Then");
        page.list(&rows);
    }
}

/// Remarks on every step that is not shown in full.
fn remarks(page: &mut Page, diagnosis: &Diagnosis) {
    let in_full = diagnosis.first().map(|step| step.id);
    let others = diagnosis.steps.iter().filter(|step| Some(step.id) != in_full);
    let rows: Vec<_> = others
        .flat_map(|step| step.notes.iter().map(|note| (step.id.as_str().to_owned(), note.clone())))
        .collect();
    if !rows.is_empty() {
        page.blank();
        page.heading("Worth knowing");
        page.list(&rows);
    }
}

fn unchecked(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.unchecked.is_empty() {
        return;
    }
    page.blank();
    page.heading("Not checked");
    let rows: Vec<_> = diagnosis.unchecked.iter().map(|text| ("-".to_owned(), text.clone())).collect();
    page.list(&rows);
}

/// What remains in the vendor's console, and to be cleaned up.
fn afterwards(page: &mut Page, facts: &Facts, doctor: &Doctor<'_>, diagnosis: &Diagnosis) {
    if facts.rights.is_none() {
        return;
    }
    if let Some(list) = &doctor.rules.checklist
        && diagnosis.exit != Exit::Findings
    {
        let console = list.console.as_deref().unwrap_or("the vendor's console");
        page.blank();
        page.heading(&format!("If it still does not work, look in {console}"));
        let rows: Vec<_> =
            list.steps.iter().zip(1..).map(|(step, number)| (format!("{number}."), step.clone())).collect();
        page.list(&rows);
    }
    page.blank();
    page.paragraph("When you are done: delete the key (or the temporary API member) that was made for this.");
}

/// Writes what a pasted message means; without one, or where it is not known, which messages are.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write_error(
    meaning: Option<Meaning<'_>>,
    causes: &Causes,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(style);
    match meaning {
        Some(Meaning::Known(cause)) => {
            page.paragraph(&format!("{}: {}", cause.id, cause.cause));
            page.list(&[("fix".to_owned(), cause.fix.clone())]);
        }
        Some(Meaning::Unknown { nearest }) => {
            page.paragraph(
                "leastwise does not know this message. Paste the whole answer, with its code and status, or run leastwise doctor --integration ID.",
            );
            if let Some(cause) = nearest {
                page.blank();
                let by = if cause.id.starts_with("http-") { "By its status it" } else { "It" };
                page.paragraph(&format!("{by} may be {}: {}", cause.id, cause.cause));
                page.list(&[("if so".to_owned(), cause.fix.clone())]);
            }
            page.blank();
            known(&mut page, causes);
        }
        None => known(&mut page, causes),
    }
    out.write_all(page.into_text().as_bytes())
}

/// The messages that are known: for each cause one text, as it is most often met.
fn known(page: &mut Page, causes: &Causes) {
    page.heading("Messages that are known");
    let status = |cause: &Cause| {
        let all: Vec<_> = cause.statuses().iter().map(ToString::to_string).collect();
        (!all.is_empty()).then(|| format!("HTTP {}", all.join(", ")))
    };
    let rows: Vec<_> = causes
        .all()
        .iter()
        .map(|cause| {
            let text = cause.texts().next().map(|text| format!("\"{text}\""));
            (cause.id.clone(), text.into_iter().chain(status(cause)).collect::<Vec<_>>().join(", "))
        })
        .collect();
    page.list(&rows);
}
