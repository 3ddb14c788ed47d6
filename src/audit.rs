//! The audit: checks × bindings × tenant. Pure: the same input gives the same outcomes for ever.

pub mod baseline;
mod bind;
mod hearing;
mod noted;
mod request;
mod screen;
pub mod waivers;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use jiff::civil::Date;

use crate::checks;
use crate::checks::{
    Applied, Binding, BoundMember, Case, Check, Draft, Found, Holders, Integration, Outcome, RoleCase, Run,
    Status, Subject,
};
use crate::model::{DatasetName, Gap, RoleId, RoleRef, Tenant};
use crate::policy::Policy;
use crate::rules::Library;

use hearing::Record;
pub use hearing::{Heard, Hearing};
pub use request::Request;
pub use screen::{Cell, Holder, Line, OtherRole, Screen};

/// What an audit is made of, beside the tenant.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a> {
    /// What is known and needed.
    pub library: &'a Library,
    /// What the tenant's owner decided.
    pub policy: &'a Policy,
    /// What was asked.
    pub request: &'a Request,
    /// The day.
    pub as_of: Date,
}

/// What came of an audit.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Every outcome, in order of check and subject.
    pub outcomes: Vec<Outcome>,
    /// Ids of the rule files that were judged.
    pub integrations: Vec<String>,
    /// Roles that were judged.
    pub roles: Vec<RoleId>,
    /// How many settings each of them has, or why they could not be read.
    pub settings: BTreeMap<RoleId, Result<usize, Gap>>,
    /// The screens of roles that API members hold, where they were asked for.
    pub screens: Vec<Screen>,
    /// The roles without a screen, where screens were asked for.
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
    /// The member's identifier, or a person's id.
    pub member: Option<String>,
    /// The role's name.
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
            member: member.map(|member| {
                member.identifier.map_or_else(|| member.id.to_string(), |name| name.to_string())
            }),
            role: binding.role.map(|role| role.name.to_string()),
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
    /// The checks that are switched on.
    fn checks(&self) -> impl Iterator<Item = &'static Check> {
        let policy = self.policy;
        checks::ALL.iter().copied().filter(move |check| !policy.is_off(check.id))
    }

    /// The datasets that this audit cannot do without.
    #[must_use]
    pub fn wanted(&self) -> BTreeSet<DatasetName> {
        let mut wanted: BTreeSet<_> = self.checks().flat_map(|check| check.data.iter().copied()).collect();
        wanted.extend([DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers]);
        let names_logins =
            self.asked_rules().any(|rules| rules.keys_since.is_some() && !rules.matches.logins.is_empty());
        if !names_logins {
            wanted.remove(&DatasetName::IntegratorLogins);
        }
        wanted
    }

    fn asked_rules(&self) -> impl Iterator<Item = &'a crate::rules::RuleFile> {
        let asked = &self.request.integrations;
        self.library.iter().filter(move |rules| asked.is_empty() || asked.contains(&rules.id))
    }

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
        let is_bound = |id| {
            let bound = bindings.iter().filter_map(|binding| binding.member.as_ref());
            bound.clone().any(|member| member.reference().id == id)
        };
        let unbound = members.iter().filter(|member| member.active != Some(false) && !is_bound(member.id));
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
        let read = |hearing: &Hearing<'_>| {
            let roles = hearing.roles().iter();
            Ok::<_, Infallible>(roles.filter_map(|&id| hearing.hear(id, tenant.settings_of(id))).collect())
        };
        match self.judge_by(tenant, read) {
            Ok(judgement) => judgement,
            Err(never) => match never {},
        }
    }

    /// As [`Self::judge`], for a tenant whose settings are not at hand but come one role at a time:
    /// `read` brings each role of the hearing before it, in whatever order.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub fn judge_by<E>(
        &self,
        tenant: &Tenant,
        read: impl FnOnce(&Hearing<'_>) -> Result<Vec<Heard>, E>,
    ) -> Result<Judgement, E> {
        let scope = self.scope(tenant);
        let wanted = self.wanted();
        let members = bind::members(self, tenant, &scope.judged);
        let (holders, nothing_heard) = (Holders::of(tenant), BTreeMap::new());
        let case = Case {
            tenant,
            library: self.library,
            policy: self.policy,
            as_of: self.as_of,
            all: self.request.all,
            integrations: &scope.judged,
            bindings: &scope.bindings,
            roles: &scope.roles,
            members: &members,
            wanted: &wanted,
            holders: &holders,
            evidence: &self.request.evidence,
            summaries: &nothing_heard,
        };
        let checks: Vec<_> = self.checks().collect();
        let mut heard = read(&Hearing::new(&case, &checks, self.request.screens))?;
        heard.sort_by_key(|heard| heard.role);
        let mut record = Record::of(heard);
        let case = Case { summaries: &record.summaries, ..case };
        let mut court = Court { case: &case, outcomes: std::mem::take(&mut record.outcomes) };
        for check in &checks {
            court.apply(check, self.request);
        }
        fold_tenant_wide(&mut court.outcomes);
        let applied = waivers::apply(self.policy, tenant, self.as_of, self.request, &mut court.outcomes);
        for check in &checks {
            court.apply_to_waivers(check, self.request, &applied);
        }
        let mut outcomes = court.outcomes;
        outcomes.sort_by(|one, other| one.order().cmp(&other.order()));
        Ok(Judgement {
            outcomes,
            integrations: scope.judged.iter().map(|integration| integration.rules.id.clone()).collect(),
            others: if self.request.screens { Screen::others(&case, &record.screens) } else { Vec::new() },
            screens: record.screens,
            settings: record.summaries.into_iter().map(|(role, summary)| (role, summary.rows)).collect(),
            roles: scope.roles,
            nothing_matched: scope.nothing_matched,
        })
    }
}

/// Where checks are applied, and the one place that turns what they say into outcomes.
struct Court<'c> {
    case: &'c Case<'c>,
    outcomes: Vec<Outcome>,
}

impl Court<'_> {
    /// Applies a check that needs no settings.
    fn apply(&mut self, check: &'static Check, request: &Request) {
        let case = self.case;
        match check.run {
            Run::Tenant(run) => self.enter(check, &Subject::default(), run(case)),
            Run::Integration(run) => {
                for integration in case.integrations {
                    let subject = Subject {
                        integration: Some(integration.rules.id.clone()),
                        place: integration.bindings.iter().find_map(|binding| binding.place.clone()),
                        ..Subject::default()
                    };
                    self.enter(check, &subject, run(case, integration));
                }
            }
            Run::Bound(run) => self.apply_to_bound(check, request, run),
            Run::Member(run) => match case.api_members() {
                Err(gap) => self.enter(check, &Subject::default(), Err(gap)),
                Ok(_) => {
                    for &member in case.members {
                        let role = member.role.and_then(|id| case.tenant.role(id)).map(RoleRef::from);
                        let subject = Subject { role, member: Some(member.into()), ..Subject::default() };
                        self.enter(check, &subject, run(case, member));
                    }
                }
            },
            Run::AnyRole(run) => self.apply_to_any_role(check, request, run),
            // The waivers come last.
            Run::Waiver(_) => {}
            // Which roles there are to judge follows from these lists.
            Run::Role(_) | Run::Settings(_) | Run::Grant(_) => {
                let lists = case.roles().map(drop).and_then(|()| case.api_members().map(drop));
                if let Err(gap) = lists {
                    self.enter(check, &Subject::default(), Err(gap));
                }
            }
        }
    }

    fn apply_to_bound(
        &mut self,
        check: &'static Check,
        request: &Request,
        run: fn(&Case<'_>, &Binding<'_>, &BoundMember<'_>) -> Found,
    ) {
        let case = self.case;
        if let Err(gap) = case.api_members() {
            return self.enter(check, &Subject::default(), Err(gap));
        }
        for binding in case.integrations.iter().flat_map(|integration| &integration.bindings) {
            if let Some(member) = &binding.member
                && bind::is_selected(request, binding)
            {
                self.enter(check, &binding.subject(), run(case, binding, member));
            }
        }
    }

    fn apply_to_any_role(
        &mut self,
        check: &'static Check,
        request: &Request,
        run: fn(&Case<'_>, &crate::model::Role) -> Found,
    ) {
        let case = self.case;
        let roles = match case.roles() {
            Ok(roles) => roles,
            Err(gap) => return self.enter(check, &Subject::default(), Err(gap)),
        };
        for role in roles {
            if request.is_limited() && !case.roles.contains(&role.id) {
                continue;
            }
            let subject = Subject { role: Some(role.into()), ..Subject::default() };
            self.enter(check, &subject, run(case, role));
        }
    }

    /// Applies a check that judges waivers; of those that name an integration, to the ones that were
    /// asked for.
    fn apply_to_waivers(&mut self, check: &'static Check, request: &Request, applied: &[Applied<'_>]) {
        let Run::Waiver(run) = check.run else { return };
        for own in applied {
            let waiver = own.waiver;
            let asked = &request.integrations;
            if waiver.integration.as_ref().is_some_and(|id| !asked.is_empty() && !asked.contains(id)) {
                continue;
            }
            let subject = Subject {
                integration: waiver.integration.clone(),
                place: waiver.place.clone(),
                ..Subject::default()
            };
            let identity = |draft: Draft| draft.key(waivers::identity(waiver));
            let found = run(self.case, own).map(|drafts| match drafts.as_slice() {
                [] => vec![identity(Draft::new(Status::Pass, check.clear))],
                _ => drafts.into_iter().map(identity).collect(),
            });
            self.enter(check, &subject, found);
        }
    }

    /// Applies every check that is about one role, or about an integration on that role.
    fn apply_to_role(&mut self, role: &RoleCase<'_>, checks: &[&'static Check]) {
        let judged: Vec<_> =
            self.case.integrations.iter().map(|integration| integration.rules.id.as_str()).collect();
        for &check in checks {
            match check.run {
                Run::Role(run) => {
                    let place = role.bindings.iter().find_map(|binding| binding.place.clone());
                    let subject = Subject { role: Some(role.reference()), place, ..Subject::default() };
                    let found = admin_stops(check, role)
                        .map_or_else(|| run(self.case, role), |draft| Ok(vec![draft]));
                    self.enter(check, &subject, found);
                }
                Run::Settings(run) => {
                    let found = admin_stops(check, role)
                        .map_or_else(|| run(self.case, role), |draft| Ok(vec![draft]));
                    self.enter(check, &Subject::default(), found);
                }
                Run::Grant(run) => {
                    for binding in
                        joined(&role.bindings).iter().filter(|own| judged.contains(&own.rules.id.as_str()))
                    {
                        // The finding is about the role's grants, whoever holds it.
                        let subject = Subject { member: None, ..binding.subject() };
                        let found = admin_stops(check, role)
                            .map_or_else(|| run(self.case, binding, role), |draft| Ok(vec![draft]));
                        self.enter(check, &subject, found);
                    }
                }
                _ => {}
            }
        }
    }

    /// Records what a check said: nothing is a pass, a gap is unknown. The one place where the
    /// config's severities are applied.
    fn enter(&mut self, check: &'static Check, subject: &Subject, found: Found) {
        let drafts = match found {
            Ok(drafts) => drafts,
            Err(gap) => vec![Draft::unknown(gap.to_string()).dataset(gap.dataset).fix(gap.fix())],
        };
        let is_clear =
            drafts.iter().all(|draft| draft.status == Status::NotApplicable && draft.verb.is_some());
        if is_clear {
            self.push(check, subject, Draft::new(Status::Pass, check.clear));
        }
        for draft in drafts {
            self.push(check, subject, draft);
        }
    }

    fn push(&mut self, check: &'static Check, subject: &Subject, draft: Draft) {
        let mut outcome = Outcome::new(&self.case.tenant.id, check, subject, draft);
        if let Some(severity) = self.case.policy.severity(check.id) {
            outcome.severity = severity;
        }
        self.outcomes.push(outcome);
    }
}

/// Judging single grants says nothing of a role that has everything (LW201 says it).
fn admin_stops(check: &Check, role: &RoleCase<'_>) -> Option<Draft> {
    let stops = check.judges_grants() && role.is_admin() == Some(true);
    stops.then(|| Draft::not_applicable("the role is an admin role, which has everything (LW201)"))
}

/// One binding for each integration of a role, with the needs of all its members' bindings.
fn joined<'b>(bindings: &[&Binding<'b>]) -> Vec<Binding<'b>> {
    let mut all: Vec<Binding<'b>> = Vec::new();
    for binding in bindings {
        match all.iter_mut().find(|other| other.rules.id == binding.rules.id) {
            Some(other) => {
                other.requirements.join(&binding.requirements);
                other.features.extend(binding.features.iter().cloned());
            }
            None => all.push((*binding).clone()),
        }
    }
    all
}

/// LW105 speaks of the tenant: the same function in several roles is one outcome, and one pass stands
/// for all roles.
fn fold_tenant_wide(outcomes: &mut Vec<Outcome>) {
    const TENANT_WIDE: &str = "LW105";
    let any = |wanted: &[Status]| {
        let mut wide = outcomes.iter().filter(|outcome| outcome.check == TENANT_WIDE);
        wide.any(|outcome| wanted.contains(&outcome.status))
    };
    let (off, judged) = (any(&[Status::Fail, Status::Unknown]), any(&[Status::Pass]));
    let mut seen = BTreeSet::new();
    outcomes.retain(|outcome| {
        outcome.check != TENANT_WIDE
            || match outcome.status {
                Status::Fail => seen.insert((Status::Fail, outcome.fingerprint.clone())),
                Status::Unknown => seen.insert((Status::Unknown, outcome.message.clone())),
                Status::Pass => !off && seen.insert((Status::Pass, String::new())),
                _ => !off && !judged && seen.insert((Status::NotApplicable, String::new())),
            }
    });
}
