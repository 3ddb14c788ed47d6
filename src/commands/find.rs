//! Finding what a person typed: a function of the catalog in any spelling, or a vendor's integration.

use crate::error::Error;
use crate::rules::{Catalog, FunctionId, did_you_mean};

/// The function that a person means by `Module / Function`, or by a function's name that only one
/// module has; in any spelling, translations included.
///
/// # Errors
/// A name that is not known or not enough, with the nearest right one.
pub(super) fn function(text: &str, catalog: &Catalog) -> Result<FunctionId, Error> {
    match candidates(text, catalog).as_slice() {
        [one] => Ok(*one),
        [] => {
            let near = nearest(text, catalog).map_or_else(
                || "write it as \"Module / Function\", such as \"Service Desk / Service Tickets\"".to_owned(),
                |near| format!("did you mean \"{near}\"?"),
            );
            Err(Error::Usage(format!("there is no function \"{text}\": {near}")))
        }
        several => {
            let names: Vec<_> = several.iter().map(|&id| format!("\"{}\"", catalog.full_name(id))).collect();
            Err(Error::Usage(format!("several modules have \"{text}\": write {}", names.join(" or "))))
        }
    }
}

/// Every function that the text may mean: one where it names a module too.
pub(super) fn candidates(text: &str, catalog: &Catalog) -> Vec<FunctionId> {
    // Names of functions hold slashes too: every one may be the one after the module.
    let splits =
        text.match_indices(['/', '>', '／']).map(|(at, slash)| (&text[..at], &text[at + slash.len()..]));
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
pub(super) fn nearest(text: &str, catalog: &Catalog) -> Option<String> {
    if text.contains('/') {
        let full: Vec<_> = catalog.functions().map(|(id, _)| catalog.full_name(id)).collect();
        return did_you_mean(text, full.iter().map(String::as_str)).map(str::to_owned);
    }
    let name = did_you_mean(text, catalog.functions().map(|(_, function)| function.name.as_str()))?;
    catalog.functions().find(|(_, function)| function.name == name).map(|(id, _)| catalog.full_name(id))
}
