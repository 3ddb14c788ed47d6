//! `leastwise audit`: does each integration have exactly what it needs?

mod fleet;
mod survey;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::input::Input;
use super::load::{self, Loaded, Looks};
use super::recorded::Recorded;
use super::wanted::Wanted;
use super::{input, output};
use crate::audit::{Audit, EVIDENCE_DAYS, Judgement, Request, baseline};
use crate::config::{Common, Config, Settings, links};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{DatasetName, Gap, Source, SourceKind, Tenant, TenantId, days_between};
use crate::policy::Policy;
use crate::render::{Baseline, Coverage, Filed, Report, RulesUsed, TenantReport};
use crate::rules::{Library, RuleFile};
use crate::term::text::{count, count_days};

/// Arguments of `leastwise audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise audit --snapshot acme.json --integration cisco-umbrella")]
pub struct Args {
    /// Judge this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Report on this integration only (repeat for more)
    #[arg(long, value_name = "ID")]
    integration: Vec<String>,
    /// The integration's role, by name or id, instead of what bindings and names say
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// The integration's member, by identifier, name or id, instead of what bindings and names say
    #[arg(long, value_name = "ID")]
    member: Option<String>,
    /// What a member's own key saw, saved by leastwise doctor (repeat for more)
    #[arg(long, value_name = "FILE")]
    evidence: Vec<PathBuf>,
    /// For how many days evidence holds
    #[arg(long, value_name = "DAYS", default_value_t = EVIDENCE_DAYS)]
    evidence_days: u32,
    /// What a survey of this PSA said, written by leastwise survey --format json
    #[arg(long, value_name = "FILE")]
    survey: Option<PathBuf>,
    /// Compare with this earlier snapshot: only findings that it does not have fail the run
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Apply no waiver
    #[arg(long)]
    no_waivers: bool,
    /// Take the waivers from this file instead of the config, such as the base branch's leastwise.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_waivers")]
    waivers_from: Option<PathBuf>,
    /// How old the snapshot may be, in days; an older one ends with exit code 4
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    max_age: u32,
    #[command(flatten)]
    wanted: Wanted,
}

impl Args {
    fn request(&self, io: &Io<'_>) -> Result<Request, Error> {
        Ok(Request {
            integrations: self.integration.clone(),
            role: self.role.clone(),
            member: self.member.clone(),
            // What is new must be found even where a role is too wide to list everything.
            all: self.wanted.all || self.baseline.is_some(),
            matrices: self.wanted.draws_matrices(),
            evidence: input::evidence(&self.evidence, io)?,
            evidence_days: Some(self.evidence_days),
        })
    }
}

impl Args {
    /// Files of one tenant say nothing of many.
    fn check_fit_for_many(&self) -> Result<(), Error> {
        let of_one = [
            ("--snapshot", self.snapshot.is_some()),
            ("--baseline", self.baseline.is_some()),
            ("--evidence", !self.evidence.is_empty()),
            ("--survey", self.survey.is_some()),
        ];
        match of_one.into_iter().find(|(_, is_given)| *is_given) {
            Some((argument, _)) => Err(Error::Usage(format!(
                "{argument} is of one tenant: name that one with --tenant NAME, without --tag and --shard"
            ))),
            None => Ok(()),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// What stopped it before or after the audit.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    output::check_apart(args.wanted.paths(), io)?;
    let mut settings = Settings::read(common, io)?;
    check_integrations(&args.integration, &settings.library)?;
    choose_waivers(args, &mut settings, io)?;
    let fleet = settings.fleet(common, io)?;
    if fleet.is_some() {
        args.check_fit_for_many()?;
    }
    let request = args.request(io)?;
    if let Some(path) = &args.survey {
        let survey = survey::read(path, io)?;
        survey::say(&survey, io)?;
    }
    let tenants = match &fleet {
        Some(fleet) => fleet::audit(fleet, &settings, &request, common, io)?,
        None => {
            let data = Data {
                snapshot: args.snapshot.as_deref(),
                baseline: args.baseline.as_deref(),
                max_age: args.max_age,
                all: args.wanted.all,
            };
            vec![one(&data, &settings, &request, common, io)?.into()]
        }
    };
    let shard = fleet.as_ref().and_then(|fleet| fleet.shard);
    let mut report = Report::new(settings.as_of, args.wanted.fail_on(), shard, tenants);
    report.details = args.wanted.details || args.wanted.all;
    if fleet.is_some() {
        for failure in report.failures() {
            io.error(format_args!("could not be read, nothing was judged: {failure}"));
        }
    } else if let Some((tenant, failure)) = only_failure(&report) {
        io.error(format_args!("{tenant} could not be read, nothing was judged: {failure}"));
    }
    hint(&report, args, io);
    finish(&report, &args.wanted, common, io)
}

/// Writes the finished report everywhere it is wanted.
pub(super) fn finish(
    report: &Report,
    wanted: &Wanted,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Exit, Error> {
    output::deliver(report, wanted, output::style(common.color, io), io)?;
    Ok(report.exit)
}

/// Why the only tenant could not be read.
fn only_failure(report: &Report) -> Option<(&TenantId, &str)> {
    let tenant = report.filed().first()?;
    Some((tenant.id(), tenant.failure()?))
}

/// Where the data of one tenant come from, and what they are compared with.
pub(super) struct Data<'a> {
    /// A snapshot; the live tenant without it.
    pub(super) snapshot: Option<&'a Path>,
    /// An earlier snapshot.
    pub(super) baseline: Option<&'a Path>,
    /// Days that the snapshot may be old.
    pub(super) max_age: u32,
    /// Whether every excess is listed, new or not.
    pub(super) all: bool,
}

/// The only tenant, from a snapshot or live.
pub(super) fn one(
    data: &Data<'_>,
    settings: &Settings,
    request: &Request,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<TenantReport, Error> {
    let baseline = data.baseline.map(|path| Recorded::open(path, io)).transpose()?;
    let (mut tenant, policy) = match data.snapshot {
        Some(path) => of_snapshot(path, settings, request, common, io)?,
        None => of_live(settings, request, common, io)?,
    };
    if let Some(baseline) = baseline {
        let policy = Policy { waivers: Vec::new(), ..policy };
        let audit = Audit { library: &settings.library, policy: &policy, request, as_of: settings.as_of };
        compare(&mut tenant, baseline, &audit, io)?;
        if !data.all {
            baseline::fold_wide_roles(&mut tenant.results);
            tenant.plan.keep_only(&tenant.results);
        }
    }
    note_age(&mut tenant, data.max_age, settings, io);
    Ok(tenant)
}

/// A snapshot that is too old says nothing of today: what came of it is judged in part.
fn note_age(tenant: &mut TenantReport, most: u32, settings: &Settings, io: &mut Io<'_>) {
    let Source { kind: SourceKind::Snapshot, taken_at: Some(taken_at), .. } = tenant.source else {
        return;
    };
    let age = age_days(taken_at, settings.as_of);
    if age < 0 {
        io.warn(format_args!(
            "--as-of {} is before the day of the snapshot ({}): what is judged by days may be wrong",
            settings.as_of,
            taken_at.strftime("%Y-%m-%d")
        ));
    }
    tenant.is_outdated = u32::try_from(age).is_ok_and(|age| age > most);
    if tenant.is_outdated {
        io.warn(format_args!(
            "the snapshot is {} old and --max-age is {}: take a new one with `leastwise snapshot`",
            count_days(age),
            count_days(i32::try_from(most).unwrap_or(i32::MAX))
        ));
    }
}

/// Whole days from when a snapshot was taken to the day of the audit.
fn age_days(taken_at: Timestamp, as_of: Date) -> i32 {
    days_between(taken_at.to_zoned(TimeZone::UTC).date(), as_of)
}

/// The waivers that apply: those of the config, of another file, or none.
fn choose_waivers(args: &Args, settings: &mut Settings, io: &mut Io<'_>) -> Result<(), Error> {
    if let Some(path) = &args.waivers_from {
        links::check("the file of waivers", path, io)?;
        let name = path.display().to_string();
        settings.config.waivers = Config::load_waivers(&name, &io.path(path), &settings.library)?;
    }
    if args.no_waivers {
        let number = std::mem::take(&mut settings.config.waivers).len();
        if number > 0 {
            io.note(&format!("{} not applied (--no-waivers)", count(number, "waiver")));
        }
    }
    Ok(())
}

/// Judges the baseline by today's rules and day, without waivers, and compares.
fn compare(
    tenant: &mut TenantReport,
    mut baseline: Recorded,
    audit: &Audit<'_>,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let path = baseline.input.source.path.clone().unwrap_or_default();
    let of = &baseline.input.tenant.id;
    if !tenant.id.is_same(of) {
        return Err(Error::Usage(format!("the baseline {path} is of {of}, not of {}", tenant.id)));
    }
    let old = baseline.judge(audit, io)?;
    baseline::compare(&mut tenant.results, &old.results);
    let taken_at = baseline.input.tenant.taken_at;
    let age_days = age_days(taken_at, audit.as_of);
    io.note(&format!("compared with the baseline {path}, {} old", count_days(age_days)));
    tenant.baseline = Some(Baseline { path, taken_at, age_days });
    Ok(())
}

/// An integration that no rule file describes is a slip of the pen, known before anything is asked.
pub(super) fn check_integrations(asked: &[String], library: &Library) -> Result<(), Error> {
    asked.iter().try_for_each(|id| integration(id, library).map(|_| ()))
}

/// The rule file of an integration.
///
/// # Errors
/// There is none, with the nearest.
pub(super) fn integration<'l>(id: &str, library: &'l Library) -> Result<&'l RuleFile, Error> {
    library.get(id).ok_or_else(|| {
        let hint = library.suggest(id).map_or_else(
            || "`leastwise rules list` shows all".to_owned(),
            |near| format!("did you mean {near}? `leastwise rules list` shows all"),
        );
        Error::Usage(format!("there is no rule file for \"{id}\": {hint}"))
    })
}

fn of_snapshot(
    path: &Path,
    settings: &Settings,
    request: &Request,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<(TenantReport, Policy), Error> {
    let mut recorded = Recorded::open(path, io)?;
    let (name, policy) = settings.of_snapshot(common, &recorded.input.tenant.id)?;
    input::check_evidence(&request.evidence, &recorded.input.tenant.id)?;
    let audit = Audit { library: &settings.library, policy: &policy, request, as_of: settings.as_of };
    let judgement = recorded.judge(&audit, io)?;
    let mut input = recorded.input;
    announce(&input, io);
    if name.is_none() && !settings.config.tenants.is_empty() {
        io.warn(format_args!("the config has no tenant for {}: judged without bindings", input.tenant.id));
    }
    if let Err(gap) = input.tenant.roles.rows() {
        input.failure = Some(gap.to_string());
    }
    let name = name.unwrap_or_else(|| input.tenant.id.company.clone());
    Ok((judged(name, &audit, input, judgement), policy))
}

fn of_live(
    settings: &Settings,
    request: &Request,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<(TenantReport, Policy), Error> {
    let live = settings.live(common, io)?;
    input::check_evidence(&request.evidence, &live.id())?;
    let name = live.name.clone();
    let loaded = load::live(live, Looks::Audit(request), settings, common, io)?;
    let policy = loaded.policy.clone();
    Ok((judge(name, loaded, settings, request), policy))
}

/// Judges a live tenant, alone or one of many.
fn judge(name: String, loaded: Loaded, settings: &Settings, request: &Request) -> TenantReport {
    let Loaded { input, policy } = loaded;
    let audit = Audit { library: &settings.library, policy: &policy, request, as_of: settings.as_of };
    let judgement = audit.judge(&input.tenant);
    judged(name, &audit, input, judgement)
}

fn announce(input: &Input, io: &mut Io<'_>) {
    let now = (io.now)();
    io.note(&format!("judging {} {}", input.tenant.id, input::describe(&input.source, now)));
}

/// Makes a report of what was read and judged.
pub(super) fn judged(name: String, audit: &Audit<'_>, input: Input, judgement: Judgement) -> TenantReport {
    TenantReport {
        name,
        id: input.tenant.id.clone(),
        source: input.source,
        failure: input.failure,
        asked: audit.request.asked(),
        nothing_matched: judgement.nothing_matched,
        coverage: coverage(audit, &input.tenant, &judgement),
        requests: input.requests,
        waited: input.waited,
        rules: rules_used(audit.library, &judgement),
        roles: judgement.roles,
        matrices: judgement.matrices,
        others: judgement.others,
        is_outdated: false,
        baseline: None,
        keys: judgement.keys,
        plan: judgement.plan,
        results: judgement.results,
    }
}

/// How much was read of the datasets that the audit needed.
fn coverage(audit: &Audit<'_>, tenant: &Tenant, judgement: &Judgement) -> Vec<Coverage> {
    let wanted = audit.wanted();
    let mut all: Vec<_> = tenant
        .datasets()
        .into_iter()
        .filter(|(dataset, _)| wanted.contains(dataset))
        .map(|(dataset, rows)| Coverage {
            dataset,
            records: rows.as_ref().map(|records| *records).unwrap_or_default(),
            reason: rows.err().map(Gap::reason),
        })
        .collect();
    let mut missing: BTreeMap<String, usize> = BTreeMap::new();
    for gap in judgement.settings.values().filter_map(|settings| settings.as_ref().err()) {
        *missing.entry(gap.reason()).or_default() += 1;
    }
    let missing: Vec<_> = missing
        .into_iter()
        .map(|(reason, roles)| match roles {
            1 => reason,
            _ => format!("{reason} ({})", count(roles, "role")),
        })
        .collect();
    all.insert(
        1,
        Coverage {
            dataset: DatasetName::Settings,
            records: judgement.settings.values().flatten().sum(),
            reason: (!missing.is_empty()).then(|| missing.join("; ")),
        },
    );
    all
}

fn rules_used(library: &Library, judgement: &Judgement) -> Vec<RulesUsed> {
    let used = judgement.integrations.iter().filter_map(|id| library.get(id));
    used.map(|rules| RulesUsed {
        id: rules.id.clone(),
        source: rules.source.clone(),
        read: rules.read,
        digest: rules.digest.clone(),
    })
    .collect()
}

/// What a user who looks only at the exit code would miss.
fn hint(report: &Report, args: &Args, io: &mut Io<'_>) {
    match report.exit {
        Exit::Failed if report.filed().len() > 1 => {
            let unread = report.filed().iter().filter(|tenant| tenant.failure().is_some()).count();
            io.hint(format_args!(
                "exit code 3: {unread} of {} could not be read; the report has the others",
                count(report.filed().len(), "tenant")
            ));
        }
        Exit::NothingMatched => io.hint(format_args!(
            "nothing here goes by the names of {}; name its member or role with --member or --role, or bind it in leastwise.toml (`leastwise init` proposes one)",
            if args.integration.is_empty() { "what was asked for".to_owned() } else { args.integration.join(", ") }
        )),
        Exit::Partial if report.filed().iter().all(Filed::has_no_unknowns) => {}
        Exit::Partial => io.hint("exit code 4: part of it is unknown; the report says which permission or row is missing"),
        _ => {}
    }
}
