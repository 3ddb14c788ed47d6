//! Many tenants, each with keys of its own from a place of its own, and failures of its own: none of the keys
//! is in anything that is said or written.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use psa_sim::{Fault, Sim, When};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::psas::{NETWORK, small};
use crate::psa::{Serving, reading};
use crate::secrets::{CLIENT_ID, Sent, assert_silent};
use crate::support::{Leastwise, leastwise};

const FROM_ENV: Sent = Sent { public: "canary-fleet-public-1", private: "canary-fleet-private-1" };
const FROM_FILE: Sent = Sent { public: "canary-fleet-public-2", private: "canary-fleet-private-2" };
const FROM_COMMAND: Sent = Sent { public: "canary-fleet-public-3", private: "canary-fleet-private-3" };

/// The forms in which an audit is written, all of them at once.
const OUTPUTS: [&str; 9] = [
    "table=r.txt",
    "json=r.json",
    "sarif=r.sarif",
    "sarif-full=rf.sarif",
    "html=r.html",
    "markdown=r.md",
    "csv=r.csv",
    "junit=r.xml",
    "github=r.github",
];

/// Tenants that are in order, then tenants that are broken, each in a way in which a key could come out.
struct Canaries {
    /// Where leastwise runs and writes.
    folder: TempDir,
    /// Where config and keys are.
    keys: TempDir,
    config: String,
    in_order: usize,
    broken: usize,
    sims: Vec<Serving>,
}

impl Canaries {
    fn new() -> Self {
        let new = || TempDir::new().expect("a folder");
        let mut own = Self {
            folder: new(),
            keys: new(),
            config: "[checks.LW307]\nseverity = \"off\"\n".to_owned(),
            in_order: 0,
            broken: 0,
            sims: Vec::new(),
        };
        for (name, key) in [("file", FROM_FILE), ("command", FROM_COMMAND)] {
            fs::write(own.keys.path().join(format!("{name}.public")), key.public).expect("a key");
            fs::write(own.keys.path().join(format!("{name}.private")), key.private).expect("a key");
        }
        own.add_in_order();
        own.add_that_repeat_what_they_are_sent();
        own.add_whose_key_cannot_be_had();
        own
    }

    /// A PSA that takes this key.
    fn serve(&mut self, company: &str, key: Sent, change: impl FnOnce(&mut Value)) -> String {
        let (mut snapshot, mut sim) = small(company, false);
        change(&mut snapshot);
        sim["keys"] = json!([{"member": 252, "public": key.public, "private": key.private}]);
        sim["client_ids"] = json!([CLIENT_ID]);
        self.sims.push(Serving::of(Sim::from_values(snapshot, sim).expect("a tenant")));
        self.sims.last().expect("a simulator").url().to_owned()
    }

    /// `[tenant.NAME]` with these sources of its key pair.
    fn section(&mut self, name: &str, site: &str, sources: &str) {
        writeln!(
            self.config,
            "[tenant.{name}]\nsite = \"{site}\"\ncompany = \"{name}\"\nclient_id_env = \"FLEET_CLIENT_ID\"\n\
             {sources}[tenant.{name}.network]\n{NETWORK}"
        )
        .expect("text");
    }

    fn path(&self, name: &str) -> String {
        self.keys.path().join(name).display().to_string()
    }

    fn files(&self) -> String {
        format!(
            "public_key_file = \"{}\"\nprivate_key_file = \"{}\"\n",
            self.path("file.public"),
            self.path("file.private")
        )
    }

    fn add_in_order(&mut self) {
        let env = "public_key_env = \"KEY_1_PUBLIC\"\nprivate_key_env = \"KEY_1_PRIVATE\"\n".to_owned();
        let command = format!(
            "public_key_command = [\"cat\", \"{}\"]\nprivate_key_command = [\"cat\", \"{}\"]\n",
            self.path("command.public"),
            self.path("command.private")
        );
        let named = |snapshot: &mut Value| {
            snapshot["roles"][0]["name"] = json!(format!("Admin {}", FROM_FILE.private));
            snapshot["api_members"][0]["name"] = json!(format!("{} of {CLIENT_ID}", FROM_FILE.public));
        };
        for (name, key, sources) in [
            ("by-env", FROM_ENV, env),
            ("by-file", FROM_FILE, self.files()),
            ("by-command", FROM_COMMAND, command),
        ] {
            let site = self.serve(name, key, |_| {});
            self.section(name, &site, &sources);
        }
        let site = self.serve("by-name", FROM_FILE, named);
        let files = self.files();
        self.section("by-name", &site, &files);
        self.in_order = 4;
    }

    /// Each fault at the company's information, and at what takes a key.
    fn add_that_repeat_what_they_are_sent(&mut self) {
        for (number, fault) in FROM_FILE.failures().into_iter().enumerate() {
            for (place, endpoint) in [("first", ""), ("roles", "=/system/securityroles")] {
                let name = format!("{place}-{number}");
                let site = self.serve(&name, FROM_FILE, |_| {});
                self.sims.last().expect("a simulator").set_fault(endpoint, When::Always, fault.clone());
                let files = self.files();
                self.section(&name, &site, &files);
                self.broken += 1;
            }
        }
    }

    /// Nothing is asked of these.
    fn add_whose_key_cannot_be_had(&mut self) {
        fs::write(self.keys.path().join("two"), "canary-one\ncanary-two\n").expect("a file");
        fs::write(self.keys.path().join("bytes"), b"\xFFcanary\xFF").expect("a file");
        let site = self.serve("untouched", FROM_FILE, |_| {});
        let private = self.path("file.private");
        for (name, source) in [
            ("fails", format!("private_key_command = [\"sh\", \"-c\", \"cat {private}; exit 1\"]")),
            ("argued", "private_key_command = [\"false\", \"canary\"]".to_owned()),
            ("no-text", format!("private_key_command = [\"cat\", \"{}\"]", self.path("bytes"))),
            ("bytes", format!("private_key_file = \"{}\"", self.path("bytes"))),
            ("two-lines", format!("private_key_file = \"{}\"", self.path("two"))),
            ("itself", "private_key_env = \"canary-itself\"".to_owned()),
            ("no-file", format!("private_key_file = \"{}\"", self.path("none"))),
        ] {
            self.section(name, &site, &format!("public_key_env = \"KEY_1_PUBLIC\"\n{source}\n"));
            self.broken += 1;
        }
        // Through a proxy where nobody listens.
        let closed = self.serve("closed", FROM_FILE, |_| {});
        self.sims.last().expect("a simulator").set_fault("", When::Always, Fault::Refuse);
        let files = self.files();
        self.section("proxied", "psa.example.org", &files);
        self.broken += 1;
        fs::write(self.keys.path().join("proxy"), closed.replace("http://", "http://me:canary@"))
            .expect("a file");
    }

    fn command(&self, args: &[&str]) -> Leastwise {
        let config = self.keys.path().join("leastwise.toml");
        fs::write(&config, &self.config).expect("a config");
        let proxy = fs::read_to_string(self.keys.path().join("proxy")).expect("a URL");
        leastwise([args, &["--config", &config.display().to_string()]].concat())
            .folder(self.folder.path())
            .now(reading)
            .env("FLEET_CLIENT_ID", CLIENT_ID)
            .env("KEY_1_PUBLIC", FROM_ENV.public)
            .env("KEY_1_PRIVATE", FROM_ENV.private)
            // They do not count among several, and are not shown either.
            .env("LEASTWISE_COMPANY", "canary")
            .env("LEASTWISE_PRIVATE_KEY", "canary-of-one")
            .env("HTTPS_PROXY", &proxy)
    }
}

fn outputs() -> Vec<&'static str> {
    OUTPUTS.iter().flat_map(|output| ["--output", output]).collect()
}

#[test]
fn no_tenant_among_many_gives_a_key_away_in_any_form_at_any_verbosity() {
    let fleet = Canaries::new();
    for verbosity in [&[][..], &["-q"], &["-vvv"]] {
        for choice in [&["--tenant", "all"][..], &["--shard", "1/2"], &["--allow-partial", "--shard", "2/2"]]
        {
            let args = [&["audit", "--all"], choice, verbosity, &outputs()].concat();
            let ran = fleet.command(&args).run();
            assert_eq!(ran.code, 3, "{args:?}: {}", ran.stderr);
            assert_silent(fleet.folder.path(), &ran, &format!("{args:?}"));
            if choice[0] == "--tenant" {
                check_that_it_was_tried(&fleet);
            }
        }
    }
    fleet.command(&["audit", "--tenant", "all", "--output", "json=r.json"]).run();
    joined(&fleet);
}

/// What is silent because nothing happened would prove nothing.
fn check_that_it_was_tried(fleet: &Canaries) {
    let text = fs::read_to_string(fleet.folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let tenants = report["tenants"].as_array().expect("tenants");
    let (read, unread): (Vec<_>, Vec<_>) = tenants.iter().partition(|tenant| tenant["failure"].is_null());
    let names =
        |these: &[&Value]| these.iter().map(|own| own["tenant"].to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!((read.len(), unread.len()), (fleet.in_order, fleet.broken), "read: {}", names(&read));
    assert!(read.iter().all(|tenant| tenant["complete"] == true), "{}", names(&read));
    assert!(text.contains("Admin ***"), "a key for a name");
    let counted = |why: &str| why.contains("characters that leastwise does not know");
    assert!(unread.iter().any(|tenant| tenant["failure"].as_str().is_some_and(counted)));
    // Nobody was asked for a tenant whose key could not be had, and the proxy was not given its password.
    let untouched = &fleet.sims[fleet.sims.len() - 2];
    assert_eq!(untouched.requests(), []);
}

fn joined(fleet: &Canaries) {
    for format in ["table", "json", "markdown", "html"] {
        for args in [
            &["report", "r.json", "--format", format][..],
            &["report", "--gate", "-vvv", "r.json", "r.json", "--format", format],
        ] {
            let ran = fleet.command(args).run();
            assert_eq!(ran.code, if args.contains(&"--gate") { 3 } else { 0 }, "{args:?}: {}", ran.stderr);
            assert!(ran.stdout.len() > 500, "{args:?}: {}", ran.stdout);
            assert_silent(fleet.folder.path(), &ran, &format!("{args:?}"));
        }
    }
}

/// What is in the wrong place of a section is refused for all of them, and not repeated.
#[test]
fn a_key_in_the_wrong_place_of_a_section_is_refused_and_not_repeated() {
    let keys = TempDir::new().expect("a folder");
    let (folder, config) = (TempDir::new().expect("a folder"), keys.path().join("leastwise.toml"));
    for (line, says) in [
        ("site = \"https://me:canary@psa.example.org\"", "the site holds a user name or a password"),
        (
            "site = \"http://psa.example.org/?privateKey=canary\"",
            "is http, which would send the key in clear",
        ),
        ("company = \"acme+canary:canary\"", "the company holds a + or a colon"),
        ("private_key = \"canary\"", "`private_key` is in the file in clear"),
        ("client_id = \"canary\"", "`client_id` is in the file in clear"),
    ] {
        fs::write(&config, format!("[tenant.one]\ncompany = \"one\"\n[tenant.two]\n{line}\n"))
            .expect("a config");
        for args in [
            &["audit", "--tenant", "all"][..],
            &["audit", "--tenant", "all", "--format", "json", "-vvv"],
            &["audit", "--tenant", "one"],
            &["audit", "--shard", "1/2", "--output", "json=r.json"],
            &["init"],
            &["plan"],
        ] {
            let config = config.display().to_string();
            let ran = leastwise([args, &["--config", &config]].concat()).folder(folder.path()).run();
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {}", ran.stderr);
            assert!(ran.stderr.contains(says), "{args:?}: {}", ran.stderr);
            assert_silent(folder.path(), &ran, &format!("{line} with {args:?}"));
        }
    }
    assert!(is_empty(folder.path()));
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").next().is_none()
}
