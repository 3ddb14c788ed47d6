//! Ten plain lines for a chat or a mail: what it comes to, which keys, and the first steps.

use std::io::{self, Write};

use super::words::{name, source};
use super::{Report, TenantReport, keys};
use crate::audit::{Kind, Standing};
use crate::model::SourceKind;
use crate::term::text::{count, join_few, printable};

/// The lines, at most.
const LINES: usize = 10;

/// So many names stand in a line.
const NAMED: usize = 4;

/// A line is cut after so many characters.
const WIDTH: usize = 160;

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = if let [tenant] = report.filed() {
        let tenant = tenant.open()?;
        of_one(report, &tenant)
    } else {
        of_many(report)
    };
    lines.truncate(LINES);
    for line in lines {
        writeln!(out, "{}", cut(&printable(&line)))?;
    }
    Ok(())
}

fn of_one(report: &Report, tenant: &TenantReport) -> Vec<String> {
    let kind = if tenant.source.kind == SourceKind::Live { "live" } else { "a snapshot" };
    let read = tenant.source.taken_at.map_or_else(
        || source(&tenant.source),
        |at| format!("{kind}, read {}", at.strftime("%Y-%m-%d %H:%M UTC")),
    );
    let mut lines = vec![format!("leastwise: {}, {read}, exit {}", name(tenant), report.exit.code())];
    if let Some(failure) = &tenant.failure {
        lines.push(format!("It could not be read: {failure}"));
        return lines;
    }
    let verdict = keys::verdict(tenant);
    lines.extend(verdict.first().cloned());
    for standing in Standing::ALL {
        let names = keys::named(&tenant.keys, standing);
        if !names.is_empty() {
            lines.push(format!("{} {}: {}", names.len(), keys::words(standing), join_few(&names, NAMED)));
        }
    }
    let steps: Vec<_> = tenant.plan.steps.iter().filter(|step| step.kind != Kind::Prove).collect();
    // The verdict and the keys come first; of the steps, what there is room for.
    lines.truncate(LINES - 1);
    let room = (LINES - 1).saturating_sub(lines.len());
    lines.extend(steps.iter().take(room).map(|step| format!("Step {}: {}", step.number, step.title())));
    let more = steps.len().saturating_sub(room);
    let mut last = Vec::new();
    if more > 0 && room > 0 {
        last.push(format!("{more} more in the plan"));
    } else if more > 0 {
        last.push(format!("{} in the plan", count(more, "step")));
    }
    let logins = tenant.keys.iter().filter(|key| key.login.is_some()).count();
    if logins > 0 {
        last.push(count(logins, "old login"));
    }
    if !tenant.plan.left.is_empty() {
        last.push(format!("{} without a step", tenant.plan.left.len()));
    }
    if let Some(asked) = &tenant.asked {
        last.push(format!("limited to {}", join_few(asked, NAMED)));
    }
    if !tenant.is_complete() {
        last.push("not everything could be read".to_owned());
    }
    if !last.is_empty() {
        lines.push(last.join("; "));
    }
    lines
}

fn of_many(report: &Report) -> Vec<String> {
    let roll_up = &report.roll_up;
    let mut lines = vec![format!("leastwise: {}, exit {}", roll_up.headline(), report.exit.code())];
    let counts = keys::counted(&roll_up.by_standing);
    if !counts.is_empty() {
        lines.push(format!("Keys: {counts}"));
    }
    let failures = roll_up.failures();
    lines.extend(failures.iter().take(2).map(|failure| format!("Could not be read: {failure}")));
    let worst = roll_up.worst();
    let well = roll_up.well().len();
    let room = LINES - lines.len() - 1;
    lines.extend(worst.iter().take(room).map(|(name, sentence)| format!("{name}: {sentence}")));
    let mut last = Vec::new();
    if worst.len() > room {
        last.push(format!("{} more tenants with less", worst.len() - room));
    }
    if well > 0 {
        last.push(format!("{} with nothing to do", count(well, "tenant")));
    }
    if !last.is_empty() {
        lines.push(last.join("; "));
    }
    lines
}

fn cut(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH - 1).chain(['…']).collect()
}
