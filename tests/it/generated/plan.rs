//! The laws of the plan, each tried on every generated tenant.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::corpus::{Case, for_all, judge};
use super::estate::{Estate, Rules, Waiver};
use super::judged::{Judged, Key, Step, ensure, fingerprints, text, works_still};
use super::step::{apply, apply_all};

/// How many selections of steps are tried on each tenant, beside all of them.
const SELECTIONS: u64 = 2;

fn shown(steps: &[Step<'_>]) -> String {
    let lines: Vec<_> = steps.iter().map(|step| step.shown()).collect();
    format!("\n  {}", lines.join("\n  "))
}

/// Some of the steps, in some order.
fn selection<'j>(case: &Case, salt: u64, steps: &[Step<'j>]) -> Vec<Step<'j>> {
    let mut chosen = Vec::new();
    for (step, number) in steps.iter().zip(1..) {
        if case.choose(salt * 1000 + number, 2) == 0 {
            let place = case.choose(salt * 2000 + number, chosen.len() + 1);
            chosen.insert(place, *step);
        }
    }
    chosen
}

#[test]
fn law_a_any_steps_in_any_order_leave_what_works_working() {
    for_all(|case| {
        let before = case.judged()?;
        let all: Vec<_> = before.steps().into_iter().filter(|step| changes_something(*step)).collect();
        let mut tried = BTreeSet::new();
        for salt in 0..SELECTIONS {
            let chosen = selection(case, salt, &all);
            if chosen.is_empty() || !tried.insert(shown(&chosen)) {
                continue;
            }
            let after = judge(&apply_all(chosen.iter().copied(), &case.estate)?)?;
            works_still(before, &after)
                .map_err(|said| format!("{said}\nafter the steps{}", shown(&chosen)))?;
        }
        Ok(())
    });
}

/// Whether taking the step changes the tenant at all; the others need no trial.
fn changes_something(step: Step<'_>) -> bool {
    matches!(step.kind(), "separate" | "disable") || !step.levels().is_empty()
}

#[test]
fn law_b_levels_are_lowered_only_where_every_active_holder_is_a_key_of_known_needs() {
    for_all(|case| lowers_only_what_is_known(&case.estate, case.judged()?));
}

pub(super) fn lowers_only_what_is_known(estate: &Estate, judged: &Judged) -> Result<(), String> {
    for step in judged.steps().iter().filter(|step| matches!(step.kind(), "cut" | "remove")) {
        let why_not = match step.role() {
            Some(role) => why_not_lower(estate, judged, role),
            None => Some("no role".to_owned()),
        };
        ensure(why_not.is_none(), || {
            format!("{}: {}", why_not.as_deref().unwrap_or_default(), step.shown())
        })?;
    }
    Ok(())
}

#[test]
fn a_stranger_on_every_role_stops_all_lowering_whatever_is_accepted() {
    for_all(|case| {
        let mut estate = case.estate.clone();
        for role in &case.estate.snapshot.roles {
            // Whoever holds a role of an integration's name is taken for its key.
            let is_named = |rules: &Rules| rules.name == role.name;
            let is_person = case.choose(81, 2) == 0
                || case.estate.rules.is_empty()
                || case.estate.rules.iter().any(is_named);
            estate.snapshot.add_stranger(9_000 + role.id, role.id, is_person);
        }
        // That the role is shared, and with whom, is accepted: no finding is left that speaks of it.
        for check in ["LW202", "LW206", "LW309"] {
            estate.waivers.push(Waiver { check, names: Vec::new(), expires: "2027-03-31" });
        }
        let judged = judge(&estate)?;
        let lowers = |step: &Step<'_>| matches!(step.kind(), "cut" | "remove");
        let steps: Vec<_> = judged.steps().into_iter().filter(lowers).collect();
        ensure(steps.is_empty(), || format!("with a stranger on every role:{}", shown(&steps)))
    });
}

/// Why nothing of a role may be lowered, by the tenant alone.
fn why_not_lower(estate: &Estate, judged: &Judged, role: i64) -> Option<String> {
    for dataset in ["roles", "settings", "api-members", "members"] {
        if !estate.has_read(dataset) {
            return Some(format!("the list {dataset} was not read, so its holders are not known"));
        }
    }
    if estate.role(role).is_none_or(|role| role.settings.is_none()) {
        return Some("its settings were not read".to_owned());
    }
    let is_api = |id| estate.snapshot.api_members.iter().any(|api| api.id == id);
    let holds = |active: Option<bool>, own: Option<i64>| active != Some(false) && own == Some(role);
    for person in &estate.snapshot.members {
        if !is_api(person.id) && holds(person.active, person.role) && !serves(judged, person.id) {
            return Some(format!("the person {} holds it", person.id));
        }
    }
    for api in estate.snapshot.api_members.iter().filter(|api| holds(api.active, api.role)) {
        let own = |key: &&Key<'_>| key.member() == Some(api.id) && key.integration().is_some();
        let keys = judged.keys();
        let mut served = keys.iter().filter(own).peekable();
        if served.peek().is_none() {
            return Some(format!("{}, whom nothing accounts for, holds it", api.identifier));
        }
        if let Some(why) = served.find_map(|key| open_question(estate, key.integration()?)) {
            return Some(format!("{} holds it: {why}", api.identifier));
        }
    }
    None
}

/// Whether a person is the key of an integration.
fn serves(judged: &Judged, member: i64) -> bool {
    judged.keys().iter().any(|key| key.member() == Some(member) && key.integration().is_some())
}

/// What is not known of an integration's needs.
fn open_question(estate: &Estate, integration: &str) -> Option<&'static str> {
    let rules = estate.rules(integration)?;
    let mut bindings = estate.bindings.iter().filter(|binding| binding.rules == integration);
    let declared = bindings.any(|binding| binding.declares_feature);
    if rules.partial {
        return Some("its rule file is partial");
    }
    if rules.asks_admin {
        return Some("its vendor asks for Admin and publishes no list");
    }
    (!rules.feature.is_empty() && !declared).then_some("its feature is not declared")
}

#[test]
fn law_c_no_active_key_gains_a_dangerous_power_unless_somebody_decided_so() {
    for_all(|case| {
        let before = case.judged()?;
        let steps = before.steps();
        let undecided: Vec<_> =
            steps.iter().copied().filter(|step| !step.is_decision() && changes_something(*step)).collect();
        if undecided.iter().all(|step| !matches!(step.kind(), "restore" | "separate")) {
            return Ok(()); // what only lowers gives no power
        }
        let after = judge(&apply_all(undecided.iter().copied(), &case.estate)?)?;
        gains_no_danger(before, &after).map_err(|said| format!("{said}\nby the steps{}", shown(&undecided)))
    });
}

pub(super) fn gains_no_danger(before: &Judged, after: &Judged) -> Result<(), String> {
    let now = after.by_who();
    for (who, key) in before.by_who() {
        let is_known = key.power_rows().is_some() && key.works() != "off";
        let Some(after) = now.get(&who).filter(|_| is_known) else { continue };
        let gained: Vec<_> = after.dangerous().difference(&key.dangerous()).cloned().collect();
        ensure(gained.is_empty(), || {
            format!("{who} gained {gained:?}\nbefore: {}\nafter: {}", key.0, after.0)
        })?;
    }
    Ok(())
}

#[test]
fn law_d_after_all_steps_nothing_is_open_but_what_is_left() {
    for_all(|case| {
        let before = case.judged()?;
        let steps: Vec<_> = before.steps().into_iter().filter(|step| changes_something(*step)).collect();
        let after = judge(&apply_all(steps.iter().copied(), &case.estate)?)?;
        nothing_open_but_what_is_left(before, &after)
            .map_err(|said| format!("{said}\nafter all the steps{}", shown(&before.steps())))
    });
}

pub(super) fn nothing_open_but_what_is_left(before: &Judged, after: &Judged) -> Result<(), String> {
    let by_who = before.by_who();
    for key in after.keys() {
        let was = by_who.get(&key.who()).copied();
        for open in ["broken", "exposed", "unowned", "excess"].into_iter().filter(|open| key.is(open)) {
            let is_left = is_left(before, key, was) || (open == "broken" && takes_hands(before, key, was));
            ensure(is_left, || {
                format!(
                    "{} is still {open} and not left\nbefore: {}\nafter: {}\nleft: {:?}",
                    key.who(),
                    was.map_or(&Value::Null, |key| key.0),
                    key.0,
                    before.left(),
                )
            })?;
        }
    }
    Ok(())
}

/// Whether the plan says that it leaves a key: by its integration, its member, or the role that it held.
fn is_left(before: &Judged, key: Key<'_>, was: Option<Key<'_>>) -> bool {
    let role = was.and_then(Key::role).or(key.role());
    before.left().iter().any(|left| {
        let integration = left["integration"].as_str().map(|own| Some(own) == key.integration());
        let member = left["member"]["id"].as_i64().map(|own| Some(own) == key.member());
        let role = left["role"]["id"].as_i64().map(|own| Some(own) == role);
        let said: Vec<_> = [integration, member, role].into_iter().flatten().collect();
        !said.is_empty() && said.into_iter().all(|same| same)
    })
}

/// Whether a step asks for what only somebody's hands can bring, which no level says: a key for an
/// integration that has none, a role that is active again.
fn takes_hands(before: &Judged, key: Key<'_>, was: Option<Key<'_>>) -> bool {
    let role = was.and_then(Key::role).or(key.role());
    let is_about = |step: &Step<'_>| match (step.member(), step.role(), step.integration()) {
        (Some(member), ..) => key.member() == Some(member),
        (None, Some(own), _) => role == Some(own),
        (None, None, own) => own.is_some() && own == key.integration(),
    };
    let steps = before.steps();
    let mut by_hand = steps
        .iter()
        .filter(|step| !changes_something(**step) && (step.kind() == "restore" || step.is_decision()));
    by_hand.any(is_about)
}

#[test]
fn law_e_every_open_finding_is_in_one_step_or_left() {
    for_all(|case| every_finding_has_one_place(case.judged()?));
}

pub(super) fn every_finding_has_one_place(judged: &Judged) -> Result<(), String> {
    let steps = judged.steps();
    let in_steps = steps.iter().flat_map(|step| step.findings());
    let left = judged.left().iter().flat_map(fingerprints);
    let mut places = BTreeMap::<&str, usize>::new();
    for fingerprint in in_steps.chain(left) {
        *places.entry(fingerprint).or_default() += 1;
    }
    // Only two waivers that are the same letter by letter share a fingerprint.
    for finding in judged.open() {
        let fingerprint = finding["fingerprint"].as_str().unwrap_or_default();
        let found = places.get_mut(fingerprint).filter(|places| **places > 0);
        let Some(found) = found else { return Err(format!("a finding has no place in the plan: {finding}")) };
        *found -= 1;
    }
    places.retain(|_, number| *number > 0);
    ensure(places.is_empty(), || format!("the plan closes twice, or what is no open finding: {places:?}"))
}

#[test]
fn a_step_gives_or_takes_but_never_both() {
    for_all(|case| steps_give_or_take(case.judged()?));
}

pub(super) fn steps_give_or_take(judged: &Judged) -> Result<(), String> {
    let height = |level: &Value| ["None", "My", "All"].iter().position(|own| level == own);
    for step in judged.steps() {
        let goes = |level: &Value| Some(height(&level["to"])?.cmp(&height(&level["from"])?));
        let all: Vec<_> = step.levels().iter().map(goes).collect();
        let fits = match step.kind() {
            "restore" | "separate" => all.iter().all(|goes| *goes == Some(Ordering::Greater)),
            "cut" | "remove" => !all.is_empty() && all.iter().all(|goes| *goes == Some(Ordering::Less)),
            _ => all.is_empty(),
        };
        ensure(fits, || format!("levels that are none of a step's kind: {}", step.shown()))?;
    }
    Ok(())
}

#[test]
fn a_step_is_whole() {
    for_all(|case| {
        let judged = case.judged()?;
        let mut last = 0;
        let order = ["restore", "disable", "cut", "separate", "remove", "tidy", "prove"];
        for step in judged.steps() {
            let kind = order.iter().position(|kind| *kind == step.kind());
            let Some(kind) = kind else { return Err(format!("an unknown kind: {}", step.0)) };
            ensure(kind >= last, || format!("out of order: {}", step.0))?;
            last = kind;
            let summary = step.0["ticket"]["summary"].as_str().unwrap_or_default();
            let texts = ["title", "why", "risk"].map(|field| text(&step.0[field]));
            ensure(texts.iter().all(|text| !text.is_empty()), || format!("a field is empty: {}", step.0))?;
            ensure((1..=100).contains(&summary.chars().count()), || format!("summary: {}", step.0))?;
            let risk = ["none", "reversible", "may-break"].contains(&texts[2].as_str());
            ensure(risk, || format!("an unknown risk: {}", step.0))?;
            let mut alone = case.estate.clone();
            apply(step, &mut alone)?;
            says_what_a_click_does(step)?;
        }
        Ok(())
    });
}

/// What cannot be undone is said to be so, and where somebody has to decide first, the click says on what it depends.
fn says_what_a_click_does(step: Step<'_>) -> Result<(), String> {
    let clicks: Vec<_> = step.0["clicks"].as_array().into_iter().flatten().map(text).collect();
    if ["disable", "tidy"].contains(&step.kind()) {
        let deletes = clicks.iter().any(|click| click.contains("delete the keys"));
        let says_so = step.0["not_undoable"].is_string() && step.0["risk"] != "reversible";
        ensure(!deletes || says_so, || format!("a deletion that is called reversible: {}", step.0))?;
    }
    if step.is_decision() && ["disable", "tidy"].contains(&step.kind()) {
        let is_bare = |click: &&String| {
            click.contains("set Inactive") && !click.starts_with("If ") && !click.starts_with("When ")
        };
        let bare = clicks.iter().find(is_bare);
        ensure(bare.is_none(), || format!("a click without its condition: {}", step.0))?;
    }
    Ok(())
}
