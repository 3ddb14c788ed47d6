//! The columns of a vendor's table, by what their headings say.

use super::cells::Record;
use super::verbs;
use crate::commands::find;
use crate::model::Verb;
use crate::rules::Catalog;

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

/// The columns that a row of headings names; `None` for any other row.
pub(super) fn of_headings(record: &Record) -> Option<Vec<Column>> {
    let mut columns: Vec<_> = record.iter().map(|cell| of_heading(&cell.text)).collect();
    let names =
        |columns: &[Column], wanted: Column| columns.iter().filter(|column| **column == wanted).count();
    // A word such as "permission" or "action" names the function where no other column does, and the
    // verbs where one does.
    let has_function = names(&columns, Column::Function) > 0;
    for (column, cell) in columns.iter_mut().zip(record) {
        if *column == Column::Other && is_either(&cell.text) {
            *column = if has_function { Column::Verbs } else { Column::Function };
        }
    }
    // "Category" and "Sub-category"; or one column for modules and functions, heading by heading.
    if names(&columns, Column::Function) == 0
        && let Some(last) = columns.iter_mut().rfind(|column| **column == Column::Module)
    {
        *last = Column::Function;
    }
    let says_what = columns.iter().any(|column| matches!(column, Column::Verb(_) | Column::Verbs));
    (names(&columns, Column::Function) == 1 && says_what).then_some(columns)
}

/// The columns of a row that looks like one of the PSA's own screen.
pub(super) fn of_screen(record: &Record, catalog: &Catalog) -> Option<&'static [Column]> {
    let first = record.first()?;
    if record.len() >= OF_SCREEN.len() && catalog.find_module(&first.text).is_some() {
        return Some(&OF_SCREEN);
    }
    let is_function = !find::candidates(&first.text, catalog).is_empty();
    (record.len() >= OF_SCREEN.len() - 1 && is_function).then_some(&OF_SCREEN[1..])
}

fn is_either(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    let heading = heading.trim().trim_start_matches("security ").trim_start_matches("required ");
    matches!(heading, "permission" | "permissions" | "action" | "actions" | "right" | "rights")
}

fn of_heading(heading: &str) -> Column {
    let lower = heading.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    if let Some(verb) = words.first().and_then(|word| verbs::verb(word)).filter(|_| words.len() <= 2) {
        return Column::Verb(verb);
    }
    let is_list = |word: &&str| word.starts_with("customiz") || word.starts_with("customis");
    if words.iter().any(is_list) || has(&["table", "tables", "allow", "allowed"]) {
        return Column::Tables;
    }
    if words.contains(&"level") || words.contains(&"levels") {
        return if words.len() == 1 { Column::Level } else { Column::Verbs };
    }
    if has(&["function", "functions", "sub", "submodule", "subcategory", "feature", "item", "setting"]) {
        return Column::Function;
    }
    if has(&["module", "modules", "category", "area", "section"]) {
        return Column::Module;
    }
    if has(&[
        "why",
        "reason",
        "notes",
        "note",
        "purpose",
        "comment",
        "comments",
        "description",
        "usage",
        "used",
    ]) {
        return Column::Why;
    }
    if has(&["access", "operations", "verbs"]) {
        return Column::Verbs;
    }
    Column::Other
}
