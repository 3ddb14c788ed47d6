//! Every row of leastwise's own least role is needed: without it, a named thing is unknown, and nothing
//! that depended on it passes.

use leastwise::rules::Library;
use serde_json::Value;

use crate::psa::{Audited, Psa, QUICK, line, reading};

/// The rows of leastwise's role, in the base and in its feature, each with what is unknown without it.
const ROWS: &[(&str, &str, &[&str])] = &[
    ("System", "Security Roles", &["roles"]),
    ("System", "Member Maintenance", &["api-members", "members", "member-use"]),
    ("System", "Table Setup", &["integrator-logins"]),
];

/// The role that leastwise itself holds in acme-msp.
const OWN_ROLE: i64 = 36;

/// Takes a row's levels away.
fn take_away(snapshot: &mut Value, module: &str, function: &str) {
    let roles = snapshot["roles"].as_array_mut().expect("roles");
    let role = roles.iter_mut().find(|role| role["id"] == OWN_ROLE).expect("leastwise's role");
    let settings = role["settings"].as_array_mut().expect("settings");
    let row = settings.iter_mut().find(|row| row["module"] == module && row["function"] == function);
    let row = row.unwrap_or_else(|| panic!("no row {module} / {function}"));
    assert_eq!(row["inquire"], "All");
    row["inquire"] = "None".into();
}

fn assert_unknown(audited: &Audited, dataset: &str) {
    let gap = audited.gap(dataset).unwrap_or_else(|| panic!("{dataset} was read"));
    assert!(gap.contains("HTTP 403"), "{dataset}: {gap}");
    let named = audited.of_check("LW901").into_iter().any(|result| result["dataset"] == dataset);
    assert!(named, "{dataset} is not named");
    for result in audited.results().iter().filter(|result| result["status"] == "pass") {
        let check = leastwise::checks::find(result["check"].as_str().expect("an id")).expect("a check");
        // That an API member exists is known from the API members alone.
        let needs = check.id != "LW301" || dataset != "members";
        let depends = needs && check.data.iter().any(|own| own.as_str() == dataset);
        assert!(!depends, "without {dataset}: {}", line(result));
    }
}

/// A tenant whose owner wants LW307.
fn asked_for_logins() -> Psa {
    let psa = Psa::acme();
    psa.config(&format!("[tenant.sim.network]\n{QUICK}\n[checks.LW307]\nseverity = \"medium\"\n"));
    psa
}

/// The role of the README has two rows. That the third is not given is no finding, and hides none.
#[test]
fn the_role_of_the_readme_leaves_nothing_unknown() {
    let psa = Psa::acme();
    psa.sim.edit(|snapshot| take_away(snapshot, "System", "Table Setup"));
    let audited = psa.audit(&[]);
    assert!(audited.gap("integrator-logins").is_some_and(|gap| gap.contains("HTTP 403")));
    assert!(audited.results().iter().all(|result| result["status"] != "unknown"));
    let legacy = audited.of_check("LW307");
    assert!(!legacy.is_empty() && legacy.iter().all(|result| result["status"] == "notApplicable"));
    let said = |result: &Value| result["message"].as_str().is_some_and(|text| text.contains("did not run"));
    assert!(legacy.into_iter().any(said));
    let tenant = audited.tenant();
    let own = tenant["keys"].as_array().expect("keys").iter().find(|key| key["integration"] == "leastwise");
    assert_eq!(own.expect("our own row")["standing"], serde_json::json!(["fine"]));
}

/// The same by way of the collector: a saved refusal is a refusal.
#[cfg(unix)]
#[test]
fn a_refusal_that_the_collector_saved_is_one() {
    let psa = Psa::acme();
    psa.sim.edit(|snapshot| take_away(snapshot, "System", "Table Setup"));
    let ran = crate::collectors::collect(&psa, &psa.env(), &psa.path("answers"));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("integrator-logins.json: HTTP 403"));
    let made = psa.leastwise(&["snapshot", "--from-responses", "answers", "-o", "saved.json"]).run();
    assert_eq!(made.code, 4, "{}", made.stderr);
    let audited =
        psa.leastwise(&["audit", "--snapshot", "saved.json", "--format", "json"]).now(crate::psa::real).run();
    assert_eq!(audited.code, 1, "{}", audited.stderr);
    assert!(audited.results().iter().all(|result| result["status"] != "unknown"));
}

#[test]
fn without_any_one_row_a_named_thing_is_unknown() {
    for (module, function, datasets) in ROWS {
        let psa = asked_for_logins();
        psa.sim.edit(|snapshot| take_away(snapshot, module, function));
        let audited = psa.audit(&[]);
        for dataset in *datasets {
            assert_unknown(&audited, dataset);
        }
        let expected = if *function == "Security Roles" { 3 } else { 1 };
        assert_eq!(audited.ran.code, expected, "{function}");
    }
}

#[test]
fn without_the_table_of_integrator_logins_they_are_unknown() {
    let psa = asked_for_logins();
    psa.sim.edit_sim(|sim| {
        let lists = sim.customize.get_mut(&OWN_ROLE.to_string()).expect("a customise list");
        lists.insert("SystemTableSetup".to_owned(), vec!["Service / Priority".to_owned()]);
    });
    let audited = psa.audit(&["--integration", "cisco-umbrella"]);
    assert_unknown(&audited, "integrator-logins");
    let legacy = audited.of_check("LW307");
    assert_eq!(legacy[0]["status"], "unknown");
    let fix = legacy[0]["fix"].as_str().unwrap();
    assert!(fix.contains("Table Setup") && fix.contains("General / Integrator Login"), "{fix}");
}

#[test]
fn the_key_of_a_role_that_may_read_nothing_is_a_failure_that_names_the_right() {
    let psa = Psa::start(crate::psa::fixture("acme-msp"), 251);
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 3);
    let failure = audited.tenant()["failure"].as_str().expect("a failure");
    assert!(failure.contains("HTTP 403") && failure.contains("System / Security Roles"), "{failure}");
    assert!(audited.results().iter().all(|result| result["status"] != "pass"));
}

/// With all rows, everything that depends on them can be told.
#[test]
fn with_every_row_nothing_is_unknown() {
    let audited = Psa::acme().audit(&[]);
    assert!(audited.results().iter().all(|result| result["status"] != "unknown"));
}

/// The table above is the rule file: nothing more, nothing less.
#[test]
fn the_rows_are_those_of_the_rule_file() {
    let library =
        Library::load(None, reading().to_zoned(jiff::tz::TimeZone::UTC).date()).expect("rule files");
    let rules = library.get("leastwise").expect("leastwise's rule file");
    let base = &rules.needs.rows;
    let features = rules.features.values().flat_map(|feature| &feature.needs.rows);
    let mut named: Vec<_> = base
        .iter()
        .chain(features)
        .map(|(target, _)| match target {
            leastwise::rules::Target::Function(id) => library.catalog.full_name(*id),
            leastwise::rules::Target::Module(id) => library.catalog.module_name(*id).to_owned(),
        })
        .collect();
    named.sort();
    let mut rows: Vec<_> =
        ROWS.iter().map(|(module, function, _)| format!("{module} / {function}")).collect();
    rows.sort();
    assert_eq!(named, rows);
}
