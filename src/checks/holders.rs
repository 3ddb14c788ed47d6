//! Who holds which role, looked up once: ten thousand roles do not each go through every member.

use std::collections::HashMap;

use crate::model::{ApiMember, Member, RoleId, Tenant};

/// Members by the role that they hold, each list in order of id; empty where they could not be read.
#[derive(Debug, Default)]
pub struct Holders<'a> {
    api: HashMap<RoleId, Vec<&'a ApiMember>>,
    all: HashMap<RoleId, Vec<&'a Member>>,
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
            }
        }
        holders
    }

    pub(crate) fn api(&self, role: RoleId) -> &[&'a ApiMember] {
        self.api.get(&role).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn all(&self, role: RoleId) -> &[&'a Member] {
        self.all.get(&role).map(Vec::as_slice).unwrap_or_default()
    }
}
