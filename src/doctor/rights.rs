//! Role and rights: what the member may do, judged by the same checks as an audit.

use std::collections::{BTreeMap, BTreeSet};

use super::Doctor;
use super::facts::{Answer, Facts, Opener, Probe};
use super::step::{Step, StepId};
use crate::audit::Request;
use crate::checks::{Certainty, Detail, Finding, MissingPermission, Status};
use crate::evidence::{Evidence, Probed, RoleEvidence, settings_hash};
use crate::model::{
    CheckId, Dataset, DatasetName, Gap, Level, Member, MemberId, Role, RoleId, Setting, Tenant, selects,
};
use crate::policy::Policy;
use crate::source::connectwise::ListItem;
use crate::term::text::{count, join_and};

/// The checks whose results a visit carries: those that say what works and what is too much.
const JUDGED: [CheckId; 8] = [
    CheckId::MissingPermission,
    CheckId::ExcessivePermission,
    CheckId::MissingTable,
    CheckId::ExcessiveTable,
    CheckId::AdminRole,
    CheckId::WideRole,
    CheckId::NotAnApiMember,
    CheckId::RestrictedMember,
];

/// The tenant as far as this visit knows it: what the auditor's key read, or the member's own view; the
/// role's settings are in both cases what the member itself was told of its rights.
#[must_use]
pub(super) fn tenant(facts: &Facts) -> Option<Tenant> {
    let holder = facts.key_holder()?;
    let role = holder.member.role?;
    let settings = match facts.rights.as_ref()? {
        Ok(settings) => Dataset::never_empty(DatasetName::Settings, settings.clone()),
        Err(trouble) => Dataset::Unavailable(Gap::of_role(role, trouble.cause.clone())),
    };
    let mut tenant = match facts.auditor.tenant().filter(|tenant| tenant.role(role).is_some()) {
        Some(tenant) => tenant.clone(),
        None => own_view(facts, role)?,
    };
    tenant.settings.insert(role, settings);
    Some(tenant)
}

/// A tenant of one role and one member: what a key shows of itself.
fn own_view(facts: &Facts, role: RoleId) -> Option<Tenant> {
    let holder = facts.key_holder()?;
    let mut tenant = Tenant::unread(facts.tenant.clone()?, facts.at);
    tenant.roles = Dataset::Complete(vec![Role {
        admin: holder.admin,
        ..Role::new(role, holder.role_name.clone().unwrap_or_else(|| format!("role {role}").into()))
    }]);
    tenant.api_members =
        Dataset::Complete(if holder.is_person() { Vec::new() } else { vec![holder.member.clone()] });
    tenant.members = Dataset::Complete(vec![Member {
        licence: holder.licence.clone(),
        active: holder.member.active,
        role: Some(role),
        identifier: Some(holder.member.identifier.clone()),
        ..Member::new(holder.member.id)
    }]);
    tenant.member_use = Dataset::Complete(vec![holder.restrictions.clone()]);
    Some(tenant)
}

/// What the key saw, bound to the settings that it was told.
#[must_use]
pub(crate) fn evidence(facts: &Facts) -> Option<Evidence> {
    let holder = facts.key_holder()?;
    let settings = facts.rights.as_ref()?.as_ref().ok()?;
    let lists = facts.lists.as_ref().and_then(|lists| lists.as_deref().ok());
    let role = holder.member.role?;
    Some(Evidence {
        tenant: facts.tenant.clone()?,
        taken_at: facts.at,
        roles: vec![role_evidence(role, holder.member.id, settings_hash(settings), &facts.probes, lists)],
    })
}

/// What a key of one role saw.
pub(super) fn role_evidence(
    role: RoleId,
    member: MemberId,
    settings: String,
    probes: &[Probe],
    items: Option<&[ListItem]>,
) -> RoleEvidence {
    let answered = |probe: &Probe| Probed {
        path: probe.path.clone(),
        table: match &probe.opened_by {
            Opener::Table(table) => Some(table.clone()),
            _ => None,
        },
        status: probe.answer.status(),
    };
    let lists = items.map(|items| {
        let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for item in items {
            lists.entry(item.list.clone()).or_default().insert(item.item.clone());
        }
        lists
    });
    RoleEvidence { role, member, settings, probes: probes.iter().map(answered).collect(), lists }
}

/// The evidence as it is kept: bound to the role's settings as an audit will read them, where the
/// auditor's key read them.
#[must_use]
pub(crate) fn evidence_to_keep(facts: &Facts) -> Option<Evidence> {
    let mut kept = evidence(facts)?;
    if let Some(tenant) = facts.auditor.tenant() {
        for role in &mut kept.roles {
            if let Ok(settings) = tenant.settings_of(role.role) {
                role.settings = settings_hash(settings);
            }
        }
    }
    Some(kept)
}

/// Applies the checks.
pub(super) fn judge(facts: &Facts, doctor: &Doctor<'_>) -> Vec<Finding> {
    let (Some(tenant), Some(subject)) = (tenant(facts), facts.subject()) else {
        return Vec::new();
    };
    let request = Request { evidence: evidence(facts).into_iter().collect(), ..doctor.request_for(subject) };
    let policy = Policy { bindings: facts.bindings.clone(), ..Policy::default() };
    let judgement = doctor.audit(&policy, &request).judge(&tenant);
    let alone = facts.auditor.tenant().is_none();
    let mut results = judgement.results;
    results.retain(|finding| JUDGED.contains(&finding.check));
    for finding in &mut results {
        // Who else holds the role, and needs what looks like excess, was not to be seen.
        if alone
            && finding.status == Status::Fail
            && matches!(finding.check, CheckId::ExcessivePermission | CheckId::WideRole)
        {
            finding.certainty = finding.certainty.max(Certainty::Likely);
        }
    }
    results
}

/// Results of one check with one status.
pub(super) fn of(results: &[Finding], check: CheckId, status: Status) -> impl Iterator<Item = &Finding> {
    results.iter().filter(move |finding| finding.check == check && finding.status == status)
}

/// The member holds a role.
pub(super) fn role(facts: &Facts, doctor: &Doctor<'_>, results: &[Finding]) -> Option<Step> {
    let holder = facts.key_holder()?;
    facts.rights.as_ref()?;
    let Some(id) = holder.member.role else {
        return Some(without_role(facts, &holder.member.identifier));
    };
    let role = holder.role_name.as_deref().unwrap_or("without a name");
    if let Some(admin) = of(results, CheckId::AdminRole, Status::Fail).next() {
        let mut step = Step::remark(
            StepId::Role,
            format!("role {role} is an admin role: everything is open"),
        )
        .cause(
            "no permission is missing, so the cause lies elsewhere; whoever has the key has the whole PSA",
        );
        step.fix = admin.fix();
        return Some(step);
    }
    let named = doctor.declared.iter().filter_map(|own| own.role.as_ref()).collect::<Vec<_>>();
    let is_named = named.iter().any(|wanted| selects(wanted, id.0, holder.role_name.as_deref()));
    if !named.is_empty() && !is_named {
        return Some(
            Step::remark(StepId::Role, format!("the member holds role {role}, not {}", join_and(&named)))
                .cause("the role was made and never assigned, or assigned to another member")
                .fix(format!(
                    "System > Members > API Members > {} > Role ID: choose {}, then Save",
                    holder.member.identifier,
                    join_and(&named)
                )),
        );
    }
    let is_inactive = facts.auditor.tenant().and_then(|tenant| tenant.role(id)?.active) == Some(false);
    Some(if is_inactive {
        Step::remark(StepId::Role, format!("role {role} is inactive"))
            .fix(format!("System > Security Roles > {role}: take away Inactive, then Save"))
    } else {
        Step::ok(StepId::Role, role.to_owned())
    })
}

/// The PSA names no role; where everything is refused too, the member has none.
fn without_role(facts: &Facts, member: &str) -> Step {
    let is_refused = |probe: &Probe| probe.answer == Answer::Refused;
    let says = format!("member {member} holds no role, as far as the PSA says");
    let step = if facts.probes.iter().any(is_refused) {
        Step::fail(StepId::Role, says)
    } else {
        Step::unknown(StepId::Role, says)
    };
    step.cause("the role was made and never assigned, or it was deleted").fix(format!(
        "System > Members > API Members > {member} > Role ID: choose the integration's role, then Save"
    ))
}

/// The role grants what is needed.
pub(super) fn rights(facts: &Facts, results: &[Finding]) -> Option<Step> {
    let rights = facts.rights.as_ref()?;
    if let Err(trouble) = rights {
        return Some(
            Step::unknown(StepId::Rights, "the member's own permissions could not be read")
                .note(trouble.text.clone()),
        );
    }
    if results.is_empty() {
        return Some(Step::unknown(StepId::Rights, "not judged: the member's role is not known"));
    }
    // What is None is refused and stops the work; what is My narrows it.
    let (refused, narrowed): (Vec<_>, Vec<_>) =
        of(results, CheckId::MissingPermission, Status::Fail).partition(|own| is_none(own));
    let narrows = refused.is_empty();
    let missing = [refused, narrowed].concat();
    if let Some((first, rest)) = missing.split_first() {
        let mut step = Step::fail(StepId::Rights, lacks(first)).cause(first.message());
        step.narrows = narrows;
        step.fix = first.fix();
        if !rest.is_empty() {
            let number = count(rest.len(), "permission");
            step.says = format!("{} (and {number} more)", step.says);
        }
        for finding in rest {
            match finding.fix() {
                Some(fix) => step.fixes.push(fix),
                None => step.notes.push(lacks(finding)),
            }
        }
        return Some(step);
    }
    let unknown = of(results, CheckId::MissingPermission, Status::Unknown).chain(of(
        results,
        CheckId::MissingPermission,
        Status::Manual,
    ));
    if let Some(first) = unknown.into_iter().next() {
        let mut step = Step::unknown(StepId::Rights, first.message());
        step.fix = first.fix();
        return Some(step);
    }
    let all = if of(results, CheckId::MissingPermission, Status::Pass).next().is_some() {
        "the role grants everything that is needed"
    } else {
        "the role grants everything"
    };
    let mut step = Step::ok(StepId::Rights, all);
    step.notes.extend(excess(results));
    Some(step)
}

fn is_none(finding: &Finding) -> bool {
    matches!(
        finding.detail,
        Detail::MissingPermission(MissingPermission::Missing { granted: Level::None, .. })
    )
}

/// "Add on Service Desk / Service Tickets is None; All is needed".
fn lacks(finding: &Finding) -> String {
    let function = finding.function.as_ref().map(ToString::to_string).unwrap_or_default();
    let verb = finding.verb.map(crate::model::Verb::title).unwrap_or_default();
    let (actual, required) = (finding.actual().unwrap_or_default(), finding.required().unwrap_or_default());
    format!("{verb} on {function} is {actual}; {required} is needed")
}

/// What is too much, in a sentence: excess alone fails nothing here.
fn excess(results: &[Finding]) -> Option<String> {
    if let Some(wide) = of(results, CheckId::WideRole, Status::Fail).next() {
        return Some(format!("{}; it does not stop the integration", wide.message()));
    }
    let number = of(results, CheckId::ExcessivePermission, Status::Fail).count();
    (number > 0).then(|| {
        format!("{} in excess, which does not stop the integration: `leastwise checklist` lists what to take away", count(number, "permission"))
    })
}

/// How the member's rights differ from the role's own settings, which the auditor's key read.
pub(super) fn differences(facts: &Facts) -> Option<usize> {
    let role = facts.key_holder()?.member.role?;
    let settings = facts.auditor.tenant()?.settings_of(role).ok()?;
    let own = facts.rights.as_ref()?.as_ref().ok()?;
    let lines = |settings: &[Setting]| -> BTreeSet<String> {
        settings.iter().map(|setting| settings_hash(std::slice::from_ref(setting))).collect()
    };
    Some(lines(own).symmetric_difference(&lines(settings)).count())
}
