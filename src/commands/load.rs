//! One way to load a tenant, for every command: from a snapshot, or from the PSA as deep as the command looks.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::input::{self, Input};
use super::wait::wait_for;
use crate::audit::{Audit, Request, member_names};
use crate::checks;
use crate::config::{Common, Live, Settings};
use crate::error::Error;
use crate::io::Io;
use crate::model::{DatasetName, Gap, RoleId, Source, SourceKind, Tenant};
use crate::policy::Policy;
use crate::source::connectwise::{Client, Progress, Shared, Unreadable};
use crate::term::text::join_few;

/// What a command looks at, and so what is read of a live tenant.
#[derive(Clone, Copy)]
pub(super) enum Looks<'r> {
    /// The roles that an audit of this request judges.
    Audit(&'r Request),
    /// Every role.
    Everything,
    /// Every role, and the logins of people.
    People,
    /// The names of roles and members.
    Names,
}

/// A tenant, and what its owner decided about it.
pub(super) struct Loaded {
    pub(super) input: Input,
    pub(super) policy: Policy,
}

impl Loaded {
    /// It, where its roles could be read.
    ///
    /// # Errors
    /// Why they could not be.
    pub(super) fn readable(self) -> Result<Self, Error> {
        let tenant = &self.input.tenant;
        let gap = tenant.roles.rows().err().map(ToString::to_string);
        match self.input.failure.as_ref().or(gap.as_ref()) {
            Some(failure) => Err(Error::Tenant(format!("{} could not be read: {failure}", tenant.id))),
            None => Ok(self),
        }
    }
}

/// The tenant that is meant.
///
/// # Errors
/// A file that is no snapshot, settings that are missing, or Ctrl-C. What the PSA refuses is in the result.
pub(super) fn tenant(
    path: Option<&Path>,
    looks: Looks<'_>,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Loaded, Error> {
    let Some(path) = path else {
        return live(settings.live(common, io)?, looks, settings, common, io);
    };
    let input = input::snapshot(path, io)?;
    let (_, policy) = settings.of_snapshot(common, &input.tenant.id)?;
    Ok(Loaded { input, policy })
}

/// A live tenant, once it is known how to reach it.
///
/// # Errors
/// A certificate or a key that cannot be used, or Ctrl-C. What the PSA refuses is in the result.
pub(super) fn live(
    live: Live,
    looks: Looks<'_>,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Loaded, Error> {
    let now = (io.now)();
    io.note(&format!("reading {}, live", live.id()));
    let (shared, mut waits) = Shared::new();
    let client = Client::sharing(&shared, live.connection, live.access, &[])?;
    let bar = io.progress_bar("roles");
    let progress = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_message("");
    };
    let reading = Reading { client: &client, looks, policy: &live.policy, settings, now };
    let input = wait_for(reading.input(&progress), &mut waits, Some(&bar), io);
    bar.finish_and_clear();
    if common.verbose > 0 {
        input::say_requests(&client.requests(), io);
    }
    input::say_overheard(&client, common, io);
    Ok(Loaded { input: input?, policy: live.policy })
}

/// What of a live tenant is read, and with which client.
pub(super) struct Reading<'r> {
    pub(super) client: &'r Client,
    pub(super) looks: Looks<'r>,
    pub(super) policy: &'r Policy,
    pub(super) settings: &'r Settings,
    pub(super) now: Timestamp,
}

impl Reading<'_> {
    /// What came of it. What the tenant refuses is in the result.
    pub(super) async fn input(&self, progress: Progress<'_>) -> Input {
        let (client, now) = (self.client, self.now);
        let mut input = match self.tenant(progress).await {
            Ok(tenant) => {
                let source = Source { kind: SourceKind::Live, path: None, taken_at: Some(now) };
                let failure = tenant.roles.rows().err().map(|gap| roles_refused(&tenant, gap));
                Input { failure, ..Input::of(tenant, source) }
            }
            Err(Unreadable { said, cause }) => Input::unread(client.tenant_id(), now, said, &cause),
        };
        (input.requests, input.waited) = (client.requests(), client.waited());
        input
    }

    /// The lists, then the settings of the roles that are looked at.
    ///
    /// # Errors
    /// Nothing can be read with this client.
    pub(super) async fn tenant(&self, progress: Progress<'_>) -> Result<Tenant, Unreadable> {
        let Self { client, looks, policy, settings, now } = *self;
        let library = &settings.library;
        let audit_of = |request| Audit { library, policy, request, as_of: settings.as_of };
        let wanted: BTreeSet<_> = match looks {
            Looks::Audit(request) => audit_of(request).wanted(),
            Looks::Everything | Looks::People => everything(policy),
            Looks::Names => [DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members].into(),
        };
        let names = (!matches!(looks, Looks::People)).then(|| member_names(library, policy));
        let mut tenant = Box::pin(client.lists(&wanted, names.as_ref(), now)).await?;
        if wanted.contains(&DatasetName::Settings) {
            let roles = match looks {
                Looks::Audit(request) => audit_of(request).roles(&tenant),
                Looks::Everything | Looks::People => every_role(&tenant),
                Looks::Names => Vec::new(),
            };
            client.add_settings(&mut tenant, &roles, progress).await?;
        }
        Ok(tenant)
    }
}

/// Every dataset, but for those that only checks need which nobody switched on.
fn everything(policy: &Policy) -> BTreeSet<DatasetName> {
    let checks = || checks::ALL.iter().filter(|check| !policy.is_off(check.id));
    let is_asked = |dataset: &DatasetName| checks().any(|check| check.data.contains(dataset));
    DatasetName::ALL.into_iter().filter(|dataset| !dataset.is_optional() || is_asked(dataset)).collect()
}

fn every_role(tenant: &Tenant) -> Vec<RoleId> {
    tenant.roles.rows().map(|roles| roles.iter().map(|role| role.id).collect()).unwrap_or_default()
}

/// Why there are no roles, and those that are known all the same.
fn roles_refused(tenant: &Tenant, gap: &Gap) -> String {
    if tenant.role_names.is_empty() {
        return gap.with_fix();
    }
    let names: Vec<_> = tenant.role_names.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    format!("{}; roles that its API members name: {}", gap.with_fix(), join_few(&names, 12))
}
