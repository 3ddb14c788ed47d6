//! A saved report: what a trend needs of a `leastwise-report/1`. Fields that this version does not know
//! are passed over, since later ones may add some.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::audit::Standing;
use crate::checks::{Since, Status};
use crate::exit::{Exit, FailOn, Verdict, at_threshold};
use crate::model::{CheckId, MemberId, Severity, Shard, TenantId};
use crate::render::json::{FORMAT, NEVER};
use crate::render::roll_up::{Counted, CountedKey, Stand, by_standing};

/// Why a file is no report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAReport {
    /// It is something else, or of another version.
    #[error("it says that it is {0}, not {FORMAT}")]
    Other(String),
    /// It is not JSON, or not laid out as a report.
    #[error("it is not a {FORMAT}: {0}")]
    Layout(#[from] serde_json::Error),
}

/// A report.
#[derive(Debug)]
pub(crate) struct SavedReport {
    pub(crate) as_of: Date,
    /// Which share of the tenants it has, where that is not all.
    pub(crate) shard: Option<Shard>,
    pub(crate) tenants: Vec<SavedTenant>,
    /// How its run ended, where it says so.
    exit: Option<u8>,
}

/// One tenant of a report.
#[derive(Clone, Debug)]
pub(crate) struct SavedTenant {
    pub(crate) name: String,
    pub(crate) id: TenantId,
    pub(crate) taken_at: Option<Timestamp>,
    pub(crate) complete: bool,
    /// Why it could not be read at all.
    pub(crate) failure: Option<String>,
    nothing_matched: bool,
    /// Whether the snapshot was older than the run allows.
    outdated: bool,
    fail_on: FailOn,
    /// Ids of the rule files that it was judged by.
    pub(crate) rules: BTreeSet<String>,
    /// By fingerprint and status, so that parts that overlap count once.
    pub(crate) results: BTreeMap<(String, Status), SavedResult>,
    /// `None` in a report that is older than keys.
    pub(crate) keys: Option<BTreeMap<KeyId, SavedKey>>,
}

/// What tells one key of a tenant from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyId {
    pub(crate) integration: Option<String>,
    pub(crate) member: Option<i64>,
    pub(crate) login: Option<i64>,
}

/// One key of a report.
#[derive(Clone, Debug)]
pub(crate) struct SavedKey {
    /// What people call it.
    pub(crate) name: String,
    /// The one that counts.
    pub(crate) standing: Standing,
}

/// One result of a report.
#[derive(Clone, Debug)]
pub(crate) struct SavedResult {
    pub(crate) check: String,
    pub(crate) status: Status,
    pub(crate) severity: Severity,
    pub(crate) integration: Option<String>,
    pub(crate) role: Option<i64>,
    pub(crate) fingerprint: String,
    baseline: Option<Since>,
}

impl SavedReport {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotAReport> {
        let file: Result<File, _> = serde_json::from_slice(bytes);
        // What it is comes first: another format is not a mistake in the layout.
        let format = match &file {
            Ok(file) => file.format.clone(),
            Err(_) => serde_json::from_slice::<Head>(bytes)?.format,
        };
        if format != FORMAT {
            return Err(NotAReport::Other(format));
        }
        let file = file?;
        let fail_on = match file.fail_on.as_deref() {
            Some(NEVER) => None,
            Some(word) => Some(word.parse().map_err(serde_json::Error::custom)?),
            None => Some(Severity::default()),
        };
        let tenant = |row: TenantRow| SavedTenant { fail_on, ..SavedTenant::from(row) };
        Ok(Self {
            as_of: file.as_of,
            shard: file.shard,
            tenants: file.tenants.into_iter().map(tenant).collect(),
            exit: file.exit,
        })
    }

    /// How its run ended by its own word, where what it holds would have ended it otherwise.
    pub(crate) fn contradicts(&self) -> Option<u8> {
        let held = Exit::of_all(self.tenants.iter().map(SavedTenant::verdict));
        self.exit.filter(|said| *said != held.code())
    }
}

impl SavedTenant {
    /// The findings that count.
    pub(crate) fn open(&self) -> impl Iterator<Item = &SavedResult> {
        self.results.values().filter(|result| result.status == Status::Fail)
    }

    pub(crate) fn count(&self, status: Status) -> usize {
        self.results.values().filter(|result| result.status == status).count()
    }

    /// What decides about an exit code.
    pub(crate) fn verdict(&self) -> Verdict {
        let counts = |result: &&SavedResult| result.baseline != Some(Since::Unchanged);
        Verdict {
            is_unread: self.failure.is_some(),
            nothing_matched: self.nothing_matched,
            has_findings: self
                .open()
                .filter(counts)
                .any(|result| at_threshold(result.severity, self.fail_on)),
            has_unknowns: self.count(Status::Unknown) > 0 || self.outdated,
        }
    }

    /// How it stands, for a roll-up.
    pub(crate) fn stand(&self) -> Stand {
        Stand::of(&Counted {
            name: &self.name,
            failure: self.failure.as_deref(),
            is_complete: self.complete,
            integrations: self.rules.iter().map(String::as_str).collect(),
            keys: self.counted(),
        })
    }

    fn counted(&self) -> Option<Vec<CountedKey<'_>>> {
        let mut counted = Vec::new();
        for (id, key) in self.keys.as_ref()? {
            counted.push(CountedKey {
                integration: id.integration.as_deref(),
                member: id.member.map(MemberId),
                is_login: id.login.is_some(),
                standing: key.standing,
            });
        }
        Some(counted)
    }

    /// How many keys have each standing; `None` where the report is older than keys, or nothing was read.
    pub(crate) fn by_standing(&self) -> Option<BTreeMap<Standing, usize>> {
        self.counted()
            .filter(|keys| self.failure.is_none() || !keys.is_empty())
            .map(|keys| by_standing(&keys))
    }

    /// Adds another part of the same reading.
    pub(crate) fn join(&mut self, other: Self) {
        self.complete &= other.complete;
        self.failure = self.failure.take().or(other.failure);
        self.nothing_matched &= other.nothing_matched;
        self.outdated |= other.outdated;
        self.fail_on = match (self.fail_on, other.fail_on) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        self.rules.extend(other.rules);
        self.results.extend(other.results);
        self.keys = self.keys.take().zip(other.keys).map(|(mut own, others)| {
            for (id, key) in others {
                let standing = own.get(&id).map_or(key.standing, |own| own.standing.min(key.standing));
                own.insert(id, SavedKey { standing, ..key });
            }
            own
        });
    }
}

impl SavedResult {
    /// The check; `None` for one of another version.
    pub(crate) fn check(&self) -> Option<CheckId> {
        CheckId::from_word(&self.check)
    }
}

#[derive(Deserialize)]
struct Head {
    format: String,
}

#[derive(Deserialize)]
struct File {
    format: String,
    as_of: Date,
    #[serde(default)]
    fail_on: Option<String>,
    #[serde(default, deserialize_with = "parsed_where_given")]
    shard: Option<Shard>,
    tenants: Vec<TenantRow>,
    #[serde(default)]
    exit: Option<u8>,
}

#[derive(Deserialize)]
struct TenantRow {
    tenant: String,
    site: String,
    company: String,
    source: SourceRow,
    complete: bool,
    failure: Option<String>,
    #[serde(default)]
    nothing_matched: bool,
    #[serde(default)]
    outdated: bool,
    rules: Vec<RulesRow>,
    results: Vec<ResultRow>,
    #[serde(default)]
    keys: Option<Vec<KeyRow>>,
}

#[derive(Deserialize)]
struct KeyRow {
    integration: Option<String>,
    member: Option<MemberRow>,
    login: Option<LoginRow>,
    standing: Vec<Standing>,
}

#[derive(Deserialize)]
struct MemberRow {
    id: i64,
    identifier: Option<String>,
}

#[derive(Deserialize)]
struct LoginRow {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
struct SourceRow {
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
    baseline: Option<Since>,
}

#[derive(Deserialize)]
struct RoleRow {
    id: i64,
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
            id: TenantId { site: row.site, company: row.company },
            taken_at: row.source.taken_at,
            complete: row.complete,
            failure: row.failure,
            nothing_matched: row.nothing_matched,
            outdated: row.outdated,
            fail_on: Some(Severity::default()),
            rules: row.rules.into_iter().map(|rules| rules.id).collect(),
            results: results.map(|result| ((result.fingerprint.clone(), result.status), result)).collect(),
            keys: row.keys.map(|keys| keys.into_iter().map(KeyRow::into_key).collect()),
        }
    }
}

impl KeyRow {
    fn into_key(self) -> (KeyId, SavedKey) {
        let standing = self.standing.first().copied().unwrap_or(Standing::Fine);
        let member = self
            .member
            .as_ref()
            .map(|member| member.identifier.clone().unwrap_or_else(|| format!("member {}", member.id)));
        let login = self.login.as_ref().map(|login| format!("{} (old login)", login.name));
        let name = login.or(member).or_else(|| self.integration.clone()).unwrap_or_default();
        let id = KeyId {
            integration: self.integration,
            member: self.member.map(|member| member.id),
            login: self.login.map(|login| login.id),
        };
        (id, SavedKey { name, standing })
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
            baseline: row.baseline,
        }
    }
}
