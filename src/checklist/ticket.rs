//! What a change ticket asks for: before, after, undo, and who did it when.

use crate::audit::{Step, What};
use crate::model::Tenant;
use crate::term::{GridRow, Page};

const HEADER: [&str; 4] = ["Function", "Level", "Before", "After"];

/// What a person decides, to be filled in.
const DECIDED: &str = "____";

/// Who did it, and when.
pub(super) const SIGNED: &str = "Done by: ____________  at: ____________";

pub(super) fn write(page: &mut Page, steps: &[Step], tenant: &Tenant) {
    page.blank();
    page.heading("For the change ticket");
    let change = |step: &Step| {
        let title = format!("{}. {} of {}", step.number, subject(step), tenant.id);
        (title, rows(step, tenant))
    };
    let changes: Vec<_> = steps.iter().map(change).filter(|(_, rows)| !rows.is_empty()).collect();
    if !changes.is_empty() {
        page.grid(&HEADER, &changes);
    }
    page.list(&undo(steps));
    page.paragraph(SIGNED);
}

/// How to undo the steps: those that are undone alike, together.
fn undo(steps: &[Step]) -> Vec<(String, String)> {
    let mut ways: Vec<(String, String)> = Vec::new();
    for (number, way) in steps.iter().filter_map(|step| Some((step.number, step.undo()?))) {
        match ways.iter_mut().find(|(_, own)| *own == way) {
            Some((numbers, _)) => numbers.push_str(&format!(", {number}")),
            None => ways.push((format!("undo {number}"), way)),
        }
    }
    ways
}

fn subject(step: &Step) -> String {
    match (&step.what, &step.role, &step.login, &step.member) {
        (What::OwnRole { name, .. }, ..) => format!("a new role \"{name}\""),
        (What::Login { .. }, _, Some(login), _) => format!("login {}", login.name),
        (What::Unowned { .. } | What::StillWanted { .. }, _, _, Some(member)) => {
            format!("API member {member}")
        }
        (_, Some(role), ..) => format!("role {} ({})", role.name, role.id),
        _ => step.title(),
    }
}

/// What it was and what it becomes.
fn rows(step: &Step, tenant: &Tenant) -> Vec<GridRow> {
    let row = |name: String, cells: [&str; 3]| GridRow { name, cells: cells.map(str::to_owned).to_vec() };
    let levels = step.levels.iter().map(|change| {
        row(change.function.to_string(), [change.verb.title(), change.from.as_str(), change.to.as_str()])
    });
    let mut rows: Vec<_> = levels.collect();
    match &step.what {
        What::Login { .. } | What::Unowned { .. } => {
            rows.push(row("Inactive".to_owned(), ["", "clear", "set"]));
        }
        What::StillWanted { .. } => {
            let member = step.member.as_ref().and_then(|member| tenant.api_member(member.id));
            let is_inactive = member.is_some_and(|member| member.active == Some(false));
            rows.push(row("Inactive".to_owned(), ["", if is_inactive { "set" } else { "clear" }, DECIDED]));
        }
        What::IdleRole { asked } => {
            let after = if asked.is_empty() { "set" } else { DECIDED };
            rows.push(row("Inactive".to_owned(), ["", "clear", after]));
        }
        What::SpareTables(entries) => rows.extend(entries.iter().map(|(function, entry)| {
            row(format!("{function} > customize: {entry}"), ["", "allowed", "refused"])
        })),
        What::Tables(entries) => rows.extend(entries.iter().map(|(function, entry)| {
            row(format!("{function} > customize: {entry}"), ["", "refused", "allowed"])
        })),
        What::OwnRole { name, .. } => {
            let of = step.member.as_ref().map(ToString::to_string).unwrap_or_default();
            let old = step.role.as_ref().map(|role| role.name.to_string()).unwrap_or_default();
            rows.push(row(format!("API member {of}: Role ID"), ["", &old, name]));
        }
        _ => {}
    }
    rows
}
