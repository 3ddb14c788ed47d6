//! Evidence: what doctor saw turns LW103 and LW104 of an audit from manual into a verdict.

use std::fs;

use psa_sim::Reading;
use serde_json::{Value, json};

use super::{clinic, clinic_of, refuse_table, set_level, umbrella, with_auditor};
use crate::psa::{Psa, fixture};

/// The simulator's clock is the real one, and audits take place when the fixture was read.
pub(super) fn date_evidence(psa: &Psa) {
    let path = psa.path("evidence.json");
    let mut evidence: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    evidence["taken_at"] = json!(crate::psa::reading().to_string());
    fs::write(path, evidence.to_string()).expect("a file");
}

/// The statuses of a check in an audit of the integration.
fn audited(psa: &Psa, check: &str, args: &[&str]) -> Vec<(Value, Value)> {
    let args = [&["--integration", "cisco-umbrella"], args].concat();
    let audited = psa.audit(&args);
    let results = audited.tenant()["results"].as_array().expect("results");
    let of_check = results.iter().filter(|result| result["check"] == check);
    of_check.map(|result| (result["status"].clone(), result["table"].clone())).collect()
}

fn save(psa: &Psa) {
    let ran = umbrella(psa, &["--save", "evidence.json"]).run();
    assert!(ran.code <= 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("leastwise audit --evidence evidence.json"), "{}", ran.stderr);
    date_evidence(psa);
}

const WITH: &[&str] = &["--evidence", "evidence.json"];

#[test]
fn evidence_of_the_perfect_role_is_a_pass_whatever_the_lists_mean() {
    for reading in [Reading::Allow, Reading::Deny] {
        let psa = clinic_of(fixture("parapluie").reading(reading));
        assert_eq!(audited(&psa, "LW103", &[]), [(json!("manual"), Value::Null)]);
        save(&psa);
        assert_eq!(audited(&psa, "LW103", WITH), [(json!("pass"), Value::Null)], "{reading:?}");
        let excess = audited(&psa, "LW104", WITH);
        assert!(excess.contains(&(json!("pass"), Value::Null)), "{reading:?}: {excess:?}");
        assert!(!excess.iter().any(|(status, _)| status == "fail"), "{reading:?}: {excess:?}");
    }
}

#[test]
fn a_refused_table_is_a_finding_of_the_audit() {
    for reading in [Reading::Allow, Reading::Deny] {
        let psa = clinic_of(fixture("parapluie").reading(reading));
        refuse_table(&psa, "Service / Service Board");
        save(&psa);
        assert_eq!(
            audited(&psa, "LW103", WITH),
            [(json!("fail"), json!("Service / Service Board"))],
            "{reading:?}"
        );
        assert_eq!(
            psa.audit(&["--integration", "cisco-umbrella", "--evidence", "evidence.json"]).ran.code,
            1
        );
    }
}

#[test]
fn evidence_lapses_when_the_role_changes() {
    let psa = clinic();
    save(&psa);
    set_level(&psa, "Contacts", "inquire", "All");
    let audit = psa.audit(&["--integration", "cisco-umbrella", "--evidence", "evidence.json"]);
    let results = audit.tenant()["results"].as_array().expect("results").clone();
    let table = results.iter().find(|result| result["check"] == "LW103").expect("a result");
    assert_eq!(table["status"], "manual");
    assert!(table["message"].as_str().is_some_and(|text| text.contains("has lapsed")), "{table}");
}

#[test]
fn the_newest_evidence_that_holds_counts() {
    let psa = clinic();
    save(&psa);
    let mut older: Value = serde_json::from_slice(&fs::read(psa.path("evidence.json")).unwrap()).unwrap();
    older["taken_at"] = json!("2020-01-01T00:00:00Z");
    for probe in older["roles"][0]["probes"].as_array_mut().expect("probes") {
        probe["status"] = json!(403);
    }
    fs::write(psa.path("older.json"), older.to_string()).unwrap();
    let both = ["--evidence", "older.json", "--evidence", "evidence.json"];
    assert_eq!(audited(&psa, "LW103", &both), [(json!("pass"), Value::Null)]);
}

#[test]
fn evidence_holds_no_names_and_no_keys_and_is_for_its_owner() {
    let psa = clinic();
    let ran = with_auditor(&psa, umbrella(&psa, &["--save", "evidence.json"])).run();
    assert_eq!(ran.code, 0);
    let text = fs::read_to_string(psa.path("evidence.json")).unwrap();
    let evidence: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(evidence["format"], "leastwise-evidence/1");
    assert_eq!(evidence["roles"][0]["role"], 21);
    assert_eq!(evidence["roles"][0]["settings"].as_str().map(str::len), Some(64));
    for absent in ["simpub", "simpriv", "Parapluie", "CiscoUmbrella"] {
        assert!(!text.contains(absent), "{absent}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(psa.path("evidence.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    date_evidence(&psa);
    // Bound to the settings as an audit reads them.
    assert_eq!(audited(&psa, "LW103", WITH), [(json!("pass"), Value::Null)]);
}

#[test]
fn evidence_that_is_wrong_or_of_another_tenant_stops_the_audit() {
    let psa = clinic();
    save(&psa);
    let text = fs::read_to_string(psa.path("evidence.json")).unwrap();
    for (name, wrong, why) in [
        ("format", text.replace("evidence/1", "evidence/7"), "its format is"),
        ("json", "{".to_owned(), "it is no evidence"),
        ("tenant", text.replace("nimbus", "cumulus"), "the evidence is of cumulus"),
    ] {
        fs::write(psa.path("wrong.json"), wrong).unwrap();
        let ran = psa.leastwise(&["audit", "--evidence", "wrong.json"]).run();
        assert_eq!(ran.code, 2, "{name}: {}", ran.stderr);
        assert!(ran.stdout.is_empty() && ran.stderr.contains(why), "{name}: {}", ran.stderr);
    }
    assert_eq!(psa.leastwise(&["audit", "--evidence", "missing.json"]).run().code, 2);
}

#[test]
fn a_visit_that_was_stopped_saves_nothing() {
    let psa = clinic();
    let ran =
        super::as_member(&psa, 252, &["doctor", "--integration", "cisco-umbrella", "--save", "e.json"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no evidence was saved"), "{}", ran.stderr);
    assert!(!psa.path("e.json").exists());
}
