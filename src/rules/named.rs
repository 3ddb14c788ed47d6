//! Finding a function by what a person or a vendor wrote, with or without its module.

use super::catalog::{Catalog, FunctionId};
use super::problem::did_you_mean;

/// What stands between a module and its function, wherever people write both.
pub(crate) const BETWEEN: [char; 12] = ['/', '>', '／', '→', '»', '›', '➔', '➜', '⇒', '▸', ':', '\\'];

/// Every function that the text may mean: one where it names a module too.
pub(crate) fn candidates(text: &str, catalog: &Catalog) -> Vec<FunctionId> {
    // Names of functions hold slashes too: every one may be the one after the module.
    let splits = text.match_indices(BETWEEN).map(|(at, slash)| (&text[..at], &text[at + slash.len()..]));
    let whole = splits.filter_map(|(module, function)| {
        let module = catalog.find_module(module)?;
        catalog.find_function(module, function)
    });
    if let Some(id) = whole.into_iter().next() {
        return vec![id];
    }
    let mut found: Vec<_> =
        catalog.module_ids().filter_map(|module| catalog.find_function(module, text)).collect();
    found.dedup();
    found
}

/// The canonical `Module / Function` nearest to a misspelled one.
pub(crate) fn nearest(text: &str, catalog: &Catalog) -> Option<String> {
    if text.contains('/') {
        let full: Vec<_> = catalog.functions().map(|(id, _)| catalog.full_name(id)).collect();
        return did_you_mean(text, full.iter().map(String::as_str)).map(str::to_owned);
    }
    let name = did_you_mean(text, catalog.functions().map(|(_, function)| function.name.as_str()))?;
    catalog.functions().find(|(_, function)| function.name == name).map(|(id, _)| catalog.full_name(id))
}
