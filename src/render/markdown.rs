//! Markdown, for job summaries and pull requests: what counts in a table, the rest below.

use std::io::{self, Write};

use super::roll_up::RollUp;
use super::words::{name, source, subject, totals, worst_first};
use super::{Report, TenantReport};
use crate::audit::waivers;
use crate::checks::{Outcome, Since, Status};
use crate::term::escape::markdown;
use crate::term::text::{count_days, join_and, printable};

/// So many waivers are offered for pasting.
const SNIPPETS: usize = 3;

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if let [tenant] = report.filed() {
        let tenant = tenant.open()?;
        return write_tenant(report, &tenant.id.to_string(), &tenant, out);
    }
    out.write_all(roll_up(&report.roll_up).as_bytes())?;
    for tenant in report.tenants() {
        let tenant = tenant?;
        writeln!(out)?;
        write_tenant(report, &name(&tenant), &tenant, out)?;
    }
    Ok(())
}

/// What a reader of many tenants wants to know first.
pub(crate) fn roll_up(roll_up: &RollUp) -> String {
    let mut text = format!("# leastwise: {}\n", roll_up.headline());
    let mut part = |title: &str, header: [&str; 2], rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text.push_str(&format!("\n### {title}\n\n{}", table_text(&header, rows)));
        }
    };
    let unread = roll_up.reasons().into_iter().map(|(why, names)| vec![names.join(", "), why]);
    part("Could not be read: nothing is known of them", ["Tenants", "Why"], unread.collect());
    let integrations = roll_up.by_urgency().into_iter().map(|own| vec![own.id.clone(), own.sentence()]);
    part("By integration", ["Integration", "Tenants"], integrations.collect());
    let worst = roll_up.worst().into_iter().map(|(name, found)| vec![name.to_owned(), found]);
    part("By tenant", ["Tenant", "Findings"], worst.collect());
    text
}

fn write_tenant(report: &Report, name: &str, tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let id = markdown(name);
    if let Some(failure) = &tenant.failure {
        writeln!(out, "## leastwise: {id} could not be read\n\nWhy: {}", markdown(failure))?;
        return Ok(());
    }
    writeln!(out, "## leastwise: {id}: {}\n", totals(tenant))?;
    writeln!(out, "Judged {}, as of {}.", markdown(&source(&tenant.source)), report.as_of)?;
    if let Some(baseline) = &tenant.baseline {
        writeln!(
            out,
            "Since the baseline {} ({} old): {} new, {} unchanged, {} resolved; only what is new counts.",
            markdown(&baseline.path),
            count_days(baseline.age_days),
            tenant.count_since(Since::New),
            tenant.count_since(Since::Unchanged),
            tenant.count_since(Since::Resolved),
        )?;
    }
    if tenant.nothing_matched {
        writeln!(out, "\nWhat was asked for by name is not there, so no role was judged.")?;
    }
    findings(tenant, out)?;
    waived(tenant, out)?;
    not_told(tenant, out)?;
    by_hand(tenant, out)?;
    coverage(tenant, out)?;
    offer(report, tenant, out)
}

/// A table; every cell is escaped here.
fn table_text(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for row in rows {
        let cells: Vec<_> = row.iter().map(|cell| markdown(cell)).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

fn table(out: &mut dyn Write, header: &[&str], rows: Vec<Vec<String>>) -> io::Result<()> {
    out.write_all(table_text(header, rows).as_bytes())
}

fn findings(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let found = worst_first(tenant.findings());
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Findings\n")?;
    let has_baseline = tenant.baseline.is_some();
    let mut header = vec!["Severity", "Check", "About", "Finding", "To mend it"];
    if has_baseline {
        header.push("Baseline");
    }
    let row = |outcome: &Outcome| {
        let mut row = about(outcome);
        row.extend([outcome.message.clone(), outcome.fix.clone().unwrap_or_default()]);
        row.extend(outcome.baseline.filter(|_| has_baseline).map(|since| since.as_str().to_owned()));
        row
    };
    table(out, &header, found.into_iter().map(row).collect())
}

fn about(outcome: &Outcome) -> Vec<String> {
    vec![outcome.severity.to_string(), format!("{} {}", outcome.check, outcome.name), subject(outcome)]
}

fn waived(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let accepted = worst_first(tenant.outcomes.iter().filter(|outcome| outcome.status == Status::Waived));
    let rows: Vec<_> = accepted
        .into_iter()
        .filter_map(|outcome| {
            let waiver = outcome.waiver.as_ref()?;
            let mut row = about(outcome);
            row.extend([
                outcome.message.clone(),
                waiver.reason.clone(),
                waiver.owner.clone(),
                format!("{} ({} ago)", waiver.since, count_days(waiver.age_days)),
                waiver.expires.to_string(),
            ]);
            Some(row)
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Waived: accepted for a while, and not counted\n")?;
    table(out, &["Severity", "Check", "About", "Finding", "Reason", "Owner", "Since", "Expires"], rows)
}

fn not_told(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    list(tenant, Status::Unknown, "Could not be told: not a pass", out)
}

fn by_hand(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    list(tenant, Status::Manual, "Look at by hand: the API does not show it", out)
}

fn list(tenant: &TenantReport, status: Status, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> = tenant.outcomes.iter().filter(|outcome| outcome.status == status).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{title} ({})</summary>\n", rows.len())?;
    let row = |outcome: &Outcome| {
        let check = format!("{} {}", outcome.check, outcome.name);
        let fix = outcome.fix.clone().unwrap_or_default();
        vec![check, subject(outcome), outcome.message.clone(), fix]
    };
    table(out, &["Check", "About", "What", "Where"], rows.into_iter().map(row).collect())?;
    writeln!(out, "\n</details>")
}

fn coverage(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let gaps: Vec<_> = tenant
        .coverage
        .iter()
        .filter_map(|own| own.reason.as_ref().map(|reason| format!("{}: {reason}", own.dataset)))
        .collect();
    if gaps.is_empty() {
        return writeln!(out, "\nEverything that was asked for was read in full.");
    }
    writeln!(out, "\n**Not read in full:** {}", markdown(&join_and(&gaps)))
}

/// The waivers that would cover the worst findings, ready to paste.
fn offer(report: &Report, tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let counting = worst_first(tenant.findings().filter(|outcome| outcome.counts()));
    let snippets: Vec<_> = counting
        .into_iter()
        .filter_map(|outcome| waivers::snippet(outcome, report.as_of))
        .take(SNIPPETS)
        .collect();
    if snippets.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>To accept one for a while: waivers for leastwise.toml</summary>\n")?;
    // Longer than any fence that a name could hold.
    let fence = "`````";
    let text = snippets.join("\n").replace(fence, "'''''");
    writeln!(out, "{fence}toml")?;
    for line in text.lines() {
        writeln!(out, "{}", printable(line))?;
    }
    writeln!(out, "{fence}\n\n</details>")
}
