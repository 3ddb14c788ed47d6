//! `leastwise snapshot`: the tenant in one file, to judge, keep and compare later.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use secrecy::SecretString;

use super::input::Input;
use super::load::{self, Looks};
use super::output::Readers;
use super::{output, responses};
use crate::audit::{Audit, Request};
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::Tenant;
use crate::source::connectwise::Site;
use crate::source::snapshot;
use crate::source::snapshot::SHORTEST_KEY;
use crate::term::text::slug;

/// The variable that holds the key of pseudonyms.
const PSEUDONYM_KEY: &str = "LEASTWISE_PSEUDONYM_KEY";

/// Arguments of `leastwise snapshot`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise snapshot -o acme.json && leastwise audit --snapshot acme.json")]
pub struct Args {
    /// File to write, readable by its owner only (on Windows by whoever may read its folder); without it, one named by
    /// company and day
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long)]
    force: bool,
    /// Replace names by tokens, made with the key in LEASTWISE_PSEUDONYM_KEY
    #[arg(long)]
    pseudonymize: bool,
    /// Keep the logins of people, who are shown by id otherwise
    #[arg(long)]
    with_people: bool,
    /// Build it from saved answers of the API instead of asking: no key is needed (docs/snapshot.md)
    #[arg(long, value_name = "DIR")]
    from_responses: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// What stopped it; no half-written file is left.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    // Before anything is asked: a snapshot with names must not come out for want of a key.
    let key = args.pseudonymize.then(|| pseudonym_key(io)).transpose()?;
    if let Some(path) = &args.output {
        output::check_free(path, args.force, io)?;
    }
    let read = match &args.from_responses {
        Some(folder) => responses::read(folder, args.with_people, &settings, common, io)?,
        None => read_live(args, &settings, common, io)?,
    };
    if let Some(failure) = read.failure {
        return Err(Error::Tenant(format!(
            "{} could not be read, no snapshot was written: {failure}",
            read.tenant.id
        )));
    }
    let missing = gaps(&read.tenant);
    let tenant = match key {
        Some(key) => pseudonymized(read.tenant, &key, &settings, common)?,
        None => read.tenant,
    };
    let path = args.output.clone().unwrap_or_else(|| default_name(&tenant));
    output::check_free(&path, args.force, io)?;
    let tool = concat!("leastwise ", env!("CARGO_PKG_VERSION"));
    output::to_file(&io.path(&path), &path, Readers::Owner, |out| snapshot::write(&tenant, tool, out))?;
    for gap in &missing {
        io.warn(gap);
    }
    let read = tenant.taken_at.strftime("%Y-%m-%d %H:%M UTC");
    io.note(&format!("wrote {}, read {read}", path.display()));
    Ok(if missing.is_empty() { Exit::Clean } else { Exit::Partial })
}

/// "acme-2026-11-28.json": of one tenant, later days sort after earlier ones.
fn default_name(tenant: &Tenant) -> PathBuf {
    let day = tenant.taken_at.to_zoned(TimeZone::UTC).date();
    PathBuf::from(format!("{}-{day}.json", slug(&tenant.id.company)))
}

fn read_live(args: &Args, settings: &Settings, common: &Common, io: &mut Io<'_>) -> Result<Input, Error> {
    let looks = if args.with_people { Looks::People } else { Looks::Everything };
    Ok(load::tenant(None, looks, settings, common, io)?.input)
}

fn pseudonym_key(io: &Io<'_>) -> Result<SecretString, Error> {
    let key = io.var(PSEUDONYM_KEY).unwrap_or_default();
    if key.len() < SHORTEST_KEY {
        return Err(Error::Usage(format!(
            "--pseudonymize needs a key of at least {SHORTEST_KEY} characters in {PSEUDONYM_KEY}, such as `openssl rand -hex 32` gives; keep it, so that later snapshots have the same tokens"
        )));
    }
    Ok(key.to_owned().into())
}

/// The tenant without its names, after noting which rule files and bindings they matched.
fn pseudonymized(
    tenant: Tenant,
    key: &SecretString,
    settings: &Settings,
    common: &Common,
) -> Result<Tenant, Error> {
    let (_, policy) = settings.of_snapshot(common, &tenant.id)?;
    let request = Request::default();
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let noted = audit.noted(&tenant);
    let site: Option<Site> = tenant.id.site.parse().ok();
    // One of ConnectWise's own hosts says nothing of who uses it.
    let kept = site.filter(Site::is_shared).map(|site| site.identity());
    Ok(snapshot::pseudonymize(tenant, key, noted, kept.as_deref()))
}

/// What the snapshot lacks, as sentences.
fn gaps(tenant: &Tenant) -> Vec<String> {
    let lists = tenant.asked_datasets().filter_map(|(_, rows)| rows.err()).map(ToString::to_string);
    let settings =
        tenant.settings.values().filter_map(|settings| settings.rows().err().map(ToString::to_string));
    lists.chain(settings).collect()
}
