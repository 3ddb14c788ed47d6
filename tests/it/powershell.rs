//! PowerShell in pages and scripts: it parses, calls leastwise with options that exist, and reads no key in clear.
//! Where there is a PowerShell, the collector runs in it.

use std::fs;
use std::process::Command;

use clap::CommandFactory;
use leastwise::cli::Cli;
use tree_sitter::{Node, Parser, Tree};

use crate::docs::page::pages;
use crate::psa::Psa;
use crate::support::{leastwise, project};

fn parsed(code: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).expect("the grammar");
    parser.parse(code, None).expect("a tree")
}

/// Every piece of PowerShell that users get, and where it stands.
fn all() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in pages() {
        for block in page.blocks_in("powershell") {
            found.push((page.path.display().to_string(), block.text.to_owned()));
        }
    }
    // Valid without brackets too, which the grammar does not know.
    let script = leastwise(["completions", "powershell"]).run().stdout.replace(
        "$completions.Where{ $_.CompletionText -like \"$wordToComplete*\" }",
        "$completions.Where({ $_.CompletionText -like \"$wordToComplete*\" })",
    );
    found.push(("completions".to_owned(), script));
    let collector = "packaging/collect/collect.ps1";
    let text = fs::read_to_string(project().join(collector)).expect("the script");
    found.push((collector.to_owned(), text));
    assert!(found.len() >= 8, "only {} pieces", found.len());
    found
}

/// The texts of all commands in it, such as `leastwise audit --format json`.
fn commands(code: &str) -> Vec<String> {
    fn walk(node: Node<'_>, code: &str, found: &mut Vec<String>) {
        if node.kind() == "command" {
            found.push(code[node.byte_range()].trim().to_owned());
        }
        for at in 0..node.child_count() {
            if let Some(child) = u32::try_from(at).ok().and_then(|at| node.child(at)) {
                walk(child, code, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(parsed(code).root_node(), code, &mut found);
    found
}

#[test]
fn a_mistake_is_seen() {
    assert!(!parsed("if ($code -eq 1) { exit 1 }").root_node().has_error());
    for wrong in ["if ($code -eq 1) { exit 1", "foreach (in $x) { }", "$a = @{ x = 1", "'open"] {
        assert!(parsed(wrong).root_node().has_error(), "{wrong}");
    }
    assert_eq!(commands("$x = leastwise audit -q | Out-String")[0], "leastwise audit -q");
}

#[test]
fn all_of_it_parses() {
    for (place, code) in all() {
        let tree = parsed(&code);
        assert!(!tree.root_node().has_error(), "{place}:\n{code}\n{}", tree.root_node().to_sexp());
    }
}

#[test]
fn it_calls_leastwise_with_what_there_is() {
    let mut called = 0;
    for (place, code) in all() {
        for command in commands(&code).iter().filter(|command| command.starts_with("leastwise ")) {
            let words = shlex::split(command).expect("quotes in pairs");
            let matched = Cli::command().try_get_matches_from(words);
            assert!(matched.is_ok(), "{place}: {command}: {}", matched.expect_err("a mistake"));
            called += 1;
        }
    }
    assert!(called >= 5, "only {called} calls");
}

#[test]
fn no_key_is_typed_in_clear() {
    let mut asked = 0;
    for (place, code) in all() {
        for command in commands(&code).iter().filter(|command| command.starts_with("Read-Host")) {
            assert!(command.contains("-AsSecureString"), "{place}: {command}");
            asked += 1;
        }
    }
    assert!(asked > 0);
}

/// Windows has 5.1 as `powershell`; `pwsh` is 7, there and elsewhere.
#[test]
fn the_collector_runs_in_each_powershell_that_is_there() {
    for shell in ["powershell", "pwsh"] {
        if Command::new(shell).args(["-NoProfile", "-Command", "exit"]).output().is_err() {
            continue;
        }
        let psa = Psa::acme();
        let env = psa.env();
        let ran = Command::new(shell)
            .args(["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"])
            .arg(project().join("packaging/collect/collect.ps1"))
            .args([&env["LEASTWISE_SITE"], &env["LEASTWISE_COMPANY"]])
            .arg(psa.path("answers"))
            .current_dir(psa.folder.path())
            .env("CLIENT_ID", &env["LEASTWISE_CLIENT_ID"])
            .env("PUBLIC_KEY", &env["LEASTWISE_PUBLIC_KEY"])
            .env("PRIVATE_KEY", &env["LEASTWISE_PRIVATE_KEY"])
            .output()
            .expect("it runs");
        assert!(ran.status.success(), "{shell}: {}", String::from_utf8_lossy(&ran.stderr));
        let built = leastwise(["snapshot", "--from-responses", "answers", "-o", "saved.json"])
            .folder(psa.folder.path())
            .env("LEASTWISE_SITE", psa.sim.url())
            .run();
        assert_eq!(built.code, 0, "{shell}: {}", built.stderr);
    }
}
