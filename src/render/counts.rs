//! Counts of results: by status, by severity, and of keys by standing.

use std::collections::BTreeMap;
use std::iter::Sum;

use super::tenant::TenantReport;
use crate::audit::{Standing, count_keys};
use crate::checks::{Finding, Status};
use crate::model::{CheckId, Severity};

/// Counts of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many results have each status.
    pub by_status: BTreeMap<Status, usize>,
    /// How many findings have each severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// How many keys have each standing, by the one that counts.
    pub by_standing: BTreeMap<Standing, usize>,
    /// Permissions that are missing.
    pub missing: usize,
    /// Grants that are beyond need and listed.
    pub excessive: usize,
}

impl Summary {
    /// Counts these.
    #[must_use]
    pub fn of(results: &[Finding]) -> Self {
        let mut summary = Self {
            by_status: Status::ALL.into_iter().map(|status| (status, 0)).collect(),
            by_severity: Severity::ALL.into_iter().map(|severity| (severity, 0)).collect(),
            by_standing: Standing::ALL.into_iter().map(|standing| (standing, 0)).collect(),
            ..Self::default()
        };
        for finding in results {
            *summary.by_status.entry(finding.status).or_default() += 1;
            if finding.status == Status::Fail {
                *summary.by_severity.entry(finding.severity).or_default() += 1;
                summary.missing += usize::from(finding.check == CheckId::MissingPermission);
                summary.excessive += usize::from(finding.check == CheckId::ExcessivePermission);
            }
        }
        summary
    }

    /// Counts the results and the keys of a tenant.
    #[must_use]
    pub fn of_tenant(tenant: &TenantReport) -> Self {
        let mut summary = Self::of(&tenant.results);
        summary.by_standing.extend(count_keys(&tenant.keys));
        summary
    }

    pub(super) fn has_unknowns(&self) -> bool {
        self.by_status.get(&Status::Unknown).is_some_and(|number| *number > 0)
    }
}

impl<'s> Sum<&'s Self> for Summary {
    fn sum<I: Iterator<Item = &'s Self>>(parts: I) -> Self {
        parts.fold(Self::of(&[]), |mut all, part| {
            for (status, number) in &part.by_status {
                *all.by_status.entry(*status).or_default() += number;
            }
            for (severity, number) in &part.by_severity {
                *all.by_severity.entry(*severity).or_default() += number;
            }
            for (standing, number) in &part.by_standing {
                *all.by_standing.entry(*standing).or_default() += number;
            }
            all.missing += part.missing;
            all.excessive += part.excessive;
            all
        })
    }
}
