//! Words that several writers share, so that the same thing is called the same everywhere.

use super::{Summary, TenantReport};
use crate::checks::{Finding, Status};
use crate::model::{Severity, Source, SourceKind};
use crate::policy::Acceptance;
use crate::term::text::count_days;

/// What a finding is about, for people: role, member, integration, function, verb.
pub(super) fn subject(finding: &Finding) -> String {
    let function = finding.function.as_ref().map(ToString::to_string);
    whom(finding).into_iter().chain(function).chain(verb(finding)).collect::<Vec<_>>().join(", ")
}

/// The same beside a message that names the function.
pub(super) fn subject_beside_function(finding: &Finding) -> String {
    whom(finding).into_iter().chain(verb(finding)).collect::<Vec<_>>().join(", ")
}

/// The same for findings of many functions.
pub(super) fn subject_of_all(finding: &Finding) -> String {
    whom(finding).join(", ")
}

fn verb(finding: &Finding) -> Option<String> {
    finding.verb.map(|verb| verb.to_string())
}

fn whom(finding: &Finding) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(role) = &finding.role {
        parts.push(format!("role {role}"));
    }
    if let Some(member) = &finding.member {
        parts.push(match &member.identifier {
            Some(_) => format!("member {member}"),
            None => member.to_string(),
        });
    }
    if let Some(integration) = &finding.integration {
        parts.push(integration.id.to_string());
    }
    parts
}

/// One of many tenants: as the config calls it, and which PSA that is.
pub(super) fn name(tenant: &TenantReport) -> String {
    if tenant.name.eq_ignore_ascii_case(&tenant.id.company) {
        tenant.id.to_string()
    } else {
        format!("{} ({})", tenant.name, tenant.id)
    }
}

/// Whether an finding is a finding that counts.
pub(super) fn is_open(finding: &Finding) -> bool {
    finding.status == Status::Fail
}

/// A waiver in one sentence: why, who, and for how long.
pub(super) fn sentence(waiver: &Acceptance) -> String {
    let Acceptance { reason, owner, since, expires, age_days } = waiver;
    format!("{reason} ({owner}, since {since}, {} ago, until {expires})", count_days(*age_days))
}

/// The worst first: how reports that list findings one by one are ordered.
pub(super) fn worst_first<'r>(results: impl Iterator<Item = &'r Finding>) -> Vec<&'r Finding> {
    let mut sorted: Vec<_> = results.collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

/// "1 critical, 4 high; 2 unknown; 7 to look at in the PSA".
pub(super) fn totals(tenant: &TenantReport) -> String {
    let own = Summary::of(&tenant.results);
    let found: Vec<_> = Severity::ALL
        .into_iter()
        .rev()
        .filter_map(|severity| match own.by_severity.get(&severity) {
            None | Some(0) => None,
            Some(number) => Some(format!("{number} {severity}")),
        })
        .collect();
    let of = |status| own.by_status.get(&status).copied().unwrap_or_default();
    let mut parts = vec![if found.is_empty() { "no findings".to_owned() } else { found.join(", ") }];
    if of(Status::Unknown) > 0 {
        parts.push(format!("{} unknown", of(Status::Unknown)));
    }
    if of(Status::Manual) > 0 {
        parts.push(format!("{} to look at in the PSA", of(Status::Manual)));
    }
    if of(Status::Waived) > 0 {
        parts.push(format!("{} waived", of(Status::Waived)));
    }
    parts.join("; ")
}

/// Where the data came from: "the snapshot a.json, read 2026-11-21 02:00 UTC".
/// When a tenant was read: "read 2026-11-21 02:00 UTC", "live" before it for the PSA itself.
pub(super) fn read_at(source: &Source) -> String {
    let live = if source.kind == SourceKind::Live { "live, " } else { "" };
    source.taken_at.map_or_else(
        || format!("{live}not read"),
        |at| format!("{live}read {}", at.strftime("%Y-%m-%d %H:%M UTC")),
    )
}

pub(crate) fn source(source: &Source) -> String {
    let read = source
        .taken_at
        .map_or_else(String::new, |at| format!(", read {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    match &source.path {
        Some(path) => format!("the snapshot {path}{read}"),
        None => format!("the live tenant{read}"),
    }
}

/// The last part of a path: what people know a file by.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The line of a file of the repository that shows a finding: the setting in the snapshot, else the
/// binding or the waiver in the config.
pub(super) fn place(tenant: &TenantReport, finding: &Finding) -> Option<(String, usize)> {
    let snapshot = tenant.source.path.clone().filter(|path| path != "-");
    let line = finding.line.and_then(|line| usize::try_from(line).ok());
    let in_config = || finding.place.as_ref().map(|place| (place.file.clone(), place.line));
    snapshot.zip(line).or_else(in_config)
}
