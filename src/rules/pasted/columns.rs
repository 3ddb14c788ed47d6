//! What the columns of a vendor's table hold: by what their headings say, and by what stands in them.

use super::super::catalog::{Catalog, ModuleId};
use super::super::named::candidates;
use super::letters::letters;
use super::names;
use super::row::{Cell, Row};
use super::verbs::{self, Said, Verbs};
use crate::model::{Level, Verb};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Module,
    Function,
    /// The level of one verb, or of several.
    Levels(Verbs),
    /// Verbs, with or without levels.
    Verbs,
    /// The level of all the row's verbs.
    Level,
    Why,
    Tables,
    Other,
    /// Levels, but nothing says of which verb.
    Nameless,
}

impl Column {
    /// Whether it says what is asked for.
    pub(super) const fn asks(self) -> bool {
        matches!(self, Self::Levels(_) | Self::Verbs | Self::Level)
    }
}

/// What a heading may mean by its words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    Means(Column),
    /// Permission, action, right: the function or the verbs.
    Either,
    Blank,
    Unknown,
}

/// The columns of the PSA's own screen.
const OF_SCREEN: [Column; 6] = [
    Column::Module,
    Column::Function,
    Column::Levels(Verbs::ADD),
    Column::Levels(Verbs::EDIT),
    Column::Levels(Verbs::DELETE),
    Column::Levels(Verbs::INQUIRE),
];

/// Whether a cell can only be a heading.
pub(super) fn is_heading(text: &str) -> bool {
    matches!(heading(text), Heading::Means(_) | Heading::Either)
}

/// Whether headings name verbs, and what those are of.
pub(super) fn name_verbs(cells: &[Cell]) -> bool {
    let headings = headings(cells);
    let verbs = headings.iter().filter(|own| matches!(own, Heading::Means(Column::Levels(_)))).count();
    let says_what = headings.iter().any(|own| match own {
        Heading::Means(column) => column.asks() || *column == Column::Tables,
        Heading::Either => true,
        Heading::Blank | Heading::Unknown => false,
    });
    let says_of_what = headings
        .iter()
        .any(|own| matches!(own, Heading::Means(Column::Module | Column::Function | Column::Why)));
    let either = headings.iter().filter(|own| **own == Heading::Either).count();
    verbs > 1 || (says_what && says_of_what) || (either > 0 && (either > 1 || verbs > 0))
}

/// Whether a row has a level or a function in it, which headings have not.
pub(super) fn are_values(cells: &[Cell], catalog: &Catalog) -> bool {
    let is_value = |cell: &Cell| {
        let text = names::alone(&cell.text);
        // "Required" is a value, and "Required access" is none.
        let is_phrase = cell.text.contains(' ') && is_heading(&cell.text);
        let is_level =
            verbs::is_level(&cell.text) && !(is_phrase && verbs::cell(&cell.text).0 == Said::Needed);
        // "Notes" may be either; of several words, a name is no heading.
        let may_be_name = !is_heading(&cell.text) || cell.text.contains(' ');
        is_level || (may_be_name && !candidates(text, catalog).is_empty())
    };
    cells.iter().filter(|cell| !cell.text.is_empty()).any(is_value)
}

/// Whether these are headings of a table of permissions. The first may be the name of a module.
pub(super) fn are_headings(cells: &[Cell], catalog: &Catalog) -> bool {
    let filled = cells.iter().filter(|cell| !cell.text.is_empty()).count();
    // A row that asks for a verb on a module names the module; headings do so only in front of two verbs.
    filled > 1 && name_verbs(cells) && !are_values(cells, catalog)
}

/// Whether a row looks like one of the PSA's own screen.
pub(super) fn are_of_screen(cells: &[Cell], catalog: &Catalog) -> bool {
    of_screen(cells, catalog).is_some()
}

/// The columns of a row that looks like one of the PSA's own screen.
pub(super) fn of_screen(cells: &[Cell], catalog: &Catalog) -> Option<&'static [Column]> {
    let first = cells.first()?;
    let columns = if cells.len() >= OF_SCREEN.len() && catalog.find_module(&first.text).is_some() {
        OF_SCREEN.as_slice()
    } else if cells.len() >= OF_SCREEN.len() - 1 && !candidates(names::alone(&first.text), catalog).is_empty()
    {
        &OF_SCREEN[1..]
    } else {
        return None;
    };
    let cells = columns.iter().zip(cells).filter(|(column, _)| column.asks());
    cells.clone().any(|(_, cell)| verbs::is_level(&cell.text)).then_some(columns)
}

/// The columns that a row of headings names, and the module that stands in place of a heading.
///
/// What holds names is found out from the rows below, since vendors call it anything.
pub(super) fn of_headings(
    headings: &Row,
    body: &[&Row],
    catalog: &Catalog,
) -> Option<(Vec<Column>, Option<ModuleId>)> {
    let by_words = self::headings(&headings.cells);
    let module = headings.cells.iter().zip(&by_words).find_map(|(cell, own)| {
        (*own == Heading::Unknown).then(|| names::module(&cell.text, catalog)).flatten()
    });
    let hits = |column: usize, is_hit: &dyn Fn(&str) -> bool| {
        let cells = body.iter().filter_map(|row| row.cells.get(column));
        cells.filter(|cell| !cell.text.is_empty() && is_hit(&cell.text)).count()
    };
    let is_function = |text: &str| !candidates(names::alone(text), catalog).is_empty();
    let is_module = |text: &str| names::module(text, catalog).is_some();
    let may_name = |index: &usize| {
        !matches!(by_words[*index], Heading::Means(Column::Levels(_) | Column::Tables | Column::Level))
    };
    // The most names; of as many, the column that says so, then the first.
    let best = |taken: Option<usize>, means: Column, is_hit: &dyn Fn(&str) -> bool| {
        let columns = (0..by_words.len()).filter(may_name).filter(|index| Some(*index) != taken);
        let scored =
            columns.map(|index| (hits(index, is_hit), by_words[index] == Heading::Means(means), index));
        let best =
            scored.max_by_key(|&(hits, is_named, index)| (hits, is_named, std::cmp::Reverse(index)))?;
        (best.0 > 0).then_some(best.2)
    };
    let by_name = |taken: Option<usize>, wanted: &[Heading]| {
        wanted.iter().find_map(|heading| {
            (0..by_words.len()).rfind(|&index| Some(index) != taken && by_words[index] == *heading)
        })
    };
    let function = best(None, Column::Function, &is_function).or_else(|| {
        let order = [
            Heading::Means(Column::Function),
            Heading::Blank,
            Heading::Means(Column::Module),
            Heading::Either,
            Heading::Unknown,
            Heading::Means(Column::Why),
        ];
        by_name(None, &order)
    })?;
    let module_column = best(Some(function), Column::Module, &is_module)
        .or_else(|| by_name(Some(function), &[Heading::Means(Column::Module)]));
    let is_said = |text: &str, has_verbs: bool| {
        verbs::list(text).is_ok_and(|said| {
            (said.rest.is_empty() || said.rest == verbs::WRITE_IS_BOTH) && said.verbs.is_empty() != has_verbs
        })
    };
    let names_verbs = |text: &str| is_said(text, true);
    let is_bare_level = |text: &str| is_said(text, false) || matches!(verbs::cell(text).0, Said::Level(_));
    let mut columns: Vec<_> = (0..by_words.len())
        .map(|index| match by_words[index] {
            _ if index == function => Column::Function,
            _ if Some(index) == module_column => Column::Module,
            Heading::Means(Column::Module | Column::Function) | Heading::Blank | Heading::Unknown => {
                let filled = hits(index, &|_| true);
                let verbs = hits(index, &names_verbs);
                let levels = hits(index, &is_bare_level);
                if filled > 0 && (verbs + levels) * 2 > filled {
                    if verbs > 0 { Column::Verbs } else { Column::Nameless }
                } else {
                    Column::Other
                }
            }
            Heading::Either => Column::Verbs,
            Heading::Means(column) => column,
        })
        .collect();
    // One column of levels is of the verbs beside it or, where nothing else asks, of all four.
    let asking = columns.iter().filter(|column| column.asks()).count();
    let verbs = columns.iter().filter(|column| **column == Column::Verbs).count();
    let nameless = columns.iter().filter(|column| **column == Column::Nameless).count();
    if nameless == 1 && asking == verbs {
        let own = if verbs > 0 { Column::Level } else { Column::Verbs };
        columns.iter_mut().filter(|column| **column == Column::Nameless).for_each(|column| *column = own);
    }
    let is_of_rights = |column: &Column| column.asks() || matches!(column, Column::Tables | Column::Nameless);
    columns.iter().any(is_of_rights).then_some((columns, module))
}

/// What the headings of one row mean: a letter may be a verb's beside others, and Write is Add, too, where no
/// column has that.
fn headings(cells: &[Cell]) -> Vec<Heading> {
    const FEWEST: usize = 3;
    let mut headings: Vec<_> = cells.iter().map(|cell| heading(&cell.text)).collect();
    let letters: Vec<_> =
        cells.iter().map(|cell| letters(&cell.text).filter(|verbs| verbs.len() == 1)).collect();
    if letters.iter().flatten().count() >= FEWEST {
        for (own, verbs) in headings.iter_mut().zip(letters) {
            if let Some(verbs) = verbs {
                *own = Heading::Means(Column::Levels(Verbs::of(&verbs)));
            }
        }
    }
    let adds = headings.iter().any(
        |own| matches!(own, Heading::Means(Column::Levels(verbs)) if verbs.iter().any(|verb| verb == Verb::Add)),
    );
    for (own, _) in headings.iter_mut().zip(cells).filter(|(_, cell)| !adds && is_write(&cell.text)) {
        if let Heading::Means(Column::Levels(verbs)) = own {
            let verbs: Vec<_> = std::iter::once(Verb::Add).chain(verbs.iter()).collect();
            *own = Heading::Means(Column::Levels(Verbs::of(&verbs)));
        }
    }
    headings
}

/// Whether a heading has the word "write".
pub(super) fn is_write(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("write"))
}

fn heading(text: &str) -> Heading {
    const LONGEST: usize = 6;
    let lower = text.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Heading::Blank;
    }
    // "Add Level: All" is a value.
    let is_said = verbs::list(text).is_ok_and(|said| said.verbs.iter().any(|(_, level)| level.is_some()));
    if words.len() > LONGEST || Level::from_word(&lower).is_some() || is_said {
        return Heading::Unknown;
    }
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let verbs: Vec<_> = words.iter().filter_map(|word| verbs::verb(word)).collect();
    let is_filler = |word: &&str| {
        ["level", "levels", "access", "permission", "permissions", "right", "rights", "and", "or", "required"]
            .contains(word)
    };
    if !verbs.is_empty() && words.iter().all(|word| verbs::verb(word).is_some() || is_filler(word)) {
        return Heading::Means(Column::Levels(Verbs::of(&verbs)));
    }
    let is_list = |word: &&str| word.starts_with("customiz") || word.starts_with("customis");
    if words.iter().any(is_list) || has(&["table", "tables", "allow", "allowed"]) {
        return Heading::Means(Column::Tables);
    }
    if has(&["level", "levels"]) {
        return Heading::Means(if words.len() == 1 { Column::Level } else { Column::Verbs });
    }
    if has(&[
        "function",
        "functions",
        "sub",
        "submodule",
        "subcategory",
        "feature",
        "item",
        "setting",
        "parameter",
    ]) {
        return Heading::Means(Column::Function);
    }
    if has(&["module", "modules", "category", "area", "section", "group"]) {
        return Heading::Means(Column::Module);
    }
    if has(&["permission", "permissions", "action", "actions", "right", "rights"]) && words.len() <= 2 {
        return Heading::Either;
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
        "details",
    ]) {
        return Heading::Means(Column::Why);
    }
    if has(&["access", "operations", "verbs", "crud"]) {
        return Heading::Means(Column::Verbs);
    }
    if has(&["name", "privilege", "line", "row", "option", "object"]) && words.len() <= 3 {
        return Heading::Means(Column::Function);
    }
    Heading::Unknown
}
