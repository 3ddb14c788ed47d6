//! What is known only when all rows were read: what goes together, what is a need, and what is a doubt.

use super::super::{Accounted, Doubt};
use super::{
    Became, Cell, Column, Entry, Fate, Footnote, LeftOut, Pasted, Problem, Reader, Target, Verb, Why,
};
use crate::rules::Needs;

/// What became of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Need,
    Doubt,
    Nothing,
}

impl Reader<'_> {
    /// Where no cell stands to the right of an empty one although rows have fewer than there are columns,
    /// empty cells may have been pushed to the row's end, and levels may stand under the wrong verbs.
    pub(super) fn check_for_moved_cells(&mut self) {
        let rows = std::mem::take(&mut self.filled);
        let inquire = self
            .columns
            .iter()
            .filter_map(|column| if let Column::Levels(verbs) = column { Some(*verbs) } else { None })
            .position(|verbs| verbs.iter().any(|verb| verb == Verb::Inquire));
        let Some(inquire) = inquire.filter(|&at| at > 0) else { return };
        let has_gap = |filled: &[bool]| filled.windows(2).any(|pair| !pair[0] && pair[1]);
        let is_short = |filled: &[bool]| filled.first() == Some(&true) && !filled[inquire];
        let short: Vec<_> =
            rows.iter().filter(|(_, filled)| is_short(filled)).map(|(entry, _)| *entry).collect();
        if short.is_empty() || rows.iter().any(|(_, filled)| has_gap(filled)) {
            return;
        }
        for &entry in &short {
            self.entries[entry].may_have_moved = true;
        }
        let names: Vec<_> =
            short.iter().map(|&entry| self.entries[entry].target.name(self.catalog)).collect();
        let lines = self.entries[short[0]].name.line;
        self.remarks.push(format!(
            "from line {lines} on, rows ask to change something without Inquire ({}), and no row has an empty cell before a filled one: empty cells may have been pushed to the rows' ends, and levels may stand under the wrong verbs; compare with the page",
            crate::term::text::join_few(&names, 12)
        ));
    }

    pub(super) fn finish(mut self) -> (Pasted, Vec<Problem>) {
        self.check_for_moved_cells();
        self.waiting_in_vain();
        let tables = self.place_tables();
        self.explain_marks();
        let merged = self.merge();
        let (mut needs, mut doubts) = (Vec::new(), Vec::new());
        let mut results = vec![Ended::Nothing; merged.len()];
        let mut moved = Vec::new();
        for (index, entry) in merged.iter().enumerate() {
            if let Some(text) = entry.doubt() {
                doubts.push(Doubt { functions: vec![entry.target], text });
                results[index] = Ended::Doubt;
            }
            if entry.asks() {
                needs.push((entry.target, entry.need()));
                results[index] = Ended::Need;
                if entry.may_have_moved {
                    moved.push(entry.target);
                }
            } else if !entry.says_none || !entry.allow.is_empty() {
                let list = if entry.allow.is_empty() {
                    String::new()
                } else {
                    format!("; its list: {}", entry.allow.join(", "))
                };
                let why =
                    if entry.why.is_empty() { String::new() } else { format!("; {}", entry.why.join("; ")) };
                let text = format!("The source names it without a verb{list}{why}.");
                doubts.push(Doubt { functions: vec![entry.target], text });
                results[index] = Ended::Doubt;
            } else if results[index] == Ended::Nothing {
                let text = [entry.name.text.clone()]
                    .into_iter()
                    .chain(entry.why.clone())
                    .collect::<Vec<_>>()
                    .join(": ");
                self.left_out.push(LeftOut { line: entry.name.line, text, why: Why::AsksForNothing });
            }
        }
        if !moved.is_empty() {
            let text =
                "The pasted rows may have lost empty cells: the source may ask for another verb.".to_owned();
            doubts.push(Doubt { functions: moved, text });
        }
        let account = self.accounts(&merged, &results, tables);
        self.left_out.sort_by_key(|own| own.line);
        let pasted = Pasted {
            needs: Needs::in_screen_order(needs, self.catalog),
            doubts,
            left_out: self.left_out,
            remarks: self.remarks,
            account,
            tables: self.tables,
        };
        (pasted, self.problems)
    }

    fn accounts(&self, merged: &[Entry], results: &[Ended], tables: Option<usize>) -> Vec<Accounted> {
        let of_entry = |entry: usize| {
            let target = self.entries[entry].target;
            merged.iter().position(|own| own.target == target).map_or(Ended::Nothing, |at| results[at])
        };
        let fate_of = |entry: usize| match of_entry(entry) {
            Ended::Need => Fate::Need,
            Ended::Doubt => Fate::Doubt,
            Ended::Nothing => Fate::LeftOut,
        };
        let fate = |became: Became| match became {
            Became::Heading => Fate::Heading,
            Became::Entries(first, number) => {
                let all: Vec<_> = (first..first + number).map(fate_of).collect();
                [Fate::Need, Fate::Doubt].into_iter().find(|fate| all.contains(fate)).unwrap_or(Fate::LeftOut)
            }
            Became::Tables => tables.map_or(Fate::LeftOut, fate_of),
            Became::LeftOut | Became::Wrong => Fate::LeftOut,
        };
        self.account.iter().map(|&(lines, became)| Accounted { lines, fate: fate(became) }).collect()
    }

    /// A function whose levels stand one to a line, and not one for each column.
    fn waiting_in_vain(&mut self) {
        let columns = self.columns.iter().filter(|column| matches!(column, Column::Levels(_))).count();
        let problems = self.entries.iter().filter_map(|entry| {
            let cell = entry.waiting.first()?;
            let message = format!(
                "below {} stand {} levels, one to a line, for {columns} columns",
                super::super::entry::one_line(&entry.name.text),
                entry.waiting.len()
            );
            let help = "put them into its row, an empty cell where there is none".to_owned();
            Some(*self.problem(cell, message, Some(help)))
        });
        let problems: Vec<_> = problems.collect();
        self.problems.extend(problems);
    }

    /// Tables that stand below the page's tables are those of Table Setup.
    fn place_tables(&mut self) -> Option<usize> {
        let tables = std::mem::take(&mut self.listed_tables);
        let first = tables.first()?;
        let is_setup =
            |target: Target| matches!(target, Target::Function(id) if self.catalog.is_table_setup(id));
        let place = self.entries.iter().rposition(|entry| is_setup(entry.target));
        let place = place.or_else(|| {
            let (id, _) = self.catalog.functions().find(|(id, _)| self.catalog.is_table_setup(*id))?;
            let name = Cell { text: "Table Setup".to_owned(), line: first.0, column: 1 };
            self.entries.push(Entry::new(Target::Function(id), name));
            Some(self.entries.len() - 1)
        });
        let entry = self.entries.get_mut(place?)?;
        for (_, name) in tables {
            if !entry.allow.contains(&name) {
                entry.allow.push(name);
            }
        }
        place
    }

    /// A mark is followed by what its footnote says.
    fn explain_marks(&mut self) {
        for Footnote { mark, text } in &self.footnotes {
            for remark in self.entries.iter_mut().flat_map(|entry| &mut entry.remarks) {
                let is_sent = remark.text.contains(mark.as_str()) && !remark.text.contains(text.as_str());
                if is_sent {
                    remark.text = format!("{} {text}", remark.text);
                }
            }
        }
    }

    /// A function that stands twice needs the higher of both.
    fn merge(&mut self) -> Vec<Entry> {
        let mut merged: Vec<Entry> = Vec::new();
        for entry in &self.entries {
            match merged.iter_mut().find(|own| own.target == entry.target) {
                Some(own) => {
                    let mut both = own.levels.iter().zip(&entry.levels);
                    if both.any(|(one, other)| one.is_some() && other.is_some()) {
                        let name = entry.target.name(self.catalog);
                        self.remarks.push(format!(
                            "{name} is there twice (lines {} and {}); the higher levels are taken",
                            own.name.line, entry.name.line
                        ));
                    }
                    own.join(entry.clone());
                }
                None => merged.push(entry.clone()),
            }
        }
        merged
    }
}
