//! Impact: what somebody with a member's key could read, change and delete, the ways to more than
//! that, and what to do about it. Pure.

mod contain;
mod login;
mod raise;

pub use login::LoginImpact;
pub use raise::Raise;

use crate::access::{Rights, Row};
use crate::checks::{Binding, BoundMember};
use crate::model::{
    DatasetName, FunctionRef, Gap, GapCause, Grant, Level, MemberRef, Role, Severity, Tenant, Verb,
};
use crate::rules::{Catalog, Fact, FunctionId};

/// What a key could do.
#[derive(Clone, Debug)]
pub struct Impact<'t> {
    /// Whose key.
    pub member: BoundMember<'t>,
    /// The role that decides.
    pub role: Option<&'t Role>,
    /// Whether that role has everything: its flag is set, or it is named Admin.
    pub is_admin: bool,
    /// Ids of the integrations that the member serves.
    pub integrations: Vec<String>,
    /// What their vendors say of their own side, with the rule file's id: where the chain goes on.
    pub vendor: Vec<(String, Fact)>,
    /// What it reaches, the worst first; or why that could not be read.
    pub reach: Result<Vec<Reach>, Gap>,
    /// Ways to more than the role says.
    pub raises: Vec<Raise>,
    /// What narrows the role, and by how much it does is not established.
    pub limits: Vec<String>,
    /// What stops it, click by click, in order.
    pub contain: Vec<String>,
    /// What to look at afterwards.
    pub afterwards: Vec<String>,
    /// What this cannot see.
    pub unseen: Vec<String>,
    /// What could not be read and would add to the containment.
    pub gaps: Vec<Gap>,
}

/// What a key reaches of one function.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The function.
    pub function: FunctionRef,
    /// Its place in the catalog; `None` where the catalog does not know it.
    pub id: Option<FunctionId>,
    /// The level of each verb; `None` where it was not understood, which may be anything.
    pub levels: [Option<Level>; 4],
    /// The worst of what is granted.
    pub severity: Severity,
    /// In plain words, where the catalog has them.
    pub exposes: Option<String>,
}

impl Reach {
    /// The level of a verb, where it was understood.
    #[must_use]
    pub fn level(&self, verb: Verb) -> Option<Level> {
        self.levels[verb as usize]
    }

    /// Whether a verb is granted at any level.
    #[must_use]
    pub fn allows(&self, verb: Verb) -> bool {
        self.level(verb).is_some_and(|level| level > Level::None)
    }

    fn of(
        function: FunctionRef,
        id: Option<FunctionId>,
        levels: [Option<Level>; 4],
        catalog: &Catalog,
    ) -> Option<Self> {
        let granted = Verb::ALL.into_iter().filter(|&verb| levels[verb as usize] != Some(Level::None));
        let known = id.map(|id| catalog.function(id));
        let rate = |verb| known.map_or(Severity::Medium, |known| known.sensitivity.of(verb));
        let severity = granted.map(rate).max()?;
        let exposes = known.and_then(|known| known.exposes.clone());
        Some(Self { function, id, levels, severity, exposes })
    }
}

impl<'t> Impact<'t> {
    /// Works out what a member's key could do.
    #[must_use]
    pub fn of(
        member: BoundMember<'t>,
        bindings: &[Binding<'_>],
        tenant: &'t Tenant,
        catalog: &Catalog,
    ) -> Self {
        let role = member.role().and_then(|id| tenant.role(id));
        let is_admin = role.is_some_and(|role| role.is_admin() == Some(true));
        let reach = reach(role, is_admin, tenant, catalog);
        let raises = reach.as_deref().map(|reach| raise::ways(reach, catalog)).unwrap_or_default();
        let own: Vec<_> = bindings.iter().filter(|binding| is_served_by(binding, &member)).collect();
        let mut impact = Self {
            vendor: vendor_side(&own),
            integrations: own.iter().map(|binding| binding.rules.id.clone()).collect(),
            limits: limits(&member, tenant),
            contain: Vec::new(),
            afterwards: Vec::new(),
            unseen: Vec::new(),
            gaps: gaps(&own, tenant),
            member,
            role,
            is_admin,
            reach,
            raises,
        };
        impact.contain = contain::steps(&impact, bindings, tenant);
        impact.afterwards = contain::afterwards(&impact);
        impact.unseen = contain::unseen(&impact, catalog);
        impact
    }

    /// Whether part of it could not be told.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let is_unclear =
            self.reach.as_ref().map_or(true, |reach| reach.iter().any(|row| row.levels.contains(&None)));
        is_unclear || !self.gaps.is_empty()
    }

    /// How the member is called.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.member.reference())
    }
}

fn name(member: &MemberRef) -> String {
    member.identifier.as_ref().map_or_else(|| format!("member {}", member.id), ToString::to_string)
}

fn is_served_by(binding: &Binding<'_>, member: &BoundMember<'_>) -> bool {
    binding.member_id() == Some(member.id())
}

/// Facts of every integration that the member serves.
fn vendor_side(own: &[&Binding<'_>]) -> Vec<(String, Fact)> {
    let with_id = |binding: &&Binding<'_>| {
        let rules = binding.rules;
        rules.facts.iter().map(|fact| (rules.id.clone(), fact.clone())).collect::<Vec<_>>()
    };
    own.iter().flat_map(with_id).collect()
}

/// Without the list of integrator logins, a second way in may stay open.
fn gaps(own: &[&Binding<'_>], tenant: &Tenant) -> Vec<Gap> {
    let has_logins = own.iter().any(|binding| !binding.rules.matches.logins.is_empty());
    tenant.logins.rows().err().filter(|_| has_logins).cloned().into_iter().collect()
}

fn reach(role: Option<&Role>, is_admin: bool, tenant: &Tenant, catalog: &Catalog) -> Result<Vec<Reach>, Gap> {
    let mut all: Vec<Reach> = if is_admin {
        // Whether an admin role's own rows all read All is not established; it has everything.
        let everything = catalog
            .functions()
            .filter_map(|(id, _)| Reach::of(catalog.reference(id), Some(id), [Some(Level::All); 4], catalog));
        everything.collect()
    } else {
        let Some(role) = role else {
            return Err(Gap::new(DatasetName::Roles, GapCause::NoRole));
        };
        granted(&Rights::new(tenant.settings_of(role.id)?, catalog), catalog)
    };
    all.sort_by_key(|reach| (std::cmp::Reverse(reach.severity), reach.id.is_none(), reach.id));
    Ok(all)
}

fn granted(rights: &Rights<'_>, catalog: &Catalog) -> Vec<Reach> {
    let known = rights.known.iter().filter_map(|(&id, row)| {
        Reach::of(catalog.reference(id), Some(id), Verb::ALL.map(|verb| highest(row, verb)), catalog)
    });
    let unknown = rights
        .unknown
        .values()
        .filter_map(|row| Reach::of(row.function(), None, Verb::ALL.map(|verb| highest(row, verb)), catalog));
    known.chain(unknown).collect()
}

/// Of rows that disagree the higher level, since nobody knows which one holds.
fn highest(row: &Row<'_>, verb: Verb) -> Option<Level> {
    let levels: Option<Vec<_>> =
        row.settings().iter().map(|setting| level(setting.grants.of(verb))).collect();
    levels?.into_iter().max()
}

fn level(grant: &Grant) -> Option<Level> {
    match grant {
        Grant::NotOffered => Some(Level::None),
        other => other.level(),
    }
}

pub(crate) fn limits(member: &BoundMember<'_>, tenant: &Tenant) -> Vec<String> {
    let BoundMember::Api(member) = member else { return Vec::new() };
    let mut limits = Vec::new();
    limits.extend(member.level.as_ref().map(|level| format!("level {level}")));
    limits.extend(member.location.as_ref().map(|location| format!("location {location}")));
    limits.extend(member.default_board.as_ref().map(|board| format!("only the service board {board}")));
    if !member.excluded_boards.is_empty() {
        let boards: Vec<_> = member.excluded_boards.iter().map(ToString::to_string).collect();
        limits.push(format!("kept from the service boards with id {}", boards.join(", ")));
    }
    if let Some(own) = tenant.use_of(member.id) {
        let flags = [(own.restrict_location, "location"), (own.restrict_department, "department")];
        let set = flags.into_iter().filter(|(flag, _)| *flag == Some(true));
        limits.extend(set.map(|(_, what)| format!("restricted to its {what}")));
    }
    limits
}
