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

/// acme on three days: the first report is older than keys; by the third, Umbrella works.
fn three_days() -> TempDir {
    let folder = two_days();
    save(folder.path(), "oldest.json", "acme-msp.json", "2026-11-20", |report| {
        report["tenants"][0].as_object_mut().expect("a tenant").remove("keys").expect("keys");
    });
    let text = fs::read_to_string(folder.path().join("new.json")).expect("a report");
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    for key in report["tenants"][0]["keys"].as_array_mut().expect("keys") {
        if key["standing"][0] == "broken" {
            key["standing"] = json!(["fine"]);
        }
    }
    fs::write(folder.path().join("new.json"), report.to_string()).expect("a file");
    folder
}

const THREE: [&str; 3] = ["oldest.json", "old.json", "new.json"];

#[test]
fn keys_by_standing_stand_beside_the_days_and_what_is_older_is_not_zero() {
    let trend = trend(three_days().path(), &THREE);
    let readings = trend["tenants"][0]["readings"].as_array().expect("readings");
    assert_eq!(readings[0]["by_standing"], Value::Null);
    let broken: Vec<_> = readings[1..].iter().map(|own| &own["by_standing"]["broken"]).collect();
    assert_eq!(broken, [1, 0]);
    let total = |own: &Value| -> u64 {
        own["by_standing"].as_object().expect("counts").values().filter_map(Value::as_u64).sum()
    };
    assert_eq!(readings[1..].iter().map(total).collect::<Vec<_>>(), [8, 8], "each member once");
    let keys = trend["tenants"][0]["keys"].as_array().expect("keys");
    let of = |name: &str| keys.iter().find(|key| key["name"] == name).expect(name);
    assert_eq!(of("Umbrella")["readings"], json!([null, "broken", "fine"]));
    assert_eq!(of("svc-report")["readings"], json!([null, "exposed", "exposed"]), "nobody's is a key too");
    assert_eq!(of("svc-report")["integration"], Value::Null);
}

#[test]
fn people_see_numbers_from_day_to_day() {
    let folder = three_days();
    let table = join(folder.path(), &THREE).stdout;
    assert!(table.starts_with("acme on na.myconnectwise.net: 3 readings\n"), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let row = |name: &str| -> String {
        let line = table.lines().find(|line| line.trim_start().starts_with(name)).expect(name);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("day"), "day 2026-11-20 -> 2026-11-21 -> 2026-11-22");
    assert_eq!(row("broken"), "broken ? -> 1 -> 0");
    assert!(row("svc-report").ends_with("exposed -> exposed"), "{table}");
    assert!(table.contains("? means that the report is older than keys"), "{table}");
    let markdown = join(folder.path(), &[&THREE[..], &["--format", "markdown"]].concat()).stdout;
    assert!(markdown.contains("| broken | ? | 1 | 0 |\n"), "{markdown}");
    assert!(markdown.contains("| Umbrella (cisco-umbrella) | – | broken | fine |\n"), "{markdown}");
}

#[test]
fn of_many_days_the_table_shows_the_last() {
    let folder = TempDir::new().expect("a folder");
    let names: Vec<_> = (1..=20).map(|day| format!("{day}.json")).collect();
    for (day, name) in names.iter().enumerate() {
        save(folder.path(), name, "parapluie.json", &format!("2026-11-{:02}", day + 1), |_| {});
    }
    let files: Vec<_> = names.iter().map(String::as_str).collect();
    let table = join(folder.path(), &files).stdout;
    assert!(table.contains("20 readings") && table.contains("... 2026-11-"), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(table.lines().any(|line| line.ends_with("-> 2026-11-20")), "{table}");
}

#[test]
fn the_page_draws_columns_with_axis_dates_and_numbers_and_loads_nothing() {
    let page = join(three_days().path(), &[&THREE[..], &["--format", "html"]].concat()).stdout;
    assert!(
        page.contains(
            "aria-label=\"Keys by standing. 2026-11-20: the report is older than keys; 2026-11-21: 1 broken"
        ),
        "{page}"
    );
    assert!(page.contains("class=\"part st-broken\"") && page.contains("class=\"part none\""));
    for text in ["<text class=\"day\"", "<text class=\"number\"", "<ul class=\"legend\">", ">svc-report</th>"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.contains("script-src &#39;none&#39;") && !page.contains("<script"));
    assert!(!page.contains(" src=") && !page.contains("href="));
}

/// A tenant that is well is named too.
#[test]
fn the_page_of_many_names_those_that_are_well() {
    let folder = TempDir::new().expect("a folder");
    save(folder.path(), "acme.json", "acme-msp.json", "2026-11-22", |_| {});
    save(folder.path(), "well.json", "parapluie.json", "2026-11-22", |report| {
        for key in report["tenants"][0]["keys"].as_array_mut().expect("keys") {
            key["standing"] = json!(["fine"]);
        }
    });
    let page = join(folder.path(), &["acme.json", "well.json", "--format", "html"]).stdout;
    let roll_up = page.split("By integration").next().expect("it");
    assert!(roll_up.contains("2 tenants: 2 read in full"), "{roll_up}");
    let by_tenant = page.split("<caption>Keys by tenant</caption>").nth(1).expect("a table");
    let by_tenant = by_tenant.split("</table>").next().expect("its end");
    assert!(by_tenant.contains(">nimbus<") && by_tenant.contains(" fine</td>"), "{by_tenant}");
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
        ("clean.json", "parapluie.json", &["--integration", "cisco-umbrella"], 0),
        ("lenient.json", "acme-msp.json", &["--fail-on", "never"], 0),
        ("nothing.json", "parapluie.json", &nothing, 5),
        ("outdated.json", "parapluie.json", &["--integration", "cisco-umbrella", "--max-age", "0"], 4),
    ] {
        let ended = saved_audit(folder.path(), name, fixture, args);
        assert_eq!((ended, gate(&[name])), (expected, expected), "{name}");
    }
    assert_eq!(gate(&["clean.json", "findings.json"]), 1);
    assert_eq!(gate(&["clean.json", "outdated.json"]), 4, "one reading, once judged as too old");
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
        for key in ["nothing_matched", "outdated", "keys", "plan", "left"] {
            report["tenants"][0].as_object_mut().expect("a tenant").remove(key).expect("a field");
        }
    });
    assert_eq!(join(folder.path(), &["--gate", "old.json"]).code, 1);
}

#[test]
fn a_gate_refuses_a_report_whose_findings_were_taken_out() {
    let folder = TempDir::new().expect("a folder");
    let snapshot = project().join("fixtures/acme-msp.json").display().to_string();
    let report = leastwise(["audit", "--snapshot", &snapshot, "--format", "json"]).run();
    assert_eq!(report.code, 1);
    let whole = report.json();
    let emptied = |change: &dyn Fn(&mut Value)| {
        let mut report = whole.clone();
        change(&mut report);
        fs::write(folder.path().join("r.json"), report.to_string()).expect("a file");
        (join(folder.path(), &["--gate", "r.json"]), join(folder.path(), &["r.json"]).code)
    };
    assert_eq!(emptied(&|_| {}).0.code, 1);
    let no_failure = |report: &mut Value| {
        let results = report["tenants"][0]["results"].as_array_mut().expect("results");
        results.retain(|one| one["status"] != "fail");
    };
    for change in [
        &(|report: &mut Value| report["tenants"] = Value::Array(Vec::new())) as &dyn Fn(&mut Value),
        &|report| report["tenants"][0]["results"] = Value::Array(Vec::new()),
        &no_failure,
    ] {
        let (gate, plain) = emptied(change);
        assert!(gate.code == 2 && gate.stderr.contains("its run ended with 1"), "{}", gate.stderr);
        assert_eq!(plain, 0, "without a gate it is only looked at");
    }
}
