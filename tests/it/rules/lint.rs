//! `rules lint`: what could be better does not stop anybody.

use crate::support::{after_the_last_reading, leastwise};

#[test]
fn the_library_is_clean() {
    let ran = leastwise(["rules", "lint"]).now(after_the_last_reading).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let files = std::fs::read_dir("rules/integrations").expect("the library").filter(|entry| {
        entry.as_ref().expect("an entry").path().extension().is_some_and(|ending| ending == "toml")
    });
    assert_eq!(ran.stderr, format!("{} files: 0 errors, 0 warnings\n", files.count()));
}

#[test]
fn the_catalog_can_be_linted_too() {
    let ran = leastwise(["rules", "lint", "rules/catalog.toml"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, "1 file: 0 errors, 0 warnings\n"));
}

#[test]
fn what_could_be_better_is_a_warning() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("a.toml"),
        r#"id = "a"
vendor = "V"
product = "P"
read = 2025-11-21

[needs.Company]
"Contacts" = { inquire = "All" }

[needs.System]
"Setup Tables" = { allow = ["Servizio / Priorità"] }

[features.nothing-new]
summary = "reads contacts"

[features.nothing-new.needs.Companies]
"Contacts" = { inquire = "My" }

[advice.needs.Companies]
"Contacts" = { inquire = "My", delete = "None", why = "its own would do" }
"#,
    )
    .expect("a file");
    let ran = leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run();
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stdout, @r#"
    a.toml:4:8: warning: the source was last read 366 days before 2026-11-22 (read it again, correct what changed, and set `read` to that day)
    a.toml:6:8: warning: "Company" is another spelling of "Companies" (write "Companies")
    a.toml:10:1: warning: "Setup Tables" is another spelling of "Table Setup" (write "Table Setup")
    a.toml:10:1: warning: tables are allowed, but System / Table Setup itself is not granted (add the level, usually `inquire = "All"`)
    a.toml:10:29: warning: "Servizio / Priorità" is another spelling of "Service / Priority" (write "Service / Priority")
    a.toml:12:11: warning: the feature "nothing-new" needs nothing that the base does not (take it out, or move what only it needs from [needs] to it)
    a.toml:19:41: warning: advice on Delete of Companies / Contacts, of which nothing asks for more than None (take `delete` out of the advice)
    "#);
}

#[test]
fn exactly_a_year_is_not_stale_and_as_of_moves_the_day() {
    let lint = |day: &str| {
        let args = ["rules", "lint", "rules/integrations/rewst.toml", "--as-of", day];
        leastwise(args).now(after_the_last_reading).run()
    };
    assert_eq!(lint("2027-11-28").stdout, "");
    let stale = lint("2027-11-29");
    assert!(stale.stdout.contains("was last read 366 days before 2027-11-29"), "{stale:?}");
    assert_eq!(stale.code, 0);
}

#[test]
fn what_lets_a_key_take_over_or_read_passwords_wants_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let lint = |needs: &str| {
        let head = "id = \"a\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n";
        std::fs::write(folder.path().join("a.toml"), format!("{head}{needs}")).expect("a file");
        leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run().stdout
    };
    for (needs, said) in [
        (
            "[needs.System]\n\"Security Roles\" = { edit = \"My\" }\n",
            "Edit of System / Security Roles gives take-over: its key could set any role",
        ),
        ("[needs.System]\n\"*\" = { add = \"All\" }\n", "Add of System / * gives take-over"),
        (
            "[needs.Companies]\n\"Configuration - Display Passwords\" = { inquire = \"All\" }\n",
            "gives read-secrets",
        ),
        (
            "[needs.System]\n\"Table Setup\" = { add = \"All\", allow = [\"General / Integrator Login\"] }\n",
            "Add of System / Table Setup gives take-over: its key could make or change a user name",
        ),
        (
            "[features.f]\nsummary = \"s\"\n[features.f.needs.System]\n\"Member Maintenance\" = { edit = \"All\" }\n",
            "Edit of System / Member Maintenance gives take-over",
        ),
    ] {
        let stdout = lint(needs);
        assert!(stdout.contains(said) && stdout.contains("say in `why`"), "{needs}: {stdout}");
        assert_eq!(lint(&needs.replace(" }", ", why = \"w\" }")), "", "{needs}");
    }
    for quiet in [
        "[needs.System]\n\"Security Roles\" = { inquire = \"All\" }\n",
        "[needs.System]\n\"Table Setup\" = { add = \"All\", allow = [\"Service / Service Board\"] }\n",
        "[needs.Companies]\n\"Contacts\" = { edit = \"All\" }\n",
    ] {
        assert_eq!(lint(quiet), "", "{quiet}");
    }
}

#[test]
fn a_feature_with_a_source_of_its_own_goes_stale_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "id = \"a\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n[features.f]\nsummary = \"s\"\nsource = \"u\"\nread = 2025-11-21\n[features.f.needs.Companies]\nNotes = { add = \"All\" }\n";
    std::fs::write(folder.path().join("a.toml"), text).expect("a file");
    let ran = leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run();
    assert!(
        ran.stdout.starts_with("a.toml:8:8: warning: the source was last read 366 days"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_pipe_is_linted_too() {
    let lint = |text: &str| leastwise(["rules", "lint", "-"]).stdin(text).run();
    let right = "id = \"a\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-21\nsource = \"https://a.example/\"\n\n[needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n";
    let ran = lint(right);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "1 file: 0 errors, 0 warnings\n")
    );
    let ran = lint(&right.replace("Contacts", "Contatcs"));
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("-:8:1: error: \"Contatcs\" is not a function"), "{}", ran.stdout);
}

#[test]
fn rule_files_in_a_folder_within_and_text_of_another_encoding_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("mine/more")).expect("folders");
    std::fs::write(folder.path().join("mine/more/a.toml"), "id = \"a\"\n").expect("a file");
    let ran = leastwise(["rules", "lint", "mine"]).folder(folder.path()).run();
    assert!(
        ran.stdout.contains("mine/more:1:1: warning: the folder more has rule files, and is not read"),
        "{ran:?}"
    );
    let utf16: Vec<u8> = "id = \"a\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("b.toml"), utf16).expect("a file");
    let ran = leastwise(["rules", "lint", "b.toml"]).folder(folder.path()).run();
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (2, "b.toml:1:1: error: the text is UTF-16, not UTF-8 (save the file as UTF-8)\n")
    );
}
