//! Whose key it is: the integration's own member, another one with the same role, or a stranger.

use std::collections::BTreeMap;

use super::Doctor;
use super::connection::failed;
use super::facts::{Auditor, Facts, Identity, Trouble};
use super::step::{Step, StepId};
use crate::checks::{Binding, BoundMember, How};
use crate::exit::Exit;
use crate::model::{RoleId, fold_name, selects};
use crate::source::connectwise::KeyHolder;
use crate::term::text::join_and;

/// Decides, from what the auditor's key read or else from the holder alone.
#[must_use]
pub(super) fn decide(doctor: &Doctor<'_>, holder: &KeyHolder, bindings: Option<&[Binding<'_>]>) -> Identity {
    match bindings {
        Some(bindings) => among(doctor, holder, bindings),
        None => alone(doctor, holder),
    }
}

/// Without the auditor's key: by what leastwise.toml declares, else by the rule file's names.
fn alone(doctor: &Doctor<'_>, holder: &KeyHolder) -> Identity {
    let identifier = &*holder.member.identifier;
    let is_member = |name: &str| selects(name, holder.member.id.0, [identifier]);
    let is_role = |name: &str| {
        holder.member.role.is_some_and(|role| selects(name, role.0, holder.role_name.as_deref()))
    };
    let named: Vec<_> =
        doctor.declared.iter().filter(|own| own.member.is_some() || own.role.is_some()).collect();
    let own = Identity::Own(holder.member.id);
    let same = Identity::SameRole { bound: None };
    if named.is_empty() {
        let known = &doctor.rules.matches;
        let folds = |list: &[String], name: &str| list.iter().any(|own| fold_name(own) == fold_name(name));
        return if folds(&known.members, identifier) {
            own
        } else if holder.role_name.as_deref().is_some_and(|role| folds(&known.roles, role)) {
            same
        } else {
            Identity::Stranger(None)
        };
    }
    if named.iter().any(|declared| declared.member.as_deref().is_some_and(is_member)) {
        return own;
    }
    if named.iter().any(|declared| declared.role.as_deref().is_some_and(is_role)) {
        return same;
    }
    let who = named.iter().map(|declared| match (&declared.member, &declared.role) {
        (Some(member), _) => format!("member {member}"),
        (None, role) => format!("role {}", role.clone().unwrap_or_default()),
    });
    Identity::Stranger(Some(join_and(&who.collect::<Vec<_>>())))
}

/// A member that may be the integration's.
struct Candidate {
    name: String,
    role: Option<RoleId>,
    declared: bool,
}

/// With the auditor's key: among the members that serve the integration.
fn among(doctor: &Doctor<'_>, holder: &KeyHolder, bindings: &[Binding<'_>]) -> Identity {
    let own = bindings.iter().filter(|binding| binding.rules.id == doctor.rules.id);
    let (mut named, mut by_role, mut roles) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for binding in own {
        roles.extend(binding.role.map(|role| role.id));
        let Some(member) = &binding.member else { continue };
        let candidate = candidate(binding, member);
        let is_named = candidate.declared && binding.member_name.is_some() || goes_by_name(doctor, member);
        let list = if is_named { &mut named } else { &mut by_role };
        list.insert(member.id(), candidate);
    }
    let id = holder.member.id;
    let holds = |role: Option<RoleId>| role.is_some() && holder.member.role == role;
    // Among several that leastwise.toml declares, the key itself says which is meant.
    if named.get(&id).is_some_and(|own| own.declared || named.len() == 1) {
        return Identity::Own(id);
    }
    if named.is_empty() {
        let is_holder = by_role.remove(&id).is_some();
        if by_role.len() > 1 {
            return Identity::Ambiguous(by_role.into_values().map(|other| other.name).collect());
        }
        return match by_role.pop_first() {
            None if is_holder => Identity::Own(id),
            None if roles.iter().any(|role| holds(Some(*role))) => Identity::SameRole { bound: None },
            None if roles.is_empty() => Identity::Nothing,
            None => Identity::Stranger(None),
            Some((bound, other)) if holds(other.role) => Identity::SameRole { bound: Some(bound) },
            Some((_, other)) => Identity::Stranger(Some(format!("member {}", other.name))),
        };
    }
    if named.len() > 1 {
        return Identity::Ambiguous(named.into_values().map(|own| own.name).collect());
    }
    match named.pop_first() {
        Some((bound, own)) if holds(own.role) => Identity::SameRole { bound: Some(bound) },
        Some((_, own)) => Identity::Stranger(Some(format!("member {}", own.name))),
        None => Identity::Nothing,
    }
}

fn candidate(binding: &Binding<'_>, member: &BoundMember<'_>) -> Candidate {
    let reference = member.reference();
    Candidate {
        name: reference
            .identifier
            .as_ref()
            .map_or_else(|| format!("{} (a person)", reference.id), ToString::to_string),
        role: member.role(),
        declared: binding.how != How::Matched,
    }
}

fn goes_by_name(doctor: &Doctor<'_>, member: &BoundMember<'_>) -> bool {
    let names: Vec<&str> = match member {
        BoundMember::Api(member) => {
            std::iter::once(&*member.identifier).chain(member.name.as_deref()).collect()
        }
        BoundMember::Person(person) => person.identifier.as_deref().into_iter().collect(),
    };
    let known = &doctor.rules.matches.members;
    names.iter().any(|name| known.iter().any(|own| fold_name(own) == fold_name(name)))
}

/// The client id is accepted.
pub(super) fn client_id(facts: &Facts, doctor: &Doctor<'_>) -> Option<Step> {
    Some(match facts.holder.as_ref()? {
        Ok(_) => Step::ok(StepId::ClientId, "accepted"),
        Err(trouble) if is_about_client_id(doctor, trouble) => {
            failed(doctor, StepId::ClientId, trouble, "the client id was refused").stop(Exit::Failed)
        }
        Err(_) if matches!(facts.auditor, Auditor::Refused) => Step::fail(
            StepId::ClientId,
            "the PSA refused the client id, or both keys: the integration's and the auditor's",
        )
        .cause("both are sent with the same client id and the same company, so that one of these is more likely at fault than two keys")
        .fix("set LEASTWISE_CLIENT_ID to a client id from developer.connectwise.com, then check both key pairs")
        .stop(Exit::Failed),
        Err(_) if facts.auditor.tenant().is_some() => {
            Step::ok(StepId::ClientId, "accepted with the auditor's key")
        }
        Err(_) => Step::unknown(StepId::ClientId, "a refused key hides whether the client id was accepted"),
    })
}

fn is_about_client_id(doctor: &Doctor<'_>, trouble: &Trouble) -> bool {
    doctor.causes.of_fault(trouble.status, &trouble.cause).is_some_and(|cause| cause.id == "client-id")
}

/// The key pair is accepted.
pub(super) fn key(facts: &Facts, doctor: &Doctor<'_>) -> Option<Step> {
    let Err(trouble) = facts.holder.as_ref()? else {
        return Some(Step::ok(StepId::Key, "the key pair is accepted"));
    };
    let step = if facts.swapped {
        Step::fail(StepId::Key, "the public and the private half are swapped")
            .cause("the PSA accepts the key if they are exchanged")
            .fix("exchange LEASTWISE_INTEGRATION_PUBLIC_KEY and LEASTWISE_INTEGRATION_PRIVATE_KEY, and look for the same slip in the vendor's console")
    } else if let Some(member) = &facts.inactive {
        Step::fail(StepId::Key, format!("the key was refused, and the API member {member} is inactive"))
            .cause("keys of an inactive member are refused, however right they are")
            .fix(format!("System > Members > API Members > {member}: take away Inactive, then Save"))
    } else if trouble.status == Some(401) {
        let also = if facts.auditor.tenant().is_some() { "" } else { " (or the client id)" };
        Step::fail(StepId::Key, format!("the PSA refused the key pair{also}"))
            .cause("a wrong or deleted key, blanks within one, a key of another company, or an inactive API member")
            .fix("System > Members > API Members > the member > API Keys > +: make a new key and copy both halves at once (the private one is shown only then); see too that the member is active")
            .note(trouble.text.clone())
    } else {
        failed(doctor, StepId::Key, trouble, "whether the key is accepted is unknown")
    };
    Some(step.stop(Exit::Failed))
}

/// The integration's member, where the auditor's key sees that it is inactive.
pub(super) fn inactive_member(bindings: &[Binding<'_>], doctor: &Doctor<'_>) -> Option<String> {
    let mut own = bindings.iter().filter(|binding| binding.rules.id == doctor.rules.id);
    let member =
        own.find_map(|binding| binding.member.as_ref().filter(|member| member.active() == Some(false)))?;
    let reference = member.reference();
    Some(reference.identifier.as_ref().map_or_else(|| reference.id.to_string(), ToString::to_string))
}

/// How the member is named: an API member by its identifier, a person by number.
fn name(holder: &KeyHolder) -> String {
    let member = &holder.member;
    let role =
        holder.role_name.as_deref().map_or_else(|| "no role".to_owned(), |role| format!("role {role}"));
    if holder.is_person() {
        format!("{} (a person, {role})", member.id)
    } else {
        format!("{} ({role})", member.identifier)
    }
}

/// It is a key of the integration's.
pub(super) fn owner(facts: &Facts, doctor: &Doctor<'_>) -> Option<Step> {
    let holder = facts.key_holder()?;
    let who = name(holder);
    let integration = &doctor.rules.id;
    Some(match facts.identity.as_ref()? {
        Identity::Own(_) => Step::ok(StepId::Owner, format!("the key of member {who}")),
        Identity::SameRole { .. } => Step::ok(
            StepId::Owner,
            format!("the key of member {who}, which holds the integration's role"),
        )
        .note("what only the integration's own member has (level, location, boards) shows with its own key"),
        Identity::Stranger(bound) => {
            let own = bound.as_ref().map_or_else(String::new, |bound| format!(", not to {bound}"));
            Step::fail(
                StepId::Owner,
                format!("the key belongs to member {who}{own}: nothing was judged for {integration}"),
            )
            .cause("it is neither the integration's member nor one that is known to hold the same role")
            .fix(HOW_TO_MAKE_A_KEY)
            .note(format!(
                "if it is the integration's member: --member {}, or name it in leastwise.toml",
                holder.member.id
            ))
            .stop(Exit::Usage)
        }
        Identity::Ambiguous(names) => Step::fail(
            StepId::Owner,
            format!("several members may be the integration's: {}", join_and(names)),
        )
        .cause(format!(
            "the names do not show which of them the vendor's console uses; the key belongs to member {who}"
        ))
        .fix("say which with --member NAME, or bind it in leastwise.toml")
        .stop(Exit::Usage),
        Identity::Nothing => Step::fail(
            StepId::Owner,
            format!(
                "no member or role here goes by the names of {integration}; the key belongs to member {who}"
            ),
        )
        .fix("name the member with --member, or bind it in leastwise.toml (`leastwise init` proposes one)")
        .stop(Exit::NothingMatched),
    })
}

/// How to come by a key that doctor can use.
pub(super) const HOW_TO_MAKE_A_KEY: &str = "make a second key on the integration's member (System > Members > API Members > the member > API Keys > +), or a temporary API member with the same role; delete it when you are done";

/// The member is an active API member.
pub(super) fn member(facts: &Facts) -> Option<Step> {
    let holder = facts.key_holder()?;
    facts.identity.as_ref()?;
    let name = name(holder);
    Some(if holder.member.active == Some(false) {
        Step::fail(StepId::Member, format!("member {name} is inactive")).fix(format!(
            "System > Members > API Members > {}: take away Inactive, then Save",
            holder.member.identifier
        ))
    } else if holder.is_person() {
        Step::remark(StepId::Member, format!("the integration runs on a person's licence: member {name}"))
            .cause("whoever leaves takes the integration along, and its permissions are that person's")
            .fix("System > Members > API Members > +: make an API member for it, with a role of its own")
    } else {
        let active =
            if holder.member.active == Some(true) { "active" } else { "the PSA does not say whether active" };
        let kind = if holder.licence.is_some() { "an API member" } else { "its licence is not said" };
        Step::ok(StepId::Member, format!("{kind}, {active}"))
    })
}
