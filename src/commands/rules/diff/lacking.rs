//! What changed needs mean for the roles of a tenant.

use std::path::Path;

use crate::access::Rights;
use crate::audit::{Audit, Request};
use crate::checks::Binding;
use crate::commands::input;
use crate::commands::load::{self, Looks};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Gap, Level, Tenant};
use crate::rules::{Catalog, ChangedFile, ChangedLevel, RuleChanges, Target};

/// What one change means for one role.
#[derive(Debug)]
pub(super) struct Effect {
    pub(super) integration: String,
    pub(super) role: (i64, String),
    /// `Module / Function`.
    pub(super) name: String,
    pub(super) change: ChangedLevel,
    pub(super) state: State,
}

/// What the role has of what changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Less than is asked for now.
    Lacks(Level),
    /// As much as is asked for now, or more.
    Has(Level),
    /// More than is asked for now, where less is asked for than before.
    Surplus(Level),
    /// It cannot be told, with why.
    Unknown(String),
}

/// What all changes mean for a tenant.
#[derive(Debug)]
pub(super) struct Effects {
    pub(super) tenant: String,
    pub(super) all: Vec<Effect>,
    /// Changed integrations that no role of the tenant is known to serve.
    pub(super) not_here: Vec<String>,
}

impl Effects {
    pub(super) fn read(
        changes: &RuleChanges<'_>,
        snapshot: Option<&Path>,
        settings: &Settings,
        common: &Common,
        io: &mut Io<'_>,
    ) -> Result<Self, Error> {
        let ids = changes.changed.iter().map(|changed| changed.new.id.clone()).collect();
        let request = Request { integrations: ids, ..Request::default() };
        let loaded = load::tenant(snapshot, Looks::Audit(&request), settings, common, io)?.readable()?;
        let (input, policy) = (loaded.input, loaded.policy);
        input::say_read(&input, io);
        input.tenant.api_members.rows()?;
        let audit =
            Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
        let bindings = audit.bindings(&input.tenant);
        let mut effects = Self { tenant: input.tenant.id.to_string(), all: Vec::new(), not_here: Vec::new() };
        for changed in &changes.changed {
            effects.add(changed, &bindings, &input.tenant, &settings.library.catalog);
        }
        Ok(effects)
    }

    fn add(
        &mut self,
        changed: &ChangedFile<'_>,
        bindings: &[Binding<'_>],
        tenant: &Tenant,
        catalog: &Catalog,
    ) {
        let own: Vec<_> = bindings.iter().filter(|binding| binding.rules.id == changed.new.id).collect();
        let mut roles: Vec<_> = own.iter().filter_map(|binding| binding.role).collect();
        roles.dedup_by_key(|role| role.id);
        if roles.is_empty() {
            self.not_here.push(changed.new.id.clone());
        }
        for role in roles {
            let is_admin = role.is_admin() == Some(true);
            let rights = tenant.settings_of(role.id).map(|rows| Rights::new(rows, catalog));
            let features: Vec<_> = own.iter().flat_map(|binding| &binding.features).collect();
            for change in &changed.levels {
                let is_in_use = change.feature.as_ref().is_none_or(|name| features.contains(&name));
                if !is_in_use {
                    continue;
                }
                for target in functions(change.target, &rights, catalog) {
                    self.all.push(Effect {
                        integration: changed.new.id.clone(),
                        role: (role.id.0, role.name.to_string()),
                        name: target.name(catalog),
                        change: change.clone(),
                        state: if is_admin { State::Has(Level::All) } else { state(target, change, &rights) },
                    });
                }
            }
        }
    }

    pub(super) fn exit(&self) -> Exit {
        let any = |is: fn(&State) -> bool| self.all.iter().any(|effect| is(&effect.state));
        if any(|state| matches!(state, State::Lacks(_))) {
            Exit::Findings
        } else if any(|state| matches!(state, State::Unknown(_))) {
            Exit::Partial
        } else {
            Exit::Clean
        }
    }
}

/// The functions that a change is about: for a whole module, those that the role has.
fn functions(target: Target, rights: &Result<Rights<'_>, Gap>, catalog: &Catalog) -> Vec<Target> {
    match (target, rights) {
        (Target::Module(module), Ok(rights)) => {
            rights.of_module(module, catalog).map(Target::Function).collect()
        }
        (target, _) => vec![target],
    }
}

fn state(target: Target, change: &ChangedLevel, rights: &Result<Rights<'_>, Gap>) -> State {
    let rights = match rights {
        Ok(rights) => rights,
        Err(gap) => return State::Unknown(gap.to_string()),
    };
    let Target::Function(id) = target else {
        return State::Unknown("the role's rows of the module are not known".to_owned());
    };
    let Some(row) = rights.known.get(&id) else {
        return State::Unknown("the role has no such row".to_owned());
    };
    match row.grant(change.verb).map(|grant| (grant, grant.level())) {
        Some((_, Some(level))) if level < change.now => State::Lacks(level),
        Some((_, Some(level))) if level > change.now && change.now < change.before => State::Surplus(level),
        Some((_, Some(level))) => State::Has(level),
        Some((grant, None)) => State::Unknown(format!("the role says {grant}")),
        None => State::Unknown("rows of the role disagree".to_owned()),
    }
}
