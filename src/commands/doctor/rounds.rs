//! `leastwise doctor --roles`: follows one temporary API member through the roles.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::save;
use crate::commands::{output, wait};
use crate::config::Common;
use crate::config::Settings;
use crate::doctor::{Round, Rounds, collect_role};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::exit::Exit;
use crate::io::{Io, Pause};
use crate::model::{DatasetName, Tenant, fold_name};
use crate::policy::Policy;
use crate::rules::Library;
use crate::source::connectwise::{Client, KeyHolder, Shared, Waits};
use crate::term::text::{count, join_and};

/// Between two looks: an admin needs longer to choose a role and save.
const PAUSE: Duration = Duration::from_secs(5);

/// The two keys, and what the auditor's key read.
struct Visit<'a> {
    own: Client,
    auditor: Client,
    waits: Waits,
    tenant: Tenant,
    library: &'a Library,
    path: &'a Path,
}

pub(super) fn run(path: &Path, settings: &Settings, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let reach = settings.reach(common, io)?;
    let key = reach.integration_key(io);
    let Some(access) = key.access else {
        return Err(Error::Usage(format!("the temporary member's key: {}", join_and(&key.problems))));
    };
    let auditor = reach.auditor_key(io)?.ok_or_else(|| {
        Error::Usage(
            "the roles are listed with the auditor's key: set LEASTWISE_PUBLIC_KEY and LEASTWISE_PRIVATE_KEY"
                .to_owned(),
        )
    })?;
    // Whoever answers may know both keys, and repeat either to the other.
    let both = [access.clone(), auditor.clone()];
    let (shared, mut waits) = Shared::new();
    let client = |access| Client::sharing(&shared, reach.connection.clone(), access, &both);
    let (own, auditor) = (client(access)?, client(auditor)?);
    let now = (io.now)();
    let wanted = BTreeSet::from([DatasetName::Roles, DatasetName::ApiMembers]);
    let names = BTreeSet::new();
    let reading = auditor.lists(&wanted, Some(&names), now);
    let tenant = wait::wait_for(reading, &mut waits, None, io)?.map_err(|error| Error::Tenant(error.said))?;
    tenant.roles.rows()?;
    tenant.api_members.rows()?;
    wait::wait_for(own.company(), &mut waits, None, io)?
        .map_err(|_| Error::Tenant("the company could not be asked for".to_owned()))?;
    let mut visit = Visit { own, auditor, waits, tenant, library: &settings.library, path };
    let holder = visit.holder(io)?;
    refuse_a_working_member(&holder, &settings.library, &reach.policy)?;
    visit.go_through(holder, io)
}

/// Switching the role of a member that an integration uses would stop the integration.
fn refuse_a_working_member(holder: &KeyHolder, library: &Library, policy: &Policy) -> Result<(), Error> {
    let folded = fold_name(&holder.member.identifier);
    let by_rules =
        library.iter().flat_map(|rules| rules.matches.members.iter().map(|name| (name, &rules.id)));
    let by_binding = policy.bindings.iter().filter_map(|own| Some((own.member.as_ref()?, &own.rules)));
    match by_rules.chain(by_binding).find(|(name, _)| fold_name(name) == folded) {
        Some((_, rules)) => Err(Error::Usage(format!(
            "the key belongs to member {}, which serves {rules}: switching its role would stop that; make a temporary API member instead",
            holder.member.identifier
        ))),
        None => Ok(()),
    }
}

impl Visit<'_> {
    fn holder(&mut self, io: &mut Io<'_>) -> Result<KeyHolder, Error> {
        let asking = self.own.key_holder(self.tenant.taken_at);
        wait::wait_for(asking, &mut self.waits, None, io)?
            .map_err(|fault| Error::Tenant(format!("the temporary member's key: {fault}")))
    }

    fn go_through(&mut self, mut holder: KeyHolder, io: &mut Io<'_>) -> Result<Exit, Error> {
        let mut rounds = Rounds::of(&self.tenant, &holder);
        let member = holder.member.identifier.to_string();
        io.say(&format!("{} to go through with member {member}", count(rounds.roles.len(), "role")));
        loop {
            self.look(&mut rounds, &holder, io)?;
            let Some((_, next)) = rounds.next() else { break };
            if (io.pause)(PAUSE) == Pause::Interrupted {
                io.say(&format!(
                    "interrupted: {} collected, next would be {next}; delete member {member} when you are done",
                    count(rounds.collected.len(), "role")
                ));
                return Ok(Exit::Interrupted);
            }
            holder = self.holder(io)?;
        }
        let rows: Vec<_> = rounds.roles.iter().map(|(id, name)| format!("  {id}  {name}")).collect();
        let collected = count(rounds.collected.len(), "role");
        let path = self.path.display();
        output::to_stdout(io, |out| {
            writeln!(out, "Evidence of {collected} is in {path}:")?;
            for row in &rows {
                writeln!(out, "{}", crate::term::text::printable(row))?;
            }
            writeln!(out, "\nNow delete that member: System > Members > API Members > {member}.")?;
            writeln!(out, "Next: leastwise audit --evidence {path}")
        })?;
        Ok(Exit::Clean)
    }

    /// Looks at the role that the member holds now, and says what to do next.
    fn look(&mut self, rounds: &mut Rounds, holder: &KeyHolder, io: &mut Io<'_>) -> Result<(), Error> {
        let name = holder.role_name.as_deref().unwrap_or("without a name").to_owned();
        let said = match rounds.step(holder) {
            Round::Wait => return Ok(()),
            Round::Admin => format!("{name} is an admin role, to which every list is open: skipped"),
            Round::Elsewhere => format!("role {name} is none that another active API member holds: skipped"),
            Round::Collect(role) => {
                let catalog = &self.library.catalog;
                let tenant = &mut self.tenant;
                let member = holder.member.id;
                let collecting = collect_role(&self.own, &self.auditor, tenant, role, member, catalog);
                let collected = wait::wait_for(collecting, &mut self.waits, None, io)?
                    .map_err(|fault| Error::Tenant(format!("role {name}: {fault}")))?;
                rounds.keep(collected);
                let evidence = Evidence {
                    tenant: self.tenant.id.clone(),
                    taken_at: self.tenant.taken_at,
                    roles: rounds.collected.clone(),
                };
                save(self.path, &evidence, io)?;
                format!("role {name} is collected")
            }
        };
        let next = rounds.next().map_or_else(String::new, |(_, next)| {
            format!(
                "; now choose {next}: System > Members > API Members > {} > Role ID, then Save",
                holder.member.identifier
            )
        });
        io.say(&format!("{said}{next}"));
        Ok(())
    }
}
