//! A vendor's table of permissions, whatever its columns are called, as needs.

use super::cells::{Cell, Record};
use super::columns::Column;
use super::{cells, columns, verbs};
use crate::commands::find;
use crate::model::{Level, Verb};
use crate::rules::{Allow, Catalog, ModuleId, Need, NeedLevel, Needs, Problem, Problems, Target};

/// What a table says.
pub(super) struct Table {
    pub(super) needs: Needs,
    /// What was left out or read freely.
    pub(super) remarks: Vec<String>,
}

/// Reads a table, which problems call `file`.
///
/// # Errors
/// Every cell that was not understood, with the nearest right spelling.
pub(super) fn read(file: &str, text: &str, catalog: &Catalog) -> Result<Table, Problems> {
    let problem = |line, column, message: String, help: &str| Problem {
        file: file.to_owned(),
        line,
        column,
        message,
        help: Some(help.to_owned()),
    };
    let records = cells::read(text).map_err(|line| {
        Problems(vec![problem(
            line,
            1,
            "a quote starts here and does not end".to_owned(),
            "close it with \"",
        )])
    })?;
    let mut reader = Reader {
        file,
        catalog,
        columns: Vec::new(),
        module: None,
        rows: Vec::new(),
        remarks: Vec::new(),
        problems: Vec::new(),
    };
    for record in &records {
        if let Err(problem) = reader.record(record) {
            reader.problems.push(problem);
        }
    }
    let Reader { columns, rows, mut problems, mut remarks, .. } = reader;
    if columns.is_empty() {
        let message = "no row of headings was found".to_owned();
        problems.push(problem(
            1,
            1,
            message,
            "give the columns names: Module, Function, Add, Edit, Delete, Inquire",
        ));
    } else if rows.is_empty() && problems.is_empty() {
        let message = "no row of the table asks for anything".to_owned();
        problems.push(problem(
            1,
            1,
            message,
            "a level (All or My) or an x under Add, Edit, Delete or Inquire",
        ));
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(Problems(problems));
    }
    let rows = join(rows, catalog, &mut remarks);
    Ok(Table { needs: Needs::in_screen_order(rows, catalog), remarks })
}

struct Reader<'t> {
    file: &'t str,
    catalog: &'t Catalog,
    /// The columns by the last row of headings.
    columns: Vec<Column>,
    /// The module of the rows above, for tables that name it once.
    module: Option<ModuleId>,
    rows: Vec<(Target, Need)>,
    remarks: Vec<String>,
    problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    fn problem(&self, cell: &Cell, message: String, help: Option<String>) -> Problem {
        Problem { file: self.file.to_owned(), line: cell.line, column: cell.column, message, help }
    }

    /// The cells of one kind of column that hold anything.
    fn cells<'r>(
        &self,
        record: &'r Record,
        is_meant: impl Fn(&Column) -> bool + 't,
    ) -> Vec<(Column, &'r Cell)> {
        let cells = self.columns.iter().zip(record);
        cells
            .filter(|(column, cell)| is_meant(column) && !cell.text.is_empty())
            .map(|(column, cell)| (*column, cell))
            .collect()
    }

    fn record(&mut self, record: &Record) -> Result<(), Problem> {
        if let Some(columns) = columns::of_headings(record) {
            let unused = columns.iter().zip(record).filter(|(column, _)| **column == Column::Other);
            let unused = unused.filter(|(_, cell)| !cell.text.is_empty());
            self.remarks.extend(unused.map(|(_, cell)| format!("the column \"{}\" is not used", cell.text)));
            self.columns = columns;
            return Ok(());
        }
        if let Some(module) = self.module_heading(record) {
            self.module = Some(module);
            return Ok(());
        }
        if self.columns.is_empty() {
            let Some(columns) = columns::of_screen(record, self.catalog) else { return Ok(()) };
            let names =
                if columns.first() == Some(&Column::Module) { "Module, Function" } else { "Function" };
            self.remarks.push(format!(
                "there are no headings; the columns are read as {names}, Add, Edit, Delete, Inquire"
            ));
            self.columns = columns.to_vec();
        }
        let shifted = self.shifted(record);
        self.row(shifted.as_ref().unwrap_or(record))
    }

    /// The module that a line alone names: "Companies", or "Companies Security Module".
    fn module_heading(&self, record: &Record) -> Option<ModuleId> {
        let mut texts = record.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty());
        let text = texts.next().filter(|_| texts.next().is_none())?.trim_matches('*').to_lowercase();
        let words =
            text.split_whitespace().filter(|word| !matches!(*word, "security" | "module" | "module:"));
        self.catalog.find_module(&words.collect::<Vec<_>>().join(" "))
    }

    /// A row whose module stands further up and whose cells have moved left into its place.
    fn shifted(&self, record: &Record) -> Option<Record> {
        let at = self.columns.iter().position(|column| *column == Column::Module)?;
        let cell = record.get(at)?;
        self.catalog.find_function(self.module?, name_alone(&cell.text))?;
        let mut record = record.clone();
        record.insert(at, Cell { text: String::new(), ..cell.clone() });
        Some(record)
    }

    fn row(&mut self, record: &Record) -> Result<(), Problem> {
        let only = |cells: Vec<(Column, &'_ Cell)>| cells.first().map(|(_, cell)| (*cell).clone());
        if let Some(module) = only(self.cells(record, |column| *column == Column::Module)) {
            self.module = Some(self.find_module(&module)?);
        }
        let Some(function) = only(self.cells(record, |column| *column == Column::Function)) else {
            return Ok(());
        };
        let need = self.need(record)?;
        if need.levels.iter().any(Option::is_some) {
            let target = self.find_target(&function)?;
            let need = Need { allow: self.tables(record, target)?, ..need };
            self.rows.push((target, need));
        } else if !self.cells(record, |column| *column == Column::Tables).is_empty() {
            let name = one_line(&function.text);
            self.remarks.push(format!("{name} (line {}) has entries and no level: left out", function.line));
        }
        Ok(())
    }

    fn find_module(&self, cell: &Cell) -> Result<ModuleId, Problem> {
        self.catalog.find_module(&cell.text).ok_or_else(|| {
            let near = self.catalog.suggest_module(&cell.text);
            let help = near.map_or_else(
                || {
                    let names: Vec<_> =
                        self.catalog.modules().iter().map(|module| module.name.as_str()).collect();
                    format!("the modules are {}", names.join(", "))
                },
                |near| format!("did you mean \"{near}\"?"),
            );
            self.problem(cell, format!("\"{}\" is not a module of the PSA", cell.text), Some(help))
        })
    }

    fn find_target(&self, cell: &Cell) -> Result<Target, Problem> {
        let text = name_alone(&cell.text);
        let is_whole = text.is_empty()
            || ["all", "all functions", "all entries"].contains(&text.to_lowercase().as_str());
        if let Some(module) = self.module {
            if is_whole {
                return Ok(Target::Module(module));
            }
            if let Some(id) = self.catalog.find_function(module, text) {
                return Ok(Target::Function(id));
            }
        }
        let candidates = find::candidates(text, self.catalog);
        let is_elsewhere = self.module.is_some() && !text.contains('/');
        match candidates.as_slice() {
            [one] if !is_elsewhere => Ok(Target::Function(*one)),
            [] | [_] => {
                let near = self.module.and_then(|module| self.catalog.suggest_function(module, text));
                let near =
                    near.or_else(|| find::nearest(text, self.catalog).map(|near| format!("\"{near}\"")));
                let place = self.module.map_or_else(
                    || "the PSA".to_owned(),
                    |module| self.catalog.module_name(module).to_owned(),
                );
                let help = near.map(|near| format!("did you mean {near}?"));
                Err(self.problem(cell, format!("\"{text}\" is not a function of {place}"), help))
            }
            several => {
                let names: Vec<_> =
                    several.iter().map(|&id| format!("\"{}\"", self.catalog.full_name(id))).collect();
                let help = Some(format!("write {}", names.join(" or ")));
                Err(self.problem(cell, format!("several modules have \"{text}\""), help))
            }
        }
    }

    fn need(&self, record: &Record) -> Result<Need, Problem> {
        let mut need = Need::default();
        let mut unclear = Vec::new();
        for (column, cell) in self.cells(record, |column| matches!(column, Column::Verb(_))) {
            let Column::Verb(verb) = column else { continue };
            let (found, rest) = verbs::cell(&cell.text);
            let (level, implied) = match found {
                verbs::Cell::Nothing => continue,
                verbs::Cell::Level(level) => (level, false),
                verbs::Cell::Needed => (Level::All, true),
                verbs::Cell::Strange => {
                    let help = Some("write All, My or None, or x where the vendor gives no level".to_owned());
                    return Err(self.problem(cell, format!("\"{}\" is not a level", cell.text), help));
                }
            };
            if level > Level::None {
                need.levels[verb as usize] = Some(NeedLevel { level, implied, setup_only: false });
            }
            if !rest.is_empty() {
                unclear.push(format!("{}: {rest}", verb.title()));
            }
        }
        let why: Vec<_> = self
            .cells(record, |column| *column == Column::Why)
            .into_iter()
            .map(|(_, cell)| one_line(&cell.text))
            .collect();
        need.why = (!why.is_empty()).then(|| why.join("; "));
        need.unclear = (!unclear.is_empty()).then(|| unclear.join("; "));
        self.listed_verbs(record, &mut need)?;
        Ok(need)
    }

    /// Verbs that stand together in one cell, with or without levels.
    fn listed_verbs(&self, record: &Record, need: &mut Need) -> Result<(), Problem> {
        let default = match self.cells(record, |column| *column == Column::Level).first() {
            None => None,
            Some((_, cell)) => Some(Level::from_word(&cell.text).ok_or_else(|| {
                self.problem(
                    cell,
                    format!("\"{}\" is not a level", cell.text),
                    Some("write All, My or None".to_owned()),
                )
            })?),
        };
        for (_, cell) in self.cells(record, |column| *column == Column::Verbs) {
            let (text, note) = cell.text.split_once('*').unwrap_or((&cell.text, ""));
            if !note.trim().is_empty() {
                need.unclear = Some(one_line(note));
            }
            let found = verbs::list(text, default).map_err(|word| {
                let help = Some(
                    "write verbs with their levels, such as \"Add, Edit = All; Inquire = My\"".to_owned(),
                );
                self.problem(cell, format!("\"{word}\" is neither a verb nor a level"), help)
            })?;
            for (verb, level) in found {
                let (level, implied) = (level.unwrap_or(Level::All), level.is_none());
                if level > Level::None {
                    need.levels[verb as usize] = Some(NeedLevel { level, implied, setup_only: false });
                }
            }
        }
        Ok(())
    }

    fn tables(&self, record: &Record, target: Target) -> Result<Option<Allow>, Problem> {
        let is_table_setup = matches!(target, Target::Function(id) if self.catalog.is_table_setup(id));
        let mut entries = Vec::new();
        for (_, cell) in self.cells(record, |column| *column == Column::Tables) {
            for name in cell.text.split([';', '\n', ',', '•']).map(str::trim).filter(|name| !name.is_empty())
            {
                let known = self.catalog.find_table(name).or_else(|| self.catalog.table_named(name));
                let known = known.filter(|_| is_table_setup);
                if is_table_setup && known.is_none() && !name.contains('/') {
                    let help = self.catalog.suggest_table(name);
                    return Err(self.problem(
                        cell,
                        format!("the table \"{name}\" has no category"),
                        Some(help),
                    ));
                }
                entries.push(known.map_or_else(|| name.to_owned(), |table| table.name.clone()));
            }
        }
        Ok((!entries.is_empty()).then_some(Allow { entries }))
    }
}

/// A function's name without stars and without a remark in parentheses, such as "(see below)".
fn name_alone(text: &str) -> &str {
    text.split('(').next().unwrap_or(text).trim().trim_matches(['*', '†', '‡']).trim()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A function that the table names twice needs the higher of both.
fn join(rows: Vec<(Target, Need)>, catalog: &Catalog, remarks: &mut Vec<String>) -> Vec<(Target, Need)> {
    let mut joined: Vec<(Target, Need)> = Vec::new();
    for (target, need) in rows {
        let Some((_, first)) = joined.iter_mut().find(|(own, _)| *own == target) else {
            joined.push((target, need));
            continue;
        };
        remarks
            .push(format!("{} stands twice in the table; the higher levels are taken", target.name(catalog)));
        for verb in Verb::ALL {
            let (own, other) = (first.levels[verb as usize], need.levels[verb as usize]);
            first.levels[verb as usize] = own.into_iter().chain(other).max_by_key(|level| level.level);
        }
        if let Some(more) = need.allow {
            first.allow.get_or_insert_with(|| Allow { entries: Vec::new() }).entries.extend(more.entries);
        }
        first.why = first.why.take().or(need.why);
        first.unclear = first.unclear.take().or(need.unclear);
    }
    joined
}
