//! Reading the catalog, module by module and table by table.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::document::{Document, Section};
use super::super::problem::Problems;
use super::{Catalog, Category, Function, FunctionId, Module, ModuleId, Sensitivity, Table, VerbPowers};
use crate::model::{FunctionRef, Severity, Verb, fold_function};

impl Catalog {
    /// Reads a catalog file.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        Document::new(file, text).read(|root| {
            let mut catalog = Self::default();
            for module in root.sections("module") {
                catalog.read_module(&module);
            }
            for category in root.sections("category") {
                catalog.read_category(&category);
            }
            for table in root.sections("table") {
                catalog.read_table(&table);
            }
            catalog.derive_powers();
            catalog
        })
    }

    fn read_module(&mut self, section: &Section<'_, '_>) {
        let id = ModuleId(self.modules.len());
        if let Some(name) = section.required_text("name") {
            let spellings = values(section, "spellings");
            for spelling in std::iter::once(&name.value).chain(&spellings) {
                if self.modules_by_fold.insert(fold_function(spelling), id).is_some_and(|other| other != id) {
                    section.note(format!("\"{spelling}\" already names another module"), None);
                }
            }
            self.modules_by_name.insert(name.value.clone(), id);
            self.functions_by_name.push(HashMap::new());
            self.modules.push(Module { name: name.value, spellings });
            for function in section.sections("function") {
                self.read_function(id, &function);
            }
        }
        section.finish();
    }

    fn read_function(&mut self, module: ModuleId, section: &Section<'_, '_>) {
        let id = FunctionId(self.functions.len());
        let Some(name) = section.required_text("name") else {
            return;
        };
        let function = Function {
            module,
            name: name.value,
            spellings: values(section, "spellings"),
            identifier: section.text("identifier").map(|text| text.value),
            customize: section.text("customize").map(|text| text.value),
            sensitivity: read_sensitivity(section),
            powers: VerbPowers::read(section),
            breaks: section.text("breaks").map(|text| text.value),
            exposes: section.text("exposes").map(|text| text.value),
            endpoints: values(section, "endpoints"),
        };
        for spelling in std::iter::once(&function.name).chain(&function.spellings) {
            let key = (module, fold_function(spelling));
            if self.functions_by_fold.insert(key, id).is_some_and(|other| other != id) {
                section.note(format!("\"{spelling}\" already names another function of this module"), None);
            }
        }
        self.functions_by_name[module.0].insert(function.name.clone(), id);
        if let Some(identifier) = &function.identifier {
            self.functions_by_identifier.insert(identifier.to_lowercase(), id);
        }
        let module = self.modules.last().map_or("", |module| &module.name);
        let reference = FunctionRef { module: module.into(), function: function.name.as_str().into() };
        self.references.push(Arc::new(reference));
        self.functions.push(function);
        section.finish();
    }

    fn read_table(&mut self, section: &Section<'_, '_>) {
        let index = self.tables.len();
        if let Some(name) = section.required_text("name") {
            let spellings = values(section, "spellings");
            for spelling in std::iter::once(&name.value).chain(&spellings) {
                if self
                    .tables_by_fold
                    .insert(fold_function(spelling), index)
                    .is_some_and(|other| other != index)
                {
                    section.note(format!("\"{spelling}\" already names another table"), None);
                }
            }
            if let Some(own) = name.value.split(" / ").nth(1) {
                self.tables_by_own_name.entry(fold_function(own)).or_default().push(index);
            }
            let powers = VerbPowers::read(section);
            let endpoints = values(section, "endpoints");
            self.tables.push(Table { name: name.value, spellings, powers, endpoints });
        }
        section.finish();
    }

    fn read_category(&mut self, section: &Section<'_, '_>) {
        if let Some(name) = section.required_text("name") {
            self.categories.push(Category { name: name.value, powers: VerbPowers::read(section) });
        }
        section.finish();
    }

    /// What follows from sensitivity, from the tables behind Table Setup, and from tables' categories.
    fn derive_powers(&mut self) {
        let named = self.tables.iter().map(|table| (table.name.clone(), &table.powers));
        let whole =
            self.categories.iter().map(|category| (format!("{} / *", category.name), &category.powers));
        let tables: Vec<_> = named.chain(whole).collect();
        for function in &mut self.functions {
            function.powers.add_destroy(function.sensitivity.of(Verb::Delete));
            if function.is_table_setup() {
                function.powers.add_tables(&tables);
            }
        }
        for table in &mut self.tables {
            for category in self.categories.iter().filter(|category| category.holds(&table.name)) {
                table.powers.join(&category.powers);
            }
        }
    }
}

fn values(section: &Section<'_, '_>, key: &str) -> Vec<String> {
    section.texts(key).into_iter().map(|item| item.value).collect()
}

fn read_sensitivity(section: &Section<'_, '_>) -> Sensitivity {
    let mut sensitivity = Sensitivity::default();
    let Some(table) = section.section("sensitivity") else {
        return sensitivity;
    };
    for verb in Verb::ALL {
        let Some(word) = table.text(verb.as_str()) else {
            continue;
        };
        match word.value.parse() {
            Ok(severity) => sensitivity.0[verb as usize] = Some(severity),
            Err(_) => {
                let help = Some(format!("one of {}", Severity::words().join(", ")));
                section.document.note(word.span, format!("\"{}\" is not a severity", word.value), help);
            }
        }
    }
    table.finish();
    sensitivity
}
