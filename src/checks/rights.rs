//! Rights: a role's settings, each row found in the catalog or known to be unknown to it.

use std::collections::BTreeMap;

use crate::model::{Grant, Setting, Verb};
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
    /// What was said about `verb`; `None` where rows disagree on it.
    #[must_use]
    pub fn grant(&self, verb: Verb) -> Option<&'a Grant> {
        match self {
            Self::One(setting) => Some(setting.grants.of(verb)),
            Self::Conflicting(settings) => {
                let first = settings.first()?.grants.of(verb);
                settings.iter().all(|setting| setting.grants.of(verb) == first).then_some(first)
            }
        }
    }

    /// The line of the snapshot that shows it.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::One(setting) => setting.line,
            Self::Conflicting(settings) => settings.first().and_then(|setting| setting.line),
        }
    }
}

/// A role's settings by function.
#[derive(Clone, Debug, Default)]
pub struct Rights<'a> {
    /// Functions of the catalog, in the order of the screen.
    pub known: BTreeMap<FunctionId, Row<'a>>,
    /// Rows that the catalog does not know.
    pub unknown: Vec<&'a Setting>,
}

impl<'a> Rights<'a> {
    /// Looks up every row.
    #[must_use]
    pub fn new(settings: &'a [Setting], catalog: &Catalog) -> Self {
        let mut rights = Self::default();
        for setting in settings {
            match catalog.lookup(setting) {
                Lookup::Known(id) => rights.add(id, setting),
                Lookup::Unknown => rights.unknown.push(setting),
            }
        }
        rights
    }

    fn add(&mut self, id: FunctionId, setting: &'a Setting) {
        match self.known.get_mut(&id) {
            None => {
                self.known.insert(id, Row::One(setting));
            }
            Some(Row::One(first)) if first.grants == setting.grants => {}
            Some(Row::One(first)) => {
                let both = vec![*first, setting];
                self.known.insert(id, Row::Conflicting(both));
            }
            Some(Row::Conflicting(settings)) => settings.push(setting),
        }
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
    ) -> impl Iterator<Item = &'a Setting> + 'r {
        self.unknown
            .iter()
            .copied()
            .filter(move |setting| catalog.find_module(&setting.module) == Some(module))
    }
}
