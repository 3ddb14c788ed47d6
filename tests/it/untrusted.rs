//! Names that try to be more than names: each writer of each command is read back by a reader of its own
//! kind, which must find nothing but text.

pub mod readers;
mod strangers;

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::psa::{Psa, fixture_path};
use crate::support::{Leastwise, Ran, leastwise};
use readers::{assert_markdown, assert_plain, assert_sound};

/// What names may hold. `EVIL` stands where a reader that obeyed would be.
pub fn payloads() -> Vec<String> {
    let mut payloads: Vec<String> = [
        "\u{1b}[31mred\u{1b}]0;EVIL\u{7}\u{9b}1m",
        "moc.\u{202e}live\u{2066}\u{200f}",
        "Ad\u{200b}m\u{feff}in\u{2060}\u{ad}",
        "\"'></td></style></script><img src=EVIL onerror=alert(1)>",
        "[EVIL](https://evil.example) ![EVIL](https://evil.example/x) <https://evil.example> | **b** `c` ~~d~~",
        "www.evil.example https://evil.example mailto:a@evil.example @everyone #1 GH-1",
        "=HYPERLINK(\"https://evil.example\")",
        "+EVIL",
        "-EVIL",
        "@EVIL",
        "\t=EVIL",
        "::error file=EVIL::said",
        "::add-mask::e",
        "%0A::error::EVIL",
        "##[error]EVIL ##vso[task.setvariable variable=EVIL]x",
        "line\nFORGED\r\nFORGED\u{2028}FORGED\u{85}FORGED",
        "\n::error::EVIL",
        "\"\"\"\n[tenant.evil]\nsite = \"EVIL\"\n#",
        "]]></failure><failure message=\"EVIL\">&EVIL;",
        "nul\u{0}bell\u{7}back\u{8}\u{8}\u{7f}\u{fffe}",
        "# EVIL",
        "```\nFORGED",
    ]
    .map(str::to_owned)
    .to_vec();
    payloads.push("L".repeat(65_536));
    payloads
}

/// acme-msp with a payload for every name that the tenant gives, and a config that binds by id.
struct Hostile {
    folder: TempDir,
    names: Vec<String>,
}

impl Hostile {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let text = fs::read_to_string(fixture_path("acme-msp")).expect("the fixture");
        let mut snapshot: Value = serde_json::from_str(&text).expect("JSON");
        let names = plant(&mut snapshot);
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
        write("new.json", &snapshot.to_string());
        for role in snapshot["roles"].as_array_mut().expect("roles") {
            role["name"] = "Before".into();
            role["settings"][0]["add"] = "None".into();
            role["settings"][1]["add"] = "Mine\n::error::EVIL".into();
        }
        write("old.json", &snapshot.to_string());
        write(
            "leastwise.toml",
            "[tenant.acme]\ncompany = \"acme\"\n[[tenant.acme.integration]]\nrules = \"cisco-umbrella\"\nmember = \"251\"\n",
        );
        let hostile = Self { folder, names };
        let ran = hostile.run(&["audit", "--snapshot", "new.json", "--output", "json=report.json"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        hostile
    }

    fn command(&self, args: &[&str]) -> Leastwise {
        leastwise(args.iter().copied()).folder(self.folder.path())
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.command(args).run()
    }
}

/// Gives every name of a snapshot to a payload, in turn; returns those that were used.
fn plant(snapshot: &mut Value) -> Vec<String> {
    let payloads = payloads();
    let mut turn = payloads.iter().cycle().cloned();
    let mut used = Vec::new();
    let mut name = |slot: &mut Value| {
        let payload = turn.next().expect("a cycle");
        used.push(payload.clone());
        *slot = payload.into();
    };
    for (list, fields) in [
        ("api_members", &["identifier", "name", "level", "location", "default_board"][..]),
        ("logins", &["username"]),
        ("roles", &["name"]),
    ] {
        for row in snapshot[list].as_array_mut().expect("a list") {
            for field in fields {
                name(&mut row[*field]);
            }
        }
    }
    for update in snapshot["header"]["role_updates"].as_object_mut().expect("updates").values_mut() {
        name(&mut update["by"]);
    }
    name(&mut snapshot["header"]["psa_version"]);
    // Rows that no catalog knows, and a known function in another module, in roles that API members hold.
    let judged = |role: &&mut Value| [1, 31, 33, 35].contains(&role["id"].as_i64().unwrap_or_default());
    for role in snapshot["roles"].as_array_mut().expect("roles").iter_mut().filter(judged) {
        let settings = role["settings"].as_array_mut().expect("settings");
        for (at, payload) in payloads.iter().enumerate() {
            settings.push(json!({
                "id": 9_000_000 + at, "module": payload, "function": format!("{payload}{at}"),
                "description": payload, "add": "All", "edit": payload, "delete": null, "inquire": "All",
            }));
        }
        settings[2]["module"] = payloads[15].clone().into();
    }
    used
}

#[test]
fn no_name_acts_in_any_format_of_an_audit_or_a_comparison_or_a_joined_report() {
    let hostile = Hostile::new();
    let audits = ["table", "json", "sarif", "sarif-full", "html", "markdown", "csv", "junit", "github"];
    for (command, formats) in [
        (&["audit", "--snapshot", "new.json", "--all"][..], &audits[..]),
        (&["audit", "--snapshot", "new.json", "--baseline", "old.json"], &["table", "markdown", "github"]),
        (&["diff", "old.json", "new.json"], &["table", "json", "markdown", "github"]),
        (&["report", "report.json"], &["table", "json", "markdown", "html"]),
        (&["impact", "251", "--snapshot", "new.json"], &["table", "json"]),
        (&["impact", "252", "--snapshot", "new.json"], &["table", "json"]),
        (&["rules", "merge", "--role", "33", "--snapshot", "new.json"], &["table", "json"]),
    ] {
        for format in formats {
            let what = format!("{command:?} as {format}");
            let ran = hostile.run(&[command, &["--format", format]].concat());
            assert!([0, 1, 4, 5].contains(&ran.code), "{what}: {} {}", ran.code, ran.stderr);
            assert!(ran.stdout.len() > 200, "{what}: {}", ran.stdout);
            assert_sound(format, &ran.stdout, &what);
            assert_plain(&ran.stderr, &what);
        }
    }
}

#[test]
fn json_keeps_every_name_as_it_is() {
    let hostile = Hostile::new();
    let report =
        hostile.run(&["audit", "--snapshot", "new.json", "--all", "--format", "json"]).json().to_string();
    let missing: Vec<_> = hostile
        .names
        .iter()
        .filter(|name| !report.contains(serde_json::to_string(name).expect("JSON").trim_matches('"')))
        .map(|name| name.chars().take(30).collect::<String>())
        .collect();
    // Boards, places and who changed a role are told by other commands.
    assert!(missing.len() < hostile.names.len() / 2, "{missing:?}");
}

#[test]
fn a_checklist_obeys_no_name() {
    let hostile = Hostile::new();
    let ran = hostile.run(&["checklist", "--integration", "cisco-umbrella", "--snapshot", "new.json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_plain(&ran.stdout, "checklist");
    for args in [
        &["checklist", "--integration", "nobody\n::error::EVIL", "--snapshot", "new.json"][..],
        &["impact", "nobody\u{1b}[31m\n::error::EVIL", "--snapshot", "new.json"],
        &["audit", "--role", "\u{202e}EVIL\n##vso[EVIL]", "--snapshot", "new.json"],
        &["explain", "\u{1b}[31m\n::error::EVIL"],
        &["doctor", "--error", "\u{1b}[31m\n::error::EVIL"],
    ] {
        let ran = hostile.run(args);
        assert_plain(&format!("{}{}", ran.stdout, ran.stderr), &format!("{args:?}"));
    }
}

/// What `init` and `rules new` write is read by leastwise itself later.
#[test]
fn a_proposed_file_holds_names_and_nothing_that_they_say() {
    let hostile = Hostile::new();
    let ran = hostile.command(&["init", "--snapshot", "new.json"]).env("NO_COLOR", "1").run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let proposed: toml::Table = ran.stdout.parse().expect("TOML");
    assert_eq!(proposed.keys().collect::<Vec<_>>(), ["tenant"], "nothing else at the top");
    let tenants = proposed["tenant"].as_table().expect("a table");
    assert_eq!(tenants.keys().collect::<Vec<_>>(), ["acme"]);
    let own = tenants["acme"].as_table().expect("a table");
    assert!(own.keys().all(|key| ["site", "company", "integration"].contains(&key.as_str())), "{own:?}");
    assert_plain(&ran.stderr, "init");

    let ran = hostile.run(&["rules", "new", "evil", "--from-role", "31", "--snapshot", "new.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rules: toml::Table = ran.stdout.parse().expect("TOML");
    let known = ["id", "vendor", "product", "source", "read", "match", "needs", "unclear", "partial"];
    assert!(rules.keys().all(|key| known.contains(&key.as_str())), "{:?}", rules.keys().collect::<Vec<_>>());
}

/// Live: the PSA's own names reach doctor's report, and its bundle, which is pasted into a support case.
#[test]
fn doctor_and_its_bundle_obey_no_name() {
    let psa = Psa::start(crate::psa::fixture("parapluie"), 101);
    for payload in payloads().into_iter().filter(|payload| payload.len() < 1_000) {
        psa.sim.edit(|snapshot| {
            snapshot["roles"][2]["name"] = json!(payload);
            snapshot["api_members"][0]["name"] = json!(payload);
            snapshot["api_members"][0]["location"] = json!(payload);
            snapshot["api_members"][0]["default_board"] = json!(payload);
            snapshot["header"]["psa_version"] = json!(payload);
            let settings = snapshot["roles"][2]["settings"].as_array_mut().expect("settings");
            settings[0]["description"] = json!(payload);
            settings[1]["inquire"] = json!(payload);
        });
        let own = psa.sim.access().into_iter().find(|key| key.member == 251).expect("a key");
        let keyed = |command: Leastwise| {
            command
                .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", &own.public)
                .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", &own.private)
        };
        let args = ["doctor", "--integration", "cisco-umbrella", "--bundle", "case.md"];
        let ran = keyed(psa.leastwise(&args)).run();
        assert_plain(&ran.stdout, &format!("doctor with {payload:?}"));
        assert_plain(&ran.stderr, &format!("doctor, standard error, with {payload:?}"));
        let bundle = fs::read_to_string(psa.path("case.md")).expect("the bundle");
        assert_markdown(&bundle, &format!("bundle with {payload:?}"));
    }
}

/// Names that are told apart only by what no reader sees are told apart in the report.
#[test]
fn a_name_that_looks_like_another_is_shown_as_it_is() {
    let hostile = Hostile::new();
    let path = hostile.folder.path().join("new.json");
    let mut snapshot: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    for (id, name) in [(31, "moc.\u{202e}live"), (32, "Ad\u{200b}min"), (33, "\u{1b}[31mred")] {
        let roles = snapshot["roles"].as_array_mut().expect("roles");
        roles.iter_mut().find(|role| role["id"] == id).expect("the role")["name"] = name.into();
    }
    fs::write(path, snapshot.to_string()).expect("a file");
    let shown = hostile.run(&["audit", "--snapshot", "new.json", "--all"]).stdout;
    for mark in ["moc.<U+202E>live", "Ad<U+200B>min", "<U+001B>[31mred"] {
        assert!(shown.contains(mark), "{mark}: {shown}");
    }
}
