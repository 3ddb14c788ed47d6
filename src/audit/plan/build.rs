//! Puts every open finding into exactly one step, or leaves it with a reason.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::keys::Keys;
use super::open::{Among, Open};
use super::{Kind, Left, LevelChange, Old, Plan, Reason, Step, Wanted, What};
use crate::access::By;
use crate::audit::Key;
use crate::audit::access::KeyAccess;
use crate::audit::keys::{Standing, Works};
use crate::checks::{
    Binding, BoundMember, Case, CheckId, Detail, ExcessivePermission, Finding, MissingPermission, Status,
    reference,
};
use crate::model::{
    ApiMember, FunctionRef, Level, LoginRef, Member, MemberId, MemberRef, Power, Role, RoleId, RoleRef, Verb,
    fold_name,
};
use crate::rules::GivenKind;

/// After so many days without use a key that nobody owns counts as unused.
const UNUSED_AFTER_DAYS: u32 = 90;

/// As above, where it has a dangerous power.
const UNUSED_AFTER_DAYS_IF_DANGEROUS: u32 = 45;

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

struct Planner<'p> {
    case: &'p Case<'p>,
    keys: Keys<'p>,
    access: HashMap<usize, &'p KeyAccess>,
    open: Open<'p>,
    contradicted: HashSet<MemberId>,
    steps: Vec<Step>,
    left: Vec<Left>,
    /// Places of keys that the steps settle.
    settled: HashSet<usize>,
    /// Folded names that no new role may bear.
    role_names: HashSet<String>,
    /// The last number of the new roles of each name.
    role_numbers: HashMap<String, usize>,
}

/// Who holds a role.
struct Holders<'h> {
    role: &'h Role,
    /// The bindings whose members are not known to be inactive.
    served: Vec<&'h Binding<'h>>,
    /// API members that nothing accounts for and that are not known to be inactive.
    unowned: Vec<&'h ApiMember>,
    /// Members that are or may be active people, on whom no integration runs.
    people: Vec<&'h Member>,
}

impl Holders<'_> {
    fn is_idle(&self) -> bool {
        self.served.is_empty() && self.unowned.is_empty() && self.people.is_empty()
    }

    fn everybody(&self) -> Vec<MemberRef> {
        let served =
            self.served.iter().filter_map(|binding| binding.member.as_ref()).map(BoundMember::reference);
        let unowned = self.unowned.iter().map(|member| MemberRef::from(*member));
        let people = self.people.iter().map(|member| MemberRef::from(*member));
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
    fn take_of_role(&mut self, role: RoleId, checks: &[CheckId]) -> Vec<&'p Finding> {
        self.open.take(Among::Role(role), checks, |_| true)
    }

    /// The same of a member.
    fn take_of_member(&mut self, member: MemberId, checks: &[CheckId]) -> Vec<&'p Finding> {
        self.open.take(Among::Member(member), checks, |_| true)
    }

    fn holders(&self, role: &'p Role) -> Holders<'p> {
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
        Holders {
            role,
            unowned: api
                .filter(|member| is_active(member.active) && !self.case.is_bound(member.id))
                .collect(),
            people: people.collect(),
            served,
        }
    }

    fn step(&mut self, kind: Kind, what: What, findings: &[&Finding]) -> &mut Step {
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

    fn leave(&mut self, key: Option<&Key>, role: Option<&RoleRef>, reason: Reason, findings: &[&Finding]) {
        self.left.push(Left {
            integration: key.and_then(|key| key.integration.clone()),
            member: key.and_then(|key| key.member.clone()),
            role: key.and_then(|key| key.role.clone()).or_else(|| role.cloned()),
            reason,
            findings: fingerprints(findings),
        });
    }

    fn tests<'b>(bindings: impl IntoIterator<Item = &'b Binding<'b>>) -> Vec<String> {
        let tests: BTreeSet<_> = bindings.into_iter().filter_map(|binding| binding.rules.test()).collect();
        tests.into_iter().map(str::to_owned).collect()
    }

    /// What is missing, role by role: it takes nothing away. What would give a dangerous power is decided apart.
    fn restore(&mut self) {
        const MISSING: [CheckId; 2] = [CheckId::MissingPermission, CheckId::MissingTable];
        for id in self.open.roles(&MISSING) {
            let Some(role) = self.case.tenant.role(id) else { continue };
            let holders = self.holders(role);
            if holders.served.is_empty() && self.is_held_by_inactive(role) {
                let taken = self.take_of_role(id, &MISSING);
                self.leave(None, Some(&role.into()), Reason::SwitchedOff, &taken);
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
        let id = catalog
            .find_module(&function.module)
            .and_then(|module| catalog.find_function(module, &function.function));
        id.is_some_and(|id| {
            let given = catalog.powers_of(id, verb).iter();
            given.filter(|given| given.kind != GivenKind::Inferred).any(|given| given.power.is_dangerous())
        })
    }

    fn restore_levels(&mut self, holders: &Holders<'p>, taken: &[&'p Finding], dangerous: bool) {
        let mut levels: BTreeMap<(FunctionRef, Verb), LevelChange> = BTreeMap::new();
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
        let (role, affects) = (RoleRef::from(holders.role), holders.everybody());
        let step = self.step(Kind::Restore, What::Levels, taken);
        step.levels = levels.into_values().collect();
        step.integration = integration;
        step.role = Some(role);
        step.affects = affects;
        step.tests = tests;
        step.decision = dangerous;
    }

    fn restore_tables(&mut self, holders: &Holders<'p>, taken: &[&'p Finding]) {
        if taken.is_empty() {
            return;
        }
        let integration = only(taken.iter().filter_map(|finding| finding.integration.clone()));
        let catalog = self.case.catalog();
        let dangerous = taken.iter().filter_map(|finding| finding.table.as_deref()).any(|table| {
            Verb::ALL
                .into_iter()
                .flat_map(|verb| catalog.powers_of_table(table, verb))
                .any(|given| given.kind != GivenKind::Inferred && given.power.is_dangerous())
        });
        let (role, affects) = (RoleRef::from(holders.role), holders.everybody());
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

    /// Keys that nobody owns, and logins that keys have replaced.
    fn disable(&mut self) {
        let keys = self.keys.all();
        for (place, key) in keys.iter().enumerate() {
            let Some(member) = &key.member else { continue };
            if !key.is(Standing::Unowned) {
                continue;
            }
            let taken = self.take_of_member(
                member.id,
                &[CheckId::UnboundMember, CheckId::AdminRole, CheckId::StaleMember],
            );
            if !taken.iter().any(|finding| finding.check == CheckId::UnboundMember) {
                // Its check is switched off: nobody asked about it.
                self.leave(Some(key), None, Reason::Accepted, &taken);
                continue;
            }
            let dangerous = key.dangers(By::Excess).next().is_some();
            let limit = if dangerous { UNUSED_AFTER_DAYS_IF_DANGEROUS } else { UNUSED_AFTER_DAYS };
            let is_unused = key.last_use_days.is_some_and(|days| days > limit);
            let what = What::Unowned { unused_days: key.last_use_days, limit, dangerous };
            let step = self.step(Kind::Disable, what, &taken);
            step.member = Some(member.clone());
            step.role.clone_from(&key.role);
            step.decision = !is_unused;
            self.settled.insert(place);
        }
        self.disable_logins();
    }

    fn disable_logins(&mut self) {
        let keys = self.keys.all();
        let is_used = |key: &&Key| {
            key.member.is_some()
                && key.active == Some(true)
                && key.last_use_days.is_some_and(|days| days <= UNUSED_AFTER_DAYS)
        };
        let used: BTreeSet<_> = keys.iter().filter(is_used).map(|key| key.integration.as_ref()).collect();
        let mut of_login: BTreeMap<&LoginRef, Vec<&Finding>> = BTreeMap::new();
        for finding in self.open.take(Among::All, &[CheckId::LegacyLogin], |finding| finding.login.is_some())
        {
            if let Some(login) = &finding.login {
                of_login.entry(login).or_default().push(finding);
            }
        }
        for (place, key) in keys.iter().enumerate() {
            let Some(login) = &key.login else { continue };
            let Some(taken) = of_login.remove(login) else { continue };
            let replaced = used.contains(&key.integration.as_ref());
            let step = self.step(Kind::Disable, What::Login { replaced }, &taken);
            step.integration.clone_from(&key.integration);
            step.login = Some(login.clone());
            step.decision = !replaced;
            self.settled.insert(place);
        }
    }

    /// What roles give in excess: cut and removed where nobody can need it, else by a role of its own.
    fn roles(&mut self) {
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
            } else if has(CheckId::WideRole) {
                Some(Old::Wide)
            } else if has(CheckId::SharedRole) || has(CheckId::WrongRole) {
                Some(Old::Shared)
            } else {
                None
            };
            if holders.is_idle() && self.lists_are_read() {
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
    fn blocker(&self, holders: &Holders<'_>) -> Option<Reason> {
        if !self.lists_are_read() {
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
    fn inseparable(&self, binding: &Binding<'_>) -> Option<Reason> {
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
    fn trim(&mut self, holders: &Holders<'p>) {
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
            let (role, affects) = (RoleRef::from(holders.role), holders.everybody());
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
    fn separate(&mut self, holders: &Holders<'p>, old: Old) {
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
                        Some(&holders.role.into()),
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
                self.leave(key.map(|place| &keys[place]), Some(&holders.role.into()), reason, &taken);
            }
            (None, None) => {
                let reason = if holders.unowned.is_empty() { Reason::People } else { Reason::Unowned };
                self.leave(None, Some(&holders.role.into()), reason, &taken);
            }
        }
    }

    fn own_role(
        &mut self,
        binding: &Binding<'p>,
        key: &Key,
        holders: &Holders<'p>,
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
        let mut levels: BTreeMap<(FunctionRef, Verb), Level> = BTreeMap::new();
        let mut order: Vec<(FunctionRef, Verb)> = Vec::new();
        let mut raise = |function: FunctionRef, verb: Verb, level: Level| {
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
        let change = |(function, verb): (FunctionRef, Verb)| {
            let to = levels[&(function.clone(), verb)];
            LevelChange { function, verb, from: Level::None, to }
        };
        order.into_iter().map(change).filter(|change| change.to > Level::None).collect()
    }

    /// The dangerous powers that the needs give, and whether they do so for certain.
    fn dangerous_needs(&self, binding: &Binding<'_>) -> BTreeSet<(Power, bool)> {
        let needed = binding.requirements.functions().filter(|(.., need)| need.level > Level::None);
        let given = needed.flat_map(|(id, verb, _)| self.case.catalog().powers_of(id, verb));
        let given = given.filter(|given| given.kind != GivenKind::Inferred && given.power.is_dangerous());
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
    fn idle(&mut self, holders: &Holders<'p>) {
        let checks =
            [CheckId::ExcessivePermission, CheckId::WideRole, CheckId::SharedRole, CheckId::UnusedRole];
        let taken = self.take_of_role(holders.role.id, &checks);
        let keys = self.take_of_role(holders.role.id, &[CheckId::AdminRole, CheckId::WrongRole]);
        let role = RoleRef::from(holders.role);
        if !taken.is_empty() {
            self.step(Kind::Tidy, What::IdleRole, &taken).role = Some(role.clone());
        }
        if !keys.is_empty() {
            self.step(Kind::Tidy, What::InactiveKeys, &keys).role = Some(role);
        }
        self.settle_role(holders.role.id);
    }

    fn leave_role(&mut self, holders: &Holders<'p>, reason: &Reason) {
        let checks = [CheckId::ExcessivePermission, CheckId::WideRole, CheckId::SharedRole];
        let taken = self.take_of_role(holders.role.id, &checks);
        let key = self.keys.of_role(holders.role.id).first().map(|&place| &self.keys.all()[place]);
        self.leave(key, Some(&holders.role.into()), reason.clone(), &taken);
    }

    /// What asks nobody to hurry.
    fn tidy(&mut self) {
        self.still_wanted();
        for id in self.open.roles(&[CheckId::ExcessiveTable]) {
            let taken = self.take_of_role(id, &[CheckId::ExcessiveTable]);
            let Some(role) = taken.first().map(|finding| finding.role.clone()) else { continue };
            self.step(Kind::Tidy, What::SpareTables(entries(&taken)), &taken).role = role;
        }
        for id in self.open.roles(&[CheckId::UnusedRole]) {
            let taken = self.take_of_role(id, &[CheckId::UnusedRole]);
            let Some(role) = taken.first().map(|finding| finding.role.clone()) else { continue };
            self.step(Kind::Tidy, What::IdleRole, &taken).role = role;
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

    /// Keys of which somebody has to say whether they are still wanted.
    fn still_wanted(&mut self) {
        const ASKED: [(CheckId, Wanted); 4] = [
            (CheckId::InactiveMember, Wanted::MemberInactive),
            (CheckId::InactiveRole, Wanted::RoleInactive),
            (CheckId::DuplicateMember, Wanted::Duplicate),
            (CheckId::StaleMember, Wanted::Unused),
        ];
        let checks = ASKED.map(|(check, _)| check);
        let mut of_member: BTreeMap<Option<MemberRef>, Vec<&Finding>> = BTreeMap::new();
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
    fn leave_the_rest(&mut self) {
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

    fn finish(mut self) -> Plan {
        self.steps.sort_by_key(|step| {
            (
                step.kind,
                step.doubt,
                // A question about a key comes before the rest of the tidying.
                step.kind == Kind::Tidy && !matches!(step.what, What::StillWanted { .. }),
                step.decision,
                step.role.as_ref().map(|role| role.id),
                step.member.as_ref().map(|member| member.id),
                step.login.as_ref().map(|login| login.id),
            )
        });
        if !self.steps.is_empty() {
            self.step(Kind::Prove, What::Proof, &[]);
        }
        for (place, step) in self.steps.iter_mut().enumerate() {
            step.number = place + 1;
        }
        Plan { steps: self.steps, left: self.left }
    }
}

fn fingerprints(findings: &[&Finding]) -> Vec<String> {
    findings.iter().map(|finding| finding.fingerprint.clone()).collect()
}

/// The only value, where all are the same.
fn only<T: Ord>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let all: BTreeSet<T> = values.into_iter().collect();
    if all.len() == 1 { all.into_iter().next() } else { None }
}

/// The level that a finding about one permission asks for.
fn change_of(finding: &Finding) -> Option<LevelChange> {
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
fn entries(findings: &[&Finding]) -> Vec<(FunctionRef, String)> {
    let entry = |finding: &&Finding| Some((finding.function.clone()?, finding.table.as_deref()?.to_owned()));
    findings.iter().filter_map(entry).collect()
}
