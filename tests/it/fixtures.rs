//! The fixture tenants: what is planted in them is found, and nothing else. Worked out by hand from
//! fixtures/README.md.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::leastwise;

fn audit(fixture: &str, args: &[&str]) -> (Vec<Value>, u8) {
    let common = ["audit", "--snapshot", fixture, "--format", "json"];
    let run = leastwise(common.iter().chain(args).copied()).run();
    (run.results(), run.code)
}

fn fails<'r>(results: &'r [Value], check: &str) -> Vec<&'r Value> {
    results.iter().filter(|result| result["check"] == check && result["status"] == "fail").collect()
}

/// "Notes add My -> None medium" for each finding on a role.
fn grants(results: &[Value], check: &str, role: i64) -> BTreeSet<String> {
    let text = |result: &Value, key: &str| result[key].as_str().unwrap_or_default().to_owned();
    let own = fails(results, check).into_iter().filter(|result| result["role"]["id"] == role);
    own.map(|one| ["function", "verb", "actual", "required", "severity"].map(|key| text(one, key)).join(" "))
        .collect()
}

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// The ids of the roles or members of a check's findings.
fn ids(results: &[Value], check: &str, key: &str) -> Vec<i64> {
    fails(results, check).iter().filter_map(|result| result[key]["id"].as_i64()).collect()
}

#[test]
fn acme_has_what_was_planted() {
    let (results, code) = audit("fixtures/acme-msp.json", &[]);
    assert_eq!(code, 1);
    assert_eq!(fails(&results, "LW101").len(), 2);
    assert_eq!(
        grants(&results, "LW101", 31),
        set(["Company Maintenance inquire My All high", "Service Tickets edit None All high"])
    );
    assert_eq!(
        grants(&results, "LW102", 31),
        set([
            "Configuration - Display Passwords inquire All None critical",
            "Member Maintenance edit All None critical",
            "Configurations delete All None high",
            "Service Tickets delete All None high",
            "Table Setup delete All None high",
            "Contacts inquire All None medium",
            "Notes add My None medium",
            "Close Service Tickets edit All None medium",
            "Sidekick Agent inquire All None medium",
        ])
    );
    assert_eq!(
        grants(&results, "LW102", 33),
        set([
            "Agreements delete All None high",
            "Products edit All None medium",
            "Configurations inquire All None medium",
        ])
    );
    // It has read the integrator logins, and so it needs Table Setup.
    assert_eq!(grants(&results, "LW102", 36), set([]));
    assert_eq!(ids(&results, "LW201", "role"), [1]);
    assert_eq!(ids(&results, "LW202", "role"), [1, 33]);
    assert_eq!(ids(&results, "LW205", "role"), [18, 34]);
    assert_eq!(ids(&results, "LW206", "role"), [32]);
    assert_eq!(fails(&results, "LW206")[0]["actual"], "372 of 396");
    assert_eq!(ids(&results, "LW303", "member"), [256]);
    assert_eq!(ids(&results, "LW304", "member"), [257]);
    assert_eq!(ids(&results, "LW306", "member"), [255]);
    assert_eq!(fails(&results, "LW307").len(), 1);
    assert_eq!(fails(&results, "LW307")[0]["integration"], "cisco-umbrella");
    assert_eq!(ids(&results, "LW309", "member"), [257]);
    assert_eq!(fails(&results, "LW105").len(), 1);
    assert_eq!(fails(&results, "LW105")[0]["function"], "Sidekick Agent");
    for check in ["LW103", "LW104", "LW203", "LW204", "LW301", "LW302", "LW305", "LW308", "LW501", "LW901"] {
        assert_eq!(fails(&results, check).len(), 0, "{check}");
    }
    assert!(results.iter().all(|result| result["status"] != "unknown"));
}

#[test]
fn acmes_copy_of_admin_is_one_finding_and_its_worst_grants_unless_all_is_asked_for() {
    let of_severity = |results: &[Value], severity: &str| {
        grants(results, "LW102", 32).iter().filter(|grant| grant.ends_with(severity)).count()
    };
    let (folded, _) = audit("fixtures/acme-msp.json", &[]);
    let is_listed = |one: &&Value| {
        let dangerous = ["take-over", "reach-customers", "read-secrets"].map(Value::from);
        let powers = one["powers"].as_array().expect("powers");
        one["severity"] == "critical" || powers.iter().any(|power| dangerous.contains(power))
    };
    assert_eq!(grants(&folded, "LW102", 32).len(), 15);
    assert_eq!(of_severity(&folded, "critical"), 14);
    let (all, code) = audit("fixtures/acme-msp.json", &["--all"]);
    assert_eq!(fails(&all, "LW102").iter().filter(|one| one["role"]["id"] == 32).count(), 372);
    assert_eq!(of_severity(&all, "critical"), 14);
    assert_eq!(code, 1);
    let of_role = |results: &[Value]| {
        let own = results.iter().filter(|one| one["check"] == "LW102" && one["role"]["id"] == 32);
        own.filter(|one| one["status"] == "fail").cloned().collect::<Vec<_>>()
    };
    let worst: Vec<_> = of_role(&all).iter().filter(is_listed).cloned().collect();
    assert_eq!(of_role(&folded), worst, "what is critical or gives a dangerous power, and nothing else");
    let others = |results: &[Value]| {
        let others = results.iter().filter(|one| one["check"] != "LW102");
        others.cloned().collect::<Vec<_>>()
    };
    assert_eq!(others(&folded), others(&all), "nothing else depends on it");
}

#[test]
fn parapluie_has_nothing_to_find() {
    let (results, code) = audit("fixtures/parapluie.json", &[]);
    assert_eq!(code, 0);
    let off: Vec<_> =
        results.iter().filter(|one| one["status"] == "fail" || one["status"] == "unknown").collect();
    assert!(off.is_empty(), "{off:#?}");
    let by_hand = results.iter().filter(|one| one["status"] == "manual").map(|one| one["check"].as_str());
    assert_eq!(
        by_hand.flatten().collect::<Vec<_>>(),
        ["LW103", "LW104", "LW104"],
        "one for each customise list"
    );
}
