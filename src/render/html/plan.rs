//! The plan in full, for the engineer: every step with its clicks, and what is left and why.

use std::collections::BTreeMap;

use crate::audit::{LevelChange, Risk, Step};
use crate::checks::Fingerprint;
use crate::model::{FunctionRef, Verb};
use crate::render::TenantReport;
use crate::render::steps::{Entry, Findings, Said, entries, whose};
use crate::term::text::join_few;

/// With more levels than this a step shows them as a table, and its clicks folded.
const FEW: usize = 6;

/// Of more steps than this paper shows the titles, unless somebody asks for all.
const MANY: usize = 24;

/// So many others that hold the role are named.
const NAMED: usize = 8;

pub(super) struct Plan<'r> {
    pub(super) steps: Vec<StepView<'r>>,
    pub(super) left: Vec<LeftView>,
}

/// A step, or several that are one line.
pub(super) struct StepView<'r> {
    pub(super) entry: Entry<'r>,
    /// Unique within the page, for the button that copies its clicks.
    pub(super) anchor: String,
    pub(super) clicks: Vec<String>,
    /// Where they are many: the clicks name them too.
    pub(super) levels: Vec<LevelRow<'r>>,
    pub(super) said: Vec<Said>,
}

/// The levels of one function: what each verb is set to.
pub(super) struct LevelRow<'r> {
    pub(super) function: &'r FunctionRef,
    pub(super) verbs: Vec<(Verb, &'r LevelChange)>,
}

/// What no step settles.
pub(super) struct LeftView {
    pub(super) whose: String,
    pub(super) why: String,
    pub(super) said: Vec<Said>,
}

impl<'r> Plan<'r> {
    pub(super) fn of(anchor: &str, tenant: &'r TenantReport) -> Self {
        let findings = Findings::of(tenant);
        let step = |entry: Entry<'r>| {
            let step = entry.step();
            StepView {
                anchor: format!("{anchor}-step-{}", step.number),
                clicks: if entry.steps.len() > 1 { Vec::new() } else { step.clicks() },
                levels: if step.levels.len() > FEW { levels(step) } else { Vec::new() },
                said: findings.said(entry.steps.iter().flat_map(|step| &step.findings)),
                entry,
            }
        };
        // What is left for one reason is said once for all that it is about.
        let mut left: BTreeMap<(String, String), Vec<Fingerprint>> = BTreeMap::new();
        for own in &tenant.plan.left {
            let place = left.entry((whose(own), own.reason.to_string())).or_default();
            place.extend(own.findings.iter().copied());
        }
        Self {
            steps: entries(&tenant.plan).into_iter().map(step).collect(),
            left: left
                .into_iter()
                .map(|((whose, why), own)| LeftView { whose, why, said: findings.said(&own) })
                .collect(),
        }
    }
}

impl Plan<'_> {
    pub(super) const fn is_long(&self) -> bool {
        self.steps.len() > MANY
    }
}

fn levels(step: &Step) -> Vec<LevelRow<'_>> {
    let mut rows: Vec<LevelRow<'_>> = Vec::new();
    for change in &step.levels {
        match rows.last_mut() {
            Some(row) if *row.function == *change.function => row.verbs.push((change.verb, change)),
            _ => rows.push(LevelRow { function: &change.function, verbs: vec![(change.verb, change)] }),
        }
    }
    rows
}

impl LevelRow<'_> {
    pub(super) fn of(&self, verb: Verb) -> Option<String> {
        let (_, change) = self.verbs.iter().find(|(own, _)| *own == verb)?;
        Some(format!("{} → {}", change.from, change.to))
    }
}

impl StepView<'_> {
    pub(super) fn risk(&self) -> &'static str {
        match self.entry.step().risk() {
            Risk::None => "nothing can break",
            Risk::Reversible => "one click brings it back",
            Risk::MayBreak => "may break an integration: test it at once",
        }
    }

    /// Who else holds the role.
    pub(super) fn affects(&self) -> Option<String> {
        let affects = &self.entry.step().affects;
        (affects.len() > 1).then(|| join_few(affects, NAMED))
    }
}
