//! `rules show`, in all forms.

use crate::support::{Ran, after_the_last_reading, leastwise};

fn show(id: &str, format: &str) -> Ran {
    let ran = leastwise(["rules", "show", id, "--format", format]).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

fn all() -> Vec<String> {
    let list = leastwise(["rules", "list", "--format", "json"]).run().json();
    let list = list["integrations"].as_array().expect("a list").clone();
    list.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn the_table_is_that_of_the_screen() {
    insta::assert_snapshot!(show("petra", "table").stdout, @r"
    Petra Security (M365 detection) (petra)
      source        https://docs.petrasecurity.com/integrations/connectwise
      read          2026-11-22
      role named    Petra API, Petra, Petra Security
      member named  Petra, Petra Security

                               Add   Edit  Delete  Inquire
    Companies
      Company Maintenance      None  None  None    All
      Contacts                 None  None  None    All
    Service Desk
      Close Service Tickets    None  All   None    All
      Service Tickets          All   All   None    All
    System
      API Reports              None  None  None    All
      Table Setup (customize)  None  None  None    All

      System / Table Setup  customize > Allow Access to these: Project / Project
                            Boards; Service / Service Board; Service / Source;
                            Company / Company Status; Service / Priority

    Everything else: None.

    The API member
      boards  The service board needs an active Default Team, or no ticket can be
              made on it.
      note    Move every table to Disallow first, then allow these five.
    ");
}

#[test]
fn json_has_everything_that_the_file_says() {
    let umbrella = show("cisco-umbrella", "json").json();
    let needs = umbrella["needs"].as_array().expect("needs");
    let of = |function: &str, verb: &str| {
        let found = needs.iter().find(|need| need["function"] == function && need["verb"] == verb);
        found.unwrap_or_else(|| panic!("{function} {verb}")).clone()
    };
    assert_eq!(needs.len(), 10, "four functions, no Delete");
    let tickets = of("Service Tickets", "edit");
    assert_eq!((&tickets["module"], &tickets["level"]), (&"Service Desk".into(), &"All".into()));
    assert_eq!(umbrella["allow"][0]["entries"][2], "Service / Service Board");
    assert_eq!(umbrella["advice"]["needs"][0]["proven"], false);
    assert_eq!(umbrella["checklist"]["steps"].as_array().map(Vec::len), Some(5));
    assert_eq!(umbrella["unclear"].as_array().map(Vec::len), Some(1));
    assert_eq!(umbrella["doubts"][0]["functions"][0], "Service Desk / Close Service Tickets");
    assert_eq!(umbrella["match"]["roles"][2], "Parapluie");
    let crushbank = show("crushbank", "json").json();
    assert_eq!(crushbank["features"][2]["name"], "kba-articles");
    assert_eq!(crushbank["features"][2]["needs"][0]["function"], "API Reports");
}

/// As the issue asks: written as TOML and read again, the needs are the same; for every file.
#[test]
fn toml_reads_back_as_the_same_needs_for_every_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for id in all() {
        std::fs::write(folder.path().join(format!("{id}.toml")), show(&id, "toml").stdout).expect("a file");
    }
    let rules = folder.path().display().to_string();
    let lint = leastwise(["rules", "lint", &rules]).now(after_the_last_reading).run();
    assert_eq!((lint.code, lint.stdout.as_str()), (0, ""), "canonical names raise no warning");
    for id in all() {
        let mut before = show(&id, "json").json();
        let args = ["rules", "show", &id, "--format", "json", "--rules-dir", &rules];
        let ran = leastwise(args).now(after_the_last_reading).run();
        let mut after = ran.json();
        for json in [&mut before, &mut after] {
            json["digest"].take();
            json["origin"].take();
        }
        assert_eq!(before, after, "{id}");
    }
}

#[test]
fn every_form_names_every_function() {
    for id in all().into_iter().step_by(4) {
        let json = show(&id, "json").json();
        let table = leastwise(["rules", "show", &id]).terminal(200).run().stdout;
        let markdown = show(&id, "markdown").stdout.replace('\\', "");
        for need in json["needs"].as_array().expect("needs") {
            let function = need["function"].as_str().expect("a name").replace('*', "(every function)");
            assert!(table.contains(&function), "{id}: {function}\n{table}");
            assert!(markdown.contains(&function), "{id}: {function}\n{markdown}");
        }
    }
}

#[test]
fn an_id_that_does_not_exist_is_refused_with_the_nearest() {
    let ran = leastwise(["rules", "show", "umbrella"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean cisco-umbrella?"), "{}", ran.stderr);
}
