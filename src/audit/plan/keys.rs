//! The keys that a plan is about, found by member and by role.

use std::collections::HashMap;

use crate::audit::Key;
use crate::model::{MemberId, RoleId};

/// Keys, with the places of those of each member and each role.
pub(super) struct Keys<'p> {
    all: &'p [Key],
    of_member: HashMap<MemberId, Vec<usize>>,
    of_role: HashMap<RoleId, Vec<usize>>,
}

impl<'p> Keys<'p> {
    pub(super) fn of(all: &'p [Key]) -> Self {
        let mut keys = Self { all, of_member: HashMap::new(), of_role: HashMap::new() };
        for (place, key) in all.iter().enumerate() {
            if let Some(member) = &key.member {
                keys.of_member.entry(member.id).or_default().push(place);
            }
            if let Some(role) = &key.role {
                keys.of_role.entry(role.id).or_default().push(place);
            }
        }
        keys
    }

    pub(super) const fn all(&self) -> &'p [Key] {
        self.all
    }

    /// The places of those that hold a role.
    pub(super) fn of_role(&self, role: RoleId) -> &[usize] {
        self.of_role.get(&role).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first of a member.
    pub(super) fn of_member(&self, member: Option<MemberId>) -> Option<&'p Key> {
        self.places(member).first().map(|&place| &self.all[place])
    }

    /// The place of the one by which a member serves an integration.
    pub(super) fn serving(&self, member: Option<MemberId>, integration: Option<&str>) -> Option<usize> {
        let serves = |place: &usize| self.all[*place].integration.as_ref().map(|own| &*own.id) == integration;
        self.places(member).iter().copied().find(serves)
    }

    fn places(&self, member: Option<MemberId>) -> &[usize] {
        member.and_then(|id| self.of_member.get(&id)).map(Vec::as_slice).unwrap_or_default()
    }
}
