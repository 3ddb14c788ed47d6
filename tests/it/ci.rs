//! What is ready to paste into a CI is well formed, and keeps the key away from pull requests.

use std::process::Command;

use yaml_rust2::Yaml;

use crate::support::leastwise;
use crate::workflow::{blocks, job, named, read, steps, text, workflow, yaml};

/// Every script of the page and of the action: (where, text).
fn scripts() -> Vec<(String, String)> {
    fn walk(value: &Yaml, found: &mut Vec<String>) {
        for (key, value) in value.as_hash().into_iter().flatten() {
            match (key.as_str(), value) {
                (Some("run" | "bash"), Yaml::String(script)) => found.push(script.clone()),
                (Some("script"), Yaml::Array(lines)) => found.extend(lines.iter().filter_map(text)),
                _ => walk(value, found),
            }
        }
        value.as_vec().into_iter().flatten().for_each(|value| walk(value, found));
    }
    let mut all = Vec::new();
    for (at, block) in blocks("yaml").iter().enumerate() {
        let mut found = Vec::new();
        walk(&yaml(block), &mut found);
        all.extend(found.into_iter().map(|script| (format!("docs/ci.md, block {at}"), script)));
    }
    let mut found = Vec::new();
    walk(&yaml(&read("action.yml")), &mut found);
    all.extend(found.into_iter().map(|script| ("action.yml".to_owned(), script)));
    all.extend(blocks("sh").into_iter().map(|script| ("docs/ci.md, sh".to_owned(), script)));
    assert!(all.len() > 15, "{}", all.len());
    all
}

#[test]
fn every_script_is_a_script() {
    for (place, script) in scripts() {
        let checked = Command::new("bash").args(["-n", "-c", &script]).output().expect("bash");
        assert!(checked.status.success(), "{place}: {}", String::from_utf8_lossy(&checked.stderr));
    }
    for block in blocks("toml") {
        block.parse::<toml::Table>().unwrap_or_else(|error| panic!("{error}: {block}"));
    }
}

/// Words that look like options of leastwise, in the commands of the page.
#[test]
fn every_command_of_leastwise_has_the_options_that_it_is_given() {
    let powershell = blocks("powershell").into_iter().map(|script| ("docs/ci.md".to_owned(), script));
    let hooks = blocks("yaml").into_iter().map(|block| ("docs/ci.md".to_owned(), block));
    let mut checked = 0;
    for (place, script) in scripts().into_iter().chain(powershell).chain(hooks) {
        let joined = script.replace("\\\n", " ");
        for command in joined.lines().flat_map(|line| line.split("leastwise ").skip(1)) {
            let name = command.split_whitespace().next().unwrap_or_default();
            if !["audit", "snapshot", "diff", "gate"].contains(&name) {
                continue;
            }
            let help = leastwise([name, "--help"]).run().stdout;
            let own = command.split(['|', ';']).next().unwrap_or_default();
            for option in own.split_whitespace().filter(|word| word.starts_with("--")) {
                assert!(help.contains(option), "{place}: leastwise {name} has no {option}");
                checked += 1;
            }
        }
    }
    assert!(checked > 25, "{checked}");
    // The action builds its command line word by word.
    let help = leastwise(["audit", "--help"]).run().stdout + &leastwise(["gate", "--help"]).run().stdout;
    let action = read("action.yml");
    let words = action.split(|c: char| c.is_whitespace() || "()\"".contains(c));
    let of_cargo = ["--quiet", "--locked", "--path", "--root", "--profile", "--no-self-update"];
    for option in words.filter(|word| word.starts_with("--") && !of_cargo.contains(word)) {
        assert!(help.contains(option), "action.yml: {option}");
    }
}

#[test]
fn actions_are_pinned_and_workflows_say_what_they_may() {
    for name in ["leastwise watch", "leastwise gate"] {
        let workflow = workflow(name);
        assert!(workflow["permissions"].as_hash().is_some(), "{name}");
        for (job, _) in workflow["jobs"].as_hash().expect("jobs") {
            let job = job.as_str().expect("a name");
            assert!(workflow["jobs"][job]["timeout-minutes"].as_i64().is_some(), "{job}");
            assert!(workflow["jobs"][job]["permissions"].is_badvalue());
            for step in steps(&workflow["jobs"][job]["steps"]) {
                assert!(step.uses.as_deref().is_none_or(is_pinned), "{:?}", step.uses);
            }
        }
    }
    for step in steps(&yaml(&read("action.yml"))["runs"]["steps"]) {
        assert!(step.uses.as_deref().is_none_or(is_pinned), "{:?}", step.uses);
    }
}

fn is_pinned(uses: &str) -> bool {
    let (name, commit) = uses.split_once('@').expect("a version");
    let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
    is_commit || (name, commit) == ("OWNER/leastwise", "COMMIT")
}

/// The key is in one step of one job, which no pull request starts; a pull request decides nothing about
/// itself.
#[test]
fn the_key_is_out_of_reach_of_a_pull_request() {
    let watch = workflow("leastwise watch");
    let triggers: Vec<_> = watch["on"].as_hash().expect("triggers").keys().filter_map(Yaml::as_str).collect();
    assert_eq!(triggers, ["schedule", "workflow_dispatch"]);
    assert_eq!(watch["jobs"]["watch"]["environment"].as_str(), Some("psa"));
    let on_main = watch["jobs"]["watch"]["if"].as_str().expect("a condition");
    assert_eq!(on_main, "github.ref_name == github.event.repository.default_branch");
    let with_secrets: Vec<_> =
        job(&watch, "watch").into_iter().filter(|step| format!("{step:?}").contains("secrets.")).collect();
    assert_eq!(with_secrets.len(), 1);
    assert!(with_secrets[0].run.as_deref().expect("a script").starts_with("leastwise snapshot"));
    let all = blocks("yaml");
    let gate = all.iter().find(|block| block.starts_with("name: leastwise gate\n")).expect("the gate");
    assert!(!gate.contains("secrets.") && !gate.contains("pull_request_target"));
    let steps = job(&workflow("leastwise gate"), "pull-request");
    let judge = named(&steps, "Judge it by the base branch's rules and waivers");
    // What decides is found by the gate itself; the page gives it no file of the pull request.
    assert_eq!(judge.with["gate"], "true");
    for input in ["config", "waivers-from", "baseline", "rules-dir", "snapshot"] {
        assert!(!judge.with.contains_key(input), "{input}");
    }
    assert!(steps.iter().all(|step| step.run.is_none()), "nothing else is run beside what is checked out");
    assert_eq!(steps[0].with["fetch-depth"], "0", "the base branch is there");
    assert_eq!(steps[0].with["persist-credentials"], "false");
}

/// The pipelines of the other services: the gate has no key, and nothing of the folder decides.
#[test]
fn no_gate_reads_what_is_checked_out() {
    let all = blocks("yaml");
    let gitlab = yaml(all.iter().find(|block| block.starts_with("default:\n")).expect("GitLab's"));
    let azure = yaml(all.iter().find(|block| block.starts_with("trigger: none\n")).expect("Azure's"));
    let script: Vec<_> =
        gitlab["gate"]["script"].as_vec().expect("a script").iter().filter_map(text).collect();
    assert!(script.iter().any(|line| line.starts_with("leastwise gate")), "{script:?}");
    let stage =
        azure["stages"].as_vec().expect("stages").iter().find(|own| own["stage"].as_str() == Some("gate"));
    let gate = &stage.expect("the gate")["jobs"][0];
    assert!(gate["variables"].is_badvalue(), "no group of variables");
    let shown = format!("{script:?}{gate:?}");
    assert!(shown.contains("leastwise gate"), "{shown}");
    for decides in ["--config", "--waivers-from", "--rules-dir", "--baseline", "--snapshot", "worktree"] {
        assert!(!shown.contains(decides), "{decides}");
    }
    assert!(gitlab["default"]["image"].as_str().expect("an image").contains("@sha256:"));
    for job in azure["stages"].as_vec().expect("stages").iter().map(|stage| &stage["jobs"][0]) {
        let install = job["steps"].as_vec().expect("steps").iter();
        let install =
            install.filter(|step| step["bash"].as_str().is_some_and(|own| own.contains("cargo install")));
        for step in install.clone() {
            assert_eq!(step["workingDirectory"].as_str(), Some("$(Agent.TempDirectory)"));
            assert!(step["env"]["RUSTUP_TOOLCHAIN"].as_str().is_some());
        }
        assert_eq!(install.count(), 1);
    }
}

/// What the page asks for, of which no test can hold that somebody did it.
#[test]
fn the_page_says_who_must_approve_the_pipeline_itself() {
    let page = read("docs/ci.md");
    for (service, words) in [
        ("| GitHub |", &["CODEOWNERS", "`/.github/`", "`/rules/`", "Deployment branches", "Code Owners"][..]),
        ("| GitLab |", &["CI/CD configuration file", "Protected", "Pipelines must succeed"]),
        ("| Azure |", &["Branch control", "/azure-pipelines.yml", "included reviewers", "builds of forks"]),
    ] {
        let row = page.lines().find(|line| line.starts_with(service)).expect("a row");
        assert!(words.iter().all(|word| row.contains(word)), "{row}");
    }
}

/// A toolchain file, cargo's own settings and programs in the checked-out folder: none is looked at, because
/// the step runs elsewhere and names its toolchain.
#[cfg(unix)]
#[test]
fn the_install_step_runs_nothing_of_the_checked_out_folder() {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use crate::workflow::Runner;

    let root = tempfile::TempDir::new().expect("a folder");
    let path = |name: &str| root.path().join(name);
    for name in ["action", "bin", "temp", "work/.cargo", "work/bin"] {
        fs::create_dir_all(path(name)).expect("a folder");
    }
    let program = |place: &Path, text: &str| {
        fs::write(place, text).expect("written");
        fs::set_permissions(place, fs::Permissions::from_mode(0o755)).expect("executable");
    };
    let noted = path("noted");
    for name in ["cargo", "rustup"] {
        let text = format!("#!/bin/sh\necho \"{name} $PWD $RUSTUP_TOOLCHAIN $*\" >> '{}'\n", noted.display());
        program(&path("bin").join(name), &text);
        program(&path("work").join(name), "#!/bin/sh\nexit 9\n");
    }
    program(&path("work/bin/leastwise"), "#!/bin/sh\nexit 0\n");
    fs::write(path("work/rust-toolchain.toml"), "[toolchain]\npath = \"tc\"\n").expect("written");
    fs::write(path("work/.cargo/config.toml"), "[build]\nrustc = \"evil\"\n").expect("written");
    let action = yaml(&read("action.yml"));
    let list = &action["runs"]["steps"];
    let at =
        list.as_vec().expect("steps").iter().find(|step| step["name"].as_str() == Some("Install leastwise"));
    assert_eq!(at.expect("the step")["working-directory"].as_str(), Some("${{ github.action_path }}"));
    let all = steps(list);
    let (action, temp) = (path("action"), path("temp"));
    let search = format!("{}:/usr/bin:/bin", path("bin").display());
    let runner = Runner { folder: &action, temp: &temp, env: BTreeMap::from([("PATH".to_owned(), search)]) };
    let step = named(&all, "Install leastwise");
    let mut env = step.env.clone();
    env.insert("GITHUB_PATH".to_owned(), temp.join("path").display().to_string());
    let ran = runner.run(step, &env);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let noted = fs::read_to_string(noted).expect("they ran");
    let (place, toolchain) = (action.display().to_string(), &step.env["RUSTUP_TOOLCHAIN"]);
    for line in noted.lines() {
        assert!(line.contains(&format!(" {place} {toolchain} ")), "{line}");
    }
    assert!(noted.lines().last().expect("cargo").starts_with("cargo "), "{noted}");
    // And what is run afterwards is what was built, by its whole path.
    let audit = named(&all, "Audit").run.as_deref().expect("a script");
    assert!(audit.contains("\"$RUNNER_TEMP/leastwise/bin/leastwise\" \"${arguments[@]}\""), "{audit}");
}
