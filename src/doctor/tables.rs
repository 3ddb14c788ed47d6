//! Tables: what the member's customise lists let through, as far as it can be told.

use super::facts::Facts;
use super::rights::of;
use super::step::{Step, StepId};
use crate::checks::{Certainty, Finding, Status};
use crate::model::CheckId;
use crate::term::text::join_and;

/// Customise lists allow what is needed.
pub(super) fn tables(facts: &Facts, results: &[Finding]) -> Option<Step> {
    facts.rights.as_ref()?;
    if results.is_empty() {
        return Some(Step::unknown(StepId::Tables, "not judged: the member's role is not known"));
    }
    let names = |results: &[&Finding]| {
        join_and(&results.iter().filter_map(|finding| finding.table.as_deref()).collect::<Vec<_>>())
    };
    let refused: Vec<_> = of(results, CheckId::MissingTable, Status::Fail).collect();
    if let Some(first) = refused.first() {
        let (tables, are) = if refused.len() == 1 { ("table", "is") } else { ("tables", "are") };
        let mut step = Step::fail(StepId::Tables, format!("the {tables} {} {are} refused", names(&refused)))
            .cause(first.message());
        step.fix = first.fix();
        step.fixes.extend(refused.iter().skip(1).filter_map(|finding| finding.fix()));
        if refused.iter().any(|finding| finding.certainty != Certainty::Certain) {
            step = step.note("read from the list, whose meaning the other answers bear out");
        }
        return Some(step);
    }
    if let Some(manual) = of(results, CheckId::MissingTable, Status::Manual).next() {
        let mut step = Step::unknown(StepId::Tables, "whether every needed table is allowed is unknown");
        step.fix = manual.fix();
        return Some(with_excess(step, results));
    }
    let Some(none) = of(results, CheckId::MissingTable, Status::NotApplicable).next() else {
        let unknown = of(results, CheckId::MissingTable, Status::Unknown).next();
        return Some(match unknown {
            Some(unknown) => Step::unknown(StepId::Tables, unknown.message()),
            None => with_excess(Step::ok(StepId::Tables, "every needed table is allowed"), results),
        });
    };
    Some(Step::ok(StepId::Tables, none.message()))
}

fn with_excess(mut step: Step, results: &[Finding]) -> Step {
    let beyond: Vec<_> = of(results, CheckId::ExcessiveTable, Status::Fail)
        .filter_map(|finding| finding.table.as_deref())
        .collect();
    if !beyond.is_empty() {
        step.notes.push(format!("allowed, and needed by nothing: {}", join_and(&beyond)));
    }
    step
}
