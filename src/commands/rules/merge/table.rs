//! A shared role for people: who needs what, and the rows of a role for each.

use super::role::SharedRole;
use crate::model::Level;
use crate::rules::{Catalog, FunctionId, Target};
use crate::sharing::{Party, Sharing};
use crate::term::text::{count, join_and};
use crate::term::{GridRow, Page, Style};

pub(super) fn write(
    sharing: &Sharing<'_>,
    shared: Option<&SharedRole>,
    catalog: &Catalog,
    style: Style,
) -> String {
    let mut page = Page::new(style);
    let ids: Vec<_> = sharing.parties.iter().map(|party| party.id.as_str()).collect();
    match shared {
        Some(shared) => write_head(&mut page, shared),
        None => page.heading(&format!("One role for {}", join_and(&ids))),
    }
    if !sharing.parties.is_empty() {
        page.blank();
        page.heading("What is needed in all");
        write_rows(&mut page, sharing, catalog);
        page.paragraph("Everything else: None.");
    }
    if let Some(shared) = shared {
        write_unneeded(&mut page, shared);
    }
    if sharing.parties.len() > 1 {
        for party in &sharing.parties {
            write_only(&mut page, sharing, party, catalog);
        }
    }
    if let Some(shared) = shared {
        write_split(&mut page, sharing, shared, catalog);
    }
    page.into_text()
}

fn write_head(page: &mut Page, shared: &SharedRole) {
    page.heading(&format!("Role {} ({})", shared.name, shared.id));
    let serves = shared.members.iter().map(|(id, member)| ("serves", format!("{id}, through {member}")));
    let mut rows: Vec<_> = serves.collect();
    for member in &shared.unaccounted {
        rows.push(("held by", format!("{member}, an API member whose needs no rule file tells")));
    }
    match shared.people {
        Some(0) => {}
        Some(people) => {
            rows.push(("held by", format!("{}, whose needs are not known here", count(people, "person"))));
        }
        None => rows.push(("held by", "people: they could not be read".to_owned())),
    }
    if shared.is_admin {
        rows.push(("has", "everything: it is an admin role".to_owned()));
    }
    if !shared.undeclared.is_empty() {
        let features = shared.undeclared.join(", ");
        rows.push(("beside", format!("features that no binding names, which may need more: {features}")));
    }
    let rows: Vec<_> = rows.into_iter().map(|(label, text)| (label.to_owned(), text)).collect();
    page.list(&rows);
}

/// What is needed in all, as the PSA's screen has it.
fn write_rows(page: &mut Page, sharing: &Sharing<'_>, catalog: &Catalog) {
    let mut sections: Vec<(String, Vec<GridRow>)> = Vec::new();
    let mut tables = Vec::new();
    for target in sharing.targets() {
        let (name, levels) = (target.name(catalog), sharing.union(target));
        if let Target::Function(id) = target {
            tables.extend(list(sharing, id).map(|text| (name.clone(), text)));
        }
        if levels != [Level::None; 4] {
            let module = catalog.module_name(target.module(catalog));
            let name = target.function(catalog).to_owned();
            let row = GridRow { name, cells: levels.map(|level| level.to_string()).to_vec() };
            match sections.last_mut().filter(|(last, _)| last == module) {
                Some((_, rows)) => rows.push(row),
                None => sections.push((module.to_owned(), vec![row])),
            }
        }
    }
    page.grid(&["", "Add", "Edit", "Delete", "Inquire"], &sections);
    if !tables.is_empty() {
        page.blank();
        page.list(&tables);
    }
}

/// What to do about a function's customise list, where anybody names entries of it.
fn list(sharing: &Sharing<'_>, function: FunctionId) -> Option<String> {
    let entries: Vec<_> = sharing.tables(function).into_iter().map(|(entry, _)| entry).collect();
    if entries.is_empty() {
        return None;
    }
    let entries = entries.join("; ");
    if sharing.names_list(function) {
        return Some(format!("customize > Allow Access to these: {entries}"));
    }
    let unnamed: Vec<_> = sharing.unnamed(function).map(|party| party.id.as_str()).collect();
    let (vendors, say, need) = match unnamed.as_slice() {
        [_] => ("vendor", "does", "it needs"),
        _ => ("vendors", "do", "they need"),
    };
    Some(format!(
        "customize: leave the list as it is: the {vendors} of {} {say} not say which tables {need}. It has to allow at least: {entries}",
        join_and(&unnamed)
    ))
}

fn write_only(page: &mut Page, sharing: &Sharing<'_>, party: &Party, catalog: &Catalog) {
    let rows = sharing.only(party).into_iter().map(|one| {
        let others = match one.others {
            Level::None => String::new(),
            others => format!(" (others {others})"),
        };
        (one.target.name(catalog), format!("{} {}{others}", one.verb.title(), one.level))
    });
    let rows = joined(rows);
    page.blank();
    page.heading(&format!("Only {} needs", party.id));
    if rows.is_empty() {
        page.paragraph("nothing that another one does not need too");
    }
    page.list(&rows);
}

fn write_unneeded(page: &mut Page, shared: &SharedRole) {
    page.blank();
    page.heading("What none of them needs");
    let rows = match &shared.unneeded {
        Err(gap) => return page.paragraph(&format!("not known: {}", gap.with_fix())),
        Ok(_) if shared.is_admin => return page.paragraph("everything else, which an admin role has"),
        Ok(rows) if rows.is_empty() => return page.paragraph("nothing: the role has no more than they need"),
        Ok(rows) => rows,
    };
    let lines = rows.iter().map(|row| {
        let text = if row.certain {
            format!("{} {} → {}", row.verb.title(), row.actual, row.needed)
        } else {
            format!("{}: {} was not understood", row.verb.title(), row.actual)
        };
        (format!("{} / {}", row.name.0, row.name.1), text)
    });
    page.list(&joined(lines));
}

/// Neighbours with the same label, on one line.
fn joined(rows: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (label, text) in rows {
        match lines.last_mut().filter(|(last, _)| *last == label) {
            Some((_, texts)) => {
                texts.push_str(", ");
                texts.push_str(&text);
            }
            None => lines.push((label, text)),
        }
    }
    lines
}

fn write_split(page: &mut Page, sharing: &Sharing<'_>, shared: &SharedRole, catalog: &Catalog) {
    let is_alone = sharing.parties.len() < 2 && shared.people == Some(0) && shared.unaccounted.is_empty();
    if sharing.parties.is_empty() || is_alone {
        return;
    }
    page.blank();
    page.heading("Suggestion: a role for each");
    for party in &sharing.parties {
        page.blank();
        page.paragraph(&format!("Role for {}:", party.id));
        write_rows(page, &Sharing::of(vec![party.clone()], catalog), catalog);
    }
    page.blank();
    page.heading("In the PSA, in this order");
    let mut steps = vec![
        "System > Security Roles > +: make each role with its rows above, everything else None".to_owned(),
    ];
    for (id, member) in &shared.members {
        steps.push(format!("System > Members > API Members > {member} > Role ID: choose the role for {id}, then Save; see that {id} still works"));
    }
    steps.push(format!(
        "When no integration holds {} any more, see what its other holders need of it",
        shared.name
    ));
    let steps = steps.into_iter().enumerate().map(|(i, step)| (format!("{}.", i + 1), step));
    page.list(&steps.collect::<Vec<_>>());
}
