//! No name, key, id or address is in a survey; unknown functions are named only where that was asked for,
//! and shown first.

use serde_json::{Value, json};

use super::{surveyed, tenant, with_integration};
use crate::psa::Psa;

/// Everything in the fixture that somebody chose, in no particular case.
fn canaries(psa: &Psa) -> Vec<String> {
    let mut all = Vec::new();
    for member in [251, 252, 101] {
        let key = psa.key_of(member);
        all.extend([key.public, key.private, key.client_id, key.company]);
    }
    let read = |name: &str| -> Value {
        let bytes = std::fs::read(crate::psa::fixture_path(name)).expect("a fixture");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let snapshot = read("parapluie");
    for list in ["roles", "api_members"] {
        for row in snapshot[list].as_array().expect("a list") {
            all.extend(
                ["name", "identifier", "level", "location"]
                    .iter()
                    .filter_map(|key| row[key].as_str())
                    .map(str::to_owned),
            );
        }
    }
    // The product's own name, and words of ours.
    all.retain(|text| !["leastwise", "Main", "Admin"].contains(&text.as_str()));
    all.extend(["cbrumel", "Brumelier", "Lavandin", "nimbus", "127.0.0.1", "251", "252"].map(str::to_owned));
    all
}

fn holds_none(text: &str, psa: &Psa) {
    let folded = text.to_lowercase();
    for canary in canaries(psa) {
        assert!(!folded.contains(&canary.to_lowercase()), "{canary}: {text}");
    }
}

#[test]
fn no_name_key_id_or_address_is_in_a_survey() {
    for format in ["markdown", "json"] {
        for args in [&["--format", format][..], &["--format", format, "--with-function-names", "-vv"]] {
            let (psa, ran) = surveyed(tenant(), args);
            assert_eq!(ran.code, 0, "{ran:?}");
            holds_none(&ran.stdout, &psa);
        }
    }
}

/// A role with functions of its own, and a PSA that says strange things wherever it says anything.
#[test]
fn whatever_the_psa_says_stays_there() {
    let sim = tenant().reshape(|answer| {
        if *answer.status == 403 {
            *answer.body = json!({"code": "CANARY", "message": "CANARY of 10.20.30.40"});
        }
        if let Some(rows) = answer.body.as_array_mut() {
            for row in rows {
                row["CANARY"] = json!("CANARY");
                for key in ["name", "moduleFunctionIdentifier", "lastLogin", "itemIdentifier", "licenseClass"]
                {
                    if row.get(key).is_some() {
                        row[key] = json!("CANARY");
                    }
                }
            }
        }
    });
    let (psa, ran) = surveyed(sim, &["--format", "json"]);
    psa.sim.edit_sim(|sim| sim.version = "CANARY 2025.8".to_owned());
    let again = with_integration(&psa, &["survey"]).run();
    for text in [ran.stdout, again.stdout] {
        assert!(!text.is_empty() && !text.contains("CANARY") && !text.contains("10.20.30.40"), "{text}");
    }
}

fn strange(psa: &Psa) {
    let changed = psa.sim.edit(|snapshot| {
        for role in snapshot["roles"].as_array_mut().expect("roles") {
            let rows = role["settings"].as_array_mut().expect("settings");
            let row = json!({"id": 99_000 + role_id(rows), "module": "Service Desk", "function": "Jour|nal de Colette", "add": "None", "edit": "None", "delete": "None", "inquire": "None"});
            rows.push(row);
        }
    });
    assert!(changed.is_some());
}

fn role_id(rows: &[Value]) -> i64 {
    rows[0]["id"].as_i64().unwrap_or_default()
}

#[test]
fn unknown_functions_are_counted_and_named_only_when_asked_and_shown_first() {
    let psa = Psa::start(tenant(), 252);
    strange(&psa);
    let plain = with_integration(&psa, &["survey", "--format", "json"]).run();
    assert_eq!(plain.json()["unknown_functions"], json!({"count": 1}));
    assert!(!format!("{plain:?}").contains("Colette"), "{plain:?}");
    let named = with_integration(&psa, &["survey", "--with-function-names", "-o", "survey.md"]).run();
    assert_eq!(named.code, 0, "{named:?}");
    let shown = named.stderr.find("Service Desk / Jour|nal de Colette").expect("it is shown");
    let saved = named.stderr.find("wrote survey.md").expect("it is saved");
    assert!(shown < saved, "{}", named.stderr);
    let text = std::fs::read_to_string(psa.path("survey.md")).expect("the survey");
    assert!(text.contains("Colette") && !text.contains("Jour|nal"), "{text}");
}
