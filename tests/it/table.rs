//! The table for people: what it says first, how it keeps to a width, and all of it as it is.

use unicode_width::UnicodeWidthStr;

use crate::support::leastwise;

const FIXTURES: [&str; 2] = ["acme-msp", "parapluie"];

/// The report on a terminal of this width, or in a pipe.
fn table(fixture: &str, width: Option<u16>, args: &[&str]) -> String {
    let path = format!("fixtures/{fixture}.json");
    let command = leastwise(["audit", "--snapshot", &path, "--color", "never"].iter().chain(args).copied());
    match width {
        Some(width) => command.terminal(width).run().stdout,
        None => command.run().stdout,
    }
}

fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<_> = text.split_whitespace().collect();
    words.sort_unstable();
    words
}

/// What stands above the first screen.
fn details(page: &str) -> &str {
    page.rsplit_once("\n--------").map_or("", |(above, _)| above)
}

#[test]
fn nothing_is_wider_than_the_page_and_no_word_is_cut() {
    for fixture in FIXTURES {
        for args in [&[][..], &["--all"]] {
            // Below 100 columns arrows are tight, so that pages differ in their line breaks alone.
            let whole = table(fixture, Some(99), args);
            for width in [60, 66, 72, 80, 99] {
                let page = table(fixture, Some(width), args);
                for line in page.lines() {
                    assert!(line.width() <= usize::from(width), "{width} columns: {line}");
                    assert_eq!(line.trim_end(), line);
                }
                // The first screen, which is the last, cuts what does not fit.
                assert_eq!(words(details(&page)), words(details(&whole)), "{fixture} at {width} columns");
            }
        }
    }
}

#[test]
fn a_name_that_is_not_there_is_not_taken_for_a_tenant_without_keys() {
    let page = table("acme-msp", Some(80), &["--role", "Nope"]);
    assert!(page.contains("NOT FOUND") && !page.contains("NO KEYS"), "{page}");
}

#[test]
fn a_snapshot_of_another_time_than_the_audit_is_said() {
    let audit = |args: &[&str]| {
        let snapshot = ["audit", "--snapshot", "fixtures/parapluie.json"];
        leastwise(snapshot.iter().chain(args).copied()).run()
    };
    let old = audit(&["--as-of", "2026-12-31", "--max-age", "3"]);
    assert_eq!(old.code, 4);
    assert!(old.stdout.contains("nothing here is a pass"), "{}", old.stdout);
    let before = audit(&["--as-of", "2026-01-01"]);
    assert!(
        before.stderr.contains("--as-of 2026-01-01 is before the day of the snapshot"),
        "{}",
        before.stderr
    );
    assert!(!audit(&[]).stderr.contains("is before the day"));
}

/// The reason of a doubt is no condition.
#[test]
fn what_is_perhaps_in_excess_is_followed_by_the_reason() {
    let page = table("acme-msp", Some(120), &["--details"]);
    assert!(page.contains("? perhaps in excess: ") && !page.contains("in excess unless"), "{page}");
}

#[test]
fn a_terminal_too_narrow_for_a_table_is_taken_for_60_columns() {
    assert_eq!(table("acme-msp", Some(20), &[]), table("acme-msp", Some(60), &[]));
}

#[test]
fn in_a_pipe_it_is_80_columns_of_ascii() {
    for fixture in FIXTURES {
        let page = table(fixture, None, &[]);
        assert!(page.is_ascii(), "{page}");
        assert!(page.lines().all(|line| line.len() <= 80), "{page}");
        let as_terminal = table(fixture, Some(80), &[]).replace('→', "->").replace('·', ".");
        assert_eq!(words(&page), words(&as_terminal), "the same words in both");
    }
}

#[test]
fn the_first_screen_says_who_has_too_much_and_what_to_do_first() {
    for width in [None, Some(80), Some(120)] {
        let page = table("acme-msp", width, &[]);
        let screen: Vec<_> = page.lines().take(24).collect();
        let screen = screen.join("\n");
        for said in [
            "BROKEN            Umbrella",
            "CAN TAKE OVER PSA Umbrella",
            "NOBODY'S          svc-report",
            "Do this, in this order",
            " 1  Umbrella: add 2 missing levels",
            " steps, ",
        ] {
            assert!(screen.contains(said), "{said:?} is not in:\n{screen}");
        }
    }
}

#[test]
fn a_wide_role_shows_its_worst_and_all_of_it_when_asked() {
    let folded = table("acme-msp", Some(80), &["--details"]);
    assert!(folded.contains("372 of 396 in excess, the worst of them here"));
    assert!(folded.contains("more of high severity"));
    let all = table("acme-msp", Some(80), &["--all"]);
    assert!(all.contains("Role Admin - API, for datto-rmm: 372 in excess\n"), "{all}");
    assert!(!all.contains("more of high severity"));
    let cells = all.matches("All→None").count();
    assert_eq!(cells, 372 + 8 + 3, "each permission of roles 32, 31 and 33");
}

#[test]
fn colour_is_for_headings_only() {
    let page = leastwise(["audit", "--snapshot", "fixtures/acme-msp.json", "--color", "always"]).run().stdout;
    let plain = table("acme-msp", None, &[]);
    let stripped = anstream::adapter::strip_str(&page).to_string();
    assert_eq!(stripped, plain);
    assert_ne!(page, plain);
}

#[test]
fn the_whole_page_of_each_fixture() {
    insta::with_settings!({ snapshot_path => "pages", prepend_module_to_snapshot => false }, {
        for fixture in FIXTURES {
            insta::assert_snapshot!(format!("{fixture}-piped"), table(fixture, None, &[]));
            for width in [60, 80, 120] {
                insta::assert_snapshot!(format!("{fixture}-{width}"), table(fixture, Some(width), &[]));
            }
        }
    });
}

#[test]
fn each_step_that_changes_access_says_how_to_undo_and_to_test_it() {
    let ran = leastwise(["demo", "--format", "json"]).run();
    let report = ran.json();
    let steps = report["tenants"][0]["plan"].as_array().expect("a plan");
    let changes = |kind: &str| ["restore", "disable", "cut", "separate", "remove"].contains(&kind);
    let meant: Vec<_> = steps.iter().filter(|step| changes(step["kind"].as_str().expect("a kind"))).collect();
    assert!(meant.len() > 5, "{}", meant.len());
    for step in meant {
        assert!(step["undo"].is_string() && step["test"].is_string(), "{step}");
    }
}

#[test]
fn many_keys_of_one_kind_leave_room_for_every_other() {
    let path = crate::psa::fixture_path("acme-msp");
    let text = std::fs::read_to_string(path).expect("a fixture");
    let mut snapshot: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let report = |id: &serde_json::Value| id["id"] == 257;
    for list in ["api_members", "members"] {
        let rows = snapshot[list].as_array_mut().expect("rows");
        let one = rows.iter().find(|row| report(row)).expect("svc-report").clone();
        rows.extend((900..910).map(|id| {
            let mut other = one.clone();
            other["id"] = id.into();
            if other["identifier"].is_string() {
                other["identifier"] = format!("svc-{id}").into();
            }
            other
        }));
    }
    let run = leastwise(["audit", "--snapshot", "-"]).stdin(snapshot.to_string()).run();
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines.len() <= 24, "{}", run.stdout);
    for label in ["BROKEN", "CAN TAKE OVER PSA", "NOBODY'S", "FOR YOU TO DECIDE", "EXCESS", "OFF", "FINE"] {
        assert!(lines.iter().any(|line| line.starts_with(label)), "{label}\n{}", run.stdout);
    }
    assert!(run.stdout.contains("more"), "those without a line are counted");
}
