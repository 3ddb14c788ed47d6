//! The columns of a vendor's table, by what their headings say.

use super::cells::Record;
use super::verbs;
use crate::commands::find;
use crate::model::Verb;
use crate::rules::Catalog;
use crate::text::count;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Module,
    Function,
    Verb(Verb),
    /// Verbs, with or without levels.
    Verbs,
    /// The level of all the row's verbs.
    Level,
    Why,
    Tables,
    Other,
}

/// The columns as the PSA's own screen has them.
const OF_SCREEN: [Column; 6] = [
    Column::Module,
    Column::Function,
    Column::Verb(Verb::Add),
    Column::Verb(Verb::Edit),
    Column::Verb(Verb::Delete),
    Column::Verb(Verb::Inquire),
];

/// The columns, the rows below their headings, and what was passed over; `None` where no headings are
/// found and the rows do not look like the PSA's screen either.
pub(super) fn find<'r>(
    records: &'r [Record],
    catalog: &Catalog,
) -> Option<(Vec<Column>, &'r [Record], Vec<String>)> {
    let mut remarks = Vec::new();
    for (i, record) in records.iter().enumerate() {
        let columns = of_headings(record);
        let has = |is: fn(&Column) -> bool| columns.iter().any(is);
        if has(|column| *column == Column::Function)
            && has(|column| matches!(column, Column::Verb(_) | Column::Verbs))
        {
            if i > 0 {
                remarks.push(format!("{} above the headings passed over", count(i, "row")));
            }
            let unused = columns
                .iter()
                .zip(record)
                .filter(|(column, cell)| **column == Column::Other && !cell.text.is_empty());
            remarks.extend(unused.map(|(_, cell)| format!("the column \"{}\" is not used", cell.text)));
            return Some((columns, &records[i + 1..], remarks));
        }
    }
    let first = records.first()?;
    let is_module = |text: &str| catalog.find_module(text).is_some();
    if first.len() >= OF_SCREEN.len() && is_module(&first[0].text) {
        remarks.push(
            "there are no headings; the columns are read as Module, Function, Add, Edit, Delete, Inquire"
                .to_owned(),
        );
        return Some((OF_SCREEN.to_vec(), records, remarks));
    }
    if first.len() >= OF_SCREEN.len() - 1 && !find::candidates(&first[0].text, catalog).is_empty() {
        remarks.push(
            "there are no headings; the columns are read as Function, Add, Edit, Delete, Inquire".to_owned(),
        );
        return Some((OF_SCREEN[1..].to_vec(), records, remarks));
    }
    None
}

fn of_headings(record: &Record) -> Vec<Column> {
    let mut columns: Vec<_> = record.iter().map(|cell| of_heading(&cell.text)).collect();
    // "Permission" names the function where no other column does, and the verbs where one does.
    let has_function = columns.contains(&Column::Function);
    for (column, cell) in columns.iter_mut().zip(record) {
        if *column == Column::Other && is_permission(&cell.text) {
            *column = if has_function { Column::Verbs } else { Column::Function };
        }
    }
    // A table may name modules and functions in one column of modules, heading by heading.
    if !columns.contains(&Column::Function)
        && let Some(module) = columns.iter_mut().find(|column| **column == Column::Module)
    {
        *module = Column::Function;
    }
    columns
}

fn is_permission(heading: &str) -> bool {
    matches!(
        heading.to_lowercase().trim(),
        "permission" | "permissions" | "security permission" | "required permission" | "required permissions"
    )
}

fn of_heading(heading: &str) -> Column {
    let lower = heading.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    if let Some(verb) = words.first().and_then(|word| verbs::verb(word)).filter(|_| words.len() <= 2) {
        return Column::Verb(verb);
    }
    if has(&["function", "functions", "sub", "submodule", "feature", "item", "setting"]) {
        return Column::Function;
    }
    if has(&["table", "tables", "customize", "customise", "customization", "allow", "allowed"]) {
        return Column::Tables;
    }
    if has(&["module", "modules", "category", "area", "section"]) {
        return Column::Module;
    }
    if has(&["why", "reason", "notes", "note", "purpose", "comment", "comments", "description", "usage"]) {
        return Column::Why;
    }
    if has(&["access", "rights", "actions", "action", "operations", "verbs"]) {
        return Column::Verbs;
    }
    if words == ["level"] || words == ["levels"] {
        return Column::Level;
    }
    Column::Other
}
