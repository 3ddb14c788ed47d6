//! SARIF 2.1.0 for code scanning, through serde-sarif, within GitHub's rules for uploads.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, LogicalLocation, Message, MultiformatMessageString, Notification,
    PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultKind, ResultLevel, Run, RunAutomationDetails, Suppression, Tool,
    ToolComponent,
};
use sha2::{Digest, Sha256};

use super::words::{is_open, sentence};
use super::{Filed, Format, Report, TenantReport};
use crate::checks;
use crate::checks::{Check, Finding, Since, Status};
use crate::model::CheckId;
use crate::model::Severity;
use crate::policy::Acceptance;
use crate::term::text::{hex, printable, slug};

/// Which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    /// Findings that count: GitHub opens an alert for everything else too.
    Open,
    /// Everything.
    Full,
}

impl Profile {
    pub(super) const fn of(format: Format) -> Self {
        match format {
            Format::SarifFull => Self::Full,
            _ => Self::Open,
        }
    }
}

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// GitHub refuses a file with more runs.
pub(super) const MOST_RUNS: usize = 20;

/// GitHub refuses a run with more results.
pub(super) const MOST_RESULTS: usize = 25_000;

/// A run: the results of one tenant, or a part of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SarifRun<'r> {
    /// Whose.
    pub(crate) tenant: &'r Filed,
    /// Which part, from 0.
    pub(crate) part: usize,
}

/// The runs that a tenant takes: one, unless it has more results than GitHub takes in a run.
pub(super) fn runs(tenant: &Filed, profile: Profile) -> impl Iterator<Item = SarifRun<'_>> {
    let by_status = &tenant.summary().by_status;
    let results: usize = match profile {
        Profile::Open => by_status.get(&Status::Fail).copied().unwrap_or_default(),
        Profile::Full => by_status.values().sum(),
    };
    (0..results.div_ceil(MOST_RESULTS).max(1)).map(move |part| SarifRun { tenant, part })
}

/// Writes these runs of the report.
pub(super) fn write(
    report: &Report,
    runs: &[SarifRun<'_>],
    profile: Profile,
    out: &mut dyn Write,
) -> io::Result<()> {
    let log = Log { schema: SCHEMA, runs: Runs { report, wanted: runs, profile }, version: "2.1.0" };
    crate::term::escape::write_json(out, &log)?;
    out.write_all(b"\n")
}

/// The frame of a log. serde-sarif's own holds all runs at once.
#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: Runs<'r>,
    version: &'static str,
}

/// The runs, each made when its turn comes.
struct Runs<'r> {
    report: &'r Report,
    wanted: &'r [SarifRun<'r>],
    profile: Profile,
}

impl Serialize for Runs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut runs = serializer.serialize_seq(Some(self.wanted.len()))?;
        for SarifRun { tenant, part } in self.wanted {
            let tenant = tenant.open().map_err(S::Error::custom)?;
            runs.serialize_element(&run(self.report, &tenant, *part, self.profile))?;
        }
        runs.end()
    }
}

fn run(report: &Report, tenant: &TenantReport, part: usize, profile: Profile) -> Run {
    let rules = Rules::of(tenant);
    let written = tenant.results.iter().filter(|finding| profile == Profile::Full || is_open(finding));
    let own = written.skip(part * MOST_RESULTS).take(MOST_RESULTS);
    let slug = tenant_slug(tenant);
    let results: Vec<_> = own.map(|finding| result(tenant, &slug, finding, &rules.index)).collect();
    let driver = ToolComponent::builder()
        .name("leastwise".to_owned())
        .semantic_version(report.version.clone())
        .version(report.version.clone())
        .rules(rules.descriptors)
        .build();
    let invocation = Invocation::builder()
        .execution_successful(tenant.is_complete())
        .exit_code(i64::from(report.exit.code()))
        .tool_execution_notifications(notifications(tenant))
        .build();
    let automation = RunAutomationDetails::builder().id(automation_id(&slug, part)).build();
    Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .automation_details(automation)
        .invocations(vec![invocation])
        .column_kind(serde_json::json!("unicodeCodePoints"))
        .results(results)
        .build()
}

/// What GitHub tells runs apart by; two of one name are refused.
fn automation_id(slug: &str, part: usize) -> String {
    match part {
        0 => format!("leastwise/{slug}/"),
        _ => format!("leastwise/{slug}/{}/", part + 1),
    }
}

/// The same for the same tenant for ever, whatever the config calls it; without its host.
fn tenant_slug(tenant: &TenantReport) -> String {
    let digest = hex(&Sha256::digest(format!("{}\u{1f}{}", tenant.id.site, tenant.id.company)));
    format!("{}-{}", slug(&tenant.id.company), &digest[..8])
}

fn notifications(tenant: &TenantReport) -> Vec<Notification> {
    let gaps = tenant.coverage.iter().filter_map(|coverage| {
        coverage
            .reason
            .as_ref()
            .map(|reason| format!("{} could not be read in full: {reason}", coverage.dataset))
    });
    tenant
        .failure
        .iter()
        .cloned()
        .chain(gaps)
        .map(|text| {
            Notification::builder()
                .message(Message::builder().text(text).build())
                .level(serde_json::json!("error"))
                .build()
        })
        .collect()
}

/// Every rule, findings or not: a reader can tell "clean" from "not checked".
struct Rules {
    descriptors: Vec<ReportingDescriptor>,
    index: BTreeMap<String, i64>,
}

impl Rules {
    fn of(tenant: &TenantReport) -> Self {
        let mut rules = Self { descriptors: Vec::new(), index: BTreeMap::new() };
        for check in checks::ALL {
            if check.varies {
                for severity in Severity::ALL.into_iter().rev() {
                    rules.add(check, severity);
                }
            } else {
                let decided = tenant.results.iter().find(|finding| finding.check == check.id);
                rules.add(check, decided.map_or(check.severity, |finding| finding.severity));
            }
        }
        rules
    }

    fn add(&mut self, check: &Check, severity: Severity) {
        let id = rule_id(check.id, severity);
        let next = i64::try_from(self.descriptors.len()).unwrap_or(i64::MAX);
        self.index.insert(id.clone(), next);
        self.descriptors.push(descriptor(check, severity, id));
    }
}

/// GitHub takes the severity from the rule, so a check whose findings differ in it has a rule for each.
fn rule_id(check: CheckId, severity: Severity) -> String {
    if check.check().varies { format!("{check}/{severity}") } else { check.to_string() }
}

fn descriptor(check: &Check, severity: Severity, id: String) -> ReportingDescriptor {
    let mut tags = vec!["security".to_owned()];
    tags.extend(check.controls.iter().map(|control| (*control).to_owned()));
    let properties = PropertyBag::builder()
        .tags(tags)
        .additional_properties(BTreeMap::from([
            ("security-severity".to_owned(), serde_json::json!(security_severity(severity))),
            ("precision".to_owned(), serde_json::json!("high")),
        ]))
        .build();
    let text = |text: &str| MultiformatMessageString::builder().text(text.to_owned()).build();
    let help = MultiformatMessageString::builder()
        .text(check.page().to_owned())
        .markdown(check.page().to_owned())
        .build();
    ReportingDescriptor::builder()
        .id(id)
        .name(pascal_case(check.name))
        .short_description(text(check.summary))
        .full_description(text(check.summary))
        .help(help)
        .default_configuration(
            ReportingConfiguration::builder().level(serde_json::json!(level_word(severity))).build(),
        )
        .properties(properties)
        .build()
}

fn pascal_case(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

/// GitHub's scale: above 9 critical, from 7 high, from 4 medium, below that low.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.5",
    }
}

const fn level_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

const fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Info => ResultLevel::Note,
    }
}

fn result(
    tenant: &TenantReport,
    slug: &str,
    finding: &Finding,
    rules: &BTreeMap<String, i64>,
) -> SarifResult {
    let rule = rule_id(finding.check, finding.severity);
    let index = rules.get(&rule).copied().unwrap_or(-1);
    let is_finding = matches!(finding.status, Status::Fail | Status::Waived);
    let text = match finding.fix() {
        Some(fix) => format!("{}.\n{}.", plain(&finding.message()), plain(&fix)),
        None => format!("{}.", plain(&finding.message())),
    };
    let fingerprints = BTreeMap::from([
        // The one that GitHub reads; the other is ours, for everybody else.
        ("primaryLocationLineHash".to_owned(), finding.fingerprint.to_string()),
        ("leastwise/v1".to_owned(), finding.fingerprint.to_string()),
    ]);
    let mut result = SarifResult::builder()
        .rule_id(rule)
        .rule_index(index)
        .kind(kind(finding.status))
        // SARIF 3.27.10: whatever is not a failure has the level "none".
        .level(if is_finding { level(finding.severity) } else { ResultLevel::None })
        .message(Message::builder().text(text).build())
        .locations(vec![location(tenant, slug, finding)])
        .partial_fingerprints(fingerprints)
        .properties(properties(finding))
        .build();
    result.suppressions = finding.waiver.as_ref().map(|waiver| vec![suppression(waiver)]);
    result.baseline_state = finding.baseline.map(|since| serde_json::json!(baseline_state(since)));
    result
}

/// Text that a viewer shows as it is: a name of the tenant neither steers the display nor reads as a
/// link (SARIF 3.11.6).
fn plain(text: &str) -> String {
    let text = printable(text);
    if text.contains("](") { text.replace('[', "\\[") } else { text }
}

fn suppression(waiver: &Acceptance) -> Suppression {
    Suppression::builder()
        .kind(serde_json::json!("external"))
        .status(serde_json::json!("accepted"))
        .justification(sentence(waiver))
        .properties(
            PropertyBag::builder()
                .additional_properties(BTreeMap::from([
                    ("owner".to_owned(), serde_json::json!(waiver.owner)),
                    ("since".to_owned(), serde_json::json!(waiver.since.to_string())),
                    ("expires".to_owned(), serde_json::json!(waiver.expires.to_string())),
                    ("age_days".to_owned(), serde_json::json!(waiver.age_days)),
                ]))
                .build(),
        )
        .build()
}

/// SARIF's own words (3.27.24).
const fn baseline_state(since: Since) -> &'static str {
    match since {
        Since::New => "new",
        Since::Unchanged => "unchanged",
        Since::Resolved => "absent",
    }
}

const fn kind(status: Status) -> ResultKind {
    match status {
        Status::Pass => ResultKind::Pass,
        Status::Fail | Status::Waived => ResultKind::Fail,
        Status::Unknown => ResultKind::Open,
        Status::Manual => ResultKind::Review,
        Status::NotApplicable => ResultKind::NotApplicable,
    }
}

fn properties(finding: &Finding) -> PropertyBag {
    let mut all = BTreeMap::from([
        ("status".to_owned(), serde_json::json!(finding.status.as_str())),
        ("severity".to_owned(), serde_json::json!(finding.severity.as_str())),
        ("certainty".to_owned(), serde_json::json!(finding.certainty.as_str())),
    ]);
    for (key, value) in [
        ("integration", finding.integration_id().map(str::to_owned)),
        ("actual", finding.actual()),
        ("required", finding.required()),
    ] {
        if let Some(value) = value {
            all.insert(key.to_owned(), serde_json::json!(value));
        }
    }
    PropertyBag::builder().additional_properties(all).build()
}

/// The setting's line in the snapshot, else the binding's line in the config, else a path to no file,
/// which GitHub accepts. Never none: one result without a location refuses the whole upload.
fn location(tenant: &TenantReport, slug: &str, finding: &Finding) -> Location {
    let in_snapshot = tenant.source.path.as_deref().and_then(relative_uri).zip(finding.line.map(i64::from));
    let in_config = || {
        finding
            .place
            .as_ref()
            .and_then(|place| Some((relative_uri(&place.file)?, i64::try_from(place.line).ok()?)))
    };
    let (uri, line) = in_snapshot.or_else(in_config).unwrap_or_else(|| (synthetic_uri(slug, finding), 1));
    let region = Region::builder().start_line(line).start_column(1).end_line(line).end_column(1).build();
    let physical = PhysicalLocation::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri).build())
        .region(region)
        .build();
    let logical = LogicalLocation::builder()
        .fully_qualified_name(qualified_name(tenant, finding))
        .kind("resource".to_owned())
        .build();
    Location::builder().physical_location(physical).logical_locations(vec![logical]).build()
}

/// A path of the repository as a relative URI; `None` for one that leads out of it.
fn relative_uri(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let is_absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if is_absolute || parts.is_empty() || path == "-" || parts.contains(&"..") {
        return None;
    }
    Some(parts.iter().map(|part| percent_encode(part)).collect::<Vec<_>>().join("/"))
}

/// Everything but unreserved characters (RFC 3986), so that no `:` or space reaches a URI.
fn percent_encode(part: &str) -> String {
    part.bytes().fold(String::with_capacity(part.len()), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push_str(&hex(&[byte]).to_ascii_uppercase());
        }
        uri
    })
}

fn synthetic_uri(tenant: &str, finding: &Finding) -> String {
    let mut uri = format!("leastwise/{tenant}");
    let mut add = |part: String| {
        uri.push('/');
        uri.push_str(&part);
    };
    match (&finding.role, &finding.member, &finding.integration) {
        (Some(role), ..) => add(format!("roles/{}", role.id)),
        (None, Some(member), _) => add(format!("members/{}", member.id)),
        (None, None, Some(integration)) => add(format!("integrations/{}", slug(&integration.id))),
        (None, None, None) => add("tenant".to_owned()),
    }
    if let Some(function) = &finding.function {
        add(slug(&function.module));
        add(slug(&function.function));
    }
    uri
}

fn qualified_name(tenant: &TenantReport, finding: &Finding) -> String {
    let mut parts = vec![tenant.name.clone()];
    parts.extend(finding.role.as_ref().map(|role| format!("role:{}", role.id)));
    parts.extend(finding.member.as_ref().map(|member| format!("member:{}", member.id)));
    parts.extend(finding.integration_id().map(str::to_owned));
    parts.extend(
        finding.function.as_ref().map(|function| format!("{}/{}", function.module, function.function)),
    );
    parts.extend(finding.verb.map(|verb| verb.to_string()));
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{pascal_case, relative_uri};

    #[test]
    fn only_clean_relative_paths_become_uris() {
        assert_eq!(relative_uri("./audits/acme msp.json").as_deref(), Some("audits/acme%20msp.json"));
        assert_eq!(relative_uri("a:b/c%.json").as_deref(), None, "a drive letter is absolute");
        assert_eq!(relative_uri("ab:c/c%.json").as_deref(), Some("ab%3Ac/c%25.json"));
        assert_eq!(relative_uri("snapshots\\acme.json").as_deref(), Some("snapshots/acme.json"));
        for path in ["/etc/acme.json", "../acme.json", "a/../../b", "-", ""] {
            assert_eq!(relative_uri(path), None, "{path}");
        }
    }

    #[test]
    fn rule_names_are_pascal_case_as_code_scanning_shows_them() {
        assert_eq!(pascal_case("not-an-api-member"), "NotAnApiMember");
    }
}
