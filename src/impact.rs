//! Impact: what somebody with a member's key could read, change and delete, the ways to more than
//! that, and what to do about it. Pure.

mod contain;
mod login;
mod raise;
mod reach;

pub(crate) use login::LoginImpact;
pub(crate) use raise::Raise;
pub(crate) use reach::Reach;

use crate::checks::{Binding, BoundMember, OWN_RULES};
use crate::model::{Gap, Limit, MemberRef, Role, Tenant};
use crate::rules::{Catalog, Fact};

/// What a key could do.
#[derive(Clone, Debug)]
pub(crate) struct Impact<'t> {
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

impl<'t> Impact<'t> {
    /// Works out what a member's key could do.
    #[must_use]
    pub(crate) fn of(
        member: BoundMember<'t>,
        bindings: &[Binding<'_>],
        tenant: &'t Tenant,
        catalog: &Catalog,
    ) -> Self {
        let role = member.role().and_then(|id| tenant.role(id));
        let is_admin = role.is_some_and(|role| role.is_admin() == Some(true));
        let reach = reach::reach(role, is_admin, tenant, catalog);
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

    /// Whether a vendor is known who holds the key: leastwise's own key is its user's.
    fn has_vendor(&self) -> bool {
        self.integrations.iter().any(|id| id != OWN_RULES)
    }

    /// Whether part of it could not be told.
    #[must_use]
    pub(crate) fn is_partial(&self) -> bool {
        let is_unclear =
            self.reach.as_ref().map_or(true, |reach| reach.iter().any(|row| row.levels.contains(&None)));
        is_unclear || !self.gaps.is_empty()
    }

    /// How the member is called.
    #[must_use]
    pub(crate) fn name(&self) -> String {
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

/// What narrows a member, in words.
pub(crate) fn limits(member: &BoundMember<'_>, tenant: &Tenant) -> Vec<String> {
    let BoundMember::Api(member) = member else { return Vec::new() };
    member.limits(tenant.use_of(member.id)).into_iter().map(limit).collect()
}

fn limit(limit: Limit<'_>) -> String {
    match limit {
        Limit::Level(level) => format!("level {level}"),
        Limit::UnclearLevel(level) => format!("level {level}, if it is not the top level"),
        Limit::Location => "restricted to its location".to_owned(),
        Limit::Department => "restricted to its department".to_owned(),
        Limit::Board(board) => format!("only the service board {board}"),
        Limit::ExcludedBoards(boards) => {
            let boards: Vec<_> = boards.iter().map(ToString::to_string).collect();
            format!("kept from the service boards with id {}", boards.join(", "))
        }
    }
}
