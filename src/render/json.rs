//! `leastwise-report/1`: a frozen layout apart from the internal types. Fields may be added, never
//! renamed.

mod keys;
mod pieces;

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};

use super::roll_up::{OfIntegration, RollUp, State, Unread};
use super::{Report, TenantReport};
use crate::audit::{Standing, waivers};
use crate::checks::{Certainty, Finding, Fingerprint, Since, Status};
use crate::model::{Power, RequestCount, Severity};

pub(crate) use pieces::{LoginV1, MemberV1, RoleV1, SourceV1, Tool};

/// What the report says it is.
pub(crate) const FORMAT: &str = "leastwise-report/1";

/// The word for no severity at all.
pub(crate) const NEVER: &str = "never";

/// A report.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "leastwise-report/1")]
pub(crate) struct ReportV1<'r> {
    format: &'static str,
    tool: Tool<'r>,
    /// The day of the audit.
    as_of: String,
    /// The lowest severity that fails the run, or `never`.
    fail_on: &'static str,
    /// Which share of the tenants this is, as `K/N`; null where it is all of them.
    shard: Option<String>,
    roll_up: RollUpV1,
    #[schemars(with = "Vec<TenantV1<'r>>")]
    tenants: Tenants<'r>,
    summary: SummaryV1,
    /// The exit code, the same for every format.
    exit: u8,
}

/// The tenants, each laid out only when its turn comes: of many, all at once would take much memory.
struct Tenants<'r>(&'r Report);

impl Serialize for Tenants<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report) = self;
        let mut tenants = serializer.serialize_seq(Some(report.tenants().len()))?;
        for own in report.tenants() {
            let own = own.map_err(S::Error::custom)?;
            tenants.serialize_element(&tenant(&own, report.as_of))?;
        }
        tenants.end()
    }
}

/// The results of a tenant, each laid out only when its turn comes.
struct Results<'r> {
    results: &'r [Finding],
    as_of: Date,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.results.iter().map(|finding| result(finding, self.as_of)))
    }
}

#[derive(Serialize, JsonSchema)]
struct TenantV1<'r> {
    /// Its name in the config, or its company.
    tenant: &'r str,
    site: &'r str,
    company: &'r str,
    source: SourceV1<'r>,
    /// Whether everything that was asked for could be read.
    complete: bool,
    /// Why the tenant could not be read at all.
    failure: Option<&'r str>,
    /// Whether what was asked for by name is not there.
    nothing_matched: bool,
    /// Whether the snapshot is older than the run allows.
    outdated: bool,
    coverage: Vec<CoverageV1<'r>>,
    requests: Vec<RequestV1<'r>>,
    /// How long reading it waited because the PSA said 429 (too many requests).
    waited_seconds: u64,
    rules: Vec<RulesV1<'r>>,
    /// The earlier snapshot that `--baseline` names.
    baseline: Option<BaselineV1<'r>>,
    /// Every key, in the order of a first screen.
    keys: Vec<keys::KeyV1<'r>>,
    /// What to do, in order.
    plan: Vec<keys::StepV1<'r>>,
    /// What no step settles.
    left: Vec<keys::LeftV1<'r>>,
    #[schemars(with = "Vec<ResultV1<'r>>")]
    results: Results<'r>,
}

#[derive(Serialize, JsonSchema)]
struct CoverageV1<'r> {
    dataset: &'static str,
    /// `complete` or `unavailable`.
    status: &'static str,
    records: usize,
    reason: Option<&'r str>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct RequestV1<'r> {
    method: &'static str,
    path: &'r str,
    query: &'r str,
    status: Option<u16>,
    count: usize,
}

#[derive(Serialize, JsonSchema)]
struct RulesV1<'r> {
    id: &'r str,
    read: String,
    digest: &'r str,
}

#[derive(Serialize, JsonSchema)]
struct BaselineV1<'r> {
    path: &'r str,
    /// When the tenant was read (RFC 3339, UTC).
    taken_at: String,
    age_days: i32,
    new: usize,
    unchanged: usize,
    resolved: usize,
}

/// Who accepted a finding.
#[derive(Serialize, JsonSchema)]
struct WaiverV1<'r> {
    reason: &'r str,
    owner: &'r str,
    since: String,
    /// The last day on which it holds.
    expires: String,
    age_days: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ResultV1<'r> {
    check: &'static str,
    name: &'static str,
    status: Status,
    severity: Severity,
    certainty: Certainty,
    integration: Option<&'r str>,
    role: Option<RoleV1<'r>>,
    member: Option<MemberV1<'r>>,
    module: Option<&'r str>,
    function: Option<&'r str>,
    verb: Option<&'static str>,
    table: Option<&'r str>,
    /// The integrator login.
    login: Option<LoginV1<'r>>,
    dataset: Option<&'static str>,
    actual: Option<String>,
    required: Option<String>,
    message: String,
    fix: Option<String>,
    /// The powers that the permission gives.
    powers: Vec<Power>,
    #[schemars(with = "String")]
    fingerprint: Fingerprint,
    /// `new`, `unchanged` or `resolved`, where there is a baseline.
    baseline: Option<Since>,
    /// Who accepted it, where the status is `waived`.
    waiver: Option<WaiverV1<'r>>,
    /// For a finding: the `[[waiver]]` that would cover it, once somebody fills in why and who.
    waiver_snippet: Option<String>,
    /// The controls that it speaks to.
    tags: &'static [&'static str],
}

#[derive(Serialize, JsonSchema)]
struct SummaryV1 {
    by_status: BTreeMap<&'static str, usize>,
    by_severity: BTreeMap<&'static str, usize>,
    /// Keys by the standing that counts, each member once.
    by_standing: BTreeMap<&'static str, usize>,
    missing: usize,
    excessive: usize,
}

/// How many tenants stand how.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RollUpV1 {
    tenants: usize,
    /// Read, but not everything.
    in_part: usize,
    /// Tenants that could not be read at all.
    unread: Vec<UnreadV1>,
    integrations: Vec<OfIntegrationV1>,
    /// All keys, those that nobody owns too.
    by_standing: BTreeMap<&'static str, usize>,
}

/// How many keys there are of each standing.
pub(crate) fn standings(counts: &BTreeMap<Standing, usize>) -> BTreeMap<&'static str, usize> {
    let of = |standing| counts.get(&standing).copied().unwrap_or_default();
    Standing::ALL.into_iter().map(|standing| (standing.as_str(), of(standing))).collect()
}

#[derive(Serialize, JsonSchema)]
struct UnreadV1 {
    tenant: String,
    failure: String,
}

/// How many tenants stand how with one integration; each is counted once, by the worst that holds.
#[derive(Serialize, JsonSchema)]
struct OfIntegrationV1 {
    id: String,
    /// By `ok`, `missing`, `excessive`, `not_found`, `other`, `unknown` and `unread`.
    tenants: BTreeMap<&'static str, usize>,
    /// Its keys in all tenants, by the standing that counts, each member once.
    by_standing: BTreeMap<&'static str, usize>,
}

impl RollUpV1 {
    pub(crate) fn of(roll_up: &RollUp) -> Self {
        let unread = |own: &Unread| UnreadV1 { tenant: own.tenant.clone(), failure: own.failure.clone() };
        let integration = |own: &OfIntegration| OfIntegrationV1 {
            id: own.id.clone(),
            tenants: State::ALL.into_iter().map(|state| (state.key(), own.of(state))).collect(),
            by_standing: standings(&own.by_standing),
        };
        Self {
            tenants: roll_up.tenants,
            in_part: roll_up.in_part,
            unread: roll_up.unread.iter().map(unread).collect(),
            integrations: roll_up.integrations.iter().map(integration).collect(),
            by_standing: standings(&roll_up.by_standing),
        }
    }
}

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    crate::term::escape::write_json(out, &ReportV1::of(report))?;
    out.write_all(b"\n")
}

impl<'r> ReportV1<'r> {
    fn of(report: &'r Report) -> Self {
        let summary = report.summary();
        Self {
            format: FORMAT,
            tool: Tool::of(&report.version),
            as_of: report.as_of.to_string(),
            fail_on: report.fail_on.map_or(NEVER, Severity::as_str),
            shard: report.shard.map(|shard| shard.to_string()),
            roll_up: RollUpV1::of(&report.roll_up),
            tenants: Tenants(report),
            summary: SummaryV1 {
                by_status: summary.by_status.iter().map(|(status, n)| (status.as_str(), *n)).collect(),
                by_severity: summary
                    .by_severity
                    .iter()
                    .map(|(severity, n)| (severity.as_str(), *n))
                    .collect(),
                by_standing: standings(&summary.by_standing),
                missing: summary.missing,
                excessive: summary.excessive,
            },
            exit: report.exit.code(),
        }
    }
}

fn tenant(tenant: &TenantReport, as_of: Date) -> TenantV1<'_> {
    let coverage = tenant.coverage.iter().map(|coverage| CoverageV1 {
        dataset: coverage.dataset.as_str(),
        status: if coverage.reason.is_none() { "complete" } else { "unavailable" },
        records: coverage.records,
        reason: coverage.reason.as_deref(),
    });
    let requests = tenant.requests.iter().map(request);
    let rules = tenant.rules.iter().map(|rules| RulesV1 {
        id: &rules.id,
        read: rules.read.to_string(),
        digest: &rules.digest,
    });
    TenantV1 {
        tenant: &tenant.name,
        site: &tenant.id.site,
        company: &tenant.id.company,
        source: SourceV1::from(&tenant.source),
        complete: tenant.is_complete(),
        failure: tenant.failure.as_deref(),
        nothing_matched: tenant.nothing_matched,
        outdated: tenant.is_outdated,
        coverage: coverage.collect(),
        requests: requests.collect(),
        waited_seconds: tenant.waited.as_secs(),
        rules: rules.collect(),
        baseline: tenant.baseline.as_ref().map(|baseline| BaselineV1 {
            path: &baseline.path,
            taken_at: baseline.taken_at.to_string(),
            age_days: baseline.age_days,
            new: tenant.count_since(Since::New),
            unchanged: tenant.count_since(Since::Unchanged),
            resolved: tenant.count_since(Since::Resolved),
        }),
        keys: tenant.keys.iter().map(keys::key).collect(),
        plan: keys::steps(&tenant.plan),
        left: tenant.plan.left.iter().map(keys::left).collect(),
        results: Results { results: &tenant.results, as_of },
    }
}

/// A request, in the frozen layout.
pub(crate) fn request(request: &RequestCount) -> RequestV1<'_> {
    RequestV1 {
        method: request.method,
        path: &request.path,
        query: &request.query,
        status: request.status,
        count: request.count,
    }
}

/// A result, in the frozen layout.
pub(crate) fn result(finding: &Finding, as_of: Date) -> ResultV1<'_> {
    ResultV1 {
        check: finding.check.as_str(),
        name: finding.check.check().name,
        status: finding.status,
        severity: finding.severity,
        certainty: finding.certainty,
        integration: finding.integration_id(),
        role: finding.role.as_deref().map(RoleV1::from),
        member: finding.member.as_deref().map(MemberV1::from),
        module: finding.function.as_ref().map(|function| &*function.module),
        function: finding.function.as_ref().map(|function| &*function.function),
        verb: finding.verb.map(crate::model::Verb::as_str),
        table: finding.table.as_deref(),
        login: finding.login.as_deref().map(LoginV1::from),
        dataset: finding.dataset.map(crate::model::DatasetName::as_str),
        actual: finding.actual(),
        required: finding.required(),
        message: finding.message(),
        fix: finding.fix(),
        powers: finding.powers().to_vec(),
        fingerprint: finding.fingerprint,
        baseline: finding.baseline,
        waiver: finding.waiver.as_ref().map(|waiver| WaiverV1 {
            reason: &waiver.reason,
            owner: &waiver.owner,
            since: waiver.since.to_string(),
            expires: waiver.expires.to_string(),
            age_days: waiver.age_days,
        }),
        waiver_snippet: waivers::snippet(finding, as_of),
        tags: finding.check.check().controls,
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::{Certainty, Since, Status};
    use crate::model::Severity;

    /// The words are a contract; serde's renaming must give the same as `as_str`.
    #[test]
    fn words_on_the_wire_are_the_words_of_the_design() {
        let word = |value: serde_json::Value| value.as_str().map(str::to_owned).unwrap_or_default();
        for status in Status::ALL {
            assert_eq!(word(serde_json::to_value(status).unwrap()), status.as_str());
        }
        for severity in Severity::ALL {
            assert_eq!(word(serde_json::to_value(severity).unwrap()), severity.as_str());
        }
        for certainty in [Certainty::Certain, Certainty::Likely, Certainty::Inferred] {
            assert_eq!(word(serde_json::to_value(certainty).unwrap()), certainty.as_str());
        }
        for since in Since::ALL {
            assert_eq!(word(serde_json::to_value(since).unwrap()), since.as_str());
        }
        assert_eq!(Status::NotApplicable.as_str(), "notApplicable");
    }
}
