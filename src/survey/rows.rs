//! Rows as they came: what is read of them, loosely.

use serde_json::Value;

use super::finding::Why;
use crate::model::{Level, fold_function};
use crate::source::connectwise::Form;

/// An answer, or why there is none.
pub(super) type Look = Result<Form, Why>;

/// The rows of a list.
pub(super) fn rows(look: &Look) -> Result<&[Value], Why> {
    match look {
        Ok(form) => form.body.as_array().map(Vec::as_slice).ok_or(Why::NoAnswer),
        Err(why) => Err(*why),
    }
}

/// The one object of an answer.
pub(super) fn object(look: &Look) -> Result<&Value, Why> {
    match look {
        Ok(form) if form.body.is_object() => Ok(&form.body),
        Ok(_) => Err(Why::NoAnswer),
        Err(why) => Err(*why),
    }
}

pub(super) fn id(row: &Value) -> Option<i64> {
    row["id"].as_i64()
}

/// A text that is not blank.
pub(super) fn text<'r>(row: &'r Value, field: &str) -> Option<&'r str> {
    row[field].as_str().filter(|text| !text.trim().is_empty())
}

/// The fields that hold levels.
pub(super) const LEVELS: [&str; 4] = ["addLevel", "editLevel", "deleteLevel", "inquireLevel"];

/// Module and function of a row of settings, folded.
pub(super) fn function(row: &Value) -> Option<(String, String)> {
    let name = text(row, "moduleFunctionName").or_else(|| text(row, "moduleFunctionDescription"))?;
    Some((fold_function(text(row, "moduleName")?), fold_function(name)))
}

/// Whether rows of settings give Inquire on a function that goes by one of these names; `None` where none of
/// them is there, or the level is not known.
pub(super) fn inquires(settings: &[Value], module: &str, functions: &[&str]) -> Option<bool> {
    let is_row = |row: &&Value| {
        let names = [text(row, "moduleFunctionName"), text(row, "moduleFunctionDescription")];
        text(row, "moduleName").is_some_and(|own| fold_function(own) == fold_function(module))
            && names
                .iter()
                .flatten()
                .any(|name| functions.iter().any(|own| fold_function(own) == fold_function(name)))
    };
    let row = settings.iter().find(is_row)?;
    Level::from_word(row["inquireLevel"].as_str()?).map(|level| level > Level::None)
}
