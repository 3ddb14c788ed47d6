//! The report for people: what matters most within one screen, then role by role, then what could
//! not be told and what to run next.

mod first;
mod gate;
mod matrix;
mod rest;
mod steps;

use std::io::{self, Write};

use super::{Report, TenantReport, words};
use crate::exit::Exit;
use crate::model::DatasetName;
use crate::term::text::{count, join_and};
use crate::term::{Page, Style};

/// Writes the report.
pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style);
    if let [tenant] = report.filed() {
        let tenant = tenant.open()?;
        write_tenant(&mut page, report, &tenant.id.to_string(), &tenant);
    } else {
        write_many(&mut page, report, style)?;
    }
    out.write_all(page.into_text().as_bytes())
}

/// Tenant by tenant where details are asked for; then the roll-up, which is the last on the screen.
fn write_many(page: &mut Page, report: &Report, style: Style) -> io::Result<()> {
    if report.details {
        for tenant in report.tenants() {
            let tenant = tenant?;
            write_details(page, report, &words::name(&tenant), &tenant);
            page.blank();
            page.rule();
        }
    }
    report.roll_up.write(page, style);
    if report.filed().is_empty() {
        return Ok(());
    }
    page.blank();
    page.paragraph(
        "More: leastwise audit --tenant NAME shows one of them; --details all; --format json every result.",
    );
    Ok(())
}

/// One tenant: the details first, where they are asked for, since what is last stays on the screen.
fn write_tenant(page: &mut Page, report: &Report, name: &str, tenant: &TenantReport) {
    if tenant.failure.is_some() {
        heading(page, name, tenant);
        return;
    }
    if report.details {
        write_details(page, report, name, tenant);
        page.blank();
        page.rule();
    }
    first::write(page, name, tenant);
}

fn write_details(page: &mut Page, report: &Report, name: &str, tenant: &TenantReport) {
    if !heading(page, name, tenant) {
        return;
    }
    gate::since_baseline(page, tenant, gate::MOST_NEW);
    matrix::write(page, tenant);
    rest::findings(page, tenant);
    steps::write(page, tenant);
    rest::by_hand(page, tenant);
    rest::not_known(page, tenant);
    gate::waived(page, tenant);
    coverage(page, tenant);
    if report.exit == Exit::Findings {
        gate::waiver_snippet(page, report.as_of, tenant);
    }
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
        .map(|coverage| count(coverage.records, coverage.dataset.noun()))
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

fn judged_by(tenant: &TenantReport) -> String {
    let rules: Vec<_> = tenant.rules.iter().map(|rules| rules.id.clone()).collect();
    if rules.is_empty() {
        return "No rule file applies.".to_owned();
    }
    format!("Judged {} by the rule files {}.", count(tenant.roles.len(), "role"), join_and(&rules))
}
