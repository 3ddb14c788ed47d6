//! `leastwise diff` as a whole: what counts as widened, what it says of it, how it ends.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ran, leastwise, project};

/// A folder with the snapshot acme-msp as `old.json` and, changed, as `new.json`.
struct Two(TempDir);

impl Two {
    /// Each change is a text of the snapshot and what stands there instead.
    fn with(changes: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let old = fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
        let mut new = old.clone();
        for (from, to) in changes {
            assert_eq!(new.matches(from).count(), 1, "{from}");
            new = new.replace(from, to);
        }
        fs::write(folder.path().join("old.json"), old).expect("written");
        fs::write(folder.path().join("new.json"), new).expect("written");
        Self(folder)
    }

    fn run(&self, args: &[&str]) -> Ran {
        leastwise([&["diff", "old.json", "new.json"], args].concat()).folder(self.0.path()).run()
    }

    fn back(&self) -> Ran {
        leastwise(["diff", "new.json", "old.json"]).folder(self.0.path()).run()
    }
}

fn changes(ran: &Ran) -> Vec<Value> {
    ran.json()["changes"].as_array().expect("changes").clone()
}

const TICKETS: &str =
    r#"{"id":310083,"module":"Service Desk","function":"Service Tickets","add":"All","edit":"None","#;
const TICKETS_EDIT: &str =
    r#"{"id":310083,"module":"Service Desk","function":"Service Tickets","add":"All","edit":"All","#;
const INVOICING: &str = r#"{"id":310017,"module":"Finance","function":"Agreement Invoicing","add":"None","#;
const INVOICING_ADD: &str = r#"{"id":310017,"module":"Finance","function":"Agreement Invoicing","add":"My","#;

#[test]
fn a_widened_grant_fails_and_says_whether_it_is_needed_and_who_changed_the_role() {
    let two = Two::with(&[(TICKETS, TICKETS_EDIT), (INVOICING, INVOICING_ADD)]);
    let ran = two.run(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout, @r"
    acme on na.myconnectwise.net: 2 widened
      old: the snapshot old.json, read 2026-11-21 02:00 UTC
      new: the snapshot new.json, read 2026-11-21 02:00 UTC

    Role Umbrella (31), the PSA notes no change since the old reading (its last is of 2026-03-02T10:11:12Z, by tbracken)
      +  Finance / Agreement Invoicing, Add: None -> My (no integration that the
         role serves needs it)
      +  Service Desk / Service Tickets, Edit: None -> All (cisco-umbrella needs it)
    ");
    let back = two.back();
    assert_eq!(back.code, 0);
    assert!(back.stdout.contains("2 narrowed"), "{}", back.stdout);
}

#[test]
fn the_json_names_the_line_and_what_needs_it() {
    let two = Two::with(&[(TICKETS, TICKETS_EDIT)]);
    let ran = two.run(&["--format", "json"]);
    let json = ran.json();
    assert_eq!((&json["format"], &json["exit"], ran.code), (&"leastwise-diff/1".into(), &1.into(), 1));
    let change = &json["changes"][0];
    assert_eq!(change["direction"], "widened");
    assert_eq!(change["role"]["id"], 31);
    assert_eq!((&change["before"], &change["after"]), (&"None".into(), &"All".into()));
    assert_eq!(change["needed_by"][0]["integration"], "cisco-umbrella");
    assert_eq!(change["needed_by"][0]["level"], "All");
    let line = usize::try_from(change["line"].as_u64().expect("a line")).expect("small");
    let text = fs::read_to_string(two.0.path().join("new.json")).expect("the snapshot");
    assert!(text.lines().nth(line - 1).expect("the line").starts_with(TICKETS_EDIT));
}

/// What the design counts as widened, one by one; the way back never is.
#[test]
fn every_kind_of_widening_fails_and_its_way_back_does_not() {
    for (what, from, to) in [
        (
            "admin granted",
            r#""name":"Umbrella","type":null,"admin":false"#,
            r#""name":"Umbrella","type":null,"admin":true"#,
        ),
        (
            "API member activated",
            r#""identifier":"Domotz","name":"Domotz","active":false"#,
            r#""identifier":"Domotz","name":"Domotz","active":true"#,
        ),
        (
            "person activated",
            r#"{"id":112,"licence":"F","active":false"#,
            r#"{"id":112,"licence":"F","active":true"#,
        ),
        (
            "member added",
            r#"{"id":117,"licence":"X","active":true,"role":12}"#,
            "{\"id\":117,\"licence\":\"X\",\"active\":true,\"role\":12},\n{\"id\":118,\"licence\":\"F\",\"active\":true,\"role\":11}",
        ),
        (
            "a role with more",
            r#"{"id":110,"licence":"F","active":true,"role":14}"#,
            r#"{"id":110,"licence":"F","active":true,"role":1}"#,
        ),
        (
            "API member to Admin",
            r#""identifier":"Umbrella","name":"Cisco Umbrella","active":true,"role":31"#,
            r#""identifier":"Umbrella","name":"Cisco Umbrella","active":true,"role":1"#,
        ),
        (
            "legacy login added",
            r#"{"id":3,"username":"OpenDNS","active":true}"#,
            "{\"id\":3,\"username\":\"OpenDNS\",\"active\":true},\n{\"id\":4,\"username\":\"x\",\"active\":true}",
        ),
        ("excluded board lifted", r#""excluded_boards":[7]"#, r#""excluded_boards":[]"#),
        ("level raised", r#""level":"Branch (Level 2)""#, r#""level":"Corporate (Level 1)""#),
    ] {
        let two = Two::with(&[(from, to)]);
        let there = two.run(&[]);
        assert_eq!(there.code, 1, "{what}: {}", there.stdout);
        assert!(there.stdout.contains("1 widened"), "{what}: {}", there.stdout);
        let back = two.back();
        assert_eq!(back.code, 0, "{what}: {}", back.stdout);
        assert!(back.stdout.contains("1 narrowed"), "{what}: {}", back.stdout);
    }
}

#[test]
fn a_lifted_restriction_and_an_activated_role_are_widenings() {
    for (from, to, said) in [
        (
            r#"{"id":251,"restrict_location":false"#,
            r#"{"id":251,"restrict_location":true"#,
            "restricted to its location: yes -> no",
        ),
        (
            r#""name":"Old Marketing","type":null,"admin":false,"active":true"#,
            r#""name":"Old Marketing","type":null,"admin":false,"active":false"#,
            "active: no -> yes",
        ),
    ] {
        let two = Two::with(&[(from, to)]);
        assert_eq!((two.run(&[]).code, two.back().code), (0, 1));
        assert!(two.back().stdout.contains(said), "{}", two.back().stdout);
    }
}

#[test]
fn who_changed_a_role_is_said_where_the_psa_tells() {
    let noted = |at: &str| {
        let update = r#""31":{"by":"tbracken","at":"2026-03-02T10:11:12Z"}"#;
        let at = update.replace("2026-03-02T10:11:12Z", at);
        Two::with(&[(TICKETS, TICKETS_EDIT), (update, &at)]).run(&[]).stdout
    };
    assert!(noted("2026-11-21T09:00:00Z").contains("last changed by tbracken at 2026-11-21T09:00:00Z"));
    // A note from before the old reading is not of this change.
    assert!(noted("2026-11-01T09:00:00Z").contains("the PSA notes no change since the old reading"));
    let untold = Two::with(&[
        (TICKETS, TICKETS_EDIT),
        (r#""31":{"by":"tbracken","at":"2026-03-02T10:11:12Z"}"#, r#""999":{}"#),
    ]);
    assert!(untold.run(&[]).stdout.contains("the PSA does not tell who changed it"));
}

#[test]
fn what_fails_the_run_can_be_chosen() {
    let narrowed = Two::with(&[(r#""admin":true,"active":true"#, r#""admin":false,"active":true"#)]);
    assert_eq!(narrowed.run(&[]).code, 0);
    assert_eq!(narrowed.run(&["--fail-on", "any"]).code, 1);
    let widened = Two::with(&[(TICKETS, TICKETS_EDIT)]);
    assert_eq!(widened.run(&["--fail-on", "never"]).code, 0);
    let same = Two::with(&[]);
    assert_eq!(same.run(&["--fail-on", "any"]).code, 0);
    // Another header only: a later reading of an unchanged tenant.
    let later = Two::with(&[("2026-11-21T02:00:04Z", "2026-11-22T02:00:04Z")]);
    assert_eq!(later.run(&["--fail-on", "any"]).code, 0);
}

#[test]
fn a_side_that_lacks_data_is_not_comparable() {
    let refused = (
        r#"{"dataset":"integrator-logins","status":"complete","records":1}"#,
        r#"{"dataset":"integrator-logins","status":"unavailable","cause":{"kind":"refused"}}"#,
    );
    let ran = Two::with(&[refused]).run(&[]);
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("?  integrator-logins, new: HTTP 403"), "{}", ran.stdout);
    // What is known to have widened comes first.
    assert_eq!(Two::with(&[refused, (TICKETS, TICKETS_EDIT)]).run(&[]).code, 1);
    let unknown_word = (TICKETS, TICKETS_EDIT.replace("\"edit\":\"All\"", "\"edit\":\"Mine\""));
    let ran = Two::with(&[(unknown_word.0, &unknown_word.1)]).run(&[]);
    assert_eq!(ran.code, 4, "{}", ran.stdout);
}

#[test]
fn two_tenants_are_not_compared() {
    let ran = leastwise(["diff", "fixtures/acme-msp.json", "fixtures/parapluie.json"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("two tenants cannot be compared"), "{}", ran.stderr);
    assert_eq!(leastwise(["diff", "fixtures/acme-msp.json", "gone.json"]).run().code, 2);
    let not_a_snapshot = leastwise(["diff", "fixtures/acme-msp.json", "Cargo.toml"]).run();
    assert_eq!(not_a_snapshot.code, 2, "{}", not_a_snapshot.stderr);
}

#[test]
fn every_format_says_the_same_and_ends_the_same() {
    let two = Two::with(&[
        (TICKETS, TICKETS_EDIT),
        (INVOICING, INVOICING_ADD),
        (r#"{"id":112,"licence":"F","active":false"#, r#"{"id":112,"licence":"F","active":true"#),
    ]);
    let json = two.run(&["--format", "json", "--output", "markdown=d.md", "--output", "github=d.txt"]);
    let table = two.run(&[]);
    let markdown = fs::read_to_string(two.0.path().join("d.md")).expect("written");
    let github = fs::read_to_string(two.0.path().join("d.txt")).expect("written");
    assert_eq!(table.stdout, leastwise(["diff", "old.json", "new.json"]).folder(two.0.path()).run().stdout);
    let changes = changes(&json);
    assert_eq!(changes.len(), 3);
    for change in &changes {
        let message = change["message"].as_str().expect("a message");
        let squeezed = table.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains(message), "{message}: {squeezed}");
        assert!(markdown.contains(&message.replace('>', "&#62;")), "{message}: {markdown}");
        assert!(github.contains(message), "{message}: {github}");
    }
    assert_eq!(github.matches("::error ").count(), 3);
    assert!(github.contains("::error file=new.json,line="), "{github}");
    for format in ["table", "json", "markdown", "github"] {
        assert_eq!(two.run(&["--format", format]).code, 1, "{format}");
    }
    let unwritten = two.run(&["--output", "json=no/such/folder.json"]);
    assert_eq!(unwritten.code, 3, "a report that was asked for and not written");
}

#[test]
fn a_name_obeys_nobody() {
    let evil = "x|y\u{1b}[31m<b>@all ::error::=1";
    let json = serde_json::to_string(evil).expect("JSON");
    let two = Two::with(&[
        (r#""id":31,"name":"Umbrella""#, &format!(r#""id":31,"name":{json}"#)),
        (TICKETS, TICKETS_EDIT),
    ]);
    let markdown = two.run(&["--format", "markdown"]).stdout;
    assert!(markdown.contains("x&#124;y&#60;U+001B&#62;&#91;31m&#60;b&#62;&#64;&#8203;all"), "{markdown}");
    let github = two.run(&["--format", "github"]).stdout;
    assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
    assert!(github.contains("x|y<U+001B>[31m<b>@all <U+003A>%3Aerror%3A%3A=1"), "{github}");
    assert!(!two.run(&["--color", "never"]).stdout.contains('\u{1b}'));
}

#[test]
fn colour_adds_nothing_that_words_do_not_say() {
    let two = Two::with(&[(TICKETS, TICKETS_EDIT)]);
    let coloured = two.run(&["--color", "always"]).stdout;
    assert!(coloured.contains("\u{1b}[31m  +  "), "{coloured}");
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(plain, two.run(&["--color", "never"]).stdout);
}
