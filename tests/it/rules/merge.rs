//! `rules merge`: one role for several, or how to split one.

use serde_json::Value;

use crate::support::leastwise;

#[test]
fn one_role_for_two_integrations_is_the_union_and_says_whose_is_what() {
    let ran = leastwise(["rules", "merge", "cisco-umbrella", "netwrix-auditor", "--format", "json"]).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    let of = |id: &str| {
        let list = json["integrations"].as_array().expect("integrations");
        list.iter().find(|one| one["id"] == id).expect("it").clone()
    };
    // The law: the union is the highest of each, and what only one needs is in no other's needs.
    for need in json["needs"].as_array().expect("needs") {
        let same = |row: &Value| ["module", "function", "verb"].iter().all(|key| row[*key] == need[*key]);
        let levels: Vec<_> = ["cisco-umbrella", "netwrix-auditor"]
            .iter()
            .flat_map(|id| of(id)["needs"].as_array().expect("needs").clone())
            .filter(same)
            .map(|row| row["level"].clone())
            .collect();
        assert!(levels.contains(&need["level"]), "{need}");
        assert_eq!(need["by"].as_array().map(Vec::len), Some(levels.len()), "{need}");
        let only = ["cisco-umbrella", "netwrix-auditor"]
            .iter()
            .any(|id| of(id)["only"].as_array().expect("only").iter().any(same));
        assert_eq!(only, levels.len() == 1 || levels.iter().any(|level| *level != levels[0]), "{need}");
    }
    assert!(!of("cisco-umbrella")["only"].as_array().expect("only").is_empty());
    assert_eq!(json["role"], Value::Null);
}

#[test]
fn where_one_vendor_names_no_tables_no_list_is_proposed() {
    let table = leastwise(["rules", "merge", "cisco-umbrella", "hudu"]).run().stdout;
    let said = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(
            "System / Table Setup customize: leave the list as it is: the vendor of hudu does not say which tables it needs."
        ),
        "{table}"
    );
    assert!(!said.contains("Allow Access to these"), "{table}");
    let json = leastwise(["rules", "merge", "msp360", "hudu", "--format", "json"]).run().json();
    assert_eq!(json["allow"], serde_json::json!([]), "no list that could take something away");
    // Where each names its own, the list is theirs.
    let both = leastwise(["rules", "merge", "cisco-umbrella", "msp360"]).run().stdout;
    assert!(both.contains("customize > Allow Access to these"), "{both}");
}

#[test]
fn features_count_where_they_are_named() {
    let needs = |word: &str| {
        let ran = leastwise(["rules", "merge", word, "--format", "json"]).run();
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()["needs"].as_array().expect("needs").len()
    };
    assert_eq!(needs("crushbank:kba-articles"), needs("crushbank") + 1);
    let ran = leastwise(["rules", "merge", "crushbank:kba-article"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean crushbank:kba-articles?"), "{}", ran.stderr);
}

#[test]
fn a_shared_role_is_worked_out_row_by_row() {
    let ran = leastwise([
        "rules",
        "merge",
        "--role",
        "Integrations",
        "--snapshot",
        "fixtures/acme-msp.json",
        "--format",
        "json",
    ])
    .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    assert_eq!((&json["role"]["id"], &json["role"]["people"]), (&33.into(), &1.into()));
    // What the fixture's page says is planted there: three grants that neither needs.
    let unneeded: Vec<_> = json["role"]["unneeded"]
        .as_array()
        .expect("unneeded")
        .iter()
        .map(|row| {
            format!("{} {}", row["function"].as_str().expect("a name"), row["verb"].as_str().expect("a verb"))
        })
        .collect();
    assert_eq!(unneeded, ["Configurations inquire", "Agreements delete", "Products edit"]);
    let rows = |id: &str| {
        let shown = leastwise(["rules", "show", id, "--format", "json"]).run().json();
        let needs = shown["needs"].as_array().expect("needs").clone();
        needs.into_iter().filter(|need| need["level"] != "None").count()
    };
    for one in json["integrations"].as_array().expect("integrations") {
        let id = one["id"].as_str().expect("an id");
        assert_eq!(
            one["needs"].as_array().map(Vec::len),
            Some(rows(id)),
            "the split role of {id} is its rule file's"
        );
    }
    let table =
        leastwise(["rules", "merge", "--role", "33", "--snapshot", "fixtures/acme-msp.json"]).run().stdout;
    for line in [
        "What none of them needs",
        "Only msp360 needs",
        "Role for smileback:",
        "Finance / Agreements        Delete All -> None",
    ] {
        assert!(table.contains(line), "{line}\n{table}");
    }
}

#[test]
fn an_audit_names_the_command_for_a_shared_role() {
    let ran = leastwise(["audit", "--snapshot", "fixtures/acme-msp.json", "--format", "json"]).run();
    let shared =
        ran.results().into_iter().find(|result| result["check"] == "LW202" && result["role"]["id"] == 33);
    let fix = shared.expect("the shared role")["fix"].as_str().expect("a fix").to_owned();
    assert!(fix.contains("`leastwise rules merge --role 33`"), "{fix}");
}

#[test]
fn what_cannot_be_read_is_said_and_a_role_that_serves_nothing_matches_nothing() {
    let text = std::fs::read_to_string("fixtures/parapluie.json").expect("the fixture");
    let merge = |text: &str, role: &str| {
        leastwise(["rules", "merge", "--role", role, "--snapshot", "-"]).stdin(text).run()
    };
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let role = json["roles"]
        .as_array()
        .expect("roles")
        .iter()
        .find(|role| role["name"] == "Parapluie")
        .expect("a role")["id"]
        .to_string();
    assert_eq!(merge(&text, &role).code, 0);
    let mut refused = json.clone();
    for own in refused["roles"].as_array_mut().expect("roles") {
        own["settings"] = Value::Null;
        own["cause"] = serde_json::json!({"kind": "refused"});
    }
    let ran = merge(&refused.to_string(), &role);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(
        ran.stdout.contains("not known: settings could not be read: the settings of role"),
        "{}",
        ran.stdout
    );
    let nobody =
        leastwise(["rules", "merge", "--role", "Report Export", "--snapshot", "fixtures/acme-msp.json"])
            .run();
    assert_eq!(nobody.code, 5);
    assert!(
        nobody.stdout.contains("svc-report, an API member whose needs no rule file tells"),
        "{}",
        nobody.stdout
    );
}
