//! `leastwise snapshot`: the tenant in one file, to judge, keep and compare later.

use std::path::PathBuf;

use super::input::{self, Depth};
use super::output::{self, Readers};
use crate::cli::Common;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::Tenant;
use crate::settings::Settings;
use crate::snapshot;

/// Arguments of `leastwise snapshot`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise snapshot -o acme.json && leastwise audit --snapshot acme.json")]
pub struct Args {
    /// File to write; readable by its owner only
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// What stopped it; no half-written file is left.
pub fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let live = settings.live(common, io)?;
    if !common.quiet {
        io.say(&format!("reading {} on {}, live", live.access.company, live.connection.site.identity()));
    }
    let read = input::live(live, &settings.library, Depth::Everything, common, io)?;
    if let Some(failure) = read.failure {
        return Err(Error::Tenant(format!(
            "{} could not be read, no snapshot was written: {failure}",
            read.tenant.id
        )));
    }
    let tool = concat!("leastwise ", env!("CARGO_PKG_VERSION"));
    output::to_file(&io.path(&args.output), &args.output, Readers::Owner, |out| {
        snapshot::write(&read.tenant, tool, out)
    })?;
    let missing = gaps(&read.tenant);
    for gap in &missing {
        io.say(&format!("warning: {gap}"));
    }
    if !common.quiet {
        io.say(&format!("wrote {}", args.output.display()));
    }
    Ok(if missing.is_empty() { Exit::Clean } else { Exit::Partial })
}

/// What the snapshot lacks, as sentences.
fn gaps(tenant: &Tenant) -> Vec<String> {
    let lists = tenant.datasets().into_iter().filter_map(|(_, rows)| rows.err().map(ToString::to_string));
    let settings =
        tenant.settings.values().filter_map(|settings| settings.rows().err().map(ToString::to_string));
    lists.chain(settings).collect()
}
