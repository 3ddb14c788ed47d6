//! `leastwise-trend/1`: a frozen layout apart from the internal types. Fields may be added, never
//! renamed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Counts, IntegrationTrend, Reading, TenantTrend, Trend};
use crate::model::Severity;
use crate::render::json::RollUpV1;

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
}

#[derive(Serialize)]
struct ReadingV1<'t> {
    as_of: String,
    taken_at: Option<String>,
    complete: bool,
    /// Why the tenant could not be read at all.
    failure: Option<&'t str>,
    open: usize,
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
        site: &tenant.site,
        company: &tenant.company,
        readings: tenant.readings.iter().map(reading).collect(),
        integrations: tenant.integrations.iter().map(integration).collect(),
    }
}

fn reading(reading: &Reading) -> ReadingV1<'_> {
    ReadingV1 {
        failure: reading.failure.as_deref(),
        as_of: reading.as_of.to_string(),
        taken_at: reading.taken_at.map(|at| at.to_string()),
        complete: reading.complete,
        open: reading.open(),
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
