//! What is no step: what changed since the baseline, what somebody accepted, what was not readable, and what only
//! a person can look at. One line for each kind.

use std::collections::BTreeMap;

use crate::checks::{CheckId, Finding, Since, Status};
use crate::render::TenantReport;
use crate::render::steps::{Said, said};
use crate::render::words::{file_name, sentence, subject};
use crate::term::text::count_days;

pub(super) struct Rest<'r> {
    pub(super) since: Option<SinceBaseline<'r>>,
    pub(super) waived: Vec<Waived<'r>>,
    pub(super) unknown: Vec<Kind>,
    pub(super) by_hand: Vec<Kind>,
}

/// What changed since the baseline.
pub(super) struct SinceBaseline<'r> {
    pub(super) file: &'r str,
    pub(super) age: String,
    pub(super) new: Vec<&'r Finding>,
    pub(super) resolved: Vec<&'r Finding>,
    pub(super) unchanged: usize,
}

/// A finding that somebody accepted.
pub(super) struct Waived<'r> {
    pub(super) finding: &'r Finding,
    pub(super) subject: String,
    /// Why, who, and for how long.
    pub(super) accepted: String,
}

/// The results of one check that have the same status.
pub(super) struct Kind {
    pub(super) check: CheckId,
    pub(super) number: usize,
    pub(super) said: Vec<Said>,
}

impl<'r> Rest<'r> {
    pub(super) fn of(tenant: &'r TenantReport) -> Self {
        let waived = tenant.results.iter().filter(|finding| finding.status == Status::Waived);
        let waived = waived.map(|finding| Waived {
            finding,
            subject: subject(finding),
            accepted: finding.waiver.as_deref().map(sentence).unwrap_or_default(),
        });
        Self {
            since: SinceBaseline::of(tenant),
            waived: waived.collect(),
            unknown: kinds(tenant, Status::Unknown),
            by_hand: kinds(tenant, Status::Manual),
        }
    }
}

impl<'r> SinceBaseline<'r> {
    fn of(tenant: &'r TenantReport) -> Option<Self> {
        let baseline = tenant.baseline.as_ref()?;
        Some(Self {
            file: file_name(&baseline.path),
            age: count_days(baseline.age_days),
            new: tenant.since(Since::New).collect(),
            resolved: tenant.since(Since::Resolved).collect(),
            unchanged: tenant.count_since(Since::Unchanged),
        })
    }
}

fn kinds(tenant: &TenantReport, status: Status) -> Vec<Kind> {
    let mut of: BTreeMap<CheckId, Vec<&Finding>> = BTreeMap::new();
    for finding in tenant.results.iter().filter(|finding| finding.status == status) {
        of.entry(finding.check).or_default().push(finding);
    }
    let kind = |(check, own): (CheckId, Vec<&Finding>)| Kind {
        check,
        number: own.len(),
        said: said(own.into_iter()),
    };
    of.into_iter().map(kind).collect()
}
