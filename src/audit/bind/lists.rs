//! The lists that bindings are found in, with the names of roles, members and rule files folded once.

use std::collections::{HashMap, HashSet};

use crate::audit::Audit;
use crate::checks::{BoundMember, Holders};
use crate::model::{ApiMember, Member, Noted, Role, RoleId, Tenant, fold_name};
use crate::rules::RuleFile;

/// The tenant's lists, as far as they could be read: what is missing binds nothing, and the checks
/// say so when they ask for it.
pub(super) struct Lists<'t> {
    pub(super) roles: &'t [Role],
    pub(super) api_members: &'t [ApiMember],
    members: &'t [Member],
    pub(super) noted: &'t Noted,
    holders: Holders<'t>,
    /// The names of the roles, folded, in the same order.
    pub(super) role_names: Vec<String>,
    /// The identifier and the name of each API member, folded, in the same order.
    pub(super) member_names: Vec<[String; 2]>,
    /// Ids of the rule files that match a folded name: as a member's, and as a member's or a role's.
    match_members: HashMap<String, HashSet<&'t str>>,
    match_any: HashMap<String, HashSet<&'t str>>,
}

impl<'t> Lists<'t> {
    pub(super) fn of(audit: &Audit<'t>, tenant: &'t Tenant) -> Self {
        let roles = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default();
        let api_members = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
        let mut lists = Self {
            role_names: roles.iter().map(|role| fold_name(&role.name)).collect(),
            member_names: api_members.iter().map(names).collect(),
            roles,
            api_members,
            members: tenant.members.rows().map(Vec::as_slice).unwrap_or_default(),
            noted: &tenant.noted,
            holders: Holders::of(tenant),
            match_members: HashMap::new(),
            match_any: HashMap::new(),
        };
        for rules in audit.library.iter() {
            for name in rules.matches.members.iter().map(|name| fold_name(name)) {
                lists.match_any.entry(name.clone()).or_default().insert(&rules.id);
                lists.match_members.entry(name).or_default().insert(&rules.id);
            }
            for name in &rules.matches.roles {
                lists.match_any.entry(fold_name(name)).or_default().insert(&rules.id);
            }
        }
        lists
    }

    pub(super) fn role(&self, id: Option<RoleId>) -> Option<&'t Role> {
        let id = id?;
        self.roles.binary_search_by_key(&id, |role| role.id).ok().map(|place| &self.roles[place])
    }

    pub(super) fn people(&self) -> impl Iterator<Item = &'t Member> + use<'t> {
        self.members.iter().filter(|member| member.is_person() != Some(false))
    }

    /// Members that hold a role: API members, or active people where there is none.
    pub(super) fn holders(&self, role: RoleId) -> Vec<BoundMember<'t>> {
        let api = self.holders.api(role);
        if !api.is_empty() {
            return api.iter().copied().map(BoundMember::Api).collect();
        }
        let holds = |member: &&&Member| member.is_person() != Some(false) && member.active == Some(true);
        self.holders.all(role).iter().filter(holds).copied().map(BoundMember::Person).collect()
    }

    /// Whether another rule file matches a member by this folded name.
    pub(super) fn is_anothers(&self, rules: &RuleFile, name: &str) -> bool {
        has_another(&self.match_members, rules, name)
    }

    /// Whether other integrations may bear this folded name too: another rule file matches it, or it is the bare name
    /// of a vendor that has several products.
    pub(super) fn is_shared(&self, audit: &Audit<'_>, rules: &RuleFile, name: &str) -> bool {
        let is_bare_vendor = || fold_name(&rules.vendor) == name && fold_name(&rules.product) != name;
        let has_more = || audit.library.iter().any(|own| own.id != rules.id && own.vendor == rules.vendor);
        has_another(&self.match_any, rules, name) || is_bare_vendor() && has_more()
    }
}

fn has_another(of: &HashMap<String, HashSet<&str>>, rules: &RuleFile, name: &str) -> bool {
    of.get(name).is_some_and(|ids| ids.iter().any(|id| *id != rules.id))
}

/// The identifier and the name of an API member, folded.
pub(super) fn names(member: &ApiMember) -> [String; 2] {
    let identifier = fold_name(&member.identifier);
    let name = member.name.as_deref().map_or_else(|| identifier.clone(), fold_name);
    [identifier, name]
}
