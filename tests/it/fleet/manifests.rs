//! The page for many tenants: its workflow and its Kubernetes Job are well formed, and the arguments
//! that they give are run.

use std::fs;
use std::process::Command;

use leastwise::config::Config;
use yaml_rust2::Yaml;

use super::psas::Fleet;
use crate::tiny::library;
use crate::workflow::{read, text, yaml};

/// The block of docs/fleet.md that is this file.
fn file(name: &str) -> String {
    let page = read("docs/fleet.md");
    let block = page.split(&format!("`{name}`:\n\n```yaml\n")).nth(1);
    let block = block.unwrap_or_else(|| panic!("the page shows no {name}"));
    block.split("\n```").next().expect("a block").to_owned()
}

fn texts(list: &Yaml) -> Vec<String> {
    list.as_vec().into_iter().flatten().filter_map(text).collect()
}

#[test]
fn the_config_of_the_page_is_read() {
    let page = read("docs/fleet.md");
    let block = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a config");
    let config = Config::parse("leastwise.toml", block, library()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(config.tenants["acme"].tags, ["emea", "gold"]);
    assert_eq!(config.tenants.len(), 2);
}

#[test]
fn the_workflow_runs_every_shard_once_and_joins_them() {
    let workflow = yaml(&file(".github/workflows/leastwise-fleet.yml"));
    let shards = texts(&workflow["jobs"]["shard"]["strategy"]["matrix"]["shard"]);
    assert_eq!(shards, ["1/4", "2/4", "3/4", "4/4"]);
    assert_eq!(workflow["jobs"]["shard"]["strategy"]["fail-fast"].as_bool(), Some(false));
    let joined = &workflow["jobs"]["joined"];
    assert_eq!((joined["needs"].as_str(), joined["if"].as_str()), (Some("shard"), Some("always()")));
    let scripts: Vec<_> = ["shard", "joined"]
        .iter()
        .flat_map(|job| workflow["jobs"][*job]["steps"].as_vec().cloned().unwrap_or_default())
        .filter_map(|step| text(&step["run"]))
        .collect();
    assert_eq!(scripts.len(), 2);
    for script in &scripts {
        let checked = Command::new("bash").args(["-n", "-c", script]).output().expect("bash");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        assert!(!script.contains("${{"), "what others name never becomes part of a script: {script}");
    }
    assert!(scripts[1].starts_with("leastwise report --gate --format markdown "), "{}", scripts[1]);
}

fn container(job: &Yaml) -> &Yaml {
    &job["spec"]["template"]["spec"]["containers"][0]
}

#[test]
fn the_job_has_no_privilege_and_its_keys_are_files() {
    let job = yaml(&file("leastwise-fleet.yaml"));
    assert_eq!(job["kind"].as_str(), Some("Job"));
    assert_eq!(job["spec"]["completionMode"].as_str(), Some("Indexed"));
    assert_eq!(job["spec"]["completions"], job["spec"]["parallelism"]);
    let (pod, container) = (&job["spec"]["template"]["spec"], container(&job));
    assert_eq!(pod["automountServiceAccountToken"].as_bool(), Some(false));
    assert_eq!(pod["securityContext"]["runAsNonRoot"].as_bool(), Some(true));
    let dockerfile = read("Dockerfile");
    let user = pod["securityContext"]["runAsUser"].as_i64().expect("a user");
    assert!(dockerfile.contains(&format!("USER {user}:{user}")), "the image's own user");
    let context = &container["securityContext"];
    assert_eq!(context["readOnlyRootFilesystem"].as_bool(), Some(true));
    assert_eq!(context["allowPrivilegeEscalation"].as_bool(), Some(false));
    assert_eq!(texts(&context["capabilities"]["drop"]), ["ALL"]);
    let environment = container["env"].as_vec().expect("an environment");
    assert!(environment.iter().all(|one| one["name"].as_str() == Some("INDEX")), "no key is in it");
    let mounted = |name: &str| {
        let mounts = container["volumeMounts"].as_vec().expect("mounts");
        mounts.iter().find(|mount| mount["name"].as_str() == Some(name)).expect("a mount").clone()
    };
    assert_eq!(mounted("keys")["readOnly"].as_bool(), Some(true));
    let volumes = pod["volumes"].as_vec().expect("volumes");
    let keys = volumes.iter().find(|volume| volume["name"].as_str() == Some("keys")).expect("the keys");
    assert_eq!(keys["secret"]["defaultMode"].as_i64(), Some(0o440));
}

/// Runs what each pod would, with the folders of a test for its volumes.
#[test]
fn the_pods_together_audit_every_tenant_once() {
    let fleet = Fleet::start(12, 100);
    let job = yaml(&file("leastwise-fleet.yaml"));
    let pods = job["spec"]["completions"].as_i64().expect("a number");
    let config = fleet.path("leastwise.toml");
    let mut reports = Vec::new();
    for index in 0..pods {
        let args: Vec<_> = texts(&container(&job)["args"])
            .iter()
            .map(|arg| arg.replace("$(INDEX)", &index.to_string()))
            .map(|arg| arg.replace("/etc/leastwise/leastwise.toml", &config.display().to_string()))
            .map(|arg| arg.replace("/reports/", ""))
            .collect();
        let ran = fleet.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stderr, "");
        reports.push(format!("{index}.json"));
    }
    assert!(reports.iter().all(|name| fs::metadata(fleet.path(name)).is_ok()));
    let args: Vec<_> = ["report", "--gate", "--format", "json"]
        .into_iter()
        .chain(reports.iter().map(String::as_str))
        .collect();
    let joined = fleet.run(&args);
    assert_eq!((joined.code, joined.stderr.as_str()), (0, ""));
    assert_eq!(joined.json()["roll_up"]["tenants"], 12);
    assert_eq!(joined.json()["tenants"].as_array().map(Vec::len), Some(12));
}
