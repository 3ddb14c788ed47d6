//! The open findings of a plan: found by role and by member, and each taken by one step at most.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::checks::{CheckId, Finding, Fingerprint, Status};
use crate::model::{MemberId, RoleId};

/// Which findings are looked through: ten thousand roles do not each go through all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Among {
    All,
    Role(RoleId),
    Member(MemberId),
}

/// The open findings.
#[derive(Default)]
pub(super) struct Open<'p> {
    all: Vec<&'p Finding>,
    of_role: HashMap<RoleId, Vec<&'p Finding>>,
    of_member: HashMap<MemberId, Vec<&'p Finding>>,
    /// Roles that were not made for what they serve, whether that was accepted or not.
    wide: HashSet<RoleId>,
    /// Fingerprints of those that a step or a reason to leave them has.
    placed: HashSet<Fingerprint>,
}

impl<'p> Open<'p> {
    pub(super) fn of(results: &'p [Finding]) -> Self {
        let mut open = Self::default();
        let is_there = |finding: &&Finding| matches!(finding.status, Status::Fail | Status::Waived);
        let wide = results.iter().filter(is_there).filter(|finding| finding.check == CheckId::WideRole);
        open.wide = wide.filter_map(|finding| finding.role.as_ref()).map(|role| role.id).collect();
        for finding in results.iter().filter(|finding| finding.status == Status::Fail) {
            open.all.push(finding);
            if let Some(role) = &finding.role {
                open.of_role.entry(role.id).or_default().push(finding);
            }
            if let Some(member) = &finding.member {
                open.of_member.entry(member.id).or_default().push(finding);
            }
        }
        open
    }

    /// Whether a role has an open finding of this check, taken or not.
    pub(super) fn has(&self, role: RoleId, check: CheckId) -> bool {
        self.among(Among::Role(role)).iter().any(|finding| finding.check == check)
    }

    /// Whether a role was not made for what it serves. That this was accepted does not make it safe to trim.
    pub(super) fn is_wide(&self, role: RoleId) -> bool {
        self.wide.contains(&role)
    }

    /// The roles with open findings of these checks, taken or not.
    pub(super) fn roles(&self, checks: &[CheckId]) -> BTreeSet<RoleId> {
        let meant = self.all.iter().filter(|finding| checks.contains(&finding.check));
        meant.filter_map(|finding| finding.role.as_ref()).map(|role| role.id).collect()
    }

    /// Takes those of these checks that nothing has taken yet and that `is_meant`.
    pub(super) fn take(
        &mut self,
        among: Among,
        checks: &[CheckId],
        is_meant: impl Fn(&Finding) -> bool,
    ) -> Vec<&'p Finding> {
        let taken: Vec<_> = self
            .among(among)
            .iter()
            .copied()
            .filter(|finding| checks.contains(&finding.check) && self.is_free(finding))
            .filter(|finding| is_meant(finding))
            .collect();
        self.placed.extend(taken.iter().map(|finding| finding.fingerprint));
        taken
    }

    /// Takes all that nothing has taken yet.
    pub(super) fn take_rest(&mut self) -> Vec<&'p Finding> {
        let rest: Vec<_> = self.all.iter().copied().filter(|finding| self.is_free(finding)).collect();
        self.placed.extend(rest.iter().map(|finding| finding.fingerprint));
        rest
    }

    fn is_free(&self, finding: &Finding) -> bool {
        !self.placed.contains(&finding.fingerprint)
    }

    fn among(&self, among: Among) -> &[&'p Finding] {
        match among {
            Among::All => &self.all,
            Among::Role(id) => self.of_role.get(&id).map(Vec::as_slice).unwrap_or_default(),
            Among::Member(id) => self.of_member.get(&id).map(Vec::as_slice).unwrap_or_default(),
        }
    }
}
