//! The report for people: what matters most within one screen, then role by role, then what could
//! not be told and what to run next.

mod first;
mod gate;
mod matrix;
mod rest;

use std::io::{self, Write};

use super::{Report, TenantReport, words};
use crate::exit::Exit;
use crate::model::DatasetName;
use crate::term::text::{count, join_and};
use crate::term::{Page, Style};

/// So many tenants are shown in full.
const IN_FULL: usize = 5;

/// Writes the report.
pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style);
    if let [tenant] = report.filed() {
        let tenant = tenant.open()?;
        write_tenant(&mut page, report, &tenant.id.to_string(), &tenant);
    } else {
        write_many(&mut page, report)?;
    }
    out.write_all(page.into_text().as_bytes())
}

/// The roll-up, then tenant by tenant: in full where there are few.
fn write_many(page: &mut Page, report: &Report) -> io::Result<()> {
    report.roll_up.write(page);
    let is_short = report.tenants().len() > IN_FULL;
    if is_short {
        page.blank();
        page.paragraph(
            "Next: leastwise audit --tenant NAME shows one of them in full; --format json and --output html=FILE hold every result of all.",
        );
    }
    for tenant in report.tenants() {
        let tenant = tenant?;
        page.blank();
        page.rule();
        if is_short {
            write_start(page, &tenant);
        } else {
            write_tenant(page, report, &words::name(&tenant), &tenant);
        }
    }
    Ok(())
}

/// As much of a tenant as leads to what it needs first.
fn write_start(page: &mut Page, tenant: &TenantReport) {
    if !heading(page, &words::name(tenant), tenant) || tenant.findings().next().is_none() {
        return;
    }
    first::write(page, tenant);
}

fn write_tenant(page: &mut Page, report: &Report, name: &str, tenant: &TenantReport) {
    if !heading(page, name, tenant) {
        return;
    }
    gate::since_baseline(page, tenant);
    first::write(page, tenant);
    matrix::write(page, tenant);
    rest::findings(page, tenant);
    rest::by_hand(page, tenant);
    rest::untold(page, tenant);
    gate::waived(page, tenant);
    coverage(page, tenant);
    if report.exit == Exit::Findings {
        gate::waiver_snippet(page, report.as_of, tenant);
    }
    next(page, tenant);
}

/// Which tenant, and its totals; whether there is more to say of it.
fn heading(page: &mut Page, name: &str, tenant: &TenantReport) -> bool {
    if let Some(failure) = &tenant.failure {
        page.heading(&format!("{name}: could not be read, nothing was judged"));
        page.paragraph(failure);
        return false;
    }
    page.heading(&format!("{name}: {}", words::totals(tenant)));
    if tenant.nothing_matched {
        page.paragraph("What was asked for by name is not there, so no role was judged.");
    }
    true
}

fn coverage(page: &mut Page, tenant: &TenantReport) {
    let read: Vec<_> = tenant
        .coverage
        .iter()
        .filter(|coverage| coverage.reason.is_none())
        .filter(|coverage| !matches!(coverage.dataset, DatasetName::MemberUse | DatasetName::OwnMember))
        .map(|coverage| records(coverage.dataset, coverage.records))
        .collect();
    let missing: Vec<_> = tenant
        .coverage
        .iter()
        .filter_map(|coverage| coverage.reason.as_ref().map(|_| coverage.dataset.to_string()))
        .collect();
    let mut line = if read.is_empty() {
        "Nothing was read in full".to_owned()
    } else {
        format!("Read: {}", join_and(&read))
    };
    if !missing.is_empty() {
        line = format!("{line}. NOT read in full: {}", join_and(&missing));
    }
    page.blank();
    page.paragraph(&format!("{line}. {}", judged_by(tenant)));
}

fn records(dataset: DatasetName, records: usize) -> String {
    match dataset {
        DatasetName::Roles => count(records, "role"),
        DatasetName::Settings => count(records, "setting"),
        DatasetName::ApiMembers => count(records, "API member"),
        DatasetName::Members => count(records, "member"),
        DatasetName::MemberUse => format!("last use of {}", count(records, "API member")),
        DatasetName::OwnMember => "whose key this is".to_owned(),
        DatasetName::IntegratorLogins => count(records, "integrator login"),
    }
}

fn judged_by(tenant: &TenantReport) -> String {
    let rules: Vec<_> = tenant.rules.iter().map(|rules| rules.id.clone()).collect();
    if rules.is_empty() {
        return "No rule file applies.".to_owned();
    }
    format!("Judged {} by the rule files {}.", count(tenant.roles.len(), "role"), join_and(&rules))
}

/// The same command, so that whatever it named stays named.
fn next(page: &mut Page, tenant: &TenantReport) {
    let folded = tenant.findings().any(|outcome| outcome.check == "LW206");
    let all = if folded { "with --all every grant beyond need; " } else { "" };
    page.paragraph(&format!("Next, the same command: {all}with --format json every result, passes too."));
}
