//! Requirements: what a binding needs on one day, from its rule file, its features and its set-up.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{Level, Verb};
use crate::rules::{Basis, FunctionId, ModuleId, Need, Needs, RuleFile, Target};

/// The level that is needed of one verb, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The level.
    pub level: Level,
    /// The vendor states no level; All is read into it.
    pub implied: bool,
    /// How the source says so.
    pub basis: Basis,
    /// What it is for.
    pub why: Option<String>,
}

type Levels = [Option<Requirement>; 4];

/// What is needed, by function; and by module, for whole modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    functions: BTreeMap<FunctionId, Levels>,
    modules: BTreeMap<ModuleId, Levels>,
    allow: BTreeMap<FunctionId, BTreeSet<String>>,
}

impl Requirements {
    /// What `rules` ask for with these features on this day.
    #[must_use]
    pub fn of(rules: &RuleFile, features: &[String], setup_until: Option<Date>, as_of: Date) -> Self {
        let setup_is_over = setup_until.is_some_and(|until| as_of > until);
        let mut all = Self::default();
        all.add_needs(&rules.needs, setup_is_over);
        for feature in features {
            if let Some(feature) = rules.features.get(feature) {
                all.add_needs(&feature.needs, setup_is_over);
            }
        }
        all
    }

    /// What one feature asks for.
    #[must_use]
    pub fn of_feature(needs: &Needs) -> Self {
        let mut all = Self::default();
        all.add_needs(needs, false);
        all
    }

    fn add_needs(&mut self, needs: &Needs, setup_is_over: bool) {
        for (target, need) in &needs.rows {
            let levels = match target {
                Target::Function(id) => self.functions.entry(*id).or_default(),
                Target::Module(id) => self.modules.entry(*id).or_default(),
            };
            for verb in Verb::ALL {
                if let Some(requirement) = requirement(need, verb, setup_is_over) {
                    raise(&mut levels[verb as usize], &requirement);
                }
            }
            if let (Target::Function(id), Some(allow)) = (target, &need.allow) {
                self.allow.entry(*id).or_default().extend(allow.entries.iter().cloned());
            }
        }
    }

    /// Adds what another binding needs.
    pub fn join(&mut self, other: &Self) {
        for (id, levels) in &other.functions {
            raise_all(self.functions.entry(*id).or_default(), levels);
        }
        for (id, levels) in &other.modules {
            raise_all(self.modules.entry(*id).or_default(), levels);
        }
        for (id, entries) in &other.allow {
            self.allow.entry(*id).or_default().extend(entries.iter().cloned());
        }
    }

    /// The level that is needed of a function's verb.
    #[must_use]
    pub fn level(&self, function: FunctionId, module: ModuleId, verb: Verb) -> Level {
        let own = self.functions.get(&function).and_then(|levels| levels[verb as usize].as_ref());
        own.map_or(Level::None, |need| need.level).max(self.module_level(module, verb))
    }

    /// Whether a function is needed, and no entry of its customise list is named: what others name is no list for
    /// it, since that could take away what it needs.
    #[must_use]
    pub fn names_no_entry(&self, function: FunctionId, module: ModuleId) -> bool {
        let is_needed = Verb::ALL.into_iter().any(|verb| self.level(function, module, verb) > Level::None);
        is_needed && !self.allow().contains_key(&function)
    }

    /// The level that is needed of a verb on every function of a module.
    #[must_use]
    pub fn module_level(&self, module: ModuleId, verb: Verb) -> Level {
        let levels = self.modules.get(&module);
        levels.and_then(|levels| levels[verb as usize].as_ref()).map_or(Level::None, |need| need.level)
    }

    /// What a function's verb needs, for itself or with its whole module: the higher of the two.
    #[must_use]
    pub fn requirement(&self, function: FunctionId, module: ModuleId, verb: Verb) -> Option<&Requirement> {
        let own = self.functions.get(&function).and_then(|levels| levels[verb as usize].as_ref());
        let whole = self.modules.get(&module).and_then(|levels| levels[verb as usize].as_ref());
        match (own, whole) {
            (Some(own), Some(whole)) if whole.level > own.level => Some(whole),
            (own, whole) => own.or(whole),
        }
    }

    /// Every requirement on a single function, in the order of the screen.
    pub fn functions(&self) -> impl Iterator<Item = (FunctionId, Verb, &Requirement)> {
        self.functions.iter().flat_map(|(id, levels)| each(levels).map(|(verb, need)| (*id, verb, need)))
    }

    /// Every requirement on a whole module, in the order of the screen.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, Verb, &Requirement)> {
        self.modules.iter().flat_map(|(id, levels)| each(levels).map(|(verb, need)| (*id, verb, need)))
    }

    /// The entries that customise lists must allow, by function.
    #[must_use]
    pub const fn allow(&self) -> &BTreeMap<FunctionId, BTreeSet<String>> {
        &self.allow
    }

    /// Whether nothing at all is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.modules.is_empty() && self.allow.is_empty()
    }

    /// Whether both ask for the same access, whatever their reasons.
    #[must_use]
    pub fn same_access(&self, other: &Self) -> bool {
        fn levels<I: Copy + Ord>(map: &BTreeMap<I, Levels>) -> Vec<(I, [Level; 4])> {
            let level = |need: &Option<Requirement>| need.as_ref().map_or(Level::None, |need| need.level);
            let rows = map.iter().map(|(id, needs)| (*id, needs.each_ref().map(level)));
            rows.filter(|(_, levels)| *levels != [Level::None; 4]).collect()
        }
        levels(&self.functions) == levels(&other.functions)
            && levels(&self.modules) == levels(&other.modules)
            && self.allow == other.allow
    }
}

fn requirement(need: &Need, verb: Verb, setup_is_over: bool) -> Option<Requirement> {
    let level = need.level(verb).filter(|level| !(level.setup_only && setup_is_over))?;
    Some(Requirement { level: level.level, implied: level.implied, basis: need.basis, why: need.why.clone() })
}

fn raise(slot: &mut Option<Requirement>, to: &Requirement) {
    let is_more =
        |own: &Requirement| own.level < to.level || (own.level == to.level && own.implied && !to.implied);
    if slot.as_ref().is_none_or(is_more) {
        *slot = Some(to.clone());
    }
}

fn raise_all(levels: &mut Levels, to: &Levels) {
    for (slot, need) in levels.iter_mut().zip(to) {
        if let Some(need) = need {
            raise(slot, need);
        }
    }
}

fn each(levels: &Levels) -> impl Iterator<Item = (Verb, &Requirement)> {
    Verb::ALL.into_iter().zip(levels).filter_map(|(verb, need)| need.as_ref().map(|need| (verb, need)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use std::sync::Arc;

    use crate::access::Requirements;
    use crate::model::{Level, Verb};
    use crate::rules::{Catalog, Origin, RuleFile, built_in_catalog};

    fn catalog() -> Catalog {
        Arc::unwrap_or_clone(built_in_catalog().expect("the embedded catalog has no problems"))
    }

    fn of(needs: &str, catalog: &Catalog) -> Requirements {
        let text = format!("id = \"a\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n{needs}");
        let rules = RuleFile::parse("a.toml", &text, Origin::BuiltIn, catalog).expect("a rule file");
        Requirements::of(&rules, &[], None, date(2026, 11, 22))
    }

    #[test]
    fn of_a_function_and_its_module_the_higher_need_counts_and_of_equals_the_functions_own() {
        let catalog = catalog();
        let module = catalog.find_module("Companies").expect("a module");
        let contacts = catalog.find_function(module, "Contacts").expect("a function");
        let other = catalog.find_function(module, "Configurations").expect("a function");
        for (own, whole, level, why) in [
            ("My", "All", Level::All, "whole"),
            ("All", "My", Level::All, "own"),
            ("My", "My", Level::My, "own"),
        ] {
            let both = of(
                &format!(
                    "[needs.Companies]\n\"*\" = {{ edit = \"{whole}\", why = \"whole\" }}\nContacts = {{ edit = \"{own}\", why = \"own\" }}"
                ),
                &catalog,
            );
            let need = both.requirement(contacts, module, Verb::Edit).expect("a need");
            assert_eq!((need.level, need.why.as_deref()), (level, Some(why)), "{own} and {whole}");
            assert_eq!(both.level(contacts, module, Verb::Edit), level);
            assert_eq!(both.level(contacts, module, Verb::Add), Level::None);
            assert!(both.requirement(contacts, module, Verb::Add).is_none());
            let need = both.requirement(other, module, Verb::Edit).expect("the module's need");
            assert_eq!(
                (need.why.as_deref(), both.module_level(module, Verb::Edit)),
                (Some("whole"), need.level)
            );
        }
        let own = of("[needs.Companies]\nContacts = { edit = \"My\" }", &catalog);
        assert_eq!(own.requirement(contacts, module, Verb::Edit).map(|need| need.level), Some(Level::My));
        assert_eq!(own.module_level(module, Verb::Edit), Level::None);
        assert!(own.requirement(other, module, Verb::Edit).is_none());
    }

    #[test]
    fn joined_needs_are_the_higher_of_each_and_a_stated_one_beats_an_implied_one() {
        let catalog = catalog();
        let module = catalog.find_module("Companies").expect("a module");
        let contacts = catalog.find_function(module, "Contacts").expect("a function");
        let need = |row: &str| of(&format!("[needs.Companies]\nContacts = {{ {row} }}"), &catalog);
        for (one, other, level, implied) in [
            ("edit = \"My\"", "edit = \"All\", implied = true", Level::All, true),
            ("edit = \"All\"", "edit = \"All\", implied = true", Level::All, false),
            ("edit = \"All\", implied = true", "edit = \"My\"", Level::All, true),
        ] {
            for (first, second) in [(one, other), (other, one)] {
                let mut both = need(first);
                both.join(&need(second));
                let joined = both.requirement(contacts, module, Verb::Edit).expect("a need");
                assert_eq!((joined.level, joined.implied), (level, implied), "{first} and {second}");
            }
        }
        let mut none = Requirements::default();
        assert!(none.is_empty());
        none.join(&need("edit = \"My\""));
        assert!(!none.is_empty());
    }

    #[test]
    fn access_is_the_same_where_levels_and_tables_are_whatever_else_is_said() {
        let catalog = catalog();
        let contacts = |row: &str| of(&format!("[needs.Companies]\nContacts = {{ {row} }}"), &catalog);
        let mine = contacts("edit = \"My\"");
        assert!(mine.same_access(&contacts("edit = \"My\", why = \"other words\", basis = \"inferred\"")));
        assert!(mine.same_access(&contacts("edit = \"My\", add = \"None\"")));
        assert!(!mine.same_access(&contacts("edit = \"All\"")));
        assert!(!mine.same_access(&contacts("add = \"My\"")));
        assert!(!mine.same_access(&of("[needs.Companies]\n\"*\" = { edit = \"My\" }", &catalog)));
        assert!(!mine.same_access(&of("[needs.Companies]\nConfigurations = { edit = \"My\" }", &catalog)));
        let setup = |allow: &str| {
            of(&format!("[needs.System]\n\"Table Setup\" = {{ edit = \"My\", allow = [{allow}] }}"), &catalog)
        };
        assert!(setup("\"Service / Priority\"").same_access(&setup("\"Service / Priority\"")));
        assert!(!setup("\"Service / Priority\"").same_access(&setup("\"Service / Service Board\"")));
        let module =
            |level: &str| of(&format!("[needs.Companies]\n\"*\" = {{ edit = \"{level}\" }}"), &catalog);
        assert!(!module("My").same_access(&module("All")));
    }
}
