//! A role of a tenant, the integrations on it, and who else holds it.

use std::path::Path;

use crate::access::Rights;
use crate::audit::{Audit, Request};
use crate::checks::{Binding, BoundMember};
use crate::commands::input;
use crate::commands::load::{self, Looks};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::io::Io;
use crate::model::{Gap, MemberId, Role, RoleId, Tenant};
use crate::sharing::{Party, Sharing, Unneeded, parties};

/// A role that is worked out.
pub(super) struct SharedRole {
    pub(super) id: RoleId,
    pub(super) name: String,
    pub(super) is_admin: bool,
    pub(super) parties: Vec<Party>,
    /// The members that serve each integration, as `(integration, member)`.
    pub(super) members: Vec<(String, String)>,
    /// Features of these integrations that no binding names.
    pub(super) undeclared: Vec<String>,
    /// API members that hold the role and that nothing accounts for.
    pub(super) unaccounted: Vec<String>,
    /// Active people who hold it; `None` where the members could not be read.
    pub(super) people: Option<usize>,
    /// What none of the integrations needs, or why that could not be read.
    pub(super) unneeded: Result<Vec<Unneeded>, Gap>,
}

impl SharedRole {
    pub(super) fn read(
        name: &str,
        snapshot: Option<&Path>,
        settings: &Settings,
        common: &Common,
        io: &mut Io<'_>,
    ) -> Result<Self, Error> {
        let request = Request { role: Some(name.to_owned()), ..Request::default() };
        let loaded = load::tenant(snapshot, Looks::Audit(&request), settings, common, io)?.readable()?;
        let (input, policy) = (loaded.input, loaded.policy);
        input::say_read(&input, io);
        let role = input::role(&input.tenant, name)?;
        input.tenant.api_members.rows()?;
        let everything = Request::default();
        let audit = Audit {
            library: &settings.library,
            policy: &policy,
            request: &everything,
            as_of: settings.as_of,
        };
        let mut bindings = audit.bindings(&input.tenant);
        bindings.retain(|binding| binding.role.is_some_and(|own| own.id == role.id));
        Ok(Self::of(role, &bindings, &input.tenant, settings))
    }

    fn of(role: &Role, bindings: &[Binding<'_>], tenant: &Tenant, settings: &Settings) -> Self {
        let catalog = &settings.library.catalog;
        let parties = parties(bindings);
        let sharing = Sharing::of(parties.clone(), catalog);
        let unneeded = tenant.settings_of(role.id).map(|rows| sharing.unneeded(&Rights::new(rows, catalog)));
        Self {
            id: role.id,
            name: role.name.to_string(),
            is_admin: role.is_admin() == Some(true),
            members: members(bindings),
            undeclared: undeclared(bindings),
            unaccounted: unaccounted(role.id, bindings, tenant),
            people: people(role.id, bindings, tenant),
            parties,
            unneeded,
        }
    }

    /// Whether something could not be told.
    pub(super) fn is_partial(&self) -> bool {
        let is_unclear = self.unneeded.as_ref().map_or(true, |rows| rows.iter().any(|row| !row.certain));
        self.people.is_none() || is_unclear
    }
}

fn members(bindings: &[Binding<'_>]) -> Vec<(String, String)> {
    let name = |member: &BoundMember<'_>| {
        let member = member.reference();
        member.identifier.as_ref().map_or_else(|| format!("member {}", member.id), ToString::to_string)
    };
    let members = bindings.iter().filter_map(|binding| {
        let member = binding.member.as_ref()?;
        Some((binding.rules.id.clone(), name(member)))
    });
    members.collect()
}

/// Features that no binding names, as `ID:FEATURE`.
fn undeclared(bindings: &[Binding<'_>]) -> Vec<String> {
    let features = bindings.iter().flat_map(|binding| {
        let id = &binding.rules.id;
        binding.undeclared_features().map(move |(name, _)| format!("{id}:{name}"))
    });
    let mut features: Vec<_> = features.collect();
    features.dedup();
    features
}

fn is_bound(bindings: &[Binding<'_>], id: MemberId) -> bool {
    bindings.iter().any(|binding| binding.member_id() == Some(id))
}

fn unaccounted(role: RoleId, bindings: &[Binding<'_>], tenant: &Tenant) -> Vec<String> {
    let members = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    let left = members.iter().filter(|member| {
        member.role == Some(role) && member.active != Some(false) && !is_bound(bindings, member.id)
    });
    left.map(|member| member.identifier.to_string()).collect()
}

fn people(role: RoleId, bindings: &[Binding<'_>], tenant: &Tenant) -> Option<usize> {
    let members = tenant.members.rows().ok()?;
    let people = members.iter().filter(|member| {
        let is_person = member.is_person() == Some(true) && member.active == Some(true);
        is_person && member.role == Some(role) && !is_bound(bindings, member.id)
    });
    Some(people.count())
}
