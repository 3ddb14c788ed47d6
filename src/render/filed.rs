//! A tenant as a report keeps it. What decides about the run is worked out once, when it is filed. Where
//! there are many, most of each waits compressed, so that memory hardly grows with their number.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::counts::Summary;
use super::roll_up::{Counted, Stand};
use super::tenant::TenantReport;
use crate::checks::Finding;
use crate::exit::{FailOn, Verdict, at_threshold};
use crate::model::{RequestCount, Severity, TenantId};

/// A tenant of a report.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The tenant; without its results where they are packed.
    tenant: TenantReport,
    packed: Option<Packed>,
    summary: Summary,
    stand: Stand,
    /// The worst finding that can fail the run.
    worst: Option<Severity>,
}

/// Outcomes, as compressed JSON.
#[derive(Clone, Debug)]
struct Packed(Box<[u8]>);

impl Packed {
    fn of(results: &[Finding]) -> io::Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&serde_json::to_vec(results)?)?;
        Ok(Self(encoder.finish()?.into_boxed_slice()))
    }

    fn results(&self) -> io::Result<Vec<Finding>> {
        let mut text = Vec::new();
        DeflateDecoder::new(&*self.0).read_to_end(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    }
}

impl From<TenantReport> for Filed {
    fn from(tenant: TenantReport) -> Self {
        let counting = tenant.results.iter().filter(|finding| finding.counts());
        Self {
            summary: Summary::of_tenant(&tenant),
            stand: Stand::of(&Counted::from(&tenant)),
            worst: counting.map(|finding| finding.severity).max(),
            packed: None,
            tenant,
        }
    }
}

impl Filed {
    /// Files one of many, whose results take a tenth of the memory until somebody looks at them.
    #[must_use]
    pub fn packed(tenant: TenantReport) -> Self {
        let mut filed = Self::from(tenant);
        // What cannot be packed stays as it is: nothing is lost.
        if let Ok(packed) = Packed::of(&filed.tenant.results) {
            filed.tenant.results = Vec::new();
            filed.packed = Some(packed);
        }
        filed
    }

    /// All of it.
    ///
    /// # Errors
    /// Outcomes that cannot be unpacked.
    pub fn open(&self) -> io::Result<Cow<'_, TenantReport>> {
        Ok(match &self.packed {
            None => Cow::Borrowed(&self.tenant),
            Some(packed) => {
                let results = packed.results()?;
                Cow::Owned(TenantReport { results, ..self.tenant.clone() })
            }
        })
    }

    /// Its name in the config, or its company.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.tenant.name
    }

    /// Which PSA.
    #[must_use]
    pub const fn id(&self) -> &TenantId {
        &self.tenant.id
    }

    /// Why it could not be read at all.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.tenant.failure.as_deref()
    }

    /// Whether everything that was asked for could be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.tenant.is_complete()
    }

    /// The requests that were made.
    #[must_use]
    pub fn requests(&self) -> &[RequestCount] {
        &self.tenant.requests
    }

    /// Whether every result could be told.
    #[must_use]
    pub(crate) fn has_no_unknowns(&self) -> bool {
        !self.summary.has_unknowns()
    }

    pub(super) const fn summary(&self) -> &Summary {
        &self.summary
    }

    pub(super) const fn stand(&self) -> &Stand {
        &self.stand
    }

    /// What decides about the exit code.
    pub(crate) fn verdict(&self, fail_on: FailOn) -> Verdict {
        Verdict {
            is_unread: self.tenant.failure.is_some(),
            nothing_matched: self.tenant.nothing_matched,
            has_findings: self.worst.is_some_and(|worst| at_threshold(worst, fail_on)),
            has_unknowns: self.summary.has_unknowns() || self.tenant.is_outdated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Packed;
    use crate::checks::{Answer, CheckId, Detail, ExcessivePermission, Finding, Status, Subject};
    use crate::model::{FunctionRef, Level, RoleId, RoleRef, TenantId, Verb};

    fn results() -> Vec<Finding> {
        let tenant = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
        let finding = |number: i64| {
            let role = RoleRef { id: RoleId(number), name: format!("Role {number}").into(), namesake: false };
            let subject = Subject { role: Some(role), ..Subject::default() };
            let excess = ExcessivePermission::Excess {
                granted: Level::All,
                required: Level::None,
                doubt: None,
                powers: Vec::new(),
            };
            let answer = Answer::new(Status::Fail, Detail::ExcessivePermission(excess));
            let finding = CheckId::ExcessivePermission.check().finding(&tenant, &subject, answer);
            let function = FunctionRef { module: "Companies".into(), function: "Contacts".into() };
            Finding { function: Some(function), verb: Some(Verb::Edit), ..finding }
        };
        (0..100).map(finding).collect()
    }

    #[test]
    fn packed_outcomes_come_back_as_they_were_and_take_a_fraction() {
        let results = results();
        let packed = Packed::of(&results).expect("memory takes everything");
        assert_eq!(packed.results().expect("it can be unpacked"), results);
        let (small, large) = (packed.0.len(), size_of_val(results.as_slice()));
        assert!(small * 4 < large, "{small} and {large} bytes");
    }

    #[test]
    fn what_cannot_be_unpacked_is_an_error() {
        let mut packed = Packed::of(&results()).expect("memory takes everything");
        packed.0 = packed.0[..packed.0.len() / 2].into();
        assert!(packed.results().is_err());
        assert!(Packed(Box::from(*b"no compressed text")).results().is_err());
    }
}
