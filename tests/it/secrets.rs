//! Client id and keys appear nowhere: not in what any command says, in any form, at any verbosity, in
//! success or in failure, and not in what it writes. Wherever they come from, and whoever repeats them.

mod between;
mod encoded;

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use jiff::Timestamp;
use leastwise::cli::Cli;
use psa_sim::{Fault, Sim, When};
use serde_json::{Value, json};

use crate::psa::{Psa, QUICK, fixture_path};
use crate::support::{Leastwise, Ran};

/// Text that is in no fixture and no message: of the auditor, and of the integration's own member.
pub const CLIENT_ID: &str = "canary-c-4f1d9a";
const PUBLIC: &str = "canary-p-77e2b0";
const PRIVATE: &str = "canary-s-c093aa";
const OWN_PUBLIC: &str = "canary-q-19be02";
const OWN_PRIVATE: &str = "canary-t-52dc7f";

/// The simulator's clock is the real one, and doctor compares it.
#[expect(clippy::disallowed_methods, reason = "the simulator answers with the real time")]
fn real() -> Timestamp {
    Timestamp::now()
}

/// parapluie, where the keys of an admin and of Umbrella's member and the client id are the canaries.
/// `change` may plant them elsewhere too.
fn serve(change: impl FnOnce(&mut Value)) -> Psa {
    let read = |path| -> Value { serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON") };
    let mut snapshot = read(fixture_path("parapluie"));
    change(&mut snapshot);
    let mut sim = read(fixture_path("parapluie").with_extension("sim.json"));
    sim["keys"] = json!([
        {"member": 101, "public": PUBLIC, "private": PRIVATE},
        {"member": 251, "public": OWN_PUBLIC, "private": OWN_PRIVATE},
    ]);
    sim["client_ids"] = json!([CLIENT_ID]);
    let psa = Psa::start(Sim::from_values(snapshot, sim).expect("a fixture"), 101);
    let ran = psa.leastwise(&["snapshot", "-q", "-o", "old.json"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran =
        psa.leastwise(&["audit", "-q", "--snapshot", "old.json", "--output", "json=old-report.json"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    psa
}

/// A command with both key pairs.
fn keyed(psa: &Psa, args: &[&str]) -> Leastwise {
    psa.leastwise(args)
        .now(real)
        .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", OWN_PUBLIC)
        .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", OWN_PRIVATE)
        .env("LEASTWISE_PSEUDONYM_KEY", "canary-pseudonym-key-of-some-length")
}

/// What would give a secret away: itself, or what the Authorization header holds.
fn canaries() -> Vec<String> {
    vec![
        "canary".to_owned(),
        PUBLIC.to_uppercase(),
        // base64 of "canary" at each of the three offsets that it can have.
        "Y2FuYXJ5".to_owned(),
        "NhbmFye".to_owned(),
        "jYW5hcn".to_owned(),
    ]
}

#[track_caller]
pub fn assert_silent(folder: &Path, ran: &Ran, what: &str) {
    let mut texts = vec![
        ("standard output".to_owned(), ran.stdout.clone()),
        ("standard error".to_owned(), ran.stderr.clone()),
    ];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
        texts.push((path.display().to_string(), text));
    }
    for (place, text) in texts {
        for canary in canaries() {
            let at = text.find(&canary);
            let near = at.map(|at| text[text.floor_char_boundary(at.saturating_sub(80))..].lines().next());
            assert!(at.is_none(), "{what}: {canary} in {place}: {near:?}");
        }
    }
}

/// Every command that can have a key, in every form.
const COMMANDS: &[&[&str]] = &[
    &["audit", "--all"],
    &["audit", "--format", "json"],
    &["audit", "--format", "sarif", "--allow-partial"],
    &["audit", "--format", "sarif-full", "--allow-partial"],
    &["audit", "--format", "html"],
    &["audit", "--format", "markdown"],
    &["audit", "--format", "csv"],
    &["audit", "--format", "junit"],
    &["audit", "--format", "github"],
    &["audit", "--baseline", "old.json", "--output", "json=r.json", "--output", "html=r.html"],
    &["snapshot", "--force", "-o", "new.json"],
    &["snapshot", "--force", "-o", "new.json", "--with-people"],
    &["snapshot", "--force", "-o", "new.json", "--pseudonymize"],
    &["diff", "old.json"],
    &["diff", "old.json", "--format", "json"],
    &["diff", "old.json", "--format", "markdown", "--output", "github=d.txt"],
    &["doctor", "--integration", "cisco-umbrella", "--save", "e.json"],
    &["doctor", "--integration", "cisco-umbrella", "--format", "json", "--bundle", "b.md"],
    &["doctor", "--roles", "--save", "e.json"],
    &["checklist", "--integration", "cisco-umbrella", "--watch"],
    &["impact", "CiscoUmbrella"],
    &["impact", "CiscoUmbrella", "--format", "json"],
    &["review"],
    &["review", "--format", "html"],
    &["init"],
    &["survey", "--with-function-names"],
    &["survey", "--format", "json", "-o", "s.json"],
    &["plan"],
    &["explain", "LW101"],
    &["report", "old-report.json", "--format", "html"],
    &["rules", "list"],
    &["rules", "merge", "--role", "Parapluie"],
    &["rules", "new", "x", "--from-role", "Parapluie"],
];

/// The list above knows every command.
#[test]
fn every_command_is_tried() {
    // These read nothing but the program itself, rule files, or files of commits.
    let without_keys = ["completions", "man", "demo", "gate", "waive"];
    let tried =
        |name: &str| COMMANDS.iter().any(|command| command[0] == name) || without_keys.contains(&name);
    let untried: Vec<_> = Cli::command()
        .get_subcommands()
        .map(|own| own.get_name().to_owned())
        .filter(|name| !tried(name))
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn no_command_shows_a_secret_in_any_form_at_any_verbosity() {
    let psa = serve(|_| {});
    for command in COMMANDS {
        for verbosity in [&[][..], &["-vvv"], &["-q"]] {
            let args = [command, verbosity].concat();
            let ran = keyed(&psa, &args).run();
            // The temporary member of `--roles` would be one that works.
            let expected = if args.contains(&"--roles") { 2..=2 } else { 0..=1 };
            assert!(expected.contains(&ran.code), "{args:?}: {}", ran.stderr);
            assert_silent(psa.folder.path(), &ran, &format!("{args:?}"));
        }
    }
    assert!(psa.sim.requests().len() > 50, "the canaries were used");
}

/// A key pair that was sent, for a server to repeat.
#[derive(Clone, Copy)]
pub struct Sent {
    pub public: &'static str,
    pub private: &'static str,
}

impl Sent {
    fn said(self) -> String {
        format!("client {CLIENT_ID}, key {}:{}", self.public, self.private)
    }

    /// An answer that repeats it in its body and in every header that is looked at.
    fn echo(self, code: u16, content_type: &str, body: &str) -> Fault {
        let header = |name: &str, value: String| (name.to_owned(), value);
        Fault::Status {
            code,
            body: body.to_owned(),
            content_type: content_type.to_owned(),
            headers: vec![
                header("location", format!("https://foreign.example/?key={}", self.private)),
                header("server", format!("psa of {}", self.private)),
                header("x-request-id", self.public.to_owned()),
            ],
        }
    }

    pub fn failures(self) -> Vec<Fault> {
        let said = self.said();
        let error = json!({"code": "Unauthorized", "message": said}).to_string();
        vec![
            self.echo(401, "application/json", &error),
            self.echo(403, "application/json", &error),
            self.echo(500, "application/json", &error),
            self.echo(400, "text/plain", &said),
            self.echo(302, "text/plain", &said),
            self.echo(200, &format!("text/{}", self.private), &said),
            self.echo(200, "application/json", &json!({"items": said}).to_string()),
            self.echo(200, "application/json", &format!("[{{\"{}\":", self.public)),
            Fault::Reset,
            Fault::CutOff,
        ]
    }
}

#[test]
fn no_failure_shows_a_secret() {
    let psa = serve(|_| {});
    psa.network("timeout_ms = 5000\ntotal_ms = 300\npause_ms = 1\n");
    let auditor = Sent { public: PUBLIC, private: PRIVATE }.failures();
    let own = Sent { public: OWN_PUBLIC, private: OWN_PRIVATE }.failures();
    for (number, (auditor, own)) in auditor.into_iter().zip(own).enumerate() {
        // The company's own information is asked for without a key.
        for endpoint in ["/system/", "/members"] {
            for (turn, command) in COMMANDS.iter().enumerate() {
                // Forms of a command differ too little to try each with every fault at both.
                let lot = usize::from(endpoint == "/members") * 2;
                if (number + turn) % 4 != lot {
                    continue;
                }
                // Doctor without the auditor's key: an answer repeats the key that was sent.
                let is_doctor = command[0] == "doctor" && !command.contains(&"--roles");
                let fault = if is_doctor { &own } else { &auditor };
                psa.sim.set_fault(endpoint, When::Always, fault.clone());
                let ran = keyed(&psa, &[command, &["-vvv"][..]].concat());
                let ran = if is_doctor { ran.env("LEASTWISE_PUBLIC_KEY", "") } else { ran }.run();
                psa.sim.clear_faults();
                assert_silent(psa.folder.path(), &ran, &format!("{command:?} with {fault:?} at {endpoint}"));
            }
        }
    }
}

#[test]
fn a_psa_that_sends_a_key_for_a_name_is_not_repeated() {
    let psa = serve(|snapshot| {
        snapshot["roles"][0]["name"] = json!(format!("Admin {PRIVATE}"));
        snapshot["api_members"][0]["name"] = json!(format!("{PUBLIC} of {CLIENT_ID}"));
    });
    // A client knows the key that it sends, and no other.
    for command in COMMANDS.iter().filter(|command| command[0] != "doctor") {
        let ran = keyed(&psa, command).run();
        assert!(ran.code <= 1, "{command:?}: {}", ran.stderr);
        assert_silent(psa.folder.path(), &ran, &format!("{command:?}"));
    }
    let ran = keyed(&psa, &["audit", "--format", "json"]).run();
    assert!(ran.stdout.contains("Admin ***"), "{}", ran.stdout);
}

#[test]
fn wherever_a_key_comes_from_it_is_not_shown() {
    let psa = serve(|_| {});
    let keys = tempfile::tempdir().expect("a folder");
    let file = keys.path().join("key.txt");
    fs::write(&file, format!("{PRIVATE}\n")).expect("a file");
    let path = file.display();
    for source in [
        format!("private_key_file = \"{path}\"\n"),
        "private_key_env = \"OTHER_KEY\"\n".to_owned(),
        format!("private_key_command = [\"cat\", \"{path}\"]\n"),
    ] {
        psa.config(&format!("[tenant.sim]\n{source}[tenant.sim.network]\n{QUICK}"));
        for args in [
            &["audit", "-vvv"][..],
            &["audit", "--format", "json"],
            &["doctor", "--integration", "cisco-umbrella"],
        ] {
            let ran = keyed(&psa, args).env("LEASTWISE_PRIVATE_KEY", "").env("OTHER_KEY", PRIVATE).run();
            assert_eq!(ran.code, 0, "{source}: {}", ran.stderr);
            assert_silent(psa.folder.path(), &ran, &format!("{args:?} with {source}"));
        }
    }
}

#[test]
fn a_source_that_gives_no_key_is_named_without_what_it_gave() {
    let psa = serve(|_| {});
    let keys = tempfile::tempdir().expect("a folder");
    fs::write(keys.path().join("blank.txt"), " \n").expect("a file");
    fs::write(keys.path().join("bytes.txt"), b"\xFFcanary\xFF").expect("a file");
    fs::write(keys.path().join("two.txt"), "canary-one\ncanary-two\n").expect("a file");
    let folder = keys.path().display();
    for (source, sentence) in [
        (format!("private_key_file = \"{folder}/none.txt\""), "the private key should come from the file"),
        (format!("private_key_file = \"{folder}/blank.txt\""), "which holds nothing"),
        (format!("private_key_file = \"{folder}/bytes.txt\""), "which is no text: save it as UTF-8"),
        (format!("private_key_file = \"{folder}/two.txt\""), "holds a blank or a line break"),
        ("private_key_env = \"canary-itself\"".to_owned(), "the variable that `private_key_env` names"),
        ("private_key = \"canary\"".to_owned(), "`private_key` is in the file in clear"),
        (
            "private_key_command = [\"false\", \"canary\"]".to_owned(),
            "the command that `private_key_command` names: it ended with",
        ),
        (
            "private_key_command = [\"no-such-program\", \"canary\"]".to_owned(),
            "the command that `private_key_command` names",
        ),
    ] {
        let config = tempfile::tempdir().expect("a folder");
        let path = config.path().join("leastwise.toml");
        fs::write(&path, format!("[tenant.sim]\n{source}\n")).expect("a config");
        let path = path.display().to_string();
        let ran = keyed(&psa, &["audit", "--config", &path, "-vvv"]).env("LEASTWISE_PRIVATE_KEY", "").run();
        assert_eq!(ran.code, 2, "{source}: {}", ran.stderr);
        assert!(ran.stderr.contains(sentence), "{source}: {}", ran.stderr);
        assert_silent(psa.folder.path(), &ran, &source);
    }
}

#[test]
fn a_key_that_was_typed_where_none_belongs_is_not_repeated() {
    let psa = serve(|_| {});
    for command in [
        &["audit"][..],
        &["doctor", "--integration", "cisco-umbrella", "--bundle", "b.md"],
        &["snapshot", "-o", "x.json"],
        &["checklist", "--integration", "cisco-umbrella"],
    ] {
        for wrong in [
            &["--private-key", PRIVATE][..],
            &["--site", "https://me:canary@psa.example.org"],
            &["--site", "https://me:canary@"],
            &["--site", "me:canary@host:99999"],
            &["--site", "http://psa.example.org/?privateKey=canary"],
            &["--company", "acme+canary:canary"],
        ] {
            let ran = keyed(&psa, &[command, wrong].concat()).run();
            assert_eq!(ran.code, 2, "{command:?} {wrong:?}: {}", ran.stderr);
            assert_silent(psa.folder.path(), &ran, &format!("{command:?} {wrong:?}"));
        }
    }
}

/// Arguments can be read by every user of a machine.
#[test]
fn no_argument_takes_a_key() {
    fn check(command: &Command, checked: &mut usize) {
        for argument in command.get_arguments() {
            let name = argument.get_id().as_str().to_lowercase();
            for word in ["key", "secret", "password", "token", "credential", "client_id"] {
                assert!(!name.contains(word), "{}: {name}", command.get_name());
            }
            *checked += 1;
        }
        command.get_subcommands().for_each(|own| check(own, checked));
    }
    let mut checked = 0;
    check(&Cli::command(), &mut checked);
    assert!(checked > 50, "{checked}");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let psa = serve(|_| {});
    let keys = tempfile::tempdir().expect("a folder");
    let file = keys.path().join("key.txt");
    fs::write(&file, PRIVATE).expect("a file");
    psa.config(&format!(
        "[tenant.sim]\nprivate_key_file = \"{0}\"\n[tenant.sim.network]\n{QUICK}",
        file.display()
    ));
    for (mode, warned) in
        [(0o600, false), (0o400, false), (0o440, false), (0o640, true), (0o604, true), (0o644, true)]
    {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
        let ran = psa.leastwise(&["audit"]).env("LEASTWISE_PRIVATE_KEY", "").run();
        let said = "warning: the private key is in the file that `private_key_file` names, which others may read: chmod 600 that file";
        assert_eq!((ran.code, ran.stderr.contains(said)), (0, warned), "{mode:o}: {}", ran.stderr);
        // A file that is not used is nobody's business.
        let ran = psa.leastwise(&["audit"]).run();
        assert!(!ran.stderr.contains("others may read"), "{}", ran.stderr);
    }
}
