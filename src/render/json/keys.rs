//! Keys and the plan, in the frozen layout.

use schemars::JsonSchema;
use serde::Serialize;

use super::pieces::{LoginV1, MemberV1, RoleV1};
use crate::access::PowerRow;
use crate::audit::{Key, Kind, Left, LevelChange, Plan, Risk, Standing, Step, Works};
use crate::checks::Fingerprint;
use crate::policy::review::{State, Word};

/// One key: an integration with the member and the role that serve it, or what stands in their place.
#[derive(Serialize, JsonSchema)]
pub(super) struct KeyV1<'r> {
    /// A rule file's id; null where nothing accounts for the key.
    integration: Option<&'r str>,
    title: Option<&'r str>,
    /// Null where an expected integration has none, and for an integrator login.
    member: Option<HolderV1<'r>>,
    /// An integrator login: a user name and a password.
    login: Option<LoginV1<'r>>,
    role: Option<RoleV1<'r>>,
    works: Works,
    /// Every standing that holds, the one that counts first.
    standing: &'r [Standing],
    /// Null where the role's settings could not be read.
    powers: Option<&'r [PowerRow]>,
    /// Permissions below need.
    missing: usize,
    /// Permissions above need.
    excess: usize,
    /// Findings about it that somebody accepted.
    waived: usize,
    owner: Option<&'r str>,
    purpose: Option<&'r str>,
    /// The day on which the key was made, as the config says.
    key_made: Option<String>,
    decided: Option<DecidedV1<'r>>,
}

#[derive(Serialize, JsonSchema)]
struct HolderV1<'r> {
    id: i64,
    /// Null for a person.
    identifier: Option<&'r str>,
    active: Option<bool>,
    /// Whole days; null where the PSA does not show it.
    last_use_days: Option<u32>,
}

/// What a review decided about a key, while its access is as it was seen.
#[derive(Serialize, JsonSchema)]
struct DecidedV1<'r> {
    decision: Word,
    on: String,
    by: &'r str,
}

/// One step of the plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct StepV1<'r> {
    step: usize,
    kind: Kind,
    title: String,
    why: String,
    integration: Option<&'r str>,
    member: Option<MemberV1<'r>>,
    login: Option<LoginV1<'r>>,
    /// The role; of a new role, the one that the member holds now.
    role: Option<RoleV1<'r>>,
    /// What to call the role that the step makes.
    new_role: Option<&'r str>,
    /// What to click, in the order of the screens.
    clicks: Vec<String>,
    levels: Vec<LevelV1<'r>>,
    risk: Risk,
    /// Whether a person has to decide first.
    decision: bool,
    /// Who else holds the role.
    affects: Vec<MemberV1<'r>>,
    undo: Option<String>,
    not_undoable: Option<String>,
    test: Option<String>,
    ticket: TicketV1,
    /// Fingerprints of the findings that it closes.
    #[schemars(with = "Vec<String>")]
    findings: &'r [Fingerprint],
}

#[derive(Serialize, JsonSchema)]
struct LevelV1<'r> {
    module: &'r str,
    function: &'r str,
    verb: &'static str,
    from: &'static str,
    to: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct TicketV1 {
    /// At most 100 characters.
    summary: String,
    text: String,
}

/// What no step settles.
#[derive(Serialize, JsonSchema)]
pub(super) struct LeftV1<'r> {
    integration: Option<&'r str>,
    member: Option<MemberV1<'r>>,
    role: Option<RoleV1<'r>>,
    /// Why, in a word.
    reason: &'static str,
    /// Why, in a sentence.
    text: String,
    /// Fingerprints of findings that are in no step.
    #[schemars(with = "Vec<String>")]
    findings: &'r [Fingerprint],
}

pub(super) fn key(key: &Key) -> KeyV1<'_> {
    KeyV1 {
        integration: key.integration.as_ref().map(|integration| &*integration.id),
        title: key.integration.as_ref().map(|integration| &*integration.title),
        member: key.member.as_ref().map(|member| HolderV1 {
            id: member.id.0,
            identifier: member.identifier.as_deref(),
            active: key.active,
            last_use_days: key.last_use_days,
        }),
        login: key.login.as_deref().map(LoginV1::from),
        role: key.role.as_deref().map(RoleV1::from),
        works: key.works,
        standing: &key.standing,
        powers: key.powers.as_deref(),
        missing: key.missing,
        excess: key.excess,
        waived: key.waived,
        owner: key.ownership.owner.as_deref(),
        purpose: key.ownership.purpose.as_deref(),
        key_made: key.ownership.key_made.map(|day| day.to_string()),
        decided: key.decided.as_ref().filter(|own| own.state == State::Holds).map(|own| DecidedV1 {
            decision: own.answer.word,
            on: own.answer.date.to_string(),
            by: &own.answer.reviewer,
        }),
    }
}

pub(super) fn steps(plan: &Plan) -> Vec<StepV1<'_>> {
    plan.steps.iter().map(step).collect()
}

fn step(step: &Step) -> StepV1<'_> {
    StepV1 {
        step: step.number,
        kind: step.kind,
        title: step.title(),
        why: step.why(),
        integration: step.integration.as_ref().map(|integration| &*integration.id),
        member: step.member.as_deref().map(MemberV1::from),
        login: step.login.as_deref().map(LoginV1::from),
        role: step.role.as_deref().map(RoleV1::from),
        new_role: step.new_role(),
        clicks: step.clicks(),
        levels: step.levels.iter().map(level).collect(),
        risk: step.risk(),
        decision: step.decision,
        affects: step.affects.iter().map(|member| MemberV1::from(&**member)).collect(),
        undo: step.undo(),
        not_undoable: step.not_undoable(),
        test: step.test(),
        ticket: TicketV1 { summary: step.ticket_summary(), text: step.ticket_text() },
        findings: &step.findings,
    }
}

pub(super) fn left(left: &Left) -> LeftV1<'_> {
    LeftV1 {
        integration: left.integration.as_ref().map(|integration| &*integration.id),
        member: left.member.as_deref().map(MemberV1::from),
        role: left.role.as_deref().map(RoleV1::from),
        reason: left.reason.as_str(),
        text: left.reason.to_string(),
        findings: &left.findings,
    }
}

fn level(change: &LevelChange) -> LevelV1<'_> {
    LevelV1 {
        module: &change.function.module,
        function: &change.function.function,
        verb: change.verb.as_str(),
        from: change.from.as_str(),
        to: change.to.as_str(),
    }
}
