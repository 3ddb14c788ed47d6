//! The catalog: every module, function and table that is known by name, with spellings, sensitivity,
//! powers, and what each permission is for. Read from `rules/catalog.toml`.

mod powers;
mod read;

use std::collections::HashMap;
use std::sync::Arc;

use super::problem::did_you_mean;
use crate::model::{FunctionRef, Setting, Severity, Verb, fold_function};
pub use powers::{Category, GivenKind, GivenPower, VerbPowers};

/// A module's place in the catalog, which is its place on the PSA's role screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub usize);

/// A function's place in the catalog, which is its place on the PSA's role screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub usize);

/// A module of the role screen, such as "Service Desk".
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name on the screen.
    pub name: String,
    /// Other spellings, accepted as input.
    pub spellings: Vec<String>,
}

/// A function of a module, such as "Service Tickets".
#[derive(Clone, Debug)]
pub struct Function {
    /// Its module.
    pub module: ModuleId,
    /// Its name on the screen, without "(customize)".
    pub name: String,
    /// Other spellings, accepted as input.
    pub spellings: Vec<String>,
    /// The PSA's own identifier (`moduleFunctionIdentifier`), where one is known.
    pub identifier: Option<String>,
    /// The API's `customizeIdentifier`, for a row with a "customize" link.
    pub customize: Option<String>,
    /// How much each verb exposes.
    pub sensitivity: Sensitivity,
    /// What each verb lets its holder do.
    pub powers: VerbPowers,
    /// What stops working without the grant.
    pub breaks: Option<String>,
    /// What the grant opens to whoever holds the key.
    pub exposes: Option<String>,
    /// GET paths under the API's base that need its Inquire.
    pub endpoints: Vec<String>,
}

impl Function {
    fn is_table_setup(&self) -> bool {
        self.customize.as_deref() == Some("SystemTableSetup")
    }
}

/// How much each verb of a function exposes; a verb that nobody rated is medium.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sensitivity([Option<Severity>; 4]);

impl Sensitivity {
    /// The rating of `verb`.
    #[must_use]
    pub fn of(&self, verb: Verb) -> Severity {
        self.0[verb as usize].unwrap_or(Severity::Medium)
    }

    /// Whether somebody rated `verb`.
    #[must_use]
    pub const fn is_rated(&self, verb: Verb) -> bool {
        self.0[verb as usize].is_some()
    }
}

/// An entry of Table Setup's customise list, such as "Service / Service Board".
#[derive(Clone, Debug)]
pub struct Table {
    /// `Category / Table`.
    pub name: String,
    /// Other spellings, accepted as input.
    pub spellings: Vec<String>,
    /// What each verb on it lets its holder do, its category's powers included.
    pub powers: VerbPowers,
    /// GET paths under the API's base that need it.
    pub endpoints: Vec<String>,
}

/// Every known module, function and table.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    modules: Vec<Module>,
    functions: Vec<Function>,
    /// Each function as findings name it, so that a name is kept once.
    references: Vec<Arc<FunctionRef>>,
    tables: Vec<Table>,
    categories: Vec<Category>,
    /// Nearly every row of a PSA spells names as the catalog does, and need not be folded to be found.
    modules_by_name: HashMap<String, ModuleId>,
    functions_by_name: Vec<HashMap<String, FunctionId>>,
    modules_by_fold: HashMap<String, ModuleId>,
    functions_by_fold: HashMap<(ModuleId, String), FunctionId>,
    functions_by_identifier: HashMap<String, FunctionId>,
    tables_by_fold: HashMap<String, usize>,
    /// By name without the category, which several may share.
    tables_by_own_name: HashMap<String, Vec<usize>>,
}

/// What a row of a role's settings turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A function of the catalog.
    Known(FunctionId),
    /// A function that the catalog does not know, in a module that it does or does not know.
    Unknown,
}

impl Catalog {
    /// The modules, in the order of the screen.
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The modules' ids, in the order of the screen.
    pub fn module_ids(&self) -> impl Iterator<Item = ModuleId> + use<> {
        (0..self.modules.len()).map(ModuleId)
    }

    /// The functions with their ids, in the order of the screen.
    pub fn functions(&self) -> impl Iterator<Item = (FunctionId, &Function)> {
        self.functions.iter().enumerate().map(|(index, function)| (FunctionId(index), function))
    }

    /// The tables of Table Setup that are known by name.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// One function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0]
    }

    /// One module's name.
    #[must_use]
    pub fn module_name(&self, id: ModuleId) -> &str {
        &self.modules[id.0].name
    }

    /// A function's module and name, as in `Service Desk / Service Tickets`.
    #[must_use]
    pub fn full_name(&self, id: FunctionId) -> String {
        let function = self.function(id);
        format!("{} / {}", self.module_name(function.module), function.name)
    }

    /// A function, as findings name it.
    #[must_use]
    pub fn reference(&self, id: FunctionId) -> Arc<FunctionRef> {
        Arc::clone(&self.references[id.0])
    }

    /// The module of this name, in any spelling.
    #[must_use]
    pub fn find_module(&self, name: &str) -> Option<ModuleId> {
        let by_name = self.modules_by_name.get(name);
        by_name.or_else(|| self.modules_by_fold.get(&fold_function(name))).copied()
    }

    /// The function of this name within a module, in any spelling.
    #[must_use]
    pub fn find_function(&self, module: ModuleId, name: &str) -> Option<FunctionId> {
        let by_name = self.functions_by_name.get(module.0)?.get(name);
        by_name.or_else(|| self.functions_by_fold.get(&(module, fold_function(name)))).copied()
    }

    /// The function that a reference names, in any spelling.
    #[must_use]
    pub fn find(&self, function: &FunctionRef) -> Option<FunctionId> {
        self.find_function(self.find_module(&function.module)?, &function.function)
    }

    /// The table of this name, in any spelling.
    #[must_use]
    pub fn find_table(&self, name: &str) -> Option<&Table> {
        self.tables_by_fold.get(&fold_function(name)).map(|&index| &self.tables[index])
    }

    /// The table that is meant by a name without its category, where only one has that name.
    #[must_use]
    pub fn table_named(&self, name: &str) -> Option<&Table> {
        match self.named(name) {
            [one] => Some(&self.tables[*one]),
            _ => None,
        }
    }

    fn named(&self, own_name: &str) -> &[usize] {
        self.tables_by_own_name.get(&fold_function(own_name)).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a verb of a function lets its holder do, at level All; at My, with own records only.
    #[must_use]
    pub fn powers_of(&self, id: FunctionId, verb: Verb) -> &[GivenPower] {
        self.function(id).powers.of(verb)
    }

    /// What a verb of Table Setup lets its holder do on one table; of a table that only a tenant has,
    /// what its category gives.
    #[must_use]
    pub fn powers_of_table(&self, name: &str, verb: Verb) -> &[GivenPower] {
        let own = self.find_table(name).map(|table| &table.powers);
        let of_category =
            || self.categories.iter().find(|category| category.holds(name)).map(|category| &category.powers);
        own.or_else(of_category).map(|powers| powers.of(verb)).unwrap_or_default()
    }

    /// What to write instead of a table's name that has no category.
    #[must_use]
    pub fn suggest_table(&self, name: &str) -> String {
        let all = self.tables.iter().map(|table| table.name.as_str());
        let named = self.named(name).first().map(|&index| self.tables[index].name.as_str());
        named.or_else(|| did_you_mean(name, all)).map_or_else(
            || "write it as Category / Table".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        )
    }

    /// Whether a function is System / Table Setup, whose customise list is one of tables.
    #[must_use]
    pub fn is_table_setup(&self, id: FunctionId) -> bool {
        self.function(id).is_table_setup()
    }

    /// The nearest module to a misspelled one.
    #[must_use]
    pub fn suggest_module(&self, name: &str) -> Option<&str> {
        did_you_mean(name, self.modules.iter().map(|module| module.name.as_str()))
    }

    /// The nearest function to a misspelled one, within its module first, then as `Module / Function`.
    #[must_use]
    pub fn suggest_function(&self, module: ModuleId, name: &str) -> Option<String> {
        let folded = fold_function(name);
        let elsewhere = || {
            let mut in_modules = self.module_ids().map(|module| (module, folded.clone()));
            let id = *in_modules.find_map(|key| self.functions_by_fold.get(&key))?;
            let function = self.function(id);
            Some(format!("\"{}\" of module {}", function.name, self.module_name(function.module)))
        };
        let here = self.functions.iter().filter(|function| function.module == module);
        elsewhere().or_else(|| {
            did_you_mean(name, here.map(|function| function.name.as_str())).map(|near| format!("\"{near}\""))
        })
    }

    /// Which function a row of a role's settings is about: by the PSA's identifier where the catalog
    /// has one, else by the folded name or description within the module. Never a guess.
    #[must_use]
    pub fn lookup(&self, setting: &Setting) -> Lookup {
        let by_identifier = setting
            .identifier
            .as_ref()
            .and_then(|identifier| self.functions_by_identifier.get(&identifier.to_lowercase()));
        if let Some(&id) = by_identifier {
            return Lookup::Known(id);
        }
        let Some(module) = self.find_module(&setting.module) else {
            return Lookup::Unknown;
        };
        let texts = std::iter::once(&setting.function).chain(&setting.description);
        texts
            .filter_map(|text| self.find_function(module, text))
            .find(|&id| self.function(id).identifier.is_none() || setting.identifier.is_none())
            .map_or(Lookup::Unknown, Lookup::Known)
    }
}
