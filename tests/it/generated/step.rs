//! Applying a step of the plan to a tenant, by nothing but what the step says. There is one such function,
//! and only tests have it: the program never writes.

use serde_json::{Map, Value, json};

use super::estate::{Estate, Role, Row, VERBS};
use super::judged::{Step, text};

/// The tenant after a step was taken.
///
/// # Errors
/// What the step speaks of that is not there.
pub(super) fn apply(step: Step<'_>, estate: &mut Estate) -> Result<(), String> {
    let done = match step.kind() {
        "restore" | "cut" | "remove" => set_levels(step, estate),
        "separate" => separate(step, estate),
        "disable" => disable(step, estate),
        "tidy" | "prove" => Ok(()),
        kind => Err(format!("nobody knows how to take a step of the kind {kind}")),
    };
    done.map_err(|said| format!("{said}: {}", step.shown()))
}

/// The steps one after the other.
pub(super) fn apply_all<'s>(
    steps: impl IntoIterator<Item = Step<'s>>,
    estate: &Estate,
) -> Result<Estate, String> {
    let mut after = estate.clone();
    for step in steps {
        apply(step, &mut after)?;
    }
    Ok(after)
}

/// Sets exactly the step's levels, each where what it says of before still holds.
fn set_levels(step: Step<'_>, estate: &mut Estate) -> Result<(), String> {
    if step.levels().is_empty() {
        return Ok(());
    }
    let id = step.role().ok_or("levels of no role")?;
    let roles = &mut estate.snapshot.roles;
    let role = roles.iter_mut().find(|role| role.id == id).ok_or("a role that is not there")?;
    let rows = role.settings.as_mut().ok_or("a role that was not read")?;
    for level in step.levels() {
        let mut found = false;
        for row in rows.iter_mut().filter(|row| is_of(row, level)) {
            found = true;
            let cell = row.cells.get_mut(verb(level)?).ok_or("a verb that the row does not have")?;
            if *cell == level["from"] {
                *cell = level["to"].clone();
            }
        }
        if !found {
            return Err(format!("no row for {level}"));
        }
    }
    Ok(())
}

fn is_of(row: &Row, level: &Value) -> bool {
    level["module"] == row.module && level["function"] == row.function
}

fn verb(level: &Value) -> Result<&str, String> {
    let verb = level["verb"].as_str().ok_or("a level without a verb")?;
    if VERBS.contains(&verb) { Ok(verb) } else { Err(format!("the verb {verb}")) }
}

/// Adds a role with the rows of the old one, None wherever a level is offered, gives it the step's levels,
/// and moves the step's member onto it.
fn separate(step: Step<'_>, estate: &mut Estate) -> Result<(), String> {
    let member = step.member().ok_or("nobody to move")?;
    let id = estate.snapshot.roles.iter().map(|role| role.id).max().unwrap_or_default() + 1;
    let old = step.role().and_then(|id| estate.role(id)).and_then(|role| role.settings.as_deref());
    let mut rows: Vec<Row> = old.unwrap_or_default().to_vec();
    for row in &mut rows {
        for verb in VERBS {
            if let Some(level) = row.cells.get_mut(verb).filter(|level| level.is_string()) {
                *level = json!("None");
            }
        }
    }
    for level in step.levels() {
        if !rows.iter().any(|row| is_of(row, level)) {
            rows.push(empty_row(level));
        }
        for row in rows.iter_mut().filter(|row| is_of(row, level)) {
            row.cells.insert(verb(level)?.to_owned(), level["to"].clone());
        }
    }
    let name = new_name(step, id);
    estate.snapshot.roles.push(Role {
        id,
        name,
        admin: Some(false),
        active: Some(true),
        settings: Some(rows),
        unavailable: None,
        rest: Map::new(),
    });
    let snapshot = &mut estate.snapshot;
    let mut moved = false;
    for own in snapshot.api_members.iter_mut().filter(|own| own.id == member) {
        (own.role, moved) = (Some(id), true);
    }
    for own in snapshot.members.iter_mut().filter(|own| own.id == member) {
        (own.role, moved) = (Some(id), true);
    }
    if moved { Ok(()) } else { Err("a member that is not there".to_owned()) }
}

fn empty_row(level: &Value) -> Row {
    let cells = VERBS.iter().map(|verb| ((*verb).to_owned(), json!("None"))).collect::<Map<_, _>>();
    Row { module: text(&level["module"]), function: text(&level["function"]), cells }
}

/// The name that the step gives to the new role, which its clicks say in quotes.
fn new_name(step: Step<'_>, id: i64) -> String {
    let mut clicks = step.0["clicks"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let quoted = |click: &str| Some(click.split_once("Role ID \"")?.1.split_once('"')?.0.to_owned());
    clicks.find_map(quoted).unwrap_or_else(|| format!("New role {id}"))
}

/// Sets one member or one login inactive.
fn disable(step: Step<'_>, estate: &mut Estate) -> Result<(), String> {
    let snapshot = &mut estate.snapshot;
    let Step(said) = step;
    let mut done = false;
    if let Some(login) = said["login"]["id"].as_i64() {
        for own in snapshot.logins.iter_mut().filter(|own| own.id == login) {
            (own.active, done) = (Some(false), true);
        }
    } else if let Some(member) = step.member() {
        for own in snapshot.api_members.iter_mut().filter(|own| own.id == member) {
            (own.active, done) = (Some(false), true);
        }
        for own in snapshot.members.iter_mut().filter(|own| own.id == member) {
            (own.active, done) = (Some(false), true);
        }
    }
    if done { Ok(()) } else { Err("nobody to disable".to_owned()) }
}
