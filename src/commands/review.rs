//! `leastwise review`: the periodic access review, what became of the last one, and what is due.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::load::{self, Loaded, Looks};
use super::output;
use super::{input, input::Input};
use crate::audit::{Audit, Request};
use crate::checks::Status;
use crate::config::{Common, Settings, reviews};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::CheckId;
use crate::policy::Policy;
use crate::review::{Against, Due, Format, Judged, Review};
use crate::term::Style;
use crate::term::text::hex;

/// Arguments of `leastwise review`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is ever kept by default: a blank is not reviewed. docs/review.md says how decisions count.
Exit: 0 written, 1 with --due where something is due, 4 part of the tenant could not be read.

Example: leastwise review --snapshot acme.json --format html -o review.html")]
pub struct Args {
    /// Review this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Form of the review
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
    /// Write this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say of each decision of this file whether it is done, not done or undone
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "due"])]
    against: Option<PathBuf>,
    /// Name the keys that are due for a review
    #[arg(long, conflicts_with = "format")]
    due: bool,
}

/// Runs the command.
///
/// # Errors
/// What stopped it.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    if let Some(path) = args.output.as_ref().filter(|_| args.format == Format::Toml) {
        // Decisions that somebody filled in cannot be made again.
        output::check_free(path, false, io)?;
    }
    let file = args.against.as_ref().map(|path| reviews::read(path, io)).transpose()?;
    let request = Request::default();
    let (input, digest, policy) = read(args, &request, &settings, common, io)?;
    input.tenant.api_members.rows()?;
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let judgement = audit.judge(&input.tenant);
    let of = Judged {
        tenant: &input.tenant,
        judgement: &judgement,
        library: &settings.library,
        policy: &policy,
        as_of: settings.as_of,
        snapshot: digest.as_deref(),
    };
    let incomplete = judgement
        .results
        .iter()
        .any(|finding| finding.check == CheckId::CollectionIncomplete && finding.status == Status::Unknown);
    let unless_partial = |partial| if partial { Exit::Partial } else { Exit::Clean };
    if let Some(file) = &file {
        let against = Against::new(file, &of);
        deliver(args, io, common, |style| against.write(style))?;
        return Ok(unless_partial(incomplete || against.is_partial()));
    }
    if args.due {
        let due = Due::new(&of);
        deliver(args, io, common, |style| due.write(style))?;
        return Ok(if due.is_empty() {
            unless_partial(incomplete || due.is_partial())
        } else {
            Exit::Findings
        });
    }
    let unwritten = |source| Error::Unwritten { path: "the review".to_owned(), source };
    let review = Review::new(&of).map_err(unwritten)?;
    match &args.output {
        Some(path) => written(path, args, &review, io)?,
        None => {
            let style = output::style(common.color, io);
            output::to_stdout(io, |out| review.write(args.format, style, out))?;
        }
    }
    Ok(unless_partial(incomplete))
}

/// The tenant, the SHA-256 of the snapshot's file, and what its owner decided.
fn read(
    args: &Args,
    request: &Request,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<(Input, Option<String>, Policy), Error> {
    let wanted = |policy: Policy| Policy {
        reviews: crate::policy::review::Reviews { wanted: true, ..policy.reviews },
        ..policy
    };
    let Some(path) = &args.snapshot else {
        let mut from = settings.live(common, io)?;
        from.policy = wanted(from.policy);
        let loaded = load::live(from, Looks::Audit(request), settings, common, io)?.readable()?;
        return Ok((loaded.input, None, loaded.policy));
    };
    let (input, bytes) = input::snapshot_with_bytes(path, io)?;
    let (_, policy) = settings.of_snapshot(common, &input.tenant.id)?;
    let Loaded { input, policy } = Loaded { input, policy }.readable()?;
    let now = (io.now)();
    io.note(&format!("reviewing {} {}", input.tenant.id, input::describe(&input.source, now)));
    Ok((input, Some(hex(&Sha256::digest(&bytes))), wanted(policy)))
}

fn deliver(
    args: &Args,
    io: &mut Io<'_>,
    common: &Common,
    text: impl FnOnce(Style) -> String,
) -> Result<(), Error> {
    match &args.output {
        Some(path) => output::report_to_file(path, io, |out| out.write_all(text(Style::PLAIN).as_bytes())),
        None => {
            let text = text(output::style(common.color, io));
            output::to_stdout(io, |out| out.write_all(text.as_bytes()))
        }
    }
}

fn written(path: &Path, args: &Args, review: &Review, io: &mut Io<'_>) -> Result<(), Error> {
    let write = |out: &mut dyn std::io::Write| review.write(args.format, Style::PLAIN, out);
    if args.format == Format::Toml {
        output::to_file(&io.path(path), path, output::Readers::All, write)?;
    } else {
        output::report_to_file(path, io, write)?;
    }
    io.note(&format!("wrote {}; record {}", path.display(), review.record));
    Ok(())
}
