//! `leastwise-survey/1`: the survey as data, to be sent and to be read again.

use std::io::{self, Write};

use serde::Serialize;

use super::finding::Verdict;
use super::report::Report;
use crate::render::json::Tool;
use crate::term::escape::write_json;

/// The name of the format.
pub(super) const FORMAT: &str = "leastwise-survey/1";

#[derive(Serialize)]
struct SurveyV1<'r> {
    format: &'static str,
    tool: Tool<'static>,
    on: String,
    release: Option<&'r str>,
    cloud: Option<bool>,
    asked_with: Vec<&'static str>,
    summary: SummaryV1,
    assumptions: Vec<AssumptionV1<'r>>,
    unknown_functions: FunctionsV1<'r>,
    requests: Vec<RequestV1<'r>>,
}

#[derive(Serialize)]
struct SummaryV1 {
    held: usize,
    did_not_hold: usize,
    not_seen: usize,
}

#[derive(Serialize)]
struct AssumptionV1<'r> {
    id: &'static str,
    result: &'static str,
    mark: &'static str,
    says: &'r str,
    /// Why it was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    /// So many things were looked at, so many of them speak against it.
    looked_at: usize,
    against: usize,
    rests: &'r [String],
    /// What is wrong here, where it did not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    consequence: Option<&'r str>,
}

#[derive(Serialize)]
struct FunctionsV1<'r> {
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<&'r [String]>,
}

#[derive(Serialize)]
struct RequestV1<'r> {
    path: &'r str,
    status: Option<u16>,
    count: usize,
}

/// Writes a survey.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (held, did_not_hold, not_seen) = report.counts();
    let assumptions = report.findings.iter().map(|(own, finding)| AssumptionV1 {
        id: own.id.as_str(),
        result: finding.verdict.as_str(),
        mark: own.mark.letter(),
        says: &own.says,
        why: match finding.verdict {
            Verdict::NotSeen(why) => Some(why.as_str()),
            _ => None,
        },
        looked_at: finding.of,
        against: finding.against,
        rests: &own.rests,
        consequence: (finding.verdict == Verdict::DidNotHold).then_some(&*own.otherwise),
    });
    let requests = report.requests.iter().map(|(asked, count)| RequestV1 {
        path: &asked.path,
        status: asked.status,
        count: *count,
    });
    let survey = SurveyV1 {
        format: FORMAT,
        tool: Tool::this(),
        on: report.on.to_string(),
        release: report.release.as_deref(),
        cloud: report.cloud,
        asked_with: asked_with(report),
        summary: SummaryV1 { held, did_not_hold, not_seen },
        assumptions: assumptions.collect(),
        unknown_functions: FunctionsV1 { count: report.unknown_functions, names: report.function_names() },
        requests: requests.collect(),
    };
    write_json(out, &survey)?;
    out.write_all(b"\n")
}

/// Whose keys were used.
fn asked_with(report: &Report<'_>) -> Vec<&'static str> {
    let integration = report.with_integration.then_some("integration");
    std::iter::once("auditor").chain(integration).collect()
}
