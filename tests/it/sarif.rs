//! SARIF: valid by the schema of SARIF 2.1.0, and within GitHub's rules for uploads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use leastwise::model::{Dataset, DatasetName, GapCause, Said};
use leastwise::render::Format;
use leastwise::term::Style;
use serde_json::Value;

use crate::support::{Ran, leastwise, project};
use crate::tiny::{Tiny, UMBRELLA, report, tiny, umbrella, written};

/// What cargo says; it is asked for nothing that it would have to fetch.
fn cargo(args: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(args).current_dir(project()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The schema that the crate serde-sarif was generated from, which lies beside its source.
fn schema() -> Value {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("the host");
    let metadata =
        cargo(&["metadata", "--format-version=1", "--offline", "--locked", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("serde-sarif");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json"));
    // Its pattern for a language has a bracket that no bracket opens, which Rust's regexes refuse.
    let text = text.expect("serde-sarif has its schema").replace("{2}]?$", "{2}\\\\]?$");
    serde_json::from_str(&text).expect("JSON")
}

fn invalid(validator: &jsonschema::Validator, log: &Value) -> Vec<String> {
    validator.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer}: {value}"))
}

/// A path that GitHub takes: relative, no scheme, nothing that would have to be encoded.
fn assert_clean_uri(uri: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
    assert!(!uri.is_empty() && uri.chars().all(is_plain), "{uri}");
    assert!(uri.split('/').all(|part| !part.is_empty() && part != "." && part != ".."), "{uri}");
}

/// GitHub's rules, of which one broken by one result refuses the whole file.
fn assert_uploadable(log: &Value) {
    let runs = log["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 1);
    let rules = runs[0]["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<_> = rules.iter().map(|rule| text(rule, "/id")).collect();
    assert_eq!(BTreeSet::from_iter(&ids).len(), ids.len(), "each rule once");
    for rule in rules {
        let severity: f64 = text(rule, "/properties/security-severity").parse().expect("a number as text");
        assert!(severity > 0.0 && severity <= 10.0, "{rule}");
        let tags = rule["properties"]["tags"].as_array().expect("tags");
        assert!(tags.contains(&"security".into()) && tags.len() <= 10, "{rule}");
        assert!(text(rule, "/shortDescription/text").len() <= 1024, "{rule}");
        assert!(!text(rule, "/help/text").is_empty() && !text(rule, "/help/markdown").is_empty(), "{rule}");
    }
    assert!(text(&runs[0], "/automationDetails/id").ends_with('/'));
    for result in runs[0]["results"].as_array().expect("results, be they none") {
        assert!(!text(result, "/message/text").is_empty(), "{result}");
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1), "{result}");
        assert_clean_uri(text(result, "/locations/0/physicalLocation/artifactLocation/uri"));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        for key in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(region[key].as_u64().is_some_and(|number| number > 0), "{key} of {result}");
        }
        let name = text(result, "/locations/0/logicalLocations/0/fullyQualifiedName");
        assert!(!name.is_empty(), "{result}");
        assert_eq!(text(result, "/partialFingerprints/primaryLocationLineHash").len(), 64, "{result}");
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(ids.get(index), Some(&text(result, "/ruleId")), "{result}");
        if result["kind"] != "fail" {
            assert_eq!(result["level"], "none", "SARIF 3.27.10: {result}");
        }
    }
}

fn audit(args: &[&str]) -> Ran {
    leastwise(["audit"].iter().chain(args).copied()).run()
}

/// A tenant whose every name has something that a writer could trip on.
fn odd() -> Tiny {
    let rows = [
        ("Companies", "Configurations", "AAAA"),
        ("<img src=x>", "a: b %20 \u{202e}|", "ANNA"),
        ("[link](https://example.org)", "::error::", "NNNA"),
        ("", "", "MMMM"),
    ];
    tiny()
        .role(31, "Umbrella", &rows)
        .role(32, "[role](https://example.org) a:b 100% 👩‍🚀\n\u{1b}[31m", &rows)
        .api(251, "Umbrella", 31)
        .api(252, "[me](1)|`x`", 32)
        .change_role(32, |role| role.admin = Some(true))
        .login("OpenDNS", Some(true))
}

#[test]
fn both_profiles_of_every_tenant_fit_the_schema_and_githubs_rules() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(!invalid(&validator, &serde_json::json!({"version": "2.1.0"})).is_empty(), "it can say no");
    let mut logs = Vec::new();
    for format in ["sarif", "sarif-full"] {
        for fixture in ["fixtures/acme-msp.json", "fixtures/parapluie.json"] {
            logs.push(audit(&["--snapshot", fixture, "--format", format, "--all"]).json());
        }
        let odd = leastwise(["audit", "--snapshot", "-", "--format", format]).stdin(odd().text()).run();
        logs.push(odd.json());
    }
    for log in &logs {
        assert_eq!(invalid(&validator, log), [""; 0]);
        assert_uploadable(log);
    }
    let results = |log: &Value| log["runs"][0]["results"].as_array().map(Vec::len);
    assert_eq!(results(&logs[1]), Some(0), "a clean tenant has results, and they are none");
}

#[test]
fn every_rule_is_listed_whatever_was_found_and_once_for_each_severity_that_it_may_have() {
    let ids = |fixture: &str| {
        let log = audit(&["--snapshot", fixture, "--format", "sarif"]).json();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").clone();
        rules.iter().map(|rule| text(rule, "/id").to_owned()).collect::<Vec<_>>()
    };
    let found = ids("fixtures/acme-msp.json");
    assert_eq!(found, ids("fixtures/parapluie.json"));
    let several: Vec<_> = leastwise::checks::ALL.iter().filter(|check| check.varies).collect();
    assert_eq!(
        several.iter().map(|check| check.id.as_str()).collect::<Vec<_>>(),
        ["LW102", "LW309", "LW502"]
    );
    for check in leastwise::checks::ALL {
        let own = found.iter().filter(|id| id.starts_with(check.id.as_str())).count();
        assert_eq!(own, if check.varies { 5 } else { 1 }, "{}", check.id);
    }
}

#[test]
fn the_severity_of_a_result_is_that_of_its_rule() {
    let config = "[tenant.t]\ncompany = \"acme\"\n[checks.LW201]\nseverity = \"low\"\n[checks.LW102]\nseverity = \"info\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("leastwise.toml"), config).expect("a config");
    let snapshot = project().join("fixtures/acme-msp.json").display().to_string();
    for folder in [folder.path(), project()] {
        let run = leastwise(["audit", "--snapshot", &snapshot, "--format", "sarif"]).folder(folder).run();
        let log = run.json();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        let by_id: BTreeMap<_, _> = rules.iter().map(|rule| (text(rule, "/id"), rule)).collect();
        for result in log["runs"][0]["results"].as_array().expect("results") {
            let expected = match text(result, "/properties/severity") {
                "critical" => "9.5",
                "high" => "8.0",
                "medium" => "5.5",
                "low" => "2.5",
                _ => "0.5",
            };
            let rule = by_id[text(result, "/ruleId")];
            assert_eq!(text(rule, "/properties/security-severity"), expected, "{result}");
        }
    }
}

#[test]
fn a_finding_points_to_its_line_of_the_snapshot() {
    let log = audit(&["--snapshot", "fixtures/acme-msp.json", "--format", "sarif"]).json();
    let file = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let lines: Vec<_> = file.lines().collect();
    let missing = log["runs"][0]["results"].as_array().expect("results").iter();
    for result in missing.filter(|result| result["ruleId"] == "LW101") {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "fixtures/acme-msp.json");
        let line = usize::try_from(place["region"]["startLine"].as_u64().expect("a line")).expect("small");
        let function = text(result, "/locations/0/logicalLocations/0/fullyQualifiedName");
        let function = function.split('/').nth_back(1).expect("a function");
        assert!(lines[line - 1].contains(&format!("\"function\":\"{function}\"")), "{result}");
    }
}

/// Where the first finding of an audit of a file with this path is said to be.
fn first_uri(folder: &Path, path: &str) -> String {
    let log = leastwise(["audit", "--snapshot", path, "--format", "sarif"]).folder(folder).run().json();
    text(&log, "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri").to_owned()
}

#[test]
fn a_path_is_encoded_and_one_that_leads_out_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("a b%");
    std::fs::create_dir(&inner).expect("a folder");
    let mut rows = UMBRELLA;
    rows[0].2 = "NNNM";
    std::fs::write(inner.join("é.json"), umbrella(&rows).text()).expect("a snapshot");
    assert_eq!(first_uri(folder.path(), "./a b%/é.json"), "a%20b%25/%C3%A9.json");
    let absolute = inner.join("é.json").display().to_string();
    for outside in [absolute.as_str(), "../a b%/é.json"] {
        let uri = first_uri(&inner, outside);
        assert!(
            uri.starts_with("leastwise/tiny-") && uri.ends_with("/companies/company-maintenance"),
            "{uri}"
        );
        assert_clean_uri(&uri);
    }
}

#[test]
fn a_finding_on_a_binding_points_to_its_line_of_the_config() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = "[tenant.tiny]\ncompany = \"tiny\"\n\n[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Gone\"\n";
    std::fs::write(folder.path().join("leastwise.toml"), config).expect("a config");
    let run = leastwise(["audit", "--snapshot", "-", "--format", "sarif"])
        .folder(folder.path())
        .stdin(umbrella(&UMBRELLA).text())
        .run();
    let log = run.json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let gone = results.iter().find(|result| result["ruleId"] == "LW301").expect("LW301");
    let place = &gone["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "leastwise.toml");
    assert_eq!(place["region"]["startLine"], 4);
}

#[test]
fn names_neither_steer_the_display_nor_read_as_links() {
    let run = leastwise(["audit", "--snapshot", "-", "--format", "sarif"]).stdin(odd().text()).run();
    let log = run.json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let messages: Vec<_> = results.iter().map(|result| text(result, "/message/text")).collect();
    assert!(messages.iter().any(|message| message.contains("\\[link](")), "{messages:#?}");
    for message in messages {
        assert!(!message.contains(['\u{1b}', '\u{202e}']), "{message}");
        assert!(!message.replace("\\[", "").contains('[') || !message.contains("]("), "{message}");
    }
}

#[test]
fn of_partial_data_no_sarif_is_written_unless_allowed_and_the_code_stays() {
    let mut rows = UMBRELLA;
    rows[0].2 = "NNNM";
    let refused = |tenant: Tiny| {
        tenant
            .change(|tenant| {
                tenant.members =
                    Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
            })
            .text()
    };
    for (snapshot, code) in [(refused(umbrella(&rows)), 1), (refused(umbrella(&UMBRELLA)), 4)] {
        for format in ["sarif", "sarif-full"] {
            let args = ["audit", "--snapshot", "-", "--format", format];
            let run = leastwise(args).stdin(snapshot.clone()).run();
            assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{run:?}");
            assert!(
                run.stderr.contains("was not written") && run.stderr.contains("--allow-partial"),
                "{run:?}"
            );
            let allowed =
                leastwise(args.iter().copied().chain(["--allow-partial"])).stdin(snapshot.clone()).run();
            assert_eq!(allowed.code, code);
            let log = allowed.json();
            assert_uploadable(&log);
            let invocation = &log["runs"][0]["invocations"][0];
            assert_eq!(invocation["executionSuccessful"], false);
            assert!(text(invocation, "/toolExecutionNotifications/0/message/text").contains("HTTP 403"));
        }
    }
}

#[test]
fn of_partial_data_a_file_of_sarif_is_not_written_and_other_files_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let partly = umbrella(&UMBRELLA).change(|tenant| {
        tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
    });
    let run = leastwise(["audit", "--snapshot", "-", "--output", "sarif=x.sarif", "--output", "json=x.json"])
        .folder(folder.path())
        .stdin(partly.text())
        .run();
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("x.sarif was not written"), "{run:?}");
    assert!(!folder.path().join("x.sarif").exists());
    assert!(folder.path().join("x.json").exists());
}

#[test]
fn the_category_of_a_tenant_is_the_same_for_ever_and_no_other_tenants() {
    let id = |tenant: &Tiny| {
        let log: Value = serde_json::from_str(&written(
            &report(&tenant.0, &tenant.judge(), None),
            Format::Sarif,
            Style::PLAIN,
        ))
        .expect("JSON");
        text(&log, "/runs/0/automationDetails/id").to_owned()
    };
    let mut rows = UMBRELLA;
    rows[0].2 = "NNNM";
    assert_eq!(id(&umbrella(&UMBRELLA)), id(&umbrella(&rows)));
    let other = umbrella(&UMBRELLA).change(|tenant| tenant.id.site = "eu.myconnectwise.net".to_owned());
    assert_ne!(id(&umbrella(&UMBRELLA)), id(&other));
    assert!(!id(&other).contains("myconnectwise"), "a repository may be public");
}
