//! Reading a rule file: what is in it, what is wrong with it, and what could be better.

pub(super) mod keys;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::catalog::Catalog;
use super::document::Document;
use super::lint;
use super::problem::{Problem, Problems};
use super::rule_file::{Origin, RuleFile};
use crate::term::text::hex;

/// The days that a rule file is read by.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// The day by the clock: nobody read a source after it.
    pub today: Date,
    /// The day that staleness is judged by.
    pub as_of: Date,
}

/// What came of reading one rule file.
#[derive(Debug)]
pub struct Reading {
    /// The rule file; `None` where anything is wrong with it.
    pub rules: Option<RuleFile>,
    /// The id that it claims, right or wrong, and where it stands.
    pub id: Option<(String, Problem)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What could be better.
    pub warnings: Vec<Problem>,
}

impl RuleFile {
    /// Reads a rule file.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &str, text: &str, origin: Origin, catalog: &Catalog) -> Result<Self, Problems> {
        let reading = Self::examine(file, text, origin, catalog, None);
        reading.rules.ok_or(Problems(reading.problems))
    }

    /// Reads a rule file, whatever is wrong with it. Without `days`, no date is too late or too old.
    #[must_use]
    pub fn examine(file: &str, text: &str, origin: Origin, catalog: &Catalog, days: Option<Days>) -> Reading {
        let digest = hex(&Sha256::digest(text));
        let mut id_place = None;
        let examined = Document::new(file, text).examine(|root| {
            id_place = root.text("id").map(|id| {
                let taken = format!("the id \"{}\" is already that of ", id.value);
                let place = root.document.problem(&id.span, taken, None);
                (id.value, place)
            });
            if let Some(days) = days {
                keys::check_read(root, days.today);
            }
            let rules = keys::read(root, origin, digest, catalog)?;
            if let Some(days) = days {
                lint::warn(root, &rules, catalog, days.as_of);
            }
            Some(rules)
        });
        let is_sound = examined.problems.is_empty();
        Reading {
            rules: examined.result.flatten().filter(|_| is_sound),
            id: id_place,
            problems: examined.problems,
            warnings: examined.warnings,
        }
    }
}
