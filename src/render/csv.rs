//! Every finding as a row, for spreadsheets: open and waived ones. No cell of it can become a formula.

use std::io::{self, Write};

use super::{Report, TenantReport};
use crate::checks::{Finding, Since};
use crate::term::escape::{BYTE_ORDER_MARK, csv_row};

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

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    out.write_all(csv_row(HEADER).as_bytes())?;
    for tenant in report.tenants() {
        let tenant = tenant?;
        for finding in tenant.results.iter().filter(|finding| finding.is_finding()) {
            out.write_all(csv_row(fields(&tenant, finding)).as_bytes())?;
        }
    }
    Ok(())
}

fn fields(tenant: &TenantReport, finding: &Finding) -> [String; HEADER.len()] {
    let (role, member) = (finding.role.as_ref(), finding.member.as_ref());
    let (function, waiver) = (finding.function.as_ref(), finding.waiver.as_ref());
    let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        tenant.name.clone(),
        finding.check.to_string(),
        finding.check.check().name.to_owned(),
        finding.status.to_string(),
        finding.severity.to_string(),
        finding.certainty.as_str().to_owned(),
        finding.integration_id().unwrap_or_default().to_owned(),
        number(role.map(|role| role.id.0)),
        role.map(|role| role.name.to_string()).unwrap_or_default(),
        number(member.map(|member| member.id.0)),
        member.and_then(|member| member.identifier.as_deref()).unwrap_or_default().to_owned(),
        function.map(|function| function.module.to_string()).unwrap_or_default(),
        function.map(|function| function.function.to_string()).unwrap_or_default(),
        finding.verb.map(|verb| verb.to_string()).unwrap_or_default(),
        finding.table.as_deref().unwrap_or_default().to_owned(),
        finding.dataset.map(|dataset| dataset.to_string()).unwrap_or_default(),
        finding.actual().unwrap_or_default(),
        finding.required().unwrap_or_default(),
        finding.message(),
        finding.fix().unwrap_or_default(),
        finding.fingerprint.to_string(),
        finding.baseline.map(Since::as_str).unwrap_or_default().to_owned(),
        waiver.map(|waiver| waiver.reason.clone()).unwrap_or_default(),
        waiver.map(|waiver| waiver.owner.clone()).unwrap_or_default(),
        waiver.map(|waiver| waiver.since.to_string()).unwrap_or_default(),
        waiver.map(|waiver| waiver.expires.to_string()).unwrap_or_default(),
        waiver.map(|waiver| waiver.age_days.to_string()).unwrap_or_default(),
    ]
}
