//! The trend: reports of several days, tenants or shards, joined into one view of keys by standing over time.

mod chart;
mod json;
mod markdown;
mod page;
mod saved;
mod table;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;

use super::render::keys;
use super::render::roll_up::RollUp;
use super::term::Style;
use crate::audit::Standing;
use crate::checks::Status;
use crate::exit::Exit;
use crate::model::{CheckId, Severity, Shard, TenantId};
use crate::term::text::join_and;
use saved::{KeyId, SavedReport, SavedResult, SavedTenant};

pub(crate) use saved::NotAReport;

/// Keys over time, tenant by tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trend {
    /// How the tenants stand together at their latest readings.
    roll_up: RollUp,
    tenants: Vec<TenantTrend>,
}

/// Findings of one tenant over time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TenantTrend {
    /// Its name in the latest report.
    name: String,
    id: TenantId,
    /// From the oldest to the newest.
    readings: Vec<Reading>,
    /// Every integration that was judged at least once, in order of id.
    integrations: Vec<IntegrationTrend>,
    /// Every key that was there at least once, those first that are worst now.
    keys: Vec<KeyTrend>,
}

/// One key over time, beside the readings of its tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyTrend {
    id: KeyId,
    name: String,
    /// Whether another member bears the name too.
    namesake: bool,
    /// `None` where it was not there, or the report is older than keys.
    standings: Vec<Option<Standing>>,
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
    /// Keys, each member once; `None` where the report is older than keys, or nothing was read.
    by_standing: Option<BTreeMap<Standing, usize>>,
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
pub(crate) enum TrendFormat {
    /// For people.
    Table,
    /// `leastwise-trend/1`.
    Json,
    /// For job summaries and pull requests.
    Markdown,
    /// One self-contained page.
    Html,
}

/// Which reading of a tenant: parts of one reading are one.
type Moment = (Date, Option<Timestamp>);

/// Reports that are being joined.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    tenants: BTreeMap<TenantId, BTreeMap<Moment, SavedTenant>>,
    /// The parts that are there, by day and number of shards.
    shards: BTreeMap<(Date, u32), BTreeSet<u32>>,
}

impl Joined {
    /// Adds a report. Gives the exit code that it says its run ended with, where what it holds would have ended
    /// it otherwise.
    ///
    /// # Errors
    /// What makes it no report.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<Option<u8>, NotAReport> {
        let saved = SavedReport::parse(bytes)?;
        let contradicts = saved.contradicts();
        let SavedReport { as_of, shard, tenants, .. } = saved;
        if let Some(Shard { part, of }) = shard {
            self.shards.entry((as_of, of)).or_default().insert(part);
        }
        for tenant in tenants {
            let readings = self.tenants.entry(tenant.id.clone()).or_default();
            match readings.entry((as_of, tenant.taken_at)) {
                Entry::Occupied(mut entry) => entry.get_mut().join(tenant),
                Entry::Vacant(entry) => {
                    entry.insert(tenant);
                }
            }
        }
        Ok(contradicts)
    }

    /// What they say together.
    #[must_use]
    pub(crate) fn trend(&self) -> Trend {
        Trend {
            roll_up: RollUp::of(&self.latest().map(SavedTenant::stand).collect::<Vec<_>>()),
            tenants: self.tenants.iter().map(|(id, readings)| TenantTrend::of(id, readings)).collect(),
        }
    }

    /// The latest reading of each tenant.
    fn latest(&self) -> impl Iterator<Item = &SavedTenant> {
        self.tenants.values().filter_map(|readings| readings.values().next_back())
    }

    /// How one run that read all of it would have ended.
    #[must_use]
    pub(crate) fn exit(&self) -> Exit {
        Exit::of_all(self.latest().map(SavedTenant::verdict))
    }

    /// Shards whose reports were not given, though others of the same day were: "2026-11-22: 3/4".
    #[must_use]
    pub(crate) fn missing_shards(&self) -> Vec<String> {
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
    fn of(id: &TenantId, saved: &BTreeMap<Moment, SavedTenant>) -> Self {
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
            id: id.clone(),
            readings,
            integrations: ids.into_iter().map(integration).collect(),
            keys: KeyTrend::all(saved),
        }
    }

    /// "acme on na.myconnectwise.net", as everywhere.
    fn title(&self) -> String {
        self.id.to_string()
    }

    /// Why it could not be read at all, the last time.
    fn unread(&self) -> Option<&str> {
        self.readings.last()?.failure.as_deref()
    }

    /// The standings that any reading has a key of, in order.
    fn standings(&self) -> Vec<Standing> {
        let has = |standing: &Standing| self.readings.iter().any(|reading| reading.keys(*standing) > Some(0));
        Standing::ALL.into_iter().filter(has).collect()
    }

    /// Whether a report is older than keys.
    fn is_in_part_older(&self) -> bool {
        self.readings.iter().any(|reading| reading.by_standing.is_none() && reading.failure.is_none())
    }

    /// What there is to say of each reading, row by row.
    fn rows(&self) -> Vec<(&'static str, Vec<String>)> {
        let row = |number: &dyn Fn(&Reading) -> Option<usize>| -> Vec<String> {
            self.readings.iter().map(|reading| shown(number(reading))).collect()
        };
        // The first reading has nothing to be compared with.
        let change = |number: &dyn Fn(&Reading) -> Option<usize>| {
            let mut row = row(number);
            row.iter_mut().take(1).for_each(|first| ABSENT.clone_into(first));
            row
        };
        let mut rows = Vec::new();
        for standing in self.standings() {
            rows.push((keys::words(standing), row(&|reading| reading.keys(standing))));
        }
        rows.push(("keys", row(&|reading| Some(reading.by_standing.as_ref()?.values().sum()))));
        rows.push(("findings", row(&|reading| reading.is_read().then(|| reading.open()))));
        rows.push(("new", change(&|reading| reading.new)));
        rows.push(("resolved", change(&|reading| reading.resolved)));
        rows.push(("unknown", row(&|reading| reading.is_read().then_some(reading.unknown))));
        rows
    }
}

impl KeyTrend {
    fn all(saved: &BTreeMap<Moment, SavedTenant>) -> Vec<Self> {
        let names = saved.values().flat_map(|tenant| tenant.keys.iter().flatten());
        let names: BTreeMap<&KeyId, &String> = names.map(|(id, key)| (id, &key.name)).collect();
        let mut members: BTreeMap<&String, BTreeSet<i64>> = BTreeMap::new();
        for (id, name) in &names {
            members.entry(name).or_default().extend(id.member);
        }
        let standing = |tenant: &SavedTenant, id: &KeyId| Some(tenant.keys.as_ref()?.get(id)?.standing);
        let key = |(id, name): (&KeyId, &String)| Self {
            id: id.clone(),
            name: name.clone(),
            namesake: members[name].len() > 1,
            standings: saved.values().map(|tenant| standing(tenant, id)).collect(),
        };
        let mut keys: Vec<_> = names.into_iter().map(key).collect();
        // What is gone comes last.
        keys.sort_by_key(|key| {
            key.standings.last().copied().flatten().map_or((true, None), |own| (false, Some(own)))
        });
        keys
    }

    /// What people call it: its member, with the id where another bears the name too, and what it serves where
    /// the name does not say.
    fn title(&self) -> String {
        let id = self.id.member.filter(|_| self.namesake).map(|id| format!(" (id {id})")).unwrap_or_default();
        match &self.id.integration {
            Some(rules) if *rules != self.name && self.id.login.is_none() => {
                format!("{}{id} ({rules})", self.name)
            }
            _ => format!("{}{id}", self.name),
        }
    }

    /// "exposed", or that it was not there.
    fn words(&self) -> impl Iterator<Item = &'static str> {
        self.standings.iter().map(|standing| standing.map_or(ABSENT, keys::words))
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
            by_standing: tenant.by_standing(),
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

    fn is_read(&self) -> bool {
        self.failure.is_none()
    }

    /// How many keys have this standing; `None` where that is not known.
    fn keys(&self, standing: Standing) -> Option<usize> {
        Some(self.by_standing.as_ref()?.get(&standing).copied().unwrap_or_default())
    }

    /// The day, and whether all of it could be read.
    fn day(&self) -> String {
        let how = match (self.failure.is_some(), self.complete) {
            (true, _) => " (not read)",
            (false, false) => " (in part)",
            (false, true) => "",
        };
        format!("{}{how}", self.as_of)
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
            .filter(|result| result.check() == Some(CheckId::MissingPermission) && names_it(result))
            .filter_map(|result| result.role)
            .collect();
        let is_of_its_role = |result: &SavedResult| result.role.is_some_and(|role| serves.contains(&role));
        let mut counts = Self::default();
        for result in tenant.open() {
            match result.check() {
                Some(CheckId::MissingPermission) if names_it(result) => counts.missing += 1,
                Some(CheckId::ExcessivePermission) if is_of_its_role(result) => counts.beyond += 1,
                _ if names_it(result) || (result.integration.is_none() && is_of_its_role(result)) => {
                    counts.other += 1;
                }
                _ => {}
            }
        }
        Some(counts)
    }
}

impl Trend {
    /// Writes it.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub(crate) fn write(&self, format: TrendFormat, style: Style, out: &mut dyn Write) -> io::Result<()> {
        match format {
            TrendFormat::Table => out.write_all(table::text(self, style).as_bytes()),
            TrendFormat::Json => json::write(self, out),
            TrendFormat::Markdown => out.write_all(markdown::text(self).as_bytes()),
            TrendFormat::Html => page::write(self, out),
        }
    }
}

/// What stands where a key was not there.
const ABSENT: &str = "–";

/// A number, or that it is not known.
fn shown(number: Option<usize>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}
