//! Puts every open finding into exactly one step, or leaves it with a reason. The steps of each kind are made in a
//! file of their own; what they share is here.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::keys::Keys;
use super::open::{Among, Open};
use super::{Kind, Left, LevelChange, Plan, Reason, Step, What};
use crate::audit::Key;
use crate::audit::access::KeyAccess;
use crate::checks::{
    Binding, BoundMember, Case, CheckId, Detail, ExcessivePermission, Finding, Fingerprint,
    MissingPermission, Status,
};
use crate::model::{ApiMember, FunctionRef, Member, MemberId, MemberRef, Role, RoleId, RoleRef, fold_name};

/// The plan for a tenant's open findings.
pub(in crate::audit) fn of(case: &Case<'_>, keys: &[Key], access: &[KeyAccess], results: &[Finding]) -> Plan {
    let mut planner = Planner::new(case, keys, access, results);
    planner.restore();
    planner.disable();
    planner.roles();
    planner.tidy();
    planner.leave_the_rest();
    planner.finish()
}

pub(super) struct Planner<'p> {
    pub(super) case: &'p Case<'p>,
    pub(super) keys: Keys<'p>,
    pub(super) access: HashMap<usize, &'p KeyAccess>,
    pub(super) open: Open<'p>,
    pub(super) contradicted: HashSet<MemberId>,
    pub(super) steps: Vec<Step>,
    pub(super) left: Vec<Left>,
    /// Places of keys that the steps settle.
    pub(super) settled: HashSet<usize>,
    /// Folded names that no new role may bear.
    pub(super) role_names: HashSet<String>,
    /// The last number of the new roles of each name.
    pub(super) role_numbers: HashMap<String, usize>,
}

/// Who holds a role.
pub(super) struct RoleHolders<'h> {
    pub(super) role: &'h Role,
    /// The bindings whose members are not known to be inactive.
    pub(super) served: Vec<&'h Binding<'h>>,
    /// API members that nothing accounts for and that are not known to be inactive.
    pub(super) unowned: Vec<&'h ApiMember>,
    /// Members that are or may be active people, on whom no integration runs.
    pub(super) people: Vec<&'h Member>,
}

impl RoleHolders<'_> {
    pub(super) fn is_idle(&self) -> bool {
        self.served.is_empty() && self.unowned.is_empty() && self.people.is_empty()
    }

    pub(super) fn everybody(&self) -> Vec<Arc<MemberRef>> {
        let served =
            self.served.iter().filter_map(|binding| binding.member.as_ref()).map(BoundMember::reference);
        let unowned = self.unowned.iter().map(|member| MemberRef::shared(*member));
        let people = self.people.iter().map(|member| MemberRef::shared(*member));
        let all: BTreeSet<_> = served.chain(unowned).chain(people).collect();
        all.into_iter().collect()
    }
}

impl<'p> Planner<'p> {
    fn new(case: &'p Case<'p>, keys: &'p [Key], access: &'p [KeyAccess], results: &'p [Finding]) -> Self {
        let contradicted = results.iter().filter(|finding| {
            finding.check == CheckId::ContradictingLists && finding.status == Status::Unknown
        });
        Self {
            case,
            keys: Keys::of(keys),
            access: access.iter().filter_map(|own| Some((own.binding?, own))).collect(),
            open: Open::of(results),
            contradicted: contradicted
                .filter_map(|finding| finding.member.as_ref())
                .map(|member| member.id)
                .collect(),
            steps: Vec::new(),
            left: Vec::new(),
            settled: HashSet::new(),
            role_names: case.roles().unwrap_or_default().iter().map(|role| fold_name(&role.name)).collect(),
            role_numbers: HashMap::new(),
        }
    }

    /// The open findings of a role of these checks that are in no step yet.
    pub(super) fn take_of_role(&mut self, role: RoleId, checks: &[CheckId]) -> Vec<&'p Finding> {
        self.open.take(Among::Role(role), checks, |_| true)
    }

    /// The same of a member.
    pub(super) fn take_of_member(&mut self, member: MemberId, checks: &[CheckId]) -> Vec<&'p Finding> {
        self.open.take(Among::Member(member), checks, |_| true)
    }

    pub(super) fn holders(&self, role: &'p Role) -> RoleHolders<'p> {
        let is_active = |active: Option<bool>| active != Some(false);
        let is_held = |member: &BoundMember<'_>| is_active(member.active()) && member.role() == Some(role.id);
        let of_role = self.case.bindings.of_role(role.id).iter().copied();
        let served: Vec<_> = of_role.filter(|binding| binding.member.as_ref().is_some_and(is_held)).collect();
        let api = self.case.api_holders(role.id).unwrap_or_default().iter().copied();
        let bound: HashSet<MemberId> = served.iter().filter_map(|binding| binding.member_id()).collect();
        let people = self.case.all_holders(role.id).unwrap_or_default().iter().copied().filter(|member| {
            member.is_person() != Some(false)
                && is_active(member.active)
                && !bound.contains(&member.id)
                && self.case.tenant.api_member(member.id).is_none()
        });
        RoleHolders {
            role,
            unowned: api
                .filter(|member| is_active(member.active) && !self.case.is_bound(member.id))
                .collect(),
            people: people.collect(),
            served,
        }
    }

    pub(super) fn step(&mut self, kind: Kind, what: What, findings: &[&Finding]) -> &mut Step {
        self.steps.push(Step {
            number: 0,
            kind,
            what,
            integration: None,
            member: None,
            login: None,
            role: None,
            levels: Vec::new(),
            tables: Vec::new(),
            decision: false,
            affects: Vec::new(),
            tests: Vec::new(),
            findings: fingerprints(findings),
            doubt: false,
        });
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }

    pub(super) fn leave(
        &mut self,
        key: Option<&Key>,
        role: Option<&Arc<RoleRef>>,
        reason: Reason,
        findings: &[&Finding],
    ) {
        self.left.push(Left {
            integration: key.and_then(|key| key.integration.clone()),
            member: key.and_then(|key| key.member.clone()),
            role: key.and_then(|key| key.role.clone()).or_else(|| role.cloned()),
            reason,
            findings: fingerprints(findings),
        });
    }

    pub(super) fn tests<'b>(bindings: impl IntoIterator<Item = &'b Binding<'b>>) -> Vec<String> {
        let tests: BTreeSet<_> = bindings.into_iter().filter_map(|binding| binding.rules.test()).collect();
        tests.into_iter().map(str::to_owned).collect()
    }

    fn finish(mut self) -> Plan {
        self.ask_before_idle();
        // Where nothing else decides, steps stay in the order in which they were made.
        self.number();
        self.steps.sort_unstable_by_key(|step| {
            (
                step.kind,
                step.doubt,
                // A question about a key comes before the rest of the tidying.
                step.kind == Kind::Tidy && !matches!(step.what, What::StillWanted { .. }),
                step.decision,
                step.role.as_ref().map(|role| role.id),
                step.member.as_ref().map(|member| member.id),
                step.login.as_ref().map(|login| login.id),
                step.number,
            )
        });
        if !self.steps.is_empty() {
            self.step(Kind::Prove, What::Proof, &[]);
        }
        self.number();
        Plan { steps: self.steps, left: self.left }
    }

    fn number(&mut self) {
        for (place, step) in self.steps.iter_mut().enumerate() {
            step.number = place + 1;
        }
    }
}

pub(super) fn fingerprints(findings: &[&Finding]) -> Vec<Fingerprint> {
    findings.iter().map(|finding| finding.fingerprint).collect()
}

/// The only value, where all are the same.
pub(super) fn only<T: Ord>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let all: BTreeSet<T> = values.into_iter().collect();
    if all.len() == 1 { all.into_iter().next() } else { None }
}

/// The level that a finding about one permission asks for.
pub(super) fn change_of(finding: &Finding) -> Option<LevelChange> {
    let (from, to) = match &finding.detail {
        Detail::MissingPermission(MissingPermission::Missing { granted, required, .. })
        | Detail::ExcessivePermission(ExcessivePermission::Excess { granted, required, .. }) => {
            (*granted, *required)
        }
        _ => return None,
    };
    Some(LevelChange { function: finding.function.clone()?, verb: finding.verb?, from, to })
}

/// The entries of customise lists that findings are about.
pub(super) fn entries(findings: &[&Finding]) -> Vec<(Arc<FunctionRef>, String)> {
    let entry = |finding: &&Finding| Some((finding.function.clone()?, finding.table.as_deref()?.to_owned()));
    findings.iter().filter_map(entry).collect()
}
