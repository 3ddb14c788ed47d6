//! Rights: a role's settings, each row found in the catalog or known to be unknown to it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::model::{FunctionRef, Grant, Setting, Verb};
use crate::rules::{Catalog, FunctionId, Lookup, ModuleId};

/// What a role says of one function.
#[derive(Clone, Debug)]
pub enum Row<'a> {
    /// One row, or several that say the same.
    One(&'a Setting),
    /// Several rows that disagree: nothing can be decided on them.
    Conflicting(Vec<&'a Setting>),
}

impl<'a> Row<'a> {
    /// The rows themselves: one, or several that disagree.
    #[must_use]
    pub fn settings(&self) -> &[&'a Setting] {
        match self {
            Self::One(setting) => std::slice::from_ref(setting),
            Self::Conflicting(settings) => settings,
        }
    }

    /// What was said about `verb`; `None` where rows disagree on it.
    #[must_use]
    pub fn grant(&self, verb: Verb) -> Option<&'a Grant> {
        let (first, rest) = self.settings().split_first()?;
        let first = first.grants.of(verb);
        rest.iter().all(|setting| setting.grants.of(verb) == first).then_some(first)
    }

    /// The function in the PSA's own words; of several spellings always the same one.
    #[must_use]
    pub fn function(&self) -> Arc<FunctionRef> {
        self.settings()
            .iter()
            .copied()
            .min_by_key(|setting| spelling(setting))
            .map_or_else(|| FunctionRef { module: "".into(), function: "".into() }, function_of)
            .into()
    }

    /// The line of the snapshot that shows it.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.settings().first().and_then(|setting| setting.line)
    }
}

fn function_of(setting: &Setting) -> FunctionRef {
    FunctionRef { module: setting.module.clone(), function: setting.function.clone() }
}

fn spelling(setting: &Setting) -> (&str, &str) {
    (&setting.module, &setting.function)
}

/// A role's settings by function.
#[derive(Clone, Debug, Default)]
pub struct Rights<'a> {
    /// Functions of the catalog, in the order of the screen.
    pub known: BTreeMap<FunctionId, Row<'a>>,
    /// Functions that the catalog does not know, by [`FunctionRef::key`].
    pub unknown: BTreeMap<String, Row<'a>>,
}

impl<'a> Rights<'a> {
    /// Looks up every row.
    #[must_use]
    pub fn new(settings: &'a [Setting], catalog: &Catalog) -> Self {
        let mut rights = Self::default();
        for setting in settings {
            match catalog.lookup(setting) {
                Lookup::Known(id) => add(&mut rights.known, id, setting),
                Lookup::Unknown => add(&mut rights.unknown, function_of(setting).key(), setting),
            }
        }
        rights
    }

    /// The functions of a module that the role has a row for.
    pub fn of_module<'r>(
        &'r self,
        module: ModuleId,
        catalog: &'r Catalog,
    ) -> impl Iterator<Item = FunctionId> + 'r {
        self.known.keys().copied().filter(move |&id| catalog.function(id).module == module)
    }

    /// The unknown rows of a module.
    pub fn unknown_of<'r>(
        &'r self,
        module: ModuleId,
        catalog: &'r Catalog,
    ) -> impl Iterator<Item = &'r Row<'a>> + 'r {
        self.unknown.values().filter(move |row| catalog.find_module(&row.function().module) == Some(module))
    }
}

fn add<'a, K: Ord>(rows: &mut BTreeMap<K, Row<'a>>, key: K, setting: &'a Setting) {
    match rows.entry(key) {
        Entry::Vacant(place) => {
            place.insert(Row::One(setting));
        }
        Entry::Occupied(mut place) => {
            let row = place.get_mut();
            match row {
                // Said twice. Of two spellings the same one is kept, whatever the order of the rows.
                Row::One(first) if first.grants == setting.grants => {
                    if spelling(setting) < spelling(first) {
                        *first = setting;
                    }
                }
                Row::One(first) => *row = Row::Conflicting(vec![*first, setting]),
                Row::Conflicting(settings) => settings.push(setting),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::access::{Rights, Row};
    use crate::checks::testing::setting;
    use crate::model::{Grant, Level, Setting, Verb};
    use crate::rules::built_in_catalog;

    fn row(module: &str, function: &str, level: Level, line: u32) -> Setting {
        Setting { line: Some(line), ..setting(module, function, &Grant::Level(level)) }
    }

    #[test]
    fn a_function_that_is_said_twice_alike_is_one_row_in_the_least_spelling_and_the_first_of_equals() {
        let catalog = built_in_catalog().expect("the embedded catalog has no problems");
        for rows in [
            [("Contacts", 2), ("Contact", 3), ("Contact", 4)],
            [("Contact", 3), ("Contacts", 4), ("contacts", 5)],
        ] {
            let settings = rows.map(|(name, line)| row("Companies", name, Level::My, line));
            let rights = Rights::new(&settings, &catalog);
            let all: Vec<_> = rights.known.values().collect();
            assert!(matches!(all.as_slice(), [Row::One(_)]), "{all:?}");
            assert_eq!((&*all[0].function().function, all[0].line()), ("Contact", Some(3)));
            assert_eq!(all[0].grant(Verb::Edit), Some(&Grant::Level(Level::My)));
        }
    }

    #[test]
    fn rows_that_disagree_tell_nothing_of_the_verbs_on_which_they_do() {
        let catalog = built_in_catalog().expect("the embedded catalog has no problems");
        let mut other = row("Companies", "Contact", Level::My, 3);
        other.grants.set(Verb::Edit, Grant::Level(Level::All));
        let settings =
            [row("Companies", "Contacts", Level::My, 2), other, row("Companies", "Contacts", Level::My, 4)];
        let rights = Rights::new(&settings, &catalog);
        let all: Vec<_> = rights.known.values().collect();
        assert!(matches!(all.as_slice(), [Row::Conflicting(rows)] if rows.len() == 3), "{all:?}");
        assert_eq!(all[0].grant(Verb::Edit), None);
        assert_eq!(all[0].grant(Verb::Add), Some(&Grant::Level(Level::My)));
        assert_eq!((&*all[0].function().function, all[0].line()), ("Contact", Some(2)));
    }

    #[test]
    fn rows_are_found_by_their_module_known_or_not() {
        let catalog = built_in_catalog().expect("the embedded catalog has no problems");
        let settings = [
            row("Companies", "Contacts", Level::My, 1),
            row("Companies", "Never Heard Of", Level::My, 2),
            row("System", "Never Heard Of", Level::My, 3),
            row("Nowhere", "Contacts", Level::My, 4),
        ];
        let rights = Rights::new(&settings, &catalog);
        let of = |name: &str| {
            let module = catalog.find_module(name).expect("a module");
            let known = rights.of_module(module, &catalog).count();
            (known, rights.unknown_of(module, &catalog).map(Row::line).collect::<Vec<_>>())
        };
        assert_eq!(of("Companies"), (1, vec![Some(2)]));
        assert_eq!(of("System"), (0, vec![Some(3)]));
        assert_eq!((rights.known.len(), rights.unknown.len()), (1, 3));
    }
}
