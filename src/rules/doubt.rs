//! Doubts: what a source leaves open about a function, so that nobody takes it for excess without a word.

use super::catalog::{Catalog, FunctionId};
use super::document::{Item, Section};

/// What the source leaves open about some functions that the file may not ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The functions that it is about, in the order of the file.
    pub functions: Vec<FunctionId>,
    /// What is not known.
    pub text: String,
}

/// Reads `[[doubt]]`.
pub(super) fn read(root: &Section<'_, '_>, catalog: &Catalog) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for row in root.sections("doubt") {
        if !row.has("functions") {
            row.missing("functions");
        }
        let names = row.texts("functions");
        if row.has("functions") && names.is_empty() {
            let help = Some("name at least one, as \"Module / Function\"".to_owned());
            row.note("the doubt is about no function", help);
        }
        let functions = names.iter().filter_map(|name| find(&row, name, catalog)).collect();
        let text = row.required_text("text");
        row.finish();
        doubts.extend(text.map(|text| Doubt { functions, text: text.value }));
    }
    doubts
}

/// A function as `Module / Function`, in any spelling.
fn find(row: &Section<'_, '_>, name: &Item<String>, catalog: &Catalog) -> Option<FunctionId> {
    let refuse = |help: String| {
        let message = format!("\"{}\" is not a function of the PSA", name.value);
        row.document.note(name.span.clone(), message, Some(help));
    };
    let Some((module, function)) = name.value.split_once(" / ") else {
        let mut anywhere =
            catalog.module_ids().filter_map(|module| catalog.find_function(module, &name.value));
        refuse(anywhere.next().map_or_else(
            || "write it as \"Module / Function\"".to_owned(),
            |id| format!("did you mean \"{}\"?", catalog.full_name(id)),
        ));
        return None;
    };
    let Some(module_id) = catalog.find_module(module) else {
        let near = catalog.suggest_module(module).map(|near| format!("did you mean the module \"{near}\"?"));
        refuse(near.unwrap_or_else(|| "write it as \"Module / Function\"".to_owned()));
        return None;
    };
    let id = catalog.find_function(module_id, function);
    match id {
        None => {
            let near = catalog.suggest_function(module_id, function);
            let help = near.map_or_else(
                || "`leastwise explain` knows all names".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            refuse(help);
        }
        Some(id) if catalog.full_name(id) != name.value => {
            let message = format!("\"{}\" is another spelling of \"{}\"", name.value, catalog.full_name(id));
            let help = Some(format!("write \"{}\"", catalog.full_name(id)));
            row.document.warn(name.span.clone(), message, help);
        }
        Some(_) => {}
    }
    id
}
