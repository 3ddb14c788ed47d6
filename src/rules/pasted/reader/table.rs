//! One row of a table whose columns are known.

use super::{
    Became, Cell, Column, Form, Level, Listed, Outcome, Problem, Reader, Row, Said, Target, Verb, Why,
    candidates, columns, letters, line, markup, names, verbs,
};

/// The cells of a row by what their columns hold; each is taken once, and what is left is said.
struct Cells<'r> {
    left: Vec<(usize, Column, &'r Cell)>,
}

impl<'r> Cells<'r> {
    fn take(&mut self, is_meant: impl Fn(Column) -> bool) -> Vec<(Column, &'r Cell)> {
        let (taken, left) = self.left.drain(..).partition(|(_, column, _)| is_meant(*column));
        self.left = left;
        let taken: Vec<(usize, Column, &Cell)> = taken;
        taken.into_iter().map(|(_, column, cell)| (column, cell)).collect()
    }

    fn first(&mut self, wanted: Column) -> Option<&'r Cell> {
        let at = self.left.iter().position(|(_, column, _)| *column == wanted)?;
        Some(self.left.remove(at).2)
    }

    fn has(&self, is_meant: impl Fn(Column) -> bool) -> bool {
        self.left.iter().any(|(_, column, _)| is_meant(*column))
    }
}

impl Reader<'_> {
    pub(super) fn table_row(&mut self, row: &Row) -> Outcome {
        let moved = self.moved_left(row);
        let row_cells = moved.as_ref().unwrap_or(&row.cells);
        if self.form == Form::Blanks && row_cells.len() != self.columns.len() {
            return if columns::are_values(row_cells, self.catalog) {
                Err(self.problem(
                    &row.whole,
                    format!("{} cells stand below {} headings", row_cells.len(), self.columns.len()),
                    Some("only blanks separate the cells, so an empty one cannot be seen: put tabs between them".to_owned()),
                ))
            } else {
                self.text(&row.whole, row.mark)
            };
        }
        // Cells beyond the last heading are of a column without a name.
        let columns = self.columns.iter().copied().chain(std::iter::repeat(Column::Other));
        let cells = row_cells.iter().zip(columns).enumerate().filter(|(_, (cell, _))| !cell.text.is_empty());
        let mut cells = Cells { left: cells.map(|(index, (cell, column))| (index, column, cell)).collect() };
        let asks = cells.left.iter().any(|(_, column, cell)| match column {
            Column::Levels(_) => verbs::is_level(&cell.text),
            Column::Level => {
                verbs::is_level(&cell.text) || verbs::list(&cell.text).is_ok_and(|own| !own.is_empty())
            }
            Column::Verbs => verbs::list(&cell.text).is_ok() || letters(&cell.text).is_some(),
            _ => false,
        });
        let mut remark = None;
        let module = cells.first(Column::Module);
        let mut function = cells.first(Column::Function).cloned();
        if let Some(cell) = module {
            if let Some(id) = names::module(&cell.text, self.catalog) {
                self.module = Some(id);
                remark = Some(names::beside(&cell.text)).filter(|text| !text.is_empty());
            } else if function.is_none() && !candidates(names::alone(&cell.text), self.catalog).is_empty() {
                function = Some(cell.clone());
            } else if asks || function.as_ref().is_some_and(|cell| self.function(cell).is_ok()) {
                return Err(self.unknown_module(cell));
            } else {
                return self.text(&row.whole, row.mark);
            }
        }
        let Some(name) = function else {
            return self.goes_on(cells, module, row);
        };
        let targets = match self.functions(&name) {
            Ok(targets) => targets,
            Err(_) if !asks && module.is_none() => return self.text(&row.whole, row.mark),
            Err(problem) if asks => return self.verbs_in_name(&name, cells).unwrap_or(Err(problem)),
            Err(problem) => match verbs::list(&name.text) {
                Ok(listed) if !listed.is_empty() && self.open.is_some() => {
                    return self.go_on_with(&listed, cells);
                }
                _ => return Err(problem),
            },
        };
        let (first, number) = (self.entries.len(), targets.len());
        for (index, &target) in targets.iter().enumerate() {
            let entry = self.enter(target, &name);
            let beside = self.beside(target, &name.text);
            self.entries[entry].remark(None, &beside);
            if let Some(remark) = &remark {
                self.entries[entry].remark(None, remark);
            }
            self.ask(entry, &cells, (index, number))?;
        }
        let is_asking = |column: Column| column.asks();
        let filled =
            self.columns.iter().enumerate().filter(|(_, column)| matches!(column, Column::Levels(_)));
        let filled = filled.map(|(index, _)| cells.left.iter().any(|(own, _, _)| *own == index)).collect();
        self.filled.push((first, filled));
        cells.take(is_asking);
        self.rest(first, number, cells)?;
        Ok(Became::Entries(first, number))
    }

    /// A name that holds the verb, too, with its level in a cell beside it: "Companies - Contacts - Add".
    fn verbs_in_name(&mut self, name: &Cell, mut cells: Cells<'_>) -> Option<Outcome> {
        let line::Line::Row { functions, beside, listed } =
            line::read(&name.text, self.within(), self.catalog)
        else {
            return None;
        };
        let [function] = functions.as_slice() else { return None };
        let has_no_level = listed.verbs.iter().all(|(_, level)| level.is_none());
        if listed.verbs.is_empty() || !has_no_level || cells.has(|column| matches!(column, Column::Levels(_)))
        {
            return None;
        }
        let mut said = cells.take(Column::asks).into_iter().map(|(_, cell)| verbs::cell(&cell.text));
        let (Some((level, rest)), None) = (said.next(), said.next()) else { return None };
        let entry = self.enter(Target::Function(*function), name);
        let own = &mut self.entries[entry];
        for (verb, _) in &listed.verbs {
            match level {
                Said::Level(level) => own.ask(*verb, level, false),
                Said::Needed => own.ask(*verb, Level::All, true),
                Said::Nothing => own.says_none = true,
                _ => return None,
            }
        }
        for remark in [&beside, &listed.rest, &rest] {
            own.remark(None, remark);
        }
        Some(self.rest(entry, 1, cells).map(|()| Became::Entries(entry, 1)))
    }

    /// What stands beside a name, unless the name is that with it.
    fn beside(&self, target: Target, text: &str) -> String {
        let full = markup::marks(text).0;
        let is_name = matches!(target, Target::Function(id)
            if self.catalog.find_function(self.catalog.function(id).module, full) == Some(id));
        if is_name { markup::marks(text).1 } else { names::beside(text) }
    }

    /// A row whose module stands further up and whose cells have moved left into its place.
    fn moved_left(&self, row: &Row) -> Option<Vec<Cell>> {
        let at = self.columns.iter().position(|column| *column == Column::Module)?;
        let function = self.columns.iter().position(|column| *column == Column::Function)?;
        let cell = row.cells.get(at)?;
        let is_full = row.cells.len() >= self.columns.len()
            && row.cells.last().is_some_and(|cell| !cell.text.is_empty());
        self.catalog.find_function(self.module?, names::alone(&cell.text))?;
        let next_is_function = row.cells.get(function).is_some_and(|cell| self.function(cell).is_ok());
        if is_full || at > function || next_is_function {
            return None;
        }
        let mut cells = row.cells.clone();
        cells.insert(at, Cell { text: String::new(), ..cell.clone() });
        Some(cells)
    }

    #[expect(clippy::unnecessary_box_returns, reason = "it is the error of a row, which stays small")]
    fn unknown_module(&self, cell: &Cell) -> Box<Problem> {
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
    }

    /// A row without a function: the one above goes on.
    fn goes_on(&mut self, mut cells: Cells<'_>, module: Option<&Cell>, row: &Row) -> Outcome {
        let asks = cells.has(Column::asks);
        if let Some(cell) = module.filter(|_| asks) {
            let help = "write the function, or * for all of the module".to_owned();
            return Err(self.problem(
                cell,
                format!("the row names the module {} and no function", cell.text),
                Some(help),
            ));
        }
        let Some(open) = self.open else {
            if asks {
                let help = "name the function in this row, or above it".to_owned();
                return Err(self.problem(&row.whole, "the row has no function".to_owned(), Some(help)));
            }
            return self.text(&row.whole, row.mark);
        };
        self.ask(open, &cells, (0, 1))?;
        cells.take(Column::asks);
        self.rest(open, 1, cells)?;
        Ok(Became::Entries(open, 1))
    }

    /// Verbs that stand where the function does, of the row above.
    fn go_on_with(&mut self, listed: &Listed, cells: Cells<'_>) -> Outcome {
        let open = self.open.unwrap_or_default();
        self.entries[open].ask_all(listed, None);
        self.rest(open, 1, cells)?;
        Ok(Became::Entries(open, 1))
    }

    /// What the cells under verbs ask of an entry, which is one of several in the row.
    fn ask(
        &mut self,
        entry: usize,
        cells: &Cells<'_>,
        (index, number): (usize, usize),
    ) -> Result<(), Box<Problem>> {
        let own = |cell: &Cell| {
            // As many lines as functions: one for each.
            let lines: Vec<_> = cell.text.lines().collect();
            match lines.get(index) {
                Some(line) if number > 1 && lines.len() == number => (*line).to_owned(),
                _ => cell.text.clone(),
            }
        };
        let mut default = None;
        for (_, _, cell) in cells.left.iter().filter(|(_, column, _)| *column == Column::Level) {
            let (said, rest) = verbs::cell(&own(cell));
            default = match said {
                Said::Level(level) => Some(level),
                Said::Nothing => Some(Level::None),
                Said::Needed => Some(Level::All),
                _ => {
                    let listed = self.listed(cell, &own(cell))?;
                    self.entries[entry].ask_all(&listed, None);
                    None
                }
            };
            self.entries[entry].remark(None, if default.is_some() { &rest } else { "" });
        }
        for (_, column, cell) in &cells.left {
            if let Column::Levels(verbs) = column {
                self.level(entry, *verbs, cell, &own(cell))?;
            }
        }
        let listed_cells: Vec<_> =
            cells.left.iter().filter(|(_, column, _)| *column == Column::Verbs).collect();
        for (_, _, cell) in &listed_cells {
            let listed = self.listed(cell, &own(cell))?;
            self.entries[entry].ask_all(&listed, default);
        }
        if let Some(level) = default.filter(|_| listed_cells.is_empty()) {
            for verb in Verb::ALL {
                self.entries[entry].ask(verb, level, true);
            }
        }
        Ok(())
    }

    fn listed(&self, cell: &Cell, text: &str) -> Result<Listed, Box<Problem>> {
        if let Some(verbs) = letters(text) {
            let verbs = verbs.into_iter().map(|verb| (verb, None)).collect();
            return Ok(Listed { verbs, ..Listed::default() });
        }
        if let (Said::Nothing, rest) = verbs::cell(text) {
            return Ok(Listed { level: Some(Level::None), rest, ..Listed::default() });
        }
        verbs::list(text).map_err(|word| {
            let help = "write verbs with their levels, such as \"Add, Edit = All; Inquire = My\"".to_owned();
            self.problem(cell, format!("\"{word}\" is neither a verb nor a level"), Some(help))
        })
    }

    /// One cell under the heading of a verb, or of several.
    fn level(
        &mut self,
        entry: usize,
        verbs: verbs::Verbs,
        cell: &Cell,
        text: &str,
    ) -> Result<(), Box<Problem>> {
        let (said, rest) = verbs::cell(text);
        let own = &mut self.entries[entry];
        match said {
            Said::Blank => {}
            Said::Nothing => own.says_none = true,
            Said::Level(level) => verbs.iter().for_each(|verb| own.ask(verb, level, false)),
            Said::Needed => verbs.iter().for_each(|verb| own.ask(verb, Level::All, true)),
            Said::Each(levels) if levels.len() == verbs.len() => {
                verbs.iter().zip(levels).for_each(|(verb, level)| own.ask(verb, level, false));
            }
            Said::Each(_) | Said::Strange => {
                // A cell may name its verbs itself.
                match verbs::list(text) {
                    Ok(listed) if !listed.verbs.is_empty() => own.ask_all(&listed, None),
                    _ => return Err(self.strange(cell, text)),
                }
                return Ok(());
            }
        }
        let verb = verbs.iter().next();
        own.remark(verb, &rest);
        Ok(())
    }

    #[expect(clippy::unnecessary_box_returns, reason = "it is the error of a row, which stays small")]
    fn strange(&self, cell: &Cell, text: &str) -> Box<Problem> {
        let text = super::super::entry::one_line(text);
        let repeats = ["\"", "''", "″", "”", "〃", "ditto", "same", "same as above", "as above"];
        if repeats.contains(&text.to_lowercase().as_str()) {
            let help = "write the level itself: All, My or None".to_owned();
            return self.problem(cell, format!("\"{text}\" repeats another row"), Some(help));
        }
        if matches!(verbs::cell(&text).0, Said::Each(_)) {
            let help = "give each verb a column of its own, or name the verb before its level".to_owned();
            return self.problem(cell, format!("\"{text}\" holds several levels for one verb"), Some(help));
        }
        let help = "write All, My or None, or x where the vendor gives no level".to_owned();
        self.problem(cell, format!("\"{text}\" is not a level"), Some(help))
    }

    /// What is left of a row once its levels were read: reasons, tables, and columns that are not used.
    fn rest(&mut self, first: usize, number: usize, mut cells: Cells<'_>) -> Result<(), Box<Problem>> {
        for (_, cell) in cells.take(|column| column == Column::Why) {
            self.entries[first..first + number].iter_mut().for_each(|entry| entry.reason(&cell.text));
        }
        for (_, cell) in cells.take(|column| column == Column::Tables) {
            self.tables_of(first, cell)?;
        }
        for (index, _, cell) in cells.left {
            let name = self.headings.get(index).filter(|name| !name.is_empty()).cloned();
            let name = name.unwrap_or_else(|| format!("number {}", index + 1));
            // "Required?": "Only for quotes"
            let lower = name.to_lowercase();
            let is_condition = ["required", "optional", "mandatory"].iter().any(|own| lower.contains(own));
            if is_condition && !matches!(verbs::cell(&cell.text).0, Said::Needed | Said::Level(_)) {
                let text = format!("{name} {}", cell.text);
                self.entries[first..first + number].iter_mut().for_each(|entry| entry.remark(None, &text));
                continue;
            }
            self.leave_out(cell, Why::Column(name));
        }
        Ok(())
    }

    /// Entries of a customise list that stand in a cell.
    fn tables_of(&mut self, entry: usize, cell: &Cell) -> Result<(), Box<Problem>> {
        let target = self.entries[entry].target;
        let is_table_setup = matches!(target, Target::Function(id) if self.catalog.is_table_setup(id));
        for name in cell.text.split([';', '\n', ',', '•']).map(str::trim).filter(|name| !name.is_empty()) {
            if name.ends_with(':') || matches!(verbs::cell(name).0, Said::Nothing) {
                continue;
            }
            let known = self.catalog.find_table(name).or_else(|| self.catalog.table_named(name));
            let known = known.filter(|_| is_table_setup);
            if is_table_setup && known.is_none() && !name.contains('/') {
                let help = self.catalog.suggest_table(name);
                return Err(self.problem(cell, format!("the table \"{name}\" has no category"), Some(help)));
            }
            let name = known.map_or_else(|| name.to_owned(), |table| table.name.clone());
            if !self.entries[entry].allow.contains(&name) {
                self.entries[entry].allow.push(name);
            }
        }
        Ok(())
    }
}
