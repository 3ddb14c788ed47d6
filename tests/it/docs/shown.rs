//! Shown output: a ```` ```console ```` block whose first line is `$ leastwise …` shows what that
//! command prints. A last line of `…` means that more follows.

use clap::{Arg, Command, CommandFactory};
use leastwise::cli::Cli;

use super::page::{Block, is_blessing, page, pages};
use crate::support::leastwise;

/// The program's own help leaves the options to the commands, to fit a screen.
const WHOLE: &str = "{about}\n\n{usage-heading} {usage}\n\n{all-args}{after-help}";

const PROMPT: &str = "$ leastwise ";

#[test]
fn shown_output_is_what_the_program_prints() {
    let mut shown = 0;
    for page in pages() {
        for block in page.blocks_in("console").iter().filter(|block| block.text.starts_with(PROMPT)) {
            let expected = printed(block);
            if block.text != expected && is_blessing() {
                page.rewrite(block.text, &expected);
            } else {
                assert_eq!(
                    block.text,
                    expected,
                    "{} is out of date: run the tests with LEASTWISE_BLESS=1",
                    page.path.display()
                );
            }
            shown += 1;
        }
    }
    assert!(shown >= 3, "only {shown} blocks show output");
}

/// The block as it should be: the command, and what it prints; on standard error where it prints
/// nothing else.
fn printed(block: &Block<'_>) -> String {
    let (command, shown) = block.text.split_once('\n').expect("a command and its output");
    let words = shlex::split(command.trim_start_matches(PROMPT)).expect("quotes in pairs");
    let ran = leastwise(words).run();
    let all = if ran.stdout.is_empty() { ran.stderr } else { ran.stdout };
    let text = match shown.strip_suffix("…\n") {
        Some(first) => {
            let lines: Vec<_> = all.lines().take(first.lines().count()).collect();
            format!("{}\n…\n", lines.join("\n"))
        }
        None => all,
    };
    format!("{command}\n{text}")
}

/// The README calls it the first screen; nothing comes after it.
#[test]
fn what_matters_most_fits_a_small_terminal() {
    let ran =
        leastwise(["audit", "--snapshot", "fixtures/acme-msp.json"]).terminal(80).env("NO_COLOR", "1").run();
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!((10..=24).contains(&lines.len()), "{}", ran.stdout);
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
}

#[test]
fn the_page_of_commands_is_their_help() {
    const PATH: &str = "docs/cli.md";
    let page = page(PATH);
    let expected = commands_page();
    if page.text != expected && is_blessing() {
        page.rewrite(&page.text, &expected);
    } else {
        assert_eq!(page.text, expected, "{PATH} is out of date: run the tests with LEASTWISE_BLESS=1");
    }
}

fn commands_page() -> String {
    let mut text = "# Commands\n\n\
        Made from the program's own help. Every command takes the common options of the first section too.\n"
        .to_owned();
    // On a narrower terminal the program wraps its help sooner.
    let mut root = Cli::command().term_width(100).disable_help_flag(true).help_template(WHOLE);
    root.build();
    help(&mut root, "leastwise", &mut text);
    text
}

/// A heading and the help of a command, then its subcommands.
fn help(command: &mut Command, name: &str, text: &mut String) {
    text.push_str(&format!(
        "\n## {name}\n\n```text\n{}\n```\n",
        trimmed(&command.render_long_help().to_string())
    ));
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for sub in names {
        let own = command.find_subcommand_mut(&sub).expect("a subcommand").clone();
        let common = |arg: Arg| if arg.is_global_set() { arg.hide(true) } else { arg };
        help(&mut own.mut_args(common), &format!("{name} {sub}"), text);
    }
}

/// Without the blanks that clap leaves at the end of lines.
fn trimmed(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}
