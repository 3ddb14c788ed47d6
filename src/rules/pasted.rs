//! What a vendor publishes, as it was pasted: needs, doubts, and every line that became neither.
//!
//! The form is recognised, its rows get their cells and lines, headings say what the columns hold, and
//! each row ends in a need, a doubt, or among what was left out, which is said.

mod above;
mod columns;
mod entry;
mod form;
mod html;
mod letters;
mod line;
mod markup;
mod names;
mod reader;
mod row;
mod said;
mod verbs;

use std::fmt;

use super::catalog::Catalog;
use super::need::{Needs, Target};
use super::problem::{Problem, Problems};
use form::Form;

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Pasted {
    /// What is asked for.
    pub needs: Needs,
    /// What the page leaves open.
    pub doubts: Vec<Doubt>,
    /// What became neither, in the order of the page.
    pub left_out: Vec<LeftOut>,
    /// What was read freely, as sentences.
    pub remarks: Vec<String>,
    /// Every row and line of the page, and what became of it.
    pub account: Vec<Accounted>,
    /// Tables with headings.
    pub tables: usize,
}

/// Something that the page leaves open about functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What it is about.
    pub functions: Vec<Target>,
    /// What stands there.
    pub text: String,
}

/// A row, or a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accounted {
    /// Its first and its last line.
    pub lines: (usize, usize),
    /// What became of it.
    pub fate: Fate,
}

/// What becomes of a row or a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is a heading, or the name of a module.
    Heading,
    /// It is in the needs.
    Need,
    /// It is in a doubt.
    Doubt,
    /// It is among what was left out.
    LeftOut,
}

/// A text that became neither need nor doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its line.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// Why it was left out.
    pub why: Why,
}

/// Why something was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is text, and names no right.
    Text,
    /// It is text, but may well be a row.
    LooksLikeRow,
    /// It asks for nothing.
    AsksForNothing,
    /// It is in a table that is not about rights.
    OtherTable,
    /// It is in a column that is not used.
    Column(String),
}

impl fmt::Display for Pasted {
    /// What was read and what was not, to be compared with the page: a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        said::write(self, f)
    }
}

/// Reads what was pasted, which problems call `file`.
///
/// # Errors
/// Every cell that was not understood, with the nearest right spelling.
pub fn read(file: &str, text: &str, catalog: &Catalog) -> Result<Pasted, Problems> {
    let problem = |line, message: &str, help: &str| Problem {
        file: file.to_owned(),
        line,
        column: 1,
        message: message.to_owned(),
        help: Some(help.to_owned()),
    };
    if text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok() {
        return Err(Problems(vec![problem(
            1,
            "this is JSON, and no page of a vendor",
            "the answers of a PSA are read by leastwise snapshot --from-responses, and then rules new --from-role",
        )]));
    }
    let (form, rows) = form::rows(text, catalog).map_err(|quote| {
        Problems(vec![problem(quote.0, "a quote starts here and does not end", "close it with \"")])
    })?;
    let (pasted, mut problems) = reader::read(file, form, &rows, catalog);
    if pasted.needs.is_empty() && problems.is_empty() {
        problems.extend(pasted.left_out.iter().filter(|own| own.why == Why::LooksLikeRow).map(|own| {
            let message = format!("\"{}\" may be a row, and names no function", entry::one_line(&own.text));
            problem(own.line, &message, "write it as Module > Function: Inquire = All")
        }));
    }
    if pasted.needs.is_empty() && problems.is_empty() {
        problems.push(if pasted.tables == 0 {
            problem(
                1,
                "no row of headings was found, and no line such as \"Companies > Contacts: Inquire = All\"",
                match form {
                    Form::Lines => {
                        "give the columns names: Module, Function, Add, Edit, Delete, Inquire, with tabs or commas between the cells; or write one row for each line"
                    }
                    _ => "give the columns names: Module, Function, Add, Edit, Delete, Inquire",
                },
            )
        } else {
            problem(
                1,
                "no row of the table asks for anything",
                "a level (All or My) or an x under Add, Edit, Delete or Inquire",
            )
        });
    }
    if problems.is_empty() {
        return Ok(pasted);
    }
    problems.sort();
    Err(Problems(problems))
}
