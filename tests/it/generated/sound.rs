//! That the generator makes what the laws are about, that whatever it makes is judged, and that a step is
//! applied as it says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::build::Grammar;
use super::corpus::{estates, for_all};
use super::estate::{Estate, VERBS};
use super::judged::Step;
use super::step::apply;
use crate::support::{leastwise, project};

#[test]
fn every_generated_tenant_is_judged() {
    for_all(|case| {
        let judged = case.judged()?;
        let results = judged.results();
        let gates = |result: &&Value| {
            result["status"] == "fail"
                && matches!(result["severity"].as_str(), Some("critical" | "high" | "medium"))
        };
        let is_unknown = |result: &Value| result["status"] == "unknown";
        let expected = match results.iter().find(gates) {
            _ if !case.estate.has_read("roles") => 3,
            Some(_) => 1,
            None if results.iter().any(is_unknown) => 4,
            None => 0,
        };
        if judged.code != expected || judged.report["exit"] != expected {
            return Err(format!("exit {} and {}, not {expected}", judged.code, judged.report["exit"]));
        }
        Ok(())
    });
}

#[test]
fn read_role_by_role_or_as_a_whole_a_tenant_is_judged_the_same() {
    for_all(|case| {
        let mut streamed = case.judged()?.report.clone();
        let args = ["audit", "--snapshot", "-", "--rules-dir", "rules", "--format", "json", "--all"];
        let written = case.estate.write();
        let ran = leastwise(args).folder(written.path()).stdin(case.estate.snapshot.text()).run();
        streamed["tenants"][0]["source"]["path"] = json!("-");
        let whole: Value = serde_json::from_str(&ran.stdout).map_err(|error| error.to_string())?;
        if streamed == whole { Ok(()) } else { Err("another report".to_owned()) }
    });
}

/// What has to be among the generated tenants, so that no law holds for want of a case.
#[test]
fn the_generator_makes_everything_that_the_laws_are_about() {
    let mut made = BTreeMap::<&str, usize>::new();
    for estate in estates(64, Grammar::New) {
        for (what, is_made) in kinds(&estate) {
            *made.entry(what).or_default() += usize::from(is_made);
        }
    }
    assert!(made.values().all(|number| *number > 0), "{made:#?}");
    println!("{made:#?}");
}

fn kinds(estate: &Estate) -> Vec<(&'static str, bool)> {
    let snapshot = &estate.snapshot;
    let on = |role: i64| snapshot.api_members.iter().filter(move |api| api.role == Some(role));
    let is_api = |id: i64| snapshot.api_members.iter().any(|api| api.id == id);
    let cells = || {
        let rows = snapshot.roles.iter().flat_map(|role| role.settings.iter().flatten());
        rows.flat_map(|row| VERBS.map(|verb| row.cells.get(verb)))
    };
    let gap = |dataset| !estate.has_read(dataset);
    let twice = |row: &super::estate::Row, rows: &[super::estate::Row]| {
        rows.iter().filter(|other| other.function == row.function).count() > 1
    };
    vec![
        ("a shared role", snapshot.roles.iter().any(|role| on(role.id).count() > 1)),
        (
            "a person on a key's role",
            snapshot
                .members
                .iter()
                .any(|own| !is_api(own.id) && own.role.is_some_and(|role| on(role).next().is_some())),
        ),
        (
            "a key that nothing accounts for, on another's role",
            snapshot.roles.iter().any(|role| {
                let nobodys = on(role.id).filter(|api| api.identifier.starts_with("svc")).count();
                nobodys > 0 && nobodys < on(role.id).count()
            }),
        ),
        ("an inactive key", snapshot.api_members.iter().any(|api| api.active == Some(false))),
        ("a key that may be active", snapshot.api_members.iter().any(|api| api.active.is_none())),
        ("an inactive role", snapshot.roles.iter().any(|role| role.active == Some(false))),
        ("an admin role by its flag", snapshot.roles.iter().any(|role| role.admin == Some(true))),
        ("an admin role by its name", snapshot.roles.iter().any(|role| role.name == "Admin")),
        (
            "two roles of one name",
            snapshot
                .roles
                .iter()
                .any(|role| snapshot.roles.iter().filter(|other| other.name == role.name).count() > 1),
        ),
        ("a role that was not read", snapshot.roles.iter().any(|role| role.settings.is_none())),
        (
            "rows that disagree",
            snapshot
                .roles
                .iter()
                .filter_map(|role| role.settings.as_deref())
                .any(|rows| rows.iter().any(|row| twice(row, rows))),
        ),
        ("null", cells().any(|cell| cell == Some(&Value::Null))),
        ("an absent cell", cells().any(|cell| cell.is_none())),
        ("an unknown word", cells().any(|cell| cell == Some(&json!("Mine")))),
        (
            "a duplicate key",
            snapshot
                .api_members
                .iter()
                .any(|api| api.identifier.contains('-') && !api.identifier.starts_with("svc")),
        ),
        ("a login", !snapshot.logins.is_empty()),
        ("a partial rule file", estate.rules.iter().any(|rules| rules.partial)),
        ("an option", estate.rules.iter().any(|rules| !rules.feature.is_empty())),
        ("an option that is declared", estate.bindings.iter().any(|binding| binding.declares_feature)),
        ("a waiver", estate.waivers.iter().any(|waiver| waiver.expires > "2026-11-22")),
        ("a waiver that ran out", estate.waivers.iter().any(|waiver| waiver.expires < "2026-11-22")),
        ("a rule file that asks for Admin", estate.rules.iter().any(|rules| rules.asks_admin)),
        ("a doubt", estate.rules.iter().any(|rules| rules.doubt.is_some())),
        ("roles not read", gap("roles")),
        ("API members not read", gap("api-members")),
        ("members not read", gap("members")),
        ("use not read", gap("member-use")),
        ("logins not read", gap("integrator-logins")),
    ]
}

/// acme-msp, and what its role Umbrella has on a function.
fn acme() -> Estate {
    Estate::of_snapshot(&project().join("fixtures/acme-msp.json"))
}

fn level(estate: &Estate, role: i64, function: &str, verb: &str) -> Option<Value> {
    let rows = estate.role(role)?.settings.as_ref()?;
    rows.iter().find(|row| row.function == function)?.cells.get(verb).cloned()
}

fn taken(step: &Value) -> Estate {
    let mut estate = acme();
    apply(Step(step), &mut estate).expect("a step that can be taken");
    estate
}

#[test]
fn levels_are_set_where_what_was_said_of_them_still_holds() {
    let set = |from: &str| {
        let cell = json!({"module": "Companies", "function": "Company Maintenance", "verb": "inquire", "from": from, "to": "All"});
        let step = json!({"kind": "restore", "role": {"id": 31, "name": "Umbrella"}, "levels": [cell]});
        level(&taken(&step), 31, "Company Maintenance", "inquire")
    };
    assert_eq!(set("My"), Some(json!("All")));
    assert_eq!(set("None"), Some(json!("My")), "somebody changed it since");
}

#[test]
fn a_role_of_its_own_has_the_levels_of_the_step_and_none_besides() {
    let cell =
        json!({"module": "Companies", "function": "Contacts", "verb": "inquire", "from": "None", "to": "My"});
    let step = json!({"kind": "separate", "role": {"id": 33, "name": "Integrations"}, "member": {"id": 254}, "levels": [cell]});
    let after = taken(&step);
    let new = after.snapshot.roles.last().expect("the new role");
    assert_eq!(after.snapshot.roles.len(), acme().snapshot.roles.len() + 1);
    let rows = new.settings.as_ref().expect("its rows");
    assert_eq!(rows.len(), acme().role(33).and_then(|role| role.settings.as_ref()).expect("rows").len());
    let given: Vec<_> = rows
        .iter()
        .flat_map(|row| VERBS.map(|verb| (row.function.as_str(), verb, row.cells.get(verb))))
        .filter(|(.., level)| level.is_some_and(|level| level.is_string() && level != "None"))
        .collect();
    assert_eq!(given, [("Contacts", "inquire", Some(&json!("My")))]);
    let of = |id: i64| after.snapshot.api_members.iter().find(|api| api.id == id).and_then(|api| api.role);
    assert_eq!((of(254), of(255)), (Some(new.id), Some(33)), "one was moved, the other stays");
    assert_eq!(
        after.snapshot.members.iter().find(|own| own.id == 254).and_then(|own| own.role),
        Some(new.id)
    );
}

#[test]
fn one_member_or_one_login_is_switched_off() {
    let step = json!({"kind": "disable", "member": {"id": 257}});
    let off: Vec<_> = {
        let after = taken(&step).snapshot;
        let api = after.api_members.iter().filter(|api| api.active == Some(false)).map(|api| api.id);
        let people = after.members.iter().filter(|own| own.active == Some(false)).map(|own| own.id);
        api.chain(people).collect()
    };
    assert_eq!(off, [256, 257, 108, 112, 256, 257]);
    let step = json!({"kind": "disable", "login": {"id": 3}});
    assert!(taken(&step).snapshot.logins.iter().all(|login| login.active == Some(false)));
}

#[test]
fn tidying_and_proving_change_nothing_and_a_step_that_names_nothing_is_refused() {
    for kind in ["tidy", "prove"] {
        assert_eq!(taken(&json!({"kind": kind, "role": {"id": 31}})).shown(), acme().shown());
    }
    let row =
        json!({"module": "Companies", "function": "Nowhere", "verb": "edit", "from": "None", "to": "All"});
    for step in [
        json!({"kind": "remove", "role": {"id": 31}, "levels": [row]}),
        json!({"kind": "remove", "role": {"id": 999}, "levels": [row]}),
        json!({"kind": "disable", "member": {"id": 999}}),
        json!({"kind": "separate", "role": {"id": 31}, "member": {"id": 999}}),
        json!({"kind": "mend"}),
    ] {
        assert!(apply(Step(&step), &mut acme()).is_err(), "{step}");
    }
}
