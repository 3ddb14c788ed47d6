//! `leastwise report`: JSON reports of several days, tenants or shards, joined.

use std::fmt::Display;
use std::path::PathBuf;

use super::{input, output};
use crate::config::Common;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::trend::{Joined, TrendFormat};

/// Arguments of `leastwise report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise audit --snapshot acme.json --format json | leastwise report -")]
pub struct Args {
    /// Reports of `leastwise audit --format json` (- is standard input)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Form of what is written to standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: TrendFormat,
    /// End with the exit code of one run over all of it, as of each tenant's latest report
    #[arg(long)]
    gate: bool,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read, or is no report.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let mut joined = Joined::default();
    for path in &args.files {
        let usage = |why: &dyn Display| Error::Usage(format!("{}: {why}", path.display()));
        let bytes = input::bytes(path, io).map_err(|why| usage(&why))?;
        let said = joined.add(&bytes).map_err(|why| usage(&why))?.filter(|_| args.gate);
        if let Some(said) = said {
            let why =
                format!("its run ended with {said}, and what it holds would end otherwise: it was changed");
            return Err(usage(&why));
        }
    }
    let style = output::style(common.color, io);
    let trend = joined.trend();
    output::to_stdout(io, |out| trend.write(args.format, style, out))?;
    let missing = joined.missing_shards();
    for shards in &missing {
        io.warn(format_args!("shards are missing, and what they found: {shards}"));
    }
    Ok(match (args.gate, missing.is_empty()) {
        (false, _) => Exit::Clean,
        // Their tenants are as good as unread.
        (true, false) => Exit::Failed,
        (true, true) => joined.exit(),
    })
}
