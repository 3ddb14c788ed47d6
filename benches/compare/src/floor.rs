//! The floor: serde_json reads the file into types that borrow from it, and nothing is done with them.

use std::collections::BTreeSet;
use std::time::Instant;

use serde::Deserialize;

use crate::Finding;
use crate::found::Found;

#[derive(Deserialize)]
struct Snapshot<'t> {
    #[serde(borrow)]
    members: Vec<Member<'t>>,
    api_members: Vec<ApiMember<'t>>,
    roles: Vec<Role<'t>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is the point")]
struct Member<'t> {
    id: i64,
    licence: Option<&'t str>,
    active: Option<bool>,
    role: Option<i64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is the point")]
struct ApiMember<'t> {
    id: i64,
    identifier: &'t str,
    name: Option<&'t str>,
    active: Option<bool>,
    role: Option<i64>,
    level: Option<&'t str>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is the point")]
struct Role<'t> {
    id: i64,
    name: &'t str,
    admin: Option<bool>,
    active: Option<bool>,
    settings: Vec<Setting<'t>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is the point")]
struct Setting<'t> {
    id: Option<i64>,
    module: &'t str,
    function: &'t str,
    add: Level,
    edit: Level,
    delete: Level,
    inquire: Level,
}

#[derive(Deserialize)]
enum Level {
    None,
    My,
    All,
}

pub fn run(file: &str) -> Finding<Found> {
    let start = Instant::now();
    let bytes = std::fs::read(file)?;
    let snapshot: Snapshot<'_> = serde_json::from_slice(&bytes)?;
    let took = start.elapsed();
    std::hint::black_box((&snapshot.members, &snapshot.api_members, &snapshot.roles));
    Found::new(took, BTreeSet::new())
}
