//! Who holds which role, looked up once: ten thousand roles do not each go through every member.

use std::collections::HashMap;

use crate::model::{ApiMember, Member, RoleId, Tenant};

/// Members by the role that they hold, each list in order of id; empty where they could not be read.
#[derive(Debug, Default)]
pub struct Holders<'a> {
    api: HashMap<RoleId, Vec<&'a ApiMember>>,
    all: HashMap<RoleId, Vec<&'a Member>>,
    /// How many members may be active have a role that the PSA does not say: it may be any.
    unplaced: usize,
    /// How many of them may be people.
    unplaced_people: usize,
}

impl<'a> Holders<'a> {
    /// Those of a tenant.
    #[must_use]
    pub fn of(tenant: &'a Tenant) -> Self {
        let mut holders = Self::default();
        for member in tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default() {
            if let Some(role) = member.role {
                holders.api.entry(role).or_default().push(member);
            }
        }
        for member in tenant.members.rows().map(Vec::as_slice).unwrap_or_default() {
            if let Some(role) = member.role {
                holders.all.entry(role).or_default().push(member);
            } else if member.active != Some(false) {
                holders.note_unplaced(member, tenant.api_member(member.id));
            }
        }
        holders
    }

    /// A member without a role. What the list of API members says of one is more than the list of all.
    fn note_unplaced(&mut self, member: &Member, api: Option<&ApiMember>) {
        if api.is_some_and(|api| api.role.is_some() || api.active == Some(false)) {
            return;
        }
        self.unplaced += 1;
        self.unplaced_people += usize::from(api.is_none() && member.is_person() != Some(false));
    }

    pub(crate) fn api(&self, role: RoleId) -> &[&'a ApiMember] {
        self.api.get(&role).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether some member may hold any role.
    pub(crate) const fn has_unplaced(&self) -> bool {
        self.unplaced > 0
    }

    pub(crate) const fn unplaced_people(&self) -> usize {
        self.unplaced_people
    }

    pub(crate) fn all(&self, role: RoleId) -> &[&'a Member] {
        self.all.get(&role).map(Vec::as_slice).unwrap_or_default()
    }
}
