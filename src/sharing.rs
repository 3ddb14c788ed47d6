//! Sharing: what several integrations need of one role, who needs which part of it, and what none
//! of them needs.

use std::collections::BTreeSet;

use crate::access::{Compared, Granted, Requirements, Rights};
use crate::checks::Binding;
use crate::model::{Level, Verb};
use crate::rules::{Catalog, FunctionId, ModuleId, Target};

/// An integration on a role.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    /// Its rule file's id.
    pub id: String,
    /// What it needs.
    pub requirements: Requirements,
}

/// One party for each integration, with the needs of all its bindings.
pub(crate) fn parties<'b, 'a: 'b>(bindings: impl IntoIterator<Item = &'b Binding<'a>>) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    for binding in bindings {
        match parties.iter_mut().find(|party| party.id == binding.rules.id) {
            Some(party) => party.requirements.join(&binding.requirements),
            None => parties
                .push(Party { id: binding.rules.id.clone(), requirements: binding.requirements.clone() }),
        }
    }
    parties
}

impl Party {
    /// The level that it needs, for the function itself or with its whole module.
    #[must_use]
    pub(crate) fn level(&self, target: Target, verb: Verb, catalog: &Catalog) -> Level {
        match target {
            Target::Function(id) => self.requirements.level(id, catalog.function(id).module, verb),
            Target::Module(id) => self.requirements.module_level(id, verb),
        }
    }
}

/// Integrations on one role.
#[derive(Clone, Debug)]
pub(crate) struct Sharing<'c> {
    /// The integrations, in order of id.
    pub parties: Vec<Party>,
    catalog: &'c Catalog,
}

/// The levels of one row, verb by verb.
pub(crate) type Levels = [Level; 4];

/// A level that only one integration needs, and what the others need at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnlyOne {
    /// Which function or module.
    pub target: Target,
    /// Which verb.
    pub verb: Verb,
    /// What it needs.
    pub level: Level,
    /// The most that any other needs.
    pub others: Level,
}

/// A level that is granted above what anybody needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unneeded {
    /// `Module / Function`, in the catalog's names or the PSA's own.
    pub name: (String, String),
    /// Which verb.
    pub verb: Verb,
    /// What is granted; words where it was not understood.
    pub actual: String,
    /// What is needed.
    pub needed: Level,
    /// Whether the grant was understood, so that it certainly is above need.
    pub certain: bool,
}

impl<'c> Sharing<'c> {
    /// Puts integrations together.
    #[must_use]
    pub(crate) fn of(parties: Vec<Party>, catalog: &'c Catalog) -> Self {
        Self { parties, catalog }
    }

    /// Every function and module that anybody needs, in the order of the role screen.
    #[must_use]
    pub(crate) fn targets(&self) -> Vec<Target> {
        let mut places: BTreeSet<(ModuleId, Option<FunctionId>)> = BTreeSet::new();
        for party in &self.parties {
            let needs = &party.requirements;
            let functions = needs.functions().map(|(id, ..)| id).chain(needs.allow().keys().copied());
            places.extend(functions.map(|id| (self.catalog.function(id).module, Some(id))));
            places.extend(needs.modules().map(|(id, ..)| (id, None)));
        }
        places.into_iter().map(|(module, id)| id.map_or(Target::Module(module), Target::Function)).collect()
    }

    /// What all of them need together.
    #[must_use]
    pub(crate) fn union(&self, target: Target) -> Levels {
        Verb::ALL.map(|verb| {
            let levels = self.parties.iter().map(|party| party.level(target, verb, self.catalog));
            levels.max().unwrap_or_default()
        })
    }

    /// Who needs a verb, and at which level.
    pub(crate) fn who(&self, target: Target, verb: Verb) -> impl Iterator<Item = (&Party, Level)> {
        let all = self.parties.iter().map(move |party| (party, party.level(target, verb, self.catalog)));
        all.filter(|(_, level)| *level > Level::None)
    }

    /// The entries that a function's customise list must allow, with who needs each.
    #[must_use]
    pub(crate) fn tables(&self, function: FunctionId) -> Vec<(String, Vec<&str>)> {
        let of = |party: &Party| party.requirements.allow().get(&function).cloned().unwrap_or_default();
        let entries: BTreeSet<_> = self.parties.iter().flat_map(of).collect();
        let who = |entry: &String| {
            let by = self.parties.iter().filter(|party| of(party).contains(entry));
            by.map(|party| party.id.as_str()).collect()
        };
        entries.into_iter().map(|entry| (entry.clone(), who(&entry))).collect()
    }

    /// Who needs a function that has a customise list, and does not say which of the entries.
    pub(crate) fn unnamed(&self, function: FunctionId) -> impl Iterator<Item = &Party> {
        let module = self.catalog.function(function).module;
        self.parties.iter().filter(move |party| party.requirements.names_no_entry(function, module))
    }

    /// Whether everybody who needs a function names the entries of its customise list.
    #[must_use]
    pub(crate) fn names_list(&self, function: FunctionId) -> bool {
        self.unnamed(function).next().is_none() && !self.tables(function).is_empty()
    }

    /// What nobody but `party` needs at that level.
    #[must_use]
    pub(crate) fn only(&self, party: &Party) -> Vec<OnlyOne> {
        let mut rows = Vec::new();
        for target in self.targets() {
            for verb in Verb::ALL {
                let level = party.level(target, verb, self.catalog);
                let others = self.parties.iter().filter(|other| other.id != party.id);
                let others =
                    others.map(|other| other.level(target, verb, self.catalog)).max().unwrap_or_default();
                if level > others {
                    rows.push(OnlyOne { target, verb, level, others });
                }
            }
        }
        rows
    }

    /// What a role grants that none of them needs.
    #[must_use]
    pub(crate) fn unneeded(&self, rights: &Rights<'_>) -> Vec<Unneeded> {
        let mut rows = Vec::new();
        for (&id, row) in &rights.known {
            let function = self.catalog.function(id);
            let name = (self.catalog.module_name(function.module).to_owned(), function.name.clone());
            let union = self.union(Target::Function(id));
            for verb in Verb::ALL {
                rows.extend(above(&name, verb, &Granted::of(Some(row), verb), union[verb as usize]));
            }
        }
        for row in rights.unknown.values() {
            let function = row.function();
            let name = (function.module.to_string(), function.function.to_string());
            for verb in Verb::ALL {
                rows.extend(above(&name, verb, &Granted::of(Some(row), verb), Level::None));
            }
        }
        rows
    }
}

/// A permission in excess; one that was not understood is named as such, never passed over.
fn above(name: &(String, String), verb: Verb, granted: &Granted, needed: Level) -> Option<Unneeded> {
    let certain = match granted.compare(needed) {
        Compared::Meets | Compared::Missing(_) | Compared::NotOffered => return None,
        Compared::Excess(_) => true,
        Compared::Unknown => false,
    };
    Some(Unneeded { name: name.clone(), verb, actual: granted.to_string(), needed, certain })
}
