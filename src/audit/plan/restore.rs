//! What is missing: steps that take nothing away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::{Planner, RoleHolders, change_of, entries, only};
use super::open::Among;
use super::{Kind, LevelChange, Reason, What};
use crate::checks::{CheckId, Finding};
use crate::model::{FunctionRef, Role, RoleRef, Verb};
use crate::rules::GivenPower;

impl<'p> Planner<'p> {
    /// What is missing, role by role: it takes nothing away. What would give a dangerous power is decided apart.
    pub(super) fn restore(&mut self) {
        const MISSING: [CheckId; 2] = [CheckId::MissingPermission, CheckId::MissingTable];
        for id in self.open.roles(&MISSING) {
            let Some(role) = self.case.tenant.role(id) else { continue };
            let holders = self.holders(role);
            if holders.served.is_empty() && self.is_held_by_inactive(role) {
                let taken = self.take_of_role(id, &MISSING);
                self.leave(None, Some(&RoleRef::shared(role)), Reason::SwitchedOff, &taken);
                continue;
            }
            let taken = self.take_of_role(id, &[CheckId::MissingPermission]);
            let (dangerous, harmless): (Vec<_>, Vec<_>) =
                taken.into_iter().partition(|finding| self.gives_danger(finding));
            self.restore_levels(&holders, &harmless, false);
            self.restore_levels(&holders, &dangerous, true);
            let tables = self.take_of_role(id, &[CheckId::MissingTable]);
            self.restore_tables(&holders, &tables);
        }
        self.set_up();
    }

    /// Whether the role has holders, all of them inactive.
    fn is_held_by_inactive(&self, role: &Role) -> bool {
        let api = self.case.api_holders(role.id).unwrap_or_default().iter().map(|member| member.active);
        let all = self.case.all_holders(role.id).unwrap_or_default().iter().map(|member| member.active);
        let active: Vec<_> = api.chain(all).collect();
        !active.is_empty() && active.iter().all(|active| *active == Some(false))
    }

    /// Whether what is missing would give a dangerous power.
    fn gives_danger(&self, finding: &Finding) -> bool {
        let (Some(function), Some(verb)) = (&finding.function, finding.verb) else { return false };
        let catalog = self.case.catalog();
        catalog
            .find(function)
            .is_some_and(|id| catalog.powers_of(id, verb).iter().any(GivenPower::is_dangerous))
    }

    fn restore_levels(&mut self, holders: &RoleHolders<'p>, taken: &[&'p Finding], dangerous: bool) {
        let mut levels: BTreeMap<(Arc<FunctionRef>, Verb), LevelChange> = BTreeMap::new();
        for finding in taken {
            let Some(change) = change_of(finding) else { continue };
            let own = levels.entry((change.function.clone(), change.verb)).or_insert_with(|| change.clone());
            own.to = own.to.max(change.to);
        }
        if levels.is_empty() {
            return;
        }
        let ids: BTreeSet<&str> = taken.iter().filter_map(|finding| finding.integration_id()).collect();
        let served = holders.served.iter().copied().filter(|binding| ids.contains(binding.rules.id.as_str()));
        let tests = Self::tests(served);
        let integration = only(taken.iter().filter_map(|finding| finding.integration.clone()));
        let (role, affects) = (RoleRef::shared(holders.role), holders.everybody());
        let step = self.step(Kind::Restore, What::Levels, taken);
        step.levels = levels.into_values().collect();
        step.integration = integration;
        step.role = Some(role);
        step.affects = affects;
        step.tests = tests;
        step.decision = dangerous;
    }

    fn restore_tables(&mut self, holders: &RoleHolders<'p>, taken: &[&'p Finding]) {
        if taken.is_empty() {
            return;
        }
        let integration = only(taken.iter().filter_map(|finding| finding.integration.clone()));
        let catalog = self.case.catalog();
        let dangerous = taken.iter().filter_map(|finding| finding.table.as_deref()).any(|table| {
            Verb::ALL
                .into_iter()
                .flat_map(|verb| catalog.powers_of_table(table, verb))
                .any(GivenPower::is_dangerous)
        });
        let (role, affects) = (RoleRef::shared(holders.role), holders.everybody());
        let step = self.step(Kind::Restore, What::Tables(entries(taken)), taken);
        step.integration = integration;
        step.role = Some(role);
        step.affects = affects;
        step.decision = dangerous;
    }

    /// Integrations that are expected and have no role or no member.
    fn set_up(&mut self) {
        let taken =
            self.open.take(Among::All, &[CheckId::RoleNotFound, CheckId::MemberNotFound], |finding| {
                finding.integration.is_some()
            });
        let mut of_integration: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in taken {
            if let Some(id) = finding.integration_id() {
                of_integration.entry(id).or_default().push(finding);
            }
        }
        for (id, taken) in of_integration {
            let integration = taken.first().and_then(|finding| finding.integration.clone());
            let (member, role) =
                taken.first().map_or((None, None), |finding| (finding.member.clone(), finding.role.clone()));
            let tests = self.case.library.get(id).and_then(|rules| rules.test()).map(str::to_owned);
            let step = self.step(Kind::Restore, What::SetUp, &taken);
            step.integration = integration;
            step.member = member;
            step.role = role;
            step.tests = tests.into_iter().collect();
        }
    }
}
