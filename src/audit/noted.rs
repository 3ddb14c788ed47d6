//! What names tell, noted before they are replaced by tokens: which rule files and bindings mean which
//! role, member or login.

use std::collections::{BTreeMap, BTreeSet};

use super::Audit;
use crate::model::{Name, Noted, Tenant, fold_name, selects};

impl Audit<'_> {
    /// Which integrations each role, member and login of the tenant is named for.
    #[must_use]
    pub fn noted(&self, tenant: &Tenant) -> Noted {
        let mut noted = Noted::default();
        for role in tenant.roles.rows().map(Vec::as_slice).unwrap_or_default() {
            let names = [&*role.name];
            note(&mut noted.roles, role.id, self.meant(role.id.0, &names, Kind::Role));
        }
        for member in tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default() {
            let names: Vec<_> = std::iter::once(&*member.identifier).chain(member.name.as_deref()).collect();
            note(&mut noted.members, member.id, self.meant(member.id.0, &names, Kind::Member));
        }
        for member in tenant.members.rows().map(Vec::as_slice).unwrap_or_default() {
            let names: Vec<_> = member.identifier.as_deref().into_iter().collect();
            // An API member has its names in the other list.
            if member.is_person() != Some(false) {
                note(&mut noted.members, member.id, self.meant(member.id.0, &names, Kind::Member));
            }
        }
        for login in tenant.logins.rows().map(Vec::as_slice).unwrap_or_default() {
            note(&mut noted.logins, login.id, self.meant(login.id, &[&login.username], Kind::Login));
        }
        noted
    }

    /// The integrations that a thing of this id and these names is named for.
    fn meant(&self, id: i64, names: &[&str], kind: Kind) -> BTreeSet<Name> {
        let folded: BTreeSet<_> = names.iter().map(|name| fold_name(name)).collect();
        let by_rules = self.library.iter().filter(|rules| {
            let of_kind = match kind {
                Kind::Role => &rules.matches.roles,
                Kind::Member => &rules.matches.members,
                Kind::Login => &rules.matches.logins,
            };
            of_kind.iter().any(|name| folded.contains(&fold_name(name)))
        });
        let by_binding = self.policy.bindings.iter().filter(|binding| {
            let selector = match kind {
                Kind::Role => &binding.role,
                Kind::Member => &binding.member,
                Kind::Login => &None,
            };
            selector.as_ref().is_some_and(|selector| selects(selector, id, names.iter().copied()))
        });
        let ids = by_rules.map(|rules| &rules.id).chain(by_binding.map(|binding| &binding.rules));
        ids.map(|id| Name::from(id.as_str())).collect()
    }
}

/// Which list a name is of.
#[derive(Clone, Copy)]
enum Kind {
    Role,
    Member,
    Login,
}

fn note<I: Ord>(all: &mut BTreeMap<I, Vec<Name>>, id: I, meant: BTreeSet<Name>) {
    if !meant.is_empty() {
        all.insert(id, meant.into_iter().collect());
    }
}
