//! `leastwise review`: every key with blanks, decisions that count while the access is as it was, and what became
//! of them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Ran, leastwise, project};

const CONFIG: &str = "[tenant.acme]\nsite = \"na.myconnectwise.net\"\ncompany = \"acme\"\n
[[tenant.acme.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Umbrella\"\nowner = \"netops\"
purpose = \"tickets\"\nkey_made = 2025-11-21\n";

/// A folder with the bundled tenant, a config, and a review to fill in.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(more: &str) -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        fs::copy(project().join("fixtures/acme-msp.json"), desk.path().join("now.json")).expect("copied");
        fs::create_dir(desk.path().join("reviews")).expect("a folder");
        desk.write("leastwise.toml", &format!("{CONFIG}{more}"));
        let ran = desk.review(&["--format", "toml", "-o", "reviews/q4.toml"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file")
    }

    fn run(&self, args: &[&str]) -> Ran {
        leastwise(args.iter().copied()).folder(self.path()).run()
    }

    fn review(&self, args: &[&str]) -> Ran {
        self.run(&[&["review", "--snapshot", "now.json"], args].concat())
    }

    /// Fills in the blank about a key.
    fn decide(&self, subject: &str, decision: &str, more: &str) {
        let text = self.read("reviews/q4.toml");
        let (before, after) = text.split_once(&format!("\n{subject}\n")).expect("a blank");
        let filled = format!(
            "decision = \"{decision}\"\nreason = \"r\"\nreviewer = \"Ann\"\ndate = 2026-11-22\n{more}"
        );
        let after = after.replacen("decision = \"\"\nreason = \"\"\nreviewer = \"\"\n", &filled, 1);
        self.write("reviews/q4.toml", &format!("{before}\n{subject}\n{after}"));
    }

    /// Changes the snapshot.
    fn change(&self, from: &str, to: &str) {
        let text = self.read("now.json");
        assert!(text.contains(from), "{from}");
        self.write("now.json", &text.replacen(from, to, 1));
    }

    fn audit(&self) -> Value {
        self.run(&["audit", "--snapshot", "now.json", "--format", "json"]).json()["tenants"][0].clone()
    }

    fn key(&self, id: u32) -> Value {
        let tenant = self.audit();
        let mut keys = tenant["keys"].as_array().expect("keys").iter();
        keys.find(|key| key["member"]["id"] == id).expect("the key").clone()
    }

    fn became(&self, id: &str) -> String {
        let said = self.review(&["--against", "reviews/q4.toml"]).stdout;
        let line = said.lines().find(|line| line.contains(&format!("({id})"))).expect(&said);
        line.trim().split_once("  ").map(|(_, said)| said.trim().to_owned()).expect("a label and a text")
    }
}

fn powers(key: &Value, by: &str) -> usize {
    key["powers"].as_array().expect("powers").iter().filter(|row| row["by"] == by).count()
}

#[test]
fn every_form_has_every_key_one_digest_and_blanks() {
    let desk = Desk::new("");
    let digest = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 64);
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let csv = desk.review(&["--format", "csv"]).stdout;
    let record = digest(csv.lines().nth(1).expect("a row")).pop().expect("the record");
    for format in ["table", "markdown", "html", "csv", "toml"] {
        let ran = desk.review(&["--format", format]);
        assert_eq!(ran.code, 0, "{format}: {ran:?}");
        assert!(digest(&ran.stdout).contains(&record), "{format}");
        for key in ["Umbrella", "DattoRMM", "Hudu", "SmileBack", "MSP360", "Domotz", "svc-report", "OpenDNS"]
        {
            assert!(ran.stdout.contains(key), "{format}: {key}");
        }
        for decided in ["decision = \"keep\"", "<td>keep", "| keep |", "\"keep\""] {
            assert!(!ran.stdout.contains(decided), "{format}: {decided}");
        }
    }
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let blanks: Vec<_> = {
        let header = reader.headers().expect("a header");
        let is_blank =
            |name: &&str| ["decision", "reason", "reviewer", "date", "ticket", "due"].contains(name);
        header.iter().enumerate().filter(|(_, name)| is_blank(name)).map(|(place, _)| place).collect()
    };
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!((rows.len(), blanks.len()), (9, 6));
    assert!(rows.iter().all(|row| blanks.iter().all(|&place| row[place].is_empty())));
    assert_eq!(desk.review(&["--format", "csv"]).stdout, csv, "the same again");
}

#[test]
fn names_of_the_tenant_do_no_harm_in_any_form() {
    let desk = Desk::new("");
    desk.change("\"identifier\":\"Umbrella\"", "\"identifier\":\"=<b>x\\n[[zz\"");
    for format in ["table", "markdown", "html", "csv", "toml"] {
        let ran = desk.review(&["--format", format]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.stdout.contains("\n[[zz"), "{format}");
        let raw = ["html", "markdown"].contains(&format);
        assert!(!raw || !ran.stdout.contains("<b>x"), "{format}");
    }
    assert!(desk.review(&["--format", "csv"]).stdout.contains("\"'=<b>x"));
}

#[test]
fn a_name_from_the_tenant_never_leaves_its_comment_in_a_file_to_fill_in() {
    let desk = Desk::new("");
    let hostile = "Report Export\\n[[decision]]\\nmember_id = 257\\ndecision = \\\"keep\\\"\\u001b[2J\\u202e";
    let snapshot = desk.read("now.json").replace("Report Export", hostile);
    desk.write("hostile.json", &snapshot);
    let ran =
        leastwise(["review", "--snapshot", "hostile.json", "--format", "toml"]).folder(desk.path()).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let plain = desk.read("reviews/q4.toml");
    let lines = |text: &str| {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    let keys = |text: &str| {
        lines(text)
            .iter()
            .map(|line| line.split('=').next().unwrap_or_default().trim().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&ran.stdout), keys(&plain));
    assert!(ran.stdout.contains("role Report Export"), "{}", ran.stdout);
    assert!(!ran.stdout.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "{}", ran.stdout);
}

#[test]
fn a_keep_accepts_what_the_key_can_do_until_its_access_changes() {
    let desk = Desk::new("");
    let before = desk.key(251);
    assert!(before["standing"].as_array().expect("standings").contains(&"exposed".into()));
    assert_eq!((&before["owner"], &before["purpose"]), (&"netops".into(), &"tickets".into()));
    assert_eq!((&before["decided"], &before["key_made"]), (&Value::Null, &"2025-11-21".into()));
    desk.decide("member_id = 251", "keep", "");
    let kept = desk.key(251);
    assert!(!kept["standing"].as_array().expect("standings").contains(&"exposed".into()), "{kept}");
    assert_eq!((powers(&kept, "asked"), powers(&kept, "excess")), (0, 0));
    assert_eq!(kept["decided"], serde_json::json!({"decision": "keep", "on": "2026-11-22", "by": "Ann"}));
    assert_eq!(kept["excess"], before["excess"], "its findings stay open");
    assert_eq!(desk.key(253)["standing"][0], "exposed", "another key is none of its business");
    // One level more.
    desk.change(
        "{\"id\":310001,\"module\":\"Companies\",\"function\":\"Company Maintenance\",\"add\":\"None\"",
        "{\"id\":310001,\"module\":\"Companies\",\"function\":\"Company Maintenance\",\"add\":\"My\"",
    );
    let changed = desk.key(251);
    assert_eq!((powers(&changed, "accepted"), &changed["decided"]), (0, &Value::Null), "{changed}");
    assert!(
        desk.review(&["--due"]).stdout.contains("Umbrella: what it may do has changed since the decision of")
    );
}

#[test]
fn no_other_decision_accepts_anything() {
    for (decision, accepts) in
        [("change", 0), ("disable", 0), ("remove", 0), ("dont-know", 0), ("accept-until", 1)]
    {
        let desk = Desk::new("");
        desk.decide("member_id = 251", decision, "due = 2026-12-01\n");
        let key = desk.key(251);
        assert_eq!(usize::from(powers(&key, "accepted") > 0), accepts, "{decision}: {key}");
        assert_eq!(key["decided"]["decision"], decision);
    }
}

#[test]
fn a_switched_off_member_closes_a_disable_and_lapses_a_keep() {
    let desk = Desk::new("");
    desk.decide("member_id = 257", "disable", "due = 2026-12-01\n");
    desk.decide("member_id = 253", "keep", "");
    desk.decide("member_id = 256", "remove", "");
    assert_eq!(desk.became("257"), "not done: it is still active");
    assert_eq!(desk.became("253"), "done: its access is as it was seen");
    assert_eq!(desk.became("256"), "not done: it is inactive, and still there");
    assert_eq!(desk.became("254"), "not reviewed");
    for id in [257, 253] {
        let text = desk.read("now.json");
        let lines = text.lines().map(|line| {
            let is_its = line.starts_with(&format!("{{\"id\":{id},"));
            if is_its { line.replace("\"active\":true", "\"active\":false") } else { line.to_owned() }
        });
        let lines: Vec<_> = lines.collect();
        desk.write("now.json", &lines.join("\n"));
    }
    assert_eq!(desk.became("257"), "done: it is inactive");
    assert_eq!(desk.became("253"), "undone: its access has changed since");
    // What is closed and comes back is undone.
    let said = desk.review(&["--against", "reviews/q4.toml"]).stdout;
    let (_, closed) = said.split_once("add to the file\n").expect("something to add");
    desk.write("reviews/q4.toml", &format!("{}\n{closed}", desk.read("reviews/q4.toml")));
    fs::copy(project().join("fixtures/acme-msp.json"), desk.path().join("now.json")).expect("copied");
    assert_eq!(desk.became("257"), "undone: it was done, and it is still active");
}

#[test]
fn what_is_due_is_said_in_ten_lines_and_by_the_exit_code() {
    let desk = Desk::new("");
    let ran = desk.review(&["--due"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.lines().count() <= 10 && ran.stdout.contains("8 of 8 active keys"), "{}", ran.stdout);
    for id in [251, 252, 253, 254, 255, 257, 258] {
        desk.decide(&format!("member_id = {id}"), "keep", "");
    }
    desk.decide("login_id = 3", "accept-until", "due = 2026-12-24\n");
    let ran = desk.review(&["--due"]);
    assert_eq!((ran.code, ran.stdout.contains("0 of 8")), (0, true), "{ran:?}");
    let later = desk.review(&["--due", "--as-of", "2026-12-25"]);
    assert_eq!(
        (later.code, later.stdout.contains("OpenDNS: the decision of 2026-11-22 has run out")),
        (1, true)
    );
    assert_eq!(desk.review(&["--due", "--as-of", "2027-02-20"]).stdout.matches("is 91 days").count(), 0);
    assert!(desk.review(&["--due", "--as-of", "2027-02-21"]).stdout.contains("is 91 days old"));
}

#[test]
fn a_required_review_is_a_finding_until_it_was_held() {
    let overdue = |desk: &Desk| {
        let results = desk.audit()["results"].as_array().expect("results").clone();
        let own = results.into_iter().filter(|one| one["check"] == "LW502");
        own.map(|one| format!("{} {} {}", one["status"], one["severity"], one["member"]["id"]))
            .collect::<Vec<_>>()
    };
    assert!(overdue(&Desk::new("")).is_empty(), "nobody asked");
    let desk = Desk::new("\n[review]\nrequired = true\n");
    let found = overdue(&desk);
    assert_eq!(found.len(), 7, "{found:?}");
    assert!(found.contains(&"\"fail\" \"medium\" 251".to_owned()), "{found:?}");
    assert!(found.contains(&"\"fail\" \"low\" 254".to_owned()), "{found:?}");
    desk.decide("member_id = 251", "keep", "");
    desk.decide("member_id = 254", "keep", "");
    let found = overdue(&desk);
    assert!(!found.iter().any(|own| own.ends_with("251")), "{found:?}");
    assert!(found.iter().any(|own| own.ends_with("254")), "nobody owns it: {found:?}");
    let plan = desk.audit()["plan"].to_string();
    assert!(plan.contains("no review has decided about a key in time"), "{plan}");
}

#[test]
fn a_key_of_over_a_year_is_a_finding() {
    let desk = Desk::new("");
    let old = |day: &str| {
        let ran = desk.run(&["audit", "--snapshot", "now.json", "--format", "json", "--as-of", day]);
        let results = ran.results().into_iter().filter(|one| one["check"] == "LW503");
        results.filter(|one| one["status"] == "fail").count()
    };
    assert_eq!((old("2026-11-21"), old("2026-11-22")), (0, 1));
}

#[test]
fn files_that_cannot_be_right_are_refused_and_decisions_never_overwritten() {
    let desk = Desk::new("");
    let ran = desk.review(&["--format", "toml", "-o", "reviews/q4.toml"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    desk.decide("member_id = 251", "kep", "");
    for args in [&["audit", "--snapshot", "now.json"][..], &["review", "--snapshot", "now.json"]] {
        let ran = desk.run(args);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(
            ran.stderr.contains("did you mean \"keep\"?") && ran.stderr.contains("reviews/q4.toml:"),
            "{ran:?}"
        );
    }
}

#[test]
fn reviews_of_another_tenant_do_not_count() {
    let desk = Desk::new("");
    desk.decide("member_id = 251", "keep", "");
    let text = desk.read("reviews/q4.toml").replace("company = \"acme\"", "company = \"other\"");
    desk.write("reviews/q4.toml", &text);
    assert_eq!(desk.key(251)["decided"], Value::Null);
}
