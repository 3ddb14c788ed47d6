//! The plan as pages show it: the steps in order, with idle roles in one entry, and what the steps close.

use std::collections::{BTreeMap, HashMap};

use super::TenantReport;
use super::words::subject_of_all;
use crate::audit::{Left, Plan, Step, What};
use crate::checks::{CheckId, Finding, Fingerprint};
use crate::model::Severity;
use crate::term::text::count;

/// More idle roles in a row than this are one entry.
const IDLE: usize = 3;

/// A step, or several that are one line.
pub(super) struct Entry<'p> {
    /// The steps, at least one.
    pub(super) steps: Vec<&'p Step>,
}

impl<'p> Entry<'p> {
    /// The first of them.
    pub(super) fn step(&self) -> &'p Step {
        self.steps[0]
    }

    /// "4", or "12–471".
    pub(super) fn number(&self) -> String {
        let first = self.step().number;
        match self.steps.last() {
            Some(last) if last.number > first => format!("{first}–{}", last.number),
            _ => first.to_string(),
        }
    }

    pub(super) fn title(&self) -> String {
        match self.steps.as_slice() {
            [one] => one.title(),
            many => format!("{} that no active member holds: set them inactive", count(many.len(), "role")),
        }
    }

    /// The names of the roles, where it is several.
    pub(super) fn roles(&self) -> Vec<String> {
        let several = self.steps.iter().filter(|_| self.steps.len() > 1);
        several.filter_map(|step| step.role.as_ref()).map(ToString::to_string).collect()
    }
}

/// The steps in order; idle roles in a row are one.
pub(super) fn entries(plan: &Plan) -> Vec<Entry<'_>> {
    let is_idle = |step: &Step| matches!(&step.what, What::IdleRole { asked } if asked.is_empty());
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for run in plan.steps.chunk_by(|one, two| is_idle(one) && is_idle(two)) {
        if run.len() > IDLE {
            entries.push(Entry { steps: run.iter().collect() });
        } else {
            entries.extend(run.iter().map(|step| Entry { steps: vec![step] }));
        }
    }
    entries
}

/// Whom something that is left is about.
pub(super) fn whose(left: &Left) -> String {
    let integration = left.integration.as_ref().map(|integration| integration.title.to_string());
    let member = left.member.as_ref().map(ToString::to_string);
    let role = left.role.as_ref().map(|role| format!("role {role}"));
    let parts: Vec<_> = [integration.or(member), role].into_iter().flatten().collect();
    if parts.is_empty() { "The tenant".to_owned() } else { parts.join(", ") }
}

/// Findings by their fingerprint.
pub(super) struct Findings<'r>(HashMap<Fingerprint, &'r Finding>);

/// Findings of one check that say the same of several subjects.
pub(super) struct Said {
    pub(super) check: CheckId,
    pub(super) severity: Severity,
    pub(super) message: String,
    /// Whom it is said of.
    pub(super) subjects: Vec<String>,
}

impl<'r> Findings<'r> {
    pub(super) fn of(tenant: &'r TenantReport) -> Self {
        Self(tenant.results.iter().map(|finding| (finding.fingerprint, finding)).collect())
    }

    /// What the findings with these fingerprints say, each sentence once.
    pub(super) fn said<'f>(&self, fingerprints: impl IntoIterator<Item = &'f Fingerprint>) -> Vec<Said> {
        let own = fingerprints.into_iter().filter_map(|own| self.0.get(own).copied());
        said(own)
    }
}

/// What findings say, each sentence once.
pub(super) fn said<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    let mut places: BTreeMap<(CheckId, Severity, String), usize> = BTreeMap::new();
    for finding in findings {
        let (check, severity, message) = (finding.check, finding.severity, finding.message());
        let place = *places.entry((check, severity, message.clone())).or_insert_with(|| {
            all.push(Said { check, severity, message, subjects: Vec::new() });
            all.len() - 1
        });
        let subject = subject_of_all(finding);
        if !subject.is_empty() && all[place].subjects.last() != Some(&subject) {
            all[place].subjects.push(subject);
        }
    }
    all
}
