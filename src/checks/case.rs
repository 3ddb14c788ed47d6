//! A case: everything that checks may look at, and nothing else.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::binding::{Binding, Bindings, BoundMember, Integration};
use super::holders::Holders;
use super::summary::Summary;
use super::witness::{Lapsed, Why, Witness};
use crate::access::{Claim, Excesses, Granted, Requirements, Rights};
use crate::evidence::{Evidence, RoleEvidence, settings_hash};
use crate::model::{
    ApiMember, CheckId, Dataset, DatasetName, FunctionRef, Gap, Level, Member, MemberId, MemberRef, Power,
    Role, RoleId, RoleRef, Setting, Tenant, Verb, days_between,
};
use crate::policy::Policy;
use crate::rules::{Catalog, FunctionId, GivenKind, Library};

/// Our own member called a moment ago; an older `lastLogin` shows that key use does not move it.
const OWN_USE_WITHIN_DAYS: u32 = 1;

/// What an audit looks at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was read of the PSA.
    pub tenant: &'a Tenant,
    /// What is known and needed.
    pub library: &'a Library,
    /// What the tenant's owner decided.
    pub policy: &'a Policy,
    /// The day of the audit.
    pub as_of: Date,
    /// Whether LW102 lists every excess, however wide the role.
    pub all: bool,
    /// Whether only some integrations, roles or members were asked about.
    pub is_limited: bool,
    /// The integrations that are judged, in order of id.
    pub integrations: &'a [Integration<'a>],
    /// Every binding of every integration, judged or not: they all count in a role's needs.
    pub bindings: &'a Bindings<'a>,
    /// The roles that are judged, in order of id.
    pub roles: &'a [RoleId],
    /// The API members that are judged; empty where they could not be read.
    pub members: &'a [&'a ApiMember],
    /// The datasets that a check in use cannot do without.
    pub wanted: &'a BTreeSet<DatasetName>,
    /// Who holds which role.
    pub holders: &'a Holders<'a>,
    /// What members' own keys saw.
    pub evidence: &'a [Evidence],
    /// For how many days evidence holds.
    pub evidence_days: u32,
    /// What remains of the settings of the roles that were heard; empty until all were.
    pub summaries: &'a BTreeMap<RoleId, Summary>,
}

/// What a key of a role saw of it, if any did.
#[derive(Clone, Debug)]
pub enum Seen<'a> {
    /// No key of the role was used.
    Nothing,
    /// One was, but the role has changed since; with the remark that says so.
    Lapsed(Lapsed),
    /// The newest that holds.
    Valid(&'a RoleEvidence, Witness),
}

impl<'a> Case<'a> {
    /// What is known of the PSA.
    #[must_use]
    pub fn catalog(&self) -> &'a Catalog {
        &self.library.catalog
    }

    /// The roles.
    ///
    /// # Errors
    /// The gap, where they could not be read.
    pub fn roles(&self) -> Result<&'a [Role], Gap> {
        rows(&self.tenant.roles)
    }

    /// The API members.
    ///
    /// # Errors
    /// The gap, where they could not be read.
    pub fn api_members(&self) -> Result<&'a [ApiMember], Gap> {
        rows(&self.tenant.api_members)
    }

    /// Members of every kind.
    ///
    /// # Errors
    /// The gap, where they could not be read.
    pub fn all_members(&self) -> Result<&'a [Member], Gap> {
        rows(&self.tenant.members)
    }

    /// The API members that hold a role, in order of id.
    ///
    /// # Errors
    /// The gap, where API members could not be read.
    pub fn api_holders(&self, role: RoleId) -> Result<&'a [&'a ApiMember], Gap> {
        self.api_members().map(|_| self.holders.api(role))
    }

    /// Members of every kind that hold a role, in order of id.
    ///
    /// # Errors
    /// The gap, where members could not be read.
    pub fn all_holders(&self, role: RoleId) -> Result<&'a [&'a Member], Gap> {
        self.all_members().map(|_| self.holders.all(role))
    }

    /// Whether the list of integrator logins was refused, and nobody asked for what needs it: the role of the
    /// set-up does not open it, so this is a check that did not run and nothing that is missing.
    #[must_use]
    pub fn does_without_logins(&self) -> bool {
        let is_refused = self.tenant.logins.rows().is_err_and(|gap| gap.cause.is_refusal());
        is_refused && self.policy.severity(CheckId::LegacyLogin).is_none()
    }

    /// A function, as results name it.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> Arc<FunctionRef> {
        self.catalog().reference(id)
    }

    /// What a key of a role saw of it: the newest that holds.
    #[must_use]
    pub fn seen(&self, role: &RoleCase<'_>) -> Seen<'a> {
        let ours = self.evidence.iter().filter(|evidence| evidence.tenant.is_same(&self.tenant.id));
        let mut all: Vec<_> = ours
            .flat_map(|evidence| evidence.roles.iter().map(|seen| (evidence.taken_at, seen)))
            .filter(|(_, seen)| seen.role == role.role.id)
            .collect();
        if all.is_empty() {
            return Seen::Nothing;
        }
        all.sort_by_key(|(taken_at, _)| std::cmp::Reverse(*taken_at));
        let now = role.settings.as_ref().map(|settings| settings_hash(settings));
        let mut lapsed = None;
        for (taken_at, seen) in all {
            let taken = taken_at.to_zoned(TimeZone::UTC).date();
            match self.lapsed(taken, seen, now.as_deref().ok()) {
                Err(why) => {
                    lapsed.get_or_insert(Lapsed { taken, why });
                }
                Ok(member) => return Seen::Valid(seen, Witness { member, taken }),
            }
        }
        lapsed.map_or(Seen::Nothing, Seen::Lapsed)
    }

    /// Whose evidence it is; or why it does not hold.
    fn lapsed(&self, taken: Date, seen: &RoleEvidence, settings: Option<&str>) -> Result<MemberRef, Why> {
        let member = seen.member;
        let listed = self.tenant.api_member(member).map(MemberRef::from);
        let listed = listed.or_else(|| self.tenant.member(member).map(MemberRef::from));
        let age = days_between(taken, self.as_of);
        let days = self.evidence_days;
        if age < 0 {
            return Err(Why::Future);
        }
        if i64::from(age) > i64::from(days) {
            return Err(Why::TooOld { days });
        }
        if settings != Some(seen.settings.as_str()) {
            return Err(Why::RoleChanged);
        }
        listed.ok_or(Why::NoSuchMember { member })
    }

    /// Whether any binding accounts for this API member.
    #[must_use]
    pub fn is_bound(&self, member: MemberId) -> bool {
        self.bindings.of_member(member).iter().any(|own| matches!(own.member, Some(BoundMember::Api(_))))
    }

    /// Whether on this PSA the use of a key moves `lastLogin`: our own member called a moment ago, and its
    /// date says so. A person's moves at sign-in, which says nothing about keys.
    ///
    /// # Errors
    /// The gap, where our own member or the dates could not be read.
    pub fn shows_use_of_keys(&self) -> Result<bool, Gap> {
        let own = self.tenant.own_member.rows().map_err(Clone::clone)?;
        self.tenant.member_use.rows().map_err(Clone::clone)?;
        let is_api_member = self.api_members().map(|_| self.tenant.api_member(own.id).is_some())?;
        Ok(is_api_member && own.days.is_some_and(|days| days <= OWN_USE_WITHIN_DAYS))
    }
}

fn rows<T>(dataset: &Dataset<Vec<T>>) -> Result<&[T], Gap> {
    dataset.rows().map(Vec::as_slice).map_err(Clone::clone)
}

/// One role that is judged, with its settings.
#[derive(Debug)]
pub struct RoleCase<'a> {
    /// The role.
    pub role: &'a Role,
    /// The role, as every result about it names it.
    reference: Arc<RoleRef>,
    /// Its settings as they came, or why they could not be read.
    settings: Result<&'a [Setting], Gap>,
    /// What it grants, or why that could not be read.
    pub rights: Result<Rights<'a>, Gap>,
    /// The bindings that it serves, of every integration.
    pub bindings: Vec<&'a Binding<'a>>,
    /// What all of them need together, as far as it is decided.
    pub needs: Requirements,
    /// What the bindings leave open.
    claims: Vec<Claim<'a>>,
    excesses: OnceCell<Excesses>,
}

impl<'a> RoleCase<'a> {
    /// Looks up a role's settings.
    #[must_use]
    pub fn new(case: &Case<'a>, role: &'a Role, settings: Result<&'a [Setting], Gap>) -> Self {
        let bindings = case.bindings.of_role(role.id).to_vec();
        let mut needs = Requirements::default();
        for binding in &bindings {
            needs.join(&binding.allowance());
        }
        Self {
            role,
            reference: RoleRef::shared(role),
            rights: settings.clone().map(|settings| Rights::new(settings, case.catalog())),
            settings,
            claims: bindings.iter().map(|binding| binding.claim()).collect(),
            bindings,
            needs,
            excesses: OnceCell::new(),
        }
    }

    /// What the role grants.
    ///
    /// # Errors
    /// The gap, where its settings could not be read.
    pub fn rights(&self) -> Result<&Rights<'a>, Gap> {
        self.rights.as_ref().map_err(Clone::clone)
    }

    /// What the role grants beyond need.
    ///
    /// # Errors
    /// The gap, where its settings could not be read.
    pub fn excesses(&self, case: &Case<'_>) -> Result<&Excesses, Gap> {
        let rights = self.rights()?;
        Ok(self.excesses.get_or_init(|| Excesses::of(rights, &self.needs, &self.claims, case.catalog())))
    }

    /// The role, as results name it.
    #[must_use]
    pub fn reference(&self) -> Arc<RoleRef> {
        Arc::clone(&self.reference)
    }

    /// Whether the role has everything, as [`Role::is_admin`] says.
    #[must_use]
    pub fn is_admin(&self) -> Option<bool> {
        self.role.is_admin()
    }

    /// The integrations all of whose needs belong to features, none of which a binding names.
    pub fn undecided(&self) -> impl Iterator<Item = &'a Binding<'a>> + '_ {
        self.bindings.iter().copied().filter(|binding| binding.is_undecided())
    }

    /// Whether any integration is known to be served by it.
    #[must_use]
    pub fn serves_an_integration(&self) -> bool {
        !self.bindings.is_empty()
    }

    /// What remains of its settings.
    #[must_use]
    pub fn summary(&self, catalog: &Catalog, hashed: bool) -> Summary {
        let hash = |settings: &&[Setting]| settings_hash(settings).into_boxed_str();
        Summary {
            settings: self.settings.as_ref().ok().filter(|_| hashed).map(hash),
            rows: self.settings.as_ref().map(|settings| settings.len()).map_err(|gap| Box::new(gap.clone())),
            powers: self.powers(catalog),
        }
    }

    /// The powers that it gives for certain, each with the highest level.
    fn powers(&self, catalog: &Catalog) -> BTreeMap<Power, Level> {
        if self.is_admin() == Some(true) {
            return Power::ALL.into_iter().map(|power| (power, Level::All)).collect();
        }
        let mut powers = BTreeMap::new();
        let Ok(rights) = &self.rights else { return powers };
        for (&id, row) in &rights.known {
            for verb in Verb::ALL {
                let Some(level) = Granted::of(Some(row), verb).level().filter(|level| *level > Level::None)
                else {
                    continue;
                };
                for given in catalog.powers_of(id, verb).iter().filter(|given| given.kind == GivenKind::Sure)
                {
                    let highest = powers.entry(given.power).or_insert(level);
                    *highest = level.max(*highest);
                }
            }
        }
        powers
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, RoleCase, Seen};
    use crate::checks::testing::{Bench, api_member, evidence, role, setting};
    use crate::evidence::{Evidence, RoleEvidence, settings_hash};
    use crate::model::{Grant, Level, MemberId, RoleId, TenantId};

    #[test]
    fn a_role_without_bindings_serves_nothing_and_needs_nothing() {
        let bench = Bench::new(vec![role("Odd")]);
        let case = bench.case();
        let settings = [setting("Companies", "Contacts", &Grant::Level(Level::All))];
        let own = &case.tenant.roles.rows().expect("roles")[0];
        let odd = RoleCase::new(&case, own, Ok(&settings));
        assert!(!odd.serves_an_integration() && odd.needs.is_empty());
        assert_eq!((odd.reference().id, &*odd.reference().name), (own.id, "Odd"));
        assert_eq!(odd.excesses(&case).expect("settings").above.len(), 4);
    }

    #[test]
    fn what_a_key_saw_holds_for_its_tenant_its_role_and_the_settings_of_that_time() {
        let bench = Bench::new(vec![role("Odd")]).members(vec![api_member(251)], Vec::new());
        let settings = [setting("Companies", "Contacts", &Grant::Level(Level::All))];
        let own = role("Odd");
        let seen = |role, settings: &str| RoleEvidence {
            role: RoleId(role),
            member: MemberId(251),
            settings: settings.to_owned(),
            probes: Vec::new(),
            lists: None,
        };
        let now = settings_hash(&settings);
        let on = |company: &str, day: &str, roles| Evidence {
            tenant: TenantId { site: "na.example".to_owned(), company: company.to_owned() },
            taken_at: format!("{day}T12:00:00Z").parse().expect("a time"),
            roles,
        };
        let told = |evidence: &[Evidence]| {
            let case = Case { evidence, ..bench.case() };
            match case.seen(&RoleCase::new(&case, &own, Ok(&settings))) {
                Seen::Nothing => "nothing".to_owned(),
                Seen::Lapsed(lapsed) => lapsed.to_string(),
                Seen::Valid(found, witness) => format!("valid for role {}, {witness}", found.role),
            }
        };
        let lapsed = "the evidence of 2026-11-02 has lapsed: the role is not as it was";
        assert_eq!(told(&[]), "nothing");
        assert_eq!(
            told(&[on("acme", "2026-11-01", vec![seen(99, &now), seen(31, &now)])]),
            "valid for role 31, seen with a key of key-251 on 2026-11-01"
        );
        assert_eq!(told(&[on("acme", "2026-11-01", vec![seen(99, &now)])]), "nothing", "another role's");
        assert_eq!(told(&[on("other", "2026-11-01", vec![seen(31, &now)])]), "nothing", "another tenant's");
        let older = on("acme", "2026-11-01", vec![seen(31, "as it was")]);
        let newer = on("acme", "2026-11-02", vec![seen(31, "as it was then")]);
        assert_eq!(told(&[older.clone(), newer.clone()]), lapsed);
        let valid = on("acme", "2026-10-23", vec![seen(31, &now)]);
        let sentence = "valid for role 31, seen with a key of key-251 on 2026-10-23";
        assert_eq!(told(&[older, newer, valid]), sentence, "it is as it was long ago");
        for (day, member, why) in [
            ("2026-10-22", 251, "has lapsed: it is older than 30 days"),
            ("9999-01-01", 251, "is from after the day of the audit"),
            ("2026-11-20", 999_999, "names member 999999, whom the PSA does not list"),
        ] {
            let by = RoleEvidence { member: MemberId(member), ..seen(31, &now) };
            assert_eq!(told(&[on("acme", day, vec![by])]), format!("the evidence of {day} {why}"));
        }
    }

    #[test]
    fn of_what_keys_saw_on_one_day_the_latest_counts() {
        let bench = Bench::new(vec![role("Odd")]).members(vec![api_member(251)], Vec::new());
        let own = role("Odd");
        let at = |hour: u8| {
            let mut seen = evidence(&[], &[("Company / Company Status", u16::from(hour))], &[]);
            seen.taken_at = format!("2026-11-01T{hour}:00:00Z").parse().expect("a time");
            seen
        };
        for order in [[10, 12], [12, 10]] {
            let both = order.map(at);
            let case = Case { evidence: &both, ..bench.case() };
            let seen = case.seen(&RoleCase::new(&case, &own, Ok(&[])));
            let Seen::Valid(found, _) = seen else { panic!("it holds") };
            assert_eq!(found.probes[0].status, Some(12));
        }
    }

    #[test]
    fn a_role_is_admin_by_its_flag_or_its_name() {
        let bench = Bench::new(vec![role("Odd"), role("ADMIN"), role("Administrator")]);
        let case = bench.case();
        let is_admin = |index: usize, flag| {
            let mut own = case.tenant.roles.rows().expect("roles")[index].clone();
            own.admin = flag;
            RoleCase::new(&case, &own, Ok(&[])).is_admin()
        };
        assert_eq!(
            [Some(true), Some(false), None].map(|flag| is_admin(0, flag)),
            [Some(true), Some(false), None]
        );
        assert_eq!([Some(true), Some(false), None].map(|flag| is_admin(1, flag)), [Some(true); 3]);
        assert_eq!(is_admin(2, Some(false)), Some(false));
    }
}
