//! The page: whole, closed to the network, and made of nothing but the report. What it does in a
//! browser is tested in `tests/browser/`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{leastwise, project};

fn page(args: &[&str]) -> String {
    let all = [&["audit", "--quiet", "--as-of", "2026-11-22", "--format", "html"], args].concat();
    leastwise(all).run().stdout
}

fn acme() -> String {
    page(&["--snapshot", "fixtures/acme-msp.json"])
}

/// What stands between two marks, the first time.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).map(|at| at + from.len()).expect("the first mark");
    let end = text[start..].find(to).expect("the second mark");
    &text[start..start + end]
}

#[test]
fn the_policy_lets_the_pages_own_style_and_script_run_and_nothing_else() {
    let page = acme();
    let hash = |text: &str| format!("sha256-{}", STANDARD.encode(Sha256::digest(text)));
    // The templates escape quotes in attributes, as a browser unescapes them.
    let policy =
        between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            hash(between(&page, "<style>", "</style>")),
            hash(between(&page, "<script>", "</script>"))
        )
    );
}

#[test]
fn nothing_in_the_page_is_loaded_from_anywhere() {
    let page = acme();
    for mark in [" src=", "@import", "url(", "<link", "<iframe", "<form", " style=", " onclick="] {
        assert!(!page.contains(mark), "{mark}");
    }
    let links: Vec<_> = page.split("href=\"").skip(1).map(|rest| &rest[..1]).collect();
    assert!(links.len() > 10 && links.iter().all(|first| *first == "#"), "{links:?}");
}

#[test]
fn names_of_the_tenant_are_text() {
    let snapshot = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let hostile = r#"\"><img src=x onerror=alert(1)></style></script>\u202E"#;
    let changed = snapshot
        .replace(r#""name":"Umbrella","type""#, &format!(r#""name":"{hostile}","type""#))
        .replace(r#""identifier":"svc-report""#, &format!(r#""identifier":"{hostile}""#))
        .replace(r#""function":"Sidekick Agent""#, &format!(r#""function":"{hostile}""#));
    let run = leastwise(["audit", "--quiet", "--format", "html", "--snapshot", "-"]).stdin(changed).run();
    let page = run.stdout;
    assert!(!page.contains("<img") && !page.contains('\u{202E}'));
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    let shown =
        "&#34;&#62;&#60;img src=x onerror=alert(1)&#62;&#60;/style&#62;&#60;/script&#62;&#60;U+202E&#62;";
    // A heading, a holder and a function at least.
    assert!(page.matches(shown).count() >= 3, "{run}", run = page.matches(shown).count());
}

#[test]
fn every_finding_of_the_json_report_is_in_the_page() {
    let page = acme();
    let snapshot = "fixtures/acme-msp.json";
    let run = leastwise(["audit", "--as-of", "2026-11-22", "--format", "json", "--snapshot", snapshot]).run();
    let results = run.results();
    let fails: Vec<_> = results.iter().filter(|result| result["status"] == "fail").collect();
    assert_eq!(fails.len(), 41);
    for fail in fails {
        let message = escaped(fail["message"].as_str().expect("a message"));
        // A sentence that stands alone begins with a capital.
        let found = page.contains(&message) || page.contains(&message[1..]);
        assert!(found, "{} {message}", fail["check"]);
    }
}

/// As the templates escape.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&#38;").replace('"', "&#34;").replace('\'', "&#39;");
    text.replace('<', "&#60;").replace('>', "&#62;")
}

/// The matrix against the fixture: what it says of a cell is what was planted there.
#[test]
fn a_cell_shows_what_is_granted_and_what_is_needed() {
    let page = acme();
    let role = between(&page, "id=\"t1-role-31\"", "</details>");
    let row = |function: &str| between(role, &format!("<th scope=\"row\">{function}</th>"), "</tr>");
    let levels = |function: &str| -> Vec<String> {
        let cells = row(function).split("<td").skip(1);
        cells
            .map(|cell| {
                let class = between(cell, "class=\"", "\"");
                let text = cell.rsplit_once("</span>").map_or(cell, |(_, text)| text);
                let text = text.rsplit_once("\">").map_or(text, |(_, text)| text);
                format!(
                    "{class}: {}",
                    text.replace("<i>", "").replace("</i>", "").replace("</td>", "").trim()
                )
            })
            .collect()
    };
    assert_eq!(levels("Company Maintenance"), ["e: None", "e: None", "e: None", "m: My → All"]);
    assert_eq!(levels("Member Maintenance"), ["e: None", "b x: All → None", "e: None", "e: None"]);
    assert_eq!(levels("Service Tickets"), ["e: All", "m: None → All", "b: All → None", "e: All"]);
}

#[test]
fn a_tenant_that_could_not_be_read_still_gives_a_page() {
    let fixture = std::fs::read(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let mut snapshot: Value = serde_json::from_slice(&fixture).expect("JSON");
    snapshot["roles"] = json!([]);
    snapshot["coverage"][0] =
        json!({"dataset": "roles", "status": "unavailable", "cause": {"kind": "refused"}});
    let run = leastwise(["audit", "--format", "html", "--snapshot", "-"]).stdin(snapshot.to_string()).run();
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stdout.contains(
        "It could not be read, so nothing was judged.</strong> roles could not be read: HTTP 403: the key&#39;s role does not allow it"
    ));
    assert!(run.stdout.trim_end().ends_with("</html>"));
}

#[test]
fn the_same_report_gives_the_same_page() {
    assert_eq!(acme(), acme());
}

#[test]
fn waivers_and_what_changed_since_the_baseline_are_told() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let fixture = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let contacts = r#""id":310005,"module":"Companies","function":"Contacts","add":"None","edit":"None","delete":"None","inquire":"All""#;
    let old = fixture.replace(contacts, &contacts.replace(r#""inquire":"All""#, r#""inquire":"None""#));
    assert_ne!(old, fixture);
    std::fs::write(folder.path().join("old.json"), old).expect("a file");
    std::fs::write(folder.path().join("now.json"), fixture).expect("a file");
    std::fs::write(folder.path().join("leastwise.toml"), WAIVER).expect("a file");
    let args = ["audit", "--snapshot", "now.json", "--baseline", "old.json", "--format", "html"];
    let page = leastwise(args).folder(folder.path()).run().stdout;
    let since = between(&page, "<h3>Since the baseline</h3>", "<h3>");
    assert!(since.contains("old.json, 1 day old: 1 new, ") && since.contains(" 0 resolved."), "{since}");
    assert!(since.contains("Inquire = All on Companies / Contacts is more than is needed"), "{since}");
    let role = between(&page, "id=\"t1-role-31\"", "</details>");
    assert!(between(role, ">Close Service Tickets</th>", "</tr>").contains("<td class=\"w\""), "{role}");
    let waived = between(&page, "<h4>Waived</h4>", "</ul>");
    assert!(
        waived.contains("closed by the sync (secops, since 2026-11-12, 10 days ago, until 2027-03-31)"),
        "{waived}"
    );
}

const WAIVER: &str = r#"
[[waiver]]
check = "LW102"
role = "Umbrella"
function = "Service Desk / Close Service Tickets"
verb = "edit"
reason = "closed by the sync"
owner = "secops"
since = 2026-11-12
expires = 2027-03-31
"#;

/// The text between marks, every time.
fn every<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap_or_default()).collect()
}

#[test]
fn the_work_list_begins_with_what_takes_most_power_for_each_click() {
    let page = acme();
    let list = between(&page, "class=\"worklist\"", "</section>");
    let tasks: Vec<_> = every(list, "<p class=\"what\">", "</p>")
        .iter()
        .map(|task| {
            let check = between(task, "<code>", "</code>");
            let title = between(task, "<b>", "</b>");
            let gain = task.split("<small>").nth(1).map_or("", |gain| gain.trim_end_matches("</small>"));
            format!("{check} {title} / {gain}").trim_end().to_owned()
        })
        .collect();
    insta::assert_snapshot!(tasks.join("\n"), @r#"
    LW201 Hudu holds a role that has the admin flag: with its key everything can be read, changed and deleted (role Admin) / takes away 375 grants in about 25 clicks
    LW206 372 of 396 grants are beyond need: the role was not made for what it serves (role Admin - API) / takes away 372 grants in about 28 clicks
    LW309 No binding and no rule file accounts for &#34;svc-report&#34;; its role has critical grants on System / Member Maintenance (role Report Export, member svc-report) / takes away 7 grants in about 4 clicks
    LW304 Not used for 211 days; 90 are allowed (role Report Export, member svc-report) / takes away 7 grants in about 4 clicks
    LW102 Take 2 grants of critical severity from role Umbrella / takes away 2 grants in about 6 clicks
    LW102 Take 3 grants of high severity from role Umbrella / takes away 3 grants in about 7 clicks
    LW102 Take 1 grant of high severity from role Integrations / takes away 1 grant in about 5 clicks
    LW102 Take 4 grants of medium severity from role Umbrella / takes away 4 grants in about 8 clicks
    LW102 Take 2 grants of medium severity from role Integrations / takes away 2 grants in about 6 clicks
    LW101 Give role Umbrella the 2 grants that cisco-umbrella lacks /
    LW303 The member of Domotz is inactive: an integration cannot work with its keys (role Domotz API, member Domotz, domotz) /
    LW202 The role also serves 2 people: whoever needs more widens it for all (role Admin) /
    LW202 The role also serves 1 person and integrations with different needs (msp360 and smileback): whoever needs more widens it for all (role Integrations) /
    LW307 The integrator login OpenDNS still stands, though Cisco Umbrella (MSP and MSSP consoles) takes API keys since 2020-02-01 (cisco-umbrella) /
    LW102 Take 1 grant of info severity from role leastwise / takes away 1 grant in about 5 clicks
    LW105 Roles grant something on Service Desk / Sidekick Agent, which the catalog does not know (Service Desk / Sidekick Agent) /
    LW205 No member holds the role (role Old Marketing) /
    LW205 Only inactive members hold the role (role Domotz API) /
    LW306 The member sees less than its role grants: level &#34;Branch (Level 2)&#34; and kept from 1 board (role Integrations, member MSP360, msp360) /
    "#);
}

/// Four rows of a role that Umbrella's needs are about, spoilt in the ways that a PSA can.
#[test]
fn what_is_not_understood_is_unknown_and_never_equal() {
    let fixture = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let mut snapshot: Value = serde_json::from_str(&fixture).expect("JSON");
    let roles = snapshot["roles"].as_array_mut().expect("roles");
    let umbrella = roles.iter_mut().find(|role| role["id"] == 31).expect("Umbrella");
    let rows = umbrella["settings"].as_array_mut().expect("rows");
    let at = |rows: &[Value], name: &str| rows.iter().position(|row| row["function"] == name).expect("a row");
    let place = at(rows, "Company Maintenance");
    rows[place]["inquire"] = json!("Some");
    let place = at(rows, "Configurations");
    rows[place]["add"] = Value::Null;
    let place = at(rows, "Service Tickets");
    rows.remove(place);
    let place = at(rows, "Table Setup");
    let mut twin = rows[place].clone();
    twin["edit"] = json!("None");
    rows.push(twin);
    let run = leastwise(["audit", "--quiet", "--format", "html", "--snapshot", "-"])
        .stdin(snapshot.to_string())
        .run();
    let role = between(&run.stdout, "id=\"t1-role-31\"", "</details>");
    let cell = |function: &str, verb: usize| -> String {
        let row = between(role, &format!("<th scope=\"row\">{function}</th>"), "</tr>");
        row.split("<td").nth(verb + 1).expect("a cell").to_owned()
    };
    for (function, verb, shown) in [
        ("Company Maintenance", 3, "“Some”"),
        ("Configurations", 0, "–"),
        ("Service Tickets", 0, "no row"),
        ("Table Setup", 1, "two rows"),
    ] {
        let cell = cell(function, verb);
        assert!(cell.starts_with(" class=\"u\"") && cell.contains(shown), "{function}: {cell}");
    }
    assert!(
        between(&run.stdout, ">Cisco Umbrella (MSP and MSSP consoles)</th>", "</tr>").contains("beyond need")
    );
}

#[test]
fn a_role_whose_needs_or_settings_are_not_known_is_not_judged() {
    let page = acme();
    let export = between(&page, "id=\"t1-role-35\"", "</details>");
    assert!(export.contains("What it needs is not known, so its levels are shown and not judged."));
    for class in ["m", "b", "u", "e"] {
        assert!(!export.contains(&format!("<td class=\"{class}\"")), "{class}");
    }
    let fixture = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let mut snapshot: Value = serde_json::from_str(&fixture).expect("JSON");
    let roles = snapshot["roles"].as_array_mut().expect("roles");
    let umbrella = roles.iter_mut().find(|role| role["id"] == 31).expect("Umbrella");
    umbrella.as_object_mut().expect("a role").remove("settings");
    umbrella["cause"] = json!({"kind": "refused"});
    let run = leastwise(["audit", "--quiet", "--format", "html", "--snapshot", "-"])
        .stdin(snapshot.to_string())
        .run();
    let role = between(&run.stdout, "id=\"t1-role-31\"", "</details>");
    assert!(role.contains("the settings of role 31: HTTP 403") && !role.contains("<table"), "{role}");
    let verdict = between(&run.stdout, ">Cisco Umbrella (MSP and MSSP consoles)</th>", "</tr>");
    assert!(verdict.contains("cannot be told"), "{verdict}");
}

#[test]
fn what_was_not_asked_about_is_left_out_and_named() {
    let page = page(&["--snapshot", "fixtures/acme-msp.json", "--integration", "cisco-umbrella"]);
    assert_eq!(every(&page, "<details class=\"role\"", ">").len(), 1);
    assert!(page.contains("<summary>6 roles of API members were not asked about</summary>"));
    assert!(page.contains("<summary>8 other roles are held by no API member</summary>"));
}
