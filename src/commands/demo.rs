//! `leastwise demo`: the audit of a tenant that is part of the program, for whoever wants to see one first.

use std::io::Read;

use flate2::read::DeflateDecoder;
use jiff::tz::TimeZone;

use super::audit::{finish, judged};
use super::input::{self, Input};
use super::output;
use super::wanted::Wanted;
use crate::audit::{Audit, Request};
use crate::config::Common;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Source, SourceKind};
use crate::policy::Policy;
use crate::render::Report;
use crate::rules::Library;
use crate::source::snapshot;

/// `fixtures/acme-msp.json`, packed; a test holds that it is the same.
const BUNDLED: &[u8] = include_bytes!("demo/acme-msp.json.deflate");

/// What reports call it.
const NAME: &str = "acme-msp.json";

/// Arguments of `leastwise demo`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise demo --format markdown")]
pub struct Args {
    #[command(flatten)]
    wanted: Wanted,
}

/// Runs the command: no config, no key and no network; by the day on which the tenant was made up.
///
/// # Errors
/// What is wrong with the options, or a report that could not be written.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    output::check_apart(args.wanted.paths(), io)?;
    let tenant =
        snapshot::parse(&unpacked()?).map_err(|source| Error::Snapshot { path: NAME.to_owned(), source })?;
    let as_of = common.as_of.unwrap_or_else(|| tenant.taken_at.to_zoned(TimeZone::UTC).date());
    let library = Library::load(common.rules_dir.as_ref().map(|folder| io.path(folder)).as_deref(), as_of)?;
    let request =
        Request { all: args.wanted.all, matrices: args.wanted.draws_matrices(), ..Request::default() };
    let policy = Policy::default();
    let audit = Audit { library: &library, policy: &policy, request: &request, as_of };
    let judgement = audit.judge(&tenant);
    let source =
        Source { kind: SourceKind::Snapshot, path: Some(NAME.to_owned()), taken_at: Some(tenant.taken_at) };
    let now = (io.now)();
    io.note(&format!("judging a made-up tenant, {} {}", tenant.id, input::describe(&source, now)));
    let name = tenant.id.company.clone();
    let input = Input::of(tenant, source);
    let mut report =
        Report::new(as_of, args.wanted.fail_on(), None, vec![judged(name, &audit, input, judgement).into()]);
    report.details = args.wanted.details || args.wanted.all;
    finish(&report, &args.wanted, common, io)
}

fn unpacked() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(BUNDLED)
        .read_to_end(&mut bytes)
        .map_err(|source| Error::Unreadable { path: NAME.to_owned(), source })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::unpacked;

    #[test]
    fn the_bundled_tenant_is_the_fixture() {
        let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/acme-msp.json");
        let fixture = std::fs::read(fixture).unwrap();
        if std::env::var_os("LEASTWISE_BLESS").is_some() {
            use std::io::Write;
            let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            packed.write_all(&fixture).unwrap();
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/commands/demo/acme-msp.json.deflate");
            std::fs::write(file, packed.finish().unwrap()).unwrap();
        }
        let bundled = unpacked().unwrap();
        assert!(bundled == fixture, "run the tests with LEASTWISE_BLESS=1, and build again");
    }
}
