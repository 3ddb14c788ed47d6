//! What roles give in excess: cut and removed where nobody can need it, else by a role of its own for each key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::{Planner, RoleHolders, change_of, fingerprints, only};
use super::open::Among;
use super::{Kind, LevelChange, Old, Reason, What};
use crate::audit::Key;
use crate::checks::{Binding, BoundMember, CheckId, Detail, ExcessivePermission, Finding, reference};
use crate::model::{FunctionRef, Level, Power, RoleId, RoleRef, Verb, fold_name};
use crate::rules::GivenKind;

impl<'p> Planner<'p> {
    /// What roles give in excess: cut and removed where nobody can need it, else by a role of its own.
    pub(super) fn roles(&mut self) {
        const OF_ROLE: [CheckId; 5] = [
            CheckId::ExcessivePermission,
            CheckId::WideRole,
            CheckId::SharedRole,
            CheckId::AdminRole,
            CheckId::WrongRole,
        ];
        for id in self.open.roles(&OF_ROLE) {
            let Some(role) = self.case.tenant.role(id) else { continue };
            let holders = self.holders(role);
            let has = |check: CheckId| self.open.has(id, check);
            let old = if role.is_admin() == Some(true) {
                Some(Old::Admin)
            } else if self.open.is_wide(id) {
                Some(Old::Wide)
            } else if has(CheckId::SharedRole) || has(CheckId::WrongRole) {
                Some(Old::Shared)
            } else {
                None
            };
            if holders.is_idle() && self.lists_are_read() && !self.case.holders.has_unplaced() {
                self.idle(&holders);
                continue;
            }
            match (old, self.blocker(&holders)) {
                (None, None) => self.trim(&holders),
                (Some(old), _) => self.separate(&holders, old),
                (None, Some(Reason::People | Reason::Unowned)) => self.separate(&holders, Old::Shared),
                (None, Some(reason)) => self.leave_role(&holders, &reason),
            }
        }
    }

    fn lists_are_read(&self) -> bool {
        self.case.api_members().is_ok() && self.case.all_members().is_ok()
    }

    /// Why nothing may be taken from a role: somebody holds it whose needs are not whole, known and decided.
    fn blocker(&self, holders: &RoleHolders<'_>) -> Option<Reason> {
        if !self.lists_are_read() || self.case.holders.has_unplaced() {
            return Some(Reason::NotRead);
        }
        if !holders.people.is_empty() {
            return Some(Reason::People);
        }
        if !holders.unowned.is_empty() {
            return Some(Reason::Unowned);
        }
        holders.served.iter().filter_map(|binding| self.undecided(binding)).min()
    }

    /// Why the needs of a key are not whole, known and decided.
    fn undecided(&self, binding: &Binding<'_>) -> Option<Reason> {
        let rules = binding.rules;
        let undeclared: Vec<_> = binding.undeclared_features().map(|(name, _)| name.to_owned()).collect();
        let member = binding.member.as_ref();
        if matches!(member, Some(BoundMember::Person(_))) {
            Some(Reason::Person)
        } else if rules.asks_admin() {
            Some(Reason::AsksAdmin)
        } else if rules.is_partial() {
            Some(Reason::Partial)
        } else if !undeclared.is_empty() {
            Some(Reason::Undeclared(undeclared))
        } else if binding.shared_name {
            Some(Reason::SharedName)
        } else if member
            .is_none_or(|member| member.active() != Some(true) || self.contradicted.contains(&member.id()))
        {
            Some(Reason::NotRead)
        } else {
            None
        }
    }

    /// Why a key cannot be given a role of its own.
    pub(super) fn inseparable(&self, binding: &Binding<'_>) -> Option<Reason> {
        if let Some(reason) = self.undecided(binding) {
            return Some(reason);
        }
        if binding.by_role {
            return Some(Reason::BoundByRole);
        }
        if binding.member_id().is_some_and(|id| self.case.bindings.of_member(id).len() > 1) {
            return Some(Reason::SeveralIntegrations);
        }
        match self.access.get(&binding.index) {
            None => Some(Reason::NotRead),
            Some(access) if access.powers.is_none() => Some(Reason::NotRead),
            Some(access) if !access.rows_are_there => Some(Reason::NoRow),
            Some(_) => None,
        }
    }

    /// Takes what is in excess from a role whose every holder is a key with known needs.
    fn trim(&mut self, holders: &RoleHolders<'p>) {
        let taken = self.take_of_role(holders.role.id, &[CheckId::ExcessivePermission]);
        let doubt = |finding: &Finding| match &finding.detail {
            Detail::ExcessivePermission(ExcessivePermission::Excess { doubt, .. }) => {
                doubt.as_ref().map(ToString::to_string)
            }
            _ => None,
        };
        let is_dangerous = |finding: &Finding| finding.powers().iter().any(|power| power.is_dangerous());
        let (doubtful, sure): (Vec<_>, Vec<_>) =
            taken.into_iter().partition(|finding| doubt(finding).is_some());
        let (dangerous, rest): (Vec<_>, Vec<_>) = sure.into_iter().partition(|finding| is_dangerous(finding));
        let doubts: BTreeSet<_> = doubtful.iter().filter_map(|finding| doubt(finding)).collect();
        let tests = Self::tests(holders.served.iter().copied());
        let integration = only(holders.served.iter().map(|binding| reference(binding.rules)));
        for (kind, what, findings, is_doubtful) in [
            (Kind::Cut, What::Dangerous, dangerous, false),
            (Kind::Remove, What::Excess { doubts: Vec::new() }, rest, false),
            (Kind::Remove, What::Excess { doubts: doubts.into_iter().collect() }, doubtful, true),
        ] {
            let levels: BTreeSet<_> = findings.iter().filter_map(|finding| change_of(finding)).collect();
            if levels.is_empty() {
                continue;
            }
            let (role, affects) = (RoleRef::shared(holders.role), holders.everybody());
            let step = self.step(kind, what, &findings);
            step.levels = levels.into_iter().collect();
            step.integration.clone_from(&integration);
            step.role = Some(role);
            step.affects = affects;
            step.tests.clone_from(&tests);
            step.doubt = is_doubtful;
        }
        let needs: Vec<_> = holders.served.iter().map(|binding| &binding.requirements).collect();
        // Of a role that is shared on purpose, each key keeps what only the others need.
        if needs.windows(2).all(|two| two[0].same_access(two[1])) {
            self.settle_role(holders.role.id);
        }
    }

    fn settle_role(&mut self, role: RoleId) {
        self.settled.extend(self.keys.of_role(role));
    }

    /// Gives each key of a role a role of its own, beside the old one.
    fn separate(&mut self, holders: &RoleHolders<'p>, old: Old) {
        let (mut last, mut stuck) = (None, None);
        let keys = self.keys.all();
        let mut served = holders.served.clone();
        served.sort_by_key(|binding| binding.member_id());
        for binding in served {
            let Some(member) = binding.member_id() else { continue };
            let key = self.keys.serving(Some(member), Some(&binding.rules.id));
            if let Some(reason) = self.inseparable(binding) {
                let taken = self.take_of_member(
                    member,
                    &[CheckId::AdminRole, CheckId::WrongRole, CheckId::NotAnApiMember],
                );
                if !taken.is_empty() {
                    self.leave(
                        key.map(|place| &keys[place]),
                        Some(&RoleRef::shared(holders.role)),
                        reason.clone(),
                        &taken,
                    );
                }
                stuck.get_or_insert((key, reason));
                continue;
            }
            let Some(place) = key else { continue };
            let taken = self.take_of_member(member, &[CheckId::AdminRole, CheckId::WrongRole]);
            self.own_role(binding, &keys[place], holders, old, &taken);
            self.settled.insert(place);
            last = Some(self.steps.len() - 1);
        }
        let taken = self.open.take(
            Among::Role(holders.role.id),
            &[CheckId::ExcessivePermission, CheckId::WideRole, CheckId::SharedRole],
            |finding| finding.member.is_none(),
        );
        match (stuck, last) {
            (None, Some(last)) => self.steps[last].findings.extend(fingerprints(&taken)),
            _ if taken.is_empty() => {}
            (Some((key, reason)), _) => {
                self.leave(
                    key.map(|place| &keys[place]),
                    Some(&RoleRef::shared(holders.role)),
                    reason,
                    &taken,
                );
            }
            (None, None) => {
                let reason = if holders.unowned.is_empty() { Reason::People } else { Reason::Unowned };
                self.leave(None, Some(&RoleRef::shared(holders.role)), reason, &taken);
            }
        }
    }

    fn own_role(
        &mut self,
        binding: &Binding<'p>,
        key: &Key,
        holders: &RoleHolders<'p>,
        old: Old,
        taken: &[&Finding],
    ) {
        let levels = self.needs(binding);
        let name = self.new_role_name(binding);
        let rows = || key.powers.iter().flatten().filter(|row| !row.inferred && !row.dormant);
        let gains = self
            .dangerous_needs(binding)
            .into_iter()
            .any(|(power, sure)| !rows().any(|row| row.power == power && (!sure || !row.conditional)));
        let catalog = self.case.catalog();
        let tables = binding.requirements.allow().iter();
        let tables = tables.map(|(id, entries)| (catalog.reference(*id), entries.iter().cloned().collect()));
        let tables: Vec<_> = tables.collect();
        let affects = holders.everybody().into_iter().filter(|member| Some(member) != key.member.as_ref());
        let affects = affects.collect();
        let tests = Self::tests([binding]);
        let step = self.step(Kind::Separate, What::OwnRole { name, from: old }, taken);
        step.integration.clone_from(&key.integration);
        step.member.clone_from(&key.member);
        step.role.clone_from(&key.role);
        step.levels = levels;
        step.tables = tables;
        step.decision = gains;
        step.affects = affects;
        step.tests = tests;
    }

    /// Everything that an integration needs, from None.
    fn needs(&self, binding: &Binding<'_>) -> Vec<LevelChange> {
        let catalog = self.case.catalog();
        let mut levels: BTreeMap<(Arc<FunctionRef>, Verb), Level> = BTreeMap::new();
        let mut order: Vec<(Arc<FunctionRef>, Verb)> = Vec::new();
        let mut raise = |function: Arc<FunctionRef>, verb: Verb, level: Level| {
            let key = (function, verb);
            let own = levels.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                Level::None
            });
            *own = level.max(*own);
        };
        for (id, verb, need) in binding.requirements.functions() {
            raise(catalog.reference(id), verb, need.level);
        }
        let rows =
            self.access.get(&binding.index).map(|access| access.module_rows.as_slice()).unwrap_or_default();
        for (module, verb, need) in binding.requirements.modules() {
            for function in rows.iter().filter(|row| catalog.find_module(&row.module) == Some(module)) {
                raise(function.clone(), verb, need.level);
            }
        }
        let change = |(function, verb): (Arc<FunctionRef>, Verb)| {
            let to = levels[&(function.clone(), verb)];
            LevelChange { function, verb, from: Level::None, to }
        };
        order.into_iter().map(change).filter(|change| change.to > Level::None).collect()
    }

    /// The dangerous powers that the needs give, and whether they do so for certain.
    fn dangerous_needs(&self, binding: &Binding<'_>) -> BTreeSet<(Power, bool)> {
        let needed = binding.requirements.functions().filter(|(.., need)| need.level > Level::None);
        let given = needed.flat_map(|(id, verb, _)| self.case.catalog().powers_of(id, verb));
        let given = given.filter(|given| given.is_dangerous());
        given.map(|given| (given.power, given.kind == GivenKind::Sure)).collect()
    }

    /// A name that no role and no other new role bears.
    fn new_role_name(&mut self, binding: &Binding<'_>) -> String {
        let rules = binding.rules;
        let first = rules.matches.roles.first().cloned().unwrap_or_else(|| rules.product.clone());
        // From where the last one ended: ten thousand keys of one integration do not each try all names.
        let number = self.role_numbers.entry(first.clone()).or_default();
        loop {
            let name = match *number {
                0 => first.clone(),
                1 => format!("{first} (least)"),
                number => format!("{first} (least {number})"),
            };
            *number += 1;
            if self.role_names.insert(fold_name(&name)) {
                return name;
            }
        }
    }

    /// A role that serves nobody active.
    fn idle(&mut self, holders: &RoleHolders<'p>) {
        let checks =
            [CheckId::ExcessivePermission, CheckId::WideRole, CheckId::SharedRole, CheckId::UnusedRole];
        let taken = self.take_of_role(holders.role.id, &checks);
        let keys = self.take_of_role(holders.role.id, &[CheckId::AdminRole, CheckId::WrongRole]);
        let role = RoleRef::shared(holders.role);
        if !taken.is_empty() {
            self.step(Kind::Tidy, What::IdleRole { asked: Vec::new() }, &taken).role = Some(role.clone());
        }
        if !keys.is_empty() {
            self.step(Kind::Tidy, What::InactiveKeys, &keys).role = Some(role);
        }
        self.settle_role(holders.role.id);
    }

    fn leave_role(&mut self, holders: &RoleHolders<'p>, reason: &Reason) {
        let checks = [CheckId::ExcessivePermission, CheckId::WideRole, CheckId::SharedRole];
        let taken = self.take_of_role(holders.role.id, &checks);
        let key = self.keys.of_role(holders.role.id).first().map(|&place| &self.keys.all()[place]);
        self.leave(key, Some(&RoleRef::shared(holders.role)), reason.clone(), &taken);
    }
}
