//! Access as a map: what a tenant grants to whom, keyed on the PSA's ids. What grants nothing is not
//! in it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::incomparable::Incomparable;
use crate::model::{
    ApiMember, DatasetName, Gap, Grant, Level, Licence, Member, MemberId, Name, Role, RoleId, RoleRef,
    Setting, Tenant, Verb, fold_function,
};
use crate::term::text::count;

/// A function within a role: its folded module and name, and a number where a role has it twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionKey(pub Name, pub usize);

/// What can change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A role is there.
    Role(RoleId),
    /// Its admin flag.
    RoleAdmin(RoleId),
    /// Whether it is active.
    RoleActive(RoleId),
    /// Its name.
    RoleName(RoleId),
    /// Its type.
    RoleKind(RoleId),
    /// The name of one of its functions, where that changed.
    FunctionName(RoleId, FunctionKey),
    /// What it grants of one verb of a function.
    Grant(RoleId, FunctionKey, Verb),
    /// An API member is there.
    ApiMember(MemberId),
    /// A member that is not an API member is there.
    Person(MemberId),
    /// Whether a member of either kind is active.
    MemberActive(MemberId),
    /// The role of a member of either kind.
    MemberRole(MemberId),
    /// A person's licence.
    MemberLicence(MemberId),
    /// An API member's identifier.
    MemberIdentifier(MemberId),
    /// An API member's display name.
    MemberName(MemberId),
    /// Its level.
    MemberLevel(MemberId),
    /// Its location.
    MemberLocation(MemberId),
    /// The board that it is restricted to.
    MemberBoard(MemberId),
    /// The boards that it is kept from.
    MemberExcludedBoards(MemberId),
    /// Whether it is restricted to its location.
    MemberRestrictLocation(MemberId),
    /// Whether it is restricted to its department.
    MemberRestrictDepartment(MemberId),
    /// An integrator login is there.
    Login(i64),
    /// Whether it is active.
    LoginActive(i64),
    /// Its user name.
    LoginName(i64),
}

/// The role, member or login that a key is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A role.
    Role(RoleId),
    /// A member of either kind.
    Member(MemberId),
    /// A login.
    Login(i64),
}

impl Key {
    /// Whose it is.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        match self {
            Self::Role(id)
            | Self::RoleAdmin(id)
            | Self::RoleActive(id)
            | Self::RoleName(id)
            | Self::RoleKind(id)
            | Self::FunctionName(id, _)
            | Self::Grant(id, ..) => Owner::Role(*id),
            Self::ApiMember(id)
            | Self::Person(id)
            | Self::MemberActive(id)
            | Self::MemberRole(id)
            | Self::MemberLicence(id)
            | Self::MemberIdentifier(id)
            | Self::MemberName(id)
            | Self::MemberLevel(id)
            | Self::MemberLocation(id)
            | Self::MemberBoard(id)
            | Self::MemberExcludedBoards(id)
            | Self::MemberRestrictLocation(id)
            | Self::MemberRestrictDepartment(id) => Owner::Member(*id),
            Self::Login(id) | Self::LoginActive(id) | Self::LoginName(id) => Owner::Login(*id),
        }
    }

    /// Whether it says that its owner is there at all.
    #[must_use]
    pub const fn is_existence(&self) -> bool {
        matches!(self, Self::Role(_) | Self::ApiMember(_) | Self::Person(_) | Self::Login(_))
    }
}

/// Ids of service boards.
pub type Boards = BTreeSet<i64>;

/// What a key has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It is there.
    There,
    /// Yes, no, or the PSA did not say.
    Flag(Option<bool>),
    /// A name.
    Text(Name),
    /// A level that is understood and is not None.
    Level(Level),
    /// A level that is not: an unknown word, or no field at all.
    NotUnderstood(Grant),
    /// A role, or the PSA did not say.
    Role(Option<RoleId>),
    /// Boards.
    Boards(Boards),
}

/// What a tenant grants to whom.
pub type Access = BTreeMap<Key, Value>;

/// Two readings of one tenant, lined up so that the same thing has the same key in both.
#[derive(Clone, Debug, Default)]
pub struct Pair {
    /// The earlier reading, as far as both could be read.
    pub old: Access,
    /// The later reading, as far as both could be read.
    pub new: Access,
    /// What could not be compared.
    pub incomparable: Vec<Incomparable>,
    /// Roles whose settings one side lacks.
    pub unread_roles: BTreeSet<RoleId>,
    /// Functions that go by another name in the later reading.
    pub renamed: BTreeMap<(RoleId, FunctionKey), FunctionKey>,
}

impl Pair {
    /// Lines two readings up.
    #[must_use]
    pub fn new(old: &Tenant, new: &Tenant) -> Self {
        let mut pair = Self::default();
        if let Some((of_old, of_new)) = pair.both(DatasetName::Roles, &old.roles.rows(), &new.roles.rows()) {
            add_roles(&mut pair.old, of_old);
            add_roles(&mut pair.new, of_new);
            pair.add_settings(old, new, of_old, of_new);
        }
        let rows = (old.api_members.rows(), new.api_members.rows());
        if let Some((of_old, of_new)) = pair.both(DatasetName::ApiMembers, &rows.0, &rows.1) {
            add_api_members(&mut pair.old, of_old);
            add_api_members(&mut pair.new, of_new);
            pair.add_restrictions(old, new, of_old, of_new);
        }
        if let Some((of_old, of_new)) =
            pair.both(DatasetName::Members, &old.members.rows(), &new.members.rows())
        {
            add_people(&mut pair.old, of_old, old);
            add_people(&mut pair.new, of_new, new);
        }
        let rows = (old.logins.rows(), new.logins.rows());
        if let Some((of_old, of_new)) = pair.both(DatasetName::IntegratorLogins, &rows.0, &rows.1) {
            for (access, logins) in [(&mut pair.old, of_old), (&mut pair.new, of_new)] {
                for login in logins {
                    access.insert(Key::Login(login.id), Value::There);
                    access.insert(Key::LoginActive(login.id), Value::Flag(login.active));
                    access.insert(Key::LoginName(login.id), Value::Text(Name::clone(&login.username)));
                }
            }
        }
        pair
    }

    /// The rows of both sides; where one lacks them, that is noted.
    fn both<T>(
        &mut self,
        dataset: DatasetName,
        old: &Result<T, &Gap>,
        new: &Result<T, &Gap>,
    ) -> Option<(T, T)>
    where
        T: Copy,
    {
        if let (Ok(old), Ok(new)) = (old, new) {
            return Some((*old, *new));
        }
        let reason = [old, new].into_iter().find_map(|side| side.as_ref().err())?.reason();
        self.incomparable.push(Incomparable {
            dataset,
            role: None,
            side: side(old.is_err(), new.is_err()),
            reason,
        });
        None
    }

    fn add_settings(&mut self, old: &Tenant, new: &Tenant, of_old: &[Role], of_new: &[Role]) {
        let by_id = |roles: &[Role]| -> BTreeMap<RoleId, RoleRef> {
            roles.iter().map(|role| (role.id, RoleRef::from(role))).collect()
        };
        let (roles_before, roles_after) = (by_id(of_old), by_id(of_new));
        let ids: BTreeSet<_> = roles_before.keys().chain(roles_after.keys()).copied().collect();
        let mut folds = Folds::default();
        for id in ids {
            let role = roles_after.get(&id).or(roles_before.get(&id));
            let (before, after) = (settings_of(old, &roles_before, id), settings_of(new, &roles_after, id));
            if let (Ok(before), Ok(after)) = (&before, &after) {
                self.add_grants(id, before, after, &mut folds);
                self.note_missing_levels(id, role);
                continue;
            }
            let gap = before.as_ref().err().or(after.as_ref().err());
            self.unread_roles.insert(id);
            self.incomparable.push(Incomparable {
                dataset: DatasetName::Settings,
                role: role.cloned(),
                side: side(before.is_err(), after.is_err()),
                reason: gap.map(Gap::reason).unwrap_or_default(),
            });
        }
    }

    fn add_grants(&mut self, role: RoleId, before: &[Setting], after: &[Setting], folds: &mut Folds) {
        let (before, after) = (folds.keyed(before), folds.keyed(after));
        let renamed = renamed(&before, &after);
        let renaming = |key: &FunctionKey| renamed.iter().find(|(old, new)| *old == key || *new == key);
        for (access, rows) in [(&mut self.old, &before), (&mut self.new, &after)] {
            for (key, setting) in rows {
                let name = match renaming(key) {
                    // Both directions of a comparison use the same one of the two names.
                    Some((old, new)) => {
                        let name = old.min(new).clone();
                        access.insert(Key::FunctionName(role, name.clone()), full_name(setting));
                        name
                    }
                    None => key.clone(),
                };
                add_levels(access, role, &name, setting);
            }
        }
        self.renamed.extend(renamed.iter().map(|(old, new)| ((role, old.min(new).clone()), new.clone())));
    }

    /// A level that neither side gives is the same in both, and still not known.
    fn note_missing_levels(&mut self, id: RoleId, role: Option<&RoleRef>) {
        let is_missing = |value: &Value| *value == Value::NotUnderstood(Grant::Absent);
        let in_both = grants_of(&self.old, id)
            .filter(|(key, value)| is_missing(value) && self.new.get(key).is_some_and(is_missing));
        let number = in_both.count();
        if number > 0 {
            self.incomparable.push(Incomparable {
                dataset: DatasetName::Settings,
                role: role.cloned(),
                side: "both",
                reason: format!("the PSA gave no level for {}", count(number, "verb")),
            });
        }
    }

    fn add_restrictions(&mut self, old: &Tenant, new: &Tenant, of_old: &[ApiMember], of_new: &[ApiMember]) {
        let rows = (old.member_use.rows(), new.member_use.rows());
        let Some((use_before, use_after)) = self.both(DatasetName::MemberUse, &rows.0, &rows.1) else {
            return;
        };
        for (access, members, uses) in
            [(&mut self.old, of_old, use_before), (&mut self.new, of_new, use_after)]
        {
            for member in members {
                let own = uses.iter().find(|own| own.id == member.id);
                let location = own.and_then(|own| own.restrict_location);
                let department = own.and_then(|own| own.restrict_department);
                access.insert(Key::MemberRestrictLocation(member.id), Value::Flag(location));
                access.insert(Key::MemberRestrictDepartment(member.id), Value::Flag(department));
            }
        }
    }
}

/// A role that is not there has no settings; one that is has some, or cannot be compared.
fn settings_of<'t>(
    tenant: &'t Tenant,
    roles: &BTreeMap<RoleId, RoleRef>,
    id: RoleId,
) -> Result<&'t [Setting], Gap> {
    if roles.contains_key(&id) { tenant.settings_of(id) } else { Ok(&[]) }
}

/// The grants of one role.
pub(super) fn grants_of(access: &Access, role: RoleId) -> impl Iterator<Item = (&Key, &Value)> {
    let first = Key::Grant(role, FunctionKey("".into(), 0), Verb::Add);
    access.range(first..).take_while(move |(key, _)| matches!(key, Key::Grant(own, ..) if *own == role))
}

const fn side(old: bool, new: bool) -> &'static str {
    match (old, new) {
        (true, true) => "both",
        (true, false) => "old",
        _ => "new",
    }
}

fn add_roles(access: &mut Access, roles: &[Role]) {
    for role in roles {
        access.insert(Key::Role(role.id), Value::There);
        access.insert(Key::RoleAdmin(role.id), Value::Flag(role.admin));
        access.insert(Key::RoleActive(role.id), Value::Flag(role.active));
        access.insert(Key::RoleName(role.id), Value::Text(Name::clone(&role.name)));
        add_text(access, Key::RoleKind(role.id), role.kind.as_ref());
    }
}

fn add_text(access: &mut Access, key: Key, text: Option<&Name>) {
    if let Some(text) = text {
        access.insert(key, Value::Text(Name::clone(text)));
    }
}

fn add_levels(access: &mut Access, role: RoleId, function: &FunctionKey, setting: &Setting) {
    for (verb, grant) in setting.grants.iter() {
        let value = match grant {
            // None, and what the PSA does not offer, is no access.
            Grant::Level(Level::None) | Grant::NotOffered => continue,
            Grant::Level(level) => Value::Level(*level),
            Grant::Unknown(_) | Grant::Absent => Value::NotUnderstood(grant.clone()),
        };
        access.insert(Key::Grant(role, function.clone(), verb), value);
    }
}

fn add_api_members(access: &mut Access, members: &[ApiMember]) {
    for member in members {
        let id = member.id;
        access.insert(Key::ApiMember(id), Value::There);
        access.insert(Key::MemberActive(id), Value::Flag(member.active));
        access.insert(Key::MemberRole(id), Value::Role(member.role));
        access.insert(Key::MemberIdentifier(id), Value::Text(Name::clone(&member.identifier)));
        add_text(access, Key::MemberName(id), member.name.as_ref());
        add_text(access, Key::MemberLevel(id), member.level.as_ref());
        add_text(access, Key::MemberLocation(id), member.location.as_ref());
        add_text(access, Key::MemberBoard(id), member.default_board.as_ref());
        let boards: Boards = member.excluded_boards.iter().copied().collect();
        if !boards.is_empty() {
            access.insert(Key::MemberExcludedBoards(id), Value::Boards(boards));
        }
    }
}

/// Members of other kinds. API members are in their own list, which says more of them.
fn add_people(access: &mut Access, members: &[Member], tenant: &Tenant) {
    let api: BTreeSet<_> = tenant
        .api_members
        .rows()
        .map(|rows| rows.iter().map(|member| member.id).collect())
        .unwrap_or_default();
    for member in members {
        if member.licence == Some(Licence::Api) || api.contains(&member.id) {
            continue;
        }
        access.insert(Key::Person(member.id), Value::There);
        access.insert(Key::MemberActive(member.id), Value::Flag(member.active));
        access.insert(Key::MemberRole(member.id), Value::Role(member.role));
        let licence = member.licence.as_ref().map(|licence| Name::from(licence.as_letter()));
        add_text(access, Key::MemberLicence(member.id), licence.as_ref());
    }
}

/// The folded names of functions: a few hundred, however many roles have them.
#[derive(Debug, Default)]
pub(super) struct Folds(HashMap<(Name, Name), Name>);

impl Folds {
    fn of(&mut self, setting: &Setting) -> Name {
        let key = (Name::clone(&setting.module), Name::clone(&setting.function));
        let fold = |(module, function): &(Name, Name)| -> Name {
            format!("{}/{}", fold_function(module), fold_function(function)).into()
        };
        let known = self.0.entry(key);
        Name::clone(match known {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(slot) => {
                let folded = fold(slot.key());
                slot.insert(folded)
            }
        })
    }

    /// A role's settings by function; what has the same name twice is numbered.
    pub(super) fn keyed<'s>(&mut self, settings: &'s [Setting]) -> BTreeMap<FunctionKey, &'s Setting> {
        let mut sorted: Vec<_> = settings.iter().collect();
        sorted.sort_by(|one, other| (&one.identifier, one.id).cmp(&(&other.identifier, other.id)));
        let mut all = BTreeMap::new();
        let mut said = HashMap::new();
        for setting in sorted {
            let name = self.of(setting);
            let times = said.entry(Name::clone(&name)).or_insert(0);
            all.insert(FunctionKey(name, *times), setting);
            *times += 1;
        }
        all
    }
}

fn full_name(setting: &Setting) -> Value {
    Value::Text(format!("{} / {}", setting.module, setting.function).into())
}

/// Functions that only changed their name: by the PSA's identifier, else by the id of the row.
fn renamed(
    before: &BTreeMap<FunctionKey, &Setting>,
    after: &BTreeMap<FunctionKey, &Setting>,
) -> BTreeMap<FunctionKey, FunctionKey> {
    let mut gone: Vec<_> = before.iter().filter(|(key, _)| !after.contains_key(key)).collect();
    let mut came: Vec<_> = after.iter().filter(|(key, _)| !before.contains_key(key)).collect();
    let mut renamed = BTreeMap::new();
    let by_identifier =
        |one: &Setting, other: &Setting| one.identifier.is_some() && one.identifier == other.identifier;
    let by_id = |one: &Setting, other: &Setting| one.id.is_some() && one.id == other.id;
    for is_same in [&by_identifier as &dyn Fn(&Setting, &Setting) -> bool, &by_id] {
        gone.retain(|(old_key, old)| {
            let Some(at) = came.iter().position(|(_, new)| is_same(old, new)) else {
                return true;
            };
            let (new_key, _) = came.swap_remove(at);
            renamed.insert((*old_key).clone(), new_key.clone());
            false
        });
    }
    renamed
}
