//! One line of text: between tables, below a function, or a list that has no table.

use super::{
    Became, Cell, Column, Entry, Footnote, Form, Level, Line, Mark, ModuleId, Outcome, Reader, Said, Target,
    Verb, Why, above, candidates, line, markup, names, verbs,
};

impl Reader<'_> {
    pub(super) fn text(&mut self, cell: &Cell, mark: Mark) -> Outcome {
        if let Some(id) = self.module_heading(cell) {
            self.module = Some(id);
            self.spoken_of = None;
            self.open = None;
            self.above = None;
            self.lists_tables = false;
            return Ok(Became::Heading);
        }
        if let Some(became) = self.footnote(cell, mark) {
            return Ok(became);
        }
        if Self::begins_tables(cell) {
            self.lists_tables = true;
            return Ok(Became::Heading);
        }
        if let Some(became) = self.table_entry(cell, mark) {
            return Ok(became);
        }
        if let Some(became) = self.waiting_level(cell) {
            return Ok(became);
        }
        // "Add the member to the role" is a sentence; "Add (at set-up)" goes on with the row above.
        let is_remark = |rest: &str| rest.is_empty() || rest.starts_with(['(', '[', '*', '†', '‡', '§']);
        let listed = verbs::list(&cell.text).ok().filter(|own| !own.is_empty() && is_remark(&own.rest));
        if let Some(listed) = listed {
            let Some(open) = self.open else { return Ok(self.leave_out(cell, Why::LooksLikeRow)) };
            self.entries[open].ask_all(&listed, None);
            return Ok(Became::Entries(open, 1));
        }
        self.line(cell, mark)
    }

    /// A line that names a module and nothing else.
    fn module_heading(&self, cell: &Cell) -> Option<ModuleId> {
        // "Management" may be a function of the module that is being read.
        let is_function =
            self.module.and_then(|id| self.catalog.find_function(id, names::alone(&cell.text))).is_some();
        names::module(&cell.text, self.catalog)
            .filter(|_| !is_function && names::beside(&cell.text).is_empty())
    }

    /// The text of a footnote to which a mark sends that was read.
    fn footnote(&mut self, cell: &Cell, mark: Mark) -> Option<Became> {
        let (own, text) = match (markup::footnote(&cell.text), mark) {
            (Some((own, text)), _) => (own, text.to_owned()),
            // A star with a blank behind it begins a point of a list, too.
            (None, Mark::Star) => ("*".to_owned(), cell.text.clone()),
            (None, _) => return None,
        };
        let is_sent_to = |entry: &Entry| entry.remarks.iter().any(|remark| remark.text.contains(&own));
        let is_row = self.catalog.find_table(&text).is_some()
            || matches!(line::read(&text, self.within(), self.catalog), Line::Row { .. });
        if is_row || !self.entries.iter().any(is_sent_to) {
            return None;
        }
        let first = self.entries.iter().position(is_sent_to)?;
        self.footnotes.push(Footnote { mark: own, text });
        Some(Became::Entries(first, 1))
    }

    /// "Customize:", "Allow access to these tables:".
    fn begins_tables(cell: &Cell) -> bool {
        const LONGEST: usize = 8;
        let lower = cell.text.to_lowercase();
        let words: Vec<_> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_list = |word: &&str| word.starts_with("customiz") || word.starts_with("customis");
        let plain = [
            "allow",
            "access",
            "to",
            "these",
            "the",
            "following",
            "tables",
            "table",
            "list",
            "entries",
            "link",
            "and",
            "for",
        ];
        let known = |word: &&str| is_list(word) || plain.contains(word);
        let says_so = words.iter().any(is_list) || (words.contains(&"allow") && words.contains(&"access"));
        says_so && words.len() <= LONGEST && words.iter().all(known)
    }

    /// An entry of Table Setup's list; or, below the words that begin one, of the open function's.
    fn table_entry(&mut self, cell: &Cell, mark: Mark) -> Option<Became> {
        let text = markup::marks(&cell.text).0.trim_end_matches([',', ';', '.']);
        if let Some(table) = self.catalog.find_table(text) {
            let name = table.name.clone();
            self.listed_tables.push((cell.line, name));
            return Some(Became::Tables);
        }
        if !self.lists_tables || !candidates(text, self.catalog).is_empty() {
            return None;
        }
        if let Some(open) = self.open.filter(|&open| self.has_own_list(open)) {
            self.entries[open].allow.push(text.to_owned());
            return Some(Became::Entries(open, 1));
        }
        let known = self.catalog.table_named(text).map(|table| table.name.clone());
        let has_category = text.split_once('/').is_some_and(|(category, name)| {
            !category.trim().is_empty() && !name.trim().is_empty() && text.len() < 80
        });
        match known.or_else(|| has_category.then(|| text.to_owned())) {
            Some(name) => {
                self.listed_tables.push((cell.line, name));
                Some(Became::Tables)
            }
            None => {
                self.lists_tables &= mark != Mark::Plain;
                None
            }
        }
    }

    /// Whether an entry is of a function with a customise list that is not one of tables.
    fn has_own_list(&self, entry: usize) -> bool {
        matches!(self.entries[entry].target, Target::Function(id)
            if self.catalog.function(id).customize.is_some() && !self.catalog.is_table_setup(id))
    }

    /// A level on a line of its own, below a function that waits for one in each column.
    fn waiting_level(&mut self, cell: &Cell) -> Option<Became> {
        let verbs: Vec<_> = self
            .columns
            .iter()
            .filter_map(|column| if let Column::Levels(verbs) = column { Some(*verbs) } else { None })
            .collect();
        let open = self.open.filter(|&open| self.entries[open].is_open())?;
        if verbs.is_empty() || !verbs::is_level(&cell.text) {
            return None;
        }
        self.entries[open].waiting.push(cell.clone());
        if self.entries[open].waiting.len() == verbs.len() {
            let waiting = std::mem::take(&mut self.entries[open].waiting);
            for (verbs, cell) in verbs.into_iter().zip(&waiting) {
                let (said, rest) = verbs::cell(&cell.text);
                let entry = &mut self.entries[open];
                for verb in verbs.iter() {
                    match said {
                        Said::Level(level) => entry.ask(verb, level, false),
                        Said::Needed => entry.ask(verb, Level::All, true),
                        _ => entry.says_none = true,
                    }
                }
                entry.remark(verbs.iter().next(), &rest);
            }
        }
        Some(Became::Entries(open, 1))
    }

    /// A row in one line, or text.
    fn line(&mut self, cell: &Cell, mark: Mark) -> Outcome {
        if let Some(listed) = above::of_what_follows(&cell.text) {
            self.above = Some(listed);
            return Ok(self.leave_out(cell, Why::Text));
        }
        let turned = line::with_module_in_front(&cell.text, self.catalog);
        match line::read(turned.as_deref().unwrap_or(&cell.text), self.within(), self.catalog) {
            Line::Row { functions, beside, listed } => {
                let listed = if listed.is_empty() { self.above.clone().unwrap_or(listed) } else { listed };
                let first = self.entries.len();
                for &id in &functions {
                    let entry = self.enter(Target::Function(id), cell);
                    self.entries[entry].ask_all(&listed, None);
                    self.entries[entry].remark(None, &beside);
                }
                Ok(Became::Entries(first, functions.len()))
            }
            Line::NoFunction { name, module, listed } if module.is_some() || self.form == Form::Lines => {
                let above = self.module;
                self.module = module.or(above);
                let found = self.function(&Cell { text: name, ..cell.clone() });
                self.module = above;
                match found {
                    // "Finance > All: Inquire = All"
                    Ok(target @ Target::Module(_)) => {
                        let entry = self.enter(target, cell);
                        self.entries[entry].ask_all(&listed, None);
                        Ok(Became::Entries(entry, 1))
                    }
                    Ok(_) => Ok(self.leave_out(cell, Why::LooksLikeRow)),
                    Err(problem) => Err(problem),
                }
            }
            Line::NoVerbs { word } => {
                let help =
                    "write verbs with their levels, such as \"Add, Edit = All; Inquire = My\"".to_owned();
                Err(self.problem(cell, format!("\"{word}\" is neither a verb nor a level"), Some(help)))
            }
            Line::NoFunction { .. } | Line::Text => {
                if let Some(id) = names::module_of_sentence(&cell.text, self.catalog) {
                    (self.module, self.spoken_of, self.open) = (None, Some(id), None);
                }
                // A paragraph ends a list; the points of one go on with it.
                if mark == Mark::Plain && self.form != Form::Lines {
                    self.open = None;
                }
                if mark == Mark::Plain {
                    self.above = None;
                }
                let why = if self.looks_like_row(&cell.text) { Why::LooksLikeRow } else { Why::Text };
                Ok(self.leave_out(cell, why))
            }
        }
    }

    /// Whether a text has a verb and a level or a function: what a row has.
    fn looks_like_row(&self, text: &str) -> bool {
        const LONGEST: usize = 30;
        let words: Vec<_> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        if words.len() > LONGEST {
            return false;
        }
        let has_verb = words.iter().any(|word| {
            Verb::ALL.iter().any(|verb| verb.as_str().eq_ignore_ascii_case(word))
                || word.eq_ignore_ascii_case("inquiry")
        });
        let has_level = words.iter().any(|word| matches!(*word, "All" | "My" | "Mine" | "None" | "ALL"));
        let lower = text.to_lowercase();
        let has_function = self.catalog.functions().any(|(_, function)| {
            function.name.contains(' ') && lower.contains(&function.name.to_lowercase())
        });
        (has_verb && (has_level || has_function)) || (has_level && has_function)
    }
}
