//! Workflows as the pages and `action.yml` give them: their steps, and running the shell of one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use yaml_rust2::{Yaml, YamlLoader};

use crate::support::project;

/// A step of a job or of a composite action.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub name: String,
    pub uses: Option<String>,
    pub run: Option<String>,
    pub env: BTreeMap<String, String>,
    pub with: BTreeMap<String, String>,
}

/// One YAML document.
pub fn yaml(text: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

pub fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of docs/ci.md in one language.
pub fn blocks(language: &str) -> Vec<String> {
    let page = read("docs/ci.md");
    let fence = format!("```{language}\n");
    let starts = page.split(&fence).skip(1);
    starts.map(|rest| rest.split("```").next().expect("a block").to_owned()).collect()
}

/// The workflow of docs/ci.md with this name.
pub fn workflow(name: &str) -> Yaml {
    let all = blocks("yaml");
    let text = all.iter().find(|text| text.starts_with(&format!("name: {name}\n")));
    yaml(text.unwrap_or_else(|| panic!("no workflow {name}")))
}

pub fn text(value: &Yaml) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Integer(number) => Some(number.to_string()),
        Yaml::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn texts(value: &Yaml) -> BTreeMap<String, String> {
    let entries = value.as_hash().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((text(key)?, text(value)?))).collect()
}

/// The steps of a list.
pub fn steps(list: &Yaml) -> Vec<Step> {
    let step = |own: &Yaml| Step {
        name: text(&own["name"]).unwrap_or_default(),
        uses: text(&own["uses"]),
        run: text(&own["run"]),
        env: texts(&own["env"]),
        with: texts(&own["with"]),
    };
    list.as_vec().expect("steps").iter().map(step).collect()
}

/// The steps of a job of docs/ci.md.
pub fn job(workflow: &Yaml, job: &str) -> Vec<Step> {
    steps(&workflow["jobs"][job]["steps"])
}

/// The step of this name.
pub fn named<'s>(steps: &'s [Step], name: &str) -> &'s Step {
    steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("no step {name}"))
}

/// A place where steps run: their folder, what the runner gives them, and programs put in the way.
pub struct Runner<'r> {
    pub folder: &'r Path,
    pub temp: &'r Path,
    pub env: BTreeMap<String, String>,
}

impl Runner<'_> {
    /// Runs the shell of a step as GitHub does, with these variables beside its own.
    pub fn run(&self, step: &Step, env: &BTreeMap<String, String>) -> Output {
        let script = step.run.as_ref().expect("a script");
        assert!(!script.contains("${{"), "an expression in a script is run as part of it: {script}");
        self.bash(script, env)
    }

    pub fn bash(&self, script: &str, env: &BTreeMap<String, String>) -> Output {
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.folder)
            .env_clear()
            .envs(&self.env)
            .envs(env)
            .env("RUNNER_TEMP", self.temp)
            .env("GITHUB_OUTPUT", self.temp.join("output"))
            .env("GITHUB_STEP_SUMMARY", self.temp.join("summary.md"))
            .output()
            .expect("bash")
    }

    /// What the steps have put out so far.
    pub fn outputs(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(self.temp.join("output")).unwrap_or_default();
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.into(), value.into()))
            .collect()
    }

    /// The variables that `action.yml` makes of its inputs, given these.
    pub fn inputs(action: &Yaml, step: &Step, given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let of = |value: &str| {
            let name = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"))?;
            let default = text(&action["inputs"][name]["default"]).expect("a default");
            Some(given.get(name).cloned().unwrap_or(default))
        };
        step.env.iter().filter_map(|(key, value)| Some((key.clone(), of(value)?))).collect()
    }
}
