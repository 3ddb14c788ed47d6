//! Markdown, for job summaries and pull requests: how the keys are and what to do, then what is new since the
//! baseline; the findings below, folded, those of one role and one check in one row.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::roll_up::RollUp;
use super::steps::{entries, whose};
use super::words::{name, source, subject, subject_of_all, worst_first};
use super::{Report, TenantReport, keys};
use crate::audit::{Standing, waivers};
use crate::checks::{CheckId, Finding, Since, Status};
use crate::term::escape::markdown;
use crate::term::text::{count, count_days, join_and, join_few, printable};

/// So many waivers are offered for pasting.
const SNIPPETS: usize = 3;

/// So many findings of one check and one role have a row each; more are one.
const ONE_BY_ONE: usize = 3;

/// So many names stand in a cell, and so many steps in the list.
const NAMED: usize = 8;
const STEPS: usize = 20;

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
    part("Keys by integration", ["Integration", "Keys"], integrations.collect());
    let worst = roll_up.worst().into_iter().map(|(name, found)| vec![name.to_owned(), found]);
    part("Keys by tenant", ["Tenant", "Keys"], worst.collect());
    let well = roll_up.well().len();
    if well > 0 {
        let tenants = count(well, "tenant");
        text.push_str(&format!("\n{tenants} where every key is fine, accepted or switched off.\n"));
    }
    text
}

fn write_tenant(report: &Report, name: &str, tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let id = markdown(name);
    if let Some(failure) = &tenant.failure {
        writeln!(out, "## leastwise: {id} could not be read\n\nWhy: {}", markdown(failure))?;
        return Ok(());
    }
    writeln!(out, "## leastwise: {id}\n")?;
    let verdict = keys::verdict(tenant);
    let (first, rest) = verdict.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    writeln!(out, "**{}** {}\n", markdown(first), markdown(&rest.join(" ")))?;
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
    standings(tenant, out)?;
    plan(tenant, out)?;
    new_findings(tenant, out)?;
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

fn standings(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let row = |standing: Standing| {
        let names = keys::named(&tenant.keys, standing);
        let meaning = format!("{}: {}", keys::words(standing), keys::meaning(standing));
        (!names.is_empty()).then(|| vec![names.len().to_string(), meaning, join_few(&names, NAMED)])
    };
    let mut rows: Vec<_> = Standing::ALL.into_iter().filter_map(row).collect();
    let logins = tenant.keys.iter().filter(|key| key.login.is_some()).map(keys::name).collect::<Vec<_>>();
    if !logins.is_empty() {
        let meaning = "integrator logins: user name and password".to_owned();
        rows.push(vec![logins.len().to_string(), meaning, join_few(&logins, NAMED)]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Keys\n")?;
    table(out, &["Keys", "How they are", "Which"], rows)
}

fn plan(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let steps = entries(&tenant.plan);
    if !steps.is_empty() {
        writeln!(out, "\n### What to do, in this order\n\nFirst: `leastwise snapshot -o before.json`.\n")?;
        let row = |entry: &super::steps::Entry<'_>| {
            let step = entry.step();
            let ask = if step.decision { "yes" } else { "" };
            vec![entry.number(), entry.title(), step.risk().as_str().to_owned(), ask.to_owned()]
        };
        table(out, &["Step", "What", "Risk", "You decide"], steps.iter().take(STEPS).map(row).collect())?;
        let more: usize = steps.iter().skip(STEPS).map(|entry| entry.steps.len()).sum();
        if more > 0 {
            writeln!(out, "\n{more} more steps are in the page and in the JSON report.")?;
        }
    }
    if !tenant.plan.left.is_empty() {
        writeln!(out, "\n### Left for you\n")?;
        for left in tenant.plan.left.iter().take(STEPS) {
            writeln!(out, "* {}: {}", markdown(&whose(left)), markdown(&left.reason.to_string()))?;
        }
        let more = tenant.plan.left.len().saturating_sub(STEPS);
        if more > 0 {
            writeln!(out, "* and {more} more")?;
        }
    }
    Ok(())
}

/// What counts where there is a baseline.
fn new_findings(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let found = worst_first(tenant.since(Since::New));
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### New since the baseline\n")?;
    table(out, &FINDINGS, rows(&found))
}

const FINDINGS: [&str; 5] = ["Severity", "Check", "About", "Finding", "Fix"];

/// The findings that are not new, folded.
fn findings(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let found = worst_first(tenant.findings().filter(|finding| finding.baseline != Some(Since::New)));
    if found.is_empty() {
        return Ok(());
    }
    let known = if tenant.baseline.is_some() { " that the baseline has too" } else { "" };
    let number = count(found.len(), "finding");
    writeln!(out, "\n<details><summary>{number}{known}</summary>\n")?;
    table(out, &FINDINGS, rows(&found))?;
    writeln!(out, "\n</details>")
}

/// A row for each finding; one for those of a check and a role that are many.
fn rows(found: &[&Finding]) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in found {
        let is_same = |group: &&mut Vec<&Finding>| {
            let first = group[0];
            (first.severity, first.check, &first.role) == (finding.severity, finding.check, &finding.role)
        };
        match groups.last_mut().filter(is_same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let row = |finding: &Finding| {
        let mut row = about(finding, subject(finding));
        row.extend([finding.message(), finding.fix().unwrap_or_default()]);
        row
    };
    let mut rows = Vec::new();
    for group in groups {
        match group.as_slice() {
            [first, ..] if group.len() > ONE_BY_ONE => {
                let mut one = about(first, subject_of_all(first));
                one.extend([
                    format!("{} times: {}", group.len(), first.check.check().summary),
                    String::new(),
                ]);
                rows.push(one);
            }
            few => rows.extend(few.iter().map(|finding| row(finding))),
        }
    }
    rows
}

fn about(finding: &Finding, subject: String) -> Vec<String> {
    vec![finding.severity.to_string(), format!("{} {}", finding.check, finding.check.check().name), subject]
}

fn waived(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    let accepted = worst_first(tenant.results.iter().filter(|finding| finding.status == Status::Waived));
    let rows: Vec<_> = accepted
        .into_iter()
        .filter_map(|finding| {
            let waiver = finding.waiver.as_ref()?;
            let mut row = about(finding, subject(finding));
            row.extend([
                finding.message(),
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
    list(tenant, Status::Unknown, "Not known: not a pass", out)
}

fn by_hand(tenant: &TenantReport, out: &mut dyn Write) -> io::Result<()> {
    list(tenant, Status::Manual, "Look in the PSA: the API does not show it", out)
}

/// One row for each check, with how often and what it says first.
fn list(tenant: &TenantReport, status: Status, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut checks: BTreeMap<CheckId, Vec<&Finding>> = BTreeMap::new();
    for finding in tenant.results.iter().filter(|finding| finding.status == status) {
        checks.entry(finding.check).or_default().push(finding);
    }
    let number: usize = checks.values().map(Vec::len).sum();
    if number == 0 {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{title} ({number})</summary>\n")?;
    let mut rows = Vec::new();
    for (check, found) in checks {
        let name = format!("{check} {}", check.check().name);
        if found.len() > ONE_BY_ONE {
            let subjects: Vec<_> = found.iter().map(|finding| subject(finding)).collect();
            let what = format!("{} times: whether {}", found.len(), check.check().summary);
            rows.push(vec![name, join_few(&subjects, NAMED), what, String::new()]);
        } else {
            rows.extend(found.iter().map(|finding| {
                vec![name.clone(), subject(finding), finding.message(), finding.fix().unwrap_or_default()]
            }));
        }
    }
    table(out, &["Check", "About", "What", "Where"], rows)?;
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
    let counting = worst_first(tenant.findings().filter(|finding| finding.counts()));
    let snippets: Vec<_> = counting
        .into_iter()
        .filter_map(|finding| waivers::snippet(finding, report.as_of))
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
