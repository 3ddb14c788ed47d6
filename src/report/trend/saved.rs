//! A saved report: what a trend needs of a `leastwise-report/1`. Fields that this version does not know
//! are passed over, since later ones may add some.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::checks::Status;
use crate::model::Severity;
use crate::report::json::FORMAT;

/// Why a file is no report.
#[derive(Debug, thiserror::Error)]
pub enum NotAReport {
    /// It is something else, or of another version.
    #[error("it says that it is {0}, not {FORMAT}")]
    Other(String),
    /// It is not JSON, or not laid out as a report.
    #[error("it is not a {FORMAT}: {0}")]
    Layout(#[from] serde_json::Error),
}

/// A report.
#[derive(Debug)]
pub(super) struct SavedReport {
    pub(super) as_of: Date,
    pub(super) tenants: Vec<SavedTenant>,
}

/// One tenant of a report.
#[derive(Clone, Debug)]
pub(super) struct SavedTenant {
    pub(super) name: String,
    pub(super) site: String,
    pub(super) company: String,
    pub(super) taken_at: Option<Timestamp>,
    pub(super) complete: bool,
    /// Ids of the rule files that it was judged by.
    pub(super) rules: BTreeSet<String>,
    /// By fingerprint and status, so that parts that overlap count once.
    pub(super) results: BTreeMap<(String, Status), SavedResult>,
}

/// One result of a report.
#[derive(Clone, Debug)]
pub(super) struct SavedResult {
    pub(super) check: String,
    pub(super) status: Status,
    pub(super) severity: Severity,
    pub(super) integration: Option<String>,
    pub(super) role: Option<i64>,
    pub(super) fingerprint: String,
}

impl SavedReport {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, NotAReport> {
        // What it is comes first: another format is not a mistake in the layout.
        let head: Head = serde_json::from_slice(bytes)?;
        if head.format != FORMAT {
            return Err(NotAReport::Other(head.format));
        }
        let file: File = serde_json::from_slice(bytes)?;
        Ok(Self { as_of: file.as_of, tenants: file.tenants.into_iter().map(SavedTenant::from).collect() })
    }
}

impl SavedTenant {
    /// The findings that count.
    pub(super) fn open(&self) -> impl Iterator<Item = &SavedResult> {
        self.results.values().filter(|result| result.status == Status::Fail)
    }

    pub(super) fn count(&self, status: Status) -> usize {
        self.results.values().filter(|result| result.status == status).count()
    }

    /// Adds another part of the same reading.
    pub(super) fn join(&mut self, other: Self) {
        self.complete &= other.complete;
        self.rules.extend(other.rules);
        self.results.extend(other.results);
    }
}

#[derive(Deserialize)]
struct Head {
    format: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(deserialize_with = "parsed")]
    as_of: Date,
    tenants: Vec<TenantRow>,
}

#[derive(Deserialize)]
struct TenantRow {
    tenant: String,
    site: String,
    company: String,
    source: SourceRow,
    complete: bool,
    rules: Vec<RulesRow>,
    results: Vec<ResultRow>,
}

#[derive(Deserialize)]
struct SourceRow {
    #[serde(default, deserialize_with = "parsed_where_given")]
    taken_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct RulesRow {
    id: String,
}

#[derive(Deserialize)]
struct ResultRow {
    check: String,
    status: Status,
    severity: Severity,
    integration: Option<String>,
    role: Option<RoleRow>,
    fingerprint: String,
}

#[derive(Deserialize)]
struct RoleRow {
    id: i64,
}

/// A day or a time, from its text.
fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn parsed_where_given<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

impl From<TenantRow> for SavedTenant {
    fn from(row: TenantRow) -> Self {
        let results = row.results.into_iter().map(SavedResult::from);
        Self {
            name: row.tenant,
            site: row.site,
            company: row.company,
            taken_at: row.source.taken_at,
            complete: row.complete,
            rules: row.rules.into_iter().map(|rules| rules.id).collect(),
            results: results.map(|result| ((result.fingerprint.clone(), result.status), result)).collect(),
        }
    }
}

impl From<ResultRow> for SavedResult {
    fn from(row: ResultRow) -> Self {
        Self {
            check: row.check,
            status: row.status,
            severity: row.severity,
            integration: row.integration,
            role: row.role.map(|role| role.id),
            fingerprint: row.fingerprint,
        }
    }
}
