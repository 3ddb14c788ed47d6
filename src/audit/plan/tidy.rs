//! What asks nobody to hurry, and what no step settles.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::build::{Planner, entries};
use super::open::Among;
use super::{Kind, Left, Reason, Step, Wanted, What};
use crate::audit::Key;
use crate::audit::keys::{Standing, Works};
use crate::checks::{Binding, CheckId, Finding};
use crate::model::{MemberRef, RoleId};

impl Planner<'_> {
    /// What asks nobody to hurry.
    pub(super) fn tidy(&mut self) {
        self.still_wanted();
        for id in self.open.roles(&[CheckId::ExcessiveTable]) {
            let taken = self.take_of_role(id, &[CheckId::ExcessiveTable]);
            let Some(role) = taken.first().map(|finding| finding.role.clone()) else { continue };
            self.step(Kind::Tidy, What::SpareTables(entries(&taken)), &taken).role = role;
        }
        for id in self.open.roles(&[CheckId::UnusedRole]) {
            let taken = self.take_of_role(id, &[CheckId::UnusedRole]);
            let Some(role) = taken.first().map(|finding| finding.role.clone()) else { continue };
            self.step(Kind::Tidy, What::IdleRole { asked: Vec::new() }, &taken).role = role;
        }
        // An inactive key on an admin role that others hold too.
        for key in self.keys.all().iter().filter(|key| key.active == Some(false)) {
            let Some(member) = &key.member else { continue };
            let taken = self.take_of_member(member.id, &[CheckId::AdminRole, CheckId::WrongRole]);
            if !taken.is_empty() {
                let (member, role) = (key.member.clone(), key.role.clone());
                let step = self.step(Kind::Tidy, What::InactiveKeys, &taken);
                step.member = member;
                step.role = role;
            }
        }
        for finding in self.open.take(Among::All, &[CheckId::NotAnApiMember], |_| true) {
            let member = finding.member.as_ref().map(|member| member.id);
            let key = self.keys.serving(member, finding.integration_id());
            let key = key.map(|place| &self.keys.all()[place]);
            self.leave(key, finding.role.as_ref(), Reason::Person, &[finding]);
        }
        for check in [
            CheckId::RestrictedMember,
            CheckId::StandingOutflow,
            CheckId::ExpiredWaiver,
            CheckId::UnusedWaiver,
            CheckId::StaleRuleFile,
            CheckId::ReviewOverdue,
            CheckId::KeyAge,
            CheckId::UnknownFunction,
        ] {
            let taken = self.open.take(Among::All, &[check], |_| true);
            if !taken.is_empty() {
                let mut fixes: Vec<_> = taken.iter().filter_map(|finding| finding.fix()).collect();
                fixes.dedup();
                let summary = check.check().summary.to_owned();
                self.step(Kind::Tidy, What::Others { summary, fixes }, &taken);
            }
        }
    }

    /// A role is wanted where a key that holds it is: who decides about the one decides about the other.
    pub(super) fn ask_before_idle(&mut self) {
        let mut asked: HashMap<RoleId, BTreeSet<Arc<MemberRef>>> = HashMap::new();
        for step in self.steps.iter().filter(|step| matches!(step.what, What::StillWanted { .. })) {
            if let (Some(role), Some(member)) = (&step.role, &step.member) {
                asked.entry(role.id).or_default().insert(member.clone());
            }
        }
        for step in &mut self.steps {
            let Some(members) = step.role.as_ref().and_then(|role| asked.get(&role.id)) else { continue };
            if let What::IdleRole { asked } = &mut step.what {
                *asked = members.iter().cloned().collect();
                step.decision = true;
            }
        }
    }

    /// Keys of which somebody has to say whether they are still wanted.
    fn still_wanted(&mut self) {
        const ASKED: [(CheckId, Wanted); 4] = [
            (CheckId::InactiveMember, Wanted::MemberInactive),
            (CheckId::InactiveRole, Wanted::RoleInactive),
            (CheckId::DuplicateMember, Wanted::Duplicate),
            (CheckId::StaleMember, Wanted::Unused),
        ];
        let checks = ASKED.map(|(check, _)| check);
        let mut of_member: BTreeMap<Option<Arc<MemberRef>>, Vec<&Finding>> = BTreeMap::new();
        for finding in self.open.take(Among::All, &checks, |_| true) {
            of_member.entry(finding.member.clone()).or_default().push(finding);
        }
        for (member, taken) in of_member {
            let Some(first) = taken.first() else { continue };
            let why = ASKED.iter().filter(|(check, _)| taken.iter().any(|finding| finding.check == *check));
            let why = why.map(|(_, wanted)| *wanted).collect();
            let key = self.keys.of_member(member.as_ref().map(|member| member.id));
            let integration =
                key.and_then(|key| key.integration.clone()).or_else(|| first.integration.clone());
            let role = key.and_then(|key| key.role.clone()).or_else(|| first.role.clone());
            let step = self.step(Kind::Tidy, What::StillWanted { why }, &taken);
            step.integration = integration;
            step.member = member;
            step.role = role;
            step.decision = true;
        }
    }

    /// Every open finding that is in no step, and every key that the steps do not settle, by name.
    pub(super) fn leave_the_rest(&mut self) {
        for finding in self.open.take_rest() {
            let key = self.keys.of_member(finding.member.as_ref().map(|member| member.id));
            self.leave(key, finding.role.as_ref(), Reason::Decision, &[finding]);
        }
        let restored = self.roles_of(|step| step.kind == Kind::Restore && !step.levels.is_empty());
        let with_tables = self.roles_of(|step| matches!(step.what, What::SpareTables(_)));
        let whose = |left: &Left| (left.integration.clone(), left.member.clone(), left.role.clone());
        let mut there: BTreeSet<_> = self.left.iter().map(whose).collect();
        for (place, key) in self.keys.all().iter().enumerate() {
            let has = |roles: &HashSet<RoleId>| key.role.as_ref().is_some_and(|own| roles.contains(&own.id));
            let Some(reason) = self.unsettled(place, key, has(&restored), has(&with_tables)) else {
                continue;
            };
            if there.insert((key.integration.clone(), key.member.clone(), key.role.clone())) {
                self.leave(Some(key), None, reason, &[]);
            }
        }
    }

    /// The roles of these steps.
    fn roles_of(&self, is_meant: impl Fn(&Step) -> bool) -> HashSet<RoleId> {
        let steps = self.steps.iter().filter(|step| is_meant(step));
        steps.filter_map(|step| step.role.as_ref()).map(|role| role.id).collect()
    }

    /// Why a key is still not well once every step is done.
    fn unsettled(&self, place: usize, key: &Key, is_restored: bool, has_tables: bool) -> Option<Reason> {
        if key.is(Standing::Broken) {
            if key.faults.contains(&CheckId::InactiveRole) {
                return Some(Reason::Decision);
            }
            if key.faults.contains(&CheckId::MissingTable) {
                return Some(Reason::CustomizeList);
            }
            if !key.faults.is_empty() {
                return Some(Reason::SetUp);
            }
            if !is_restored && key.works == Works::No && !self.settled.contains(&place) {
                return Some(Reason::Accepted);
            }
        }
        if key.is(Standing::Excess) && has_tables {
            return Some(Reason::CustomizeList);
        }
        let is_bad =
            [Standing::Exposed, Standing::Unowned, Standing::Excess].into_iter().any(|own| key.is(own));
        if !is_bad || self.settled.contains(&place) {
            return None;
        }
        let own = key.member.as_ref().map(|member| self.case.bindings.of_member(member.id));
        let serves = |binding: &&&Binding<'_>| {
            key.integration.as_ref().is_some_and(|own| *own.id == *binding.rules.id)
        };
        let binding = own.unwrap_or_default().iter().find(serves);
        Some(binding.and_then(|binding| self.inseparable(binding)).unwrap_or(Reason::Accepted))
    }
}
