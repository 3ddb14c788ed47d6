//! Other causes: what stops an integration although its role is right, as far as a GET can tell.

use super::Doctor;
use super::collect::makes_tickets;
use super::facts::{Facts, Mapping};
use super::step::{Step, StepId, Verdict};
use crate::checks::{Finding, Status};
use crate::model::CheckId;
use crate::term::text::join_and;

/// Causes that are no permissions.
pub(super) fn other(facts: &Facts, doctor: &Doctor<'_>, results: &[Finding]) -> Option<Step> {
    facts.rights.as_ref()?;
    let looks = [mapping(facts), restricted(results), boards(facts, doctor)].into_iter().flatten();
    let (fine, steps): (Vec<_>, Vec<_>) = looks.partition(|step| step.verdict == Verdict::Ok);
    let fine = fine.into_iter().map(|step| step.says);
    let mut steps = steps;
    // What is off comes before what was not checked.
    steps.sort_by_key(|step| (step.verdict != Verdict::Fail, !step.gates));
    let mut steps = steps.into_iter();
    let mut step = match steps.next() {
        None => {
            let said: Vec<_> = fine.collect();
            Step::ok(StepId::Other, if said.is_empty() { "none found".to_owned() } else { said.join("; ") })
        }
        Some(mut step) => {
            step.notes.extend(fine);
            step
        }
    };
    for more in steps {
        match more.fix {
            Some(fix) => step.fixes.push(format!("{}: {fix}", more.says)),
            None => step.notes.push(more.says),
        }
    }
    step.notes.extend(doctor.rules.checklist.iter().flat_map(|list| list.normal.iter().cloned()));
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
    if let Some(row) = rows.first() {
        let says = format!("company {} is there, and the member sees it", row.identifier);
        return Some(Step::ok(StepId::Other, says));
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
    let all = || results.iter().filter(|finding| finding.check == CheckId::RestrictedMember);
    if let Some(finding) = all().find(|finding| finding.status == Status::Fail) {
        let mut step = Step::remark(StepId::Other, finding.message()).cause(
            "tickets and companies outside of that do not exist for the integration, however right its role is",
        );
        step.fix = finding.fix();
        return Some(step);
    }
    let not_checked = |finding: &&Finding| matches!(finding.status, Status::Unknown | Status::Manual);
    if let Some(finding) = all().find(not_checked) {
        let says = format!("whether the member is restricted was not checked: {}", finding.message());
        let mut step = Step::unknown(StepId::Other, says);
        step.fix = finding.fix();
        return Some(step);
    }
    let passes = all().any(|finding| finding.status == Status::Pass);
    passes.then(|| Step::ok(StepId::Other, "no restriction"))
}

/// Every board has a default team: what the PSA did not show is not checked, and no pass.
fn boards(facts: &Facts, doctor: &Doctor<'_>) -> Option<Step> {
    if !makes_tickets(doctor) {
        return None;
    }
    let boards = match &facts.boards {
        Some(Ok(boards)) => boards,
        Some(Err(trouble)) => return Some(not_checked("the boards").note(trouble.text.clone())),
        None => return Some(not_checked("the boards")),
    };
    let names = |team: Option<bool>| -> Vec<String> {
        let own = boards.iter().filter(|fact| fact.default_team == team);
        own.map(|fact| fact.board.name.to_string()).collect()
    };
    let (without, unknown) = (names(Some(false)), names(None));
    if let Some(first) = without.first() {
        return Some(
            Step::remark(
                StepId::Other,
                format!("{} without a default team: {}", if without.len() == 1 { "a board" } else { "boards" }, join_and(&without)),
            )
            .cause("the PSA refuses tickets on such a board: \"Cannot find default team for board specified\"")
            .fix(format!("System > Setup Tables > Service Board > {first} > Teams: mark one active team as Default, then Save")),
        );
    }
    if !unknown.is_empty() {
        return Some(not_checked(&format!("the teams of {}", join_and(&unknown))));
    }
    if boards.is_empty() {
        return Some(Step::unknown(StepId::Other, "the member sees no board, so no team was checked"));
    }
    Some(Step::ok(StepId::Other, "boards have teams"))
}

/// Neither a pass nor a fault: the PSA did not show it to this key.
fn not_checked(what: &str) -> Step {
    let says = format!("whether each board has a default team was not checked: the PSA did not show {what}");
    Step::unknown(StepId::Other, says).fix(
        "System > Setup Tables > Service Board > each board > Teams: see that one active team is Default",
    )
}
