//! What names tell, noted before they are replaced by tokens: which rule files and bindings mean which
//! role, member or login.

use std::collections::{BTreeMap, BTreeSet};

use super::Audit;
use crate::model::{Name, Noted, Tenant, fold_name, selects};
use crate::policy::Policy;
use crate::rules::{Library, NameOf};

/// The names by which rule files and bindings know members, folded: a person's login is kept only where it is one
/// of them.
#[must_use]
pub fn member_names(library: &Library, policy: &Policy) -> BTreeSet<String> {
    let by_rules = library.names().all(NameOf::Member).map(str::to_owned);
    let by_binding = policy.bindings.iter().filter_map(|binding| binding.member.as_ref());
    by_rules.chain(by_binding.map(|name| fold_name(name))).collect()
}

impl Audit<'_> {
    /// Which integrations each role, member and login of the tenant is named for.
    #[must_use]
    pub fn noted(&self, tenant: &Tenant) -> Noted {
        let mut noted = Noted::default();
        for role in tenant.roles.rows().map(Vec::as_slice).unwrap_or_default() {
            let names = [&*role.name];
            note(&mut noted.roles, role.id, self.meant(role.id.0, &names, NameOf::Role));
        }
        for member in tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default() {
            let names: Vec<_> = std::iter::once(&*member.identifier).chain(member.name.as_deref()).collect();
            note(&mut noted.members, member.id, self.meant(member.id.0, &names, NameOf::Member));
        }
        for member in tenant.members.rows().map(Vec::as_slice).unwrap_or_default() {
            let names: Vec<_> = member.identifier.as_deref().into_iter().collect();
            // An API member has its names in the other list.
            if member.is_person() != Some(false) {
                note(&mut noted.members, member.id, self.meant(member.id.0, &names, NameOf::Member));
            }
        }
        for login in tenant.logins.rows().map(Vec::as_slice).unwrap_or_default() {
            note(&mut noted.logins, login.id, self.meant(login.id, &[&login.username], NameOf::Login));
        }
        noted
    }

    /// The integrations that a thing of this id and these names is named for.
    fn meant(&self, id: i64, names: &[&str], kind: NameOf) -> BTreeSet<Name> {
        let folded: BTreeSet<_> = names.iter().map(|name| fold_name(name)).collect();
        let by_rules = folded.iter().flat_map(|name| self.library.names().matching(kind, name));
        let by_binding = self.policy.bindings.iter().filter(|binding| {
            let selector = match kind {
                NameOf::Role => &binding.role,
                NameOf::Member => &binding.member,
                NameOf::Login => &None,
            };
            selector.as_ref().is_some_and(|selector| selects(selector, id, names.iter().copied()))
        });
        by_rules.chain(by_binding.map(|binding| binding.rules.as_str())).map(Name::from).collect()
    }
}

fn note<I: Ord>(all: &mut BTreeMap<I, Vec<Name>>, id: I, meant: BTreeSet<Name>) {
    if !meant.is_empty() {
        all.insert(id, meant.into_iter().collect());
    }
}
