//! `--bundle`: what support needs, and nothing that says whose it is; keys in no output at all.

use std::fs;

use psa_sim::{Fault, Running, Sim, When};
use serde_json::{Value, json};

use super::{as_member, clinic, refuse_table, set_level, umbrella, with_auditor};
use crate::psa::{Psa, fixture_path};

/// Names that are in no message: of the company, people, members, roles, boards, places, customers.
const NAMES: [&str; 9] = [
    "canarytenant",
    "CanaryPerson",
    "CanaryMember",
    "CanaryRole",
    "CanaryBoard",
    "CanaryStreet",
    "CanaryCustomer",
    "canary@",
    "CanaryOther",
];

const KEYS: [&str; 4] = ["canary-pub-7a", "canary-priv-7b", "canary-pub-8a", "canary-priv-8b"];

/// parapluie with a canary wherever a name or a key can stand.
fn serve() -> Psa {
    let read = |path| -> Value { serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON") };
    let mut snapshot = read(fixture_path("parapluie"));
    let mut sim = read(fixture_path("parapluie").with_extension("sim.json"));
    snapshot["tenant"]["company"] = json!("canarytenant");
    let members = snapshot["api_members"].as_array_mut().expect("members");
    (members[0]["identifier"], members[0]["name"]) = (json!("CanaryMember"), json!("CanaryMember"));
    (members[0]["location"], members[0]["default_board"]) = (json!("CanaryStreet 1"), json!("CanaryBoard"));
    members[1]["identifier"] = json!("CanaryOther");
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        if role["id"] == 21 {
            role["name"] = json!("CanaryRole");
        }
    }
    for person in sim["people"].as_object_mut().expect("people").values_mut() {
        person["identifier"] = json!("CanaryPerson");
        person["emailAddress"] = json!("canary@example.invalid");
    }
    sim["rows"]["service/boards"][0]["name"] = json!("CanaryBoard");
    sim["rows"]["service/boards/teams"][0]["defaultFlag"] = json!(false);
    sim["rows"]["company/companies"][1]["identifier"] = json!("CanaryCustomer");
    sim["rows"]["company/companies"][1]["name"] = json!("CanaryCustomer Ltd");
    sim["keys"] = json!([
        {"member": 252, "public": KEYS[0], "private": KEYS[1]},
        {"member": 251, "public": KEYS[2], "private": KEYS[3]},
    ]);
    Psa::start(Sim::from_values(snapshot, sim).expect("a fixture"), 252)
}

/// An answer that quotes names.
fn said(sim: &Running, endpoint: &str, code: u16) {
    let body =
        r#"{"code":"Security","message":"CanaryPerson <canary@example.invalid> may not see CanaryCustomer"}"#;
    let fault = Fault::Status {
        code,
        body: body.to_owned(),
        content_type: "application/json".to_owned(),
        headers: vec![("x-canary".to_owned(), "CanaryPerson".to_owned())],
    };
    sim.set_fault(endpoint, When::Always, fault);
}

/// What is planted in a simulator.
type Plant = fn(&Running);

/// The visits that a bundle is made of: well, ill, stopped, and with the auditor's key.
fn visits() -> Vec<(&'static str, Plant, Vec<&'static str>)> {
    vec![
        ("well", |_| {}, vec!["--role", "CanaryRole", "--company-id", "CanaryCustomer"]),
        ("a name for an id", |_| {}, vec!["--role", "CanaryRole", "--company-id", "CanaryCustomer Ltd"]),
        ("a stranger", |_| {}, vec![]),
        ("named otherwise", |_| {}, vec!["--member", "CanaryOther"]),
        ("a fault that quotes names", |sim| said(sim, "/service/tickets", 500), vec!["--role", "CanaryRole"]),
        ("a key that is refused", |sim| said(sim, "/system/mymembers", 401), vec![]),
        ("a company that cannot be asked", |sim| said(sim, "companyinfo", 500), vec![]),
    ]
}

fn hold_nothing(text: &str, names: &[&str], what: &str) {
    let folded = text.to_lowercase();
    for name in names {
        assert!(!folded.contains(&name.to_lowercase()), "{what}: {name} in\n{text}");
    }
}

#[test]
fn a_bundle_says_what_is_wrong_and_not_whose_it_is() {
    for (what, plant, args) in visits() {
        for audited in [false, true] {
            let psa = serve();
            plant(&psa.sim);
            let command = umbrella(&psa, &[&["--bundle", "case.md"], &args[..]].concat());
            let command = if audited { with_auditor(&psa, command) } else { command };
            let ran = command.run();
            let bundle = fs::read_to_string(psa.path("case.md")).expect("a bundle");
            hold_nothing(&bundle, &NAMES, what);
            hold_nothing(&bundle, &KEYS, what);
            let data = fs::read_to_string(psa.path("case.md.data.json")).expect("its data");
            hold_nothing(&data, &NAMES, what);
            hold_nothing(&data, &KEYS, what);
            for text in [&bundle, &data] {
                hold_nothing(text, &["127.0.0.1"], what);
            }
            let data: Value = serde_json::from_str(&data).expect("JSON");
            assert_eq!(data["exit"], ran.code, "{what}: the same conclusion under other names");
            assert!(data["exchanges"].as_array().is_some_and(|all| !all.is_empty()), "{what}");
            assert!(ran.stderr.contains("case.md.key.json"), "{what}: {}", ran.stderr);
        }
    }
}

#[test]
fn the_key_to_the_names_is_beside_the_bundle() {
    let psa = serve();
    let ran = umbrella(&psa, &["--role", "CanaryRole", "--bundle", "case.md"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let key: Value = serde_json::from_slice(&fs::read(psa.path("case.md.key.json")).unwrap()).unwrap();
    let bundle = fs::read_to_string(psa.path("case.md")).unwrap();
    let names = key["names"].as_object().expect("names");
    let role = names.iter().find(|(_, name)| *name == "CanaryRole").expect("the role").0;
    assert!(bundle.contains(role.as_str()), "{role}");
    assert!(!bundle.contains(key["key"].as_str().expect("a key")));
    let again = umbrella(&psa, &["--role", "CanaryRole", "--bundle", "case.md"])
        .env("LEASTWISE_PSEUDONYM_KEY", "a key of one's own");
    again.run();
    let given: Value = serde_json::from_slice(&fs::read(psa.path("case.md.key.json")).unwrap()).unwrap();
    assert_eq!(given["key"], Value::Null, "a key of one's own is not copied");
    assert!(!given.to_string().contains("a key of one"));
}

/// One pseudonymiser: what a snapshot and a bundle of one key call by a name is the same.
#[test]
fn a_bundle_and_a_snapshot_of_one_key_have_the_same_tokens() {
    let psa = serve();
    let key = "a key of one's own";
    let command = umbrella(&psa, &["--role", "CanaryRole", "--bundle", "case.md"]);
    with_auditor(&psa, command).env("LEASTWISE_PSEUDONYM_KEY", key).run();
    let names: Value = serde_json::from_slice(&fs::read(psa.path("case.md.key.json")).unwrap()).unwrap();
    let (token, _) = names["names"]
        .as_object()
        .expect("names")
        .iter()
        .find(|(_, name)| *name == "CanaryRole")
        .expect("it");
    let command = with_auditor(&psa, psa.leastwise(&["snapshot", "-o", "t.json", "--pseudonymize"]));
    let ran = command.env("LEASTWISE_PSEUDONYM_KEY", key).run();
    assert!([0, 4].contains(&ran.code), "{}", ran.stderr);
    let snapshot = fs::read_to_string(psa.path("t.json")).unwrap();
    assert!(snapshot.contains(&format!("\"name\":\"{token}\"")), "{token}");
    assert!(fs::read_to_string(psa.path("case.md")).unwrap().contains(token.as_str()));
}

#[test]
fn keys_are_in_no_output_at_any_verbosity() {
    for (format, verbosity) in [("table", "-vvv"), ("json", "-q")] {
        for (what, plant, args) in visits() {
            for more in [["--format", format, verbosity, "--bundle", "b.md", "--save", "e.json"]] {
                let psa = serve();
                plant(&psa.sim);
                let command = umbrella(&psa, &[&more, &args[..]].concat());
                let ran = with_auditor(&psa, command).run();
                let mut written = ran.stdout.clone() + &ran.stderr;
                for entry in fs::read_dir(psa.folder.path()).expect("a folder") {
                    written += &fs::read_to_string(entry.expect("an entry").path()).expect("text");
                }
                hold_nothing(&written, &KEYS, what);
                // base64 of "canary-p", at each offset that it can have.
                for encoded in ["Y2FuYXJ5LX", "NhbmFyeS1w", "jYW5hcnktc"] {
                    assert!(!written.contains(encoded), "{what}");
                }
            }
        }
    }
}

#[test]
fn a_persons_login_is_not_shown() {
    let psa = serve();
    psa.sim.edit_sim(|sim| {
        let mut key = sim.keys[0].clone();
        (key.member, key.public, key.private) = (101, "p".to_owned(), "q".to_owned());
        sim.keys.push(key);
    });
    for format in ["table", "json"] {
        let ran =
            as_member(&psa, 101, &["doctor", "--integration", "cisco-umbrella", "--format", format]).run();
        assert_eq!(ran.code, 2);
        hold_nothing(&ran.stdout, &["CanaryPerson", "canary@"], format);
    }
}

/// The cells of a row of the page, by what it begins with.
fn row(page: &str, first: &str) -> Vec<String> {
    let line = page.lines().find(|line| line.starts_with(&format!("| {first} |"))).unwrap_or_default();
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn written(psa: &Psa, args: &[&str]) -> (String, String) {
    umbrella(psa, &[&["--bundle", "case.md"], args].concat()).run();
    let read = |name: &str| fs::read_to_string(psa.path(name)).expect("a file");
    (read("case.md"), read("case.md.data.json"))
}

#[test]
fn a_page_says_what_is_asked_for_and_what_is_there_and_what_failed() {
    let psa = clinic();
    set_level(&psa, "Company Maintenance", "inquire", "My");
    set_level(&psa, "Service Tickets", "edit", "None");
    refuse_table(&psa, "Service / Service Board");
    let (page, _) = written(&psa, &[]);
    assert_eq!(
        row(&page, "Companies / Company Maintenance"),
        ["Companies / Company Maintenance", "", "", "", "**asked All, has My**"]
    );
    assert_eq!(
        row(&page, "Companies / Configurations"),
        ["Companies / Configurations", "All", "All", "", "All"]
    );
    assert_eq!(
        row(&page, "Service Desk / Service Tickets"),
        ["Service Desk / Service Tickets", "All", "**asked All, has None**", "", "All"]
    );
    assert_eq!(
        row(&page, "Service / Service Board"),
        ["Service / Service Board", "yes", "**refused (403)**"]
    );
    assert!(page.contains("2 levels below what is asked for"), "{page}");
    let (_, failed) = page.split_once("## Requests that failed").expect("a heading");
    assert!(failed.contains("/service/boards | 403 |"), "{failed}");
    assert!(!failed.contains("| 200 |"), "{failed}");
    assert!(page.lines().count() < 200, "{} lines", page.lines().count());
}

#[test]
fn what_a_role_has_beyond_need_is_told_only_when_asked() {
    let psa = clinic();
    set_level(&psa, "Member Maintenance", "inquire", "All");
    let (page, data) = written(&psa, &[]);
    for text in [&page, &data] {
        hold_nothing(
            text,
            &["Member Maintenance", "LW102", "LW104", "LW206", "service/priorities?"],
            "without --all",
        );
    }
    let data: Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!(data["lists"], Value::Null);
    assert!(data["probes"].as_array().is_some_and(|all| all.iter().all(|probe| probe["needed"] == true)));
    let (page, data) = written(&psa, &["--all"]);
    assert_eq!(row(&page, "System / Member Maintenance")[4], "(has All)");
    assert!(data.contains("LW102") && data.contains("Member Maintenance"));
    assert!(page.lines().count() < 200, "{} lines", page.lines().count());
}

#[test]
fn the_roles_true_name_and_no_other_is_told_when_asked() {
    let psa = serve();
    let args = ["--role", "CanaryRole", "--with-role-name"];
    let (page, data) = written(&psa, &args);
    for text in [&page, &data] {
        assert!(text.contains("CanaryRole"), "{text}");
        hold_nothing(
            text,
            &["canarytenant", "CanaryPerson", "CanaryMember", "CanaryBoard", "CanaryStreet"],
            "names",
        );
    }
    let (page, _) = written(&psa, &args[..2]);
    hold_nothing(&page, &["CanaryRole"], "without being asked");
}
