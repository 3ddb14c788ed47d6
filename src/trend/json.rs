//! `leastwise-trend/1`: a frozen layout apart from the internal types. Fields may be added, never
//! renamed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Counts, IntegrationTrend, KeyTrend, Reading, TenantTrend, Trend};
use crate::audit::Standing;
use crate::model::Severity;
use crate::render::json::{RollUpV1, standings};

const FORMAT: &str = "leastwise-trend/1";

#[derive(Serialize)]
struct TrendV1<'t> {
    format: &'static str,
    /// At the latest reading of each tenant.
    roll_up: RollUpV1,
    tenants: Vec<TenantV1<'t>>,
}

#[derive(Serialize)]
struct TenantV1<'t> {
    tenant: &'t str,
    site: &'t str,
    company: &'t str,
    readings: Vec<ReadingV1<'t>>,
    integrations: Vec<IntegrationV1<'t>>,
    /// Every key that was there at least once.
    keys: Vec<KeyV1<'t>>,
}

#[derive(Serialize)]
struct KeyV1<'t> {
    /// Null where nothing accounts for it.
    integration: Option<&'t str>,
    name: &'t str,
    /// Its id; null where an expected integration has none, and for an integrator login.
    member: Option<i64>,
    login: Option<i64>,
    /// Beside the tenant's readings; null where it was not there, or the report is older than keys.
    readings: &'t [Option<Standing>],
}

#[derive(Serialize)]
struct ReadingV1<'t> {
    as_of: String,
    taken_at: Option<String>,
    complete: bool,
    /// Why the tenant could not be read at all.
    failure: Option<&'t str>,
    open: usize,
    /// Keys, each member once; null where the report is older than keys, or nothing was read.
    by_standing: Option<BTreeMap<&'static str, usize>>,
    by_severity: &'t BTreeMap<Severity, usize>,
    unknown: usize,
    waived: usize,
    new: Option<usize>,
    resolved: Option<usize>,
}

#[derive(Serialize)]
struct IntegrationV1<'t> {
    id: &'t str,
    /// Beside the tenant's readings; null where it was not judged.
    readings: Vec<Option<CountsV1>>,
}

#[derive(Serialize)]
struct CountsV1 {
    missing: usize,
    excessive: usize,
    other: usize,
}

pub(crate) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let document = TrendV1 {
        format: FORMAT,
        roll_up: RollUpV1::of(&trend.roll_up),
        tenants: trend.tenants.iter().map(tenant).collect(),
    };
    crate::term::escape::write_json(out, &document)?;
    out.write_all(b"\n")
}

fn tenant(tenant: &TenantTrend) -> TenantV1<'_> {
    TenantV1 {
        tenant: &tenant.name,
        site: &tenant.id.site,
        company: &tenant.id.company,
        readings: tenant.readings.iter().map(reading).collect(),
        integrations: tenant.integrations.iter().map(integration).collect(),
        keys: tenant.keys.iter().map(key).collect(),
    }
}

fn key(key: &KeyTrend) -> KeyV1<'_> {
    KeyV1 {
        integration: key.id.integration.as_deref(),
        name: &key.name,
        member: key.id.member,
        login: key.id.login,
        readings: &key.standings,
    }
}

fn reading(reading: &Reading) -> ReadingV1<'_> {
    ReadingV1 {
        failure: reading.failure.as_deref(),
        as_of: reading.as_of.to_string(),
        taken_at: reading.taken_at.map(|at| at.to_string()),
        complete: reading.complete,
        open: reading.open(),
        by_standing: reading.by_standing.as_ref().map(standings),
        by_severity: &reading.by_severity,
        unknown: reading.unknown,
        waived: reading.waived,
        new: reading.new,
        resolved: reading.resolved,
    }
}

fn integration(integration: &IntegrationTrend) -> IntegrationV1<'_> {
    let counts = |&Counts { missing, beyond, other }: &Counts| CountsV1 { missing, excessive: beyond, other };
    IntegrationV1 {
        id: &integration.id,
        readings: integration.counts.iter().map(|own| own.as_ref().map(counts)).collect(),
    }
}
