//! A tenant as a report keeps it. What decides about the run is worked out once, when it is filed. Where
//! there are many, most of each waits compressed, so that memory hardly grows with their number.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::counts::Summary;
use super::roll_up::{Counted, Stand};
use super::tenant::{RulesUsed, TenantReport};
use crate::audit::{Key, Plan};
use crate::checks::Finding;
use crate::exit::{FailOn, Verdict, at_threshold};
use crate::model::{RequestCount, Severity, TenantId};

/// A tenant of a report.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The tenant; without what is packed.
    tenant: TenantReport,
    packed: Option<Packed>,
    summary: Summary,
    stand: Stand,
    /// The worst finding that can fail the run.
    worst: Option<Severity>,
}

/// What a report says of a tenant at length, as compressed JSON.
#[derive(Clone, Debug)]
struct Packed(Box<[u8]>);

/// What is packed.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Body {
    rules: Vec<RulesUsed>,
    keys: Vec<Key>,
    plan: Plan,
    results: Vec<Finding>,
}

impl Body {
    /// Takes it out of a report, or puts it back: what is in the one is in the other afterwards.
    fn exchange(&mut self, tenant: &mut TenantReport) {
        std::mem::swap(&mut self.rules, &mut tenant.rules);
        std::mem::swap(&mut self.keys, &mut tenant.keys);
        std::mem::swap(&mut self.plan, &mut tenant.plan);
        std::mem::swap(&mut self.results, &mut tenant.results);
    }
}

impl Packed {
    fn of(body: &Body) -> io::Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&serde_json::to_vec(body)?)?;
        Ok(Self(encoder.finish()?.into_boxed_slice()))
    }

    /// What was packed. Fingerprints are hashes, which do not get smaller: they are worked out again.
    fn body(&self, tenant: &TenantId) -> io::Result<Body> {
        let mut text = Vec::new();
        DeflateDecoder::new(&*self.0).read_to_end(&mut text)?;
        let mut body: Body = serde_json::from_slice(&text)?;
        for finding in &mut body.results {
            finding.seal(tenant);
        }
        Ok(body)
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
    /// Files one of many, which takes a tenth of the memory until somebody looks at it.
    #[must_use]
    pub fn packed(tenant: TenantReport) -> Self {
        let mut filed = Self::from(tenant);
        let mut body = Body::default();
        body.exchange(&mut filed.tenant);
        match Packed::of(&body) {
            Ok(packed) => filed.packed = Some(packed),
            // What cannot be packed stays as it is: nothing is lost.
            Err(_) => body.exchange(&mut filed.tenant),
        }
        filed
    }

    /// All of it.
    ///
    /// # Errors
    /// What cannot be unpacked.
    pub fn open(&self) -> io::Result<Cow<'_, TenantReport>> {
        Ok(match &self.packed {
            None => Cow::Borrowed(&self.tenant),
            Some(packed) => {
                let mut tenant = self.tenant.clone();
                packed.body(&tenant.id)?.exchange(&mut tenant);
                Cow::Owned(tenant)
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
    use super::{Body, Packed};
    use crate::checks::{Answer, CheckId, Detail, ExcessivePermission, Finding, Status, Subject};
    use crate::model::{FunctionRef, Level, RoleId, RoleRef, TenantId, Verb};

    fn tenant() -> TenantId {
        TenantId { site: "na.example".to_owned(), company: "acme".to_owned() }
    }

    fn body() -> Body {
        let finding = |number: i64| {
            let role = RoleRef { id: RoleId(number), name: format!("Role {number}").into(), namesake: false };
            let subject = Subject { role: Some(role.into()), ..Subject::default() };
            let excess = ExcessivePermission::Excess {
                granted: Level::All,
                required: Level::None,
                doubt: None,
                powers: Box::default(),
            };
            let answer = Answer::new(Status::Fail, Detail::ExcessivePermission(excess));
            let finding = CheckId::ExcessivePermission.check().finding(&tenant(), &subject, answer);
            let function = FunctionRef { module: "Companies".into(), function: "Contacts".into() };
            let mut finding = Finding { function: Some(function.into()), verb: Some(Verb::Edit), ..finding };
            finding.seal(&tenant());
            finding
        };
        Body { results: (0..100).map(finding).collect(), ..Body::default() }
    }

    #[test]
    fn what_is_packed_comes_back_as_it_was_and_takes_a_fraction() {
        let body = body();
        let packed = Packed::of(&body).expect("memory takes everything");
        assert_eq!(packed.body(&tenant()).expect("it can be unpacked"), body);
        let (small, large) = (packed.0.len(), size_of_val(body.results.as_slice()));
        assert!(small * 4 < large, "{small} and {large} bytes");
    }

    #[test]
    fn what_cannot_be_unpacked_is_an_error() {
        let mut packed = Packed::of(&body()).expect("memory takes everything");
        packed.0 = packed.0[..packed.0.len() / 2].into();
        assert!(packed.body(&tenant()).is_err());
        assert!(Packed(Box::from(*b"no compressed text")).body(&tenant()).is_err());
    }
}
