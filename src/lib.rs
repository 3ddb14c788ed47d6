//! A read-only auditor for the permissions that integrations hold in ConnectWise PSA.
//!
//! The flow: `source` (the PSA, or a snapshot) gives a [`model::Tenant`]; `audit` applies `checks` to it by
//! the needs in `rules`; `render` writes what came of it. Everything between is pure.

pub mod access;
pub mod audit;
mod checklist;
pub mod checks;
pub mod cli;
mod commands;
pub mod config;
pub mod diff;
mod doctor;
mod embedded;
mod error;
mod evidence;
pub mod exit;
mod impact;
pub mod io;
mod json_map;
mod json_schema;
pub mod model;
pub mod policy;
pub mod render;
mod review;
pub mod rules;
mod saved_text;
pub mod schema;
mod sharing;
pub mod source;
mod survey;
pub mod term;
mod trend;

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

use cli::{Cli, Command};
use error::Error;
use exit::Exit;
use io::Io;

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> Exit {
    let cli = match Cli::try_parse_from(cli::with_words(args)) {
        Ok(cli) => cli,
        Err(error) => return say_usage(&error, io),
    };
    io.quiet = cli.common.quiet;
    match dispatch(&cli, io) {
        Ok(exit) => exit,
        Err(error) => {
            match &error {
                // One to a line, each of which is printable.
                Error::Problems(_) | Error::Missing(_) => io.error_lines(&error),
                _ => io.error(&error),
            }
            error.exit()
        }
    }
}

fn dispatch(cli: &Cli, io: &mut Io<'_>) -> Result<Exit, Error> {
    match &cli.command {
        Command::Audit(args) => commands::audit::run(args, &cli.common, io),
        Command::Demo(args) => commands::demo::run(args, &cli.common, io),
        Command::Doctor(args) => commands::doctor::run(args, &cli.common, io),
        Command::Checklist(args) => commands::checklist::run(args, &cli.common, io),
        Command::Snapshot(args) => commands::snapshot::run(args, &cli.common, io),
        Command::Diff(args) => commands::diff::run(args, &cli.common, io),
        Command::Gate(args) => commands::gate::run(args, &cli.common, io),
        Command::Init(args) => commands::init::run(args, &cli.common, io),
        Command::Plan(args) => commands::plan::run(args, &cli.common, io),
        Command::Impact(args) => commands::impact::run(args, &cli.common, io),
        Command::Review(args) => commands::review::run(args, &cli.common, io),
        Command::Waive(args) => commands::waive::run(args, &cli.common, io),
        Command::Survey(args) => commands::survey::run(args, &cli.common, io),
        Command::Explain(args) => commands::explain::run(args, &cli.common, io),
        Command::Rules(args) => commands::rules::run(args, &cli.common, io),
        Command::Report(args) => commands::report::run(args, &cli.common, io),
        Command::Completions(args) => commands::completions::run(args, &mut Cli::command(), io),
        Command::Man(args) => commands::man::run(args, Cli::command(), io),
    }
}

/// What is wrong with the arguments, without a long value that is near to nothing that is known: it may be a key.
fn without_values(error: &clap::Error, text: String) -> String {
    use clap::error::{ContextKind, ContextValue};
    const SHORTEST_KEY: usize = 8;
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if suggested.into_iter().any(|kind| error.get(kind).is_some()) {
        return text;
    }
    let typed = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand, ContextKind::InvalidValue];
    typed.into_iter().fold(text, |text, kind| match error.get(kind) {
        Some(ContextValue::String(value)) if is_integration(value) => {
            format!("{}\nAn integration is named by an option: --integration {value}", text.trim_end())
        }
        Some(ContextValue::String(value)) if value.len() >= SHORTEST_KEY && !value.starts_with('-') => {
            text.replace(value.as_str(), &format!("({} characters)", value.chars().count()))
        }
        _ => text,
    })
}

/// Whether it is the id of an integration that everybody may read.
fn is_integration(word: &str) -> bool {
    rules::built_in_ids().any(|id| id == word)
}

/// Help and version go to standard output; what is wrong with the arguments to standard error.
fn say_usage(error: &clap::Error, io: &mut Io<'_>) -> Exit {
    let text = error.render().to_string();
    if error.use_stderr() {
        io.say_lines(without_values(error, text).trim_end());
        return Exit::Usage;
    }
    match commands::to_stdout(io, |out| out.write_all(text.as_bytes())) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            io.error(&error);
            error.exit()
        }
    }
}
