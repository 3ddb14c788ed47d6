//! The audit: checks × bindings × tenant. Pure: the same input gives the same results for ever.

mod access;
pub mod baseline;
mod basis;
mod bind;
mod keys;
mod matrix;
mod noted;
mod plan;
mod request;
mod roles;
mod run;
pub mod waivers;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use crate::checks::{Binding, Bindings, BoundMember, Case, Finding, Holders, Integration};
use crate::model::{DatasetName, Gap, RoleId, Tenant};

pub use basis::Audit;
pub use keys::{Key, Standing, Works, count as count_keys, count_by_member};
pub use matrix::{Cell, Holder, OtherRole, PermissionMatrix, Row};
pub use noted::member_names;
pub use plan::{Kind, Left, LevelChange, Plan, Reason, Risk, Step, What};
pub use request::Request;
pub use roles::{RoleChecks, RoleResults};
use run::Runner;

/// For how many days evidence holds, without another word.
pub const EVIDENCE_DAYS: u32 = 30;

/// What came of an audit.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Every finding, in order of check and subject.
    pub results: Vec<Finding>,
    /// Every key, in the order of a first screen.
    pub keys: Vec<Key>,
    /// What to do, and what is left.
    pub plan: Plan,
    /// Ids of the rule files that were judged.
    pub integrations: Vec<String>,
    /// Roles that were judged.
    pub roles: Vec<RoleId>,
    /// How many settings each of them has, or why they could not be read.
    pub settings: BTreeMap<RoleId, Result<usize, Box<Gap>>>,
    /// The permission matrices of roles that API members hold, where they were asked for.
    pub matrices: Vec<PermissionMatrix>,
    /// The roles without a matrix, where matrices were asked for.
    pub others: Vec<OtherRole>,
    /// Whether what was asked for by name was not there, and nothing else was judged.
    pub nothing_matched: bool,
}

/// What a tenant has, as far as names tell.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// What serves which integration.
    pub bindings: Vec<DiscoveredBinding>,
    /// Active API members that nothing accounts for.
    pub unbound: Vec<String>,
}

/// A member and a role that serve an integration.
#[derive(Clone, Debug)]
pub struct DiscoveredBinding {
    /// The rule file's id.
    pub rules: String,
    /// The integration, for people.
    pub title: String,
    /// The member's identifier; the id of a person, or where another bears the identifier too.
    pub member: Option<String>,
    /// The role's name; the id, where another bears the name too.
    pub role: Option<String>,
    /// Features that the rule file knows.
    pub features: Vec<String>,
}

impl DiscoveredBinding {
    fn of(binding: &Binding<'_>) -> Self {
        let member = binding.member.as_ref().map(BoundMember::reference);
        Self {
            rules: binding.rules.id.clone(),
            title: binding.rules.title(),
            member: member.map(|member| match &member.identifier {
                Some(name) if !member.namesake => name.to_string(),
                _ => member.id.to_string(),
            }),
            role: binding.role.map(
                |role| {
                    if role.namesake { role.id.to_string() } else { role.name.to_string() }
                },
            ),
            features: binding.rules.features.keys().cloned().collect(),
        }
    }
}

/// Which integrations and roles an audit judges.
#[derive(Debug)]
struct Scope<'a> {
    /// Every binding of every integration.
    bindings: Vec<Binding<'a>>,
    judged: Vec<Integration<'a>>,
    roles: Vec<RoleId>,
    nothing_matched: bool,
}

impl<'a> Audit<'a> {
    /// The roles whose settings this audit looks at, once the lists of roles and members are known.
    #[must_use]
    pub fn roles(&self, tenant: &Tenant) -> Vec<RoleId> {
        self.scope(tenant).roles
    }

    /// What serves which integration.
    #[must_use]
    pub fn bindings<'t>(&self, tenant: &'t Tenant) -> Vec<Binding<'t>>
    where
        'a: 't,
    {
        bind::all(self, tenant)
    }

    /// What serves which integration, and which API members nothing accounts for.
    ///
    /// # Errors
    /// The gap, where roles or API members could not be read.
    pub fn discover(&self, tenant: &Tenant) -> Result<Discovery, Gap> {
        tenant.roles.rows().map_err(Clone::clone)?;
        let members = tenant.api_members.rows().map_err(Clone::clone)?;
        let bindings = bind::all(self, tenant);
        let bound: BTreeSet<_> = bindings.iter().filter_map(Binding::member_id).collect();
        let unbound =
            members.iter().filter(|member| member.active != Some(false) && !bound.contains(&member.id));
        Ok(Discovery {
            unbound: unbound.map(|member| member.identifier.to_string()).collect(),
            bindings: bindings.iter().map(DiscoveredBinding::of).collect(),
        })
    }

    fn scope<'t>(&self, tenant: &'t Tenant) -> Scope<'t>
    where
        'a: 't,
    {
        let bindings = bind::all(self, tenant);
        let judged = bind::judged(self, tenant, &bindings);
        let roles = bind::roles(self, tenant, &judged);
        let found = judged.iter().flat_map(|integration| &integration.bindings);
        let anything = found.clone().any(|binding| binding.role.is_some() || binding.member.is_some())
            || !roles.is_empty();
        // A person may serve an integration too; without the list of people nothing is known not to be there.
        let people_known = tenant.members.rows().is_ok() || !self.wanted().contains(&DatasetName::Members);
        let could_look = tenant.roles.rows().is_ok() && tenant.api_members.rows().is_ok() && people_known;
        Scope {
            nothing_matched: self.request.is_limited() && could_look && !anything,
            bindings,
            judged,
            roles,
        }
    }

    /// Applies every check that is switched on to everything that it is about.
    #[must_use]
    pub fn judge(&self, tenant: &Tenant) -> Judgement {
        let read = |checks: &RoleChecks<'_>| {
            let mut all = RoleResults::default();
            for &id in checks.roles() {
                checks.check(id, tenant.settings_of(id), &mut all);
            }
            Ok::<_, Infallible>(vec![all])
        };
        match self.judge_by(tenant, read) {
            Ok(judgement) => judgement,
            Err(never) => match never {},
        }
    }

    /// As [`Self::judge`], for a tenant whose settings are not at hand but come one role at a time:
    /// `read` brings each role that is wanted to the checks, in whatever order and on however many threads, each
    /// of which collects for itself.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub fn judge_by<E>(
        &self,
        tenant: &Tenant,
        read: impl FnOnce(&RoleChecks<'_>) -> Result<Vec<RoleResults>, E>,
    ) -> Result<Judgement, E> {
        let scope = self.scope(tenant);
        let wanted = self.wanted();
        let members = bind::members(self, tenant, &scope.judged);
        let (holders, nothing_yet) = (Holders::of(tenant), BTreeMap::new());
        let bindings = Bindings::of(&scope.bindings);
        let case = Case {
            tenant,
            library: self.library,
            policy: self.policy,
            as_of: self.as_of,
            all: self.request.all,
            is_limited: self.request.is_limited(),
            integrations: &scope.judged,
            bindings: &bindings,
            roles: &scope.roles,
            members: &members,
            wanted: &wanted,
            holders: &holders,
            evidence: &self.request.evidence,
            evidence_days: self.request.evidence_days.unwrap_or(EVIDENCE_DAYS),
            summaries: &nothing_yet,
        };
        let checks: Vec<_> = self.checks().collect();
        let waivers = waivers::InForce::of(self.policy, self.as_of);
        let mut roles =
            RoleResults::joined(read(&RoleChecks::new(&case, &checks, &waivers, self.request.matrices))?);
        let case = Case { summaries: &roles.summaries, ..case };
        let mut runner = Runner::new(&case, std::mem::take(&mut roles.results));
        for check in &checks {
            runner.apply(check, self.request);
        }
        run::fold_tenant_wide(&mut runner.results);
        let applied = waivers::apply(self.policy, self.as_of, self.request, &mut runner.results);
        for check in &checks {
            runner.apply_to_waivers(check, self.request, &applied);
        }
        let mut results = runner.results;
        results.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
        let keys = keys::of(&case, self.request, &roles.access, &results);
        let plan = plan::of(&case, &keys, &roles.access, &results);
        Ok(Judgement {
            results,
            plan,
            keys,
            integrations: scope.judged.iter().map(|integration| integration.rules.id.clone()).collect(),
            others: if self.request.matrices { matrix::others(&case, &roles.matrices) } else { Vec::new() },
            matrices: roles.matrices,
            settings: roles.summaries.into_iter().map(|(role, summary)| (role, summary.rows)).collect(),
            roles: scope.roles,
            nothing_matched: scope.nothing_matched,
        })
    }
}
