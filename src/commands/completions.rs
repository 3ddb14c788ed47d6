//! `leastwise completions`: what a shell needs to complete the command line.

use clap::{Command, ValueEnum};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;

use super::output;
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

/// Runs the command for the whole of the command line, which `all` is.
///
/// # Errors
/// Standard output that cannot be written.
pub fn run(args: &Args, all: &mut Command, io: &mut Io<'_>) -> Result<Exit, Error> {
    let script = match args.shell {
        Completed::Bash => script(Shell::Bash, all),
        Completed::Zsh => script(Shell::Zsh, all),
        Completed::Fish => script(Shell::Fish, all),
        Completed::Powershell => script(Shell::PowerShell, all),
        Completed::Nushell => script(Nushell, all),
    };
    output::to_stdout(io, |out| out.write_all(&script))?;
    Ok(Exit::Clean)
}

fn script(shell: impl Generator, all: &mut Command) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, all, "leastwise", &mut script);
    script
}
