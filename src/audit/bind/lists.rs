//! The lists that bindings are found in, with the names of roles, members and rule files folded once.

use std::collections::HashSet;

use crate::audit::Audit;
use crate::checks::{BoundMember, Holders};
use crate::model::{ApiMember, Member, Noted, Role, RoleId, Tenant, fold_name};
use crate::rules::{NameOf, Names, RuleFile};

/// The tenant's lists, as far as they could be read: what is missing binds nothing, and the checks
/// say so when they ask for it.
pub(super) struct Lists<'t> {
    pub(super) roles: &'t [Role],
    pub(super) api_members: &'t [ApiMember],
    pub(super) noted: &'t Noted,
    holders: Holders<'t>,
    /// The names of the roles, folded, in the same order.
    pub(super) role_names: Vec<String>,
    /// The identifier and the name of each API member, folded, in the same order.
    pub(super) member_names: Vec<[String; 2]>,
    /// The identifier of each person, folded; blank where there is none.
    people: Vec<(&'t Member, String)>,
    /// Which integrations a name is one of.
    names: &'t Names,
    /// Rule files of which a name is here.
    met: HashSet<&'t str>,
}

impl<'t> Lists<'t> {
    pub(super) fn of(audit: &Audit<'t>, tenant: &'t Tenant) -> Self {
        let roles = tenant.roles.rows().map(Vec::as_slice).unwrap_or_default();
        let api_members = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
        let members = tenant.members.rows().map(Vec::as_slice).unwrap_or_default();
        let people = members.iter().filter(|member| member.is_person() != Some(false));
        let mut lists = Self {
            role_names: roles.iter().map(|role| fold_name(&role.name)).collect(),
            member_names: api_members.iter().map(names).collect(),
            roles,
            api_members,
            people: people
                .map(|person| (person, person.identifier.as_deref().map(fold_name).unwrap_or_default()))
                .collect(),
            noted: &tenant.noted,
            holders: Holders::of(tenant),
            names: audit.library.names(),
            met: HashSet::new(),
        };
        lists.met = lists.rules_met();
        lists
    }

    fn rules_met(&self) -> HashSet<&'t str> {
        let (names, noted) = (self.names, self.noted);
        let roles = self.role_names.iter().flat_map(|name| names.matching(NameOf::Role, name));
        let api = self.member_names.iter().flatten();
        let people = self.people.iter().map(|(_, name)| name);
        let members = api.chain(people).flat_map(|name| names.matching(NameOf::Member, name));
        let noted = noted.roles.values().chain(noted.members.values()).flatten().map(AsRef::as_ref);
        roles.chain(members).chain(noted).collect()
    }

    /// Whether any name here is one of the integration's: without one, nothing can be found for it.
    pub(super) fn has_met(&self, rules: &RuleFile) -> bool {
        self.met.contains(&*rules.id)
    }

    pub(super) fn role(&self, id: Option<RoleId>) -> Option<&'t Role> {
        let id = id?;
        self.roles.binary_search_by_key(&id, |role| role.id).ok().map(|place| &self.roles[place])
    }

    /// People, with their folded identifiers.
    pub(super) fn people(&self) -> impl Iterator<Item = (&'t Member, &str)> {
        self.people.iter().map(|(person, name)| (*person, name.as_str()))
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

    /// Whether the rule file matches a role, or a member, by this folded name.
    pub(super) fn is_its(&self, kind: NameOf, rules: &RuleFile, name: &str) -> bool {
        self.names.is_one(kind, name, &rules.id)
    }

    /// Whether another rule file matches a member by this folded name.
    pub(super) fn is_anothers(&self, rules: &RuleFile, name: &str) -> bool {
        self.names.matching(NameOf::Member, name).any(|id| id != rules.id)
    }

    /// Whether other integrations may bear this folded name too: another rule file matches it, or it is the bare name
    /// of a vendor that has several products.
    pub(super) fn is_shared(&self, audit: &Audit<'_>, rules: &RuleFile, name: &str) -> bool {
        let is_bare_vendor = || fold_name(&rules.vendor) == name && fold_name(&rules.product) != name;
        let has_more = || audit.library.iter().any(|own| own.id != rules.id && own.vendor == rules.vendor);
        let is_roles = || self.names.matching(NameOf::Role, name).any(|id| id != rules.id);
        self.is_anothers(rules, name) || is_roles() || is_bare_vendor() && has_more()
    }
}

/// The identifier and the name of an API member, folded.
pub(super) fn names(member: &ApiMember) -> [String; 2] {
    let identifier = fold_name(&member.identifier);
    let name = member.name.as_deref().map_or_else(|| identifier.clone(), fold_name);
    [identifier, name]
}
