//! `NAME.expected.toml`: how the integration is bound, and the results that must come of it.

use std::fmt;

use jiff::civil::Date;

use crate::checks;
use crate::checks::{Finding, Status};
use crate::commands::find;
use crate::model::{CheckId, Verb};
use crate::rules::{Catalog, Document, Item, Problems, Section, did_you_mean};

/// What is expected of one snapshot.
#[derive(Debug)]
pub(super) struct Expected {
    /// The day of the audit; without one, the snapshot's.
    pub(super) as_of: Option<Date>,
    /// The binding, as `leastwise.toml` would declare it.
    pub(super) member: Option<String>,
    pub(super) role: Option<String>,
    pub(super) features: Vec<String>,
    pub(super) setup_until: Option<Date>,
    /// Every result that is a finding or unknown must be one of these.
    pub(super) results: Vec<ExpectedResult>,
}

/// One result, as far as it is told: what is left out may be anything.
#[derive(Debug)]
pub(super) struct ExpectedResult {
    check: CheckId,
    status: Status,
    /// The canonical `Module / Function`.
    function: Option<String>,
    verb: Option<Verb>,
    table: Option<String>,
    actual: Option<String>,
    required: Option<String>,
}

impl Expected {
    pub(super) fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Self, Problems> {
        Document::new(file, text).read(|root| Self {
            as_of: root.date("as_of").map(|date| date.value),
            member: root.text("member").map(|text| text.value),
            role: root.text("role").map(|text| text.value),
            features: root.texts("features").into_iter().map(|text| text.value).collect(),
            setup_until: root.date("setup_until").map(|date| date.value),
            results: root.sections("result").iter().filter_map(|result| read(result, catalog)).collect(),
        })
    }
}

fn read(section: &Section<'_, '_>, catalog: &Catalog) -> Option<ExpectedResult> {
    let check = section.required_text("check").and_then(|id| find_check(section, &id));
    let status = section.text("status").map_or(Some(Status::Fail), |word| {
        let status = Status::ALL.into_iter().find(|status| status.as_str() == word.value);
        if status.is_none() {
            let help = Some("fail, unknown, manual, pass, waived or notApplicable".to_owned());
            section.document.note(word.span, format!("\"{}\" is not a status", word.value), help);
        }
        status
    });
    let function = section.text("function").and_then(|text| match find::function(&text.value, catalog) {
        Ok(id) => Some(catalog.full_name(id)),
        Err(error) => {
            section.document.note(text.span, error.to_string(), None);
            None
        }
    });
    let verb = section.text("verb").and_then(|word| find_verb(section, &word));
    let text = |key| section.text(key).map(|text| text.value);
    let (table, actual, required) = (text("table"), text("actual"), text("required"));
    section.finish();
    Some(ExpectedResult { check: check?, status: status?, function, verb, table, actual, required })
}

fn find_check(section: &Section<'_, '_>, id: &Item<String>) -> Option<CheckId> {
    let found = checks::ALL.iter().find(|check| check.id == *id.value);
    if found.is_none() {
        let near = did_you_mean(&id.value, checks::ALL.iter().map(|check| check.id.as_str()));
        let help = near.map(|near| format!("did you mean \"{near}\"?"));
        section.document.note(id.span.clone(), format!("there is no check \"{}\"", id.value), help);
    }
    found.map(|check| check.id)
}

fn find_verb(section: &Section<'_, '_>, word: &Item<String>) -> Option<Verb> {
    let verb = Verb::from_word(&word.value);
    if verb.is_none() {
        let help = Some("add, edit, delete or inquire".to_owned());
        section.document.note(word.span.clone(), format!("\"{}\" is not a verb", word.value), help);
    }
    verb
}

/// Whether what is told is what was found; what is not told may be anything.
fn told<T: PartialEq>(told: Option<&T>, found: Option<&T>) -> bool {
    told.is_none() || told == found
}

impl ExpectedResult {
    /// Whether an finding is this result, as far as it is told.
    pub(super) fn is(&self, finding: &Finding) -> bool {
        let function = finding.function.as_ref().map(ToString::to_string);
        self.check == finding.check
            && self.status == finding.status
            && told(self.function.as_ref(), function.as_ref())
            && told(self.verb.as_ref(), finding.verb.as_ref())
            && self.table.as_deref().is_none_or(|own| finding.table.as_deref() == Some(own))
            && told(self.actual.as_ref(), finding.actual().as_ref())
            && told(self.required.as_ref(), finding.required().as_ref())
    }
}

impl fmt::Display for ExpectedResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.check, self.status)?;
        let verb = self.verb.map(|verb| verb.to_string());
        let parts = [
            ("on ", self.function.as_ref()),
            ("verb ", verb.as_ref()),
            ("table ", self.table.as_ref()),
            ("actual ", self.actual.as_ref()),
            ("required ", self.required.as_ref()),
        ];
        for (label, text) in parts {
            if let Some(text) = text {
                write!(f, ", {label}{text}")?;
            }
        }
        Ok(())
    }
}
