//! Binding: which member and which role serve which integration, from the config, from the command
//! line, or by the names that rule files match.

mod lists;

use std::collections::{BTreeSet, HashMap, HashSet};

use self::lists::Lists;
use super::{Audit, Request};
use crate::access::Requirements;
use crate::checks::{Binding, BoundMember, How, Integration};
use crate::model::{ApiMember, MemberId, Role, RoleId, Tenant, fold_name, selects, selects_member};
use crate::policy::DeclaredBinding;
use crate::rules::{NameOf, RuleFile};

/// Whether `--member` and `--role`, without `--integration`, leave this binding in the report.
pub(super) fn is_selected(request: &Request, binding: &Binding<'_>) -> bool {
    if !request.integrations.is_empty() {
        return true; // the two name the integration's own member and role then
    }
    let role_is_meant = request
        .role
        .as_ref()
        .is_none_or(|name| binding.role.is_some_and(|role| selects(name, role.id.0, [&*role.name])));
    let member_is_meant = request.member.as_ref().is_none_or(|name| match &binding.member {
        Some(BoundMember::Api(member)) => selects_member(name, member),
        Some(BoundMember::Person(person)) => selects(name, person.id.0, person.identifier.as_deref()),
        None => false,
    });
    role_is_meant && member_is_meant
}

/// The API members that are judged: those of the integrations that were asked for, those that
/// `--member` and `--role` name, else all.
pub(super) fn members<'t>(
    audit: &Audit<'_>,
    tenant: &'t Tenant,
    judged: &[Integration<'_>],
) -> Vec<&'t ApiMember> {
    let request = audit.request;
    let all = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default().iter();
    if !request.integrations.is_empty() {
        let bindings = judged.iter().flat_map(|integration| &integration.bindings);
        let serving: HashSet<_> = bindings
            .filter_map(|binding| match &binding.member {
                Some(BoundMember::Api(member)) => Some(member.id),
                _ => None,
            })
            .collect();
        return all.filter(|member| serving.contains(&member.id)).collect();
    }
    let by_role = |member: &ApiMember, name: &str| {
        let role = member.role.and_then(|id| tenant.role(id));
        role.is_some_and(|role| selects(name, role.id.0, [&*role.name]))
    };
    all.filter(|member| {
        request.member.as_ref().is_none_or(|name| selects_member(name, member))
            && request.role.as_ref().is_none_or(|name| by_role(member, name))
    })
    .collect()
}

/// Every binding of every integration of the library, in order of integration and subject.
pub(super) fn all<'t>(audit: &Audit<'t>, tenant: &'t Tenant) -> Vec<Binding<'t>> {
    let lists = Lists::of(audit, tenant);
    let mut bindings = Vec::new();
    for rules in audit.library.iter() {
        let mut own = of_integration(audit, &lists, rules);
        drop_idle_matches(&mut own);
        own.sort_by_key(|binding| (binding.member_id(), binding.role.map(|role| role.id)));
        bindings.extend(own);
    }
    for (index, binding) in bindings.iter_mut().enumerate() {
        binding.index = index;
    }
    bindings
}

/// A member that `match` found inactive serves nothing where another one is active; and the same member
/// declared twice is one binding with the needs of both.
fn drop_idle_matches(bindings: &mut Vec<Binding<'_>>) {
    let active = bindings
        .iter()
        .filter_map(|binding| binding.member.as_ref())
        .any(|member| member.active() == Some(true));
    bindings.retain(|binding| {
        let inactive = binding.member.as_ref().is_some_and(|member| member.active() == Some(false));
        !(active && inactive && binding.how == How::Matched)
    });
    let mut kept: Vec<Binding<'_>> = Vec::with_capacity(bindings.len());
    let mut places: HashMap<MemberId, usize> = HashMap::new();
    for binding in bindings.drain(..) {
        let member = binding.member_id();
        match member.and_then(|id| places.get(&id)) {
            Some(&place) => {
                kept[place].requirements.join(&binding.requirements);
                kept[place].features.extend(binding.features);
            }
            None => {
                places.extend(member.map(|id| (id, kept.len())));
                kept.push(binding);
            }
        }
    }
    *bindings = kept;
}

fn of_integration<'t>(audit: &Audit<'t>, lists: &Lists<'t>, rules: &'t RuleFile) -> Vec<Binding<'t>> {
    let declared: Vec<_> = audit.policy.bindings.iter().filter(|own| own.rules == rules.id).collect();
    let request = audit.request;
    let asked =
        request.integrations.contains(&rules.id) && (request.role.is_some() || request.member.is_some());
    if asked {
        let features = declared.iter().flat_map(|own| own.features.clone()).collect();
        let override_ = DeclaredBinding {
            rules: rules.id.clone(),
            member: request.member.clone(),
            role: request.role.clone(),
            features,
            setup_until: declared.iter().filter_map(|own| own.setup_until).max(),
            ownership: declared.first().map(|own| own.ownership.clone()).unwrap_or_default(),
            place: None,
        };
        return declared_binding(audit, lists, rules, &override_, How::Asked);
    }
    if declared.is_empty() {
        return matched(audit, lists, rules, &DeclaredBinding::default(), How::Matched);
    }
    declared.into_iter().flat_map(|own| declared_binding(audit, lists, rules, own, How::Declared)).collect()
}

/// A binding with nothing found yet.
fn empty<'t>(audit: &Audit<'t>, rules: &'t RuleFile, declared: &DeclaredBinding, how: How) -> Binding<'t> {
    let features = declared.features.clone();
    Binding {
        index: 0,
        rules,
        shared_name: false,
        by_role: false,
        how,
        member_name: declared.member.clone(),
        member: None,
        role_name: declared.role.clone(),
        named_role: None,
        role: None,
        requirements: Requirements::of(rules, &features, declared.setup_until, audit.as_of),
        features,
        setup_until: declared.setup_until,
        ownership: declared.ownership.clone(),
        place: declared.place.clone(),
    }
}

fn declared_binding<'t>(
    audit: &Audit<'t>,
    lists: &Lists<'t>,
    rules: &'t RuleFile,
    declared: &DeclaredBinding,
    how: How,
) -> Vec<Binding<'t>> {
    let bare = empty(audit, rules, declared, how);
    if declared.member.is_none() && declared.role.is_none() {
        let found = matched(audit, lists, rules, declared, How::Matched);
        return if found.is_empty() { vec![bare] } else { found };
    }
    let members = declared.member.as_ref().map(|name| members_named(lists, rules, name));
    let named: Vec<_> = lists
        .roles
        .iter()
        .filter(|role| {
            let is_named = |name: &String| selects(name, role.id.0, [&*role.name]);
            declared.role.as_ref().is_some_and(|name| is_named(name) || lists.noted.role(role.id, &rules.id))
        })
        .collect();
    match members {
        Some(members) if !members.is_empty() => members
            .into_iter()
            .map(|member| {
                let held = named.iter().copied().find(|role| member.role() == Some(role.id));
                Binding {
                    role: lists.role(member.role()),
                    named_role: held.or_else(|| named.first().copied()),
                    member: Some(member),
                    ..bare.clone()
                }
            })
            .collect(),
        Some(_) => named_roles(&named, &bare),
        None => {
            let with_holders = named.iter().flat_map(|&role| {
                let of_role =
                    Binding { role: Some(role), named_role: Some(role), by_role: true, ..bare.clone() };
                with_members(lists, role, &of_role)
            });
            let found: Vec<_> = with_holders.collect();
            if found.is_empty() { vec![bare] } else { found }
        }
    }
}

/// The members of this name; of a snapshot without names, those that were noted for the integration.
fn members_named<'t>(lists: &Lists<'t>, rules: &RuleFile, name: &str) -> Vec<BoundMember<'t>> {
    let is_noted = |id| lists.noted.member(id, &rules.id);
    let api = lists.api_members.iter().filter(|member| selects_member(name, member) || is_noted(member.id));
    let found: Vec<_> = api.map(BoundMember::Api).collect();
    if !found.is_empty() {
        return found;
    }
    let people = lists.people().map(|(person, _)| person);
    let named = people
        .filter(|person| selects(name, person.id.0, person.identifier.as_deref()) || is_noted(person.id));
    named.map(BoundMember::Person).collect()
}

/// The named roles without a member, or the bare binding where there is no such role either.
fn named_roles<'t>(named: &[&'t Role], bare: &Binding<'t>) -> Vec<Binding<'t>> {
    if named.is_empty() {
        return vec![bare.clone()];
    }
    named.iter().map(|&role| Binding { role: Some(role), named_role: Some(role), ..bare.clone() }).collect()
}

/// A binding for each member that holds the role, or one without a member.
fn with_members<'t>(lists: &Lists<'t>, role: &'t Role, of_role: &Binding<'t>) -> Vec<Binding<'t>> {
    let holders = lists.holders(role.id);
    if holders.is_empty() {
        return vec![of_role.clone()];
    }
    holders.into_iter().map(|member| Binding { member: Some(member), ..of_role.clone() }).collect()
}

/// The ids of a binding's member and role.
fn ids(binding: &Binding<'_>) -> (Option<MemberId>, Option<RoleId>) {
    (binding.member_id(), binding.role.map(|role| role.id))
}

/// What the rule file's `match` finds: members by name, and roles by name with those that hold them.
fn matched<'t>(
    audit: &Audit<'t>,
    lists: &Lists<'t>,
    rules: &'t RuleFile,
    declared: &DeclaredBinding,
    how: How,
) -> Vec<Binding<'t>> {
    if !lists.has_met(rules) {
        return Vec::new();
    }
    let bare = empty(audit, rules, declared, how);
    let is_member = |name: &str| lists.is_its(NameOf::Member, rules, name);
    let is_noted = |id| lists.noted.member(id, &rules.id);
    let api = lists.api_members.iter().zip(&lists.member_names).filter_map(|(member, names)| {
        let is_named = is_noted(member.id) || names.iter().any(|name| is_member(name));
        is_named.then_some(member)
    });
    let people = lists.people().filter_map(|(person, name)| {
        let is_named = is_noted(person.id) || is_member(name);
        (person.active != Some(false) && is_named).then_some(person)
    });
    let mut found: Vec<Binding<'t>> = api
        .map(BoundMember::Api)
        .chain(people.map(BoundMember::Person))
        .map(|member| Binding { role: lists.role(member.role()), member: Some(member), ..bare.clone() })
        .collect();
    let named_roles = lists.roles.iter().zip(&lists.role_names).filter_map(|(role, name)| {
        let is_named = lists.is_its(NameOf::Role, rules, name) || lists.noted.role(role.id, &rules.id);
        is_named.then_some(role)
    });
    let mut by_role: Vec<_> = named_roles
        .flat_map(|role| {
            with_members(lists, role, &Binding { role: Some(role), by_role: true, ..bare.clone() })
        })
        .collect();
    exclude_unrelated_members(audit, lists, rules, &found, &mut by_role);
    let (mut bound, mut named): (HashSet<_>, HashSet<_>) = found.iter().map(ids).unzip();
    for binding in by_role {
        let (member, role) = ids(&binding);
        let is_known = if member.is_some() { bound.contains(&member) } else { named.contains(&role) };
        if !is_known {
            bound.insert(member);
            named.insert(role);
            found.push(binding);
        }
    }
    // A role that only bears the name is not the integration's where another serves it.
    if found.iter().any(|binding| binding.member.is_some()) {
        found.retain(|binding| {
            binding.member.is_some() || binding.role.is_none_or(|role| !lists.holders(role.id).is_empty())
        });
    }
    for binding in &mut found {
        binding.shared_name = how == How::Matched && is_known_by_shared_names(audit, lists, rules, binding);
    }
    found
}

/// Whether every name by which a binding was found is one that other integrations may bear too: several rule files
/// list it, or it is the bare name of a vendor that has several products.
fn is_known_by_shared_names(
    audit: &Audit<'_>,
    lists: &Lists<'_>,
    rules: &RuleFile,
    binding: &Binding<'_>,
) -> bool {
    let member: Vec<String> = match &binding.member {
        Some(BoundMember::Api(member)) => lists::names(member).into(),
        Some(BoundMember::Person(person)) => person.identifier.iter().map(|name| fold_name(name)).collect(),
        None => Vec::new(),
    };
    let role: Vec<String> = binding.role.iter().map(|role| fold_name(&role.name)).collect();
    let own = |names: &[String], found: &[String]| {
        names.iter().map(|name| fold_name(name)).filter(|name| found.contains(name)).collect::<Vec<_>>()
    };
    let matched: Vec<_> =
        own(&rules.matches.members, &member).into_iter().chain(own(&rules.matches.roles, &role)).collect();
    let is_noted = binding.member_id().is_some_and(|id| lists.noted.member(id, &rules.id));
    !is_noted && !matched.is_empty() && matched.iter().all(|name| lists.is_shared(audit, rules, name))
}

/// Who holds a role of the integration's name is no sign of the integration where another holder is a
/// better one: a person beside an API member, a member of another integration beside one of its own.
fn exclude_unrelated_members(
    audit: &Audit<'_>,
    lists: &Lists<'_>,
    rules: &RuleFile,
    by_name: &[Binding<'_>],
    by_role: &mut Vec<Binding<'_>>,
) {
    let is_api = |binding: &Binding<'_>| matches!(binding.member, Some(BoundMember::Api(_)));
    let is_anothers = |binding: &Binding<'_>| matches!(binding.member, Some(BoundMember::Api(member)) if serves_another(audit, lists, rules, member));
    let has_api = by_name.iter().chain(by_role.iter()).any(is_api);
    let has_own = by_name.iter().any(is_api) || by_role.iter().any(|own| is_api(own) && !is_anothers(own));
    by_role.retain(|binding| !(has_api && matches!(binding.member, Some(BoundMember::Person(_)))));
    for binding in by_role.iter_mut().filter(|binding| has_own && is_anothers(binding)) {
        binding.member = None; // the role is still named for the integration, and its needs count
    }
}

/// Whether a member's name is that of another integration, or a binding gives it to one.
fn serves_another(audit: &Audit<'_>, lists: &Lists<'_>, rules: &RuleFile, member: &ApiMember) -> bool {
    let noted = lists.noted.members.get(&member.id);
    if noted.is_some_and(|noted| noted.iter().any(|id| **id != *rules.id)) {
        return true;
    }
    let by_name = lists::names(member).iter().any(|name| lists.is_anothers(rules, name));
    let bindings = audit.policy.bindings.iter().filter(|own| own.rules != rules.id);
    by_name || bindings.filter_map(|own| own.member.as_ref()).any(|name| selects_member(name, member))
}

/// The integrations that are judged: those asked for; else those declared or found.
pub(super) fn judged<'t>(
    audit: &Audit<'t>,
    tenant: &'t Tenant,
    bindings: &[Binding<'t>],
) -> Vec<Integration<'t>> {
    let asked = &audit.request.integrations;
    let mut judged = Vec::new();
    for rules in audit.library.iter() {
        let is_asked = asked.contains(&rules.id);
        if !asked.is_empty() && !is_asked {
            continue;
        }
        let own: Vec<_> = bindings.iter().filter(|binding| binding.rules.id == rules.id).cloned().collect();
        let selecting = !is_asked && (audit.request.role.is_some() || audit.request.member.is_some());
        let found = own.iter().any(|binding| is_selected(audit.request, binding));
        let expected = is_asked || found;
        let bindings = if expected { own } else { Vec::new() };
        if expected || (!selecting && has_login(audit, tenant, rules)) {
            judged.push(Integration { rules, bindings, expected });
        }
    }
    judged
}

/// Whether an integrator login of the tenant is one of the integration's.
fn has_login(audit: &Audit<'_>, tenant: &Tenant, rules: &RuleFile) -> bool {
    let names = audit.library.names();
    let logins = tenant.logins.rows().map(Vec::as_slice).unwrap_or_default();
    rules.keys_since.is_some_and(|since| since <= audit.as_of)
        && logins.iter().any(|login| {
            let is_named = names.is_one(NameOf::Login, &fold_name(&login.username), &rules.id);
            login.active != Some(false) && (is_named || tenant.noted.login(login.id, &rules.id))
        })
}

/// The roles that are judged: those of the judged integrations, and, where nothing was asked for by
/// name, every role that an API member holds.
pub(super) fn roles(audit: &Audit<'_>, tenant: &Tenant, judged: &[Integration<'_>]) -> Vec<RoleId> {
    let request = audit.request;
    let bindings = judged.iter().flat_map(|integration| &integration.bindings);
    let bound = bindings.filter(|binding| is_selected(request, binding)).filter_map(|binding| binding.role);
    let mut roles: BTreeSet<_> = bound.map(|role| role.id).collect();
    if request.integrations.is_empty() {
        let held = members(audit, tenant, judged)
            .into_iter()
            .filter_map(|member| member.role.and_then(|id| tenant.role(id)));
        let by_name = |role: &&Role| {
            request.member.is_none()
                && request.role.as_ref().is_some_and(|name| selects(name, role.id.0, [&*role.name]))
        };
        let named = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default().iter().filter(by_name);
        roles.extend(held.chain(named).map(|role| role.id));
    }
    roles.into_iter().collect()
}
