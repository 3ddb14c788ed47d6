//! The roles that are judged, each by itself, so that no more than one role's settings need be at hand.

use std::collections::BTreeMap;

use super::access::{self, KeyAccess};
use super::matrix::PermissionMatrix;
use super::run::Runner;
use super::waivers::InForce;
use crate::checks::{Case, Check, Finding, RoleCase, Summary};
use crate::model::{Gap, RoleId, Setting};

/// Runs the checks of single roles. `Sync`: any number of threads may call [`Self::check`].
#[derive(Clone, Copy)]
pub struct RoleChecks<'h> {
    case: &'h Case<'h>,
    checks: &'h [&'static Check],
    waivers: &'h InForce<'h>,
    matrices: bool,
}

impl<'h> RoleChecks<'h> {
    pub(super) const fn new(
        case: &'h Case<'h>,
        checks: &'h [&'static Check],
        waivers: &'h InForce<'h>,
        matrices: bool,
    ) -> Self {
        Self { case, checks, waivers, matrices }
    }

    /// The roles that are judged, in order of id.
    #[must_use]
    pub const fn roles(&self) -> &'h [RoleId] {
        self.case.roles
    }

    /// Whether this role is judged.
    #[must_use]
    pub fn wants(&self, role: RoleId) -> bool {
        self.case.roles.binary_search(&role).is_ok()
    }

    /// Applies every check that is about one role, and adds what comes of it; nothing where the tenant has no
    /// such role.
    pub fn check(&self, role: RoleId, settings: Result<&[Setting], Gap>, to: &mut RoleResults) {
        let Some(own) = self.case.tenant.role(role) else { return };
        let own = RoleCase::new(self.case, own, settings);
        let mut runner = Runner::new(self.case, std::mem::take(&mut to.results));
        runner.apply_to_role(&own, self.checks);
        to.results = runner.results;
        if self.matrices {
            to.matrices.extend(PermissionMatrix::of(self.case, &own));
        }
        let summary = own.summary(self.case.catalog(), self.case.policy.reviews.need_digests());
        to.summaries.insert(role, summary);
        to.access.extend(access::of_role(self.case, &own, self.waivers));
    }
}

/// What came of some roles: of ten thousand it is most of the memory, and so it is collected in one place instead
/// of role by role.
#[derive(Debug, Default)]
pub struct RoleResults {
    pub(super) results: Vec<Finding>,
    pub(super) matrices: Vec<PermissionMatrix>,
    pub(super) summaries: BTreeMap<RoleId, Summary>,
    pub(super) access: Vec<KeyAccess>,
}

impl RoleResults {
    /// Joins what several threads found, each of some of the roles.
    pub(super) fn joined(parts: Vec<Self>) -> Self {
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_default();
        for mut part in parts {
            all.results.append(&mut part.results);
            all.matrices.append(&mut part.matrices);
            all.summaries.append(&mut part.summaries);
            all.access.append(&mut part.access);
        }
        all.matrices.sort_by_key(|matrix| matrix.role.id);
        all.access.sort_by_key(|access| access.role);
        all
    }
}
