//! Visits where nothing is planted, or where more than the first line counts.

use psa_sim::{Fault, When};
use serde_json::{Value, json};

use super::{as_member, change, clinic, first_line, refuse_table, set_level, umbrella, with_auditor};
use crate::psa::Psa;

fn result<'r>(report: &'r Value, check: &str) -> Vec<&'r Value> {
    let results = report["results"].as_array().expect("results");
    results.iter().filter(|result| result["check"] == check).collect()
}

fn result_of(report: &Value, step: &str) -> Value {
    let steps = report["steps"].as_array().expect("steps");
    steps.iter().find(|own| own["step"] == step).expect("the step").clone()
}

fn verdicts(report: &Value) -> Vec<(&str, &str)> {
    let steps = report["steps"].as_array().expect("steps");
    let word = |step: &'_ Value, key: &str| -> String { step[key].as_str().unwrap_or_default().to_owned() };
    steps.iter().map(|step| (word(step, "step"), word(step, "verdict"))).map(leak).collect()
}

/// A test that fails reads better with words than with values.
fn leak((step, verdict): (String, String)) -> (&'static str, &'static str) {
    (step.leak(), verdict.leak())
}

#[test]
fn the_perfect_role_is_well_and_what_was_not_checked_is_said() {
    let psa = clinic();
    let ran = umbrella(&psa, &[]).run();
    assert_eq!((first_line(&ran), ran.code), ("cisco-umbrella: every need that can be checked is met", 0));
    for said in
        ["Not checked", "Add, Edit and Delete were not tried", "No ticket can be normal", "Open MSP Settings"]
    {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    assert_eq!(report["format"], "leastwise-doctor/1");
    assert!(verdicts(&report).iter().all(|(_, verdict)| *verdict == "ok"), "{:?}", verdicts(&report));
    assert_eq!(report["lists"]["reading"], "allow");
    assert_eq!(report["exit"], 0);
    for check in ["LW101", "LW102", "LW103"] {
        let mut all: Vec<_> = result(&report, check).iter().map(|result| result["status"].clone()).collect();
        // Verbs that a function does not offer.
        all.retain(|status| status != "notApplicable");
        assert_eq!(all, [json!("pass")], "{check}");
    }
    let unchecked = report["unchecked"].as_array().expect("a list");
    assert!(unchecked.len() >= 3 && unchecked.iter().all(Value::is_string));
}

#[test]
fn the_requests_are_get_one_row_each_and_every_one_is_listed() {
    let psa = clinic();
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    let asked = psa.sim.requests();
    assert!(asked.iter().all(|request| request.method == "GET"));
    let listed: u64 = report["requests"]
        .as_array()
        .expect("requests")
        .iter()
        .map(|line| line["count"].as_u64().expect("a count"))
        .sum();
    assert_eq!(listed, asked.len() as u64);
    assert_eq!(report["exchanges"].as_array().map(Vec::len), Some(asked.len()));
    for path in [
        "company/companies",
        "company/configurations",
        "company/configurations/types",
        "service/tickets",
        "service/boards",
        "service/priorities",
    ] {
        let probes: Vec<_> = asked
            .iter()
            .filter(|request| {
                request.path.ends_with(&format!("/apis/3.0/{path}")) && request.query.contains("pageSize=1&")
                    || request.path.ends_with(&format!("/apis/3.0/{path}"))
                        && request.query.ends_with("pageSize=1")
            })
            .collect();
        assert_eq!(probes.len(), 1, "{path}: {asked:?}");
        assert!(probes[0].query.contains("fields=id"), "no more than the id is fetched");
    }
}

#[test]
fn three_answers_of_a_probe_are_three_things() {
    let psa = clinic();
    psa.sim.set_fault("/service/tickets", When::Always, Fault::EmptyList);
    refuse_table(&psa, "Service / Priority");
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    let answer = |path: &str| {
        let probes = report["probes"].as_array().expect("probes");
        probes.iter().find(|probe| probe["path"] == path).map(|probe| probe["answer"].clone())
    };
    assert_eq!(answer("service/tickets"), Some(json!("empty")));
    assert_eq!(answer("service/priorities"), Some(json!("refused")));
    assert_eq!(answer("service/boards"), Some(json!("rows")));
}

#[test]
fn excess_alone_is_said_and_does_not_gate() {
    let psa = clinic();
    set_level(&psa, "Contacts", "delete", "All");
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    assert_eq!(report["exit"], 0);
    let excess: Vec<_> =
        result(&report, "LW102").into_iter().filter(|result| result["status"] == "fail").collect();
    assert_eq!(excess.len(), 1);
    assert_eq!((&excess[0]["function"], &excess[0]["verb"]), (&json!("Contacts"), &json!("delete")));
    assert_eq!(excess[0]["certainty"], "likely", "others who hold the role were not to be seen");
    let seen = with_auditor(&psa, umbrella(&psa, &["--format", "json"])).run().json();
    let certain = result(&seen, "LW102").into_iter().find(|result| result["status"] == "fail").cloned();
    assert_eq!(certain.expect("the same excess")["certainty"], "certain");
}

#[test]
fn a_table_too_many_is_said_and_does_not_gate() {
    let psa = clinic();
    psa.sim.edit_sim(|sim| {
        let lists = sim.customize.get_mut("21").expect("lists");
        let list = lists.get_mut("SystemTableSetup").expect("the list");
        list.extend(["Company / Configuration Status".to_owned(), "Company / Country".to_owned()]);
    });
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    assert_eq!(report["exit"], 0);
    let beyond: Vec<_> = result(&report, "LW104")
        .into_iter()
        .filter(|result| result["status"] == "fail")
        .map(|result| (result["table"].clone(), result["certainty"].clone()))
        .collect();
    let certain = (json!("Company / Configuration Status"), json!("certain"));
    let likely = (json!("Company / Country"), json!("likely"));
    assert_eq!(beyond, [certain, likely], "one answered, the other stands in the list");
}

#[test]
fn a_closed_table_setup_says_nothing_of_its_lists() {
    let psa = clinic();
    set_level(&psa, "Table Setup", "inquire", "None");
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    assert_eq!(report["exit"], 1);
    assert_eq!(report["lists"]["reading"], Value::Null);
    let tables: Vec<_> = result(&report, "LW103").iter().map(|result| result["status"].clone()).collect();
    assert_eq!(tables, [json!("manual")]);
}

#[test]
fn a_temporary_member_with_the_same_role_will_do() {
    let psa = clinic();
    let ran = temporary(&psa, 21, |command| command).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("the key of member tmp-doctor (role Parapluie), which"), "{}", ran.stdout);
    let ran = temporary(&psa, 21, |command| with_auditor(&psa, command)).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    change(&psa, "api_members", 251, |row| row["excluded_boards"] = json!([1]));
    let ran = temporary(&psa, 21, |command| with_auditor(&psa, command)).run();
    assert!(first_line(&ran).contains("but the member sees less"), "the bound member's own: {}", ran.stdout);
    let ran = temporary(&psa, 22, |command| with_auditor(&psa, command)).run();
    assert_eq!(ran.code, 2, "another role: {}", ran.stdout);
    assert!(ran.stdout.replace('\n', " ").contains("not to member CiscoUmbrella"), "{}", ran.stdout);
}

/// A visit with the key of a new API member that holds this role.
fn temporary(
    psa: &Psa,
    role: i64,
    more: impl FnOnce(crate::support::Leastwise) -> crate::support::Leastwise,
) -> crate::support::Leastwise {
    psa.sim.edit(|snapshot| {
        let members = snapshot["api_members"].as_array_mut().expect("members");
        members.retain(|member| member["id"] != 299);
        let mut temporary = members[0].clone();
        (temporary["id"], temporary["identifier"]) = (json!(299), json!("tmp-doctor"));
        (temporary["name"], temporary["role"]) = (json!("Temporary"), json!(role));
        temporary["excluded_boards"] = json!([]);
        members.push(temporary);
    });
    psa.sim.edit_sim(|sim| {
        let mut key = sim.keys[1].clone();
        (key.member, key.public, key.private) = (299, "simpub-tmp".to_owned(), "simpriv-tmp".to_owned());
        sim.keys.retain(|key| key.member != 299);
        sim.keys.push(key);
    });
    more(as_member(psa, 299, &["doctor", "--integration", "cisco-umbrella"]))
}

#[test]
fn the_binding_of_the_config_decides() {
    let psa = clinic();
    change(&psa, "api_members", 251, |row| row["identifier"] = json!("svc-1"));
    change(&psa, "roles", 21, |row| row["name"] = json!("Sync"));
    let unbound = umbrella(&psa, &[]).run();
    assert_eq!(unbound.code, 2, "{}", unbound.stdout);
    for binding in ["member = \"svc-1\"", "role = \"Sync\"", "member = \"251\""] {
        psa.config(&format!(
            "[tenant.nimbus]\n[[tenant.nimbus.integration]]\nrules = \"cisco-umbrella\"\n{binding}\n"
        ));
        let ran = umbrella(&psa, &[]).run();
        assert_eq!(ran.code, 0, "{binding}: {}", ran.stdout);
    }
    psa.config("");
    assert_eq!(umbrella(&psa, &["--member", "svc-1"]).run().code, 0);
    assert_eq!(umbrella(&psa, &["--role", "Sync"]).run().code, 0);
    assert_eq!(umbrella(&psa, &["--member", "svc-2"]).run().code, 2);
}

#[test]
fn a_company_id_that_is_there_is_no_cause() {
    let psa = clinic();
    let ran = umbrella(&psa, &["--company-id", "Lavandin"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let answer = "company Lavandin is there, and the member sees it";
    assert!(ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(answer), "{}", ran.stdout);
    // The question is answered too where something else is wrong.
    set_level(&psa, "Service Tickets", "edit", "None");
    psa.sim.set_fault("/teams", When::Always, Fault::status(403));
    let ran = umbrella(&psa, &["--company-id", "Lavandin"]).run();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(answer), "{}", ran.stdout);
    let ran = umbrella(&psa, &["--company-id", "a\" or id>0"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("is no Company ID"), "{}", ran.stderr);
}

#[test]
fn a_refused_call_about_teams_is_not_checked_and_never_ok() {
    let psa = clinic();
    psa.sim.set_fault("/teams", When::Always, Fault::status(403));
    let ran = umbrella(&psa, &[]).run();
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("unknown other-causes whether each board has a default team was not checked"),
        "{said}"
    );
    assert!(!said.contains("boards have teams"), "{said}");
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    let other = report["steps"].as_array().expect("steps").last().expect("the last").clone();
    assert_eq!((&other["step"], &other["verdict"]), (&json!("other-causes"), &json!("unknown")));
}

#[test]
fn an_address_that_is_missing_is_no_record_that_is_missing() {
    let psa = clinic();
    let body = json!({"code": "NotFound", "message": "Not Found", "errors": null}).to_string();
    let fault =
        Fault::Status { code: 404, body, content_type: "application/json".to_owned(), headers: Vec::new() };
    psa.sim.set_fault("/service/priorities", When::Always, fault);
    let ran = umbrella(&psa, &[]).run();
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("this PSA has no address service/priorities (404)"), "{said}");
    assert!(!said.contains("look for the record") && !said.contains("map it again"), "{said}");
}

#[test]
fn a_remark_is_no_failure_and_what_is_not_known_is_not_met() {
    let psa = clinic();
    change(&psa, "roles", 21, |role| role["admin"] = json!(true));
    psa.sim.set_fault("/service/priorities", When::Always, Fault::status(404));
    let ran = umbrella(&psa, &[]).run();
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert!(first_line(&ran).contains("whether every need is met is not known"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  remark  role "), "{}", ran.stdout);
}

#[test]
fn every_click_that_is_needed_is_called_a_fix() {
    let psa = clinic();
    set_level(&psa, "Company Maintenance", "inquire", "None");
    set_level(&psa, "Service Tickets", "edit", "None");
    let ran = umbrella(&psa, &[]).run();
    let fixes = ran.stdout.lines().filter(|line| line.starts_with("  fix "));
    assert_eq!(fixes.count(), 2, "{}", ran.stdout);
    let report = umbrella(&psa, &["--format", "json"]).run().json();
    let rights = result_of(&report, "rights");
    assert!(rights["notes"][0].as_str().is_some_and(|note| note.contains("then Save")), "{rights}");
}

#[test]
fn a_setting_that_is_missing_is_the_only_one_to_set() {
    let psa = clinic();
    let ran = umbrella(&psa, &[]).env("LEASTWISE_INTEGRATION_PRIVATE_KEY", "").run();
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("fix set LEASTWISE_INTEGRATION_PRIVATE_KEY;"), "{said}");
}

#[test]
fn json_says_what_stopped_it_on_standard_error_too() {
    let psa = clinic();
    let ran = as_member(&psa, 252, &["doctor", "--integration", "cisco-umbrella", "--format", "json"]).run();
    assert_eq!((ran.code, &ran.json()["exit"]), (2, &json!(2)));
    assert!(ran.stderr.contains("the key belongs to member leastwise"), "{}", ran.stderr);
    let unknown = as_member(&psa, 251, &["doctor", "--integration", "umbrela"]).run();
    assert_eq!(unknown.code, 2);
}

#[test]
fn what_stops_the_work_comes_before_what_narrows_it() {
    let psa = clinic();
    set_level(&psa, "Company Maintenance", "inquire", "My");
    set_level(&psa, "Service Tickets", "edit", "None");
    let ran = umbrella(&psa, &[]).run();
    assert!(first_line(&ran).contains("Edit on Service Desk / Service Tickets is None"), "{}", ran.stdout);
    set_level(&psa, "Service Tickets", "edit", "All");
    refuse_table(&psa, "Service / Service Board");
    let ran = umbrella(&psa, &[]).run();
    assert!(first_line(&ran).contains("the table Service / Service Board is refused"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Company Maintenance"), "{}", ran.stdout);
}

#[test]
fn without_a_key_of_the_members_the_checklist_is_named() {
    let psa = clinic();
    let ran = umbrella(&psa, &[]).env("LEASTWISE_INTEGRATION_PUBLIC_KEY", "").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("leastwise checklist --integration cisco-umbrella"), "{text}");
}
