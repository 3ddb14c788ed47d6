//! `leastwise survey`: what can be looked at holds on the simulator, and a simulator that differs in one
//! point makes exactly that one fail.

mod differences;
mod page;
mod secrets;

use std::fs;
use std::path::PathBuf;

use psa_sim::{Fault, Sim, When};
use serde_json::{Value, json};

use crate::psa::{Psa, fixture_path, real};
use crate::support::{Leastwise, Ran};

/// parapluie, where the role of leastwise's own member has Table Setup too, without a customise list.
fn tenant() -> Sim {
    let read = |path: PathBuf| -> Value {
        serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON")
    };
    let path = fixture_path("parapluie");
    let (mut snapshot, sim) = (read(path.clone()), read(path.with_extension("sim.json")));
    let roles = snapshot["roles"].as_array_mut().expect("roles");
    let role = roles.iter_mut().find(|role| role["id"] == 22).expect("the role");
    let rows = role["settings"].as_array_mut().expect("settings");
    rows.iter_mut().find(|row| row["function"] == "Table Setup").expect("the row")["inquire"] = json!("All");
    Sim::from_values(snapshot, sim).expect("a tenant")
}

/// It, asked with the key of leastwise's own member and with Umbrella's.
fn surveyed(sim: Sim, args: &[&str]) -> (Psa, Ran) {
    let psa = Psa::start(sim, 252);
    let ran = with_integration(&psa, &[&["survey"], args].concat()).run();
    (psa, ran)
}

fn with_integration(psa: &Psa, args: &[&str]) -> Leastwise {
    let key = psa.key_of(251);
    psa.leastwise(args)
        .now(real)
        .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", &key.public)
        .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", &key.private)
}

/// The ids of the assumptions with this result.
fn with_result(survey: &Value, result: &str) -> Vec<String> {
    let all = survey["assumptions"].as_array().expect("assumptions");
    let own = all.iter().filter(|own| own["result"] == result);
    own.map(|own| own["id"].as_str().expect("an id").to_owned()).collect()
}

fn why(survey: &Value, id: &str) -> String {
    let all = survey["assumptions"].as_array().expect("assumptions");
    let own = all.iter().find(|own| own["id"] == id).unwrap_or_else(|| panic!("{id}"));
    own["why"].as_str().unwrap_or_default().to_owned()
}

/// What psa-sim cannot show: it has no such endpoint, or sends no such value.
const NOT_SHOWN: [&str; 3] = ["identifiers-agree", "member-report-exists", "reports-by-api-reports"];

#[test]
fn what_can_be_looked_at_holds_and_the_rest_is_not_seen() {
    let (psa, ran) = surveyed(tenant(), &["--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let survey = ran.json();
    assert_eq!(survey["format"], "leastwise-survey/1");
    assert_eq!(with_result(&survey, "did-not-hold"), [""; 0]);
    let not_seen = with_result(&survey, "not-seen");
    let looked_for = not_seen.iter().filter(|id| !matches!(why(&survey, id).as_str(), "by-hand" | "in-time"));
    assert_eq!(looked_for.map(String::as_str).collect::<Vec<_>>(), sorted(&survey, &NOT_SHOWN));
    assert_eq!(with_result(&survey, "held").len() + not_seen.len(), leastwise::rules::Assumption::ALL.len());
    assert!(psa.sim.requests().iter().all(|request| request.method == "GET"));
    assert!(psa.sim.requests().len() < 80, "{}", psa.sim.requests().len());
}

/// In the order of the file.
fn sorted<'i>(survey: &Value, ids: &[&'i str]) -> Vec<&'i str> {
    let all = survey["assumptions"].as_array().expect("assumptions");
    let place = |id: &str| all.iter().position(|own| own["id"] == id);
    let mut ids = ids.to_vec();
    ids.sort_by_key(|id| place(id));
    ids
}

#[test]
fn without_an_integrations_key_less_is_seen_and_said_why() {
    let psa = Psa::start(tenant(), 252);
    let survey = psa.leastwise(&["survey", "--format", "json"]).now(real).run().json();
    assert_eq!(survey["asked_with"], json!(["auditor"]));
    assert_eq!(with_result(&survey, "did-not-hold"), [""; 0]);
    assert_eq!(why(&survey, "customise-rows-allow"), "no-integration-key");
}

#[test]
fn what_is_refused_or_not_there_is_not_seen() {
    for (endpoint, code, expected) in [
        ("/system/securityroles", 403, "refused"),
        ("/system/members", 404, "not-there"),
        ("/system/mysecurity", 500, "no-answer"),
    ] {
        let psa = Psa::start(tenant(), 252);
        psa.network("timeout_ms = 1000\ntotal_ms = 300\npause_ms = 1\n");
        psa.sim.set_fault(endpoint, When::Always, Fault::status(code));
        let ran = with_integration(&psa, &["survey", "--format", "json"]).run();
        assert_eq!(ran.code, 0, "{endpoint}: {ran:?}");
        let survey = ran.json();
        let failed = with_result(&survey, "did-not-hold");
        assert!(failed.is_empty() || failed == ["refusal-is-known"], "{endpoint}: {failed:?}");
        let all = survey["assumptions"].as_array().expect("assumptions");
        assert!(all.iter().any(|own| own["why"] == expected), "{endpoint}");
    }
}

#[test]
fn where_nothing_can_be_asked_no_survey_is_made() {
    let psa = Psa::start(tenant(), 252);
    let wrong = psa.leastwise(&["survey", "-o", "s.md"]).env("LEASTWISE_PRIVATE_KEY", "nonsense").run();
    assert_eq!(wrong.code, 3, "{wrong:?}");
    let nobody = psa.leastwise(&["survey", "-o", "s.md"]).env("LEASTWISE_COMPANY", "nobody").run();
    assert_eq!(nobody.code, 3, "{nobody:?}");
    let half = psa.leastwise(&["survey", "-o", "s.md"]).env("LEASTWISE_INTEGRATION_PUBLIC_KEY", "abc").run();
    assert_eq!(half.code, 2, "{half:?}");
    assert!(!psa.path("s.md").exists());
}

#[test]
fn an_audit_reads_a_survey_and_says_what_does_not_hold() {
    let psa = Psa::start(tenant(), 252);
    let write = |name: &str, text: &str| fs::write(psa.path(name), text).expect("a file");
    write(
        "survey.json",
        r#"{"format":"leastwise-survey/1","assumptions":[{"id":"levels-are-sent","result":"did-not-hold"}]}"#,
    );
    let audit = |file: &str| psa.leastwise(&["audit", "--survey", file]).run();
    let ran = audit("survey.json");
    assert!(ran.stderr.contains("levels-are-sent"), "{ran:?}");
    assert!(ran.stderr.contains("a level that is left out is not known to be None"), "{ran:?}");
    write("none.json", "{}");
    for (file, said) in [("none.json", "not a survey"), ("absent.json", "absent.json")] {
        let ran = audit(file);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
        assert_eq!(ran.stdout, "");
    }
}
