//! Promises of the pages that the source can be held to.

use std::fs;
use std::path::{Path, PathBuf};

use super::page::page;
use crate::support::project;

/// Words that name a way to the network.
const NETWORK: [&str; 6] = ["reqwest", "hyper", "TcpStream", "TcpListener", "UdpSocket", "tokio::net"];

/// The files below a folder, a line of whose code holds one of the words.
fn naming(folder: &str, words: &[&str]) -> Vec<String> {
    let mut sources = Vec::new();
    find(&project().join(folder), &mut sources);
    assert!(sources.len() > 50, "only {} files", sources.len());
    let mut named: Vec<_> = sources
        .iter()
        .filter(|path| {
            let text = fs::read_to_string(path).expect("a source file");
            let mut code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            code.any(|line| words.iter().any(|word| line.contains(word)))
        })
        .map(|path| path.strip_prefix(project()).expect("a path below the project").display().to_string())
        .collect();
    named.sort();
    named
}

#[test]
fn one_file_of_the_program_names_the_network() {
    assert_eq!(naming("src", &NETWORK), ["src/source/connectwise/transport.rs"]);
}

/// A config can name a program to fetch a key with; the gate reads commits with git; `--open` starts the
/// browser. Nothing else runs a program.
#[test]
fn three_files_of_the_program_run_programs() {
    assert_eq!(
        naming("src", &["process::Command", "process::{Command", "exec("]),
        ["src/commands/gate/objects.rs", "src/config/credentials.rs", "src/io/terminal.rs"]
    );
}

/// Every simulator is started where its record is held against GET when it ends, and no test wipes that.
#[test]
fn no_test_escapes_the_guard() {
    let start = [".st", "art()"].concat();
    assert_eq!(naming("tests/it", &[&start]), ["tests/it/psa.rs"]);
    let wipe = ["clear", "_requests"].concat();
    assert_eq!(naming("tests/it", &[&wipe]), [""; 0]);
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_other_way_to_send_is_forbidden_and_no_exception_is_made() {
    let bans = fs::read_to_string(project().join("clippy.toml")).expect("clippy.toml");
    for method in ["post", "put", "patch", "delete", "head", "request", "execute"] {
        assert!(
            bans.contains(&format!("\"reqwest::Client::{method}\"")),
            "clippy.toml lets {method} through"
        );
    }
    let transport =
        fs::read_to_string(project().join("src/source/connectwise/transport.rs")).expect("the file");
    assert!(!transport.contains("disallowed_methods"), "an exception is made");
    assert!(transport.contains("Policy::none()"), "redirects are followed");
}

/// A GET may hand out what opens doors, too.
#[test]
fn nothing_asks_for_what_opens_doors() {
    let src = project().join("src");
    let mut folders = vec![src];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("text").to_lowercase();
                let asks = |what: &str| {
                    text.contains(&format!("system/{what}")) || text.contains(&format!("/{what}\""))
                };
                let names = text.contains("memberhash") || asks("tokens");
                // Those that name them keep rule files from asking, and hold that no path of ours does.
                let guards = ["rules/forbidden.rs", "source/connectwise/endpoints.rs"];
                assert_eq!(names, guards.iter().any(|own| path.ends_with(own)), "{}", path.display());
            }
        }
    }
}

#[test]
fn the_readme_has_two_commands_and_ci_runs_them() {
    let section = page("README.md").section("## Try it");
    let commands: Vec<_> = section.blocks_in("sh").iter().map(|block| block.text.trim().to_owned()).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    let script = fs::read_to_string(project().join(".ci/run")).expect(".ci/run");
    for command in &commands {
        assert!(!command.contains('\n'), "more than one command: {command}");
        assert!(
            script.lines().any(|line| line.trim_start().starts_with(command.as_str())),
            ".ci/run does not run {command}"
        );
    }
    let last = script.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    assert_eq!(last, commands[1], "the tests run last");
    let workflow = fs::read_to_string(project().join(".github/workflows/ci.yml")).expect("the workflow");
    assert!(workflow.contains(".ci/run"));
}

#[test]
fn the_changelog_has_this_version() {
    let heading = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(page("CHANGELOG.md").text.lines().any(|line| line.starts_with(&heading)), "no {heading}");
}
