//! The command line, as clap reads it: typed, touching nothing.

use clap::{Parser, Subcommand};

use crate::commands::{
    audit, checklist, completions, diff, doctor, explain, impact, init, man, plan, report, rules, snapshot,
    survey,
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

/// One screen: the options stand in the help of each command.
const SCREEN: &str = "{about}\n\n{usage-heading} {usage}\n\n{subcommands}{after-help}";

const AFTER: &str = "\
Each command's own --help shows its options and an example.
Keys come from the environment, files or commands; never from an argument.
Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 tenant not readable,
4 judged in part, 5 nothing matched.
Example: leastwise audit --snapshot fixtures/acme-msp.json";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check each integration's role and member against what it needs
    Audit(audit::Args),
    /// Find out why an integration does not work, as its own API member
    Doctor(doctor::Args),
    /// List what to change in an integration's role, in screen order
    Checklist(checklist::Args),
    /// Save the tenant's roles, settings and members in one file
    Snapshot(snapshot::Args),
    /// Compare two readings of a tenant: did anybody widen access?
    Diff(diff::Args),
    /// Propose leastwise.toml from what the tenant has
    Init(init::Args),
    /// Show the requests an audit would make and the rights they need
    Plan(plan::Args),
    /// Show what a stolen key could do, and how to contain it
    Impact(impact::Args),
    /// Ask how this PSA answers, against what leastwise assumes
    Survey(survey::Args),
    /// Explain a check, a function or a table; offline
    Explain(explain::Args),
    /// Look at and write rule files: what each integration needs
    Rules(rules::Args),
    /// Join JSON reports of several days, tenants or shards
    Report(report::Args),
    /// Write what a shell needs to complete the command line
    Completions(completions::Args),
    /// Write the manual pages
    Man(man::Args),
}
