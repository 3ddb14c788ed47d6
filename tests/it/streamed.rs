//! A snapshot that is read role by role gives what the same file gives as a whole, and a mistake anywhere
//! in it is found all the same.

use std::fs;

use leastwise::source::snapshot::Stream;
use serde_json::Value;
use tempfile::TempDir;

use crate::psa::fixture_path;
use crate::support::{Ran, leastwise};

const FIXTURES: [&str; 2] = ["acme-msp", "parapluie"];

fn text(fixture: &str) -> String {
    fs::read_to_string(fixture_path(fixture)).expect("a fixture")
}

/// Whether every role of a file with this text can be read by itself.
fn is_streamed(text: &[u8]) -> bool {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("a.json");
    fs::write(&path, text).expect("a file");
    let stream = Stream::open(&path);
    stream.is_some_and(|(_, stream)| {
        stream.read(|_| true, |role, _, all: &mut Vec<_>| all.push(role)).is_some()
    })
}

fn as_file(text: &[u8], args: &[&str]) -> Ran {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("a.json"), text).expect("a file");
    leastwise([&["audit", "--snapshot", "a.json"], args].concat()).folder(folder.path()).run()
}

/// Standard input is always read as a whole.
fn as_a_whole(text: &[u8], args: &[&str]) -> Ran {
    let folder = TempDir::new().expect("a folder");
    leastwise([&["audit", "--snapshot", "-"], args].concat()).folder(folder.path()).stdin(text).run()
}

#[track_caller]
fn assert_same(text: &[u8], args: &[&str]) {
    let (one, other) = (as_file(text, args), as_a_whole(text, args));
    let renamed = |text: &str| {
        let plain = text.replace("a.json", "-");
        // A path of another length wraps otherwise.
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(one.code, other.code, "{args:?}: {}", one.stderr);
    assert!(renamed(&one.stdout) == renamed(&other.stdout), "{args:?}");
    assert_eq!(renamed(&one.stderr), renamed(&other.stderr), "{args:?}");
}

#[test]
fn whatever_is_asked_the_answer_is_that_of_the_whole_file() {
    for fixture in FIXTURES {
        let text = text(fixture);
        assert!(is_streamed(text.as_bytes()), "{fixture}");
        for args in [
            &["--format", "json"][..],
            &["--format", "json", "--all"],
            &["--format", "json", "--integration", "cisco-umbrella"],
            &["--format", "json", "--role", "Umbrella"],
            &["--format", "json", "--member", "Umbrella"],
            &["--format", "csv"],
            &["--format", "html"],
        ] {
            assert_same(text.as_bytes(), args);
        }
    }
}

/// The layout is what makes it possible, never what makes it right.
#[test]
fn a_file_that_is_laid_out_in_another_way_is_read_as_a_whole() {
    let text = text("acme-msp");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("JSON");
    let two_on_a_line = text.replacen("},\n{\"id\":110002", "},{\"id\":110002", 1);
    let over_two_lines = text.replacen("{\"id\":110002,", "{\"id\":110002,\n", 1);
    let other_ends = text.replace('\n', "\r\n");
    for other in [value.to_string(), pretty, two_on_a_line, over_two_lines, other_ends] {
        assert!(other != text && !is_streamed(other.as_bytes()));
        assert_same(other.as_bytes(), &["--format", "json"]);
        assert_eq!(as_file(other.as_bytes(), &[]).code, 1);
    }
}

/// Role 11 is a person's: nothing of it is judged, and yet it must be whole.
#[test]
fn a_mistake_in_a_role_that_is_not_judged_is_refused_with_its_line() {
    let text = text("acme-msp");
    let line = text.lines().position(|line| line.starts_with("{\"id\":110002,")).expect("a setting") + 1;
    for (wrong, why) in [
        ("{\"id\":\"many\",", "a setting is not readable"),
        ("{\"id\":110002 ", "the file is not JSON"),
        ("{\"id\":110002,\"module\":7,", "a setting is not readable"),
    ] {
        let text = text.replacen("{\"id\":110002,", wrong, 1);
        let ran = as_file(text.as_bytes(), &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("line {line}")) && ran.stderr.contains(why), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "nothing is said before: {}", ran.stderr);
        assert_same(text.as_bytes(), &[]);
    }
}

#[test]
fn a_setting_is_found_again_on_its_line() {
    let text = text("acme-msp");
    let lines: Vec<_> = text.lines().collect();
    let log = as_file(text.as_bytes(), &["--format", "sarif", "--all"]).json();
    let results = log["runs"][0]["results"].as_array().expect("results").clone();
    let mut compared = 0;
    for result in results.iter().filter(|result| result["ruleId"].as_str().unwrap().starts_with("LW102")) {
        let line = result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap();
        let line = usize::try_from(line).unwrap();
        let logical = result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap();
        let row: Value = serde_json::from_str(lines[line - 1].trim_end_matches(',')).expect("a setting");
        assert!(logical.contains(row["function"].as_str().unwrap()), "{logical}: {row}");
        compared += 1;
    }
    assert!(compared > 20);
}
