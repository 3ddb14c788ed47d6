//! Files that are no snapshot, or one that cannot be judged: one sentence that says where and what to
//! do, and no report.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::psa::fixture_path;
use crate::support::{Ran, leastwise};

/// The file, as `audit` is given it.
fn audit(bytes: &[u8]) -> Ran {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("a.json"), bytes).expect("a file");
    leastwise(["audit", "--snapshot", "a.json"]).folder(folder.path()).run()
}

fn text() -> String {
    fs::read_to_string(fixture_path("acme-msp")).expect("a fixture")
}

#[track_caller]
fn assert_refused(ran: &Ran, sentence: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert_eq!(ran.stderr, format!("error: the snapshot a.json cannot be {sentence}\n"));
}

#[test]
fn what_is_no_snapshot_is_refused_with_a_sentence() {
    let what = "a snapshot is what `leastwise snapshot -o FILE` writes";
    for (bytes, sentence) in [
        (&b""[..], format!("judged: line 1, column 1: the file is not JSON (it is empty); {what}")),
        (b"hello", format!("judged: line 1, column 1: the file is not JSON (expected value); {what}")),
        (
            b"{\"a\":1}",
            format!(
                "judged: the file is JSON but not a snapshot: its \"format\" is missing, not \"leastwise-snapshot/1\"; {what}"
            ),
        ),
        (
            b"{\"format\":\"leastwise-report/1\"}",
            format!(
                "judged: the file is JSON but not a snapshot: its \"format\" is \"leastwise-report/1\", not \"leastwise-snapshot/1\"; {what}"
            ),
        ),
        (
            b"{\"format\":\"\xff\"}",
            "judged: line 1: the file is not text in UTF-8; take the snapshot again, or save it as UTF-8"
                .to_owned(),
        ),
        (
            b"[]",
            format!(
                "judged: the file is JSON but not a snapshot: its \"format\" is missing, not \"leastwise-snapshot/1\"; {what}"
            ),
        ),
    ] {
        assert_refused(&audit(bytes), &sentence);
    }
}

#[test]
fn a_snapshot_of_a_later_version_asks_for_an_update() {
    assert_refused(
        &audit(text().replace("leastwise-snapshot/1", "leastwise-snapshot/2").as_bytes()),
        "judged: the snapshot has the format \"leastwise-snapshot/2\", which this leastwise does not read; update leastwise",
    );
}

/// A file cut off anywhere is no snapshot, least of all a smaller one.
#[test]
fn a_snapshot_that_is_cut_off_anywhere_is_refused() {
    let text = text();
    for eighth in 1..8 {
        let ran = audit(&text.as_bytes()[..text.len() * eighth / 8]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{eighth}");
        assert!(
            ran.stderr
                .contains("the file ends too early, as if it had been cut off; take the snapshot again"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("a.json")).unwrap();
    let ran = leastwise(["audit", "--snapshot", "a.json"]).folder(folder.path()).run();
    assert_refused(&ran, "read: Is a directory (os error 21); `leastwise snapshot -o FILE` writes one");
    fs::remove_dir(folder.path().join("a.json")).unwrap();
    let ran = leastwise(["audit", "--snapshot", "a.json"]).folder(folder.path()).run();
    assert_refused(
        &ran,
        "read: No such file or directory (os error 2); `leastwise snapshot -o FILE` writes one",
    );
}

#[test]
fn a_role_that_is_listed_twice_is_refused_with_its_line() {
    let text = text();
    let start = text.find("{\"id\":36,").expect("leastwise's role");
    let end = start + text[start..].find("\n]}").expect("its last line") + "\n]}".len();
    let role = &text[start..end];
    let doubled = text.replacen(role, &format!("{role},\n{role}"), 1);
    let line = text[..end].lines().count() + 1;
    let ran = audit(doubled.as_bytes());
    let sentence = format!(
        "judged: line {line}: role 36 (\"leastwise\") is listed twice; remove one, or take the snapshot again"
    );
    assert_refused(&ran, &sentence);
}

#[test]
fn a_dataset_of_which_the_file_says_both_was_not_read_in_full() {
    let said = "{\"dataset\":\"api-members\",\"status\":\"complete\",\"records\":8}";
    let gap = "{\"dataset\":\"api-members\",\"status\":\"unavailable\",\"cause\":{\"kind\":\"too-large\",\"mib\":77}}";
    for both in [format!("{said},\n{gap}"), format!("{gap},\n{said}")] {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("a.json"), text().replacen(said, &both, 1)).expect("a file");
        let ran =
            leastwise(["audit", "--snapshot", "a.json", "--format", "json"]).folder(folder.path()).run();
        let incomplete: Vec<_> =
            ran.results().into_iter().filter(|result| result["check"] == "LW901").collect();
        assert_eq!(incomplete.len(), 1, "{incomplete:?}");
        assert!(incomplete[0]["message"].as_str().is_some_and(|text| text.contains("77 MiB")));
    }
}

/// The settings of a role of the fixture, changed.
fn with_umbrella(change: impl Fn(&mut Value)) -> Ran {
    let mut snapshot: Value = serde_json::from_str(&text()).expect("JSON");
    let roles = snapshot["roles"].as_array_mut().expect("roles");
    let role = roles.iter_mut().find(|role| role["id"] == 31).expect("role Umbrella");
    role["settings"].as_array_mut().expect("settings").iter_mut().for_each(change);
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("a.json"), snapshot.to_string()).expect("a file");
    leastwise(["audit", "--snapshot", "a.json", "--format", "json"]).folder(folder.path()).run()
}

#[test]
fn a_level_that_is_not_known_is_unknown_and_never_a_pass() {
    let all_unknown = with_umbrella(|setting| {
        for verb in ["add", "edit", "delete", "inquire"] {
            setting[verb] = "Mine".into();
        }
    });
    let of_role: Vec<_> =
        all_unknown.results().into_iter().filter(|result| result["role"]["id"] == 31).collect();
    for check in ["LW101", "LW102", "LW206"] {
        let statuses: Vec<_> = of_role
            .iter()
            .filter(|result| result["check"] == check)
            .map(|result| result["status"].as_str().unwrap())
            .collect();
        assert!(statuses.contains(&"unknown"), "{check}: {statuses:?}");
        assert!(!statuses.contains(&"pass") && !statuses.contains(&"fail"), "{check}: {statuses:?}");
    }
    assert_eq!(all_unknown.code, 1, "other roles have findings");
}

#[test]
fn one_level_that_is_not_known_is_exit_code_4_where_nothing_is_wrong() {
    let text = fs::read_to_string(fixture_path("parapluie")).unwrap();
    let mut snapshot: Value = serde_json::from_str(&text).unwrap();
    let roles = snapshot["roles"].as_array_mut().unwrap();
    let umbrella = roles.iter_mut().find(|role| role["name"] == "Parapluie").expect("the role");
    let settings = umbrella["settings"].as_array_mut().unwrap();
    let tickets = settings.iter_mut().find(|setting| setting["function"] == "Service Tickets").unwrap();
    tickets["add"] = "Mine".into();
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.json"), snapshot.to_string()).unwrap();
    let ran = leastwise(["audit", "--snapshot", "a.json", "--format", "json"]).folder(folder.path()).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    let unknown: Vec<_> = ran.results().into_iter().filter(|result| result["status"] == "unknown").collect();
    let names_it = |result: &Value| result["actual"].as_str().is_some_and(|word| word.contains("Mine"));
    assert!(unknown.iter().all(names_it), "{unknown:?}");
    assert!(unknown.iter().any(|result| result["check"] == "LW101"));
}

#[test]
fn a_snapshot_comes_from_standard_input_too() {
    let ran = leastwise(["audit", "--snapshot", "-", "--integration", "cisco-umbrella"]).stdin(text()).run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let ran = leastwise(["audit", "--snapshot", "-"]).stdin("").run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}

/// A snapshot may come from a pull request: what it says in words of its own is in no report.
#[test]
fn a_reason_in_words_of_the_files_own_is_counted_and_not_repeated() {
    let said = "{\"dataset\":\"api-members\",\"status\":\"complete\",\"records\":8}";
    let causes = [
        "",
        r#","cause":{"kind":"jane-doe-0451"}"#,
        r#","cause":{"kind":"refused","known":["jane-doe-0451"]}"#,
        r#","cause":{"kind":"http","status":418,"names":["Service Tickets","jane-doe-0451"]}"#,
        r#","cause":{"kind":"redirected","host":"jane-doe-0451/@example.org"}"#,
        r#","cause":{"kind":"not-read-in-full","detail":"jane-doe-0451"}"#,
        r#","cause":"jane-doe-0451""#,
        r#","cause":["jane-doe-0451"]"#,
    ];
    for cause in causes {
        let gap = format!(
            r#"{{"dataset":"api-members","status":"unavailable","reason":"see jane-doe-0451"{cause}}}"#
        );
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("a.json"), text().replacen(said, &gap, 1)).expect("a file");
        for format in ["table", "json", "html", "markdown"] {
            let ran =
                leastwise(["audit", "--snapshot", "a.json", "--format", format]).folder(folder.path()).run();
            assert_eq!(ran.code, 1, "{cause}: {}", ran.stderr);
            assert!(!ran.stdout.contains("jane-doe"), "{cause}: {}", ran.stdout);
            assert!(!ran.stderr.contains("jane-doe"), "{cause}: {}", ran.stderr);
        }
    }
    // The reason of a role's settings is treated alike, read role by role and whole.
    let mut whole: Value = serde_json::from_str(&text()).expect("JSON");
    let roles = whole["roles"].as_array_mut().expect("roles");
    let umbrella = roles.iter_mut().find(|role| role["id"] == 31).expect("Umbrella");
    umbrella["settings"] = Value::Null;
    umbrella["unavailable"] = "see jane-doe-0451".into();
    let ran = leastwise(["audit", "--snapshot", "-", "--format", "json"]).stdin(whole.to_string()).run();
    assert!(!ran.stdout.contains("jane-doe") && ran.stdout.contains("17 characters"), "{}", ran.stdout);
}

/// An audit of parapluie, after a change of its text.
fn parapluie(change: impl Fn(String) -> String) -> Ran {
    let text = fs::read_to_string(fixture_path("parapluie")).expect("a fixture");
    audit(change(text).as_bytes())
}

#[test]
fn settings_of_which_the_coverage_says_otherwise_were_not_read() {
    const SAID: &str = r#"{"dataset":"settings","status":"complete","records":448},"#;
    const NOT_READ: &str = r#"{"dataset":"settings","status":"unavailable","records":0,"reason":"x"},"#;
    assert_eq!(parapluie(|text| text).code, 0);
    for other in [String::new(), NOT_READ.to_owned(), format!("{SAID}{NOT_READ}")] {
        let ran = parapluie(|text| {
            assert!(text.contains(SAID));
            text.replace(SAID, &other)
        });
        assert_eq!(ran.code, 4, "{other}: {}", ran.stderr);
    }
}

#[test]
fn an_id_that_stands_twice_in_the_header_is_refused() {
    for (map, twice) in [
        ("\"last_use_days\":{", "\"last_use_days\":{\"251\":211,"),
        ("\"role_updates\":{", "\"role_updates\":{\"21\":{\"by\":\"x\",\"at\":\"2026-10-05T07:30:18Z\"},"),
    ] {
        let ran = parapluie(|text| {
            assert!(text.contains(map));
            text.replacen(map, twice, 1)
        });
        assert!(ran.code == 2 && ran.stderr.contains("is there twice"), "{} {}", ran.code, ran.stderr);
    }
}

#[test]
fn rows_that_the_files_own_count_misses_are_not_lost_in_silence() {
    for (records, dataset) in [("2", "api-members"), ("448", "settings")] {
        let said = format!("{{\"dataset\":\"{dataset}\",\"status\":\"complete\",\"records\":{records}}}");
        let more = said.replace(records, "449");
        let ran = parapluie(|text| {
            assert!(text.contains(&said));
            text.replace(&said, &more)
        });
        let sentence = format!("{dataset} should have 449 rows and have {records}");
        assert!(ran.stderr.contains(&sentence), "{}", ran.stderr);
        assert_eq!(ran.code, 0, "what is there was judged");
    }
    let ran = parapluie(|text| text);
    assert!(!ran.stderr.contains("should have"), "{}", ran.stderr);
}
