//! Generated tenants, for laws: few ids and few names, so that two readings have much in common.

use jiff::Timestamp;
use leastwise::model::{
    ApiMember, Dataset, DatasetName, GapCause, Grant, Grants, Level, Licence, Login, Member, MemberId,
    MemberUse, Name, OwnMember, Role, RoleId, Said, Setting, Tenant, TenantId, Verb,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

const FUNCTIONS: [(&str, &str); 5] = [
    ("Service Desk", "Service Tickets"),
    ("Service Desk", "Close Service Tickets"),
    ("Companies", "Configurations"),
    ("System", "Table Setup"),
    ("System", "Made Up"),
];

/// A reading of the one tenant; `gaps` says that datasets may be missing.
pub fn tenant(gaps: bool) -> impl Strategy<Value = Tenant> {
    let roles = btree_map(1..6_i64, role(), 0..5);
    let members = btree_map(20..26_i64, (any::<bool>(), any::<u8>()), 0..6);
    let api = btree_map(20..26_i64, api_member(), 0..5);
    let logins = btree_map(1..4_i64, (name(), flag()), 0..3);
    let gap = move |likely: f64| proptest::bool::weighted(if gaps { likely } else { 0.0 });
    let missing = (gap(0.1), gap(0.1), gap(0.1), gap(0.1), gap(0.1), vec(gap(0.2), 5));
    (roles, members, api, logins, missing).prop_map(|(roles, members, api, logins, missing)| {
        let (no_roles, no_api, no_members, no_use, no_logins, no_settings) = missing;
        let id = TenantId { site: "na.myconnectwise.net".to_owned(), company: "acme".to_owned() };
        let mut tenant = Tenant::unread(id, taken_at());
        for ((id, (_, settings)), missing) in roles.iter().zip(&no_settings) {
            let rows = settings.iter().map(|(function, grants)| setting(*id, *function, grants)).collect();
            tenant.settings.insert(RoleId(*id), list(*missing, DatasetName::Settings, rows));
        }
        let roles = roles.into_iter().map(|(id, (role, _))| Role { id: RoleId(id), ..role }).collect();
        tenant.roles = list(no_roles, DatasetName::Roles, roles);
        tenant.member_use = list(
            no_use,
            DatasetName::MemberUse,
            api.iter().map(|(id, (_, own))| MemberUse { id: MemberId(*id), ..own.clone() }).collect(),
        );
        let people =
            members.into_iter().filter(|(id, _)| !api.contains_key(id)).map(|(id, (active, role))| Member {
                licence: Some(if role % 7 == 0 { Licence::Streamline } else { Licence::Full }),
                active: Some(active),
                role: (role % 6 != 0).then(|| RoleId(i64::from(role % 6))),
                ..Member::new(MemberId(id))
            });
        tenant.members = list(no_members, DatasetName::Members, people.collect());
        let api = api.into_iter().map(|(id, (member, _))| ApiMember { id: MemberId(id), ..member }).collect();
        tenant.api_members = list(no_api, DatasetName::ApiMembers, api);
        let logins =
            logins.into_iter().map(|(id, (username, active))| Login { id, username, active }).collect();
        tenant.logins = list(no_logins, DatasetName::IntegratorLogins, logins);
        tenant.own_member = Dataset::Complete(OwnMember { id: MemberId(20), days: Some(0) });
        tenant.note_namesakes();
        tenant
    })
}

pub fn taken_at() -> Timestamp {
    "2026-11-21T02:00:04Z".parse().expect("a time")
}

fn list<T>(missing: bool, dataset: DatasetName, rows: Vec<T>) -> Dataset<Vec<T>> {
    if missing {
        Dataset::unavailable(dataset, GapCause::Refused(Said::default()))
    } else {
        Dataset::Complete(rows)
    }
}

fn name() -> impl Strategy<Value = Name> {
    prop_oneof![Just("Umbrella"), Just("umbrella"), Just("Admin"), Just("Ops, \"x\"")].prop_map(Name::from)
}

fn flag() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![4 => Just(Some(true)), 4 => Just(Some(false)), 1 => Just(None)]
}

type RoleWithSettings = (Role, std::collections::BTreeMap<usize, Grants>);

fn role() -> impl Strategy<Value = RoleWithSettings> {
    let settings = btree_map(0..FUNCTIONS.len(), grants(), 0..5);
    (name(), flag(), flag(), settings).prop_map(|(name, admin, active, settings)| {
        let role = Role { admin, active, ..Role::new(RoleId(0), name) };
        (role, settings)
    })
}

fn grants() -> impl Strategy<Value = Grants> {
    vec(grant(), 4).prop_map(|grants| Grants::from_fn(|verb: Verb| grants[verb as usize].clone()))
}

fn grant() -> impl Strategy<Value = Grant> {
    prop_oneof![
        12 => proptest::sample::select(Level::ALL.to_vec()).prop_map(Grant::Level),
        1 => Just(Grant::NotOffered),
        1 => Just(Grant::Unknown("Mine".into())),
        1 => Just(Grant::Absent),
    ]
}

fn setting(role: i64, function: usize, grants: &Grants) -> Setting {
    let (module, name) = FUNCTIONS[function];
    Setting {
        id: Some(role * 100 + i64::try_from(function).expect("few functions")),
        ..Setting::new(module, name, grants.clone())
    }
}

fn api_member() -> impl Strategy<Value = (ApiMember, MemberUse)> {
    let level =
        option::of(prop_oneof![Just("Corporate (Level 1)"), Just("Branch (Level 2)"), Just("Global")]);
    let place = || option::of(prop_oneof![Just("Main"), Just("East")]);
    let boards = vec(1..4_i64, 0..3);
    let what = (name(), flag(), option::of(1..6_i64), level, place(), place(), boards);
    (what, flag(), flag()).prop_map(|(what, restrict_location, restrict_department)| {
        let (identifier, active, role, level, location, board, mut excluded_boards) = what;
        excluded_boards.sort_unstable();
        excluded_boards.dedup();
        let member = ApiMember {
            name: Some(Name::clone(&identifier)),
            active,
            role: role.map(RoleId),
            level: level.map(Name::from),
            location: location.map(Name::from),
            default_board: board.map(Name::from),
            excluded_boards,
            ..ApiMember::new(MemberId(0), identifier)
        };
        (member, MemberUse { id: MemberId(0), days: Some(3), restrict_location, restrict_department })
    })
}
