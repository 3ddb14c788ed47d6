//! The command line itself: help that fits a screen, examples that work, completions, manual pages,
//! colour and width.

use std::collections::BTreeSet;
use std::fs;

use clap::{Command, CommandFactory};
use leastwise::cli::Cli;

use crate::psa::{Psa, real};
use crate::support::{Ran, leastwise, project};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "nushell"];

/// Every command without subcommands of its own, by its words: `["rules", "show"]`.
fn leaves() -> Vec<Vec<String>> {
    fn walk(command: &Command, words: &[String], leaves: &mut Vec<Vec<String>>) {
        for sub in command.get_subcommands() {
            let words = [words, &[sub.get_name().to_owned()]].concat();
            if sub.has_subcommands() {
                walk(sub, &words, leaves);
            } else {
                leaves.push(words);
            }
        }
    }
    let mut leaves = Vec::new();
    walk(&Cli::command().disable_help_subcommand(true), &[], &mut leaves);
    leaves
}

#[test]
fn help_answers_within_one_screen() {
    let help = leastwise(["--help"]).run();
    assert_eq!(help.code, 0);
    let lines: Vec<_> = help.stdout.trim_end().lines().collect();
    assert!(lines.len() <= 24, "{} lines:\n{}", lines.len(), help.stdout);
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", help.stdout);
    for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
        assert!(help.stdout.contains(&format!("\n  {} ", command.get_name())), "{}", command.get_name());
    }
}

/// Runs an example as a shell would: `&&`, `|` and `> FILE` are all that examples may use.
fn paste(example: &str, psa: &Psa) -> Ran {
    let mut last = None;
    let umbrella = psa.key_of(251);
    for command in example.split(" && ") {
        let (command, file) =
            command.split_once(" > ").map_or((command, None), |(own, file)| (own, Some(file)));
        let mut piped = String::new();
        for part in command.split(" | ") {
            let words = shlex::split(part).expect("quotes in pairs");
            assert_eq!(words[0], "leastwise", "{example}");
            let mut run = leastwise(&words[1..])
                .folder(psa.folder.path())
                .stdin(std::mem::take(&mut piped))
                .now(real)
                .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", &umbrella.public)
                .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", &umbrella.private)
                .env("PATH", &std::env::var("PATH").expect("a path"));
            for (name, value) in psa.env() {
                run = run.env(name, &value);
            }
            let ran = run.run();
            piped.clone_from(&ran.stdout);
            last = Some(ran);
        }
        if let Some(file) = file {
            fs::write(psa.path(file), piped).expect("a file");
        }
    }
    last.expect("a command")
}

/// A clone with a base and a commit that is proposed, for the gate.
fn make_repository(psa: &Psa) {
    for args in [
        &["init", "--quiet"][..],
        &["commit", "--quiet", "--allow-empty", "-m", "base"],
        &["update-ref", "refs/remotes/origin/main", "HEAD"],
        &["commit", "--quiet", "--allow-empty", "-m", "proposed"],
    ] {
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=nobody", "-c", "user.email=nobody@example.com"]).args(args);
        assert!(git.current_dir(psa.folder.path()).status().expect("git").success(), "{args:?}");
    }
}

/// The examples of a command's help: on one line, or one on each line below.
fn examples(help: &str) -> Vec<String> {
    let one = help.lines().find_map(|line| line.strip_prefix("Example: ")).map(str::to_owned);
    let more = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let more = more.map_while(|line| line.strip_prefix("  ")).map(str::to_owned);
    one.into_iter().chain(more).collect()
}

/// In a checkout, with a tenant that can be reached. The checkout is linked, so that an example may
/// read it and cannot write to it by a relative path.
#[cfg(unix)]
#[test]
fn every_command_has_an_example_that_works_when_pasted() {
    let psa = Psa::acme();
    for folder in ["fixtures", "rules"] {
        std::os::unix::fs::symlink(project().join(folder), psa.path(folder)).expect("a link");
    }
    fs::copy(project().join("fixtures/acme-msp.json"), psa.path("acme.json")).expect("a snapshot");
    make_repository(&psa);
    let leaves = leaves();
    assert!(leaves.len() >= 9, "{leaves:?}");
    for words in leaves {
        let help = leastwise(words.iter().map(String::as_str).chain(["--help"])).run().stdout;
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{words:?} has no example:\n{help}");
        for example in examples {
            let ran = paste(&example, &psa);
            assert!(matches!(ran.code, 0 | 1 | 4), "{example}: {ran:?}");
            assert!(example.contains(&format!("leastwise {}", words.join(" "))), "{example}");
        }
    }
}

#[test]
fn completions_know_every_command() {
    for shell in SHELLS {
        let ran = leastwise(["completions", shell]).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
        for words in leaves() {
            assert!(words.iter().all(|word| ran.stdout.contains(word.as_str())), "{shell}: {words:?}");
        }
        assert!(ran.stdout.contains("fail-on"), "{shell}");
    }
}

#[test]
fn completions_know_every_integration_with_a_rule_file() {
    let ids = leastwise(["rules", "list", "--format", "json"]).run().json();
    let ids: Vec<_> =
        ids["integrations"].as_array().expect("integrations").iter().map(|own| own["id"].clone()).collect();
    assert!(ids.len() > 80, "{ids:?}");
    for shell in SHELLS {
        let script = leastwise(["completions", shell]).run().stdout;
        for id in &ids {
            assert!(script.contains(id.as_str().expect("an id")), "{shell}: {id}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let ran = leastwise(["man", "--folder", "pages"]).folder(folder.path()).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let pages: BTreeSet<_> = fs::read_dir(folder.path().join("pages"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    for words in leaves() {
        assert!(pages.contains(&format!("leastwise-{}.1", words.join("-"))), "{words:?} in {pages:?}");
    }
    let audit = fs::read_to_string(folder.path().join("pages/leastwise-audit.1")).expect("a page");
    assert!(audit.contains(".TH leastwise-audit 1") && audit.contains("fail\\-on"), "{audit}");
    assert!(leastwise(["man"]).run().stdout.contains(".TH leastwise 1"));
}

/// What the environment says of colour, and what then comes out on a terminal and in a pipe.
#[test]
fn colour_is_for_terminals_unless_the_environment_says_otherwise() {
    let coloured = |variable: Option<(&str, &str)>, args: &[&str], terminal: bool| {
        let args = ["audit", "--snapshot", "fixtures/acme-msp.json"].iter().chain(args).copied();
        let mut run = leastwise(args);
        if let Some((name, value)) = variable {
            run = run.env(name, value);
        }
        if terminal {
            run = run.terminal(100);
        }
        run.run().stdout.contains('\u{1b}')
    };
    assert!(coloured(None, &[], true));
    assert!(!coloured(None, &[], false));
    assert!(!coloured(Some(("NO_COLOR", "1")), &[], true));
    assert!(coloured(Some(("CLICOLOR_FORCE", "1")), &[], false));
    assert!(!coloured(Some(("CLICOLOR_FORCE", "0")), &[], false));
    assert!(coloured(Some(("NO_COLOR", "1")), &["--color", "always"], false));
    assert!(!coloured(Some(("CLICOLOR_FORCE", "1")), &["--color", "never"], true));
    let audit = || leastwise(["audit", "--snapshot", "fixtures/acme-msp.json"]).old_console();
    assert!(!audit().run().stdout.contains('\u{1b}'), "escapes would be read as characters");
    assert!(audit().env("CLICOLOR_FORCE", "1").run().stdout.contains('\u{1b}'));
}

#[test]
fn a_pipe_gets_ascii_and_a_narrow_terminal_keeps_to_its_width() {
    let piped = leastwise(["audit", "--snapshot", "fixtures/acme-msp.json"]).run();
    assert!(piped.stdout.is_ascii(), "{}", piped.stdout);
    for width in [60, 80, 120] {
        let ran = leastwise(["audit", "--snapshot", "fixtures/acme-msp.json", "--details"])
            .terminal(width)
            .env("NO_COLOR", "1")
            .run();
        // A command to copy stays on its line.
        let lines = ran.stdout.lines().filter(|line| !line.contains("leastwise audit --snapshot"));
        let long: Vec<_> = lines.filter(|line| line.chars().count() > usize::from(width)).collect();
        assert!(long.is_empty(), "{width}: {long:?}");
        assert!(ran.stdout.contains('→'), "{}", ran.stdout);
    }
}

#[test]
fn an_integration_without_its_option_is_told_from_a_key() {
    for command in ["audit", "checklist", "doctor"] {
        let ran = leastwise([command, "timezest"]).run();
        assert!(ran.code == 2 && ran.stderr.contains("--integration timezest"), "{}", ran.stderr);
    }
    let ran = leastwise(["audit", "abcdefgh12345678"]).run();
    assert!(ran.code == 2 && !ran.stderr.contains("abcdefgh"), "{}", ran.stderr);
}

#[test]
fn what_a_command_does_not_do_it_says_where_to_find() {
    let doctor = leastwise(["doctor", "--integration", "hudu", "--snapshot", "a.json"]).run();
    assert_eq!(doctor.code, 2);
    assert!(doctor.stderr.contains("checklist --integration hudu --missing"), "{}", doctor.stderr);
    let snapshot = project().join("fixtures/acme-msp.json").display().to_string();
    let impact = leastwise(["impact", "Datto", "--snapshot", &snapshot]).run();
    assert!(impact.code == 5 && impact.stderr.contains("--vendor \"Datto\""), "{}", impact.stderr);
}
