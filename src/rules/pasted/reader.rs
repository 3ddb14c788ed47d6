//! Rows one after the other: each ends as a heading, in an entry, as a problem, or among what was left out.

use super::super::catalog::{Catalog, FunctionId, ModuleId};
use super::super::named::{candidates, nearest};
use super::super::need::Target;
use super::super::problem::Problem;
use super::above;
use super::columns::{self, Column};
use super::entry::Entry;
use super::form::Form;
use super::letters::letters;
use super::line::{self, Line};
use super::row::{Cell, Mark, Row};
use super::verbs::{self, Listed, Said};
use super::{Fate, LeftOut, Pasted, Why, markup, names};
use crate::model::{Level, Verb};

mod finish;
mod table;
mod text;

/// What became of a row, while entries are still being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Heading,
    /// A part of these entries, the first and how many.
    Entries(usize, usize),
    /// Entries of a customise list, of which the function is known only at the end.
    Tables,
    LeftOut,
    Wrong,
}

/// Footnote text, and the mark that sends there.
struct Footnote {
    mark: String,
    text: String,
}

struct Reader<'t> {
    file: &'t str,
    form: Form,
    catalog: &'t Catalog,
    /// The columns by the last row of headings; none where that is no table of permissions.
    columns: Vec<Column>,
    headings: Vec<String>,
    /// A table follows that has no column for verbs.
    other_table: bool,
    tables: usize,
    /// The module of the rows above, for tables that name it once.
    module: Option<ModuleId>,
    /// The module of which the last sentence spoke.
    spoken_of: Option<ModuleId>,
    entries: Vec<Entry>,
    /// The function to which lines below belong.
    open: Option<usize>,
    /// What the sentence above asks of the functions that follow.
    above: Option<Listed>,
    /// What follows are entries of a customise list.
    lists_tables: bool,
    /// Entries of Table Setup's list, each with its line.
    listed_tables: Vec<(usize, String)>,
    /// Rows of the table that is being read: the entry, and which of its verb columns are filled.
    filled: Vec<(usize, Vec<bool>)>,
    footnotes: Vec<Footnote>,
    left_out: Vec<LeftOut>,
    remarks: Vec<String>,
    problems: Vec<Problem>,
    account: Vec<((usize, usize), Became)>,
}

/// Reads the rows; problems keep what was read from being used.
pub(super) fn read(file: &str, form: Form, rows: &[Row], catalog: &Catalog) -> (Pasted, Vec<Problem>) {
    let mut reader = Reader {
        file,
        form,
        catalog,
        columns: Vec::new(),
        headings: Vec::new(),
        other_table: false,
        tables: 0,
        module: None,
        spoken_of: None,
        entries: Vec::new(),
        open: None,
        above: None,
        lists_tables: false,
        listed_tables: Vec::new(),
        filled: Vec::new(),
        footnotes: Vec::new(),
        left_out: Vec::new(),
        remarks: Vec::new(),
        problems: Vec::new(),
        account: Vec::new(),
    };
    let is_heading = |row: &Row| {
        row.cells.len() > 1
            && (columns::are_headings(&row.cells, catalog)
                || (row.mark == Mark::Heading && !columns::are_values(&row.cells, catalog)))
    };
    let headings: Vec<_> = rows.iter().map(is_heading).collect();
    for (index, row) in rows.iter().enumerate() {
        let became = if headings[index] {
            let more = headings[index + 1..].iter().position(|&own| own).unwrap_or(rows.len() - index - 1);
            let body: Vec<_> =
                rows[index + 1..=index + more].iter().filter(|row| row.cells.len() > 1).collect();
            reader.headings(row, &body)
        } else {
            reader.row(row).unwrap_or_else(|problem| {
                reader.problems.push(*problem);
                Became::Wrong
            })
        };
        reader.account.push((row.lines, became));
    }
    reader.finish()
}

/// A problem is large, and rows are many.
type Outcome = Result<Became, Box<Problem>>;

impl Reader<'_> {
    #[expect(clippy::unnecessary_box_returns, reason = "it is the error of a row, which stays small")]
    fn problem(&self, cell: &Cell, message: String, help: Option<String>) -> Box<Problem> {
        Box::new(Problem { file: self.file.to_owned(), line: cell.line, column: cell.column, message, help })
    }

    fn leave_out(&mut self, cell: &Cell, why: Why) -> Became {
        self.left_out.push(LeftOut { line: cell.line, text: cell.text.clone(), why });
        Became::LeftOut
    }

    fn headings(&mut self, row: &Row, body: &[&Row]) -> Became {
        self.check_for_moved_cells();
        self.open = None;
        self.lists_tables = false;
        self.headings = row.cells.iter().map(|cell| cell.text.clone()).collect();
        let Some((columns, module)) = columns::of_headings(row, body, self.catalog) else {
            (self.columns, self.other_table) = (Vec::new(), true);
            return self.leave_out(&row.whole, Why::OtherTable);
        };
        if let Some(id) = module {
            self.module = Some(id);
        }
        for (cell, _) in row.cells.iter().zip(&columns).filter(|(_, column)| **column == Column::Nameless) {
            let message = format!("the column \"{}\" holds levels, and its heading names no verb", cell.text);
            let help = "call it Add, Edit, Delete or Inquire".to_owned();
            self.problems.push(*self.problem(cell, message, Some(help)));
        }
        for cell in row.cells.iter().zip(&columns).filter_map(|(cell, column)| match column {
            Column::Levels(verbs) if verbs.len() > 1 && columns::is_write(&cell.text) => Some(cell),
            _ => None,
        }) {
            self.remarks.push(format!("the column \"{}\" is read as Add and Edit", cell.text));
        }
        self.other_table = false;
        self.tables += 1;
        self.columns = columns;
        Became::Heading
    }

    fn row(&mut self, row: &Row) -> Outcome {
        let filled = row.cells.iter().filter(|cell| !cell.text.is_empty()).count();
        if filled == 1 || row.cells.len() == 1 {
            let cell = row.cells.iter().find(|cell| !cell.text.is_empty()).unwrap_or(&row.whole);
            return self.text(cell, row.mark);
        }
        if self.other_table {
            return Ok(self.leave_out(&row.whole, Why::OtherTable));
        }
        if self.columns.is_empty() {
            let Some(columns) = columns::of_screen(&row.cells, self.catalog) else {
                return self.text(&row.whole, row.mark);
            };
            let names =
                if columns.first() == Some(&Column::Module) { "Module, Function" } else { "Function" };
            self.remarks.push(format!(
                "there are no headings; the columns are read as {names}, Add, Edit, Delete, Inquire"
            ));
            self.columns = columns.to_vec();
            self.tables += 1;
        }
        self.table_row(row)
    }

    /// The entry that a row or a line is of, which stays open for what follows.
    fn enter(&mut self, target: Target, name: &Cell) -> usize {
        self.entries.push(Entry::new(target, name.clone()));
        self.open = Some(self.entries.len() - 1);
        self.lists_tables = false;
        self.entries.len() - 1
    }

    /// The module within which a name is looked for.
    fn within(&self) -> Option<ModuleId> {
        self.module.or(self.spoken_of)
    }

    /// The functions that a cell names: one, or one on each of its lines or between commas.
    fn functions(&self, cell: &Cell) -> Result<Vec<Target>, Box<Problem>> {
        let whole = self.function(cell);
        if whole.is_ok() {
            return whole.map(|target| vec![target]);
        }
        for separators in
            [&['\n', '•', ';'][..], &['\n', '•', ';', ','], &['\n', '•', ';', ',', '/', '&', '+']]
        {
            let parts: Vec<_> =
                cell.text.split(separators).map(str::trim).filter(|part| !part.is_empty()).collect();
            let targets: Result<Vec<_>, _> = parts
                .iter()
                .map(|part| self.function(&Cell { text: (*part).to_owned(), ..cell.clone() }))
                .collect();
            if let Ok(targets) = targets
                && parts.len() > 1
            {
                return Ok(targets);
            }
        }
        whole.map(|target| vec![target])
    }

    fn function(&self, cell: &Cell) -> Result<Target, Box<Problem>> {
        let is_whole = |text: &str| {
            ["all", "*", "all functions", "all entries", "all permissions", "all options", "everything"]
                .contains(&text.to_lowercase().as_str())
        };
        // "Service Ticket (Dependencies)" may be a name; "Service Ticket (see below)" has one.
        let full = markup::marks(&cell.text).0;
        let alone = names::alone(&cell.text);
        if let Some(module) = self.module
            && (is_whole(cell.text.trim()) || is_whole(alone))
        {
            return Ok(Target::Module(module));
        }
        for text in [full, alone] {
            if let Some(id) = self.within().and_then(|module| self.catalog.find_function(module, text)) {
                return Ok(Target::Function(id));
            }
        }
        let named: Vec<FunctionId> = [full, alone]
            .into_iter()
            .map(|text| candidates(text, self.catalog))
            .find(|found| !found.is_empty())
            .unwrap_or_default();
        let is_elsewhere = self.module.is_some() && !alone.contains(super::super::named::BETWEEN);
        match named.as_slice() {
            [one] if !is_elsewhere => Ok(Target::Function(*one)),
            [] | [_] => {
                let near = self.module.and_then(|module| self.catalog.suggest_function(module, alone));
                let near = near.or_else(|| nearest(alone, self.catalog).map(|near| format!("\"{near}\"")));
                let place = self.module.map_or("the PSA", |module| self.catalog.module_name(module));
                let help = near.map(|near| format!("did you mean {near}?"));
                Err(self.problem(cell, format!("\"{alone}\" is not a function of {place}"), help))
            }
            several => {
                let full: Vec<_> =
                    several.iter().map(|&id| format!("\"{}\"", self.catalog.full_name(id))).collect();
                let help = Some(format!("write {}", full.join(" or ")));
                Err(self.problem(cell, format!("several modules have \"{alone}\""), help))
            }
        }
    }
}
