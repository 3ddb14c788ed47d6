//! `leastwise gate`: what does a pull request change, by the rules, waivers and config of its base?
//!
//! It is `diff` and `audit --baseline` of every snapshot that the change touches. What decides comes from the
//! base commit, what is judged from the proposed one, both as git's objects; nothing that is checked out is
//! read or run.

mod objects;

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use super::audit::{Data, one};
use super::output;
use super::wanted::Wanted;
use super::{diff, input};
use crate::audit::Request;
use crate::config::{Common, Settings, reviews, rules_dir};
use crate::diff::DiffReport;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::render::{Format, Report, TenantReport};
use crate::term::Style;
use crate::term::text::count;
use objects::{Commit, Files, Repository};

/// Where the base's snapshots are put; the proposed ones keep their paths, which reports point to.
const BASE: &str = "base";

/// Arguments of `leastwise gate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
In pull requests of GitHub, GitLab and Azure the base is known from their variables.
--config and --rules-dir are paths in the base commit; docs/ci.md has the jobs.

Example: leastwise gate --base refs/remotes/origin/main")]
pub struct Args {
    /// The commit that decides: a whole hash, or a name such as refs/remotes/origin/main
    #[arg(long, value_name = "COMMIT")]
    base: Option<String>,
    /// The folder of the repository that holds the snapshots
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,
    /// Fail on every widening too, waived or not
    #[arg(long)]
    strict: bool,
    /// How old a snapshot may be, in days; an older one ends with exit code 4
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    max_age: u32,
    #[command(flatten)]
    wanted: Wanted,
}

/// Runs the command.
///
/// # Errors
/// What stopped it; nothing was judged then.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    output::check_apart(args.wanted.paths(), io)?;
    let proposal = Proposal::read(args, common, io).map_err(Error::Usage)?;
    if proposal.changed.is_empty() {
        io.note("no snapshot was changed: there is nothing to judge");
        return Ok(Exit::Clean);
    }
    let place = tempfile::Builder::new().prefix("leastwise-").tempdir().map_err(|why| {
        Error::Usage(format!("no temporary folder could be made for the files of the commits: {why}"))
    })?;
    proposal.write(place.path()).map_err(Error::Usage)?;
    // Paths start from there while files are read, and from the user's folder when reports are written.
    let folder = std::mem::replace(&mut io.folder, place.path().to_owned());
    let judged = proposal.judge(args, common, io);
    io.folder = folder;
    let (settings, judged) = judged?;
    let (diffs, tenants): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
    let diffs: Vec<_> = diffs.into_iter().flatten().collect();
    let is_widened = diffs.iter().any(|diff| diff.exit == Exit::Findings);
    let tenants = tenants.into_iter().map(Into::into).collect();
    let mut report = Report::new(settings.as_of, args.wanted.fail_on(), None, tenants);
    report.details = args.wanted.details || args.wanted.all;
    let before = |format, style, out: &mut dyn Write| say_what_changed(&diffs, format, style, out);
    output::deliver_after(&before, &report, &args.wanted, output::style(common.color, io), io)?;
    Ok(match report.exit {
        Exit::Clean | Exit::Partial if args.strict && is_widened => Exit::Findings,
        exit => exit,
    })
}

/// The comparison stands before the findings in what people read.
fn say_what_changed(
    diffs: &[DiffReport],
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let form = match format {
        Format::Table => crate::diff::Format::Table,
        Format::Markdown => crate::diff::Format::Markdown,
        _ => return Ok(()),
    };
    for diff in diffs {
        crate::diff::write(diff, form, style, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// A snapshot, judged; compared where the base has it.
type Judged = (Option<DiffReport>, TenantReport);

/// What a pull request proposes, and what decides about it.
struct Proposal {
    repository: Repository,
    /// Config, rule files and reviews of the base.
    deciding: Files,
    /// Snapshots of the base.
    base: Files,
    /// Snapshots that the change touches.
    changed: Files,
    config: PathBuf,
    rules: Option<PathBuf>,
}

impl Proposal {
    fn read(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Self, String> {
        let repository = Repository::open(io)?;
        let (base, head) = (repository.commit(&base_name(args, io)?)?, repository.commit("HEAD")?);
        if base == head {
            return Err(
                "the base is the commit itself, which would be compared with itself: check out what is proposed"
                    .to_owned(),
            );
        }
        let config = below(common.config.as_deref().unwrap_or(Path::new("leastwise.toml")))?;
        let mut deciding = repository.files(&base, &[&config, &reviews::folder(&config)])?;
        let rules = match &common.rules_dir {
            Some(folder) => Some(below(folder)?),
            None => named_rules(&repository, &deciding, &config)?,
        };
        if let Some(folder) = &rules {
            deciding.extend(repository.files(&base, &[folder])?);
        }
        let snapshots = below(&args.snapshots)?;
        let of = |commit: &Commit| repository.files(commit, &[&snapshots]);
        let parting = repository.parting(&base, &head).map(|parting| of(&parting)).transpose()?;
        let (base, changed) = (of(&base)?, of(&head)?);
        check_none_removed(&base, &changed, parting.as_ref())?;
        let is_changed = |path: &PathBuf, blob: &objects::Blob| {
            let differs = |files: &Files| files.get(path) != Some(blob);
            is_snapshot(path) && differs(&base) && parting.as_ref().is_none_or(differs)
        };
        let changed = changed.into_iter().filter(|(path, blob)| is_changed(path, blob)).collect();
        Ok(Self { repository, deciding, base, changed, config, rules })
    }

    /// Writes the files below a folder: the proposed snapshots and what decides at their own paths, the base's
    /// snapshots below `base`.
    fn write(&self, root: &Path) -> Result<(), String> {
        for (path, blob) in self.deciding.iter().chain(&self.changed) {
            self.repository.write(path, blob, root)?;
        }
        let of_base = self.base.iter().filter(|(path, _)| self.changed.contains_key(*path));
        for (path, blob) in of_base {
            self.repository.write(path, blob, &root.join(BASE))?;
        }
        if !self.deciding.contains_key(&self.config) {
            // Else a config elsewhere would be looked for.
            let place = root.join(&self.config);
            let made = place.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| std::fs::write(&place, "")).map_err(|why| why.to_string())?;
        }
        Ok(())
    }

    /// Judges every changed snapshot, and compares it with the base's.
    fn judge(&self, args: &Args, common: &Common, io: &mut Io<'_>) -> Result<(Settings, Vec<Judged>), Error> {
        let common =
            Common { config: Some(self.config.clone()), rules_dir: self.rules.clone(), ..common.clone() };
        let settings = Settings::read(&common, io)?;
        io.note(&format!("the base decides about {}", count(self.changed.len(), "changed snapshot")));
        let request = Request { all: true, matrices: args.wanted.draws_matrices(), ..Request::default() };
        let mut judged = Vec::new();
        for path in self.changed.keys() {
            let base = self.base.contains_key(path).then(|| Path::new(BASE).join(path));
            let data = Data {
                snapshot: Some(path),
                baseline: base.as_deref(),
                max_age: args.max_age,
                all: args.wanted.all,
            };
            let compared = match &base {
                Some(base) => {
                    let (old, new) = (input::snapshot(base, io)?, input::snapshot(path, io)?);
                    Some(diff::compare_files(base, old, new, &settings, &common)?)
                }
                None => None,
            };
            judged.push((compared, one(&data, &settings, &request, &common, io)?));
        }
        Ok((settings, judged))
    }
}

/// The commit that decides: as asked for, or the target of the pull request that this job runs for.
fn base_name(args: &Args, io: &Io<'_>) -> Result<String, String> {
    const TARGETS: [&str; 3] =
        ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "SYSTEM_PULLREQUEST_TARGETBRANCH"];
    if let Some(base) = &args.base {
        return Ok(base.clone());
    }
    let target = TARGETS.iter().find_map(|name| io.var(name)).ok_or(
        "which commit decides is not known: this is no pull request; name it with --base refs/remotes/origin/main",
    )?;
    Ok(format!("refs/remotes/origin/{}", target.strip_prefix("refs/heads/").unwrap_or(target)))
}

/// The folder of rule files that the base's config names.
fn named_rules(repository: &Repository, files: &Files, config: &Path) -> Result<Option<PathBuf>, String> {
    let Some(blob) = files.get(config) else { return Ok(None) };
    let place = tempfile::tempdir().map_err(|why| why.to_string())?;
    repository.write(config, blob, place.path())?;
    rules_dir(config, &place.path().join(config)).map(|folder| below(&folder)).transpose()
}

fn is_snapshot(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// A tenant whose snapshot is gone is watched by nobody.
fn check_none_removed(base: &Files, head: &Files, parting: Option<&Files>) -> Result<(), String> {
    let gone = base.keys().find(|path| {
        is_snapshot(path)
            && !head.contains_key(*path)
            && parting.is_none_or(|files| files.contains_key(*path))
    });
    gone.map_or(Ok(()), |path| {
        Err(format!(
            "{} is in the base and not in what is proposed: its tenant would be watched by nobody",
            path.display()
        ))
    })
}

/// A path of the repository, from its root.
fn below(path: &Path) -> Result<PathBuf, String> {
    let parts: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let is_below = parts.components().all(|part| matches!(part, Component::Normal(_)));
    if is_below && parts.components().next().is_some() {
        Ok(parts)
    } else {
        Err(format!("{} is not a path inside of the repository, from its root", path.display()))
    }
}
