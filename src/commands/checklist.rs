//! `leastwise checklist`: only the rows to change, and with `--watch` which of them are done.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::{audit, input, output, wait};
use crate::access::Requirements;
use crate::audit::{Audit, Judgement, Request};
use crate::checklist;
use crate::checklist::Checklist;
use crate::checks::Status;
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::{Io, Pause};
use crate::model::{RoleId, Tenant, fold_name};
use crate::policy::Policy;
use crate::rules::{Library, RuleFile};
use crate::source::connectwise::{Client, Shared, Unreadable, Waits};

/// Between two looks: a person needs longer to set a level and save.
const PAUSE: Duration = Duration::from_secs(5);

/// Arguments of `leastwise checklist`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise checklist --integration cisco-umbrella")]
pub struct Args {
    /// The integration whose role is to be put right
    #[arg(long, value_name = "ID")]
    integration: String,
    /// Look at this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    snapshot: Option<PathBuf>,
    /// Read again after each save and tick off what is done, until all is
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
pub fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    audit::check_integrations(std::slice::from_ref(&args.integration), &settings.library)?;
    let Some(rules) = settings.library.get(&args.integration) else {
        return Err(Error::Usage(format!("there is no rule file for \"{}\"", args.integration)));
    };
    let request = Request {
        integrations: vec![args.integration.clone()],
        role: args.role.clone(),
        member: args.member.clone(),
        all: true,
        ..Request::default()
    };
    let (tenant, client, policy) = match &args.snapshot {
        Some(path) => {
            let read = input::snapshot(path, io)?;
            let (_, policy) = settings.of_snapshot(common, &read.tenant.id)?;
            (read.tenant, None, policy)
        }
        None => live(&settings, &request, common, io)?,
    };
    tenant.roles.rows()?;
    tenant.api_members.rows()?;
    let policy = Policy { waivers: Vec::new(), ..policy };
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let judgement = audit.judge(&tenant);
    if judgement.nothing_matched || judgement.roles.is_empty() {
        io.say(&format!("hint: nothing here goes by the names of {}; name its role with --role or its member with --member", rules.id));
        return Ok(Exit::NothingMatched);
    }
    let declared = policy.bindings.iter().filter(|own| own.rules == rules.id);
    let features: Vec<String> = declared.clone().flat_map(|own| own.features.clone()).collect();
    let setup_until = declared.filter_map(|own| own.setup_until).max();
    let needs = Requirements::of(rules, &features, setup_until, settings.as_of);
    let mut lists = checklist::of(&judgement, &needs, &settings.library.catalog);
    let style = output::style(common.color, io);
    for list in &lists {
        output::to_stdout(io, |out| list.write(rules, style, out))?;
    }
    if let (true, Some((client, mut waits))) = (args.watch, client) {
        return watch(&mut lists, tenant, (&client, &mut waits), rules, &settings.library, common, io);
    }
    Ok(exit(&lists, &judgement))
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
    if !common.quiet {
        io.say(&format!("reading {}, live", live.id()));
    }
    let policy = live.policy.clone();
    let names: BTreeSet<String> = {
        let by_rules = settings.library.iter().flat_map(|rules| &rules.matches.members);
        let by_binding = policy.bindings.iter().filter_map(|own| own.member.as_ref());
        by_rules.chain(by_binding).map(|name| fold_name(name)).collect()
    };
    let (mut shared, mut waits) = Shared::new();
    let client = Client::sharing(&mut shared, live.connection, live.access, &[])?;
    let now = (io.now)();
    let audit = Audit { library: &settings.library, policy: &policy, request, as_of: settings.as_of };
    let reading = async {
        let mut tenant = Box::pin(client.lists(&audit.wanted(), Some(&names), now)).await?;
        let roles = audit.roles(&tenant);
        client.add_settings(&mut tenant, &roles, &|_, _| ()).await?;
        Ok::<_, Unreadable>(tenant)
    };
    let tenant = wait::wait_for(reading, &mut waits, None, common, io)?
        .map_err(|unreadable| Error::Tenant(unreadable.said))?;
    Ok((tenant, Some((client, waits)), policy))
}

fn exit(lists: &[Checklist], judgement: &Judgement) -> Exit {
    let told =
        |outcome: &&crate::checks::Outcome| outcome.check == "LW101" && outcome.status == Status::Unknown;
    if lists.iter().any(|list| list.left() > 0) {
        Exit::Findings
    } else if judgement.outcomes.iter().find(told).is_some() {
        Exit::Partial
    } else {
        Exit::Clean
    }
}

/// Reads the roles again and again, until every level is set.
fn watch(
    lists: &mut [Checklist],
    mut tenant: Tenant,
    (client, waits): (&Client, &mut Waits),
    rules: &RuleFile,
    library: &Library,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Exit, Error> {
    if lists.iter().any(|list| list.role.is_none()) {
        io.say("hint: a role that is to be made anew cannot be watched; bind it, then watch again");
        return Ok(Exit::Findings);
    }
    let watched: Vec<RoleId> = lists.iter().filter_map(|list| Some(list.role.as_ref()?.id)).collect();
    let mut interrupted = false;
    while !interrupted && lists.iter().any(|list| list.left() > 0) {
        interrupted = (io.pause)(PAUSE) == Pause::Interrupted;
        if interrupted {
            continue;
        }
        let looking = client.add_settings(&mut tenant, &watched, &|_, _| ());
        wait::wait_for(looking, waits, None, common, io)?
            .map_err(|unreadable| Error::Tenant(unreadable.said))?;
        for list in lists.iter_mut() {
            let moved = list.tick(&tenant, &library.catalog);
            for row in &moved {
                let mark = if row.done { "[x]" } else { "[ ]" };
                io.say(&format!("{mark} {} {} Level = {}", row.function, row.verb.title(), row.wanted));
            }
            if !moved.is_empty() && list.left() > 0 {
                io.say(&format!("{} still to set for {}", list.left(), rules.id));
            }
        }
    }
    let style = output::style(common.color, io);
    for list in lists.iter() {
        output::to_stdout(io, |out| list.write_change(&tenant, &library.catalog, style, out))?;
    }
    Ok(if interrupted { Exit::Interrupted } else { Exit::Clean })
}
