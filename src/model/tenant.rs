//! A tenant: everything that was read of one PSA, and what could not be.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ApiMember, Callback, Dataset, DatasetName, Gap, GapCause, Login, Member, MemberId, MemberUse, Name,
    OwnMember, Role, RoleId, Setting, fold_name,
};

/// Which PSA: the host that people use, and the company they type on its login screen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantId {
    /// The site's host (and port, where it is not the usual one), without `api-`.
    pub site: String,
    /// The login company id.
    pub company: String,
}

impl TenantId {
    /// Whether both name one tenant. The PSA takes a company in any case of letters.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.site.eq_ignore_ascii_case(&other.site) && self.company.eq_ignore_ascii_case(&other.company)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.company, self.site)
    }
}

/// Which integrations roles, members and logins were named for, by id. Noted where their names were
/// replaced by tokens, which no rule file matches; empty everywhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Roles, with the ids of rule files.
    pub roles: BTreeMap<RoleId, Vec<Name>>,
    /// Members of every kind.
    pub members: BTreeMap<MemberId, Vec<Name>>,
    /// Integrator logins.
    pub logins: BTreeMap<i64, Vec<Name>>,
}

impl Noted {
    /// Whether a role was named for an integration.
    #[must_use]
    pub fn role(&self, id: RoleId, rules: &str) -> bool {
        has(self.roles.get(&id), rules)
    }

    /// Whether a member was named for an integration.
    #[must_use]
    pub fn member(&self, id: MemberId, rules: &str) -> bool {
        has(self.members.get(&id), rules)
    }

    /// Whether a login was named for an integration.
    #[must_use]
    pub fn login(&self, id: i64, rules: &str) -> bool {
        has(self.logins.get(&id), rules)
    }
}

fn has(noted: Option<&Vec<Name>>, rules: &str) -> bool {
    noted.is_some_and(|noted| noted.iter().any(|id| **id == *rules))
}

/// What was read of one PSA at one moment. Immutable once read.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    /// Which PSA.
    pub id: TenantId,
    /// When it was read.
    pub taken_at: Timestamp,
    /// The PSA's own version, where it said one.
    pub psa_version: Option<Name>,
    /// The roles, in order of id.
    pub roles: Dataset<Vec<Role>>,
    /// The settings of each role that was asked for.
    pub settings: BTreeMap<RoleId, Dataset<Vec<Setting>>>,
    /// API members, in order of id.
    pub api_members: Dataset<Vec<ApiMember>>,
    /// Members of every kind, in order of id.
    pub members: Dataset<Vec<Member>>,
    /// Last use and restrictions of API members, in order of id.
    pub member_use: Dataset<Vec<MemberUse>>,
    /// Whose key read this.
    pub own_member: Dataset<OwnMember>,
    /// Integrator logins, in order of id.
    pub logins: Dataset<Vec<Login>>,
    /// Callbacks, in order of id.
    pub callbacks: Dataset<Vec<Callback>>,
    /// What names told before they became tokens.
    pub noted: Noted,
    /// Names of roles that API members gave, where the list of roles was refused.
    pub role_names: BTreeMap<RoleId, Name>,
    /// Lists of a file that are shorter than it says itself.
    pub lost: Vec<Lost>,
}

/// A list of a file that lacks rows, by the file's own count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Which list.
    pub dataset: DatasetName,
    /// How many rows the file says that it has.
    pub said: usize,
    /// How many it has.
    pub found: usize,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dataset, said, found } = self;
        write!(f, "{dataset} should have {said} rows and have {found}")
    }
}

impl Tenant {
    /// Takes an empty list of API members for what it is where a person asked, who is not in it. To a key
    /// of an API member's the list cannot be empty.
    pub(crate) fn accept_no_api_members(&mut self) {
        let (Ok(own), Ok(members)) = (self.own_member.rows(), self.members.rows()) else { return };
        let asked = members.iter().find(|member| member.id == own.id);
        if asked.and_then(Member::is_person) != Some(true) {
            return;
        }
        let is_empty = |gap: &Gap| gap.cause == GapCause::Empty;
        if self.api_members.rows().err().is_some_and(is_empty) {
            self.api_members = Dataset::Complete(Vec::new());
        }
        if self.member_use.rows().err().is_some_and(is_empty) {
            self.member_use = Dataset::Complete(Vec::new());
        }
    }

    /// Notes which roles and API members bear the name of another, so that whoever names one adds its id. For
    /// whoever made or changed the lists.
    pub fn note_namesakes(&mut self) {
        if let Dataset::Complete(roles) = &mut self.roles {
            mark_namesakes(roles, |role| &role.name, |role| &mut role.namesake);
        }
        if let Dataset::Complete(members) = &mut self.api_members {
            mark_namesakes(members, |member| &member.identifier, |member| &mut member.namesake);
        }
    }

    /// A tenant of which nothing has been read yet.
    #[must_use]
    pub fn unread(id: TenantId, taken_at: Timestamp) -> Self {
        Self::unreadable(id, taken_at, &GapCause::NotAsked)
    }

    /// A tenant of which nothing could be read, for one reason.
    #[must_use]
    pub fn unreadable(id: TenantId, taken_at: Timestamp, cause: &GapCause) -> Self {
        Self {
            id,
            taken_at,
            psa_version: None,
            roles: Dataset::unavailable(DatasetName::Roles, cause.clone()),
            settings: BTreeMap::new(),
            api_members: Dataset::unavailable(DatasetName::ApiMembers, cause.clone()),
            members: Dataset::unavailable(DatasetName::Members, cause.clone()),
            member_use: Dataset::unavailable(DatasetName::MemberUse, cause.clone()),
            own_member: Dataset::unavailable(DatasetName::OwnMember, cause.clone()),
            logins: Dataset::unavailable(DatasetName::IntegratorLogins, cause.clone()),
            callbacks: Dataset::unavailable(DatasetName::Callbacks, cause.clone()),
            noted: Noted::default(),
            role_names: BTreeMap::new(),
            lost: Vec::new(),
        }
    }

    /// Changes the gap of each dataset that has one.
    pub fn each_gap(&mut self, change: impl Fn(&mut Gap)) {
        fn gap<T>(dataset: &mut Dataset<T>) -> Option<&mut Gap> {
            match dataset {
                Dataset::Complete(_) => None,
                Dataset::Unavailable(gap) => Some(gap),
            }
        }
        let lists = [
            gap(&mut self.roles),
            gap(&mut self.api_members),
            gap(&mut self.members),
            gap(&mut self.member_use),
            gap(&mut self.own_member),
            gap(&mut self.logins),
            gap(&mut self.callbacks),
        ];
        lists.into_iter().flatten().chain(self.settings.values_mut().filter_map(gap)).for_each(change);
    }

    /// The settings of one role.
    ///
    /// # Errors
    /// The gap, where they were refused or never asked for.
    pub fn settings_of(&self, role: RoleId) -> Result<&[Setting], Gap> {
        match self.settings.get(&role) {
            Some(settings) => settings.rows().map(Vec::as_slice).map_err(Clone::clone),
            None => Err(Gap::of_role(role, GapCause::NotAsked)),
        }
    }

    /// The role with this id, where roles could be read and there is one.
    #[must_use]
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        let roles = self.roles.rows().ok()?;
        roles.binary_search_by_key(&id, |role| role.id).ok().map(|place| &roles[place])
    }

    /// The API member with this id, where API members could be read and there is one.
    #[must_use]
    pub fn api_member(&self, id: MemberId) -> Option<&ApiMember> {
        let members = self.api_members.rows().ok()?;
        members.binary_search_by_key(&id, |member| member.id).ok().map(|place| &members[place])
    }

    /// The member with this id, of whatever kind, where members could be read and there is one.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        let members = self.members.rows().ok()?;
        members.binary_search_by_key(&id, |member| member.id).ok().map(|place| &members[place])
    }

    /// Last use and restrictions of the API member with this id, where they are known.
    #[must_use]
    pub fn use_of(&self, id: MemberId) -> Option<&MemberUse> {
        let uses = self.member_use.rows().ok()?;
        uses.binary_search_by_key(&id, |one| one.id).ok().map(|place| &uses[place])
    }

    /// Each dataset but the settings: how many rows it has, or why it has none.
    pub fn datasets(&self) -> [(DatasetName, Result<usize, &Gap>); 7] {
        [
            (DatasetName::Roles, self.roles.rows().map(Vec::len)),
            (DatasetName::ApiMembers, self.api_members.rows().map(Vec::len)),
            (DatasetName::Members, self.members.rows().map(Vec::len)),
            (DatasetName::MemberUse, self.member_use.rows().map(Vec::len)),
            (DatasetName::OwnMember, self.own_member.rows().map(|_| 1)),
            (DatasetName::IntegratorLogins, self.logins.rows().map(Vec::len)),
            (DatasetName::Callbacks, self.callbacks.rows().map(Vec::len)),
        ]
    }

    /// The same without those that nobody asked for, because no check in use needs them.
    pub fn asked_datasets(&self) -> impl Iterator<Item = (DatasetName, Result<usize, &Gap>)> {
        self.datasets().into_iter().filter(|(_, rows)| !rows.is_err_and(Gap::is_left_out))
    }
}

fn mark_namesakes<T>(rows: &mut [T], name: fn(&T) -> &Name, mark: fn(&mut T) -> &mut bool) {
    // A name of nothing but signs stands for itself.
    let folded = |name: &Name| Some(fold_name(name)).filter(|name| !name.is_empty());
    let folded: Vec<_> =
        rows.iter().map(|row| folded(name(row)).unwrap_or_else(|| name(row).to_string())).collect();
    let mut counts: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    for name in &folded {
        *counts.entry(name).or_default() += 1;
    }
    for (row, name) in rows.iter_mut().zip(&folded) {
        *mark(row) = counts[name.as_str()] > 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::{Noted, Tenant, TenantId};
    use crate::model::{Dataset, DatasetName, MemberId, Role, RoleId};

    fn id(site: &str, company: &str) -> TenantId {
        TenantId { site: site.to_owned(), company: company.to_owned() }
    }

    #[test]
    fn a_tenant_is_its_site_and_its_company_in_any_case() {
        let acme = id("na.example", "acme");
        assert_eq!(acme.to_string(), "acme on na.example");
        assert!(acme.is_same(&id("NA.example", "Acme")));
        assert!(!acme.is_same(&id("eu.example", "acme")));
        assert!(!acme.is_same(&id("na.example", "acme2")));
    }

    #[test]
    fn what_names_told_is_told_of_that_id_and_that_rule_file_alone() {
        let noted = Noted {
            roles: BTreeMap::from([(RoleId(1), vec!["a".into(), "b".into()])]),
            members: BTreeMap::from([(MemberId(2), vec!["b".into()])]),
            logins: BTreeMap::from([(3, vec!["c".into()])]),
        };
        assert!(noted.role(RoleId(1), "b") && !noted.role(RoleId(1), "c") && !noted.role(RoleId(2), "b"));
        assert!(noted.member(MemberId(2), "b") && !noted.member(MemberId(1), "b"));
        assert!(noted.login(3, "c") && !noted.login(3, "b") && !noted.login(2, "c"));
    }

    #[test]
    fn what_was_never_asked_for_is_missing_and_not_empty() {
        let mut tenant = Tenant::unread(id("na.example", "acme"), Timestamp::UNIX_EPOCH);
        assert!(tenant.datasets().iter().all(|(_, rows)| rows.is_err()));
        assert_eq!(tenant.datasets().map(|(name, _)| name).len(), DatasetName::ALL.len() - 1);
        assert!(tenant.role(RoleId(7)).is_none());
        let gap = tenant.settings_of(RoleId(7)).expect_err("never asked for");
        assert_eq!(
            gap.to_string(),
            "settings could not be read: the settings of role 7: it was not asked for"
        );
        tenant.settings.insert(RoleId(7), Dataset::Complete(Vec::new()));
        assert_eq!(tenant.settings_of(RoleId(7)), Ok([].as_slice()));
        let role = |id| Role::new(RoleId(id), "R");
        tenant.roles = Dataset::Complete(vec![role(6), role(7)]);
        assert_eq!(tenant.role(RoleId(7)), Some(&role(7)));
        assert_eq!(tenant.role(RoleId(8)), None);
        assert_eq!(RoleId(7).to_string(), "7");
    }
}
