//! Standings: the one answer to "how is this key?", for every integration that is bound or expected, every API
//! member that nothing accounts for, and every integrator login.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyAccess;
use super::{Request, bind};
use crate::access::{By, PowerRow};
use crate::checks::{
    Binding, BoundMember, Case, CheckId, Finding, Integration, Status, access_digest, decided, login_digest,
    reference,
};
use crate::model::{ApiMember, IntegrationRef, Login, LoginRef, MemberId, MemberRef, RoleId, RoleRef};
use crate::policy::Ownership;
use crate::policy::review::{Decided, Subject};

/// Whether an integration works, as far as the PSA shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Works {
    /// The member is inactive.
    Off,
    /// Something that is needed is missing.
    No,
    /// Something that is needed is not known.
    Unknown,
    /// Member and role are active, and every needed permission is known and met.
    Yes,
}

/// How a key is. The order is that of a first screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It does not work.
    Broken,
    /// It has a dangerous power that is in excess.
    Exposed,
    /// No rule file and no binding accounts for it.
    Unowned,
    /// It has a dangerous power that its vendor asks for, and nobody has accepted that.
    ToDecide,
    /// It has other excess.
    Excess,
    /// Something about it is unknown.
    Undetermined,
    /// Its member or login is inactive.
    SwitchedOff,
    /// All that is wrong with it was accepted.
    Accepted,
    /// None of these.
    Fine,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Broken,
        Self::Exposed,
        Self::Unowned,
        Self::ToDecide,
        Self::Excess,
        Self::Undetermined,
        Self::SwitchedOff,
        Self::Accepted,
        Self::Fine,
    ];

    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Exposed => "exposed",
            Self::Unowned => "unowned",
            Self::ToDecide => "to-decide",
            Self::Excess => "excess",
            Self::Undetermined => "undetermined",
            Self::SwitchedOff => "switched-off",
            Self::Accepted => "accepted",
            Self::Fine => "fine",
        }
    }
}

/// One key: an integration with the member and the role that serve it, or what stands in their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// The integration; `None` where nothing accounts for the key.
    pub integration: Option<Arc<IntegrationRef>>,
    /// The member; `None` where an expected integration has none.
    pub member: Option<Arc<MemberRef>>,
    /// The integrator login, for a key that is one.
    pub login: Option<Arc<LoginRef>>,
    /// Whether the member or the login is active; `None` where the PSA does not say or there is none.
    pub active: Option<bool>,
    /// Whether the member is a person.
    pub person: bool,
    /// Whole days since the member was last used, where the PSA shows it.
    pub last_use_days: Option<u32>,
    /// Whose it is, where the config says so.
    pub ownership: Ownership,
    /// A digest of what it may do, where reviews need one and all of that could be read.
    pub access: Option<String>,
    /// The latest decision of a review, and what it is worth.
    pub decided: Option<Box<Decided>>,
    /// The role.
    pub role: Option<Arc<RoleRef>>,
    /// Whether the role is an admin role.
    pub admin: bool,
    /// Whether it works.
    pub works: Works,
    /// How it is: every standing that holds, in order; never empty.
    pub standing: Vec<Standing>,
    /// What it can do; `None` where the role's settings could not be read.
    pub powers: Option<Vec<PowerRow>>,
    /// Permissions below need.
    pub missing: usize,
    /// Permissions above need that nobody accepted.
    pub excess: usize,
    /// Findings about it that somebody accepted.
    pub waived: usize,
    /// Why it does not work, apart from missing permissions.
    pub faults: Vec<CheckId>,
}

impl Key {
    /// The standing by which it is sorted and counted.
    #[must_use]
    pub fn worst(&self) -> Standing {
        self.standing.first().copied().unwrap_or(Standing::Fine)
    }

    /// Whether this standing holds.
    #[must_use]
    pub fn is(&self, standing: Standing) -> bool {
        self.standing.contains(&standing)
    }

    /// What people call it: the integration's member, or what stands in its place.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.login, &self.member, &self.integration) {
            (Some(login), ..) => login.name.to_string(),
            (None, Some(member), _) => member.to_string(),
            (None, None, Some(integration)) => integration.title.to_string(),
            (None, None, None) => String::new(),
        }
    }

    /// The same where its id stands beside it.
    #[must_use]
    pub fn bare_name(&self) -> String {
        let identifier = self.member.as_ref().and_then(|member| member.identifier.as_ref());
        identifier.filter(|_| self.login.is_none()).map_or_else(|| self.name(), ToString::to_string)
    }

    /// What a review decides about; `None` where an expected integration has no key.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        let login = self.login.as_ref().map(|login| Subject::Login(login.id));
        login.or_else(|| self.member.as_ref().map(|member| Subject::Member(member.id)))
    }

    /// The rows of powers that count and are dangerous, for this reason.
    pub fn dangers(&self, by: By) -> impl Iterator<Item = &PowerRow> {
        self.powers.iter().flatten().filter(move |row| row.by == by && row.is_dangerous())
    }

    fn order(&self) -> impl Ord + use<> {
        let dangers = self.powers.iter().flatten().filter(|row| row.is_dangerous());
        (
            self.worst(),
            dangers.map(|row| row.power).min().map_or(u8::MAX, |power| power as u8),
            self.integration.as_ref().map(|integration| integration.id.clone()),
            self.member.as_ref().map(|member| member.id),
            self.role.as_ref().map(|role| role.id),
            self.login.as_ref().map(|login| login.id),
        )
    }
}

/// The keys of a tenant, in the order of a first screen.
pub(super) fn of(case: &Case<'_>, request: &Request, access: &[KeyAccess], results: &[Finding]) -> Vec<Key> {
    let look = Look::new(case, access, results);
    let mut keys = Vec::new();
    for integration in case.integrations.iter().filter(|integration| integration.expected) {
        let served: Vec<_> = integration
            .bindings
            .iter()
            .filter(|binding| binding.member.is_some() && bind::is_selected(request, binding))
            .collect();
        if served.is_empty() {
            keys.push(look.absent(integration));
        }
        keys.extend(served.into_iter().map(|binding| look.bound(binding)));
    }
    let unowned = case.members.iter().filter(|member| !case.is_bound(member.id));
    keys.extend(unowned.map(|member| look.unowned(member)));
    keys.extend(look.logins(request));
    keys.sort_by_key(Key::order);
    keys
}

/// How many keys have each standing, by the one that counts: each member once, by its worst. Logins are left out.
pub fn count<'k>(keys: impl IntoIterator<Item = &'k Key>) -> BTreeMap<Standing, usize> {
    let keys = keys.into_iter().filter(|key| key.login.is_none());
    count_by_member(keys.map(|key| (key.member.as_ref().map(|member| member.id), key.worst())))
}

/// The same of keys of which only the member and the standing that counts are known, as in a saved report.
pub fn count_by_member(
    keys: impl IntoIterator<Item = (Option<MemberId>, Standing)>,
) -> BTreeMap<Standing, usize> {
    let mut of_member: BTreeMap<MemberId, Standing> = BTreeMap::new();
    let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
    for (member, standing) in keys {
        match member {
            None => *counts.entry(standing).or_default() += 1,
            Some(member) => {
                let worst = of_member.entry(member).or_insert(standing);
                *worst = standing.min(*worst);
            }
        }
    }
    for standing in of_member.into_values() {
        *counts.entry(standing).or_default() += 1;
    }
    counts
}

/// What standings are decided by.
struct Look<'l> {
    case: &'l Case<'l>,
    by_binding: HashMap<usize, &'l KeyAccess>,
    by_role: HashMap<RoleId, &'l KeyAccess>,
    results: &'l [Finding],
    /// Findings by role and by member, and unknown ones about a member.
    of_role: HashMap<RoleId, Vec<&'l Finding>>,
    of_member: HashMap<MemberId, Vec<&'l Finding>>,
    /// The finding about each login, open or accepted.
    of_login: HashMap<i64, &'l Finding>,
    shows_use: bool,
    contradicted: HashSet<MemberId>,
}

impl<'l> Look<'l> {
    fn new(case: &'l Case<'l>, access: &'l [KeyAccess], results: &'l [Finding]) -> Self {
        let mut look = Self {
            case,
            by_binding: access.iter().filter_map(|own| Some((own.binding?, own))).collect(),
            by_role: access.iter().filter(|own| own.binding.is_none()).map(|own| (own.role, own)).collect(),
            results,
            of_role: HashMap::new(),
            of_member: HashMap::new(),
            of_login: HashMap::new(),
            shows_use: case.shows_use_of_keys().unwrap_or(false),
            contradicted: HashSet::new(),
        };
        for finding in results {
            if let Some(member) = &finding.member {
                look.of_member.entry(member.id).or_default().push(finding);
                if finding.check == CheckId::ContradictingLists {
                    look.contradicted.insert(member.id);
                }
            } else if let Some(role) = &finding.role {
                look.of_role.entry(role.id).or_default().push(finding);
            }
            if let Some(login) = &finding.login
                && finding.check == CheckId::LegacyLogin
                && finding.is_finding()
            {
                look.of_login.entry(login.id).or_insert(finding);
            }
        }
        look
    }

    fn last_use(&self, member: MemberId) -> Option<u32> {
        self.case.tenant.use_of(member).and_then(|one| one.days).filter(|_| self.shows_use)
    }

    /// The findings about a key that have this status: its member's, and those of its role that are about the
    /// role as a whole or about its integration.
    fn count(
        &self,
        integration: Option<&str>,
        member: Option<MemberId>,
        role: Option<RoleId>,
        status: Status,
    ) -> usize {
        let is_its = |finding: &&&Finding| {
            finding.status == status && finding.integration_id().is_none_or(|id| Some(id) == integration)
        };
        let of = |found: Option<&Vec<&Finding>>| found.map_or(0, |all| all.iter().filter(is_its).count());
        of(member.and_then(|id| self.of_member.get(&id))) + of(role.and_then(|id| self.of_role.get(&id)))
    }

    /// A key of an integration.
    fn bound(&self, binding: &Binding<'_>) -> Key {
        let access = self.by_binding.get(&binding.index).copied();
        let member = binding.member.as_ref();
        let id = binding.member_id();
        let active = member.and_then(BoundMember::active);
        let is_admin = binding.role.is_some_and(|role| role.is_admin() == Some(true));
        let faults = self.faults(binding);
        let works = works(active, binding, access, &faults);
        let contradicted = id.is_some_and(|id| self.contradicted.contains(&id));
        let role = binding.role.map(|role| role.id);
        let mut key = Key {
            integration: Some(reference(binding.rules)),
            member: member.map(BoundMember::reference),
            login: None,
            active,
            person: matches!(member, Some(BoundMember::Person(_))),
            last_use_days: id.and_then(|id| self.last_use(id)),
            ownership: binding.ownership.clone(),
            access: None,
            decided: None,
            role: binding.role.map(RoleRef::shared),
            admin: is_admin,
            works: if contradicted && works == Works::Yes { Works::Unknown } else { works },
            standing: Vec::new(),
            powers: awake(access.and_then(|access| access.powers.clone()), active),
            missing: access.map_or(0, |access| access.missing),
            excess: access.map_or(0, |access| access.excess - access.waived),
            waived: self.count(Some(&binding.rules.id), id, role, Status::Waived),
            faults,
        };
        if let Some(member) = member {
            self.review(&mut key, member);
        }
        let has_open = |check: CheckId| {
            self.open(binding, id).any(|finding| finding.check == check && finding.status == Status::Fail)
        };
        let other_excess =
            key.excess > 0 || [CheckId::WideRole, CheckId::ExcessiveTable].into_iter().any(has_open);
        let unclear = key.powers.is_none()
            || contradicted
            || self.lists_unread()
            || access.is_some_and(|access| access.unreadable || access.undecided);
        let broken_open = key.works == Works::No && self.is_open(binding, id);
        let mut seen = Vec::new();
        seen.extend(broken_open.then_some(Standing::Broken));
        seen.extend(unclear.then_some(Standing::Undetermined));
        key.standing = standings(&key, &seen, other_excess);
        key
    }

    /// What reviews decided about a member's key; where that accepts what it can do, its powers are accepted.
    fn review(&self, key: &mut Key, member: &BoundMember<'_>) {
        if !self.case.policy.reviews.need_digests() {
            return;
        }
        key.access = access_digest(self.case, member);
        let subject = Subject::Member(member.id());
        key.decided = decided(self.case, subject, key.access.as_deref()).map(Box::new);
        if key.decided.as_deref().is_some_and(Decided::accepts) {
            key.powers = key.powers.take().map(accepted);
        }
    }

    /// The findings about an integration's key that are open or accepted.
    fn open<'f>(
        &'f self,
        binding: &'f Binding<'_>,
        member: Option<MemberId>,
    ) -> impl Iterator<Item = &'l Finding> + 'f {
        let of_member = member.and_then(|id| self.of_member.get(&id)).into_iter().flatten();
        let of_role = binding.role.and_then(|role| self.of_role.get(&role.id)).into_iter().flatten();
        of_member
            .chain(of_role)
            .copied()
            .filter(|finding| finding.integration_id().is_none_or(|id| id == binding.rules.id))
    }

    /// Whether a finding that stops the integration is open, rather than accepted.
    fn is_open(&self, binding: &Binding<'_>, member: Option<MemberId>) -> bool {
        let stops = |finding: &Finding| {
            matches!(
                finding.check,
                CheckId::MissingPermission
                    | CheckId::MissingTable
                    | CheckId::RoleNotFound
                    | CheckId::InactiveRole
            ) && finding.is_finding()
        };
        let found: Vec<_> = self.open(binding, member).filter(|finding| stops(finding)).collect();
        // A check that was switched off says nothing; the fact stays.
        found.is_empty() || found.iter().any(|finding| finding.status == Status::Fail)
    }

    /// Why an integration does not work, apart from missing permissions.
    fn faults(&self, binding: &Binding<'_>) -> Vec<CheckId> {
        let mut faults = Vec::new();
        let id = binding.member_id();
        let names_a_role = binding.member.as_ref().is_some_and(|member| member.role().is_some());
        // Where the roles could not be read, nobody knows whether it is there.
        if binding.role.is_none() && names_a_role && self.case.tenant.roles.rows().is_ok() {
            faults.push(CheckId::RoleNotFound);
        }
        if binding.role.is_some_and(|role| role.active == Some(false)) {
            faults.push(CheckId::InactiveRole);
        }
        if self
            .open(binding, id)
            .any(|finding| finding.check == CheckId::MissingTable && finding.is_finding())
        {
            faults.push(CheckId::MissingTable);
        }
        faults
    }

    fn lists_unread(&self) -> bool {
        let tenant = self.case.tenant;
        tenant.roles.rows().is_err() || tenant.api_members.rows().is_err()
    }

    /// An integration that is expected and that no member serves.
    fn absent(&self, integration: &Integration<'_>) -> Key {
        let own = self.results.iter().filter(|finding| {
            finding.integration_id() == Some(&*integration.rules.id)
                && matches!(finding.check, CheckId::MemberNotFound | CheckId::RoleNotFound)
        });
        let is = |status| own.clone().any(|finding| finding.status == status);
        let (open, waived, unknown) =
            (is(Status::Fail), is(Status::Waived), is(Status::Unknown) || self.lists_unread());
        let works = if unknown && !open && !waived { Works::Unknown } else { Works::No };
        let standing = match (works, open, waived) {
            (Works::Unknown, ..) => Standing::Undetermined,
            (_, false, true) => Standing::Accepted,
            _ => Standing::Broken,
        };
        Key {
            integration: Some(reference(integration.rules)),
            member: None,
            login: None,
            active: None,
            person: false,
            last_use_days: None,
            ownership: integration.bindings.first().map(|own| own.ownership.clone()).unwrap_or_default(),
            access: None,
            decided: None,
            role: None,
            admin: false,
            works,
            standing: vec![standing],
            powers: Some(Vec::new()),
            missing: 0,
            excess: 0,
            waived: usize::from(waived),
            faults: vec![CheckId::MemberNotFound],
        }
    }

    /// An API member that nothing accounts for.
    fn unowned(&self, member: &ApiMember) -> Key {
        let role = member.role.and_then(|id| self.case.tenant.role(id));
        let access = role.and_then(|role| self.by_role.get(&role.id)).copied();
        let found = self.of_member.get(&member.id);
        let waived =
            found.map_or(0, |all| all.iter().filter(|finding| finding.status == Status::Waived).count());
        let mut key = Key {
            integration: None,
            member: Some(MemberRef::shared(member)),
            login: None,
            active: member.active,
            person: false,
            last_use_days: self.last_use(member.id),
            ownership: Ownership::default(),
            access: None,
            decided: None,
            role: role.map(RoleRef::shared),
            admin: role.is_some_and(|role| role.is_admin() == Some(true)),
            works: if member.active == Some(false) { Works::Off } else { Works::Unknown },
            standing: Vec::new(),
            powers: awake(access.and_then(|access| access.powers.clone()), member.active),
            missing: 0,
            excess: access.map_or(0, |access| access.excess),
            waived,
            faults: Vec::new(),
        };
        self.review(&mut key, &BoundMember::Api(member));
        let is_accepted = found.is_some_and(|all| {
            all.iter()
                .any(|finding| finding.check == CheckId::UnboundMember && finding.status == Status::Waived)
        });
        let unclear: &[Standing] =
            if key.powers.is_none() || member.active.is_none() { &[Standing::Undetermined] } else { &[] };
        key.standing = if is_accepted && key.active != Some(false) {
            let rest = standings(&key, unclear, false);
            rest.into_iter()
                .filter(|own| matches!(own, Standing::Undetermined))
                .chain([Standing::Accepted])
                .collect()
        } else {
            standings(&key, &[&[Standing::Unowned], unclear].concat(), key.excess > 0)
        };
        key
    }

    fn review_of_login(&self, login: &Login) -> (Option<String>, Option<Box<Decided>>) {
        if !self.case.policy.reviews.need_digests() {
            return (None, None);
        }
        let access = login_digest(self.case, login);
        let decided = decided(self.case, Subject::Login(login.id), Some(&access));
        (Some(access), decided.map(Box::new))
    }

    /// The integrator logins: what they may do is shown nowhere.
    fn logins(&self, request: &Request) -> Vec<Key> {
        let logins = self.case.tenant.logins.rows().map(Vec::as_slice).unwrap_or_default();
        let key = |login: &Login| {
            let finding = self.of_login.get(&login.id).copied();
            if finding.is_none() && request.is_limited() {
                return None;
            }
            let standing = match (login.active, finding.map(|finding| finding.status)) {
                (Some(false), _) => Standing::SwitchedOff,
                (_, Some(Status::Fail)) => Standing::Excess,
                (_, Some(_)) => Standing::Accepted,
                (_, None) => Standing::Undetermined,
            };
            let (access, decided) = self.review_of_login(login);
            Some(Key {
                integration: finding.and_then(|finding| finding.integration.clone()),
                member: None,
                login: Some(Arc::new(login.into())),
                active: login.active,
                person: false,
                last_use_days: None,
                ownership: Ownership::default(),
                access,
                decided,
                role: None,
                admin: false,
                works: if login.active == Some(false) { Works::Off } else { Works::Unknown },
                standing: vec![standing],
                powers: None,
                missing: 0,
                excess: 0,
                waived: usize::from(standing == Standing::Accepted),
                faults: Vec::new(),
            })
        };
        logins.iter().filter_map(key).collect()
    }
}

/// The powers, all of them accepted: one row each, the surest and furthest of what was asked and in excess.
fn accepted(rows: Vec<PowerRow>) -> Vec<PowerRow> {
    let mut all: Vec<PowerRow> = Vec::with_capacity(rows.len());
    for row in rows {
        match all.iter_mut().find(|other| other.power == row.power) {
            Some(other) => {
                other.level = other.level.max(row.level);
                other.conditional &= row.conditional;
                other.inferred &= row.inferred;
            }
            None => all.push(PowerRow { by: By::Accepted, ..row }),
        }
    }
    all
}

/// The powers, dormant where the member is inactive.
fn awake(powers: Option<Vec<PowerRow>>, active: Option<bool>) -> Option<Vec<PowerRow>> {
    let dormant = active == Some(false);
    powers.map(|rows| rows.into_iter().map(|row| PowerRow { dormant, ..row }).collect())
}

fn works(
    active: Option<bool>,
    binding: &Binding<'_>,
    access: Option<&KeyAccess>,
    faults: &[CheckId],
) -> Works {
    if active == Some(false) {
        return Works::Off;
    }
    if !faults.is_empty() || access.is_some_and(|access| access.missing > 0) {
        return Works::No;
    }
    let role_is_known =
        binding.role.is_some_and(|role| role.active == Some(true) && role.is_admin().is_some());
    let is_met = access.is_some_and(|access| !access.undecided && access.powers.is_some());
    if active == Some(true) && role_is_known && is_met { Works::Yes } else { Works::Unknown }
}

/// Every standing that holds, in order: those that the key's row shows, and those that were `seen` elsewhere.
fn standings(key: &Key, seen: &[Standing], other_excess: bool) -> Vec<Standing> {
    let is_seen = |standing| seen.contains(&standing);
    let unowned = is_seen(Standing::Unowned);
    if key.active == Some(false) {
        return vec![Standing::SwitchedOff];
    }
    let exposed = key.dangers(By::Excess).next().is_some();
    let mut all = Vec::new();
    let mut add = |holds: bool, standing| {
        if holds {
            all.push(standing);
        }
    };
    add(is_seen(Standing::Broken), Standing::Broken);
    add(exposed, Standing::Exposed);
    add(unowned, Standing::Unowned);
    add(key.dangers(By::Asked).next().is_some(), Standing::ToDecide);
    let plain_excess = key
        .powers
        .iter()
        .flatten()
        .any(|row| row.by == By::Excess && row.counts() && !row.power.is_dangerous());
    add(!unowned && (plain_excess || other_excess && !exposed), Standing::Excess);
    add(is_seen(Standing::Undetermined) || key.works == Works::Unknown && !unowned, Standing::Undetermined);
    if all.is_empty() {
        let accepted = key.waived > 0 || key.powers.iter().flatten().any(|row| row.by == By::Accepted);
        all.push(if accepted || key.works == Works::No { Standing::Accepted } else { Standing::Fine });
    }
    all
}
