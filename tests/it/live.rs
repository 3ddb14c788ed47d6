//! The live tenant is judged as its snapshot is, however the PSA chooses to send it.

use std::time::{Duration, Instant};

use psa_sim::{Fault, Nulls, Recorded, When};
use serde_json::Value;

use crate::psa::{Psa, assert_same, fixture, fixture_path, reading, without_fingerprints};
use crate::support::leastwise;

/// The results for a fixture's file.
fn of_file(name: &str, args: &[&str]) -> Vec<Value> {
    let path = fixture_path(name);
    let command = [&["audit", "--format", "json", "--snapshot", path.to_str().expect("a path")], args];
    leastwise(command.concat()).now(reading).run().results()
}

fn assert_same_as_file(psa: &Psa, name: &str, args: &[&str]) {
    let live = psa.audit(args);
    let file = of_file(name, args);
    assert_same(&without_fingerprints(live.results()), &without_fingerprints(&file), &format!("{args:?}"));
    assert_eq!(live.tenant()["complete"], true);
}

#[test]
fn the_live_tenant_and_its_snapshot_give_the_same_results() {
    let psa = Psa::acme();
    assert_same_as_file(&psa, "acme-msp", &[]);
    assert_same_as_file(&psa, "acme-msp", &["--all"]);
    // The fixture was read with another key, and LW304 depends on whose key it is.
    let psa = Psa::parapluie();
    psa.config("[checks.LW304]\nseverity = \"off\"\n");
    let live = psa.audit(&[]);
    let of_file: Vec<_> =
        of_file("parapluie", &[]).into_iter().filter(|result| result["check"] != "LW304").collect();
    assert_same(&without_fingerprints(live.results()), &without_fingerprints(&of_file), "parapluie");
}

#[test]
fn each_integration_alone_gives_the_same_results() {
    let psa = Psa::acme();
    let all = psa.audit(&[]);
    let judged: Vec<_> = all.tenant()["rules"].as_array().expect("rules").iter().collect();
    assert!(judged.len() >= 7, "{judged:?}");
    for rules in judged {
        assert_same_as_file(&psa, "acme-msp", &["--integration", rules["id"].as_str().expect("an id")]);
    }
}

#[test]
fn roles_and_members_asked_for_by_name_give_the_same_results() {
    let psa = Psa::acme();
    for args in [["--role", "Integrations"], ["--member", "svc-report"], ["--role", "18"]] {
        assert_same_as_file(&psa, "acme-msp", &args);
    }
}

#[test]
fn a_snapshot_taken_live_gives_the_same_results_fingerprints_included() {
    let psa = Psa::acme();
    let taken = psa.leastwise(&["snapshot", "-o", "acme.json"]).run();
    assert_eq!(taken.code, 0, "{taken:?}");
    for args in [&[][..], &["--integration", "cisco-umbrella"]] {
        let file = [&["audit", "--format", "json", "--snapshot", "acme.json"], args].concat();
        let file = leastwise(file).folder(psa.folder.path()).now(reading).run();
        assert_same(psa.audit(args).results(), &file.results(), &format!("{args:?}"));
    }
}

#[test]
fn pages_of_any_length_give_the_same_results() {
    let psa = Psa::start(fixture("acme-msp").page_cap(7), 258);
    assert_same_as_file(&psa, "acme-msp", &[]);
    // 113 settings are 17 pages.
    let of_umbrella = psa.sim.requests().iter().filter(|one| one.path.contains("/31/settings")).count();
    assert_eq!(of_umbrella, 17);
}

#[test]
fn what_is_known_to_vary_between_psas_makes_no_difference() {
    let psa = Psa::start(fixture("acme-msp").boolean_cloud(), 258);
    assert_same_as_file(&psa, "acme-msp", &[]);
    // Links name the site without api-; only their page is taken.
    let psa = Psa::start(fixture("acme-msp").page_cap(20).link_host("na.myconnectwise.net"), 258);
    assert_same_as_file(&psa, "acme-msp", &[]);
}

/// What is null and what is left out mean different things to leastwise; neither is a pass or a fail.
#[test]
fn a_psa_that_leaves_nulls_out_adds_no_pass_and_no_finding() {
    let psa = Psa::start(fixture("acme-msp").nulls(Nulls::Omit), 258);
    let decided = |results: &[Value]| -> Vec<Value> {
        let decided = results.iter().filter(|one| one["status"] == "pass" || one["status"] == "fail");
        without_fingerprints(&decided.cloned().collect::<Vec<_>>())
    };
    let (live, file) = (decided(psa.audit(&[]).results()), decided(&of_file("acme-msp", &[])));
    assert!(live.iter().all(|one| file.contains(one)));
    assert!(live.iter().any(|one| one["check"] == "LW101" && one["status"] == "fail"));
}

#[test]
fn lists_in_another_order_make_no_difference() {
    let psa = Psa::acme();
    let before = psa.audit(&[]);
    psa.sim.edit(reverse_lists);
    assert_same(psa.audit(&[]).results(), before.results(), "in another order");
}

/// Turns every list of a snapshot round.
pub fn reverse_lists(snapshot: &mut Value) {
    for list in ["roles", "members", "api_members", "logins"] {
        snapshot[list].as_array_mut().expect("a list").reverse();
    }
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        role["settings"].as_array_mut().expect("settings").reverse();
    }
}

#[test]
fn a_company_in_other_letters_is_the_same_company() {
    let psa = Psa::acme();
    let audited = psa.audit(&["--company", "ACME", "--integration", "cisco-umbrella"]);
    assert_eq!(audited.ran.code, 1, "{}", audited.ran.stderr);
}

#[test]
fn an_address_copied_from_the_browser_is_a_site() {
    let psa = Psa::acme();
    let site = format!("{}/v2025_8/ConnectWise.aspx?locale=en_US#home", psa.sim.url());
    let audited = psa.audit(&["--site", &site, "--integration", "cisco-umbrella"]);
    assert_eq!(audited.ran.code, 1, "{}", audited.ran.stderr);
    assert!(audited.asked.iter().all(|request| !request.path.contains("aspx")));
}

/// What companyinfo says before the cloud moves the company to its next codebase.
fn before_the_upgrade() -> Fault {
    let body = r#"{"CompanyName":"nimbus","Codebase":"v2025_7/","VersionCode":"v2025.7"}"#;
    Fault::Status {
        code: 200,
        body: body.to_owned(),
        content_type: "application/json".to_owned(),
        headers: Vec::new(),
    }
}

fn company_infos(asked: &[Recorded]) -> usize {
    asked.iter().filter(|request| request.path.starts_with("/login/companyinfo/")).count()
}

#[test]
fn a_codebase_that_changes_while_the_tenant_is_read_is_followed_once() {
    // The old codebase answers 404, or (as the simulator does by itself) that it cannot route.
    for gone in [Some(Fault::status(404)), None] {
        let psa = Psa::parapluie();
        psa.sim.set_fault("/login/companyinfo/", When::Nth(1), before_the_upgrade());
        if let Some(gone) = gone {
            psa.sim.set_fault("/v2025_7/", When::Always, gone);
        }
        let audited = psa.audit(&[]);
        assert_eq!(audited.ran.code, 0, "{}", audited.ran.stderr);
        assert_eq!(company_infos(&audited.asked), 2);
    }
}

#[test]
fn a_codebase_that_keeps_changing_is_not_followed_for_ever() {
    let psa = Psa::parapluie();
    psa.sim.set_fault("/login/companyinfo/", When::Always, before_the_upgrade());
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 3);
    assert_eq!(company_infos(&audited.asked), 2);
}

#[test]
fn several_lists_that_are_not_there_are_one_more_question() {
    let psa = Psa::parapluie();
    for endpoint in ["/apimembers", "/members", "/settings"] {
        psa.sim.set_fault(endpoint, When::Always, Fault::status(404));
    }
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 4);
    assert_eq!(company_infos(&audited.asked), 2);
}

#[test]
fn too_many_requests_are_waited_for_as_the_psa_asks() {
    let psa = Psa::parapluie();
    psa.sim.set_fault("=/system/apimembers", When::Always, Fault::TooMany { retry_after: Some(1), times: 1 });
    let started = Instant::now();
    let audited = psa.audit(&[]);
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!((audited.ran.code, audited.tenant()["complete"].as_bool()), (0, Some(true)));
    let statuses: Vec<_> = audited
        .asked
        .iter()
        .filter(|request| request.path.ends_with("/apiMembers"))
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [Some(429), Some(200)]);
}

/// Connections are kept, and there are never more than may be under way at once.
#[test]
fn no_more_connections_are_opened_than_the_bound() {
    for at_once in [1, 3] {
        let psa = Psa::acme();
        psa.network(&format!("connections = {at_once}\n"));
        let audited = psa.audit(&[]);
        assert!(audited.asked.len() > 10, "{}", audited.asked.len());
        let (opened, most) = psa.sim.connections();
        assert!(opened <= at_once && most <= at_once, "{opened} opened, {most} at once, of {at_once}");
        assert!(psa.sim.most_under_way() <= at_once);
    }
}

#[test]
fn without_a_second_file_diff_compares_with_the_live_tenant() {
    let psa = Psa::acme();
    let taken = psa.leastwise(&["snapshot", "-o", "old.json"]).run();
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    let same = psa.leastwise(&["diff", "old.json", "--fail-on", "any"]).run();
    assert_eq!(same.code, 0, "{}{}", same.stdout, same.stderr);
    psa.sim.edit(|snapshot| {
        let roles = snapshot["roles"].as_array_mut().expect("roles");
        let role = roles.iter_mut().find(|role| role["id"] == 31).expect("role 31");
        let settings = role["settings"].as_array_mut().expect("settings");
        let row = settings.iter_mut().find(|row| row["function"] == "Surveys").expect("a row");
        row["inquire"] = "All".into();
    });
    let widened = psa.leastwise(&["diff", "old.json", "--format", "json"]).run();
    assert_eq!(widened.code, 1, "{}", widened.stderr);
    let widened = widened.json();
    let changes = widened["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1);
    assert_eq!((&changes[0]["function"], &changes[0]["verb"]), (&"Surveys".into(), &"inquire".into()));
    // That it is another tenant is known before anything is asked.
    let before = psa.sim.requests().len();
    let other = psa.leastwise(&["diff", &fixture_path("parapluie").display().to_string()]).run();
    assert_eq!(other.code, 2);
    assert_eq!(psa.sim.requests().len(), before);
}
