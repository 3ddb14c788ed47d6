//! The bundle for a support case: one page that a vendor can use, and the same facts as data beside it, both
//! under other names.

mod asked;

use std::fmt::Write;
use std::io;

use super::facts::Facts;
use super::pseudonyms::Disguise;
use super::step::{Step, Verdict};
use super::{Diagnosis, Doctor, conclude, json, rights};
use crate::model::CheckId;
use crate::source::connectwise::Exchange;
use crate::source::snapshot::Pseudonyms;
use crate::term::escape;

/// What a bundle tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// What the role has beyond what is asked for, too: it is nobody's business but the tenant's.
    pub all: bool,
    /// The role's true name, so that the vendor and the tenant speak of the same thing.
    pub with_role_name: bool,
}

/// A page, and its data.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    /// Markdown.
    pub page: String,
    /// `leastwise-doctor/1`.
    pub data: Vec<u8>,
}

/// The bundle; `names` learns what became of each name.
///
/// # Errors
/// None in practice: it is written into memory.
pub(crate) fn bundle(
    facts: &Facts,
    doctor: &Doctor<'_>,
    scope: Scope,
    names: &mut Pseudonyms,
) -> io::Result<Bundle> {
    if scope.with_role_name {
        names.keep_role(facts.key_holder().and_then(|holder| holder.role_name.clone()));
    }
    let mut names = Disguise(names);
    let mut facts = names.facts(facts);
    let doctor = names.doctor(doctor);
    let mut results = rights::judge(&facts, &doctor);
    if !scope.all {
        results.retain(|finding| {
            !matches!(
                finding.check,
                CheckId::ExcessivePermission
                    | CheckId::ExcessiveTable
                    | CheckId::AdminRole
                    | CheckId::WideRole
            )
        });
    }
    let diagnosis = conclude(&facts, &doctor, results);
    if !scope.all {
        leave_out_what_is_open_besides(&mut facts);
    }
    let mut data = Vec::new();
    json::write(&facts, &doctor, &diagnosis, &mut data)?;
    let page = page(&facts, &doctor, &diagnosis, scope).map_err(io::Error::other)?;
    Ok(Bundle { page, data })
}

/// Tables that were only asked for to learn how lists are read, and the lists themselves.
fn leave_out_what_is_open_besides(facts: &mut Facts) {
    let besides: Vec<_> =
        facts.probes.iter().filter(|probe| !probe.needed).map(|probe| probe.path.to_lowercase()).collect();
    let is_besides = |path: &str| {
        let path = path.to_lowercase();
        besides.iter().any(|own| path.ends_with(&format!("/apis/3.0/{own}")))
    };
    facts.exchanges.retain(|exchange| !is_besides(&exchange.path));
    facts.requests.retain(|request| !is_besides(&request.path));
    facts.probes.retain(|probe| probe.needed);
    facts.lists = None;
}

fn page(
    facts: &Facts,
    doctor: &Doctor<'_>,
    diagnosis: &Diagnosis,
    scope: Scope,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "# {}\n", cell(&diagnosis.headline))?;
    let besides = if scope.with_role_name { ", but for the role's" } else { "" };
    writeln!(
        text,
        "Names of the company, of people, members, roles, boards and places are stand-ins, the same throughout{besides}. Levels are None, My or All.\n"
    )?;
    head(&mut text, facts, doctor)?;
    if let Some(first) = diagnosis.first() {
        writeln!(text, "\n## What is wrong: {}\n", cell(&first.says))?;
        for part in first.cause.iter().chain(&first.fix).chain(&first.fixes).chain(&first.notes) {
            writeln!(text, "* {}", cell(part))?;
        }
    }
    asked::write(&mut text, facts, doctor, scope)?;
    steps(&mut text, diagnosis)?;
    failures(&mut text, facts)?;
    if !diagnosis.unchecked.is_empty() {
        writeln!(text, "\n## Not checked\n")?;
        for part in &diagnosis.unchecked {
            writeln!(text, "* {}", cell(part))?;
        }
    }
    Ok(text)
}

fn head(text: &mut String, facts: &Facts, doctor: &Doctor<'_>) -> std::fmt::Result {
    let company = facts.company.as_ref().and_then(|company| company.as_ref().ok());
    writeln!(text, "| | |\n|---|---|")?;
    writeln!(text, "| product | {} |", cell(&doctor.rules.title()))?;
    writeln!(
        text,
        "| asked for by | {}, read {} |",
        doctor.rules.source.as_deref().map_or_else(|| "a page behind a login".to_owned(), cell),
        doctor.rules.read
    )?;
    if let Some(role) = facts.key_holder().and_then(|holder| holder.role_name.as_deref()) {
        writeln!(text, "| role | {} |", cell(role))?;
    }
    if let Some(company) = company {
        let version = company.version.as_deref().unwrap_or("not said");
        writeln!(text, "| PSA | {}, codebase {} |", cell(version), cell(&company.codebase))?;
    }
    writeln!(text, "| taken | {}, by leastwise {} |", facts.at, env!("CARGO_PKG_VERSION"))
}

/// What failed or could not be told; the rest in a line.
fn steps(text: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(text, "\n## Steps\n\n| step | | |\n|---|---|---|")?;
    let is_open = |step: &&Step| matches!(step.verdict, Verdict::Fail | Verdict::Unknown);
    for step in diagnosis.steps.iter().filter(is_open) {
        writeln!(text, "| {} | {} | {} |", step.id.as_str(), step.verdict.as_str(), cell(&step.says))?;
    }
    for verdict in [Verdict::Ok, Verdict::Skipped] {
        let ids: Vec<_> = diagnosis
            .steps
            .iter()
            .filter(|step| step.verdict == verdict)
            .map(|step| step.id.as_str())
            .collect();
        if !ids.is_empty() {
            writeln!(text, "| {} | {} | |", ids.join(", "), verdict.as_str())?;
        }
    }
    Ok(())
}

/// The requests that were not answered with 200, each once.
fn failures(text: &mut String, facts: &Facts) -> std::fmt::Result {
    let failed: Vec<_> = facts.exchanges.iter().filter(|exchange| exchange.status != Some(200)).collect();
    writeln!(text, "\n## Requests that failed\n")?;
    if failed.is_empty() {
        return writeln!(text, "None of {}.", facts.exchanges.len());
    }
    writeln!(
        text,
        "{} of {}; all are GET.\n\n| path | status | ms | headers |\n|---|---|---|---|",
        failed.len(),
        facts.exchanges.len()
    )?;
    failed.into_iter().try_for_each(|exchange| failure(text, exchange))
}

fn failure(text: &mut String, exchange: &Exchange) -> std::fmt::Result {
    let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let headers: Vec<_> = exchange.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    writeln!(
        text,
        "| {} | {status} | {} | {} |",
        cell(&exchange.path),
        exchange.millis,
        cell(&headers.join("; "))
    )
}

/// Text that cannot leave its cell, and is nothing but text there.
fn cell(text: &str) -> String {
    escape::markdown(text)
}
