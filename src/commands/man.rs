//! `leastwise man`: the manual pages.

use std::io;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;

use super::output;
use super::output::Readers;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;

/// Arguments of `leastwise man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise man > leastwise.1")]
pub struct Args {
    /// Write the page of every command into this folder instead
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Runs the command for the whole of the command line, which `all` is.
///
/// # Errors
/// A page that cannot be written.
pub(crate) fn run(args: &Args, all: Command, io: &mut Io<'_>) -> Result<Exit, Error> {
    let mut root = all.disable_help_subcommand(true);
    root.build();
    match &args.folder {
        None => output::to_stdout(io, |out| Man::new(root).render(out))?,
        Some(folder) => {
            std::fs::create_dir_all(io.path(folder)).map_err(|source| unwritten(folder, source))?;
            write_all(&root, "leastwise", folder, io)?;
        }
    }
    Ok(Exit::Clean)
}

fn unwritten(path: &Path, source: io::Error) -> Error {
    Error::Unwritten { path: path.display().to_string(), source }
}

/// A page for a command, then for each of its subcommands: leastwise-rules-show.1.
fn write_all(command: &Command, name: &str, folder: &Path, io: &Io<'_>) -> Result<(), Error> {
    let path = folder.join(format!("{name}.1"));
    let page = Man::new(command.clone()).title(name.to_owned());
    output::to_file(&io.path(&path), &path, Readers::All, |out| page.render(out))?;
    for sub in command.get_subcommands() {
        write_all(sub, &format!("{name}-{}", sub.get_name()), folder, io)?;
    }
    Ok(())
}
