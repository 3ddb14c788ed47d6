//! Changes: what rule files ask for now that they did not, and the other way round.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::Catalog;
use super::library::Library;
use super::need::{Needs, Target};
use super::rule_file::RuleFile;
use crate::model::{Level, Verb};

/// What changed between two libraries.
#[derive(Debug, Default)]
pub struct RuleChanges<'l> {
    /// Rule files that are new.
    pub added: Vec<&'l RuleFile>,
    /// Rule files that are gone.
    pub removed: Vec<&'l RuleFile>,
    /// Rule files whose needs are others.
    pub changed: Vec<ChangedFile<'l>>,
}

/// A rule file whose needs are others.
#[derive(Debug)]
pub struct ChangedFile<'l> {
    /// As it was.
    pub old: &'l RuleFile,
    /// As it is.
    pub new: &'l RuleFile,
    /// Verbs whose level changed.
    pub levels: Vec<ChangedLevel>,
    /// Entries of customise lists that came or went.
    pub tables: Vec<ChangedTable>,
}

/// A verb whose level changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedLevel {
    /// Of this feature; `None` of the base.
    pub feature: Option<String>,
    /// Which function or module.
    pub target: Target,
    /// Which verb.
    pub verb: Verb,
    /// What was asked for.
    pub before: Level,
    /// What is asked for.
    pub now: Level,
}

/// An entry of a customise list that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedTable {
    /// Of this feature; `None` of the base.
    pub feature: Option<String>,
    /// Which function.
    pub target: Target,
    /// Which entry.
    pub entry: String,
    /// Whether it came.
    pub came: bool,
}

impl<'l> RuleChanges<'l> {
    /// Compares two libraries by id.
    #[must_use]
    pub fn between(old: &'l Library, new: &'l Library) -> Self {
        let mut changes = Self {
            added: new.iter().filter(|rules| old.get(&rules.id).is_none()).collect(),
            removed: old.iter().filter(|rules| new.get(&rules.id).is_none()).collect(),
            changed: Vec::new(),
        };
        for before in old.iter() {
            let Some(now) = new.get(&before.id) else { continue };
            let file = ChangedFile::between(before, now, &new.catalog);
            if !(file.levels.is_empty() && file.tables.is_empty()) {
                changes.changed.push(file);
            }
        }
        changes
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

impl<'l> ChangedFile<'l> {
    fn between(old: &'l RuleFile, new: &'l RuleFile, catalog: &Catalog) -> Self {
        let mut changed = Self { old, new, levels: Vec::new(), tables: Vec::new() };
        let parts = |rules: &'l RuleFile| rules.all_needs().collect::<BTreeMap<_, _>>();
        let (before, now) = (parts(old), parts(new));
        let nothing = Needs::default();
        let names: BTreeSet<_> = before.keys().chain(now.keys()).copied().collect();
        for name in names {
            let before = before.get(&name).copied().unwrap_or(&nothing);
            let now = now.get(&name).copied().unwrap_or(&nothing);
            changed.compare(name, before, now, catalog);
        }
        changed
    }

    fn compare(&mut self, feature: Option<&str>, before: &Needs, now: &Needs, catalog: &Catalog) {
        let targets = before.rows.iter().chain(&now.rows).map(|(target, _)| *target);
        let mut targets: Vec<_> = targets.collect();
        targets.sort_by_key(|target| target.place(catalog));
        targets.dedup();
        for target in targets {
            let level = |needs: &Needs, verb| needs.level(target, verb, catalog);
            for verb in Verb::ALL {
                let (before, now) = (level(before, verb), level(now, verb));
                if before != now {
                    let feature = feature.map(str::to_owned);
                    self.levels.push(ChangedLevel { feature, target, verb, before, now });
                }
            }
            let entries = |needs: &Needs| -> BTreeSet<String> {
                let allow = needs.of(target).and_then(|need| need.allow.as_ref());
                allow.map(|allow| allow.entries.iter().cloned().collect()).unwrap_or_default()
            };
            let (before, now) = (entries(before), entries(now));
            for entry in before.symmetric_difference(&now) {
                let came = now.contains(entry);
                let feature = feature.map(str::to_owned);
                self.tables.push(ChangedTable { feature, target, entry: entry.clone(), came });
            }
        }
    }
}
