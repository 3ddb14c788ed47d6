//! `leastwise doctor --roles`: one temporary member goes through the roles.

use std::cell::Cell;
use std::fs;
use std::rc::Rc;

use leastwise::io::Pause;
use psa_sim::Key;
use serde_json::{Value, json};

use super::{as_member, change, with_auditor};
use crate::psa::{Psa, fixture};

/// acme-msp with a temporary API member (299) on the role Admin.
fn serve() -> Psa {
    let psa = Psa::start(fixture("acme-msp"), 258);
    psa.sim.edit(|snapshot| {
        let members = snapshot["api_members"].as_array_mut().expect("members");
        let mut temporary = members[0].clone();
        (temporary["id"], temporary["identifier"]) = (json!(299), json!("tmp-doctor"));
        (temporary["name"], temporary["role"]) = (json!("Temporary"), json!(1));
        members.push(temporary);
    });
    psa.sim.edit_sim(|sim| {
        sim.keys.push(Key {
            member: 299,
            public: "simpub-tmp".to_owned(),
            private: "simpriv-tmp".to_owned(),
        });
        sim.keys.push(Key { member: 252, public: "x".to_owned(), private: "y".to_owned() });
    });
    psa
}

fn auditor(psa: &Psa, command: crate::support::Leastwise) -> crate::support::Leastwise {
    let key = psa.key_of(258);
    command.env("LEASTWISE_PUBLIC_KEY", &key.public).env("LEASTWISE_PRIVATE_KEY", &key.private)
}

#[test]
fn it_follows_the_member_skips_admin_and_ends_with_deleting_it() {
    let psa = Rc::new(serve());
    let admin = Rc::clone(&psa);
    let turn = Rc::new(Cell::new(0));
    // Waits once, then switches down the list, with a detour to a role that no API member holds.
    let roles = [1, 31, 18, 32, 33, 35, 36];
    let turns = Rc::clone(&turn);
    let command = as_member(&psa, 299, &["doctor", "--roles", "--save", "evidence.json"]);
    let ran = auditor(&psa, command)
        .pause(move |_| {
            let Some(role) = roles.get(turns.get()) else { return Pause::Interrupted };
            turns.set(turns.get() + 1);
            change(&admin, "api_members", 299, |row| row["role"] = json!(role));
            Pause::Over
        })
        .run();
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(turn.get(), roles.len(), "{}", ran.stderr);
    assert!(ran.stderr.contains("Admin is an admin role"), "{}", ran.stderr);
    assert!(ran.stderr.contains("now choose Umbrella"), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("Now delete that member: System > Members > API Members > tmp-doctor"),
        "{}",
        ran.stdout
    );
    let evidence: Value = serde_json::from_slice(&fs::read(psa.path("evidence.json")).unwrap()).unwrap();
    let seen: Vec<_> =
        evidence["roles"].as_array().expect("roles").iter().map(|role| role["role"].clone()).collect();
    assert_eq!(seen, [json!(31), json!(32), json!(33), json!(35), json!(36)]);
    super::evidence::date_evidence(&psa);
    let report = psa.leastwise(&["audit", "--evidence", "evidence.json", "--format", "json"]).run();
    let tables: Vec<_> = report
        .results()
        .into_iter()
        .filter(|result| result["check"] == "LW103" && result["integration"] == "cisco-umbrella")
        .map(|result| (result["status"].clone(), result["table"].clone()))
        .collect();
    assert_eq!(tables, [(json!("fail"), json!("Service / Service Board"))], "as the fixture plants it");
    let excess: Vec<_> = report
        .results()
        .into_iter()
        .filter(|result| {
            result["check"] == "LW104" && result["role"]["id"] == 33 && result["status"] == "fail"
        })
        .map(|result| result["table"].clone())
        .collect();
    assert!(excess.contains(&json!("Service / Source")), "{excess:?}");
    assert!(psa.sim.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn what_was_collected_is_kept_when_it_is_interrupted() {
    let psa = serve();
    change(&psa, "api_members", 299, |row| row["role"] = json!(33));
    let command = as_member(&psa, 299, &["doctor", "--roles", "--save", "evidence.json"]);
    let ran = auditor(&psa, command).run();
    assert_eq!(ran.code, 130);
    assert!(ran.stderr.contains("1 role collected"), "{}", ran.stderr);
    let evidence: Value = serde_json::from_slice(&fs::read(psa.path("evidence.json")).unwrap()).unwrap();
    assert_eq!(evidence["roles"][0]["role"], 33);
}

#[test]
fn a_member_that_an_integration_uses_is_refused() {
    let psa = serve();
    let command = as_member(&psa, 252, &["doctor", "--roles", "--save", "evidence.json"]);
    let ran = auditor(&psa, command).run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("which serves hudu"), "{}", ran.stderr);
}

#[test]
fn both_keys_are_needed() {
    let psa = serve();
    let ran = as_member(&psa, 299, &["doctor", "--roles", "--save", "evidence.json"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("listed with the auditor's key"), "{}", ran.stderr);
    let ran = psa.leastwise(&["doctor", "--roles", "--save", "evidence.json"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("LEASTWISE_INTEGRATION_PUBLIC_KEY is not set"), "{}", ran.stderr);
    assert_eq!(
        with_auditor(&super::clinic(), crate::support::leastwise(["doctor", "--roles"])).run().code,
        2
    );
}
