//! `leastwise report`: reports that leastwise wrote, joined.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Ran, leastwise, project};

/// The report of a snapshot, changed before it is saved.
fn save(folder: &Path, name: &str, fixture: &str, as_of: &str, change: impl FnOnce(&mut Value)) {
    let snapshot = project().join("fixtures").join(fixture);
    let snapshot = snapshot.to_str().expect("a path");
    let mut report =
        leastwise(["audit", "--quiet", "--format", "json", "--as-of", as_of, "--snapshot", snapshot])
            .run()
            .json();
    change(&mut report);
    fs::write(folder.join(name), report.to_string()).expect("a file");
}

fn join(folder: &Path, args: &[&str]) -> Ran {
    leastwise([&["report"], args].concat()).folder(folder).run()
}

fn trend(folder: &Path, files: &[&str]) -> Value {
    let ran = join(folder, &[files, &["--format", "json"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.json()
}

fn results(report: &mut Value) -> &mut Vec<Value> {
    report["tenants"][0]["results"].as_array_mut().expect("results")
}

/// acme on two days: by the second, the critical grants of Umbrella are gone and a new role is unused.
fn two_days() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    save(folder.path(), "old.json", "acme-msp.json", "2026-11-21", |_| {});
    save(folder.path(), "new.json", "acme-msp.json", "2026-11-22", |report| {
        report["tenants"][0]["source"]["taken_at"] = json!("2026-11-22T02:00:00Z");
        let results = results(report);
        results.retain(|own| {
            own["check"] != "LW102" || own["role"]["id"] != 31 || own["severity"] != "critical"
        });
        let mut unused = results
            .iter()
            .find(|own| own["check"] == "LW205" && own["status"] == "fail")
            .expect("one")
            .clone();
        unused["fingerprint"] = json!("another");
        results.push(unused);
    });
    folder
}

#[test]
fn a_report_that_was_written_is_read_with_the_same_numbers() {
    let folder = TempDir::new().expect("a folder");
    for fixture in ["acme-msp.json", "parapluie.json"] {
        let mut summary = Value::Null;
        save(folder.path(), "one.json", fixture, "2026-11-22", |report| summary = report["summary"].clone());
        let read = &trend(folder.path(), &["one.json"])["tenants"][0]["readings"][0];
        assert_eq!(read["by_severity"], summary["by_severity"], "{fixture}");
        assert_eq!(read["open"], summary["by_status"]["fail"], "{fixture}");
        assert_eq!(read["unknown"], summary["by_status"]["unknown"], "{fixture}");
    }
}

#[test]
fn days_of_one_tenant_stand_in_order_with_what_changed() {
    let folder = two_days();
    let trend = trend(folder.path(), &["new.json", "old.json"]);
    let readings = &trend["tenants"][0]["readings"];
    assert_eq!(readings[0]["as_of"], "2026-11-21");
    assert_eq!((&readings[0]["new"], &readings[0]["resolved"]), (&Value::Null, &Value::Null));
    assert_eq!(readings[1]["as_of"], "2026-11-22");
    assert_eq!((&readings[1]["new"], &readings[1]["resolved"]), (&json!(1), &json!(2)));
    let integrations = trend["tenants"][0]["integrations"].as_array().expect("integrations");
    let umbrella = integrations.iter().find(|own| own["id"] == "cisco-umbrella").expect("it");
    let beyond: Vec<_> =
        umbrella["readings"].as_array().expect("readings").iter().map(|own| &own["excessive"]).collect();
    assert_eq!(beyond[0].as_u64().expect("a number") - beyond[1].as_u64().expect("a number"), 2);
    assert_eq!(umbrella["readings"][0]["missing"], 2);
}

#[test]
fn tenants_stand_apart() {
    let folder = TempDir::new().expect("a folder");
    save(folder.path(), "acme.json", "acme-msp.json", "2026-11-22", |_| {});
    save(folder.path(), "parapluie.json", "parapluie.json", "2026-11-22", |_| {});
    let trend = trend(folder.path(), &["acme.json", "parapluie.json"]);
    let companies: Vec<_> =
        trend["tenants"].as_array().expect("tenants").iter().map(|own| &own["company"]).collect();
    assert_eq!(companies, ["nimbus", "acme"], "by site, then company");
}

#[test]
fn parts_of_one_reading_are_one_and_overlap_counts_once() {
    let folder = TempDir::new().expect("a folder");
    save(folder.path(), "all.json", "acme-msp.json", "2026-11-22", |_| {});
    save(folder.path(), "half.json", "acme-msp.json", "2026-11-22", |report| {
        results(report).retain(|own| own["role"]["id"] == 31);
    });
    let whole = trend(folder.path(), &["all.json"]);
    assert_eq!(trend(folder.path(), &["half.json", "all.json"]), whole);
    assert_eq!(trend(folder.path(), &["all.json", "half.json", "all.json"]), whole);
}

#[test]
fn what_was_not_looked_at_is_not_resolved() {
    let folder = two_days();
    save(folder.path(), "part.json", "acme-msp.json", "2026-11-23", |report| {
        report["tenants"][0]["complete"] = json!(false);
        results(report).clear();
    });
    save(folder.path(), "few.json", "acme-msp.json", "2026-11-23", |report| {
        report["tenants"][0]["rules"] = json!([]);
        results(report).clear();
    });
    for later in ["part.json", "few.json"] {
        let trend = trend(folder.path(), &["old.json", later]);
        assert_eq!(trend["tenants"][0]["readings"][1]["resolved"], Value::Null, "{later}");
    }
}

#[test]
fn people_see_numbers_and_a_line_of_them() {
    let folder = two_days();
    let table = join(folder.path(), &["old.json", "new.json"]).stdout;
    assert!(table.starts_with("acme on na.myconnectwise.net: 2 readings, open findings #*\n"), "{table}");
    assert!(table.is_ascii() && table.lines().all(|line| line.len() <= 80), "{table}");
    let day = table.lines().find(|line| line.contains("2026-11-22")).expect("a day");
    let numbers: Vec<_> = day.split_whitespace().skip(1).collect();
    assert_eq!(numbers, ["16", "9", "9", "1", "5", "0", "1", "2"], "{table}");
    let markdown = join(folder.path(), &["old.json", "new.json", "--format", "markdown"]).stdout;
    assert!(markdown.starts_with("## acme on na.myconnectwise.net\n\nOpen findings: █▇\n"), "{markdown}");
    let columns: Vec<_> = markdown
        .lines()
        .filter(|line| line.starts_with("| 2026"))
        .map(|line| line.matches('|').count())
        .collect();
    assert_eq!(columns, [10, 10]);
}

#[test]
fn the_page_draws_it_and_loads_nothing() {
    let folder = two_days();
    let page = join(folder.path(), &["old.json", "new.json", "--format", "html"]).stdout;
    assert!(page.contains("aria-label=\"Open findings: ") && page.contains("<path d=\"M10 "), "{page}");
    assert!(page.contains("script-src &#39;none&#39;") && !page.contains("<script"));
    assert!(!page.contains(" src=") && !page.contains("href="));
}

#[test]
fn a_file_that_is_no_report_is_refused_by_name() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("diff.json"), r#"{"format":"leastwise-diff/1"}"#).expect("a file");
    fs::write(folder.path().join("old.json"), r#"{"format":"leastwise-report/1"}"#).expect("a file");
    for (file, said) in [
        ("diff.json", "error: diff.json: it says that it is leastwise-diff/1, not leastwise-report/1"),
        ("old.json", "error: old.json: it is not a leastwise-report/1: missing field"),
        ("absent.json", "error: absent.json: "),
    ] {
        let ran = join(folder.path(), &[file]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{file}");
        assert!(ran.stderr.starts_with(said), "{}", ran.stderr);
    }
}

/// Saves as an audit with these arguments would, and returns how that ended.
fn saved_audit(folder: &Path, name: &str, fixture: &str, args: &[&str]) -> u8 {
    let snapshot = project().join("fixtures").join(fixture);
    let output = format!("json={}", folder.join(name).display());
    let fixed = ["audit", "--quiet", "--output", &output, "--snapshot", snapshot.to_str().expect("a path")];
    leastwise([&fixed, args].concat()).run().code
}

#[test]
fn a_gate_ends_as_the_runs_that_it_joins() {
    let folder = TempDir::new().expect("a folder");
    let gate = |files: &[&str]| join(folder.path(), &[&["--gate"], files].concat()).code;
    let nothing = ["--integration", "hudu"];
    for (name, fixture, args, expected) in [
        ("findings.json", "acme-msp.json", &[][..], 1),
        ("clean.json", "parapluie.json", &[], 0),
        ("lenient.json", "acme-msp.json", &["--fail-on", "never"], 0),
        ("nothing.json", "parapluie.json", &nothing, 5),
    ] {
        let ended = saved_audit(folder.path(), name, fixture, args);
        assert_eq!((ended, gate(&[name])), (expected, expected), "{name}");
    }
    assert_eq!(gate(&["clean.json", "findings.json"]), 1);
    // Of a tenant that was judged twice at once, what was asked for most strictly counts.
    assert_eq!(gate(&["lenient.json", "findings.json"]), 1);
    assert_eq!(gate(&["lenient.json", "clean.json"]), 0);
}

#[test]
fn an_older_report_without_the_newer_fields_is_still_joined() {
    let folder = TempDir::new().expect("a folder");
    save(folder.path(), "old.json", "acme-msp.json", "2026-11-22", |report| {
        for key in ["fail_on", "shard", "roll_up"] {
            report.as_object_mut().expect("a report").remove(key).expect("a field");
        }
        report["tenants"][0].as_object_mut().expect("a tenant").remove("nothing_matched").expect("a field");
    });
    assert_eq!(join(folder.path(), &["--gate", "old.json"]).code, 1);
}
