//! For the auditor: what was checked, by which rules and controls, from which requests.

use std::collections::BTreeMap;

use crate::checks;
use crate::checks::{Check, Status};
use crate::model::CheckId;
use crate::render::TenantReport;

pub(super) struct Evidence {
    pub(super) checks: Vec<Checked>,
    pub(super) requests: usize,
}

/// A check and what came of it.
pub(super) struct Checked {
    pub(super) check: &'static Check,
    by_status: BTreeMap<Status, usize>,
}

impl Evidence {
    pub(super) fn of(tenant: &TenantReport) -> Self {
        let mut counts: BTreeMap<CheckId, BTreeMap<Status, usize>> = BTreeMap::new();
        for finding in &tenant.results {
            *counts.entry(finding.check).or_default().entry(finding.status).or_default() += 1;
        }
        let checks = checks::ALL.iter().copied();
        Self {
            checks: checks
                .map(|check| Checked { check, by_status: counts.remove(&check.id).unwrap_or_default() })
                .collect(),
            requests: tenant.requests.iter().map(|request| request.count).sum(),
        }
    }
}

impl Checked {
    /// Whether the check was switched off or had nothing to look at.
    pub(super) fn did_not_run(&self) -> bool {
        self.by_status.is_empty()
    }

    pub(super) fn count(&self, status: Status) -> usize {
        self.by_status.get(&status).copied().unwrap_or_default()
    }
}
