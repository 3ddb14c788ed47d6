//! `audit --baseline`: only what the earlier snapshot does not have fails the run.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ran, leastwise, project};

const TICKETS: &str = r#""id":310083,"module":"Service Desk","function":"Service Tickets","add":"All","edit":"None","delete":"All","inquire":"All""#;
const SURVEYS: &str = r#"{"id":310012,"module":"Companies","function":"Surveys","add":"None","edit":"None","delete":"None","inquire":"None"}"#;

/// Audits acme-msp after `new`, compared with acme-msp after `old`.
fn compared(old: &[(&str, &str)], new: &[(&str, &str)], args: &[&str]) -> Ran {
    let folder = TempDir::new().expect("a folder");
    let fixture = fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    for (name, changes) in [("old.json", old), ("new.json", new)] {
        let text = changes.iter().fold(fixture.clone(), |text, (from, to)| {
            assert_eq!(text.matches(from).count(), 1, "{from}");
            text.replace(from, to)
        });
        fs::write(folder.path().join(name), text).expect("written");
    }
    let all = [&["audit", "--snapshot", "new.json", "--baseline", "old.json"], args].concat();
    leastwise(all).folder(folder.path()).run()
}

fn json(old: &[(&str, &str)], new: &[(&str, &str)]) -> (u8, Vec<Value>) {
    let ran = compared(old, new, &["--format", "json"]);
    (ran.code, ran.results())
}

fn since<'r>(results: &'r [Value], word: &str) -> Vec<&'r Value> {
    results.iter().filter(|result| result["baseline"] == word).collect()
}

#[test]
fn what_was_there_already_does_not_fail_the_run() {
    let ran = compared(&[], &[], &["--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let results = ran.results();
    assert!(since(&results, "unchanged").len() >= 40);
    assert_eq!((since(&results, "new").len(), since(&results, "resolved").len()), (0, 0));
    assert!(results.iter().all(|result| (result["status"] == "fail") == (result["baseline"] == "unchanged")));
    let baseline = &ran.json()["tenants"][0]["baseline"];
    assert_eq!((&baseline["path"], &baseline["age_days"]), (&"old.json".into(), &1.into()));
    assert!(ran.stderr.contains("compared with the baseline old.json, 1 day old"), "{}", ran.stderr);
}

#[test]
fn what_is_new_and_accepted_is_not_counted_as_new() {
    let folder = TempDir::new().expect("a folder");
    let fixture = fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    fs::write(folder.path().join("old.json"), &fixture).expect("written");
    let wider = fixture.replace(SURVEYS, &SURVEYS.replace("\"delete\":\"None\"", "\"delete\":\"All\""));
    assert_ne!(wider, fixture);
    fs::write(folder.path().join("new.json"), wider).expect("written");
    let waiver = "[tenant.acme]\nsite = \"na.myconnectwise.net\"\ncompany = \"acme\"\n[[waiver]]\n\
                  check = \"LW102\"\nrole = \"Umbrella\"\nfunction = \"Companies / Surveys\"\nverb = \"delete\"\n\
                  reason = \"a test\"\nowner = \"secops\"\nsince = 2026-11-01\nexpires = 2027-03-31\n";
    fs::write(folder.path().join("leastwise.toml"), waiver).expect("written");
    let ran =
        leastwise(["audit", "--snapshot", "new.json", "--baseline", "old.json"]).folder(folder.path()).run();
    assert!(ran.stdout.contains("0 new, "), "{}", ran.stdout);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let page = leastwise(["audit", "--snapshot", "new.json", "--baseline", "old.json", "--format", "html"]);
    let page = page.folder(folder.path()).run().stdout;
    assert!(page.contains("old: 0 new, "), "the page counts as the table does");
}

#[test]
fn a_new_finding_fails_the_run_and_a_mended_one_is_resolved() {
    let widened = SURVEYS.replace("\"inquire\":\"None\"", "\"inquire\":\"All\"");
    let mended = TICKETS.replace("\"edit\":\"None\"", "\"edit\":\"All\"");
    let (code, results) = json(&[], &[(SURVEYS, &widened), (TICKETS, &mended)]);
    assert_eq!(code, 1);
    let new = since(&results, "new");
    assert_eq!(new.len(), 1);
    assert_eq!((&new[0]["check"], &new[0]["function"]), (&"LW102".into(), &"Surveys".into()));
    let resolved = since(&results, "resolved");
    assert_eq!(resolved.len(), 1);
    assert_eq!((&resolved[0]["check"], &resolved[0]["status"]), (&"LW101".into(), &"pass".into()));
}

#[test]
fn a_grant_that_went_further_off_is_new() {
    let my = SURVEYS.replace("\"inquire\":\"None\"", "\"inquire\":\"My\"");
    let all = SURVEYS.replace("\"inquire\":\"None\"", "\"inquire\":\"All\"");
    assert_eq!(json(&[(SURVEYS, &my)], &[(SURVEYS, &all)]).0, 1);
    assert_eq!(json(&[(SURVEYS, &all)], &[(SURVEYS, &my)]).0, 0);
}

#[test]
fn a_role_that_is_too_wide_already_can_still_be_widened() {
    // Role 32 is wide: LW206 counts its grants, and lists none that is below high.
    let narrow = r#"{"id":320012,"module":"Companies","function":"Surveys","add":"All","edit":"All","delete":"All","inquire":"None"}"#;
    let wide = narrow.replace("None", "All");
    let (code, results) = json(&[(wide.as_str(), narrow)], &[]);
    assert_eq!(code, 1);
    let new = since(&results, "new");
    assert_eq!(new.len(), 1);
    assert_eq!((&new[0]["role"]["id"], &new[0]["function"]), (&32.into(), &"Surveys".into()));
    assert_eq!(new[0]["severity"], "medium");
}

#[test]
fn what_the_baseline_could_not_tell_is_new() {
    let refused = (
        r#"{"dataset":"integrator-logins","status":"complete","records":1}"#,
        r#"{"dataset":"integrator-logins","status":"unavailable","reason":"HTTP 403","cause":{"kind":"refused"}}"#,
    );
    let (code, results) = json(&[refused], &[]);
    assert_eq!(code, 1);
    let new = since(&results, "new");
    assert_eq!(new.len(), 1);
    assert_eq!(new[0]["check"], "LW307");
    // The other way round nothing is resolved: nobody looked.
    let (_, results) = json(&[], &[refused]);
    assert_eq!(since(&results, "resolved").len(), 0);
}

#[test]
fn a_role_that_was_admin_is_narrowed_by_becoming_less() {
    let admin =
        (r#""name":"Umbrella","type":null,"admin":false"#, r#""name":"Umbrella","type":null,"admin":true"#);
    let (code, results) = json(&[admin], &[]);
    let excess = ["LW102", "LW104", "LW206"].map(Value::from);
    let new = since(&results, "new");
    assert!(new.iter().all(|result| !excess.contains(&result["check"])), "{new:?}");
    assert_eq!(code, 1, "what it lacks is news");
    let (code, results) = json(&[], &[admin]);
    assert_eq!(code, 1);
    let new: Vec<_> = since(&results, "new").iter().map(|result| result["check"].clone()).collect();
    assert_eq!(new, ["LW201"]);
    let resolved = since(&results, "resolved");
    assert!(resolved.iter().all(|result| result["role"]["id"] != 31), "{resolved:?}");
}

#[test]
fn waivers_do_not_reach_the_baseline() {
    let waiver = "[[waiver]]\ncheck = \"LW307\"\nlogin = \"OpenDNS\"\nreason = \"r\"\nowner = \"o\"\nsince = 2026-11-01\nexpires = ";
    let folder = TempDir::new().expect("a folder");
    let fixture = project().join("fixtures/acme-msp.json").display().to_string();
    let run = |expires: &str| {
        fs::write(folder.path().join("leastwise.toml"), format!("{waiver}{expires}\n")).expect("written");
        let args = ["audit", "--snapshot", &fixture, "--baseline", &fixture, "--format", "json"];
        leastwise(args).folder(folder.path()).run()
    };
    let accepted = run("2026-12-01");
    assert_eq!(accepted.code, 0);
    let excused: Vec<_> =
        accepted.results().into_iter().filter(|result| result["status"] == "waived").collect();
    assert_eq!((excused.len(), &excused[0]["baseline"]), (1, &"unchanged".into()));
    // That a waiver ran out is news, though its finding is not.
    let lapsed = run("2026-11-02");
    assert_eq!(lapsed.code, 1);
    let new: Vec<_> = lapsed.results().into_iter().filter(|result| result["baseline"] == "new").collect();
    assert_eq!((new.len(), &new[0]["check"]), (1, &"LW401".into()));
}

#[test]
fn the_table_shows_what_is_new_and_how_old_the_baseline_is() {
    let widened = SURVEYS.replace("\"inquire\":\"None\"", "\"inquire\":\"All\"");
    let ran = compared(&[], &[(SURVEYS, &widened)], &["--as-of", "2026-12-12"]);
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Since the baseline old.json (21 days old): 1 new"), "{said}");
    assert!(said.contains("new: medium LW102 Inquire = All on Companies / Surveys"), "{said}");
    let ran = compared(&[], &[(SURVEYS, &widened)], &["--as-of", "2026-12-12", "--details"]);
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("To accept medium LW102 for a while, in leastwise.toml: [[waiver]]"), "{said}");
}

#[test]
fn sarif_says_what_is_new_in_its_own_words() {
    let widened = SURVEYS.replace("\"inquire\":\"None\"", "\"inquire\":\"All\"");
    let mended = TICKETS.replace("\"edit\":\"None\"", "\"edit\":\"All\"");
    let ran = compared(&[], &[(SURVEYS, &widened), (TICKETS, &mended)], &["--format", "sarif-full"]);
    let log: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let of = |state: &str| results.iter().filter(|result| result["baselineState"] == state).count();
    assert_eq!((of("new"), of("absent")), (1, 1));
    assert!(of("unchanged") >= 40, "all that neither changed nor is counted by LW206");
}

#[test]
fn a_baseline_of_another_tenant_is_refused() {
    let args = ["audit", "--snapshot", "fixtures/acme-msp.json", "--baseline", "fixtures/parapluie.json"];
    let ran = leastwise(args).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("the baseline fixtures/parapluie.json is of "), "{}", ran.stderr);
}
