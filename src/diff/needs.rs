//! What a reader wants to know of a change: whom it concerns, whether an integration needs it, and who
//! made it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::access::{Folds, FunctionKey, Key, Owner, Value};
use super::words::sentence;
use super::{Change, Changes, Explained, Needed};
use crate::audit::Audit;
use crate::checks::Binding;
use crate::model::{FunctionRef, Level, MemberId, MemberRef, RoleId, RoleRef, Setting, Tenant};
use crate::rules::Lookup;
use crate::term::text::join_and;

/// Explains each change by the bindings of the newer reading.
#[must_use]
pub fn explain(changes: Changes, audit: &Audit<'_>, old: &Tenant, new: &Tenant) -> Vec<Explained> {
    let bindings = audit.bindings(new);
    let Changes { changes, renamed, .. } = changes;
    let context = Context { audit, old: Side::new(old), new: Side::new(new), bindings: &bindings, renamed };
    changes.into_iter().map(|change| context.explain(change)).collect()
}

struct Context<'c> {
    audit: &'c Audit<'c>,
    old: Side<'c>,
    new: Side<'c>,
    bindings: &'c [Binding<'c>],
    renamed: BTreeMap<(RoleId, FunctionKey), FunctionKey>,
}

/// One reading, with its settings by function as far as somebody asked for them.
struct Side<'c> {
    tenant: &'c Tenant,
    folds: RefCell<Folds>,
    keyed: RefCell<BTreeMap<RoleId, BTreeMap<FunctionKey, &'c Setting>>>,
}

impl<'c> Side<'c> {
    fn new(tenant: &'c Tenant) -> Self {
        Self { tenant, folds: RefCell::default(), keyed: RefCell::default() }
    }

    fn setting(&self, role: RoleId, function: &FunctionKey) -> Option<&'c Setting> {
        let mut all = self.keyed.borrow_mut();
        let of_role = all.entry(role).or_insert_with(|| {
            self.folds.borrow_mut().keyed(self.tenant.settings_of(role).unwrap_or_default())
        });
        of_role.get(function).copied()
    }
}

impl<'c> Context<'c> {
    fn explain(&self, change: Change) -> Explained {
        let owner = change.key.owner();
        let (role, member, login) = match owner {
            Owner::Role(id) => (self.role(id), None, None),
            Owner::Member(id) => (None, Some(self.member(id)), None),
            Owner::Login(id) => (None, None, self.login(id)),
        };
        let setting = self.setting(&change.key);
        let function = setting.map(|setting| FunctionRef {
            module: setting.module.clone(),
            function: setting.function.clone(),
        });
        let (needed_by, need) =
            if change.direction.is_widening() { self.need(&change, setting) } else { (Vec::new(), None) };
        let updated = match owner {
            Owner::Role(id) => self.new.tenant.role(id).and_then(|role| role.updated.clone()),
            _ => None,
        };
        Explained {
            message: sentence(&change, function.as_ref(), &|id| self.role(id)),
            role,
            member,
            login,
            function,
            line: setting.and_then(|setting| setting.line).filter(|_| change.after.is_some()),
            needed_by,
            need,
            updated,
            change,
        }
    }

    fn role(&self, id: RoleId) -> Option<RoleRef> {
        self.new.tenant.role(id).or_else(|| self.old.tenant.role(id)).map(RoleRef::from)
    }

    fn member(&self, id: MemberId) -> MemberRef {
        let member = self.new.tenant.api_member(id).or_else(|| self.old.tenant.api_member(id));
        member.map_or(MemberRef { id, identifier: None, namesake: false }, MemberRef::from)
    }

    fn login(&self, id: i64) -> Option<String> {
        let find = |tenant: &Tenant| {
            let rows = tenant.logins.rows().map(Vec::as_slice).unwrap_or_default();
            rows.iter().find(|login| login.id == id).map(|login| login.username.to_string())
        };
        find(self.new.tenant).or_else(|| find(self.old.tenant))
    }

    /// The row that a grant or a function's name is about: the newer one, else the older.
    fn setting(&self, key: &Key) -> Option<&'c Setting> {
        let (Key::Grant(role, function, _) | Key::FunctionName(role, function)) = key else {
            return None;
        };
        let newer = self.renamed.get(&(*role, function.clone())).unwrap_or(function);
        self.new.setting(*role, newer).or_else(|| self.old.setting(*role, function))
    }

    /// Which integrations need a widening.
    fn need(&self, change: &Change, setting: Option<&Setting>) -> (Vec<Needed>, Option<String>) {
        match (&change.key, setting) {
            (Key::Grant(role, _, verb), Some(setting)) => {
                let catalog = &self.audit.library.catalog;
                let found = catalog.lookup(setting);
                let level = |binding: &Binding<'_>| match found {
                    Lookup::Known(id) => binding.requirements.level(id, catalog.function(id).module, *verb),
                    Lookup::Unknown => catalog
                        .find_module(&setting.module)
                        .map_or(Level::None, |module| binding.requirements.module_level(module, *verb)),
                };
                let bound: Vec<_> = self.of_role(*role).collect();
                let needed: Vec<_> = bound
                    .iter()
                    .map(|binding| (binding.rules.id.clone(), level(binding)))
                    .filter(|(_, level)| *level > Level::None)
                    .map(|(integration, level)| Needed { integration, level: Some(level) })
                    .collect();
                let needed = deduplicated(needed);
                let said = of_grant(change, &needed, !bound.is_empty());
                (needed, Some(said))
            }
            (Key::Login(_) | Key::LoginActive(_), _) => {
                (Vec::new(), Some("no integration needs a login that came before keys".to_owned()))
            }
            (Key::RoleAdmin(_), _) => (Vec::new(), Some("no integration needs the admin flag".to_owned())),
            _ => {
                let ids = match change.key.owner() {
                    Owner::Role(id) => ids(self.of_role(id)),
                    Owner::Member(id) => ids(self.of_member(id)),
                    Owner::Login(_) => Vec::new(),
                };
                let said = if ids.is_empty() {
                    "no integration is known to need it".to_owned()
                } else {
                    format!("it serves {}", join_and(&ids))
                };
                let needed = ids.into_iter().map(|integration| Needed { integration, level: None });
                (needed.collect(), Some(said))
            }
        }
    }

    fn of_role(&self, id: RoleId) -> impl Iterator<Item = &'c Binding<'c>> + use<'c> {
        self.bindings.iter().filter(move |binding| binding.role.is_some_and(|role| role.id == id))
    }

    fn of_member(&self, id: MemberId) -> impl Iterator<Item = &'c Binding<'c>> + use<'c> {
        self.bindings.iter().filter(move |binding| binding.member_id() == Some(id))
    }
}

fn ids<'b>(bindings: impl Iterator<Item = &'b Binding<'b>>) -> Vec<String> {
    let mut ids: Vec<_> = bindings.map(|binding| binding.rules.id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Once for each integration, however many of its members hold the role: the most that one needs.
fn deduplicated(mut needed: Vec<Needed>) -> Vec<Needed> {
    needed.sort_by(|one, other| one.integration.cmp(&other.integration).then(other.level.cmp(&one.level)));
    needed.dedup_by(|next, first| next.integration == first.integration);
    needed
}

/// "cisco-umbrella needs it", "cisco-umbrella needs no more than My", "no integration … needs it".
fn of_grant(change: &Change, needed: &[Needed], is_bound: bool) -> String {
    let granted = match &change.after {
        Some(Value::Level(level)) => *level,
        _ => Level::None,
    };
    let enough: Vec<_> =
        needed.iter().filter(|own| own.level >= Some(granted)).map(|own| own.integration.clone()).collect();
    if let (true, Some(most)) = (enough.is_empty(), needed.iter().max_by_key(|own| own.level)) {
        let level = most.level.unwrap_or_default();
        return format!("{} needs no more than {level}", most.integration);
    }
    match (enough.is_empty(), is_bound) {
        (false, _) => {
            let verb = if enough.len() == 1 { "needs" } else { "need" };
            format!("{} {verb} it", join_and(&enough))
        }
        (true, true) => "no integration that the role serves needs it".to_owned(),
        (true, false) => "the role serves no integration that is known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Direction, FunctionKey, Key, Needed, Value};
    use super::{deduplicated, of_grant};
    use crate::model::{Level, RoleId, Verb};

    fn needed(integration: &str, level: Level) -> Needed {
        Needed { integration: integration.to_owned(), level: Some(level) }
    }

    /// What is said of a role that got this level of a verb.
    fn said(level: Level, needed: &[Needed], is_bound: bool) -> String {
        let function = FunctionKey("service desk/service ticket".into(), 0);
        let change = Change {
            key: Key::Grant(RoleId(31), function, Verb::Edit),
            before: None,
            after: Some(Value::Level(level)),
            direction: Direction::Wider,
            parts: Vec::new(),
        };
        of_grant(&change, needed, is_bound)
    }

    #[test]
    fn a_level_is_needed_by_those_who_need_as_much() {
        let both = [needed("acme-rmm", Level::My), needed("cisco-umbrella", Level::All)];
        assert_eq!(said(Level::All, &both, true), "cisco-umbrella needs it");
        assert_eq!(said(Level::My, &both, true), "acme-rmm and cisco-umbrella need it");
        assert_eq!(said(Level::All, &both[..1], true), "acme-rmm needs no more than My");
        assert_eq!(said(Level::My, &[], true), "no integration that the role serves needs it");
        assert_eq!(said(Level::My, &[], false), "the role serves no integration that is known");
    }

    #[test]
    fn an_integration_is_named_once_with_the_most_that_it_needs() {
        let several = vec![
            needed("cisco-umbrella", Level::My),
            needed("acme-rmm", Level::My),
            needed("cisco-umbrella", Level::All),
        ];
        let once = [needed("acme-rmm", Level::My), needed("cisco-umbrella", Level::All)];
        assert_eq!(deduplicated(several), once);
    }
}
