//! `leastwise doctor` and `leastwise checklist` against psa-sim.

mod asked;
mod bundles;
mod checklists;
mod evidence;
mod faults;
mod pages;
mod rounds;
mod visits;

use psa_sim::Sim;
use serde_json::{Value, json};

use crate::psa::{Psa, fixture, real};
use crate::support::{Leastwise, Ran, leastwise};

/// parapluie, where nothing is missing, with the key of leastwise's own member for the auditor.
fn clinic() -> Psa {
    clinic_of(fixture("parapluie"))
}

fn clinic_of(sim: Sim) -> Psa {
    Psa::start(sim, 252)
}

/// A command with the integration's key and without the auditor's.
fn as_member(psa: &Psa, member: i64, args: &[&str]) -> Leastwise {
    let key = psa.key_of(member);
    leastwise(args.iter().copied())
        .folder(psa.folder.path())
        .now(real)
        .env("LEASTWISE_SITE", psa.sim.url())
        .env("LEASTWISE_COMPANY", &key.company)
        .env("LEASTWISE_CLIENT_ID", &key.client_id)
        .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", &key.public)
        .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", &key.private)
}

/// With the auditor's key too.
fn with_auditor(psa: &Psa, command: Leastwise) -> Leastwise {
    let key = psa.key_of(252);
    command.env("LEASTWISE_PUBLIC_KEY", &key.public).env("LEASTWISE_PRIVATE_KEY", &key.private)
}

/// Umbrella's doctor, with Umbrella's own key.
fn umbrella(psa: &Psa, args: &[&str]) -> Leastwise {
    as_member(psa, 251, &[&["doctor", "--integration", "cisco-umbrella"], args].concat())
}

/// Sets a level of the integration's role.
fn set_level(psa: &Psa, function: &str, verb: &str, level: &str) {
    let changed = psa.sim.edit(|snapshot| {
        let roles = snapshot["roles"].as_array_mut().expect("roles");
        let role = roles.iter_mut().find(|role| role["id"] == 21).expect("the role");
        let rows = role["settings"].as_array_mut().expect("settings");
        let row = rows.iter_mut().find(|row| row["function"] == function).expect("the function");
        row[verb] = json!(level);
    });
    assert!(changed.is_some());
}

/// Changes the row of a list by its id.
fn change(psa: &Psa, list: &str, id: i64, change: impl FnOnce(&mut Value)) {
    psa.sim.edit(|snapshot| {
        let rows = snapshot[list].as_array_mut().expect("a list");
        change(rows.iter_mut().find(|row| row["id"] == id).expect("the row"));
    });
}

/// Takes a table out of the list that the integration's role may use.
fn refuse_table(psa: &Psa, table: &str) {
    psa.sim.edit_sim(|sim| {
        let lists = sim.customize.get_mut("21").expect("lists of the role");
        lists.get_mut("SystemTableSetup").expect("the list").retain(|entry| entry != table);
    });
}

fn first_line(ran: &Ran) -> &str {
    ran.stdout.lines().next().unwrap_or_default()
}
