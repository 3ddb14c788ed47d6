//! The whole story, with the built program, a simulated PSA, a scratch git repository, and the very
//! scripts of docs/ci.md and action.yml: clean, committed, somebody widens a role, the job fails and
//! names the line, and a waiver on the main branch lets it through until its day.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;
use tempfile::TempDir;

use crate::psa::Psa;
use crate::workflow::{Runner, Step, job, named, read, steps, workflow, yaml};

/// The role Parapluie of the clean tenant.
const ROLE: i64 = 21;

struct Story {
    psa: Psa,
    root: TempDir,
}

impl Story {
    /// A repository whose main branch holds a config and a first snapshot of a clean tenant, and a
    /// bare one that it pushes to.
    fn begin() -> Self {
        let story = Self { psa: Psa::parapluie(), root: TempDir::new().expect("a folder") };
        for folder in ["bin", "temp"] {
            fs::create_dir(story.path(folder)).expect("a folder");
        }
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_leastwise"), story.path("bin/leastwise"))
            .expect("a link");
        // `gh` is what reaches GitHub; here it notes what it was asked for.
        let gh = format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{}'\n", story.path("gh.log").display());
        fs::write(story.path("bin/gh"), gh).expect("written");
        fs::set_permissions(story.path("bin/gh"), fs::Permissions::from_mode(0o755)).expect("executable");
        story.git(story.root.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "origin.git"]);
        story.git(story.root.path(), &["clone", "--quiet", "origin.git", "repository"]);
        let repository = story.repository();
        story.git(&repository, &["switch", "--quiet", "-c", "main"]);
        let site = &story.psa.env()["LEASTWISE_SITE"];
        let company = &story.psa.env()["LEASTWISE_COMPANY"];
        let config = format!("[tenant.it]\nsite = \"{site}\"\ncompany = \"{company}\"\n");
        fs::write(repository.join("leastwise.toml"), config).expect("written");
        fs::create_dir(repository.join("snapshots")).expect("a folder");
        let taken = story.leastwise(&["snapshot", "-o", "snapshots/acme.json"]);
        assert_eq!(code(&taken), 0, "{}", err(&taken));
        story.commit("The first snapshot");
        story.git(&repository, &["push", "--quiet", "origin", "main"]);
        story
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn repository(&self) -> PathBuf {
        self.path("repository")
    }

    fn env(&self) -> BTreeMap<String, String> {
        let path = std::env::var("PATH").expect("a path");
        let mut env = BTreeMap::from([
            ("PATH".to_owned(), format!("{}:{path}", self.path("bin").display())),
            ("HOME".to_owned(), self.root.path().display().to_string()),
            ("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned()),
            ("CI".to_owned(), "true".to_owned()),
        ]);
        for role in ["AUTHOR", "COMMITTER"] {
            env.insert(format!("GIT_{role}_NAME"), "nobody".to_owned());
            env.insert(format!("GIT_{role}_EMAIL"), "nobody@example.com".to_owned());
        }
        env
    }

    fn git(&self, folder: &Path, args: &[&str]) -> String {
        let ran = Command::new("git")
            .args(args)
            .current_dir(folder)
            .env_clear()
            .envs(self.env())
            .output()
            .expect("git");
        assert!(ran.status.success(), "git {args:?}: {}", err(&ran));
        String::from_utf8(ran.stdout).expect("text")
    }

    fn commit(&self, message: &str) {
        self.git(&self.repository(), &["add", "--all"]);
        self.git(&self.repository(), &["commit", "--quiet", "-m", message]);
    }

    fn leastwise(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
        command.args(args).current_dir(self.repository()).env_clear().envs(self.env()).envs(self.psa.env());
        command.output().expect("it runs")
    }

    fn runner<'r>(&self, folder: &'r Path, temp: &'r Path) -> Runner<'r> {
        Runner { folder, temp, env: self.env() }
    }

    /// The watch job: its scripts in order, as far as their conditions let them. The verdict's exit code,
    /// where there was one.
    fn watch(&self) -> Watched {
        let steps = job(&workflow("leastwise watch"), "watch");
        let (repository, temp) = (self.repository(), TempDir::new().expect("a folder"));
        let runner = self.runner(&repository, temp.path());
        let keys: BTreeMap<_, _> =
            self.psa.env().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let read = runner.run(named(&steps, "Read the tenant"), &keys);
        assert_eq!(code(&read), 0, "{}", err(&read));
        let compared = runner.run(named(&steps, "Compare it with the committed one"), &BTreeMap::new());
        assert_eq!(code(&compared), 0, "{}", err(&compared));
        let changed = runner.outputs()["changed"] == "1";
        if !changed {
            return Watched { changed, verdict: None };
        }
        let proposed = runner.run(named(&steps, "Propose the new snapshot"), &BTreeMap::new());
        assert_eq!(code(&proposed), 0, "{}", err(&proposed));
        let judge = named(&steps, "Judge the change");
        let mut given = judge.with.clone();
        given.insert("baseline".to_owned(), temp.path().join("before.json").display().to_string());
        Watched { changed, verdict: Some(audit(&runner, &given)) }
    }

    /// The gate on a pull request that proposes this branch.
    fn gate(&self, branch: &str) -> Verdict {
        let steps = job(&workflow("leastwise gate"), "pull-request");
        let (root, temp) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
        let head = root.path().join("head");
        let origin = self.path("origin.git").display().to_string();
        let target = head.display().to_string();
        self.git(root.path(), &["clone", "--quiet", "--branch", branch, &origin, &target]);
        let mut runner = self.runner(&head, temp.path());
        runner.env.insert("GITHUB_BASE_REF".to_owned(), "main".to_owned());
        let judge = named(&steps, "Judge it by the base branch's rules and waivers");
        audit(&runner, &judge.with)
    }
}

struct Watched {
    changed: bool,
    verdict: Option<Verdict>,
}

/// What the audit of `action.yml` said, and how it ended.
struct Verdict {
    code: i32,
    log: String,
    summary: String,
}

/// Runs the audit and the verdict of `action.yml` with these inputs.
fn audit(runner: &Runner<'_>, given: &BTreeMap<String, String>) -> Verdict {
    let action = yaml(&read("action.yml"));
    let all: Vec<Step> = steps(&action["runs"]["steps"]);
    // Where the action installs it; what else is on the PATH is not run.
    let bin = runner.temp.join("leastwise/bin");
    fs::create_dir_all(&bin).expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_leastwise"), bin.join("leastwise")).expect("a link");
    let step = named(&all, "Audit");
    let ran = runner.run(step, &Runner::inputs(&action, step, given));
    assert_eq!(code(&ran), 0, "the step itself does not fail: {}", err(&ran));
    let outputs = runner.outputs();
    assert!(Path::new(&outputs["sarif"]).is_file());
    let verdict = named(&all, "Verdict");
    let ended = runner.run(verdict, &BTreeMap::from([("CODE".to_owned(), outputs["exit-code"].clone())]));
    Verdict {
        code: code(&ended),
        log: String::from_utf8(ran.stdout).expect("text"),
        summary: fs::read_to_string(runner.temp.join("summary.md")).unwrap_or_default(),
    }
}

fn code(ran: &Output) -> i32 {
    ran.status.code().expect("a code")
}

fn err(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).into_owned()
}

#[test]
fn from_a_clean_tenant_to_a_waiver_that_runs_out() {
    let story = Story::begin();
    let repository = story.repository();

    // Nothing changed: nothing is proposed.
    assert!(!story.watch().changed);
    assert!(!story.path("gh.log").exists());

    // Somebody widens the role.
    story.psa.sim.edit(|snapshot| {
        let roles = snapshot["roles"].as_array_mut().expect("roles");
        let role = roles.iter_mut().find(|role| role["id"] == ROLE).expect("the role");
        let settings = role["settings"].as_array_mut().expect("settings");
        let row = settings.iter_mut().find(|row| row["function"] == "Member Maintenance").expect("a row");
        row["edit"] = Value::from("All");
    });
    let watched = story.watch();
    assert!(watched.changed);
    let asked = fs::read_to_string(story.path("gh.log")).expect("gh was called");
    assert!(asked.starts_with("pr create --head leastwise/snapshot"), "{asked}");

    // The job fails, and names the line of the proposed snapshot.
    let verdict = watched.verdict.expect("a verdict");
    assert_eq!(verdict.code, 1, "{}", verdict.log);
    let annotation =
        verdict.log.lines().find(|line| line.starts_with("::error file=")).expect("an annotation");
    let line = annotation.split("line=").nth(1).and_then(|rest| rest.split(',').next()).expect("a line");
    let proposed = story.git(&repository, &["show", "leastwise/snapshot:snapshots/acme.json"]);
    let named = proposed.lines().nth(line.parse::<usize>().expect("a number") - 1).expect("the line");
    assert!(
        named.contains("\"function\":\"Member Maintenance\"") && named.contains("\"edit\":\"All\""),
        "{named}"
    );
    // It is the line that git shows as changed, beside the header.
    let diff = story.git(&repository, &["diff", "--unified=0", "main", "leastwise/snapshot"]);
    let changed: Vec<_> =
        diff.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert_eq!(changed[1], format!("+{named}"));

    // The gate of the pull request says the same, and offers the waiver.
    let refused = story.gate("leastwise/snapshot");
    assert_eq!(refused.code, 1, "{}", refused.log);
    assert!(
        refused.summary.contains("| widened ") || refused.summary.contains("Widened"),
        "{}",
        refused.summary
    );
    let snippet = refused.summary.split("`````toml\n").nth(1).and_then(|rest| rest.split("`````").next());
    let snippet = snippet.expect("a waiver to paste").to_owned();
    let today: Date = day_of(&snippet, "since");
    let waiver = |until: Date| {
        let since = today.checked_sub(10.days()).expect("a day");
        let dated = snippet
            .replace(&format!("since = {today}"), &format!("since = {since}"))
            .replace(&format!("expires = {}", day_of(&snippet, "expires")), &format!("expires = {until}"));
        let answered = dated.replace("reason = \"\"", "reason = \"CHG-7\"");
        format!("\n{}", answered.replace("owner = \"\"", "owner = \"secops\""))
    };
    let tomorrow = today.tomorrow().expect("a day");
    let config = fs::read_to_string(repository.join("leastwise.toml")).expect("the config");
    let config = config.split("\n[[waiver]]").next().expect("text").to_owned();

    // The pull request cannot waive itself.
    fs::write(repository.join("leastwise.toml"), format!("{config}{}", waiver(tomorrow))).expect("written");
    story.commit("Waive what this very change brings");
    story.git(&repository, &["push", "--quiet", "--force", "origin", "leastwise/snapshot"]);
    assert_eq!(story.gate("leastwise/snapshot").code, 1);

    // Merged into the main branch first, the waiver lets it through.
    let accept = |until: Date| {
        story.git(&repository, &["switch", "--quiet", "main"]);
        fs::write(repository.join("leastwise.toml"), format!("{config}{}", waiver(until))).expect("written");
        story.commit("Accept it for a while");
        story.git(&repository, &["push", "--quiet", "origin", "main"]);
    };
    accept(tomorrow);
    let accepted = story.gate("leastwise/snapshot");
    assert_eq!(accepted.code, 0, "{}", accepted.log);
    assert!(accepted.summary.contains("CHG-7"), "{}", accepted.summary);

    // Until its day.
    accept(today.yesterday().expect("a day"));
    let lapsed = story.gate("leastwise/snapshot");
    assert_eq!(lapsed.code, 1, "{}", lapsed.log);
    assert!(lapsed.log.contains("LW401"), "{}", lapsed.log);
}

fn day_of(snippet: &str, key: &str) -> Date {
    let line = snippet.lines().find_map(|line| line.strip_prefix(&format!("{key} = "))).expect("a day");
    line.parse().expect("a day")
}

#[test]
fn a_tenant_that_cannot_be_read_in_full_is_not_proposed() {
    let story = Story::begin();
    story.psa.sim.set_fault("/settings", psa_sim::When::Nth(2), psa_sim::Fault::status(403));
    let steps = job(&workflow("leastwise watch"), "watch");
    let (repository, temp) = (story.repository(), TempDir::new().expect("a folder"));
    let runner = story.runner(&repository, temp.path());
    let keys: BTreeMap<_, _> =
        story.psa.env().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let read = runner.run(named(&steps, "Read the tenant"), &keys);
    assert_eq!(code(&read), 4, "the step fails, and the job with it: {}", err(&read));
}

/// The pre-commit hook of the page, in a repository.
#[test]
fn the_hook_judges_what_is_about_to_be_committed() {
    let story = Story::begin();
    let repository = story.repository();
    let hook = crate::workflow::blocks("sh")
        .into_iter()
        .find(|block| block.starts_with("#!/bin/sh"))
        .expect("the hook");
    let path = repository.join(".git/hooks/pre-commit");
    fs::write(&path, hook).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    let commit = |message: &str| {
        story.git(&repository, &["add", "--all"]);
        let mut command = Command::new("git");
        command
            .args(["commit", "--quiet", "-m", message])
            .current_dir(&repository)
            .env_clear()
            .envs(story.env());
        command.output().expect("git")
    };
    let snapshot = repository.join("snapshots/acme.json");
    let text = fs::read_to_string(&snapshot).expect("the snapshot");
    fs::write(&snapshot, text.replace("\"tool\":\"leastwise ", "\"tool\":\"an older leastwise "))
        .expect("written");
    let clean = commit("Still clean");
    assert_eq!(code(&clean), 0, "{}", err(&clean));
    let admin = text.replacen(
        &format!("\"id\":{ROLE},\"name\":\"Parapluie\",\"type\":null,\"admin\":false"),
        &format!("\"id\":{ROLE},\"name\":\"Parapluie\",\"type\":null,\"admin\":true"),
        1,
    );
    assert_ne!(admin, text);
    fs::write(&snapshot, admin).expect("written");
    assert_ne!(code(&commit("Admin")), 0);
}
