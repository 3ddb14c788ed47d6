//! `rules test`: fixtures beside rule files.

use std::path::Path;

use crate::support::{Ran, after_the_last_reading, leastwise};

const RULES: &str = "id = \"acme-sync\"\nvendor = \"Acme\"\nproduct = \"Sync\"\nread = 2026-11-01\n\
    [needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n\"Notes\" = { add = \"My\" }\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("acme-sync.toml"), RULES).expect("a file");
    folder
}

fn test(folder: &Path, args: &[&str]) -> Ran {
    leastwise(["rules", "test", "."].iter().chain(args).copied()).folder(folder).run()
}

#[test]
fn the_built_in_fixtures_hold() {
    let ran = leastwise(["rules", "test"]).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    insta::assert_snapshot!(ran.stdout, @r"
    ok      cisco-umbrella / copied-role
    ok      cisco-umbrella / exact
    ok      cisco-umbrella / one-short
    ");
    let folder = leastwise(["rules", "test", "rules"]).now(after_the_last_reading).run();
    assert_eq!(folder.stdout, ran.stdout, "all of the folder's fixtures are embedded");
}

#[test]
fn made_fixtures_hold_until_the_needs_change() {
    let folder = folder();
    let made = test(folder.path(), &["--make", "acme-sync"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert_eq!(made.stdout, "ok      acme-sync / exact\nok      acme-sync / one-short\n");
    let file = folder.path().join("acme-sync.toml");
    std::fs::write(&file, RULES.replace("{ add = \"My\" }", "{ add = \"All\" }")).expect("a file");
    let ran = test(folder.path(), &[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout, @r"
    FAILED  acme-sync / exact
             found, not expected: LW101 fail on Companies / Notes, add: Acme Sync needs Add = All on Companies / Notes; the role has My
    FAILED  acme-sync / one-short
             found, not expected: LW101 fail on Companies / Notes, add: Acme Sync needs Add = All on Companies / Notes; the role has My
    ");
    assert_eq!(ran.stderr, "2 fixtures, 2 not as expected\n");
}

#[test]
fn a_result_that_is_expected_and_not_found_fails() {
    let folder = folder();
    test(folder.path(), &["--make", "acme-sync"]);
    let expected = folder.path().join("acme-sync.test/exact.expected.toml");
    std::fs::write(&expected, "[[result]]\ncheck = \"LW102\"\nverb = \"delete\"\n").expect("a file");
    let ran = test(folder.path(), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("expected, not found: LW102 fail, verb delete"), "{}", ran.stdout);
}

#[test]
fn wrong_fixtures_are_named_at_their_place_and_nothing_is_tested() {
    let folder = folder();
    test(folder.path(), &["--make", "acme-sync"]);
    let tests = folder.path().join("acme-sync.test");
    let text =
        "[[result]]\ncheck = \"LW10l\"\nfunction = \"Companies / Contcts\"\nverb = \"read\"\nlevel = 1\n";
    std::fs::write(tests.join("exact.expected.toml"), text).expect("a file");
    std::fs::write(tests.join("one-short.json"), "{").expect("a file");
    let ran = test(folder.path(), &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    for problem in [
        "exact.expected.toml:2:9: there is no check \"LW10l\" (did you mean \"LW105\"?)",
        "exact.expected.toml:3:12: there is no function \"Companies / Contcts\"",
        "exact.expected.toml:4:8: \"read\" is not a verb (add, edit, delete or inquire)",
        "exact.expected.toml:5:1: `level` in [result] is not a known key",
        "one-short.json:1:1: the snapshot cannot be judged: ",
    ] {
        assert!(ran.stderr.contains(problem), "{problem}\n{}", ran.stderr);
    }
}

#[test]
fn half_a_fixture_and_no_fixture_are_no_pass() {
    let folder = folder();
    let none = test(folder.path(), &[]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("nothing was tested"), "{}", none.stderr);
    let tests = folder.path().join("acme-sync.test");
    std::fs::create_dir(&tests).expect("a folder");
    std::fs::write(tests.join("a.json"), "{}").expect("a file");
    let half = test(folder.path(), &[]);
    assert_eq!(half.code, 2);
    assert!(half.stderr.contains("a.json has no a.expected.toml beside it"), "{}", half.stderr);
}
