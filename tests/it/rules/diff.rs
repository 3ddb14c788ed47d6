//! `rules diff`: what vendors changed, and which roles now lack something.

use std::path::Path;

use crate::support::{Ran, after_the_last_reading, leastwise};

const OLD: &str = r#"id = "cisco-umbrella"
vendor = "Cisco"
product = "Umbrella"
read = 2026-03-01
[match]
members = ["Umbrella"]
[needs."Service Desk"]
"Close Service Tickets" = { inquire = "All" }
"Service Tickets" = { add = "All", inquire = "All" }
[needs.System]
"Table Setup" = { inquire = "All", allow = ["Service / Priority"] }
"#;

fn folder(name: &str, text: &str, parent: &Path) {
    let folder = parent.join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.toml"), text).expect("a file");
}

fn diff(new: &str, args: &[&str]) -> Ran {
    let parent = tempfile::tempdir().expect("a folder");
    folder("old", OLD, parent.path());
    folder("new", new, parent.path());
    leastwise(["--color", "never", "rules", "diff", "old", "new"].iter().chain(args).copied())
        .folder(parent.path())
        .terminal(300)
        .run()
}

fn snapshot() -> String {
    crate::support::project().join("fixtures/acme-msp.json").display().to_string()
}

fn grown() -> String {
    OLD.replace("2026-03-01", "2026-11-01")
        .replace("{ add = \"All\", inquire", "{ add = \"All\", edit = \"All\", inquire")
        .replace("{ inquire = \"All\" }", "{ inquire = \"None\" }")
        .replace("Service / Priority", "Service / Service Board")
}

#[test]
fn what_grew_and_what_shrank_is_told_row_by_row() {
    let ran = diff(&grown(), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    insta::assert_snapshot!(ran.stdout, @r"
    Cisco Umbrella (cisco-umbrella)
    source read on 2026-11-01, before on 2026-03-01
      Service Desk / Close Service Tickets  less: Inquire All → None
      Service Desk / Service Tickets        more: Edit None → All
      System / Table Setup                  no longer allow Service / Priority
      System / Table Setup                  also allow Service / Service Board
    ");
}

#[test]
fn files_that_were_read_on_one_day_are_told_apart_without_days() {
    let ran = diff(&grown().replace("2026-11-01", "2026-03-01"), &["--snapshot", &snapshot()]);
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in
        ["source read on 2026-03-01, now and before", "Edit = All now, and not before; Umbrella has None"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_role_that_now_lacks_something_is_named_with_the_day() {
    let ran = diff(&grown(), &["--snapshot", &snapshot()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("needs Service Desk / Service Tickets, Edit = All since 2026-11-01 (not on 2026-03-01); Umbrella has None"), "{told}");
    let json = diff(&grown(), &["--snapshot", &snapshot(), "--format", "json"]).json();
    let effects = json["tenant"]["effects"].as_array().expect("effects").clone();
    let states: Vec<_> =
        effects.iter().map(|effect| (effect["verb"].as_str(), effect["state"].as_str())).collect();
    assert_eq!(states, [(Some("inquire"), Some("has")), (Some("edit"), Some("lacks"))]);
    assert_eq!(json["changed"][0]["needs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_no_longer_asked_for_is_surplus_and_gates_nothing() {
    let less = OLD.replace("{ add = \"All\", inquire", "{ inquire");
    let json = diff(&less, &["--snapshot", &snapshot(), "--format", "json"]);
    assert_eq!(json.code, 0);
    assert_eq!(json.json()["tenant"]["effects"][0]["state"], "surplus");
}

#[test]
fn a_row_that_the_role_does_not_have_cannot_be_told() {
    let more = OLD
        .replace("[needs.System]", "[needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n[needs.System]");
    let text = std::fs::read_to_string(crate::support::project().join("fixtures/acme-msp.json"))
        .expect("the fixture");
    let without: Vec<_> = text.lines().filter(|line| !line.contains("\"function\":\"Contacts\"")).collect();
    let parent = tempfile::tempdir().expect("a folder");
    folder("old", OLD, parent.path());
    folder("new", &more, parent.path());
    let args = ["rules", "diff", "old", "new", "--snapshot", "-"];
    let ran = leastwise(args).folder(parent.path()).stdin(without.join("\n")).terminal(300).run();
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.stdout.contains("the role has no such row"), "{}", ran.stdout);
}

#[test]
fn the_same_folder_twice_has_no_changes_and_an_empty_one_is_refused() {
    let same = diff(OLD, &[]);
    assert_eq!((same.code, same.stdout.as_str()), (0, "No rule file asks for anything else than it did.\n"));
    let json = leastwise(["rules", "diff", "rules", "rules", "--format", "json"]).now(after_the_last_reading);
    let json = json.run().json();
    for key in ["added", "removed", "changed"] {
        assert_eq!(json[key].as_array().map(Vec::len), Some(0));
    }
    let empty = tempfile::tempdir().expect("a folder");
    let empty = empty.path().display().to_string();
    let ran = leastwise(["rules", "diff", &empty, "rules"]).now(after_the_last_reading).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("the folder holds no rule file"), "{}", ran.stderr);
}

#[test]
fn without_a_new_folder_the_built_in_files_are_the_new_ones() {
    let json = leastwise(["rules", "diff", "rules", "--format", "json"]).now(after_the_last_reading).run();
    assert_eq!(json.code, 0);
    assert_eq!(json.json()["changed"].as_array().map(Vec::len), Some(0));
}

/// The config is that of the tenant, whatever the new folder speaks of.
#[test]
fn bindings_of_integrations_that_did_not_change_are_no_error() {
    let parent = tempfile::tempdir().expect("a folder");
    folder("old", OLD, parent.path());
    folder("new", &grown(), parent.path());
    let config = "[tenant.acme]\ncompany = \"acme\"\n[[tenant.acme.integration]]\nrules = \"hudu\"\nmember = \"Hudu\"\n\
        [[tenant.acme.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Umbrella\"\n";
    std::fs::write(parent.path().join("leastwise.toml"), config).expect("a config");
    let args = ["rules", "diff", "old", "new", "--snapshot", &snapshot()];
    let ran = leastwise(args).folder(parent.path()).run();
    assert_eq!(ran.code, 1, "{ran:?}");
}
