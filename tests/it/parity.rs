//! The same truth in every format: one report with every status and severity, and a name that tries to
//! break out of each of them, read back by parsers that are not ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ran, leastwise, project};

/// A role's name that is a formula, a tag, a workflow command, a table cell and a link.
const EVIL: &str = "=1+1|\"<b>&amp;</b>',::error::%0A `x` [y](http://e.org) @all ##[error]";

const CONFIG: &str = r#"
[[waiver]]
check = "LW102"
role_id = 33
reason = "=cmd|' /C calc'!A0, \"quoted\" | <i>"
owner = "@owner"
since = 2026-11-01
expires = 2027-03-31

[[waiver]]
check = "LW201"
reason = "ran out"
owner = "nobody"
since = 2026-01-01
expires = 2026-11-21

[tenant.acme]
company = "acme"

[[tenant.acme.integration]]
rules = "cisco-umbrella"
member = "Umbrella"
role = "33"
"#;

/// acme-msp with the name, the config, and one list that could not be read.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let text = fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let name = serde_json::to_string(EVIL).expect("JSON");
    let evil =
        text.replace("\"id\":31,\"name\":\"Umbrella\"", &format!("\"id\":31,\"name\":{name}")).replace(
            "{\"dataset\":\"integrator-logins\",\"status\":\"complete\",\"records\":1}",
            "{\"dataset\":\"integrator-logins\",\"status\":\"unavailable\",\"reason\":\"no answer in time\",\"cause\":{\"kind\":\"timed-out\"}}",
        );
    assert_eq!(evil.matches(&name).count(), 1);
    fs::write(folder.path().join("acme.json"), evil).expect("written");
    fs::write(folder.path().join("leastwise.toml"), CONFIG).expect("written");
    folder
}

fn audit(folder: &Path, args: &[&str]) -> Ran {
    leastwise([&["audit", "--snapshot", "acme.json"], args].concat()).folder(folder).run()
}

/// The results of the JSON report, which the others are held against.
fn truth(folder: &Path) -> Vec<Value> {
    let results = audit(folder, &["--format", "json"]).results();
    let of =
        |key: &str| results.iter().map(|result| result[key].as_str().expect("text").to_owned()).collect();
    let statuses: BTreeSet<String> = of("status");
    let all = ["fail", "manual", "notApplicable", "pass", "unknown", "waived"];
    assert_eq!(statuses, all.map(str::to_owned).into(), "every status");
    let failing = results.iter().filter(|result| result["status"] == "fail");
    let severities: BTreeSet<_> = failing.map(|result| result["severity"].as_str().expect("text")).collect();
    assert_eq!(severities, BTreeSet::from(["critical", "high", "info", "low", "medium"]), "every severity");
    results
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Text as it is shown where a runner may read along: no command is left whole.
fn printed(value: &Value) -> String {
    text(value).replace("##", "#<U+0023>").replace("::error::", "<U+003A>:error::")
}

/// What tells results apart, with what came of them.
fn identities<'r>(results: impl IntoIterator<Item = &'r Value>) -> Vec<[String; 4]> {
    let keys = ["fingerprint", "check", "status", "severity"];
    let mut all: Vec<_> = results.into_iter().map(|result| keys.map(|key| text(&result[key]))).collect();
    all.sort();
    all
}

fn of<'r>(results: &'r [Value], status: &'r str) -> impl Iterator<Item = &'r Value> {
    results.iter().filter(move |result| result["status"] == status)
}

#[test]
fn the_exit_code_is_the_same_for_every_format() {
    let folder = folder();
    for format in
        ["table", "json", "sarif", "sarif-full", "markdown", "html", "csv", "junit", "github", "summary"]
    {
        for (args, code) in [
            (&["--format", format, "--allow-partial"][..], 1),
            (&["--format", format], 1),
            (&["--format", format, "--fail-on", "never"], 4),
            (&["--format", format, "--snapshot", "gone.json"], 2),
        ] {
            let args = if args.contains(&"gone.json") { &args[..2] } else { args };
            let ran = if code == 2 {
                leastwise([&["audit", "--snapshot", "gone.json"], args].concat()).folder(folder.path()).run()
            } else {
                audit(folder.path(), args)
            };
            assert_eq!(ran.code, code, "{args:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn csv_has_every_finding_and_no_formula() {
    let folder = folder();
    let mut truth = truth(folder.path());
    truth.retain(|result| ["fail", "waived"].contains(&text(&result["status"]).as_str()));
    let written = audit(folder.path(), &["--format", "csv"]).stdout;
    assert!(written.starts_with('\u{feff}'), "spreadsheets need the mark");
    let mut reader = csv::Reader::from_reader(written.as_bytes());
    let rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>().expect("valid CSV");
    let read = |row: &BTreeMap<String, String>| {
        ["fingerprint", "check", "status", "severity"].map(|key| row[key].clone())
    };
    let mut found: Vec<_> = rows.iter().map(read).collect();
    found.sort();
    assert_eq!(found, identities(&truth));
    for (row, result) in rows.iter().zip(&truth) {
        for (column, value) in [
            ("message", &result["message"]),
            ("fix", &result["fix"]),
            ("role", &result["role"]["name"]),
            ("function", &result["function"]),
            ("waiver_reason", &result["waiver"]["reason"]),
            ("waiver_owner", &result["waiver"]["owner"]),
        ] {
            let plain = row[column].strip_prefix('\'').unwrap_or(&row[column]);
            assert_eq!(plain, printed(value), "{column}");
        }
        for (column, field) in row {
            assert!(!field.trim_start().starts_with(['=', '+', '-', '@']), "{column}: {field}");
        }
    }
    assert!(rows.iter().any(|row| row["role"] == format!("'{}", printed(&EVIL.into()))));
}

#[test]
fn junit_has_every_result_as_a_test_case() {
    let folder = folder();
    let truth = truth(folder.path());
    let written = audit(folder.path(), &["--format", "junit"]).stdout;
    let document = roxmltree::Document::parse(&written).expect("valid XML");
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let count =
        |tag: &str| cases.iter().filter(|case| case.children().any(|child| child.has_tag_name(tag))).count();
    for (attribute, number) in [
        ("tests", cases.len()),
        ("failures", count("failure")),
        ("errors", count("error")),
        ("skipped", count("skipped")),
    ] {
        assert_eq!(suite.attribute(attribute), Some(number.to_string().as_str()), "{attribute}");
    }
    let mut found: Vec<_> = cases
        .iter()
        .map(|case| {
            let child = case.children().find(roxmltree::Node::is_element);
            let message = child.and_then(|child| child.attribute("message")).unwrap_or_default();
            let status = match child.map(|child| child.tag_name().name()) {
                None => "pass".to_owned(),
                Some("failure") => "fail".to_owned(),
                Some("error") => "unknown".to_owned(),
                _ => message.split(':').next().unwrap_or_default().to_owned(),
            };
            let name = case.attribute("name").expect("a name");
            let id = name.rsplit_once('[').expect("its fingerprint").1.trim_end_matches(']').to_owned();
            let check = case.attribute("classname").expect("a check").split(' ').next().unwrap_or_default();
            (id, check.to_owned(), status)
        })
        .collect();
    found.sort();
    let mut expected: Vec<_> = identities(&truth)
        .into_iter()
        .map(|[fingerprint, check, status, _]| (fingerprint[..12].to_owned(), check, status))
        .collect();
    expected.sort();
    assert_eq!(found, expected);
    let severities: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .filter_map(|node| node.attribute("type"))
        .collect();
    assert_eq!(
        severities,
        of(&truth, "fail").map(|result| result["severity"].as_str().expect("text")).collect::<Vec<_>>()
    );
    assert!(written.contains("=1+1|&quot;&lt;b&gt;&amp;amp;"), "the name is there, as text");
}

#[test]
fn sarif_has_the_findings_and_the_full_form_has_every_result() {
    let folder = folder();
    let truth = truth(folder.path());
    let read = |format: &str| -> Vec<Value> {
        let ran = audit(folder.path(), &["--format", format, "--allow-partial"]);
        let log: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        log["runs"][0]["results"].as_array().expect("results").clone()
    };
    let identity = |result: &Value| {
        let fingerprint = text(&result["partialFingerprints"]["primaryLocationLineHash"]);
        let check = text(&result["ruleId"]).split('/').next().unwrap_or_default().to_owned();
        let status = match (text(&result["kind"]).as_str(), result["suppressions"].is_array()) {
            ("fail", true) => "waived".to_owned(),
            ("open", _) => "unknown".to_owned(),
            ("review", _) => "manual".to_owned(),
            (kind, _) => kind.to_owned(),
        };
        [fingerprint, check, status, text(&result["properties"]["severity"])]
    };
    let mut full: Vec<_> = read("sarif-full").iter().map(identity).collect();
    full.sort();
    assert_eq!(full, identities(&truth));
    let mut open: Vec<_> = read("sarif").iter().map(identity).collect();
    open.sort();
    assert_eq!(open, identities(of(&truth, "fail")));
}

/// Read back by validators that are not Rust's.
#[test]
#[ignore = "it only writes: .ci/run has what it leaves in target/tmp validated"]
fn sarif_for_other_validators() {
    let folder = folder();
    for format in ["sarif", "sarif-full"] {
        let ran = audit(folder.path(), &["--format", format, "--allow-partial"]);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parity.{format}.sarif"));
        fs::write(path, ran.stdout).expect("written");
    }
}

/// A cell as a reader of Markdown shows it.
fn shown(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell.trim();
    while let Some((before, after)) = rest.split_once("&#") {
        let (number, after) = after.split_once(';').expect("a whole entity");
        text.push_str(before);
        text.push(char::from_u32(number.parse().expect("a number")).expect("a character"));
        rest = after;
    }
    // What keeps a name from calling somebody.
    (text + rest).replace('\u{200b}', "")
}

/// Findings of one check and one role may share a row, which then says how many they are.
#[test]
fn markdown_counts_every_finding_and_everything_else_that_somebody_must_see() {
    let folder = folder();
    let truth = truth(folder.path());
    let written = audit(folder.path(), &["--format", "markdown"]).stdout;
    let rows: Vec<Vec<String>> = written
        .lines()
        .filter(|line| line.starts_with("| ") && !line.contains("---"))
        .map(|line| line.trim_start_matches("| ").trim_end_matches(" |").split(" | ").map(shown).collect())
        .collect();
    let times = |message: &str| -> usize {
        message.split_once(" times: ").and_then(|(number, _)| number.parse().ok()).unwrap_or(1)
    };
    let counted = |columns: usize, check: usize, message: usize| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.len() == columns && row[check].starts_with("LW")) {
            *counts.entry(row[check].clone()).or_default() += times(&row[message]);
        }
        counts
    };
    let expected = |statuses: &[&str]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for result in truth.iter().filter(|result| statuses.contains(&text(&result["status"]).as_str())) {
            *counts.entry(format!("{} {}", text(&result["check"]), text(&result["name"]))).or_default() += 1;
        }
        counts
    };
    assert_eq!(counted(5, 1, 3), expected(&["fail"]));
    assert_eq!(counted(8, 1, 3), expected(&["waived"]));
    assert_eq!(counted(4, 0, 2), expected(&["unknown", "manual"]));
    // How the keys are and what to do come first; no role fills the page.
    let at = |mark: &str| written.find(mark).unwrap_or_else(|| panic!("{mark}"));
    assert!(
        at("### Keys") < at("### What to do, in this order") && at("### What to do") < at("| Severity |")
    );
    assert!(written.lines().count() < 160, "{}", written.lines().count());
    // What can be pasted stands in a fence, where nothing has a meaning.
    let written = written.split("`````").next().expect("the report");
    assert!(!written.contains("<b>") && !written.contains("](http"), "a name is text");
}

#[test]
fn a_summary_is_ten_plain_lines_that_say_what_each_key_is() {
    let folder = folder();
    let ran = audit(folder.path(), &["--format", "summary"]);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!((5..=10).contains(&lines.len()), "{}", ran.stdout);
    assert!(lines.iter().all(|line| line.chars().count() <= 160), "{}", ran.stdout);
    assert!(lines[0].starts_with("leastwise: acme on na.myconnectwise.net, a snapshot, read 2026-11-2"));
    let report = audit(folder.path(), &["--format", "json"]).json();
    let said = |number: &Value, words: &str| {
        let wanted = format!("{number} {words}: ");
        number == 0 || lines.iter().any(|line| line.starts_with(&wanted))
    };
    for (standing, words) in [("broken", "broken"), ("exposed", "exposed"), ("excess", "excess")] {
        let number = &report["summary"]["by_standing"][standing];
        assert!(said(number, words), "{number} {words}:\n{}", ran.stdout);
    }
}

#[test]
fn github_has_an_annotation_for_every_finding_unknown_and_waiver() {
    let folder = folder();
    let truth = truth(folder.path());
    let written = audit(folder.path(), &["--format", "github"]).stdout;
    let unescape =
        |text: &str| text.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%25", "%");
    let mut found: Vec<_> = written
        .lines()
        .map(|line| {
            let (command, message) =
                line.strip_prefix("::").and_then(|line| line.split_once("::")).expect("a command");
            let (kind, properties) = command.split_once(' ').expect("properties");
            let title = properties.rsplit_once("title=").expect("a title").1;
            let title = unescape(title);
            (kind.to_owned(), title.split(':').next().unwrap_or_default().to_owned(), unescape(message))
        })
        .map(|(kind, title, message)| {
            (kind, title, message.split(". ").next().unwrap_or_default().to_owned())
        })
        .collect();
    found.sort();
    let mut expected: Vec<_> = truth
        .iter()
        .filter_map(|result| {
            let (check, severity) = (text(&result["check"]), text(&result["severity"]));
            let (kind, title) = match text(&result["status"]).as_str() {
                "fail" => {
                    let kind = match severity.as_str() {
                        "critical" | "high" => "error",
                        "medium" => "warning",
                        _ => "notice",
                    };
                    (kind, format!("{check} {severity}"))
                }
                "unknown" => ("warning", format!("{check} unknown")),
                "waived" => ("notice", format!("{check} {severity} waived")),
                _ => return None,
            };
            let message = format!("{}.", printed(&result["message"]));
            let first = message.split(". ").next().unwrap_or_default().to_owned();
            Some((kind.to_owned(), title, first))
        })
        .collect();
    expected.sort();
    let trimmed = |all: Vec<(String, String, String)>| -> Vec<_> {
        all.into_iter()
            .map(|(kind, title, text)| (kind, title, text.trim_end_matches('.').to_owned()))
            .collect()
    };
    assert_eq!(trimmed(found), trimmed(expected));
    assert!(!written.contains("##["), "the runner's older form of command");
}

#[test]
fn the_table_counts_what_the_others_list() {
    let folder = folder();
    let truth = truth(folder.path());
    let written = audit(folder.path(), &["--details"]).stdout;
    let head = written.split("\n\n").next().expect("a heading");
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    for severity in ["critical", "high", "medium", "low", "info"] {
        let number = of(&truth, "fail").filter(|result| result["severity"] == severity).count();
        assert!(head.contains(&format!("{number} {severity}")), "{severity}: {head}");
    }
    for (status, word) in [("unknown", "unknown"), ("manual", "to look at in the PSA"), ("waived", "waived")]
    {
        assert!(head.contains(&format!("{} {word}", of(&truth, status).count())), "{status}: {head}");
    }
}
