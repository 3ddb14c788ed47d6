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

/// What came of one role.
#[derive(Debug)]
pub struct RoleResult {
    pub(super) role: RoleId,
    results: Vec<Finding>,
    matrix: Option<PermissionMatrix>,
    summary: Summary,
    access: Vec<KeyAccess>,
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

    /// Applies every check that is about one role; `None` where the tenant has no such role.
    #[must_use]
    pub fn check(&self, role: RoleId, settings: Result<&[Setting], Gap>) -> Option<RoleResult> {
        let own = self.case.tenant.role(role)?;
        let own = RoleCase::new(self.case, own, settings);
        let mut runner = Runner::new(self.case, Vec::new());
        runner.apply_to_role(&own, self.checks);
        Some(RoleResult {
            role,
            results: runner.results,
            matrix: if self.matrices { PermissionMatrix::of(self.case, &own) } else { None },
            summary: own.summary(self.case.catalog(), self.case.policy.reviews.need_digests()),
            access: access::of_role(self.case, &own, self.waivers),
        })
    }
}

/// What came of all roles.
#[derive(Debug, Default)]
pub(super) struct RoleResults {
    pub(super) results: Vec<Finding>,
    pub(super) matrices: Vec<PermissionMatrix>,
    pub(super) summaries: BTreeMap<RoleId, Summary>,
    pub(super) access: Vec<KeyAccess>,
}

impl RoleResults {
    pub(super) fn of(mut roles: Vec<RoleResult>) -> Self {
        roles.sort_by_key(|own| own.role);
        let mut all = Self::default();
        // Of ten thousand roles this is most of the memory, and not to be copied as it grows.
        all.results.reserve(roles.iter().map(|own| own.results.len()).sum());
        for own in roles {
            all.results.extend(own.results);
            all.matrices.extend(own.matrix);
            all.access.extend(own.access);
            all.summaries.insert(own.role, own.summary);
        }
        all
    }
}
