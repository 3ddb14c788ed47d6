//! Asking: the requests of a visit, one after the other, until one leaves nothing more to ask.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::facts::{Answer, Auditor, BoardFact, Facts, Mapping, NoCompany, Probe, Trouble};
use super::identity;
use super::probes::{self, Target};
use super::{Doctor, rights};
use crate::access::Requirements;
use crate::audit::member_names;
use crate::evidence::{RoleEvidence, settings_hash};
use crate::model::{DatasetName, GapCause, MemberId, RoleId, Tenant, Verb, fold_name};
use crate::policy::DeclaredBinding;
use crate::rules::Catalog;
use crate::source::connectwise::{Client, CompanyFault, Fault, Unreadable};

/// So many boards are looked at for a default team; few PSAs have more.
const MOST_BOARDS: usize = 25;

/// The clients of a visit.
#[derive(Debug)]
pub(crate) struct Clients {
    /// With the integration's key.
    pub own: Client,
    /// With its halves exchanged, for when it is refused.
    pub swapped: Client,
    /// With the auditor's key, where one is set.
    pub auditor: Option<Client>,
}

/// Asks everything that a diagnosis needs.
pub(crate) async fn visit(clients: &Clients, doctor: &Doctor<'_>, facts: &mut Facts, now: fn() -> Timestamp) {
    Box::pin(ask(clients, doctor, facts, now)).await;
    facts.exchanges = clients.own.exchanges();
    let all = [Some(&clients.own), Some(&clients.swapped), clients.auditor.as_ref()];
    facts.requests = all.into_iter().flatten().flat_map(Client::requests).collect();
    facts.requests.sort();
}

async fn ask(clients: &Clients, doctor: &Doctor<'_>, facts: &mut Facts, now: fn() -> Timestamp) {
    let own = &clients.own;
    let company = own.company().await;
    facts.skew = skew(own, now());
    let found = company.is_ok();
    facts.company = Some(company.map_err(|fault| match fault {
        CompanyFault::Unknown => NoCompany::Unknown,
        CompanyFault::Fault(fault) => NoCompany::Trouble(fault.into()),
    }));
    if !found {
        return;
    }
    let holder = own.key_holder(facts.at).await;
    let refused = matches!(&holder, Err(fault) if fault.status() == Some(401));
    let role = holder.as_ref().ok().and_then(|holder| holder.member.role);
    facts.holder = Some(holder.map_err(Into::into));
    if refused {
        facts.swapped = accepts(&clients.swapped, facts.at).await;
    }
    if !facts.swapped {
        facts.auditor = Box::pin(audit(clients.auditor.as_ref(), doctor, role, facts.at, refused)).await;
    }
    identify(doctor, facts);
    if facts.subject().is_none() {
        return;
    }
    facts.rights = Some(own.own_rights(facts.at).await.map_err(Into::into));
    facts.lists = Some(own.own_lists(facts.at).await.map_err(Into::into));
    let mut targets = probes::needed(doctor);
    targets.extend(probes::contrast(doctor));
    facts.probes = probe(own, &targets).await;
    facts.bindings = pinned(doctor, facts);
    if let Some(asked) = &doctor.company_id {
        facts.mapping = Some(mapping(own, asked).await);
    }
    // Where the list is refused, its short form may still name them.
    let opens_boards = facts.probes.iter().any(|probe| {
        probe.path == "service/boards" && matches!(probe.answer, Answer::Rows | Answer::Refused)
    });
    if opens_boards && makes_tickets(doctor) {
        facts.boards = Some(boards(own).await.map_err(Into::into));
    }
}

/// By how many seconds the server's clock is ahead, from the first answer that says what time it has.
fn skew(client: &Client, now: Timestamp) -> Option<i64> {
    let exchanges = client.exchanges();
    let date = exchanges.iter().rev().find_map(|exchange| exchange.header("date"))?;
    let theirs = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(theirs.as_second() - now.as_second())
}

/// Whether the pair is accepted the other way round.
async fn accepts(swapped: &Client, at: Timestamp) -> bool {
    swapped.company().await.is_ok() && swapped.key_holder(at).await.is_ok()
}

/// What the auditor's key reads: the lists that say what serves the integration, and the role's settings.
async fn audit(
    client: Option<&Client>,
    doctor: &Doctor<'_>,
    role: Option<RoleId>,
    at: Timestamp,
    refused: bool,
) -> Auditor {
    let Some(client) = client else { return Auditor::Absent };
    let wanted = BTreeSet::from([
        DatasetName::Roles,
        DatasetName::ApiMembers,
        DatasetName::Members,
        DatasetName::MemberUse,
    ]);
    if let Err(fault) = client.company().await {
        return Auditor::Unusable(match fault {
            CompanyFault::Unknown => Trouble::of(GapCause::NoCompany),
            CompanyFault::Fault(fault) => fault.into(),
        });
    }
    if let Err(fault) = client.key_holder(at).await {
        return match fault {
            Fault::Refused(_) if refused => Auditor::Refused,
            fault => Auditor::Unusable(fault.into()),
        };
    }
    let mut tenant = match Box::pin(client.lists(&wanted, Some(&names(doctor)), at)).await {
        Ok(tenant) => tenant,
        Err(unreadable) => return unusable(unreadable),
    };
    let gap = tenant.roles.rows().err().or_else(|| tenant.api_members.rows().err());
    if let Some(gap) = gap {
        return Auditor::Unusable(Trouble { status: None, cause: gap.cause.clone(), text: gap.to_string() });
    }
    match client.add_settings(&mut tenant, &Vec::from_iter(role), &|_, _| ()).await {
        Ok(()) => Auditor::Read(Box::new(tenant)),
        Err(unreadable) => unusable(unreadable),
    }
}

fn unusable(unreadable: Unreadable) -> Auditor {
    Auditor::Unusable(Trouble { status: None, cause: unreadable.cause, text: unreadable.said })
}

/// Decides whose key it is, or, where it was refused, whether its member is inactive.
fn identify(doctor: &Doctor<'_>, facts: &mut Facts) {
    let request = doctor.request();
    let audit = doctor.audit(&doctor.policy, &request);
    let bindings = facts.auditor.tenant().map(|tenant| audit.bindings(tenant));
    let identity = facts.key_holder().map(|holder| identity::decide(doctor, holder, bindings.as_deref()));
    let inactive = bindings.and_then(|bindings| identity::inactive_member(&bindings, doctor));
    (facts.identity, facts.inactive) = (identity, inactive);
}

/// The names by which the member that serves the integration may be known, folded.
fn names(doctor: &Doctor<'_>) -> BTreeSet<String> {
    let mut names = member_names(doctor.library, &doctor.policy);
    names.extend(doctor.member.as_ref().map(|name| fold_name(name)));
    names
}

/// What serves which integration, by id.
fn pinned(doctor: &Doctor<'_>, facts: &Facts) -> Vec<DeclaredBinding> {
    let Some(tenant) = rights::tenant(facts) else { return doctor.policy.bindings.clone() };
    let mut pinned = pin(doctor, &tenant);
    // The integration itself is judged for its own member, with the features that are declared.
    pinned.retain(|own| own.rules != doctor.rules.id);
    pinned.extend(facts.subject().map(|member| DeclaredBinding {
        rules: doctor.rules.id.clone(),
        member: Some(member.to_string()),
        features: doctor.features(),
        setup_until: doctor.setup_until(),
        ..DeclaredBinding::default()
    }));
    pinned
}

fn pin(doctor: &Doctor<'_>, tenant: &Tenant) -> Vec<DeclaredBinding> {
    let request = crate::audit::Request::default();
    let bindings = doctor.audit(&doctor.policy, &request).bindings(tenant);
    bindings
        .iter()
        .map(|binding| DeclaredBinding {
            rules: binding.rules.id.clone(),
            member: binding.member.as_ref().map(|member| member.id().to_string()),
            role: binding.role.map(|role| role.id.to_string()),
            features: binding.features.clone(),
            setup_until: binding.setup_until,
            ..DeclaredBinding::default()
        })
        .filter(|own| own.member.is_some() || own.role.is_some())
        .collect()
}

/// Asks each endpoint for one row.
async fn probe(client: &Client, targets: &[Target]) -> Vec<Probe> {
    let mut probes = Vec::with_capacity(targets.len());
    for target in targets {
        let answer = match client.probe(&target.path).await {
            Ok(true) => Answer::Rows,
            Ok(false) => Answer::Empty,
            Err(Fault::Forbidden(_)) => Answer::Refused,
            Err(fault) => Answer::Trouble(fault.into()),
        };
        probes.push(Probe {
            path: target.path.clone(),
            opened_by: target.opened_by.clone(),
            needed: target.needed,
            answer,
        });
    }
    probes
}

async fn mapping(client: &Client, asked: &str) -> Mapping {
    let by_id = client.companies("identifier", asked).await.map_err(Into::into);
    let by_name = match &by_id {
        Ok(rows) if rows.is_empty() => client.companies("name", asked).await.unwrap_or_default(),
        _ => Vec::new(),
    };
    Mapping { asked: asked.to_owned(), by_id, by_name }
}

/// Whether the integration opens tickets, which need a team.
pub(super) fn makes_tickets(doctor: &Doctor<'_>) -> bool {
    let requirements: Requirements = doctor.requirements();
    let catalog = &doctor.library.catalog;
    requirements.functions().any(|(id, verb, _)| {
        verb == Verb::Add
            && catalog.function(id).endpoints.iter().any(|path| path.ends_with("service/tickets"))
    })
}

async fn boards(client: &Client) -> Result<Vec<BoardFact>, Fault> {
    let mut facts = Vec::new();
    for board in client.boards(MOST_BOARDS).await? {
        if board.active != Some(false) {
            let default_team = client.has_default_team(board.id).await.ok().flatten();
            facts.push(BoardFact { board, default_team });
        }
    }
    Ok(facts)
}

/// Collects evidence of the role that the key's member holds now: its rights, lists and every table.
///
/// # Errors
/// The fault that kept its rights from being read.
pub(crate) async fn collect_role(
    client: &Client,
    auditor: &Client,
    tenant: &mut Tenant,
    role: RoleId,
    member: MemberId,
    catalog: &Catalog,
) -> Result<RoleEvidence, Fault> {
    let own = client.own_rights(tenant.taken_at).await?;
    // Where the auditor's key is refused now, what the member itself was told stands for the role.
    let _ = auditor.add_settings(tenant, &[role], &|_, _| ()).await;
    // An audit will read the role's settings, not what its member is told.
    let settings = tenant.settings_of(role).map_or_else(|_| settings_hash(&own), settings_hash);
    let probes = probe(client, &probes::every_table(catalog)).await;
    let lists = client.own_lists(tenant.taken_at).await.ok();
    Ok(rights::role_evidence(role, member, settings, &probes, lists.as_deref()))
}
