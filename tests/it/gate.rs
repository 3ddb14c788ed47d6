//! `leastwise gate`: the base decides, by git's objects, and nothing that is checked out is read or run.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::psa::fixture_path;
use crate::support::{Ran, leastwise};

/// A repository with a clean snapshot on `main`, and a branch of a pull request that is checked out.
struct Repository {
    root: TempDir,
}

impl Repository {
    fn new() -> Self {
        let own = Self { root: TempDir::new().expect("a folder") };
        own.git(&["init", "--quiet", "--initial-branch=main"]);
        own.write("snapshots/acme.json", &clean());
        own.write("README.md", "a\n");
        own.commit("begin");
        own.git(&["switch", "--quiet", "-c", "proposed"]);
        own
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn git(&self, args: &[&str]) -> String {
        let ran = Command::new("git")
            .args(["-c", "user.name=nobody", "-c", "user.email=nobody@example.com"])
            .args(args)
            .current_dir(self.root.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git");
        assert!(ran.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).expect("text")
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    /// Commits files on `main`, and comes back to the proposed branch.
    fn on_main(&self, files: &[(&str, &str)]) {
        self.git(&["switch", "--quiet", "main"]);
        for (name, text) in files {
            self.write(name, text);
        }
        self.commit("decided");
        self.git(&["switch", "--quiet", "proposed"]);
    }

    fn propose(&self, files: &[(&str, &str)]) {
        for (name, text) in files {
            self.write(name, text);
        }
        self.commit("proposed");
    }

    fn gate(&self, args: &[&str]) -> Ran {
        self.gate_with(args, &BTreeMap::new())
    }

    fn gate_with(&self, args: &[&str], env: &BTreeMap<&str, String>) -> Ran {
        let path = std::env::var("PATH").expect("a path");
        let mut run = leastwise(["gate", "--base", "refs/heads/main"].iter().chain(args).copied())
            .folder(self.root.path())
            .env("CI", "true")
            .env("PATH", &path);
        for (name, value) in env {
            run = run.env(name, value);
        }
        run.run()
    }
}

fn clean() -> String {
    fs::read_to_string(fixture_path("parapluie")).expect("the fixture")
}

/// The same tenant an hour later, with one permission that Umbrella's role did not have.
fn widened() -> String {
    let text = later(&clean());
    let mut is_role = false;
    let lines = text.lines().map(|line| {
        is_role |= line.contains("\"id\":21,\"name\":\"Parapluie\"");
        if is_role && line.contains("\"function\":\"Member Maintenance\"") {
            is_role = false;
            return line.replace("\"edit\":\"None\"", "\"edit\":\"All\"");
        }
        line.to_owned()
    });
    let made = lines.collect::<Vec<_>>().join("\n") + "\n";
    assert_ne!(made, text);
    made
}

fn later(text: &str) -> String {
    let made = text.replacen("\"taken_at\":\"2026-11-21T02", "\"taken_at\":\"2026-11-21T03", 1);
    assert_ne!(made, text);
    made
}

const WAIVER: &str = "[[waiver]]\ncheck = \"LW102\"\nrole_id = 21\nfunction = \"System / Member Maintenance\"\nverb = \"edit\"\nreason = \"CHG-9\"\nowner = \"secops\"\nsince = 2026-11-01\nexpires = 2026-12-31\n";

#[track_caller]
fn assert_refused(ran: &Ran, why: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
}

#[test]
fn what_is_new_fails_and_says_what_changed_first() {
    let repository = Repository::new();
    repository.propose(&[("snapshots/acme.json", &widened())]);
    let ran = repository.gate(&["--output", "out.md", "--output", "out.json", "--output", "out.sarif"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let (changed, found) = (ran.stdout.find("1 widened"), ran.stdout.find("LW102"));
    assert!(changed.expect("the comparison") < found.expect("the finding"), "{}", ran.stdout);
    let page = fs::read_to_string(repository.path("out.md")).expect("a page");
    assert!(page.contains("Member Maintenance") && page.contains("[[waiver]]"), "{page}");
    let read = |name: &str| fs::read_to_string(repository.path(name)).expect("a report");
    let report: Value = serde_json::from_str(&read("out.json")).expect("JSON");
    assert_eq!(report["tenants"][0]["source"]["path"], "snapshots/acme.json");
    assert!(read("out.sarif").contains("\"uri\": \"snapshots/acme.json\""));
}

#[test]
fn a_change_that_touches_no_snapshot_has_nothing_to_judge() {
    let repository = Repository::new();
    repository.propose(&[("leastwise.toml", WAIVER)]);
    let ran = repository.gate(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("no snapshot was changed"), "{}", ran.stderr);
    // Nor has one that began before the base's snapshot moved on.
    repository.on_main(&[("snapshots/acme.json", &later(&clean()))]);
    assert_eq!(repository.gate(&[]).code, 0);
}

#[test]
fn waivers_config_and_rule_files_are_the_bases() {
    let rule = "id = \"cisco-umbrella\"\nvendor = \"Cisco\"\nproduct = \"Umbrella\"\nsource = \"https://example.com\"\nread = 2026-11-01\n\n[match]\nroles = [\"Parapluie\"]\nmembers = [\"Umbrella\"]\n\n[needs.System]\n\"Member Maintenance\" = { edit = \"All\" }\n";
    let off = "[checks.LW102]\nseverity = \"off\"\n";
    let by_rules = "rules_dir = \"rules\"\n";
    for decided in [
        &[("leastwise.toml", WAIVER)][..],
        &[("leastwise.toml", off)],
        &[("leastwise.toml", by_rules), ("rules/umbrella.toml", rule)],
    ] {
        let speaks = |ran: &Ran| {
            let report = ran.json();
            let results = report["tenants"][0]["results"].as_array().expect("results").clone();
            results.iter().any(|result| {
                result["status"] == "fail"
                    && result["check"] == "LW102"
                    && result["function"] == "Member Maintenance"
                    && result["role"]["id"] == 21
            })
        };
        let repository = Repository::new();
        let mut files = decided.to_vec();
        let proposed = widened();
        files.push(("snapshots/acme.json", &proposed));
        repository.propose(&files);
        assert!(speaks(&repository.gate(&["--format", "json"])), "it decides about itself: {decided:?}");
        repository.on_main(decided);
        let ran = repository.gate(&["--format", "json"]);
        assert!(!speaks(&ran), "the base decided: {decided:?}: {}", ran.stdout);
    }
}

/// A config of one tenant of several may lie in a folder of its own, with its reviews.
#[test]
fn reviews_are_the_bases_wherever_its_config_is() {
    for config in ["leastwise.toml", "psa/leastwise.toml"] {
        let folder = config.trim_end_matches("leastwise.toml");
        let repository = Repository::new();
        let blanks = ["review", "--snapshot", "snapshots/acme.json", "--format", "toml"];
        let blanks = leastwise(blanks).folder(repository.root.path()).run().stdout;
        let keep = "decision = \"keep\"\nreason = \"r\"\nreviewer = \"Ann\"\ndate = 2026-11-22\n";
        let review = blanks.replacen("decision = \"\"\nreason = \"\"\nreviewer = \"\"\n", keep, 1);
        assert_ne!(review, blanks);
        let review = (format!("{folder}reviews/q4.toml"), review);
        let decided = || {
            let report = repository.gate(&["--config", config, "--format", "json"]).json();
            let keys = report["tenants"][0]["keys"].as_array().expect("keys").clone();
            keys.iter().find(|key| key["member"]["id"] == 251).expect("the key")["decided"].clone()
        };
        repository.propose(&[("snapshots/acme.json", &later(&clean())), (&review.0, &review.1)]);
        assert_eq!(decided(), Value::Null, "{config}: it decides about itself");
        repository.on_main(&[(config, ""), (&review.0, &review.1)]);
        assert_eq!(decided()["by"], "Ann", "{config}: the base decided");
    }
}

#[test]
fn a_widening_that_is_waived_fails_only_when_strict() {
    let repository = Repository::new();
    repository.on_main(&[("leastwise.toml", WAIVER)]);
    repository.propose(&[("snapshots/acme.json", &widened())]);
    assert_eq!(repository.gate(&[]).code, 0);
    assert_eq!(repository.gate(&["--strict"]).code, 1);
}

/// Each would make the gate compare the base with the base, or hang.
#[test]
fn a_link_is_refused_wherever_it_leads() {
    for target in ["../base/snapshots/acme.json", "../README.md", "/dev/zero", "nowhere"] {
        let repository = Repository::new();
        repository.write("base/snapshots/acme.json", &widened());
        fs::remove_file(repository.path("snapshots/acme.json")).expect("removed");
        symlink(target, repository.path("snapshots/acme.json")).expect("a link");
        repository.commit("a link");
        assert_refused(&repository.gate(&[]), "snapshots/acme.json is a symbolic link");
    }
    // The folder itself.
    let repository = Repository::new();
    repository.write("other/acme.json", &clean());
    fs::remove_dir_all(repository.path("snapshots")).expect("removed");
    symlink("other", repository.path("snapshots")).expect("a link");
    repository.commit("a link");
    assert_refused(&repository.gate(&[]), "watched by nobody");
}

#[test]
fn a_snapshot_that_is_gone_older_or_of_another_tenant_is_refused() {
    let repository = Repository::new();
    fs::remove_file(repository.path("snapshots/acme.json")).expect("removed");
    repository.commit("gone");
    assert_refused(&repository.gate(&[]), "its tenant would be watched by nobody");
    for (change, why) in [
        (("\"taken_at\":\"2026-11-21", "\"taken_at\":\"2026-11-20"), "name the earlier one first"),
        (("eu.myconnectwise.net", "na.myconnectwise.net"), "is of nimbus on eu.myconnectwise.net"),
    ] {
        let repository = Repository::new();
        repository.propose(&[("snapshots/acme.json", &clean().replacen(change.0, change.1, 1))]);
        assert_refused(&repository.gate(&[]), why);
    }
}

#[test]
fn a_new_snapshot_is_judged_whole() {
    let repository = Repository::new();
    let other = fs::read_to_string(fixture_path("acme-msp")).expect("the fixture");
    repository.propose(&[("snapshots/other.json", &other)]);
    let ran = repository.gate(&["--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.json()["tenants"][0]["baseline"].is_null());
}

#[test]
fn only_a_whole_name_says_which_commit_decides() {
    let repository = Repository::new();
    repository.propose(&[("snapshots/acme.json", &widened())]);
    // Anybody may push a tag, and git prefers it to a branch of the same name.
    repository.git(&["tag", "main"]);
    let gate = |base: &str| leastwise(["gate".to_owned(), format!("--base={base}")]);
    let path = std::env::var("PATH").expect("a path");
    let run = |base: &str| gate(base).folder(repository.root.path()).env("PATH", &path).run();
    for name in ["main", "tags/main", "origin/main", "HEAD~1", "-x", ""] {
        assert_refused(&run(name), "may be a branch or a tag");
    }
    assert_refused(&run("HEAD"), "compared with itself");
    assert_refused(&run(&"0".repeat(40)), "is not in this clone");
    let base = repository.git(&["rev-parse", "refs/heads/main"]);
    assert_eq!(run(base.trim()).code, 1);
}

#[test]
fn the_target_of_a_pull_request_is_known_from_the_service() {
    let repository = Repository::new();
    repository.propose(&[("snapshots/acme.json", &widened())]);
    repository.git(&["update-ref", "refs/remotes/origin/main", "refs/heads/main"]);
    let path = std::env::var("PATH").expect("a path");
    let run = |name: &str, value: &str| {
        leastwise(["gate"]).folder(repository.root.path()).env("PATH", &path).env(name, value).run()
    };
    for (name, value) in [
        ("GITHUB_BASE_REF", "main"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "main"),
    ] {
        assert_eq!(run(name, value).code, 1, "{name}");
    }
    assert_refused(&run("OTHER", "main"), "which commit decides is not known");
    assert_refused(&run("GITHUB_BASE_REF", "gone"), "refs/remotes/origin/gone is not in this clone");
}

/// Everything that git or a shell would run, were the checked-out folder its own.
#[test]
fn nothing_of_the_checked_out_folder_is_run_or_read() {
    let repository = Repository::new();
    repository.propose(&[
        ("snapshots/acme.json", &widened()),
        (".gitattributes", "*.json diff=evil filter=evil\n"),
        (".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c 'touch ran'\n"),
        ("leastwise.toml", "[tenant.it]\nprivate_key_command = [\"touch\", \"ran\"]\n"),
    ]);
    // A bare repository, which git would take for its own from inside of it.
    for (name, text) in [
        ("snapshots/HEAD", "ref: refs/heads/main\n"),
        ("snapshots/config", "[core]\n\tfsmonitor = \"touch ran\"\n\tpager = \"touch ran\"\n"),
        ("snapshots/refs/x", ""),
        ("snapshots/objects/x", ""),
    ] {
        repository.write(name, text);
    }
    let evil = "#!/bin/sh\ntouch ran\nexit 0\n";
    repository.write("git", evil);
    fs::set_permissions(repository.path("git"), fs::Permissions::from_mode(0o755)).expect("a mode");
    repository.commit("programs");
    // What is checked out differs from what is proposed, as a job before could have made it.
    repository.write("snapshots/acme.json", &clean());
    let path = std::env::var("PATH").expect("a path");
    let here = repository.root.path().display();
    let env = BTreeMap::from([
        ("PATH", format!("{here}:.:{path}")),
        ("GIT_DIR", repository.path("snapshots").display().to_string()),
        ("LEASTWISE_CONFIG", repository.path("leastwise.toml").display().to_string()),
    ]);
    let ran = repository.gate_with(&[], &env);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("Member Maintenance"), "what is proposed was judged: {}", ran.stdout);
    assert!(!repository.path("ran").exists() && !Path::new("ran").exists());
}

#[test]
fn without_git_or_repository_it_says_so() {
    let folder = TempDir::new().expect("a folder");
    let run = |path: &str| {
        leastwise(["gate", "--base", "refs/heads/main"]).folder(folder.path()).env("PATH", path).run()
    };
    assert_refused(&run("relative:/nowhere"), "there is no git on the PATH");
    assert_refused(&run(&std::env::var("PATH").expect("a path")), "is not in this clone");
}
