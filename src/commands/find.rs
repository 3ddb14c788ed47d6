//! Finding what a person typed: a function of the catalog in any spelling, or a vendor's integration.

use crate::error::Error;
use crate::rules::{Catalog, FunctionId};
pub(super) use crate::rules::{candidates, nearest};

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
