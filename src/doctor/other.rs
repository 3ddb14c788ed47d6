//! Other causes: what stops an integration although its role is right, as far as a GET can tell.

use super::Doctor;
use super::facts::{Facts, Mapping};
use super::rights::of;
use super::step::{Step, StepId};
use crate::checks::{Finding, Status};
use crate::model::CheckId;
use crate::term::text::join_and;

/// Causes that are no permissions.
pub(super) fn other(facts: &Facts, doctor: &Doctor<'_>, results: &[Finding]) -> Option<Step> {
    facts.rights.as_ref()?;
    let steps: Vec<Step> =
        [mapping(facts), restricted(results), boards(facts)].into_iter().flatten().collect();
    let mut normal: Vec<_> =
        doctor.rules.checklist.iter().flat_map(|list| list.normal.iter().cloned()).collect();
    let mut notes: Vec<String> = Vec::new();
    let mut steps = steps.into_iter();
    let mut step = steps.next().unwrap_or_else(|| {
        Step::ok(
            StepId::Other,
            if facts.boards.is_some() { "no restriction, and boards have teams" } else { "none found" },
        )
    });
    for more in steps {
        notes.push(more.fix.map_or(more.says.clone(), |fix| format!("{}: {fix}", more.says)));
    }
    step.notes.append(&mut notes);
    step.notes.append(&mut normal);
    Some(step)
}

/// The company that `--company-id` names is there, and the member sees it.
fn mapping(facts: &Facts) -> Option<Step> {
    let Mapping { asked, by_id, by_name } = facts.mapping.as_ref()?;
    let rows = match by_id {
        Err(trouble) => {
            return Some(
                Step::unknown(StepId::Other, format!("whether the company {asked} is there is unknown"))
                    .note(trouble.text.clone()),
            );
        }
        Ok(rows) => rows,
    };
    if let Some(deleted) = rows.iter().find(|row| row.deleted == Some(true)) {
        return Some(
            Step::fail(StepId::Other, format!("the company {} lies in the recycle bin", deleted.identifier))
                .fix("restore it from the PSA's recycle bin, or map the customer to another company"),
        );
    }
    if !rows.is_empty() {
        return None;
    }
    Some(match by_name.first() {
        Some(row) => Step::fail(
            StepId::Other,
            format!("{asked} is a company's name; its Company ID is {}", row.identifier),
        )
        .cause("customers are mapped by Company ID, not by name")
        .fix(format!("type {} as the customer's Company ID in the vendor's console", row.identifier)),
        None => Step::fail(StepId::Other, format!("the member sees no company with the Company ID {asked}"))
            .cause("there is none, or the member's level, location or role hides it")
            .fix(format!("look up the customer in the PSA (Companies > Companies) and compare its Company ID with {asked}")),
    })
}

/// The member is not kept from boards, locations or departments.
fn restricted(results: &[Finding]) -> Option<Step> {
    let finding = of(results, CheckId::RestrictedMember, Status::Fail).next()?;
    let mut step = Step::remark(StepId::Other, finding.message()).cause(
        "tickets and companies outside of that do not exist for the integration, however right its role is",
    );
    step.fix = finding.fix();
    Some(step)
}

/// Every board has a default team.
fn boards(facts: &Facts) -> Option<Step> {
    let boards = facts.boards.as_ref()?.as_ref().ok()?;
    let without: Vec<_> = boards
        .iter()
        .filter(|fact| fact.default_team == Some(false))
        .map(|fact| fact.board.name.to_string())
        .collect();
    let first = without.first()?;
    Some(
        Step::remark(
            StepId::Other,
            format!("{} without a default team: {}", if without.len() == 1 { "a board" } else { "boards" }, join_and(&without)),
        )
        .cause("the PSA refuses tickets on such a board: \"Cannot find default team for board specified\"")
        .fix(format!("System > Setup Tables > Service Board > {first} > Teams: mark one active team as Default, then Save")),
    )
}
