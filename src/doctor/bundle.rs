//! The bundle: one Markdown file for a support case, with the same facts as JSON at its end, under
//! other names.

use std::fmt::Write;
use std::io;

use super::facts::Facts;
use super::pseudonyms::Disguise;
use super::{Diagnosis, Doctor, diagnose, json};
use crate::checks::Status;
use crate::source::snapshot::Pseudonyms;
use crate::term::escape;

/// The bundle's text; `names` learns what became of each name.
///
/// # Errors
/// None in practice: it is written into memory.
pub fn bundle(facts: &Facts, doctor: &Doctor<'_>, names: &mut Pseudonyms) -> io::Result<String> {
    let mut names = Disguise(names);
    let facts = names.facts(facts);
    let doctor = names.doctor(doctor);
    let diagnosis = diagnose(&facts, &doctor);
    let mut data = Vec::new();
    json::write(&facts, &doctor, &diagnosis, &mut data)?;
    let text = markdown(&facts, &doctor, &diagnosis).map_err(io::Error::other)?;
    let data = String::from_utf8_lossy(&data);
    let fence = fence(&data);
    Ok(format!("{text}\n## The same as data\n\n{fence}json\n{data}{fence}\n"))
}

fn markdown(facts: &Facts, doctor: &Doctor<'_>, diagnosis: &Diagnosis) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let company = facts.company.as_ref().and_then(|company| company.as_ref().ok());
    writeln!(text, "# {}\n", cell(&diagnosis.headline))?;
    writeln!(
        text,
        "Names of the company, of people, members, roles, boards and places are stand-ins, the same throughout.\n"
    )?;
    writeln!(text, "| | |\n|---|---|")?;
    writeln!(text, "| leastwise | {} |", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "| taken | {} |", facts.at)?;
    writeln!(text, "| integration | {} ({}) |", doctor.rules.id, cell(&doctor.rules.title()))?;
    writeln!(text, "| rule file | read {}, SHA-256 {} |", doctor.rules.read, doctor.rules.digest)?;
    if let Some(company) = company {
        let version = company.version.as_deref().unwrap_or("not said");
        writeln!(text, "| PSA | {}, codebase {} |", cell(version), cell(&company.codebase))?;
    }
    writeln!(text, "\n## Steps\n\n| step | verdict | |\n|---|---|---|")?;
    for step in &diagnosis.steps {
        writeln!(text, "| {} | {} | {} |", step.id.as_str(), step.verdict.as_str(), cell(&step.says))?;
    }
    if let Some(first) = diagnosis.first() {
        writeln!(text, "\n## {}\n", cell(&first.says))?;
        let parts = first.cause.iter().chain(&first.fix).chain(&first.notes);
        for part in parts {
            writeln!(text, "* {}", cell(part))?;
        }
    }
    results(&mut text, diagnosis)?;
    exchanges(&mut text, facts)?;
    if !diagnosis.unchecked.is_empty() {
        writeln!(text, "\n## Not checked\n")?;
        for part in &diagnosis.unchecked {
            writeln!(text, "* {}", cell(part))?;
        }
    }
    Ok(text)
}

/// Results that are neither a pass nor beside the point.
fn results(text: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let open = diagnosis
        .outcomes
        .iter()
        .filter(|outcome| !matches!(outcome.status, Status::Pass | Status::NotApplicable));
    writeln!(text, "\n## Results\n\n| check | status | certainty | |\n|---|---|---|---|")?;
    for outcome in open {
        let certainty = outcome.certainty.as_str();
        writeln!(
            text,
            "| {} | {} | {certainty} | {} |",
            outcome.check,
            outcome.status,
            cell(&outcome.message)
        )?;
    }
    Ok(())
}

fn exchanges(text: &mut String, facts: &Facts) -> std::fmt::Result {
    writeln!(
        text,
        "\n## Requests of the integration's key\n\nAll are GET.\n\n| path | status | ms | headers |\n|---|---|---|---|"
    )?;
    for exchange in &facts.exchanges {
        let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let headers: Vec<_> =
            exchange.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        writeln!(
            text,
            "| {} | {status} | {} | {} |",
            cell(&exchange.path),
            exchange.millis,
            cell(&headers.join("; "))
        )?;
    }
    Ok(())
}

/// Text that cannot leave its cell, and is nothing but text there.
fn cell(text: &str) -> String {
    escape::markdown(text)
}

/// A fence that no text within it can close.
fn fence(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat((longest + 1).max(3))
}
