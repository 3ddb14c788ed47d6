//! Snapshots without names: nothing of a name is left, and an audit finds the same.

use std::collections::BTreeSet;
use std::fs;

use psa_sim::{Fault, Sim, When};
use serde_json::Value;

use crate::psa::{Psa, fixture, fixture_path};
use crate::support::{Ran, leastwise};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn taken(psa: &Psa, name: &str, args: &[&str], key: &str) -> (Ran, String) {
    let all = [&["snapshot", "-o", name], args].concat();
    let ran = psa.leastwise(&all).env("LEASTWISE_PSEUDONYM_KEY", key).run();
    let text = fs::read_to_string(psa.path(name)).unwrap_or_default();
    (ran, text)
}

/// What tells one finding from another, without names.
fn findings(psa: &Psa, snapshot: &str) -> BTreeSet<String> {
    let ran =
        leastwise(["audit", "--snapshot", snapshot, "--format", "json"]).folder(psa.folder.path()).run();
    let of = |result: &Value| {
        let ids = [&result["role"]["id"], &result["member"]["id"], &result["function"], &result["verb"]];
        format!("{} {} {} {ids:?}", result["check"], result["status"], result["integration"])
    };
    ran.results().iter().map(of).collect()
}

#[test]
fn no_name_of_the_tenant_is_left_and_an_audit_finds_the_same() {
    let psa = Psa::acme();
    let (plain, text) = taken(&psa, "plain.json", &[], KEY);
    let (ran, tokens) = taken(&psa, "tokens.json", &["--pseudonymize"], KEY);
    assert_eq!((plain.code, ran.code), (0, 0), "{}", ran.stderr);
    let snapshot: Value = serde_json::from_str(&text).expect("JSON");
    let rows = |list: &str| snapshot[list].as_array().expect("rows").clone();
    let mut names: BTreeSet<String> = BTreeSet::from(["acme".to_owned(), "tbracken".to_owned()]);
    for (list, keys) in [
        ("roles", &["name"][..]),
        ("api_members", &["identifier", "name", "location", "default_board"]),
        ("logins", &["username"]),
    ] {
        let of_row = |row: Value| {
            keys.iter().filter_map(|key| row[*key].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        names.extend(rows(list).into_iter().flat_map(of_row));
    }
    names.remove("Admin");
    // A role may be called like a module, which keeps its name.
    names.retain(|name| !text.contains(&format!("\"module\":\"{name}\"")));
    assert!(names.len() > 25, "{names:?}");
    let values: BTreeSet<_> = tokens.split('"').collect();
    // Functions of the PSA keep their names, and a rule file's id is no name of the tenant.
    for name in names.iter().filter(|name| **name != "leastwise") {
        assert!(!values.contains(name.as_str()), "{name}");
    }
    assert!(tokens.contains("\"matches\":[\"cisco-umbrella\"]"));
    assert_eq!(findings(&psa, "plain.json"), findings(&psa, "tokens.json"));
}

/// What the PSA says, where it leads to, and what stands behind a level's number: all that a person may have typed.
#[test]
fn no_name_that_a_refusal_or_a_level_holds_is_left() {
    const CANARY: &str = "JaneCanary";
    let body = serde_json::json!({
        "code": "Security",
        "message": format!("{CANARY} (jane.{CANARY}@example.org) may not see Service Tickets"),
    });
    let said = |code| Fault::Status {
        code,
        body: body.to_string(),
        content_type: "application/json".to_owned(),
        headers: vec![(
            "location".to_owned(),
            format!("https://{CANARY}.example/?user={CANARY}%40example.org"),
        )],
    };
    let read = |path| -> Value { serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON") };
    let mut snapshot = read(fixture_path("acme-msp"));
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        role["type"] = format!("type of {CANARY}").into();
    }
    for member in snapshot["api_members"].as_array_mut().expect("members") {
        member["level"] = format!("HQ (Level 2) {CANARY}").into();
    }
    let sim = read(fixture_path("acme-msp").with_extension("sim.json"));
    let psa = Psa::start(Sim::from_values(snapshot, sim).expect("a tenant"), 258);
    for (code, endpoint) in [(403, "integratorlogins"), (302, "/system/members"), (500, "/settings")] {
        psa.sim.set_fault(endpoint, When::Always, said(code));
        let (ran, tokens) = taken(&psa, "tokens.json", &["--pseudonymize"], KEY);
        assert_eq!(ran.code, 4, "{}", ran.stderr);
        assert!(!tokens.to_lowercase().contains(&CANARY.to_lowercase()), "{code}: {tokens}");
        assert!(!ran.stderr.contains(CANARY) || code == 302, "{}", ran.stderr);
        // A plain one has names, and no sentence of the PSA's.
        let (_, plain) = taken(&psa, "plain.json", &[], KEY);
        assert!(!plain.contains("example.org"), "{code}: {plain}");
        psa.sim.clear_faults();
        fs::remove_file(psa.path("tokens.json")).expect("removed");
        fs::remove_file(psa.path("plain.json")).ok();
    }
}

#[test]
fn tokens_join_from_day_to_day_and_not_under_another_key() {
    let psa = Psa::acme();
    let rest = |text: &str| text.split_once('\n').expect("a header").1.to_owned();
    let (_, monday) = taken(&psa, "monday.json", &["--pseudonymize"], KEY);
    let (_, tuesday) = taken(&psa, "tuesday.json", &["--pseudonymize"], KEY);
    assert_eq!(rest(&monday), rest(&tuesday));
    let (_, other) = taken(&psa, "other.json", &["--pseudonymize"], "another key, as long as it must be");
    assert_ne!(rest(&monday), rest(&other));
    let tokens = |text: &str| -> BTreeSet<String> {
        text.split('"').filter(|word| word.starts_with("name-")).map(str::to_owned).collect()
    };
    assert!(tokens(&monday).is_disjoint(&tokens(&other)));
    let diff =
        leastwise(["diff", "monday.json", "tuesday.json", "--fail-on", "any"]).folder(psa.folder.path());
    assert_eq!(diff.run().code, 0);
}

#[test]
fn a_binding_of_the_config_is_noted_too() {
    let psa = Psa::start(fixture("acme-msp"), 258);
    psa.config("[tenant.acme]\ncompany = \"acme\"\n[[tenant.acme.integration]]\nrules = \"hudu\"\nmember = \"svc-report\"\n");
    let (ran, tokens) = taken(&psa, "tokens.json", &["--pseudonymize"], KEY);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::remove_file(psa.path("leastwise.toml")).expect("removed");
    assert!(
        tokens.lines().any(|line| line.contains("\"id\":257,") && line.contains("\"matches\":[\"hudu\"]"))
    );
}

#[test]
fn without_a_key_no_snapshot_comes_out() {
    let psa = Psa::acme();
    for key in ["", "short"] {
        let (ran, text) = taken(&psa, "none.json", &["--pseudonymize"], key);
        assert_eq!((ran.code, text.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("LEASTWISE_PSEUDONYM_KEY"), "{}", ran.stderr);
    }
    assert!(psa.sim.requests().is_empty());
}

#[test]
fn people_are_ids_unless_asked_for() {
    let psa = Psa::acme();
    let (_, text) = taken(&psa, "plain.json", &[], KEY);
    assert!(!text.contains("\"mquennel\""));
    let (ran, text) = taken(&psa, "people.json", &["--with-people"], KEY);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(text.contains(r#"{"id":103,"licence":"F","active":true,"role":11,"identifier":"mquennel"}"#));
    let (_, text) = taken(&psa, "tokens.json", &["--with-people", "--pseudonymize"], KEY);
    assert!(!text.contains("mquennel"));
    assert_eq!(findings(&psa, "plain.json"), findings(&psa, "people.json"));
}
