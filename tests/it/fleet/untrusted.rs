//! Many tenants whose names, whose PSA's names and whose reasons for not being read try to be more than text.

use std::fmt::Write;
use std::fs;

use psa_sim::{Fault, Sim, When};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::psas::{CLIENT_ID, NETWORK, PRIVATE_KEY, PUBLIC_KEY, small};
use crate::psa::{Serving, reading};
use crate::support::{Leastwise, leastwise};
use crate::untrusted::payloads;
use crate::untrusted::readers::{assert_plain, assert_sound};

const OUTPUTS: [(&str, &str); 9] = [
    ("table", "r.txt"),
    ("json", "r.json"),
    ("sarif", "r.sarif"),
    ("sarif-full", "rf.sarif"),
    ("html", "r.html"),
    ("markdown", "r.md"),
    ("csv", "r.csv"),
    ("junit", "r.xml"),
    ("github", "r.github"),
];

/// A tenant for each payload that is read, and one for each that is not.
struct Hostile {
    folder: TempDir,
    _sims: Vec<Serving>,
    /// The names of the tenants.
    read: Vec<String>,
    unread: Vec<String>,
}

/// A role that Umbrella's member holds, that member, and rows of the role, all named by a payload.
fn plant(snapshot: &mut Value, payload: &str) {
    let role =
        snapshot["roles"].as_array_mut().expect("roles").iter_mut().find(|role| role["name"] == "Parapluie");
    let role = role.expect("Umbrella's role");
    role["name"] = json!(payload);
    let settings = role["settings"].as_array_mut().expect("settings");
    settings.push(json!({
        "id": 9_000_000, "module": payload, "function": payload, "description": payload,
        "add": "All", "edit": payload, "delete": null, "inquire": "All",
    }));
    for member in snapshot["api_members"].as_array_mut().expect("members") {
        for field in ["name", "level", "location", "default_board"] {
            member[field] = json!(payload);
        }
    }
    snapshot["header"]["psa_version"] = json!(payload);
}

/// Why a tenant cannot be read: its own section, or its PSA's answer, holds the payload.
fn unreadable(number: usize, payload: &str) -> Result<&'static str, Fault> {
    let status = |code: u16, content_type: &str, body: String| Fault::Status {
        code,
        body,
        content_type: content_type.to_owned(),
        headers: Vec::new(),
    };
    let error = json!({"code": payload, "message": payload, "errors": [{"message": payload}]}).to_string();
    match number % 7 {
        // A path with a control character is refused when the config is read.
        0 if !payload.chars().any(char::is_control) => Ok("private_key_file"),
        0 | 1 => Ok("private_key_command"),
        2 => Ok("ca_file"),
        3 => Err(status(403, "application/json", error)),
        4 => Err(status(400, "text/plain", payload.to_owned())),
        5 => Err(status(401, "application/json", error)),
        _ => Err(status(500, "text/html", payload.to_owned())),
    }
}

/// As TOML on one line, which keys must be.
fn quoted(text: &str) -> String {
    let number = |c: char| format!("\\U{:08X}", u32::from(c));
    let is_plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    let inner: String = text.chars().map(|c| if is_plain(c) { c.to_string() } else { number(c) }).collect();
    format!("\"{inner}\"")
}

impl Hostile {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("key"), PRIVATE_KEY).expect("a key");
        let (mut config, mut sims) = ("[checks.LW307]\nseverity = \"off\"\n".to_owned(), Vec::new());
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        let mut section = |name: &str, site: &str, company: &str, source: &str| {
            let name = quoted(name);
            writeln!(
                config,
                "[tenant.{name}]\nsite = \"{site}\"\ncompany = \"{company}\"\nclient_id_env = \"FLEET_CLIENT_ID\"\n\
                 public_key_env = \"FLEET_PUBLIC_KEY\"\n{source}\n[tenant.{name}.network]\n{NETWORK}"
            )
            .expect("text");
        };
        for (number, payload) in payloads().into_iter().enumerate() {
            // A comma parts names.
            let name = payload.replace(',', ";");
            let (mut snapshot, sim) = small(&format!("read{number}"), number.is_multiple_of(2));
            // The long one is the name of a tenant and a reason, which is enough.
            plant(&mut snapshot, &payload[..payload.floor_char_boundary(1_000)]);
            let own = Serving::of(Sim::from_values(snapshot, sim).expect("a tenant"));
            section(&name, own.url(), &format!("read{number}"), "private_key_file = \"key\"");
            sims.push(own);
            read.push(name.clone());

            let (name, company) = (format!("{name} unread"), format!("unread{number}"));
            let (snapshot, sim) = small(&company, false);
            let own = Serving::of(Sim::from_values(snapshot, sim).expect("a tenant"));
            let source = match unreadable(number, &payload) {
                Ok("private_key_command") => format!("private_key_command = [{}]", quoted(&payload)),
                Ok("ca_file") => format!("private_key_file = \"key\"\nca_file = {}", quoted(&payload)),
                Ok(key) => format!("{key} = {}", quoted(&payload)),
                Err(fault) => {
                    own.set_fault("=/system/securityroles", When::Always, fault);
                    "private_key_file = \"key\"".to_owned()
                }
            };
            section(&name, own.url(), &company, &source);
            sims.push(own);
            unread.push(name);
        }
        fs::write(folder.path().join("leastwise.toml"), config).expect("a config");
        Self { folder, _sims: sims, read, unread }
    }

    fn command(&self, args: &[&str]) -> Leastwise {
        leastwise(args.iter().copied())
            .folder(self.folder.path())
            .now(reading)
            .env("FLEET_CLIENT_ID", CLIENT_ID)
            .env("FLEET_PUBLIC_KEY", PUBLIC_KEY)
    }

    fn written(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

#[test]
fn no_name_and_no_reason_acts_in_any_form_of_many_tenants() {
    let fleet = Hostile::new();
    let outputs: Vec<_> = OUTPUTS.iter().map(|(format, file)| format!("{format}={file}")).collect();
    let outputs = outputs.iter().flat_map(|output| ["--output", output]);
    let args: Vec<_> =
        ["audit", "--all", "-vvv", "--allow-partial", "--tenant", "all"].into_iter().chain(outputs).collect();
    let ran = fleet.command(&args).run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_plain(&ran.stderr, "standard error");
    assert_plain(&ran.stdout, "standard output");
    for (format, file) in OUTPUTS {
        assert_sound(format, &fleet.written(file), file);
    }
    for number in 2..=3 {
        assert_sound("sarif", &fleet.written(&format!("r-{number}.sarif")), "a further file");
    }

    // Each was judged, or has a reason, and is told by its own name.
    let report: Value = serde_json::from_str(&fleet.written("r.json")).expect("JSON");
    let names = |is_read: bool| -> Vec<&str> {
        let tenants = report["tenants"].as_array().expect("tenants").iter();
        let mut names: Vec<_> = tenants
            .filter(|tenant| tenant["failure"].is_null() == is_read)
            .map(|tenant| tenant["tenant"].as_str().expect("a name"))
            .collect();
        names.sort_unstable();
        names
    };
    for (is_read, expected) in [(true, &fleet.read), (false, &fleet.unread)] {
        let mut expected: Vec<_> = expected.iter().map(String::as_str).collect();
        expected.sort_unstable();
        assert!(names(is_read) == expected, "{} of {}", names(is_read).len(), expected.len());
    }

    // The first screen too, where a person looks, and one tenant by its name.
    for width in [60, 160] {
        let ran = fleet.command(&["audit", "--tenant", "all", "--color", "never"]).terminal(width).run();
        assert_plain(&ran.stdout, &format!("{width} columns"));
    }
    for name in fleet.read.iter().filter(|name| name.len() < 1_000 && !name.starts_with('-')) {
        let ran = fleet.command(&["audit", "--tenant", name]).run();
        assert_plain(&format!("{}\n{}", ran.stdout, ran.stderr), name);
    }
    joined(&fleet);
    forged(&fleet);
}

/// A report that somebody else wrote: no field of it that is shown is more than text.
fn forged(fleet: &Hostile) {
    let mut report: Value = serde_json::from_str(&fleet.written("r.json")).expect("JSON");
    // Not the long one, which would stand in every result.
    let payloads: Vec<_> = payloads().into_iter().filter(|payload| payload.len() < 1_000).collect();
    for (number, tenant) in report["tenants"].as_array_mut().expect("tenants").iter_mut().enumerate() {
        let payload = json!(payloads[number % payloads.len()]);
        for field in ["site", "company", "failure"] {
            if !tenant[field].is_null() {
                tenant[field] = payload.clone();
            }
        }
        for rules in tenant["rules"].as_array_mut().into_iter().flatten() {
            rules["id"] = payload.clone();
        }
        for result in tenant["results"].as_array_mut().into_iter().flatten() {
            for field in ["check", "integration", "fingerprint", "message", "fix"] {
                result[field] = payload.clone();
            }
        }
    }
    fs::write(fleet.folder.path().join("forged.json"), report.to_string()).expect("a report");
    for format in ["table", "json", "markdown", "html"] {
        let ran = fleet.command(&["report", "forged.json", "--gate", "--format", format]).run();
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(ran.stdout.len() > 2_000, "{format}");
        assert_sound(format, &ran.stdout, &format!("forged, as {format}"));
    }
    for field in ["as_of", "format", "shard"] {
        for payload in &payloads {
            let mut report = json!({"format": "leastwise-report/1", "as_of": "2026-11-22", "tenants": []});
            report[field] = json!(payload);
            fs::write(fleet.folder.path().join("forged.json"), report.to_string()).expect("a report");
            let ran = fleet.command(&["report", "forged.json"]).run();
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{field} {payload:?}");
            assert!(ran.stderr.contains("forged.json: "), "{}", ran.stderr);
            assert_plain(&ran.stderr, &format!("{field} {payload:?}"));
        }
    }
}

fn joined(fleet: &Hostile) {
    let mut older: Value = serde_json::from_str(&fleet.written("r.json")).expect("JSON");
    older["as_of"] = json!("2026-11-20");
    fs::write(fleet.folder.path().join("older.json"), older.to_string()).expect("a report");
    for format in ["table", "json", "markdown", "html"] {
        for gate in [&[][..], &["--gate"]] {
            let args = [&["report", "older.json", "r.json", "--format", format], gate].concat();
            let ran = fleet.command(&args).run();
            assert_eq!(ran.code, if gate.is_empty() { 0 } else { 3 }, "{args:?}: {}", ran.stderr);
            assert!(ran.stdout.len() > 2_000, "{args:?}");
            assert_sound(format, &ran.stdout, &format!("{args:?}"));
            assert_plain(&ran.stderr, &format!("{args:?}"));
        }
    }
}

/// A choice that the config does not have is repeated, with the names that it has.
#[test]
fn a_tag_or_a_tenant_that_is_not_there_is_repeated_as_text() {
    let fleet = Hostile::new();
    for payload in payloads() {
        for choice in ["--tenant", "--tag"] {
            let ran = fleet.command(&["audit", &format!("{choice}=no {payload}")]).run();
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{choice} {payload:?}");
            assert_plain(&ran.stderr, &format!("{choice} {payload:?}"));
        }
    }
}
