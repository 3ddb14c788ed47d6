//! `leastwise completions`: what a shell needs to complete the command line.

use clap::{CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;

use super::output;
use crate::cli::Cli;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;

/// Arguments of `leastwise completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise completions bash > leastwise.bash")]
pub struct Args {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Completed,
}

/// A shell that completions can be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Completed {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Nushell,
}

/// Runs the command.
///
/// # Errors
/// Standard output that cannot be written.
pub fn run(args: &Args, io: &mut Io<'_>) -> Result<Exit, Error> {
    let script = match args.shell {
        Completed::Bash => script(Shell::Bash),
        Completed::Zsh => script(Shell::Zsh),
        Completed::Fish => script(Shell::Fish),
        Completed::Powershell => script(Shell::PowerShell),
        Completed::Nushell => script(Nushell),
    };
    output::to_stdout(io, |out| out.write_all(&script))?;
    Ok(Exit::Clean)
}

fn script(shell: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "leastwise", &mut script);
    script
}
