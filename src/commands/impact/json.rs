//! What a key could do, for programs: `leastwise-impact/1`.

use serde::Serialize;

use crate::checks::BoundMember;
use crate::commands::output;
use crate::error::Error;
use crate::impact::{Impact, LoginImpact, Raise, Reach};
use crate::model::{Level, Name, Power, Severity, TenantId, Verb};
use crate::rules::{Fact, GivenKind};

#[derive(Serialize)]
struct ImpactV1<'i> {
    format: &'static str,
    site: &'i str,
    company: &'i str,
    member: MemberV1,
    role: Option<RoleV1<'i>>,
    /// Ids of the integrations that it serves.
    integrations: &'i [String],
    /// Null where the role's settings could not be read.
    reach: Option<Vec<ReachV1<'i>>>,
    unreadable: Option<String>,
    raises: Vec<RaiseV1<'i>>,
    /// What vendors say of their own side.
    vendor: Vec<FactV1<'i>>,
    limits: &'i [String],
    contain: &'i [String],
    afterwards: &'i [String],
    unseen: &'i [String],
    /// Whether all of it could be told.
    complete: bool,
}

#[derive(Serialize)]
struct MemberV1 {
    id: i64,
    identifier: Option<Name>,
    /// `api` or `person`.
    kind: &'static str,
    active: Option<bool>,
}

#[derive(Serialize)]
struct RoleV1<'i> {
    id: i64,
    name: &'i str,
    admin: bool,
}

#[derive(Serialize)]
struct ReachV1<'i> {
    module: &'i str,
    function: &'i str,
    /// Null where the level was not understood.
    add: Option<Level>,
    edit: Option<Level>,
    delete: Option<Level>,
    inquire: Option<Level>,
    severity: Severity,
    exposes: Option<&'i str>,
}

#[derive(Serialize)]
struct RaiseV1<'i> {
    function: &'i str,
    verbs: Vec<GrantV1>,
    power: Power,
    /// `sure`, `conditional` on what the customise list leaves, or `inferred`, which counts for nothing.
    kind: &'static str,
    /// The tables that a conditional one hangs on.
    tables: &'i [String],
    how: &'i str,
    check: Option<&'i str>,
}

#[derive(Serialize)]
struct FactV1<'i> {
    integration: &'i str,
    about: &'static str,
    text: &'i str,
    source: Option<&'i str>,
}

#[derive(Serialize)]
struct GrantV1 {
    verb: &'static str,
    level: Level,
}

#[derive(Serialize)]
struct ImpactsV1<'i> {
    format: &'static str,
    site: &'i str,
    company: &'i str,
    /// The one that reaches furthest first.
    members: Vec<ImpactV1<'i>>,
    logins: Vec<LoginV1<'i>>,
}

#[derive(Serialize)]
struct LoginV1<'i> {
    id: i64,
    name: &'i str,
    active: Option<bool>,
    integrations: &'i [String],
    contain: &'i [String],
    unseen: &'i [String],
}

/// Several at once.
pub(super) fn write_all(
    impacts: &[Impact<'_>],
    logins: &[LoginImpact<'_>],
    tenant: &TenantId,
) -> Result<String, Error> {
    output::json(&ImpactsV1 {
        format: "leastwise-impacts/1",
        site: &tenant.site,
        company: &tenant.company,
        members: impacts.iter().map(|impact| document(impact, tenant)).collect(),
        logins: logins.iter().map(login).collect(),
    })
}

fn login<'i>(own: &'i LoginImpact<'_>) -> LoginV1<'i> {
    LoginV1 {
        id: own.login.id,
        name: &own.login.username,
        active: own.login.active,
        integrations: &own.integrations,
        contain: &own.contain,
        unseen: &own.unseen,
    }
}

pub(super) fn write(impact: &Impact<'_>, tenant: &TenantId) -> Result<String, Error> {
    output::json(&document(impact, tenant))
}

fn document<'i>(impact: &'i Impact<'_>, tenant: &'i TenantId) -> ImpactV1<'i> {
    let reference = impact.member.reference();
    ImpactV1 {
        format: "leastwise-impact/1",
        site: &tenant.site,
        company: &tenant.company,
        member: MemberV1 {
            id: reference.id.0,
            identifier: reference.identifier.clone(),
            kind: if matches!(impact.member, BoundMember::Api(_)) { "api" } else { "person" },
            active: impact.member.active(),
        },
        role: impact.role.map(|role| RoleV1 { id: role.id.0, name: &role.name, admin: impact.is_admin }),
        integrations: &impact.integrations,
        reach: impact.reach.as_ref().ok().map(|reach| reach.iter().map(row).collect()),
        unreadable: impact.reach.as_ref().err().map(ToString::to_string),
        raises: impact.raises.iter().map(raise).collect(),
        vendor: impact.vendor.iter().map(fact).collect(),
        limits: &impact.limits,
        contain: &impact.contain,
        afterwards: &impact.afterwards,
        unseen: &impact.unseen,
        complete: !impact.is_partial(),
    }
}

fn row(reach: &Reach) -> ReachV1<'_> {
    ReachV1 {
        module: &reach.function.module,
        function: &reach.function.function,
        add: reach.level(Verb::Add),
        edit: reach.level(Verb::Edit),
        delete: reach.level(Verb::Delete),
        inquire: reach.level(Verb::Inquire),
        severity: reach.severity,
        exposes: reach.exposes.as_deref(),
    }
}

fn fact((id, fact): &(String, Fact)) -> FactV1<'_> {
    FactV1 { integration: id, about: fact.kind.as_str(), text: &fact.text, source: fact.source.as_deref() }
}

fn raise(raise: &Raise) -> RaiseV1<'_> {
    let verbs = raise.verbs.iter().map(|(verb, level)| GrantV1 { verb: verb.as_str(), level: *level });
    let (kind, tables) = match &raise.kind {
        GivenKind::Sure => ("sure", [].as_slice()),
        GivenKind::Conditional { tables } => ("conditional", tables.as_slice()),
        GivenKind::Inferred => ("inferred", [].as_slice()),
    };
    RaiseV1 {
        function: &raise.function,
        verbs: verbs.collect(),
        power: raise.power,
        kind,
        tables,
        how: &raise.how,
        check: raise.check.as_deref(),
    }
}
