//! Rounds: one temporary API member goes through the roles, while an admin switches its role, and each
//! role's evidence is collected.

use crate::evidence::RoleEvidence;
use crate::model::{Name, Role, RoleId, Tenant};
use crate::source::connectwise::KeyHolder;

/// The roles to go through, and what was collected.
#[derive(Clone, Debug)]
pub(crate) struct Rounds {
    /// Every role to visit, in order of id.
    pub roles: Vec<(RoleId, Name)>,
    /// Evidence so far.
    pub collected: Vec<RoleEvidence>,
    last: Option<RoleId>,
}

/// What to do about the role that the member holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// Collect its evidence.
    Collect(RoleId),
    /// It is an admin role, which shows nothing: every list is open to it.
    Admin,
    /// It is none of the roles to visit.
    Elsewhere,
    /// It was collected already: wait for the next.
    Wait,
}

impl Rounds {
    /// The roles that other active API members hold, without admin roles.
    #[must_use]
    pub(crate) fn of(tenant: &Tenant, holder: &KeyHolder) -> Self {
        let members = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
        let is_held = |role: RoleId| {
            members.iter().any(|member| {
                member.role == Some(role) && member.active != Some(false) && member.id != holder.member.id
            })
        };
        let roles = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default();
        let wanted = roles.iter().filter(|role| {
            let is_admin = role.is_admin() == Some(true);
            !is_admin && role.active != Some(false) && is_held(role.id)
        });
        let roles = wanted.map(|role| (role.id, Name::clone(&role.name))).collect();
        Self { roles, collected: Vec::new(), last: None }
    }

    /// What to do, given the role that the member holds now. The same role is spoken of once.
    pub(crate) fn step(&mut self, holder: &KeyHolder) -> Round {
        let role = holder.member.role;
        let is_new = self.last != role;
        self.last = role;
        let is_admin =
            holder.admin == Some(true) || holder.role_name.as_deref().is_some_and(Role::is_admin_name);
        match role {
            _ if !is_new => Round::Wait,
            _ if is_admin => Round::Admin,
            Some(role) if self.is_collected(role) => Round::Wait,
            Some(role) if self.roles.iter().any(|(id, _)| *id == role) => Round::Collect(role),
            _ => Round::Elsewhere,
        }
    }

    /// Keeps evidence of a role.
    pub(crate) fn keep(&mut self, evidence: RoleEvidence) {
        self.collected.push(evidence);
    }

    /// The role to choose next; `None` when all are collected.
    #[must_use]
    pub(crate) fn next(&self) -> Option<&(RoleId, Name)> {
        self.roles.iter().find(|(id, _)| !self.is_collected(*id))
    }

    fn is_collected(&self, role: RoleId) -> bool {
        self.collected.iter().any(|own| own.role == role)
    }
}
