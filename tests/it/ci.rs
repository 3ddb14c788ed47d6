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
            if !["audit", "snapshot", "diff"].contains(&name) {
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
    let help = leastwise(["audit", "--help"]).run().stdout;
    let action = read("action.yml");
    let words = action.split(|c: char| c.is_whitespace() || "()\"".contains(c));
    for option in words
        .filter(|word| word.starts_with("--") && !["--quiet", "--locked", "--path", "--root"].contains(word))
    {
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
    for input in ["config", "waivers-from", "baseline"] {
        assert!(judge.with[input].starts_with("base/"), "{input}");
    }
    let base = steps.iter().find(|step| step.with.get("path").is_some_and(|path| path == "base"));
    assert_eq!(base.expect("the base branch").with["ref"], "${{ github.event.pull_request.base.sha }}");
}
