//! Tables: what the member's customise lists let through, as far as it can be told.

use super::facts::Facts;
use super::rights::of;
use super::step::{Step, StepId};
use crate::checks::{Certainty, Outcome, Status};
use crate::term::text::join_and;

/// Customise lists allow what is needed.
pub(super) fn tables(facts: &Facts, outcomes: &[Outcome]) -> Option<Step> {
    facts.rights.as_ref()?;
    if outcomes.is_empty() {
        return Some(Step::unknown(StepId::Tables, "not judged: the member's role is not known"));
    }
    let names = |outcomes: &[&Outcome]| {
        join_and(&outcomes.iter().filter_map(|outcome| outcome.table.as_deref()).collect::<Vec<_>>())
    };
    let refused: Vec<_> = of(outcomes, "LW103", Status::Fail).collect();
    if let Some(first) = refused.first() {
        let (tables, are) = if refused.len() == 1 { ("table", "is") } else { ("tables", "are") };
        let mut step = Step::fail(StepId::Tables, format!("the {tables} {} {are} refused", names(&refused)))
            .cause(first.message.clone());
        step.fix.clone_from(&first.fix);
        step.notes.extend(refused.iter().skip(1).filter_map(|outcome| outcome.fix.clone()));
        if refused.iter().any(|outcome| outcome.certainty != Certainty::Certain) {
            step = step.note("read from the list, whose meaning the other answers bear out");
        }
        return Some(step);
    }
    if let Some(manual) = of(outcomes, "LW103", Status::Manual).next() {
        let mut step =
            Step::unknown(StepId::Tables, "whether every needed table is allowed could not be told");
        step.fix.clone_from(&manual.fix);
        return Some(with_excess(step, outcomes));
    }
    let Some(none) = of(outcomes, "LW103", Status::NotApplicable).next() else {
        let unknown = of(outcomes, "LW103", Status::Unknown).next();
        return Some(match unknown {
            Some(unknown) => Step::unknown(StepId::Tables, unknown.message.clone()),
            None => with_excess(Step::ok(StepId::Tables, "every needed table is allowed"), outcomes),
        });
    };
    Some(Step::ok(StepId::Tables, none.message.clone()))
}

fn with_excess(mut step: Step, outcomes: &[Outcome]) -> Step {
    let beyond: Vec<_> =
        of(outcomes, "LW104", Status::Fail).filter_map(|outcome| outcome.table.as_deref()).collect();
    if !beyond.is_empty() {
        step.notes.push(format!("allowed, and needed by nothing: {}", join_and(&beyond)));
    }
    step
}
