//! `rules list --unmatched`: which members have no rule file.

use crate::support::{leastwise, project};

#[test]
fn members_without_a_rule_file_are_listed_with_what_they_resemble() {
    let text = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let text =
        text.replace("\"Umbrella\"", "\"API - Umbrela\"").replace("\"Cisco Umbrella\"", "\"Security\"");
    let list = |format: &str| {
        leastwise(["rules", "list", "--unmatched", "--snapshot", "-", "--format", format])
            .stdin(text.clone())
            .run()
    };
    let json = list("json").json();
    let members = json["members"].as_array().expect("members").clone();
    let ids: Vec<_> = members.iter().map(|member| member["identifier"].as_str().expect("a name")).collect();
    assert_eq!(ids, ["API - Umbrela", "svc-report"]);
    assert_eq!(members[0]["candidates"][0]["id"], "cisco-umbrella");
    assert_eq!(members[0]["candidates"][0]["named"], "Umbrella");
    assert_eq!(members[1]["candidates"].as_array().map(Vec::len), Some(0));
    let table = list("table");
    assert_eq!(table.code, 0);
    assert!(table.stdout.contains("resembles cisco-umbrella (named"), "{}", table.stdout);
    assert!(table.stderr.contains("2 of 7 active API members without a rule file"), "{}", table.stderr);
}

#[test]
fn a_tenant_whose_members_all_have_one_lists_nothing() {
    let ran = leastwise(["rules", "list", "--unmatched", "--snapshot", "fixtures/parapluie.json"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn a_tenant_that_is_not_named_is_asked_for() {
    let ran = leastwise(["rules", "list", "--unmatched"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    let alone = leastwise(["rules", "list", "--snapshot", "fixtures/parapluie.json"]).run();
    assert_eq!(alone.code, 2, "--snapshot goes with --unmatched");
}

#[test]
fn without_the_list_of_members_nothing_is_said_of_them() {
    let text = std::fs::read_to_string(project().join("fixtures/parapluie.json")).expect("the fixture");
    let mut snapshot: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    snapshot["api_members"] = serde_json::Value::Null;
    let ran =
        leastwise(["rules", "list", "--unmatched", "--snapshot", "-"]).stdin(snapshot.to_string()).run();
    assert!(ran.code == 2 || ran.code == 3, "{ran:?}");
    assert_eq!(ran.stdout, "");
}
