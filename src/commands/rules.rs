//! `leastwise rules`: the rule files, what each integration needs, and the tools to write more.

mod diff;
mod head;
mod lint;
mod list;
mod merge;
mod new;
mod show;
mod test;
mod unmatched;

use crate::config::Common;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;

/// Arguments of `leastwise rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the integrations that there are rule files for
    List(list::Args),
    /// Show what one integration needs, in the order of the PSA's screen
    Show(show::Args),
    /// Look for errors in rule files, and for what could be better
    Lint(lint::Args),
    /// Run the fixtures that lie beside rule files
    Test(test::Args),
    /// Start a rule file, from a role or from a vendor's table
    New(new::Args),
    /// Work out one role for several integrations, or how to split a role that several share
    Merge(merge::Args),
    /// Compare two folders of rule files: what do vendors ask for now that they did not?
    Diff(diff::Args),
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the rule files, or an id that does not exist.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    match &args.command {
        Command::List(args) => list::run(args, common, io),
        Command::Show(args) => show::run(args, common, io),
        Command::Lint(args) => lint::run(args, common, io),
        Command::Test(args) => test::run(args, common, io),
        Command::New(args) => new::run(args, common, io),
        Command::Merge(args) => merge::run(args, common, io),
        Command::Diff(args) => diff::run(args, common, io),
    }
}

/// The form of what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people
    Table,
    /// For programs
    Json,
}
