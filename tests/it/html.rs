//! The page: whole, closed to the network, and made of nothing but the report. What it does in a
//! browser is tested in `tests/browser/`.

use std::collections::BTreeSet;

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
    assert!(fails.len() > 30, "{}", fails.len());
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
    let since = between(&page, "<h3>Since the baseline</h3>", "<h3");
    assert!(since.contains("old.json, 1 day old: 1 new, ") && since.contains(" 0 resolved."), "{since}");
    assert!(since.contains("Inquire = All on Companies / Contacts is more than is needed"), "{since}");
    let role = between(&page, "id=\"t1-role-31\"", "</details>");
    assert!(between(role, ">Close Service Tickets</th>", "</tr>").contains("<td class=\"w\""), "{role}");
    let waived = between(&page, "<h3>Accepted for a while, and not counted</h3>", "</ul>");
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

fn report(args: &[&str]) -> Value {
    let all = [&["audit", "--quiet", "--as-of", "2026-11-22", "--format", "json"], args].concat();
    leastwise(all).run().json()
}

#[test]
fn the_plan_of_the_page_is_that_of_the_report() {
    let report = report(&["--snapshot", "fixtures/acme-msp.json"]);
    let page = acme();
    let plan = report["tenants"][0]["plan"].as_array().expect("a plan").clone();
    let tasks = every(&page, "<article class=\"task\"", "</article>");
    assert_eq!(tasks.len(), plan.len());
    for (task, step) in tasks.iter().zip(&plan) {
        for key in ["title", "why", "undo", "not_undoable", "test"] {
            let text = step[key].as_str().unwrap_or_default();
            assert!(task.contains(&escaped(text)), "{key} of step {}: {task}", step["step"]);
        }
        for click in step["clicks"].as_array().expect("clicks") {
            assert!(task.contains(&escaped(click.as_str().expect("text"))), "{click}: {task}");
        }
        assert_eq!(task.contains("you decide"), step["decision"] == true, "{}", step["title"]);
    }
    for left in report["tenants"][0]["left"].as_array().expect("a list") {
        assert!(page.contains(&escaped(left["text"].as_str().expect("text"))), "{left}");
    }
}

#[test]
fn page_one_is_for_a_board() {
    let page = acme();
    let board = between(&page, "<section class=\"board\"", "<section class=\"worklist\"");
    let heads: Vec<_> = every(board, "<th scope=\"col\">", "</th>");
    assert_eq!(
        heads[..10],
        [
            "Key",
            "How it is",
            "Works",
            "Takes over our PSA",
            "Into customers&#39; systems, passwords",
            "Customers&#39; data",
            "Money",
            "Destroys",
            "Excess",
            "Last used"
        ]
    );
    // What a thief could do comes before what does not work; the key that nobody knows is a row too.
    let names: Vec<_> = every(board, "<tr><th scope=\"row\">", "<").into_iter().take(9).collect();
    assert_eq!(
        BTreeSet::from_iter(&names[..4]),
        BTreeSet::from(["Umbrella", "DattoRMM", "Hudu", "svc-report"].each_ref())
    );
    assert!(names.contains(&"Domotz") && names.contains(&"leastwise"), "{names:?}");
    let row = |name: &str| between(board, &format!("<tr><th scope=\"row\">{name}<"), "</tr>");
    assert!(row("Hudu").contains("<td>everything</td>") && row("Hudu").contains("passwords: asked"));
    assert!(row("Umbrella").contains("no: 2 missing") && row("Umbrella").contains("passwords: excess"));
    assert!(row("Domotz").contains("dormant") && row("svc-report").contains("211 days ago"));
    // Lines to sign, for each step.
    let steps = between(board, "What to do, in this order", "</table>");
    assert!(every(steps, "<td class=\"line\">", "</td>").len() >= 16 && board.contains("Decided by"));
}

#[test]
fn neither_a_persons_login_nor_a_path_is_in_the_page() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let fixture = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("a fixture");
    assert!(fixture.contains("tbracken") && fixture.contains("rcallow"), "who last changed a role");
    let deep = folder.path().join("customers/acme/weekly");
    std::fs::create_dir_all(&deep).expect("a folder");
    for name in ["now.json", "old.json"] {
        std::fs::write(deep.join(name), &fixture).expect("a file");
    }
    let path = |name: &str| deep.join(name).to_str().expect("a path").to_owned();
    let page = page(&["--snapshot", &path("now.json"), "--baseline", &path("old.json")]);
    for word in ["tbracken", "rcallow", "customers/acme", "weekly"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("old.json") && page.contains("Last changed 2026-03-02"));
}

#[test]
fn each_printed_page_names_the_tenant_whatever_its_name_is() {
    let fixture = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let company = r#""company":"acme""#;
    let page_of = |text: String| {
        let args = ["audit", "--quiet", "--as-of", "2026-11-22", "--format", "html", "--snapshot", "-"];
        leastwise(args).stdin(text).run().stdout
    };
    let plain = page_of(fixture.clone());
    let head = between(&plain, "@page t1 { @top-left { content: \"", "\"; }");
    assert_eq!(head, r"acme\20 on\20 na\2e myconnectwise\2e net\2c \20 2026\2d 11\2d 22");
    let hostile = page_of(fixture.replace(company, r#""company":"a</style>b\"; } x { y""#));
    assert_eq!(hostile.matches("</style>").count(), 1);
    assert!(between(&hostile, "@page t1 { @top-left { content: \"", "; }").ends_with('"'));
}

/// A bar is full where a key can give itself the rest, however little its role has.
#[test]
fn the_blast_radius_of_a_key_that_can_take_over_is_everything() {
    let page = acme();
    let blast = between(&page, "<section class=\"blast", "</section>");
    let reach = |role: &str| {
        every(blast, "<div class=\"held\">", "</div>")
            .into_iter()
            .find(|held| held.contains(&format!(">{role}</a>")))
            .expect("the role")
            .to_owned()
    };
    assert!(
        reach("Report Export").contains("class=\"hatch\""),
        "7 of 396 permissions, one of which is enough"
    );
    assert!(reach("Report Export").contains("it can give itself all the others"));
    assert!(!reach("leastwise").contains("class=\"hatch\""));
}

/// Many idle roles are one line, in the plan and on paper.
#[test]
fn idle_roles_are_one_step() {
    let fixture = std::fs::read(project().join("fixtures/acme-msp.json")).expect("a fixture");
    let mut snapshot: Value = serde_json::from_slice(&fixture).expect("JSON");
    let roles = snapshot["roles"].as_array_mut().expect("roles");
    for number in 0..40 {
        roles.push(json!({"id": 900 + number, "name": format!("Team {number}"), "type": null, "admin": false, "active": true, "settings": []}));
    }
    let args = ["audit", "--quiet", "--as-of", "2026-11-22", "--snapshot", "-", "--format"];
    let with = |format: &str| leastwise([&args[..], &[format]].concat()).stdin(snapshot.to_string()).run();
    let page = with("html").stdout;
    let idle: Vec<_> = every(&page, "<article class=\"task\"", "</article>")
        .into_iter()
        .filter(|task| task.contains("Team 39"))
        .collect();
    assert_eq!(idle.len(), 1, "{}", with("html").stderr);
    assert!(idle[0].contains("Team 0") && idle[0].contains("that no active member holds: set them inactive"));
    let markdown = with("markdown").stdout;
    assert!(!markdown.contains("| Role Team 7: set it inactive |"));
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
    let key = between(&run.stdout, "<tr><th scope=\"row\">Umbrella<", "</tr>");
    assert!(key.contains("st-undetermined"), "{key}");
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
    let key = between(&run.stdout, "<tr><th scope=\"row\">Umbrella<", "</tr>");
    assert!(key.contains("st-undetermined") && key.contains("<td>?</td>"), "{key}");
}

#[test]
fn what_was_not_asked_about_is_left_out_and_named() {
    let page = page(&["--snapshot", "fixtures/acme-msp.json", "--integration", "cisco-umbrella"]);
    assert_eq!(every(&page, "<details class=\"role\"", ">").len(), 1);
    assert!(page.contains("<summary>6 roles of API members were not asked about</summary>"));
    assert!(page.contains("<summary>8 other roles are held by no API member</summary>"));
}
