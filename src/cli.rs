//! The command line, as clap reads it: typed, touching nothing.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::commands::{
    audit, checklist, completions, demo, diff, doctor, explain, gate, impact, init, man, plan, report,
    review, rules, snapshot, survey, waive,
};
use crate::config::Common;

/// Does each integration have exactly what it needs in ConnectWise PSA? Reads, never writes.
#[derive(Debug, Parser)]
#[command(name = "leastwise", version, about, disable_help_subcommand = true, help_template = SCREEN, after_help = AFTER)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
}

/// Takes the words `help` and `version` for the options that people mean by them: `help audit` is
/// `audit --help`.
pub(crate) fn with_words(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.into_iter().collect();
    match args.get(1).and_then(|word| word.to_str()) {
        Some("help") => {
            args.remove(1);
            args.push("--help".into());
        }
        Some("version") => args[1] = "--version".into(),
        _ => {}
    }
    args
}

/// One screen: the options stand in the help of each command.
const SCREEN: &str = "{about}\n\n{usage-heading} {usage}\n\n{subcommands}{after-help}";

const AFTER: &str = "\
Each command's --help has an example; completions and man set up a shell.
Keys come from the environment, files or commands; never from an argument.
Exit: 0 clean, 1 findings, 2 wrong usage, 3 not readable, 4 in part, 5 no match";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check each integration's role and member against what it needs
    Audit(audit::Args),
    /// Audit a made-up tenant that is part of the program, to see one
    Demo(demo::Args),
    /// Find out why an integration does not work, as its own API member
    Doctor(doctor::Args),
    /// List what to change in an integration's role, in screen order
    Checklist(checklist::Args),
    /// Save the tenant's roles, settings and members in one file
    Snapshot(snapshot::Args),
    /// Compare two readings of a tenant: did anybody widen access?
    Diff(diff::Args),
    /// Judge what a pull request changes, by the base branch's rules
    Gate(gate::Args),
    /// Propose leastwise.toml from what the tenant has
    Init(init::Args),
    /// Show the requests an audit would make and the permissions they need
    Plan(plan::Args),
    /// Show what a stolen key could do, and how to contain it
    Impact(impact::Args),
    /// Review the access of each key, and see what became of it
    Review(review::Args),
    /// Write the waiver that accepts a finding, until a day
    Waive(waive::Args),
    /// Ask how this PSA answers, against what leastwise assumes
    Survey(survey::Args),
    /// Explain a check, a function or a table; offline
    Explain(explain::Args),
    /// Look at and write rule files: what each integration needs
    Rules(rules::Args),
    /// Join JSON reports of several days, tenants or shards
    Report(report::Args),
    /// Write what a shell needs to complete the command line
    #[command(hide = true)]
    Completions(completions::Args),
    /// Write the manual pages
    #[command(hide = true)]
    Man(man::Args),
}
