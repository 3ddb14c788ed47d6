//! What was found in one tenant, how much of it was read, and what it was judged by.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::audit::{Key, OtherRole, PermissionMatrix, Plan};
use crate::checks::{Finding, Since, Status};
use crate::model::{DatasetName, RequestCount, RoleId, Source, TenantId};

/// What was found in one tenant.
#[derive(Clone, Debug)]
pub struct TenantReport {
    /// Its name in the config, or its company.
    pub name: String,
    /// Which PSA.
    pub id: TenantId,
    /// Where the data came from.
    pub source: Source,
    /// Why the tenant could not be read at all.
    pub failure: Option<String>,
    /// What was asked for by name, where that is not everything.
    pub asked: Option<Vec<String>>,
    /// Whether what was asked for by name is not there.
    pub nothing_matched: bool,
    /// What was read, and what could not be.
    pub coverage: Vec<Coverage>,
    /// The requests that were made.
    pub requests: Vec<RequestCount>,
    /// How long reading it waited for 429.
    pub waited: Duration,
    /// The rule files that were judged by.
    pub rules: Vec<RulesUsed>,
    /// Roles that were judged.
    pub roles: Vec<RoleId>,
    /// The matrices of roles that API members hold; gathered only for a format that draws them.
    pub matrices: Vec<PermissionMatrix>,
    /// The roles without a screen; gathered with the matrices.
    pub others: Vec<OtherRole>,
    /// Whether the snapshot is older than the run allows.
    pub is_outdated: bool,
    /// What it was compared with.
    pub baseline: Option<Baseline>,
    /// Every key, in the order of a first screen.
    pub keys: Vec<Key>,
    /// What to do, and what is left.
    pub plan: Plan,
    /// Every result, in order.
    pub results: Vec<Finding>,
}

impl TenantReport {
    /// Whether everything that was asked for could be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failure.is_none() && self.coverage.iter().all(|coverage| coverage.reason.is_none())
    }

    /// The results that have this relation to the baseline, without those that somebody accepted.
    pub fn since(&self, since: Since) -> impl Iterator<Item = &Finding> {
        let results = self.results.iter().filter(|finding| finding.status != Status::Waived);
        results.filter(move |finding| finding.baseline == Some(since))
    }

    /// How many results have this relation to the baseline, without those that somebody accepted.
    #[must_use]
    pub fn count_since(&self, since: Since) -> usize {
        self.since(since).count()
    }

    /// The findings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.results.iter().filter(|finding| finding.status == Status::Fail)
    }
}

/// An earlier snapshot that was compared with.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The file, as the user named it.
    pub path: String,
    /// When the tenant was read.
    pub taken_at: Timestamp,
    /// Whole days from then to the day of the audit.
    pub age_days: i32,
}

/// How much of a dataset was read.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Which.
    pub dataset: DatasetName,
    /// Rows that were read.
    pub records: usize,
    /// Why it is not complete; `None` when it is.
    pub reason: Option<String>,
}

/// A rule file that was judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesUsed {
    /// Its id.
    pub id: String,
    /// Where the needs are published.
    pub source: Option<String>,
    /// When its source was last read.
    pub read: Date,
    /// SHA-256 of the file.
    pub digest: String,
}
