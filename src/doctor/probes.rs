//! Probes: which endpoints the integration uses, what opens each, and how they answered.

use std::collections::BTreeSet;

use super::Doctor;
use super::connection::cause_of;
use super::facts::{Answer, Facts, Opener, Probe};
use super::rights::of;
use super::step::{Step, StepId};
use crate::access::Requirements;
use crate::checks::{Finding, Status};
use crate::model::{CheckId, Verb};
use crate::rules::Table;
use crate::term::text::{count, join_and};

/// An endpoint to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The path below the API's base.
    pub path: String,
    /// What opens it.
    pub opened_by: Opener,
    /// Whether the integration uses it.
    pub needed: bool,
}

/// What the integration uses, in the order of the role screen: the endpoints of the functions and tables
/// that it needs, then what else its rule file names.
#[must_use]
pub(super) fn needed(doctor: &Doctor<'_>) -> Vec<Target> {
    let catalog = &doctor.library.catalog;
    let requirements = doctor.requirements();
    let mut targets = Targets::default();
    for (id, verb, _) in requirements.functions() {
        if verb == Verb::Inquire {
            for path in &catalog.function(id).endpoints {
                targets.add(path, &Opener::Function(catalog.full_name(id)), true);
            }
        }
    }
    targets.add_tables(tables(&requirements).into_iter().filter_map(|name| catalog.find_table(name)), true);
    for path in &doctor.rules.probes {
        targets.add(path, &opener(doctor, path), true);
    }
    targets.all
}

/// Tables that the integration does not need, if it needs any: that they are refused, while needed ones
/// are not, tells how the lists are to be read.
#[must_use]
pub(super) fn contrast(doctor: &Doctor<'_>) -> Vec<Target> {
    if tables(&doctor.requirements()).is_empty() {
        return Vec::new();
    }
    let mut targets =
        Targets { all: Vec::new(), seen: needed(doctor).iter().map(|own| key(&own.path)).collect() };
    targets.add_tables(doctor.library.catalog.tables(), false);
    targets.all
}

/// Every table of the catalog that has an endpoint: for collecting evidence of a role, whatever it serves.
#[must_use]
pub(super) fn every_table(catalog: &crate::rules::Catalog) -> Vec<Target> {
    let mut targets = Targets::default();
    targets.add_tables(catalog.tables(), false);
    targets.all
}

#[derive(Default)]
struct Targets {
    all: Vec<Target>,
    seen: BTreeSet<String>,
}

impl Targets {
    fn add_tables<'t>(&mut self, tables: impl IntoIterator<Item = &'t Table>, needed: bool) {
        for table in tables {
            for path in &table.endpoints {
                self.add(path, &Opener::Table(table.name.clone()), needed);
            }
        }
    }

    fn add(&mut self, path: &str, opened_by: &Opener, needed: bool) {
        if self.seen.insert(key(path)) {
            let path = path.trim_start_matches('/').to_owned();
            self.all.push(Target { path, opened_by: opened_by.clone(), needed });
        }
    }
}

fn key(path: &str) -> String {
    path.trim_matches('/').to_lowercase()
}

fn tables(requirements: &Requirements) -> BTreeSet<&String> {
    requirements.allow().values().flatten().collect()
}

/// What the catalog knows to open a path.
fn opener(doctor: &Doctor<'_>, path: &str) -> Opener {
    let catalog = &doctor.library.catalog;
    let has = |endpoints: &[String]| endpoints.iter().any(|own| key(own) == key(path));
    let table = catalog.tables().iter().find(|table| has(&table.endpoints));
    let function = catalog.functions().find(|(_, function)| has(&function.endpoints));
    match (table, function) {
        (Some(table), _) => Opener::Table(table.name.clone()),
        (None, Some((id, _))) => Opener::Function(catalog.full_name(id)),
        (None, None) => Opener::Unknown,
    }
}

/// The endpoints that the integration uses answer.
pub(super) fn endpoints(facts: &Facts, doctor: &Doctor<'_>, results: &[Finding]) -> Option<Step> {
    facts.rights.as_ref()?;
    let needed: Vec<_> = facts.probes.iter().filter(|probe| probe.needed).collect();
    if needed.is_empty() {
        return Some(Step::ok(StepId::Endpoints, "the rule file names none that can be asked"));
    }
    let refused: Vec<_> = needed.iter().copied().filter(|probe| probe.answer == Answer::Refused).collect();
    let all = needed.len();
    if let Some(first) =
        refused.iter().find(|probe| !is_explained(probe, results)).or_else(|| refused.first())
    {
        let paths: Vec<_> = refused.iter().map(|probe| probe.path.as_str()).collect();
        let step = Step::fail(StepId::Endpoints, format!("{} refused (403)", join_and(&paths)));
        return Some(match &first.opened_by {
            _ if is_explained(first, results) || results.is_empty() => {
                step.cause("it follows from what is missing above")
            }
            Opener::Function(function) => step
                .cause(format!("it needs Inquire on {function}"))
                .fix(format!("System > Security Roles > the role > {}: set Inquire Level to All, then Save", function.replace(" / ", " > "))),
            Opener::Table(table) => step
                .cause(format!("it needs Inquire on System / Table Setup, and {table} among the tables that its customise list allows"))
                .fix(format!("System > Security Roles > the role > System > Table Setup > customize: {table} on the left, under \"Allow Access to these\", then Save")),
            Opener::Unknown => step.cause("which permission opens it is not known"),
        });
    }
    let troubled = needed.iter().copied().find_map(|probe| match &probe.answer {
        Answer::Trouble(trouble) => Some((probe, trouble)),
        _ => None,
    });
    if let Some((probe, trouble)) = troubled {
        if trouble.status == Some(404) {
            let says = format!("this PSA has no address {} (404)", probe.path);
            return Some(
                Step::unknown(StepId::Endpoints, says)
                    .cause("the PSA's release does not have it, or it has another name there; no permission and no record is missing")
                    .fix("if the integration reports an error too: tell its vendor this address and the PSA's release")
                    .note(trouble.text.clone()),
            );
        }
        let step = Step::unknown(StepId::Endpoints, format!("{} gave no usable answer", probe.path));
        return Some(match cause_of(doctor, trouble) {
            Some(cause) => step.cause(cause.cause.clone()).fix(cause.fix.clone()).note(trouble.text.clone()),
            None => step.cause(trouble.text.clone()),
        });
    }
    let empty: Vec<_> = needed
        .iter()
        .filter(|probe| probe.answer == Answer::Empty)
        .map(|probe| probe.path.as_str())
        .collect();
    Some(if empty.is_empty() {
        Step::ok(StepId::Endpoints, format!("{} of {} answer with a row", all, count(all, "endpoint")))
    } else {
        let (answer, is) = if empty.len() == 1 { ("answers", "it is") } else { ("answer", "they are") };
        Step::unknown(StepId::Endpoints, format!("{} {answer} with an empty list", join_and(&empty)))
            .cause(format!("there may be none, or the member may not see any: {is} not refused"))
            .fix("compare with the PSA's own screen; if it shows some, look at the member's level, location and boards")
    })
}

/// Whether a finding on its function or its table says why an endpoint is refused.
fn is_explained(probe: &Probe, results: &[Finding]) -> bool {
    let lacks = |function: &str| {
        of(results, CheckId::MissingPermission, Status::Fail).any(|finding| {
            finding.verb == Some(Verb::Inquire)
                && finding.function.as_ref().is_some_and(|own| own.to_string() == function)
        })
    };
    match &probe.opened_by {
        Opener::Function(function) => lacks(function),
        Opener::Table(table) => {
            let refuses = |finding: &Finding| finding.table.as_deref() == Some(table.as_str());
            lacks("System / Table Setup") || of(results, CheckId::MissingTable, Status::Fail).any(refuses)
        }
        Opener::Unknown => false,
    }
}
