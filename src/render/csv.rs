//! Every finding as a row, for spreadsheets: open and waived ones. No cell of it can become a formula.

use std::io::{self, Write};

use super::{Report, TenantReport};
use crate::checks::{Outcome, Since, Status};
use crate::term::escape;

const HEADER: [&str; 27] = [
    "tenant",
    "check",
    "name",
    "status",
    "severity",
    "certainty",
    "integration",
    "role_id",
    "role",
    "member_id",
    "member",
    "module",
    "function",
    "verb",
    "table",
    "dataset",
    "actual",
    "required",
    "message",
    "fix",
    "fingerprint",
    "baseline",
    "waiver_reason",
    "waiver_owner",
    "waiver_since",
    "waiver_expires",
    "waiver_age_days",
];

/// Without it, spreadsheets read the bytes of UTF-8 as letters of an older encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    row(out, HEADER.map(str::to_owned))?;
    for tenant in report.tenants() {
        let tenant = tenant?;
        let is_finding = |outcome: &&Outcome| matches!(outcome.status, Status::Fail | Status::Waived);
        for outcome in tenant.outcomes.iter().filter(is_finding) {
            row(out, fields(&tenant, outcome))?;
        }
    }
    Ok(())
}

/// RFC 4180 ends lines with both.
fn row(out: &mut dyn Write, fields: [String; HEADER.len()]) -> io::Result<()> {
    write!(out, "{}\r\n", fields.map(|field| escape::csv(&field)).join(","))
}

fn fields(tenant: &TenantReport, outcome: &Outcome) -> [String; HEADER.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (role, member) = (outcome.role.as_ref(), outcome.member.as_ref());
    let (function, waiver) = (outcome.function.as_ref(), outcome.waiver.as_ref());
    let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        tenant.name.clone(),
        outcome.check.to_owned(),
        outcome.name.to_owned(),
        outcome.status.to_string(),
        outcome.severity.to_string(),
        outcome.certainty.as_str().to_owned(),
        text(&outcome.integration),
        number(role.map(|role| role.id.0)),
        role.map(|role| role.name.to_string()).unwrap_or_default(),
        number(member.map(|member| member.id.0)),
        member.and_then(|member| member.identifier.as_deref()).unwrap_or_default().to_owned(),
        function.map(|function| function.module.clone()).unwrap_or_default(),
        function.map(|function| function.function.clone()).unwrap_or_default(),
        outcome.verb.map(|verb| verb.to_string()).unwrap_or_default(),
        text(&outcome.table),
        outcome.dataset.map(|dataset| dataset.to_string()).unwrap_or_default(),
        text(&outcome.actual),
        text(&outcome.required),
        outcome.message.clone(),
        text(&outcome.fix),
        outcome.fingerprint.clone(),
        outcome.baseline.map(Since::as_str).unwrap_or_default().to_owned(),
        waiver.map(|waiver| waiver.reason.clone()).unwrap_or_default(),
        waiver.map(|waiver| waiver.owner.clone()).unwrap_or_default(),
        waiver.map(|waiver| waiver.since.to_string()).unwrap_or_default(),
        waiver.map(|waiver| waiver.expires.to_string()).unwrap_or_default(),
        waiver.map(|waiver| waiver.age_days.to_string()).unwrap_or_default(),
    ]
}
