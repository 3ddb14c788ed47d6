//! Names that try to be more than names: each writer of each command is read back by a reader of its own
//! kind, which must find nothing but text.

use std::collections::BTreeMap;
use std::fs;

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::psa::{Psa, fixture_path};
use crate::support::{Leastwise, Ran, leastwise};

/// What names may hold. `EVIL` stands where a reader that obeyed would be.
fn payloads() -> Vec<String> {
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
        "nul\u{0}bell\u{7}back\u{8}\u{8}\u{fffe}",
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
            fields.iter().for_each(|field| name(&mut row[*field]));
        }
    }
    for update in snapshot["header"]["role_updates"].as_object_mut().expect("updates").values_mut() {
        name(&mut update["by"]);
    }
    name(&mut snapshot["header"]["psa_version"]);
    // Rows that no catalog knows, and known rows with another description.
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        let settings = role["settings"].as_array_mut().expect("settings");
        for (at, payload) in payloads.iter().enumerate() {
            settings.push(json!({
                "id": 9_000_000 + at, "module": payload, "function": format!("{payload}{at}"),
                "description": payload, "add": "All", "edit": payload, "delete": null, "inquire": "All",
            }));
        }
        settings[2]["module"] = format!("{}", payloads[15]).into();
    }
    used
}

/// Whether a terminal, or whoever reads one, could be steered by it.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Text for people, on a terminal or in the log of a CI that looks for commands in it.
#[track_caller]
fn assert_plain(text: &str, what: &str) {
    if let Some(at) = text.find(steers) {
        panic!("{what}: {:?}", text[at..].chars().take(40).collect::<String>());
    }
    // A name that is wrapped begins a line too, so blanks do not count.
    let joined: String = text.split_whitespace().collect();
    for (at, _) in joined.match_indices("FORGED") {
        assert!(
            joined[..at].ends_with('>'),
            "{what}: a line of its own: {}",
            &joined[at..joined.floor_char_boundary(at + 60)]
        );
    }
    for line in text.lines() {
        let line = line.trim_start();
        let is_command = line.strip_prefix("::").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        assert!(!is_command && !line.contains("##"), "{what}: a command: {line:?}");
    }
}

#[track_caller]
fn assert_markdown(text: &str, what: &str) {
    assert!(!text.contains(|c| steers(c)), "{what}");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let (mut is_styled, mut prose) = (false, text.to_owned());
    for (event, place) in Parser::new_ext(text, options).into_offset_iter() {
        match &event {
            Event::Html(html) | Event::InlineHtml(html) => {
                // Our own; a name has no place in it.
                assert!(
                    ["<details", "</details", "<summary", "</summary", "<br"]
                        .iter()
                        .any(|tag| html.starts_with(tag)),
                    "{what}: {event:?}"
                );
                assert!(!html.contains("EVIL") && !html.contains("evil"), "{what}: {event:?}");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                assert!(!dest_url.contains("evil"), "{what}: {event:?}");
            }
            Event::Code(code) => assert!(&**code != "c", "{what}: {event:?}"),
            Event::Text(said) if is_styled => assert!(!["b", "d"].contains(&&**said), "{what}: {event:?}"),
            // Nothing acts within a block of code.
            Event::Start(Tag::CodeBlock(_)) => prose.replace_range(place.clone(), &" ".repeat(place.len())),
            _ => {}
        }
        is_styled = matches!(event, Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough));
    }
    // Readers that link whatever looks like an address, or call whoever is named, see these.
    for acts in ["://evil", "@everyone", "www.evil", "#1 "] {
        assert!(!prose.contains(acts), "{what}: {acts}");
    }
}

#[track_caller]
fn assert_csv(text: &str, what: &str) {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        for field in &record.expect("as many fields as the heading has") {
            let first = field.trim_start().chars().next().unwrap_or('x');
            assert!(!"=+-@".contains(first), "{what}: {}", &field[..field.floor_char_boundary(60)]);
            assert!(!field.contains(|c| steers(c) || c == '\n'), "{what}");
        }
        rows += 1;
    }
    assert!(rows > 10, "{what}: {rows}");
}

/// Every annotation is one line that begins as ours do.
#[track_caller]
fn assert_github(text: &str, what: &str) {
    const KEYS: [&str; 4] = ["title", "file", "line", "endLine"];
    for line in text.lines() {
        let rest = ["::error ", "::warning ", "::notice "].iter().find_map(|own| line.strip_prefix(own));
        let (properties, message) =
            rest.and_then(|rest| rest.split_once("::")).unwrap_or_else(|| panic!("{what}: {line:.200}"));
        assert!(
            properties.split(',').all(|own| own.split_once('=').is_some_and(|(key, _)| KEYS.contains(&key))),
            "{what}: {properties}"
        );
        assert!(!message.contains("##[") && !message.contains(|c| steers(c)), "{what}: {message:.200}");
    }
}

#[track_caller]
fn assert_json(text: &str, what: &str) -> Value {
    assert!(!text.contains(|c: char| c.is_ascii_control() && c != '\n'), "{what}");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}"))
}

#[track_caller]
fn assert_html(text: &str, what: &str) {
    assert!(!text.contains("<img") && !text.contains(|c| steers(c)), "{what}");
    // What the page itself opens, it closes, and a name closes none of it.
    for tag in ["style", "script", "table", "html", "body"] {
        let (opened, closed) =
            (text.matches(&format!("<{tag}")).count(), text.matches(&format!("</{tag}>")).count());
        assert_eq!(opened, closed, "{what}: {tag}");
    }
    assert!(text.matches("<style").count() <= 1 && text.matches("<script").count() <= 1, "{what}");
}

#[track_caller]
fn assert_sound(format: &str, text: &str, what: &str) {
    match format {
        "json" | "sarif" | "sarif-full" => drop(assert_json(text, what)),
        "markdown" => assert_markdown(text, what),
        "html" => assert_html(text, what),
        "csv" => assert_csv(text, what),
        "junit" => {
            let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{what}: {error}"));
            let own = [
                "testsuites",
                "testsuite",
                "testcase",
                "failure",
                "error",
                "skipped",
                "properties",
                "property",
                "system-out",
            ];
            assert!(
                document
                    .descendants()
                    .filter(roxmltree::Node::is_element)
                    .all(|node| own.contains(&node.tag_name().name())),
                "{what}"
            );
            assert!(!text.contains(|c| steers(c)), "{what}");
        }
        "github" => assert_github(text, what),
        _ => assert_plain(text, what),
    }
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
    let shown = hostile.run(&["audit", "--snapshot", "new.json", "--all"]).stdout;
    let words: BTreeMap<_, _> =
        ["<U+202E>", "<U+200B>", "<U+001B>"].map(|mark| (mark, shown.contains(mark))).into();
    assert!(words.values().all(|shown| *shown), "{words:?}");
}

/// A config and rule files as a pull request may bring them. What the base branch set, in the environment,
/// stays: no other site is asked, and no program runs.
#[test]
fn a_config_that_somebody_else_wrote_neither_sends_the_key_elsewhere_nor_runs_anything() {
    let (psa, elsewhere) = (Psa::parapluie(), crate::psa::fixture("parapluie").start().expect("a port"));
    let command = |key: &str| format!("{key}_command = [\"touch\", \"ran-{key}\"]\n");
    let keys = ["client_id", "public_key", "private_key"].map(command).concat();
    psa.config(&format!("[tenant.evil]\nsite = \"{}\"\ncompany = \"nimbus\"\n{keys}", elsewhere.url()));
    for args in [
        &["audit"][..],
        &["snapshot", "-o", "old.json"],
        &["diff", "old.json"],
        &["init"],
        &["impact", "CiscoUmbrella"],
        &["plan"],
        &["checklist", "--integration", "cisco-umbrella"],
        &["doctor", "--integration", "cisco-umbrella"],
    ] {
        psa.leastwise(args).run();
    }
    assert!(psa.sim.requests().len() > 20, "the site of the environment was asked");
    // A snapshot is judged without any key, so none is fetched, and nobody is asked.
    let before = psa.sim.requests().len();
    for args in [
        &["audit", "--snapshot", "old.json"][..],
        &["audit", "--snapshot", "old.json", "--baseline", "old.json"],
        &["diff", "old.json", "old.json"],
        &["init", "--snapshot", "old.json"],
        &["impact", "CiscoUmbrella", "--snapshot", "old.json"],
        &["checklist", "--integration", "cisco-umbrella", "--snapshot", "old.json"],
        &["rules", "merge", "--role", "Parapluie", "--snapshot", "old.json"],
        &["rules", "list"],
        &["plan"],
        &["explain", "LW101"],
    ] {
        let ran = leastwise(args.iter().copied()).folder(psa.folder.path()).run();
        assert!(ran.code <= 1, "{args:?}: {}", ran.stderr);
    }
    assert_eq!(psa.sim.requests().len(), before);
    assert_eq!(elsewhere.requests(), []);
    let left: Vec<_> = fs::read_dir(psa.folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .filter(|name| name.starts_with("ran-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

const RULES: &str = "id = \"evil\"\nvendor = \"V\"\nproduct = \"P\"\nsource = \"https://vendor.example\"\nread = 2026-11-22\n";

const NEEDS: &str = "[needs.System]\n\"Table Setup\" = { inquire = \"All\" }\n";

/// What a rule file asks for lies below the API's base.
#[test]
fn a_probe_that_leads_out_of_the_api_is_refused() {
    let folder = TempDir::new().expect("a folder");
    for probe in [
        "https://evil.example/x",
        "//evil.example/x",
        "/\\\\evil.example/x",
        "..\\\\..\\\\login",
        "../../login/companyinfo/acme",
        "service/../../../login",
        "service/%2e%2e/login",
        "me:pw@evil.example",
        "service/tickets?conditions=x",
        "service/tickets#x",
        "service/tickets\\u0000",
        "service/ tickets",
        "",
        "/",
    ] {
        fs::write(folder.path().join("evil.toml"), format!("{RULES}probes = [\"{probe}\"]\n{NEEDS}"))
            .expect("a file");
        let ran = leastwise(["rules", "list", "--rules-dir", "."]).folder(folder.path()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{probe:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("evil.toml:6:"), "{probe:?}: {}", ran.stderr);
    }
    fs::write(folder.path().join("evil.toml"), format!("{RULES}probes = [\"service/tickets\"]\n{NEEDS}"))
        .expect("a file");
    assert_eq!(leastwise(["rules", "list", "--rules-dir", "."]).folder(folder.path()).run().code, 0);
}

/// Nothing that a rule file can say names a program, a host or a key.
#[test]
fn a_rule_file_cannot_name_a_command() {
    let folder = TempDir::new().expect("a folder");
    for line in [
        "private_key_command = [\"touch\", \"ran\"]",
        "command = [\"touch\", \"ran\"]",
        "site = \"evil.example\"",
        "[tenant.x]\nsite = \"evil.example\"",
        "[probes]\nhost = \"evil.example\"",
    ] {
        fs::write(folder.path().join("evil.toml"), format!("{RULES}{line}\n")).expect("a file");
        let ran =
            leastwise(["audit", "--rules-dir", ".", "--snapshot", "none.json"]).folder(folder.path()).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains("evil.toml:"), "{line}: {}", ran.stderr);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}
