//! That each law can be broken: reports that no program should write, and the law that says so.

use serde_json::{Value, json};

use super::estate::Estate;
use super::judged::{Judged, works_still};
use super::plan::{
    every_finding_has_one_place, gains_no_danger, lowers_only_what_is_known, nothing_open_but_what_is_left,
    steps_give_or_take,
};
use super::standings::no_danger_is_fine;
use crate::support::project;

/// A report with these rows and nothing else.
fn report(tenant: &Value) -> Judged {
    let mut whole = json!({"results": [], "keys": [], "plan": [], "left": []});
    for (name, rows) in tenant.as_object().expect("an object") {
        whole[name] = rows.clone();
    }
    Judged { code: 1, report: json!({"tenants": [whole]}) }
}

/// A key of Umbrella's member on role 31.
fn key(works: &str, standing: &str, powers: &Value) -> Value {
    let member = json!({"id": 251, "identifier": "Umbrella"});
    let role = json!({"id": 31, "name": "Umbrella"});
    json!({"integration": "cisco-umbrella", "member": member, "role": role, "works": works,
        "standing": [standing], "powers": powers})
}

fn step(kind: &str, role: i64, from: &str, to: &str) -> Value {
    let level =
        json!({"module": "Companies", "function": "Contacts", "verb": "inquire", "from": from, "to": to});
    json!({"kind": kind, "role": {"id": role}, "levels": [level]})
}

#[test]
fn what_stops_working_is_noticed() {
    let with = |works: &str| report(&json!({"keys": [key(works, "fine", &json!([]))]}));
    assert_eq!(works_still(&with("yes"), &with("yes")), Ok(()));
    assert_eq!(works_still(&with("no"), &with("unknown")), Ok(()));
    for worse in ["no", "unknown", "off"] {
        assert!(works_still(&with("yes"), &with(worse)).is_err(), "{worse}");
    }
    assert!(works_still(&with("yes"), &report(&json!({}))).is_err(), "its row is gone");
}

#[test]
fn lowering_a_role_that_a_person_holds_is_noticed() {
    let acme = Estate::of_snapshot(&project().join("fixtures/acme-msp.json"));
    let umbrella = key("yes", "excess", &json!([]));
    let lowering = |kind: &str, role: i64| {
        let plan = report(&json!({"keys": [umbrella], "plan": [step(kind, role, "All", "None")]}));
        lowers_only_what_is_known(&acme, &plan)
    };
    assert_eq!(lowering("remove", 31), Ok(()), "Umbrella's own");
    assert_eq!(lowering("restore", 33), Ok(()), "nothing is lowered");
    for role in [33, 35, 999] {
        assert!(lowering("remove", role).is_err() && lowering("cut", role).is_err(), "role {role}");
    }
    let mut unread = acme.clone();
    for row in unread.snapshot.coverage.iter_mut().filter(|row| row["dataset"] == "members") {
        row["status"] = json!("unavailable");
    }
    let plan = report(&json!({"keys": [umbrella], "plan": [step("remove", 31, "All", "None")]}));
    assert!(lowers_only_what_is_known(&unread, &plan).is_err(), "a list that was not read");
}

#[test]
fn a_power_that_is_gained_is_noticed() {
    let with = |powers: Value| report(&json!({"keys": [key("yes", "fine", &powers)]}));
    let power = |name: &str| json!([{"power": name, "by": "asked", "level": "all"}]);
    assert!(gains_no_danger(&with(json!([])), &with(power("take-over"))).is_err());
    assert!(gains_no_danger(&with(power("read-secrets")), &with(power("take-over"))).is_err());
    assert_eq!(gains_no_danger(&with(power("take-over")), &with(power("take-over"))), Ok(()));
    assert_eq!(gains_no_danger(&with(json!([])), &with(power("money"))), Ok(()));
    let conditional = json!([{"power": "take-over", "by": "asked", "level": "all", "conditional": true}]);
    assert_eq!(gains_no_danger(&with(json!([])), &with(conditional)), Ok(()));
}

#[test]
fn what_is_still_open_and_not_left_is_noticed() {
    for open in ["broken", "exposed", "unowned", "excess"] {
        let after = report(&json!({"keys": [key("no", open, &json!([]))]}));
        let left = |entry: Value| report(&json!({"keys": [key("no", open, &json!([]))], "left": [entry]}));
        assert!(nothing_open_but_what_is_left(&report(&json!({})), &after).is_err(), "{open}");
        let its_own = left(json!({"member": {"id": 251}, "role": {"id": 31}}));
        assert_eq!(nothing_open_but_what_is_left(&its_own, &after), Ok(()), "{open}");
        for others in
            [json!({"member": {"id": 251}, "role": {"id": 32}}), json!({"integration": "hudu"}), json!({})]
        {
            assert!(nothing_open_but_what_is_left(&left(others), &after).is_err(), "{open}");
        }
    }
}

#[test]
fn a_finding_in_no_place_or_in_two_is_noticed() {
    let results = json!([{"status": "fail", "fingerprint": "a"}, {"status": "waived", "fingerprint": "b"}]);
    let with = |steps: &[&str], left: &[&str]| {
        let plan = json!([{"kind": "tidy", "findings": steps}]);
        every_finding_has_one_place(&report(
            &json!({"results": results, "plan": plan, "left": [{"findings": left}]}),
        ))
    };
    assert_eq!((with(&["a"], &[]), with(&[], &["a"])), (Ok(()), Ok(())));
    for (steps, left) in [(&[][..], &[][..]), (&["a"], &["a"]), (&["a", "a"], &[]), (&["a", "b"], &[])] {
        assert!(with(steps, left).is_err(), "{steps:?} {left:?}");
    }
}

#[test]
fn a_step_that_gives_and_takes_is_noticed() {
    let with = |step: Value| steps_give_or_take(&report(&json!({"plan": [step]})));
    for (kind, from, to) in [("restore", "None", "My"), ("separate", "None", "All"), ("remove", "All", "My")]
    {
        assert_eq!(with(step(kind, 31, from, to)), Ok(()));
        assert!(
            with(step(kind, 31, to, from)).is_err() && with(step(kind, 31, from, from)).is_err(),
            "{kind}"
        );
    }
    assert!(with(step("tidy", 31, "None", "My")).is_err());
}

#[test]
fn a_danger_that_is_fine_is_noticed() {
    let with = |standing: &str, power: Value| {
        no_danger_is_fine(&report(&json!({"keys": [key("yes", standing, &json!([power]))]})))
    };
    let asked = json!({"power": "read-secrets", "by": "asked", "level": "all"});
    assert!(with("fine", asked.clone()).is_err());
    assert_eq!(with("to-decide", asked), Ok(()));
    for settled in [
        json!({"power": "read-secrets", "by": "accepted"}),
        json!({"power": "read-secrets", "by": "asked", "dormant": true}),
        json!({"power": "take-over", "by": "asked", "conditional": true}),
        json!({"power": "money", "by": "asked"}),
    ] {
        assert_eq!(with("fine", settled), Ok(()));
    }
}
