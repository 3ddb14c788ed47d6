//! `leastwise rules diff`: what vendors changed between two folders of rule files, and which roles of
//! a tenant now lack something.

mod json;
mod lacking;
mod table;

use std::path::PathBuf;

use super::Form;
use crate::commands::output;
use crate::config::Common;
use crate::config::{Settings, today};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::rules::{Library, RuleChanges};
use lacking::Effects;

/// Arguments of `leastwise rules diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With --snapshot or --live, the roles that the changes concern are looked at too.
Exit: 0 no role lacks what is newly asked for, 1 one does, 4 it is unknown of some.

Example: leastwise rules diff rules/integrations --snapshot acme.json")]
pub(super) struct Args {
    /// Rule files as they were
    #[arg(value_name = "OLDDIR")]
    old: PathBuf,
    /// Rule files as they are; without it, the built-in ones and --rules-dir
    #[arg(value_name = "NEWDIR")]
    new: Option<PathBuf>,
    /// Look at the roles of this snapshot too (- is standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "live")]
    snapshot: Option<PathBuf>,
    /// Look at the roles of the live tenant too
    #[arg(long)]
    live: bool,
    /// Form of what is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let today = today(io);
    let old = Library::of_folder(&io.path(&args.old), today);
    let new = match &args.new {
        Some(folder) => Library::of_folder(&io.path(folder), today),
        None => Library::load(common.rules_dir.as_ref().map(|folder| io.path(folder)).as_deref(), today),
    };
    let (old, new) = both(old, new)?;
    let changes = RuleChanges::between(&old, &new);
    let effects = if args.snapshot.is_some() || args.live {
        // The config may bind integrations that the new folder does not speak of.
        let folder = args.new.as_ref().or(common.rules_dir.as_ref()).map(|folder| io.path(folder));
        let settings = Settings::with(Library::load(folder.as_deref(), today)?, common, io)?;
        Some(Effects::read(&changes, args.snapshot.as_deref(), &settings, common, io)?)
    } else {
        None
    };
    let text = match args.format {
        Form::Table => {
            table::write(&changes, effects.as_ref(), &new.catalog, output::style(common.color, io))
        }
        Form::Json => json::write(&changes, effects.as_ref(), &new.catalog)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(effects.map_or(Exit::Clean, |effects| effects.exit()))
}

/// What is wrong with either folder is told in one run.
fn both(
    old: Result<Library, crate::rules::Problems>,
    new: Result<Library, crate::rules::Problems>,
) -> Result<(Library, Library), Error> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (old, new) => {
            let problems = old.err().into_iter().chain(new.err()).flat_map(|problems| problems.0);
            Err(crate::rules::Problems(problems.collect()).into())
        }
    }
}
