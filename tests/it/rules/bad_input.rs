//! Rule files that are wrong: everything that is wrong with all of them, in one run, with its place
//! and what to write instead; exit 2, nothing judged.

use std::path::Path;

use crate::support::{Ran, leastwise};

const HEAD: &str = "vendor = \"V\"\nproduct = \"P\"\nread = 2026-11-01\n";
const NEEDS: &str = "[needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n";

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    }
    folder
}

fn lint(folder: &Path) -> Ran {
    leastwise(["rules", "lint", "."]).folder(folder).run()
}

fn file(id: &str, rest: &str) -> Vec<u8> {
    format!("id = \"{id}\"\n{HEAD}{rest}").into_bytes()
}

#[test]
fn every_problem_of_every_file_is_told_in_one_run() {
    let many = file(
        "many",
        "[needs.Compnies]\n\"Contacts\" = { inquire = \"All\" }\n\
         [needs.\"Service Desk\"]\n\"Servce Tickets\" = { inquire = \"All\" }\n\"Agreements\" = { inquire = \"All\" }\n\
         \"Close Service Tickets\" = { edit = \"Most\", inquire = \"all\" }\n\
         [needs.System]\n\"Table Setup\" = { inquire = \"All\", allow = [\"Service Board\"] }\n\
         [features.idle]\nsummary = \"does nothing\"\n",
    );
    let future = file("future", NEEDS).iter().map(|&byte| char::from(byte)).collect::<String>();
    let future = future.replace("2026-11-01", "2026-11-23");
    let first = file("same", NEEDS);
    let second = file("same", "[needs.Companies]\n\"Contacts\" = { inquire = \"None at all\" }\n");
    let mut not_text = file("text", NEEDS);
    not_text.extend(b"# caf\xe9\n");
    let folder = folder(&[
        ("a-many.toml", &many),
        ("b-future.toml", future.as_bytes()),
        ("c-same.toml", &first),
        ("d-same.toml", &second),
        ("e-text.toml", &not_text),
        ("f-large.toml", &vec![b'#'; 10 * 1024 * 1024]),
        ("g-syntax.toml", b"id = \nvendor == 1\n"),
    ]);
    let ran = lint(folder.path());
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stdout, @r#"
    a-many.toml:5:8: error: "Compnies" is not a module of the PSA (did you mean "Companies"?)
    a-many.toml:8:1: error: "Servce Tickets" is not a function of Service Desk (did you mean "Service Tickets"?)
    a-many.toml:9:1: error: "Agreements" is not a function of Service Desk (did you mean "Agreements" of module Finance?)
    a-many.toml:10:36: error: "Most" is not a level (the levels are None, My, All)
    a-many.toml:10:54: error: "all" is not a level (write "All")
    a-many.toml:12:45: error: the table "Service Board" has no category (did you mean "Service / Service Board"?)
    a-many.toml:13:11: error: nothing is needed for the feature "idle" (add [features.idle.needs.MODULE], or take the feature out)
    b-future.toml:4:8: error: `read` is 2026-11-23, a day that has not come yet (the day you last read the source, such as 2026-11-22)
    d-same.toml:1:6: error: the id "same" is already that of c-same.toml (give each file an id of its own)
    d-same.toml:6:26: error: "None at all" is not a level (the levels are None, My, All)
    e-text.toml:7:6: error: the text is not UTF-8 (save the file as UTF-8)
    f-large.toml:1:1: error: the file is larger than 1048576 bytes, the most that is read (write one product to a file; such a file has a few thousand bytes)
    g-syntax.toml:1:6: error: not valid TOML: string values must be quoted, expected literal string
    g-syntax.toml:2:9: error: not valid TOML: extra `=`, expected nothing
    g-syntax.toml:2:11: error: not valid TOML: unexpected key or value, expected newline, `#`
    "#);
    assert_eq!(ran.stderr, "7 files: 15 errors, 0 warnings\n");
}

#[test]
fn a_command_that_needs_the_rules_says_the_same_and_judges_nothing() {
    let folder = folder(&[
        ("one.toml", &file("one", "[needs.Companies]\n\"Contatcs\" = { inquire = \"All\" }\n")),
        ("two.toml", &file("two", "[needs.Companies]\n\"Contacts\" = { inquire = \"Alle\" }\n")),
    ]);
    let rules = folder.path().display().to_string();
    for command in [
        vec!["audit", "--snapshot", "fixtures/acme-msp.json"],
        vec!["rules", "list"],
        vec!["rules", "test", &rules],
        vec!["rules", "diff", &rules, &rules],
        vec!["explain", "LW101"],
        vec!["impact", "Umbrella", "--snapshot", "fixtures/acme-msp.json"],
    ] {
        let args = command.iter().copied().chain(["--rules-dir", rules.as_str()]);
        let ran = leastwise(args).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command:?}: {}", ran.stderr);
        for place in ["one.toml:6:1: ", "two.toml:6:26: ", "did you mean \"Contacts\"?"] {
            assert!(ran.stderr.contains(place), "{command:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_function_that_is_named_twice_is_refused_in_needs_and_in_advice() {
    let twice =
        "Contacts = { inquire = \"My\", why = \"w\" }\n\"contact\" = { inquire = \"None\", why = \"w\" }\n";
    for table in ["needs", "advice.needs"] {
        let rest =
            format!("[{table}.Companies]\n{twice}[needs.System]\n\"My Company\" = {{ inquire = \"All\" }}\n");
        let folder = folder(&[("a.toml", &file("a", &rest))]);
        let ran = lint(folder.path());
        assert_eq!(ran.code, 2, "{ran:?}");
        let problem = "a.toml:7:1: error: \"contact\" names a function that this table already has\n";
        assert!(ran.stdout.contains(problem), "{ran:?}");
    }
}

/// The work grew with the square of the line's length: a mebibyte took minutes. Nothing is timed here; a test that does
/// not end is noticed.
#[test]
fn a_line_of_a_mebibyte_is_read_however_much_is_wrong_with_it() {
    let entries = "1,".repeat(500_000);
    let folder = folder(&[("a.toml", &file("a", &format!("unclear = [{entries}]\n")))]);
    let ran = lint(folder.path());
    assert_eq!(ran.code, 2);
    let last = "a.toml:5:1000010: error: `unclear` holds integer; every entry is a text in quotes";
    assert!(ran.stdout.lines().any(|line| line == last), "{}", ran.stderr);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let ran = leastwise(["rules", "lint", "nowhere.toml"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.starts_with("nowhere.toml:1:1: error: the file cannot be read: "), "{ran:?}");
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let folder = folder(&[("a.toml", &file("a", "\"\\u001b[31m\" = 1\n"))]);
    let ran = lint(folder.path());
    assert_eq!(ran.code, 2);
    assert!(!ran.stdout.contains('\u{1b}') && ran.stdout.contains("<U+001B>"), "{ran:?}");
}
