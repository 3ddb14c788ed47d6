//! The trend: reports of several days, tenants or shards, joined into one view of findings over time.

mod json;
mod markdown;
mod page;
mod saved;
mod spark;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;

use super::render::roll_up::RollUp;
use super::term::Style;
use crate::checks::Status;
use crate::exit::Exit;
use crate::model::{Severity, Shard};
use crate::term::text::join_and;
use saved::{SavedReport, SavedResult, SavedTenant};

pub use saved::NotAReport;

/// Findings over time, tenant by tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    /// How the tenants stand together at their latest readings.
    roll_up: RollUp,
    tenants: Vec<TenantTrend>,
}

/// Findings of one tenant over time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TenantTrend {
    /// Its name in the latest report.
    name: String,
    site: String,
    company: String,
    /// From the oldest to the newest.
    readings: Vec<Reading>,
    /// Every integration that was judged at least once, in order of id.
    integrations: Vec<IntegrationTrend>,
}

/// How a tenant stood when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reading {
    /// The day that it was judged by.
    as_of: Date,
    /// When it was read, where it could be.
    taken_at: Option<Timestamp>,
    /// Whether everything could be read.
    complete: bool,
    /// Why it could not be read at all.
    failure: Option<String>,
    /// Open findings.
    by_severity: BTreeMap<Severity, usize>,
    unknown: usize,
    waived: usize,
    /// Findings that the reading before does not have; `None` for the first.
    new: Option<usize>,
    /// Findings that only the reading before has; `None` where this one may merely not have looked.
    resolved: Option<usize>,
}

/// Findings of one integration over time, beside the readings of its tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
struct IntegrationTrend {
    id: String,
    /// `None` where it was not judged.
    counts: Vec<Option<Counts>>,
}

/// What was off of one integration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    /// Grants that it lacks.
    missing: usize,
    /// Grants beyond need of the roles that serve it, as far as they are listed.
    beyond: usize,
    /// Findings of other kinds that name it, or that are about a role that serves it.
    other: usize,
}

/// The forms in which a trend can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TrendFormat {
    /// For people.
    Table,
    /// `leastwise-trend/1`.
    Json,
    /// For job summaries and pull requests.
    Markdown,
    /// One self-contained page.
    Html,
}

/// Which tenant, and which reading of it: parts of one reading are one.
type Key = (String, String);
type Moment = (Date, Option<Timestamp>);

/// Reports that are being joined.
#[derive(Debug, Default)]
pub struct Joined {
    tenants: BTreeMap<Key, BTreeMap<Moment, SavedTenant>>,
    /// The parts that are there, by day and number of shards.
    shards: BTreeMap<(Date, u32), BTreeSet<u32>>,
}

impl Joined {
    /// Adds a report.
    ///
    /// # Errors
    /// What makes it no report.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), NotAReport> {
        let SavedReport { as_of, shard, tenants } = SavedReport::parse(bytes)?;
        if let Some(Shard { part, of }) = shard {
            self.shards.entry((as_of, of)).or_default().insert(part);
        }
        for tenant in tenants {
            let readings = self.tenants.entry((tenant.site.clone(), tenant.company.clone())).or_default();
            match readings.entry((as_of, tenant.taken_at)) {
                std::collections::btree_map::Entry::Occupied(mut entry) => entry.get_mut().join(tenant),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(tenant);
                }
            }
        }
        Ok(())
    }

    /// What they say together.
    #[must_use]
    pub fn trend(&self) -> Trend {
        Trend {
            roll_up: RollUp::of(&self.latest().map(SavedTenant::stand).collect::<Vec<_>>()),
            tenants: self.tenants.iter().map(|(key, readings)| TenantTrend::of(key, readings)).collect(),
        }
    }

    /// The latest reading of each tenant.
    fn latest(&self) -> impl Iterator<Item = &SavedTenant> {
        self.tenants.values().filter_map(|readings| readings.values().next_back())
    }

    /// How one run that read all of it would have ended.
    #[must_use]
    pub fn exit(&self) -> Exit {
        Exit::of_all(self.latest().map(SavedTenant::verdict))
    }

    /// Shards whose reports were not given, though others of the same day were: "2026-11-22: 3/4".
    #[must_use]
    pub fn missing_shards(&self) -> Vec<String> {
        let missing = |(&(day, of), parts): (&(Date, u32), &BTreeSet<u32>)| {
            let missing: Vec<_> = (1..=of)
                .filter(|part| !parts.contains(part))
                .map(|part| Shard { part, of }.to_string())
                .collect();
            (!missing.is_empty()).then(|| format!("{day}: {}", join_and(&missing)))
        };
        self.shards.iter().filter_map(missing).collect()
    }
}

impl TenantTrend {
    fn of((site, company): &Key, saved: &BTreeMap<Moment, SavedTenant>) -> Self {
        let mut readings: Vec<Reading> = Vec::with_capacity(saved.len());
        let mut before: Option<&SavedTenant> = None;
        for ((as_of, _), tenant) in saved {
            readings.push(Reading::of(*as_of, tenant, before));
            before = Some(tenant);
        }
        let ids: BTreeSet<&String> = saved.values().flat_map(|tenant| &tenant.rules).collect();
        let integration = |id: &String| IntegrationTrend {
            id: id.clone(),
            counts: saved.values().map(|tenant| Counts::of(tenant, id)).collect(),
        };
        Self {
            name: before.map(|tenant| tenant.name.clone()).unwrap_or_default(),
            site: site.clone(),
            company: company.clone(),
            readings,
            integrations: ids.into_iter().map(integration).collect(),
        }
    }

    /// "acme on na.myconnectwise.net", as everywhere.
    fn title(&self) -> String {
        format!("{} on {}", self.company, self.site)
    }

    /// Why it could not be read at all, the last time.
    fn unread(&self) -> Option<&str> {
        self.readings.last()?.failure.as_deref()
    }

    /// How many findings were open at each reading.
    fn open(&self) -> Vec<Option<usize>> {
        self.readings.iter().map(|reading| Some(reading.open())).collect()
    }
}

impl Reading {
    fn of(as_of: Date, tenant: &SavedTenant, before: Option<&SavedTenant>) -> Self {
        let mut by_severity: BTreeMap<_, _> =
            Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
        for result in tenant.open() {
            *by_severity.entry(result.severity).or_default() += 1;
        }
        let fingerprints = |tenant: &SavedTenant| -> BTreeSet<String> {
            tenant.open().map(|result| result.fingerprint.clone()).collect()
        };
        let own = fingerprints(tenant);
        let old = before.map(fingerprints);
        let looked = before.is_some_and(|before| tenant.complete && before.rules.is_subset(&tenant.rules));
        Self {
            as_of,
            taken_at: tenant.taken_at,
            complete: tenant.complete,
            failure: tenant.failure.clone(),
            by_severity,
            unknown: tenant.count(Status::Unknown),
            waived: tenant.count(Status::Waived),
            new: old.as_ref().map(|old| own.difference(old).count()),
            resolved: old.filter(|_| looked).map(|old| old.difference(&own).count()),
        }
    }

    fn open(&self) -> usize {
        self.by_severity.values().sum()
    }

    /// The severities, the worst first.
    fn severities(&self) -> impl Iterator<Item = (Severity, usize)> {
        self.by_severity.iter().rev().map(|(severity, number)| (*severity, *number))
    }
}

impl IntegrationTrend {
    fn open(&self) -> Vec<Option<usize>> {
        self.counts.iter().map(|counts| counts.map(Counts::all)).collect()
    }

    /// The last time that it was judged.
    fn latest(&self) -> Counts {
        self.counts.iter().rev().flatten().next().copied().unwrap_or_default()
    }
}

impl Counts {
    /// `None` where the integration was not judged.
    fn of(tenant: &SavedTenant, id: &str) -> Option<Self> {
        if !tenant.rules.contains(id) {
            return None;
        }
        let names_it = |result: &SavedResult| result.integration.as_deref() == Some(id);
        let serves: BTreeSet<i64> = tenant
            .results
            .values()
            .filter(|result| result.check == "LW101" && names_it(result))
            .filter_map(|result| result.role)
            .collect();
        let is_of_its_role = |result: &SavedResult| result.role.is_some_and(|role| serves.contains(&role));
        let mut counts = Self::default();
        for result in tenant.open() {
            match result.check.as_str() {
                "LW101" if names_it(result) => counts.missing += 1,
                "LW102" if is_of_its_role(result) => counts.beyond += 1,
                _ if names_it(result) || (result.integration.is_none() && is_of_its_role(result)) => {
                    counts.other += 1;
                }
                _ => {}
            }
        }
        Some(counts)
    }

    const fn all(self) -> usize {
        self.missing + self.beyond + self.other
    }
}

impl Trend {
    /// Writes it.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub fn write(&self, format: TrendFormat, style: Style, out: &mut dyn Write) -> io::Result<()> {
        match format {
            TrendFormat::Table => out.write_all(table::text(self, style).as_bytes()),
            TrendFormat::Json => json::write(self, out),
            TrendFormat::Markdown => out.write_all(markdown::text(self).as_bytes()),
            TrendFormat::Html => page::write(self, out),
        }
    }
}

/// A number, or that it cannot be told.
fn told(number: Option<usize>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}
