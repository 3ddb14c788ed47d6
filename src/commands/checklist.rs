//! `leastwise checklist`: what to click for one integration, and with `--watch` which levels are set.

use std::path::PathBuf;
use std::time::Duration;

use super::load::{self, Looks, Reading};
use super::{audit, output, wait};
use crate::access::Requirements;
use crate::audit::{Audit, Plan, Request, What};
use crate::checklist::{Checklist, write_new, write_removal};
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::{Io, Pause};
use crate::model::Tenant;
use crate::policy::Policy;
use crate::rules::{Library, RuleFile};
use crate::source::connectwise::{Client, Shared, Waits};

/// Between two looks: a person needs longer to set a level and save.
const PAUSE: Duration = Duration::from_secs(5);

/// Arguments of `leastwise checklist`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[command(after_help = "Example: leastwise checklist --integration cisco-umbrella --new")]
pub struct Args {
    /// The integration whose role is to be corrected
    #[arg(long, value_name = "ID")]
    integration: String,
    /// Set it up: role, member, key, console, test; offline
    #[arg(long, conflicts_with_all = ["missing", "remove", "watch", "snapshot", "role", "member"])]
    new: bool,
    /// Only what gives back what is missing: it takes nothing away
    #[arg(long, conflicts_with = "remove")]
    missing: bool,
    /// Remove the integration: keys, member, role, old login, callbacks
    #[arg(long, conflicts_with = "watch")]
    remove: bool,
    /// Look at this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    snapshot: Option<PathBuf>,
    /// Read again every 5 seconds and tick off what is done, until all is; Ctrl-C stops
    #[arg(long)]
    watch: bool,
    /// The integration's role, by name or id, instead of what bindings and names say
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// The integration's member, by identifier, name or id, instead of what bindings and names say
    #[arg(long, value_name = "ID")]
    member: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// What stopped it.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let rules = audit::integration(&args.integration, &settings.library)?;
    let style = output::style(common.color, io);
    if !args.remove
        && !args.new
        && rules.asks_admin()
        && Requirements::of(rules, &[], None, settings.as_of).is_empty()
    {
        return Err(Error::Usage(format!(
            "the vendor of {} asks for Admin and publishes no list of permissions, so there is nothing to check off: ask the vendor for one",
            rules.id
        )));
    }
    if args.new {
        let needs = needs(rules, &settings);
        output::to_stdout(io, |out| write_new(rules, &needs, &settings.library.catalog, style, out))?;
        return Ok(Exit::Clean);
    }
    let request = Request {
        integrations: vec![args.integration.clone()],
        role: args.role.clone(),
        member: args.member.clone(),
        all: true,
        ..Request::default()
    };
    let (tenant, client, policy) = match &args.snapshot {
        Some(path) => {
            let read = load::tenant(Some(path), Looks::Audit(&request), &settings, common, io)?;
            (read.input.tenant, None, read.policy)
        }
        None => live(&settings, &request, common, io)?,
    };
    tenant.roles.rows()?;
    tenant.api_members.rows()?;
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let judgement = audit.judge(&tenant);
    if args.remove {
        let everything = Request::default();
        let bindings = Audit { request: &everything, ..audit }.bindings(&tenant);
        let keys = &judgement.keys;
        output::to_stdout(io, |out| write_removal(rules, keys, &bindings, &tenant, style, out))?;
        return Ok(Exit::Clean);
    }
    if judgement.nothing_matched || judgement.roles.is_empty() && !has_steps(&judgement.plan) {
        io.hint(format_args!(
            "no member or role has a name of {id}. Set it up with `leastwise checklist --integration {id} --new`, or name its role with --role or its member with --member",
            id = rules.id
        ));
        return Ok(Exit::NothingMatched);
    }
    let mut list = Checklist::of(judgement.plan, &judgement.results, args.missing);
    output::to_stdout(io, |out| list.write(rules, &tenant, style, out))?;
    if let (true, Some((client, mut waits))) = (args.watch, client) {
        return watch(&mut list, tenant, (&client, &mut waits), rules, &settings.library, common, io);
    }
    Ok(exit(&list))
}

/// Whether there is something to do for what the tenant has; setting it up is another list.
fn has_steps(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| !matches!(step.what, What::SetUp | What::Proof))
}

/// What the integration needs with the features that bindings name; with all of its features where none does.
fn needs(rules: &RuleFile, settings: &Settings) -> Requirements {
    let bindings = settings.config.tenants.values().flat_map(|tenant| &tenant.bindings);
    let declared = bindings.filter(|own| own.rules == rules.id);
    let features: Vec<String> = declared.flat_map(|own| own.features.clone()).collect();
    Requirements::of(rules, &features, None, settings.as_of)
}

/// The client, to look again with, and what hears of its waits.
type Asking = (Client, Waits);

/// Reads the live tenant.
fn live(
    settings: &Settings,
    request: &Request,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<(Tenant, Option<Asking>, Policy), Error> {
    let live = settings.live(common, io)?;
    io.note(&format!("reading {}, live", live.id()));
    let (shared, mut waits) = Shared::new();
    let client = Client::sharing(&shared, live.connection, live.access, &[])?;
    let now = (io.now)();
    let looks = Looks::Audit(request);
    let reading = Reading { client: &client, looks, policy: &live.policy, settings, now };
    let tenant = wait::wait_for(reading.tenant(&|_, _| ()), &mut waits, None, io)?
        .map_err(|unreadable| Error::Tenant(unreadable.said))?;
    Ok((tenant, Some((client, waits)), live.policy))
}

fn exit(list: &Checklist) -> Exit {
    if list.has_findings() {
        Exit::Findings
    } else if list.is_undecided() {
        Exit::Partial
    } else {
        Exit::Clean
    }
}

/// Reads the roles again and again, until every level is set.
fn watch(
    list: &mut Checklist,
    mut tenant: Tenant,
    (client, waits): (&Client, &mut Waits),
    rules: &RuleFile,
    library: &Library,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Exit, Error> {
    let watched = list.roles();
    if watched.is_empty() {
        if list.makes_a_role() {
            io.hint("a role that is still to be made cannot be watched; make it, then watch again");
        } else if list.has_steps() {
            io.hint("only levels of roles can be watched; do the steps, then print the list again");
        }
        return Ok(exit(list));
    }
    io.note(&format!("watching every {} s; press Save in the PSA, Ctrl-C to stop", PAUSE.as_secs()));
    let mut interrupted = false;
    while !interrupted && list.still_to_set() > 0 {
        interrupted = (io.pause)(PAUSE) == Pause::Interrupted;
        if interrupted {
            continue;
        }
        let looking = client.add_settings(&mut tenant, &watched, &|_, _| ());
        wait::wait_for(looking, waits, None, io)?.map_err(|unreadable| Error::Tenant(unreadable.said))?;
        let moved = list.tick(&tenant, &library.catalog);
        for row in &moved {
            let mark = if row.is_done() { "[x]" } else { "[ ]" };
            io.say(&format!("{mark} {} {} Level = {}", row.function, row.verb.title(), row.wanted));
        }
        if !moved.is_empty() && list.still_to_set() > 0 {
            io.say(&format!("{} still to set for {}", list.still_to_set(), rules.id));
        }
    }
    let style = output::style(common.color, io);
    output::to_stdout(io, |out| list.write_change(&tenant, &library.catalog, style, out))?;
    Ok(if interrupted { Exit::Interrupted } else { Exit::Clean })
}
