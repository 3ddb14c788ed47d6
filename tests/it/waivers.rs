//! Waivers: on which days they hold, what they cover, and that they are seen in every format.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Leastwise, Ran, leastwise, project};

/// One finding of acme-msp: the role Umbrella may edit closed tickets.
const CLOSED: &str = r#"
[[waiver]]
check = "LW102"
role = "Umbrella"
function = "Service Desk / Close Service Tickets"
verb = "edit"
"#;

const IN_ORDER: &str = r#"
reason = "closed by the sync until CHG-1042"
owner = "secops"
since = 2026-11-01
expires = 2027-03-31
"#;

/// A folder with this leastwise.toml, and an audit of acme-msp in it.
fn audit(folder: &TempDir, config: &str, args: &[&str]) -> Leastwise {
    std::fs::write(folder.path().join("leastwise.toml"), config).expect("a config");
    let snapshot = project().join("fixtures/acme-msp.json").display().to_string();
    let format: &[_] = if args.contains(&"--format") { &[] } else { &["--format", "json"] };
    leastwise([&["audit", "--snapshot", &snapshot], format, args].concat()).folder(folder.path())
}

fn judged(config: &str, args: &[&str]) -> Ran {
    audit(&TempDir::new().expect("a folder"), config, args).run()
}

fn of<'r>(results: &'r [Value], check: &str, status: &str) -> Vec<&'r Value> {
    results.iter().filter(|result| result["check"] == check && result["status"] == status).collect()
}

/// The status of the finding that [`CLOSED`] means, and what LW401 says of the waiver.
fn standing(waiver: &str, as_of: &str) -> (String, String, String) {
    let results = judged(waiver, &["--as-of", as_of, "--integration", "cisco-umbrella"]).results();
    let finding = results
        .iter()
        .find(|result| result["check"] == "LW102" && result["function"] == "Close Service Tickets")
        .expect("the finding");
    let judge = results.iter().find(|result| result["check"] == "LW401").expect("a word on the waiver");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&finding["status"]), text(&judge["status"]), text(&judge["message"]))
}

fn with(lines: &str) -> String {
    format!("{CLOSED}{lines}")
}

#[test]
fn a_function_without_its_module_covers_nothing_and_says_how_to_write_it() {
    let waiver = with(IN_ORDER).replace("Service Desk / ", "");
    let (finding, judge, said) = standing(&waiver, "2026-12-01");
    assert_eq!((finding.as_str(), judge.as_str()), ("fail", "fail"));
    assert!(said.contains("write \"Service Desk / Close Service Tickets\""), "{said}");
}

#[test]
fn the_last_day_is_inside_and_the_next_is_not() {
    let waiver = with(IN_ORDER);
    for (day, finding, judge) in [
        ("2026-11-01", "waived", "pass"),
        ("2027-03-30", "waived", "pass"),
        ("2027-03-31", "waived", "pass"),
        ("2027-04-01", "fail", "fail"),
        ("2030-01-01", "fail", "fail"),
    ] {
        let (status, said, message) = standing(&waiver, day);
        assert_eq!((status.as_str(), said.as_str()), (finding, judge), "{day}: {message}");
    }
    let (.., message) = standing(&waiver, "2027-04-01");
    insta::assert_snapshot!(message, @"the waiver of LW102, role Umbrella, Service Desk / Close Service Tickets, edit does not waive: it expired on 2027-03-31");
}

#[test]
fn before_its_first_day_a_waiver_neither_waives_nor_is_wrong() {
    let (status, judge, message) = standing(&with(IN_ORDER), "2026-10-31");
    assert_eq!((status.as_str(), judge.as_str()), ("fail", "notApplicable"));
    assert!(message.contains("begins on 2026-11-01"), "{message}");
}

#[test]
fn a_waiver_with_a_gap_does_not_waive_and_says_which() {
    let line = |key: &str, value: &str| {
        let all =
            [("reason", "\"r\""), ("owner", "\"o\""), ("since", "2026-11-01"), ("expires", "2026-12-01")];
        all.map(|(own, text)| format!("{own} = {}\n", if own == key { value } else { text })).concat()
    };
    let without = |key: &str| line(key, "?").replace(&format!("{key} = ?\n"), "");
    for (lines, why) in [
        (without("reason"), "`reason` is missing"),
        (without("owner"), "`owner` is missing"),
        (without("since"), "`since` is missing"),
        (without("expires"), "`expires` is missing"),
        (line("reason", "\"  \""), "`reason` is missing"),
        (line("since", "\"soon\""), "`since` is \"soon\", which is no day"),
        (line("expires", "\"2026-13-01\""), "`expires` is \"2026-13-01\", which is no day"),
        (line("expires", "12"), "which is no day"),
        (line("expires", "2026-10-31"), "it expires on 2026-10-31, before it begins on 2026-11-01"),
    ] {
        let (status, judge, message) = standing(&with(&lines), "2026-11-22");
        assert_eq!((status.as_str(), judge.as_str()), ("fail", "fail"), "{lines}");
        assert!(message.contains(why), "{message}: {why}");
    }
}

#[test]
fn a_waiver_holds_for_no_more_than_a_year_or_what_the_config_says() {
    let days = |since: &str, expires: &str| {
        with(&format!("reason = \"r\"\nowner = \"o\"\nsince = {since}\nexpires = {expires}\n"))
    };
    let status = |config: &str| standing(config, "2026-11-22").0;
    assert_eq!(status(&days("2026-11-22", "2027-11-22")), "waived", "365 days");
    assert_eq!(status(&days("2026-11-22", "2027-11-23")), "fail", "366 days");
    let limited = |expires| format!("{}\n[checks.LW401]\ndays = 30\n", days("2026-11-22", expires));
    assert_eq!(status(&limited("2026-12-22")), "waived", "30 days");
    assert_eq!(status(&limited("2026-12-23")), "fail", "31 days");
}

#[test]
fn of_two_waivers_for_one_finding_the_longer_one_is_named_and_both_are_of_use() {
    let longer = IN_ORDER.replace("2027-03-31", "2027-05-31").replace("secops", "the board");
    let expired = IN_ORDER.replace("2027-03-31", "2026-11-02");
    let results = judged(&[with(IN_ORDER), with(&longer), with(&expired)].concat(), &[]).results();
    let waived = of(&results, "LW102", "waived");
    assert_eq!(waived.len(), 1);
    assert_eq!(waived[0]["waiver"]["owner"], "the board");
    assert_eq!(waived[0]["waiver"]["expires"], "2027-05-31");
    assert_eq!(waived[0]["waiver"]["age_days"], 21);
    assert_eq!(of(&results, "LW402", "fail").len(), 0);
    assert_eq!((of(&results, "LW401", "fail").len(), of(&results, "LW401", "pass").len()), (1, 2));
}

#[test]
fn an_unused_waiver_is_named_on_whole_and_complete_runs_only() {
    let unused = with(IN_ORDER).replace("Close Service Tickets", "Service Tickets");
    let said = |config: &str, args: &[&str]| {
        let results = judged(config, args).results();
        let said = results.iter().find(|result| result["check"] == "LW402").expect("a word");
        (said["status"].clone(), said["severity"].clone())
    };
    assert_eq!(said(&unused, &[]), ("fail".into(), "info".into()));
    assert_eq!(said(&with(IN_ORDER), &[]).0, "pass");
    for args in [["--integration", "cisco-umbrella"], ["--role", "Umbrella"], ["--member", "251"]] {
        assert_eq!(said(&unused, &args).0, "notApplicable", "{args:?}");
    }
    // Of a config with several tenants, the waiver may mean another one.
    let fleet = format!("{unused}[tenant.a]\ncompany = \"acme\"\n[tenant.b]\ncompany = \"b\"\n");
    assert_eq!(said(&fleet, &[]).0, "notApplicable");
    let named = fleet.replace("verb = \"edit\"", "verb = \"edit\"\ntenant = \"a\"");
    assert_eq!(said(&named, &[]).0, "fail");
    let of_another = judged(&named.replace("tenant = \"a\"", "tenant = \"b\""), &[]).results();
    assert!(of_another.iter().all(|result| result["check"] != "LW402"));
}

#[test]
fn on_incomplete_data_no_waiver_is_called_unused() {
    let folder = TempDir::new().expect("a folder");
    let text = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let cut = text.replace(
        r#"{"dataset":"integrator-logins","status":"complete","records":1}"#,
        r#"{"dataset":"integrator-logins","status":"unavailable","reason":"no answer","cause":{"kind":"timed-out"}}"#,
    );
    assert_ne!(text, cut);
    std::fs::write(folder.path().join("cut.json"), cut).expect("a snapshot");
    let unused = with(IN_ORDER).replace("Close Service Tickets", "Service Tickets");
    std::fs::write(folder.path().join("leastwise.toml"), unused).expect("a config");
    let ran = leastwise(["audit", "--snapshot", "cut.json", "--format", "json"]).folder(folder.path()).run();
    assert_eq!(of(&ran.results(), "LW402", "notApplicable").len(), 1);
}

#[test]
fn what_lw206_counts_but_does_not_list_is_not_called_unused() {
    // Role 32 is a copy of Admin: its medium grants are counted, not listed.
    let medium = with(IN_ORDER)
        .replace("role = \"Umbrella\"", "role_id = 32")
        .replace("Service Desk / Close Service Tickets", "Companies / Surveys");
    let results = judged(&medium, &[]).results();
    let said = results.iter().find(|result| result["check"] == "LW402").expect("a word");
    assert_eq!(said["status"], "notApplicable", "{said}");
    let listed = judged(&medium, &["--all"]).results();
    assert_eq!(of(&listed, "LW102", "waived").len(), 1);
}

#[test]
fn what_judges_waivers_cannot_be_waived() {
    let expired = with(&IN_ORDER.replace("2027-03-31", "2026-11-02"));
    let config = format!("{expired}[[waiver]]\ncheck = \"LW401\"{IN_ORDER}");
    let results = judged(&config, &[]).results();
    assert_eq!(of(&results, "LW401", "fail").len(), 2);
    assert_eq!(of(&results, "LW401", "waived").len(), 0);
}

#[test]
fn no_waivers_and_waivers_from_another_file_keep_a_change_from_waiving_itself() {
    let folder = TempDir::new().expect("a folder");
    let run = |args: &[&str]| audit(&folder, &with(IN_ORDER), args).run();
    assert_eq!(of(&run(&[]).results(), "LW102", "waived").len(), 1);
    let without = run(&["--no-waivers"]);
    assert_eq!(of(&without.results(), "LW102", "waived").len(), 0);
    assert!(without.stderr.contains("1 waiver not applied (--no-waivers)"), "{}", without.stderr);
    // The base branch's config accepts something else, and binds an integration that is not there now.
    let base = format!(
        "[tenant.acme]\ncompany = \"acme\"\n[[tenant.acme.integration]]\nrules = \"gone\"\n[[waiver]]\ncheck = \"LW201\"\nmember = \"Hudu\"{IN_ORDER}"
    );
    std::fs::write(folder.path().join("base.toml"), base).expect("a config");
    let from_base = run(&["--waivers-from", "base.toml"]).results();
    assert_eq!(of(&from_base, "LW102", "waived").len(), 0);
    assert_eq!(of(&from_base, "LW201", "waived").len(), 1);
    assert_eq!(run(&["--waivers-from", "gone.toml"]).code, 2);
}

#[test]
fn a_waived_finding_never_gates() {
    let all = [
        ("LW101", ""),
        ("LW102", ""),
        ("LW201", "member = \"Hudu\""),
        ("LW202", ""),
        ("LW206", ""),
        ("LW303", "member_id = 256"),
        ("LW307", "login = \"OpenDNS\""),
        ("LW309", "member_id = 257"),
    ];
    let all = all.map(|(check, whose)| format!("[[waiver]]\ncheck = \"{check}\"\n{whose}{IN_ORDER}"));
    let ran = judged(&all.concat(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(judged(&all[1..].concat(), &[]).code, 1, "LW101 is left");
}

/// What the report offers covers its finding and no other.
#[test]
fn the_waiver_that_a_finding_offers_covers_it_alone() {
    let before = judged("", &["--integration", "cisco-umbrella"]).results();
    let failing: Vec<_> = before.iter().filter(|result| result["status"] == "fail").collect();
    assert!(failing.len() > 8, "{}", failing.len());
    for finding in &failing {
        let snippet = finding["waiver_snippet"].as_str().expect("a snippet");
        let as_offered = judged(snippet, &["--integration", "cisco-umbrella"]).results();
        assert!(as_offered.iter().all(|result| result["status"] != "waived"), "nobody has answered for it");
        let filled =
            snippet.replace("reason = \"\"", "reason = \"r\"").replace("owner = \"\"", "owner = \"o\"");
        let after = judged(&filled, &["--integration", "cisco-umbrella"]).results();
        let waived: Vec<_> = after.iter().filter(|result| result["status"] == "waived").collect();
        assert_eq!(waived.len(), 1, "{filled}");
        assert_eq!(waived[0]["fingerprint"], finding["fingerprint"]);
    }
}

#[test]
fn a_waived_finding_is_seen_in_every_format_with_who_why_and_how_long() {
    for format in ["table", "json", "sarif-full", "markdown", "html", "csv", "junit", "github"] {
        let said = judged(&with(IN_ORDER), &["--details", "--format", format]).stdout;
        // The table breaks lines where it likes.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in ["closed by the sync until CHG-1042", "secops", "2026-11-01", "2027-03-31", "21"] {
            assert!(said.contains(word), "{format}: {word}\n{said}");
        }
    }
    let open = judged(&with(IN_ORDER), &["--format", "sarif"]).stdout;
    assert!(!open.contains("CHG-1042"), "code scanning would open an alert for it");
}

#[test]
fn a_slip_in_a_waiver_is_named_at_its_line() {
    let slip = with(IN_ORDER).replace("LW102", "LW120").replace("edit", "write");
    let ran = judged(&format!("{slip}tenant = \"b\"\n"), &[]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr, @r#"
    error: 3 problems, nothing was judged:
    leastwise.toml:3:9: there is no check "LW120" (did you mean "LW102"?)
    leastwise.toml:6:8: "write" is not a verb (add, edit, delete or inquire)
    leastwise.toml:12:10: there is no tenant "b"
    "#);
}

fn plan(ran: &Ran) -> Vec<Value> {
    ran.json()["tenants"][0]["plan"].as_array().expect("a plan").clone()
}

fn titles(ran: &Ran) -> Vec<String> {
    plan(ran).iter().map(|step| step["title"].as_str().expect("a title").to_owned()).collect()
}

#[test]
fn a_wide_role_that_was_accepted_is_not_trimmed_all_the_same() {
    let waiver = format!("[[waiver]]\ncheck = \"LW206\"\nrole = \"Admin - API\"\n{IN_ORDER}");
    let ran = judged(&waiver, &["--as-of", "2026-12-01", "--integration", "datto-rmm"]);
    assert_eq!(of(&ran.results(), "LW206", "waived").len(), 1);
    let titles = titles(&ran);
    assert!(titles.iter().any(|title| title.contains("a role of its own")), "{titles:?}");
    assert!(!titles.iter().any(|title| title.contains("take away")), "{titles:?}");
}

#[test]
fn a_role_is_set_inactive_only_where_its_inactive_key_is_not_wanted() {
    let ran = judged("", &["--integration", "domotz"]);
    let steps = plan(&ran);
    let step = steps.iter().find(|step| step["role"]["name"] == "Domotz API" && step["member"].is_null());
    let step = step.expect("a step about the role");
    assert_eq!(step["title"], "Role Domotz API: set it inactive, if Domotz is not wanted");
    assert_eq!(step["decision"], true, "whether it is wanted is asked first");
}

#[test]
fn a_reason_that_nobody_can_see_is_none() {
    for blank in ["\\u200b", "\\u3164", "\\u2800"] {
        let waiver = with(&IN_ORDER.replace("closed by the sync until CHG-1042", blank));
        let (finding, _, message) = standing(&waiver, "2026-12-01");
        assert_eq!(finding, "fail", "{blank}");
        assert!(message.contains("`reason`"), "{message}");
    }
}
