//! Client id and keys appear nowhere: not in what any command says, in any form, at any verbosity, in
//! success or in failure, and not in what it writes.

use std::fs;

use psa_sim::{Fault, Sim, When};
use serde_json::{Value, json};

use crate::psa::{Psa, fixture_path};
use crate::support::Ran;

/// Text that is in no fixture and no message.
const CLIENT_ID: &str = "canary-c-4f1d9a";
const PUBLIC: &str = "canary-p-77e2b0";
const PRIVATE: &str = "canary-s-c093aa";

/// A fixture, where this member's key and leastwise's client id are the canaries.
fn serve(name: &str, member: i64) -> Psa {
    let read = |path| -> Value { serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON") };
    let snapshot = read(fixture_path(name));
    let mut sim = read(fixture_path(name).with_extension("sim.json"));
    sim["keys"] = json!([{"member": member, "public": PUBLIC, "private": PRIVATE}]);
    sim["client_ids"] = json!([CLIENT_ID]);
    Psa::start(Sim::from_values(snapshot, sim).expect("a fixture"), member)
}

/// What would give a secret away: itself, or what the Authorization header holds.
fn canaries() -> Vec<String> {
    vec![
        "canary".to_owned(),
        PUBLIC.to_uppercase(),
        // base64 of "canary" at each of the three offsets that it can have.
        "Y2FuYXJ5".to_owned(),
        "NhbmFye".to_owned(),
        "jYW5hcn".to_owned(),
    ]
}

#[track_caller]
fn assert_silent(psa: &Psa, ran: &Ran, what: &str) {
    for canary in canaries() {
        assert!(!ran.stdout.contains(&canary), "{what}: {canary} on standard output");
        assert!(!ran.stderr.contains(&canary), "{what}: {canary} on standard error");
        for entry in fs::read_dir(psa.folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
            assert!(!text.contains(&canary), "{what}: {canary} in {}", path.display());
        }
    }
}

/// Every command that has the keys, in every form.
fn commands() -> Vec<Vec<&'static str>> {
    let mut commands =
        vec![vec!["snapshot", "-o", "acme.json"], vec!["init"], vec!["plan"], vec!["rules", "list"]];
    commands.extend([
        vec!["impact", "Umbrella"],
        vec!["rules", "merge", "--role", "Integrations"],
        vec!["rules", "new", "x", "--from-role", "Umbrella"],
    ]);
    for format in ["table", "json", "sarif", "sarif-full"] {
        commands.push(vec!["audit", "--format", format, "--allow-partial", "--all"]);
    }
    commands.push(vec![
        "audit",
        "--output",
        "json=r.json",
        "--output",
        "sarif=r.sarif",
        "--output",
        "table=r.txt",
    ]);
    commands
}

#[test]
fn no_command_shows_a_secret_in_any_form_at_any_verbosity() {
    let psa = serve("acme-msp", 258);
    for command in commands() {
        for verbosity in [&[][..], &["-vvv"], &["-q"]] {
            let args = [&command, verbosity].concat();
            let ran = psa.leastwise(&args).run();
            assert!(ran.code <= 1, "{args:?}: {}", ran.stderr);
            assert_silent(&psa, &ran, &format!("{args:?}"));
        }
    }
    assert!(psa.sim.requests().len() > 50, "the canaries were used");
}

#[test]
fn no_failure_shows_a_secret() {
    let psa = serve("parapluie", 101);
    psa.network("timeout_ms = 2000\ntotal_ms = 2000\npause_ms = 1\n");
    let echo = Fault::Status {
        code: 401,
        body: r#"{"code":"Unauthorized","message":"no such key"}"#.to_owned(),
        content_type: "application/json".to_owned(),
        headers: Vec::new(),
    };
    let faults = [
        echo,
        Fault::status(403),
        Fault::Html(500),
        Fault::Reset,
        Fault::Refuse,
        Fault::Truncate,
        Fault::WrongTypes,
    ];
    for fault in faults {
        for endpoint in ["", "=/system/securityroles", "/members"] {
            psa.sim.set_fault(endpoint, When::Always, fault.clone());
            for command in [
                &["audit", "-vv"][..],
                &["audit", "--format", "json"],
                &["snapshot", "-o", "acme.json", "-v"],
                &["init"],
            ] {
                let ran = psa.leastwise(command).run();
                assert_silent(&psa, &ran, &format!("{command:?} with {fault:?} at {endpoint:?}"));
            }
            psa.sim.clear_faults();
        }
    }
}

#[test]
fn a_key_that_was_typed_where_none_belongs_is_not_repeated() {
    let psa = serve("parapluie", 101);
    for args in
        [["audit", "--private-key", PRIVATE], ["audit", "--site", "https://me:canary@psa.example.org"]]
    {
        let ran = psa.leastwise(&args).run();
        assert_eq!(ran.code, 2);
        assert_silent(&psa, &ran, &format!("{args:?}"));
    }
}
