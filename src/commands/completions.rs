//! `leastwise completions`: what a shell needs to complete the command line.

use clap::builder::PossibleValuesParser;
use clap::{Command, ValueEnum};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;

use super::output;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::rules::built_in_ids;

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
pub(crate) fn run(args: &Args, all: &mut Command, io: &mut Io<'_>) -> Result<Exit, Error> {
    let ids: Vec<_> = built_in_ids().collect();
    let all = &mut with_ids(std::mem::take(all), &ids);
    let script = match args.shell {
        Completed::Bash => script(Shell::Bash, all),
        Completed::Zsh => script(Shell::Zsh, all),
        Completed::Fish => script(Shell::Fish, all),
        Completed::Powershell => with_ids_in_powershell(&script(Shell::PowerShell, all), &ids),
        Completed::Nushell => script(Nushell, all),
    };
    output::to_stdout(io, |out| out.write_all(script.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The command line, whose integrations are the ones with a rule file; only to be completed, for there are others.
fn with_ids(command: Command, ids: &[&'static str]) -> Command {
    let shows_one = command.get_name() == "show";
    command
        .mut_args(|arg| match arg.get_id().as_str() {
            "integration" => arg.value_parser(PossibleValuesParser::new(ids)),
            "id" if shows_one => arg.value_parser(PossibleValuesParser::new(ids)),
            _ => arg,
        })
        .mut_subcommands(|own| with_ids(own, ids))
}

fn script(shell: impl Generator, all: &mut Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, all, "leastwise", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// clap completes no values in PowerShell: what comes after `--integration` is put before what it makes.
fn with_ids_in_powershell(script: &str, ids: &[&str]) -> String {
    let ids: Vec<_> = ids.iter().map(|id| format!("'{id}'")).collect();
    let block = format!(
        "    $before = @($commandElements | Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }})
    if ($before.Count -gt 0 -and $before[-1].Extent.Text -eq '--integration') {{
        @({}) | Where-Object {{ $_ -like \"$wordToComplete*\" }} | ForEach-Object {{
            [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, $_)
        }}
        return
    }}
",
        ids.join(", ")
    );
    let begin = "    $completions = @(switch ($command) {";
    script.replacen(begin, &format!("{block}{begin}"), 1)
}
