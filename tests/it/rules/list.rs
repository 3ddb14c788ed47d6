//! `rules list`.

use serde_json::Value;

use crate::support::leastwise;

fn ids(args: &[&str]) -> Vec<String> {
    let ran = leastwise(["rules", "list", "--format", "json"].iter().chain(args).copied()).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let list = ran.json()["integrations"].as_array().expect("a list").clone();
    list.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn every_rule_file_is_listed_with_its_source() {
    let ran = leastwise(["rules", "list", "--format", "json"]).run();
    let all = ran.json()["integrations"].as_array().expect("a list").clone();
    let umbrella = all.iter().find(|entry| entry["id"] == "cisco-umbrella").expect("Umbrella");
    for (key, value) in [("vendor", "Cisco"), ("read", "2026-11-28"), ("origin", "built-in")] {
        assert_eq!(umbrella[key], value);
    }
    assert_eq!(umbrella["asks_for"]["delete"], 0);
    assert_eq!(umbrella["functions"], 4);
    let table = leastwise(["rules", "list"]).run().stdout;
    assert_eq!(table.lines().count(), all.len());
}

#[test]
fn filters_by_vendor_function_and_verb_join() {
    assert_eq!(ids(&["--vendor", "netwrix"]), ["netwrix-1secure", "netwrix-auditor"]);
    let deleting = ids(&["--asks-for", "delete", "--function", "Service Tickets"]);
    assert_eq!(deleting, ["crushbank", "kaseya-quote-manager", "nable-ncentral", "nable-rmm"]);
    let everything = ids(&[]);
    let any_delete = ids(&["--asks-for", "delete"]);
    assert!(any_delete.len() > deleting.len() && any_delete.len() < everything.len());
    let translated = ids(&["--function", "Tickets de service"]);
    assert_eq!(translated, ids(&["--function", "Service Desk / Service Tickets"]));
    assert!(translated.len() > 20);
}

#[test]
fn a_function_that_does_not_exist_is_refused_with_the_nearest() {
    let ran = leastwise(["rules", "list", "--function", "Servce Tickets"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean \"Service Desk / Service Tickets\"?"), "{}", ran.stderr);
    let several = leastwise(["rules", "list", "--function", "Reports"]).run();
    assert!(several.stderr.contains("write \"Companies / Reports\" or "), "{}", several.stderr);
}

#[test]
fn a_file_of_the_folder_replaces_a_built_in_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "id = \"rewst\"\nvendor = \"Ours\"\nproduct = \"P\"\nread = 2026-11-01\n[needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n";
    std::fs::write(folder.path().join("rewst.toml"), text).expect("a file");
    let rules = folder.path().display().to_string();
    let ran = leastwise(["rules", "list", "--format", "json", "--rules-dir", &rules]).run();
    let all = ran.json()["integrations"].as_array().expect("a list").clone();
    let own: Vec<&Value> = all.iter().filter(|entry| entry["id"] == "rewst").collect();
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["vendor"], &own[0]["functions"]), (&Value::from("Ours"), &Value::from(1)));
    assert!(own[0]["origin"].as_str().is_some_and(|file| file.ends_with("rewst.toml")));
}
