//! `leastwise-doctor/1`: a frozen layout apart from the internal types. Fields may be added, never
//! renamed.

use std::io::{self, Write};

use serde::Serialize;

use super::facts::{Facts, Opener, Probe};
use super::step::Step;
use super::{Diagnosis, Doctor, rights};
use crate::evidence::Reading;
use crate::render::json::Tool;
use crate::render::{RequestV1, ResultV1, request, result};
use crate::rules::{Cause, Causes, Meaning};
use crate::source::connectwise::Exchange;

const FORMAT: &str = "leastwise-doctor/1";

#[derive(Serialize)]
struct DoctorV1<'d> {
    format: &'static str,
    tool: Tool<'static>,
    as_of: String,
    at: String,
    integration: &'d str,
    rules: RulesV1<'d>,
    tenant: Option<TenantV1<'d>>,
    psa_version: Option<&'d str>,
    headline: &'d str,
    member: Option<MemberV1<'d>>,
    role: Option<RoleV1<'d>>,
    steps: Vec<StepV1<'d>>,
    probes: Vec<ProbeV1<'d>>,
    lists: Option<ListsV1<'d>>,
    results: Vec<ResultV1<'d>>,
    unchecked: &'d [String],
    checklist: Vec<&'d str>,
    requests: Vec<RequestV1<'d>>,
    exchanges: Vec<ExchangeV1<'d>>,
    exit: u8,
}

#[derive(Serialize)]
struct RulesV1<'d> {
    id: &'d str,
    read: String,
    digest: &'d str,
}

#[derive(Serialize)]
struct TenantV1<'d> {
    site: &'d str,
    company: &'d str,
}

#[derive(Serialize)]
struct MemberV1<'d> {
    id: i64,
    identifier: Option<&'d str>,
    active: Option<bool>,
}

#[derive(Serialize)]
struct RoleV1<'d> {
    id: i64,
    name: Option<&'d str>,
}

#[derive(Serialize)]
struct StepV1<'d> {
    step: &'static str,
    verdict: &'static str,
    says: &'d str,
    cause: Option<&'d str>,
    fix: Option<&'d str>,
    /// Further clicks, then further remarks.
    notes: Vec<&'d str>,
}

#[derive(Serialize)]
struct ProbeV1<'d> {
    path: &'d str,
    needed: bool,
    /// `rows`, `empty`, `refused` or `unknown`.
    answer: &'static str,
    status: Option<u16>,
    function: Option<&'d str>,
    table: Option<&'d str>,
}

#[derive(Serialize)]
struct ListsV1<'d> {
    /// `allow` or `deny`, where probes tell; null where they do not.
    reading: Option<&'static str>,
    items: Vec<ItemV1<'d>>,
}

#[derive(Serialize)]
struct ItemV1<'d> {
    list: &'d str,
    item: &'d str,
}

#[derive(Serialize)]
struct ExchangeV1<'d> {
    path: &'d str,
    query: &'d str,
    status: Option<u16>,
    millis: u128,
    headers: serde_json::Map<String, serde_json::Value>,
}

/// Writes a diagnosis.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(
    facts: &Facts,
    doctor: &Doctor<'_>,
    diagnosis: &Diagnosis,
    out: &mut dyn Write,
) -> io::Result<()> {
    crate::term::escape::write_json(out, &layout(facts, doctor, diagnosis))?;
    out.write_all(b"\n")
}

fn layout<'d>(facts: &'d Facts, doctor: &'d Doctor<'_>, diagnosis: &'d Diagnosis) -> DoctorV1<'d> {
    let holder = facts.key_holder();
    let company = facts.company.as_ref().and_then(|company| company.as_ref().ok());
    DoctorV1 {
        format: FORMAT,
        tool: Tool::this(),
        as_of: doctor.as_of.to_string(),
        at: facts.at.to_string(),
        integration: &doctor.rules.id,
        rules: RulesV1 {
            id: &doctor.rules.id,
            read: doctor.rules.read.to_string(),
            digest: &doctor.rules.digest,
        },
        tenant: facts.tenant.as_ref().map(|id| TenantV1 { site: &id.site, company: &id.company }),
        psa_version: company.and_then(|company| company.version.as_deref()),
        headline: &diagnosis.headline,
        member: holder.map(|holder| MemberV1 {
            id: holder.member.id.0,
            identifier: (!holder.is_person()).then_some(&*holder.member.identifier),
            active: holder.member.active,
        }),
        role: holder
            .and_then(|holder| Some(RoleV1 { id: holder.member.role?.0, name: holder.role_name.as_deref() })),
        steps: diagnosis.steps.iter().map(step).collect(),
        probes: facts.probes.iter().map(probe).collect(),
        lists: lists(facts),
        results: diagnosis.results.iter().map(|finding| result(finding, doctor.as_of)).collect(),
        unchecked: &diagnosis.unchecked,
        checklist: doctor
            .rules
            .checklist
            .iter()
            .flat_map(|list| list.steps.iter().map(String::as_str))
            .collect(),
        requests: facts.requests.iter().map(request).collect(),
        exchanges: facts.exchanges.iter().map(exchange).collect(),
        exit: diagnosis.exit.code(),
    }
}

fn step(step: &Step) -> StepV1<'_> {
    StepV1 {
        step: step.id.as_str(),
        verdict: step.verdict.as_str(),
        says: &step.says,
        cause: step.cause.as_deref(),
        fix: step.fix.as_deref(),
        notes: step.fixes.iter().chain(&step.notes).map(String::as_str).collect(),
    }
}

fn probe(probe: &Probe) -> ProbeV1<'_> {
    let (function, table) = match &probe.opened_by {
        Opener::Function(function) => (Some(function.as_str()), None),
        Opener::Table(table) => (None, Some(table.as_str())),
        Opener::Unknown => (None, None),
    };
    ProbeV1 {
        path: &probe.path,
        needed: probe.needed,
        answer: probe.answer.as_str(),
        status: probe.answer.status(),
        function,
        table,
    }
}

fn lists(facts: &Facts) -> Option<ListsV1<'_>> {
    let items = facts.lists.as_ref()?.as_ref().ok()?;
    let reading = rights::evidence(facts).and_then(|evidence| evidence.roles.first()?.reading());
    Some(ListsV1 {
        reading: reading.map(|reading| match reading {
            Reading::Allow => "allow",
            Reading::Deny => "deny",
        }),
        items: items.iter().map(|item| ItemV1 { list: &item.list, item: &item.item }).collect(),
    })
}

fn exchange(exchange: &Exchange) -> ExchangeV1<'_> {
    ExchangeV1 {
        path: &exchange.path,
        query: &exchange.query,
        status: exchange.status,
        millis: exchange.millis,
        headers: exchange
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect(),
    }
}

#[derive(Serialize)]
struct ErrorV1<'d> {
    format: &'static str,
    tool: Tool<'static>,
    cause: Option<CauseV1<'d>>,
    /// What comes nearest to a message that is not known, and may be something else.
    nearest: Option<CauseV1<'d>>,
    /// The messages that are known, where none was asked about or the one that was is not.
    known: Vec<KnownV1<'d>>,
    exit: u8,
}

#[derive(Serialize)]
struct CauseV1<'d> {
    id: &'d str,
    cause: &'d str,
    fix: &'d str,
}

impl<'d> From<&'d Cause> for CauseV1<'d> {
    fn from(cause: &'d Cause) -> Self {
        Self { id: &cause.id, cause: &cause.cause, fix: &cause.fix }
    }
}

#[derive(Serialize)]
struct KnownV1<'d> {
    #[serde(flatten)]
    cause: CauseV1<'d>,
    says: Vec<&'d str>,
    status: &'d [u16],
}

impl<'d> From<&'d Cause> for KnownV1<'d> {
    fn from(cause: &'d Cause) -> Self {
        Self { cause: cause.into(), says: cause.texts().collect(), status: cause.statuses() }
    }
}

/// Writes what a pasted message means; without one, or where it is not known, which messages are.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write_error(
    meaning: Option<Meaning<'_>>,
    causes: &Causes,
    exit: u8,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (cause, nearest) = match meaning {
        Some(Meaning::Known(cause)) => (Some(cause), None),
        Some(Meaning::Unknown { nearest }) => (None, nearest),
        None => (None, None),
    };
    let known = if cause.is_some() { Vec::new() } else { causes.all().iter().map(KnownV1::from).collect() };
    let report = ErrorV1 {
        format: FORMAT,
        tool: Tool::this(),
        cause: cause.map(Into::into),
        nearest: nearest.map(Into::into),
        known,
        exit,
    };
    crate::term::escape::write_json(out, &report)?;
    out.write_all(b"\n")
}
