//! Generated tenants: none, one or many of everything, nulls, unknown words, odd names, gaps.

use std::collections::{BTreeMap, BTreeSet};

use leastwise::model::FunctionRef;
use leastwise::model::{
    ApiMember, Callback, Dataset, DatasetName, Gap, GapCause, Grant, Grants, Licence, Login, Member,
    MemberId, MemberUse, Name, OwnMember, Role, RoleId, RoleUpdate, Said, Setting, Tenant, TenantId, Word,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::noon;
use crate::tiny::library;

/// Whether a role may have the same row twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeats {
    Yes,
    No,
}

/// Names that have broken writers before.
pub(crate) fn odd_name() -> impl Strategy<Value = Name> {
    let odd = [
        "\u{1b}[31mred\u{7}",
        "abc\u{202e}def",
        "👩‍🚀 Größe 日本",
        "<img src=x onerror=alert(1)>",
        "a|b|c",
        "::error file=x::y",
        "[link](https://example.org)",
        "line\r\nbreak",
        "100% \"quoted\" {0}",
        "",
        "  ",
        "=1+1",
        "a, unless b",
        "Threshold holder",
        "Role 5 in excess: 7 missing (!)",
        "\u{feff}\u{200b}",
    ];
    prop_oneof![
        4 => "[A-Za-z]{1,9}".prop_map(|name| name.as_str().into()),
        3 => select(odd.to_vec()).prop_map(Into::into),
        1 => Just("1kB ".repeat(256).as_str().into()),
    ]
}

fn name_of(known: &[&'static str]) -> impl Strategy<Value = Name> + use<> {
    prop_oneof![3 => select(known.to_vec()).prop_map(Into::into), 1 => odd_name()]
}

fn flag() -> impl Strategy<Value = Option<bool>> {
    select(vec![Some(true), Some(true), Some(false), None])
}

fn grant() -> impl Strategy<Value = Grant> {
    let words =
        prop_oneof![select(vec!["None", "None", "My", "All", "all", "Mine"]).prop_map(Grant::from_word)];
    prop_oneof![8 => words, 1 => Just(Grant::NotOffered), 1 => Just(Grant::Absent)]
}

fn setting() -> impl Strategy<Value = Setting> {
    let catalog = &library().catalog;
    let known: Vec<(Name, Name)> = catalog
        .functions()
        .map(|(_, function)| (catalog.module_name(function.module).into(), function.name.as_str().into()))
        .collect();
    let umbrella: Vec<_> = known
        .iter()
        .filter(|(_, name)| {
            matches!(&**name, "Company Maintenance" | "Configurations" | "Service Tickets" | "Table Setup")
        })
        .cloned()
        .collect();
    let names = prop_oneof![
        4 => select(umbrella),
        4 => select(known),
        2 => (name_of(&["System", "Project", "Quark"]), odd_name()),
    ];
    (option::of(0_i64..1000), names, option::of(odd_name()), vec(grant(), 4)).prop_map(
        |(id, (module, function), identifier, grants)| Setting {
            id,
            identifier,
            ..Setting::new(module, function, Grants::from_fn(|verb| grants[verb as usize].clone()))
        },
    )
}

fn settings(repeats: Repeats) -> impl Strategy<Value = Dataset<Vec<Setting>>> {
    let some = vec(setting(), 1..14).prop_map(move |mut settings| {
        let mut seen = BTreeSet::new();
        let key =
            |row: &Setting| FunctionRef { module: row.module.clone(), function: row.function.clone() }.key();
        settings.retain(|row| seen.insert(key(row)) || repeats == Repeats::Yes);
        Dataset::Complete(settings)
    });
    prop_oneof![9 => some, 1 => cause().prop_map(|why| Dataset::unavailable(DatasetName::Settings, why))]
}

type RoleParts = (Name, Option<bool>, Option<bool>, Option<RoleUpdate>, Dataset<Vec<Setting>>);

fn role(repeats: Repeats) -> impl Strategy<Value = RoleParts> {
    let name = name_of(&["Umbrella", "Hudu", "Parapluie", "Admin", "leastwise", "Integrations"]);
    let update = option::of(
        (option::of(odd_name()), option::of(odd_name())).prop_map(|(by, at)| RoleUpdate { by, at }),
    );
    let admin = select(vec![Some(false), Some(false), Some(false), Some(true), None]);
    (name, admin, flag(), update, settings(repeats))
}

fn role_id() -> impl Strategy<Value = Option<RoleId>> {
    option::weighted(0.9, (31_i64..35).prop_map(RoleId))
}

fn api_member() -> impl Strategy<Value = ApiMember> {
    let identifier = name_of(&["Umbrella", "OpenDNS", "Hudu", "leastwise", "svc"]);
    let level = option::of(name_of(&["Corporate (Level 1)", "Branch (Level 2)", "Corporate"]));
    (
        identifier,
        option::of(odd_name()),
        flag(),
        role_id(),
        level,
        option::of(odd_name()),
        option::of(odd_name()),
        vec(0_i64..9, 0..3),
    )
        .prop_map(|(identifier, name, active, role, level, location, default_board, excluded_boards)| {
            let id = MemberId(0);
            ApiMember {
                name,
                active,
                role,
                level,
                location,
                default_board,
                excluded_boards,
                ..ApiMember::new(id, identifier)
            }
        })
}

fn member() -> impl Strategy<Value = Member> {
    let licence = option::of(select(vec!["F", "C", "X", "Z", "A"]).prop_map(Licence::from_letter));
    (licence, flag(), role_id(), option::weighted(0.2, name_of(&["Umbrella"]))).prop_map(
        |(licence, active, role, identifier)| Member { id: MemberId(0), licence, active, role, identifier },
    )
}

fn use_of() -> impl Strategy<Value = (Option<u32>, Option<bool>, Option<bool>)> {
    (option::of(select(vec![0, 1, 2, 90, 91, 400])), flag(), flag())
}

/// Why something was not read.
fn cause() -> impl Strategy<Value = GapCause> {
    let said = Said { known: vec!["Security".into()], unknown: None, names: vec!["Inquire".into()] };
    let causes = [
        GapCause::NotAsked,
        GapCause::Refused(said.clone()),
        GapCause::Http { status: 500, said: Said { unknown: Some(3), ..Said::default() } },
        GapCause::TooManyRequests { seconds: Some(30), waited: None },
        GapCause::Redirected { host: Some("psa.example".into()) },
        GapCause::NotReadInFull { detail: None },
    ];
    prop_oneof![
        3 => select(causes.to_vec()),
        1 => (1_usize..500).prop_map(|characters| GapCause::Unexplained { characters }),
    ]
}

/// A list that is sometimes a gap, and never complete and empty.
fn list<T: std::fmt::Debug + Clone>(
    dataset: DatasetName,
    rows: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = Dataset<Vec<T>>> {
    (rows, option::weighted(0.15, cause())).prop_map(move |(rows, gap)| match gap {
        Some(why) => Dataset::unavailable(dataset, why),
        None => Dataset::never_empty(dataset, rows),
    })
}

fn numbered<T>(rows: Vec<T>, from: i64, mut set: impl FnMut(&mut T, MemberId)) -> Vec<T> {
    let number = |(i, mut row)| {
        set(&mut row, MemberId(from + i));
        row
    };
    (0..).zip(rows).map(number).collect()
}

/// Callbacks, mostly of a tenant that never asked for them.
fn callbacks() -> impl Strategy<Value = Dataset<Vec<Callback>>> {
    let word = || option::weighted(0.9, select(vec!["Ticket", "Owner", "Board", "words of somebody"]));
    let host = option::weighted(0.9, select(vec!["hooks.example.com", "[2001:db8::1]"]));
    let member = option::weighted(0.9, select(vec![101_i64, 251, 252, 999]));
    let row =
        (word(), word(), member, host, flag()).prop_map(|(kind, level, member, host, active)| Callback {
            id: 0,
            kind: kind.map(Word::of),
            level: level.map(Word::of),
            member: member.map(MemberId),
            host: host.map(Name::from),
            active,
        });
    let rows = vec(row, 0..4).prop_map(|rows| {
        let numbered = (1..).zip(rows).map(|(id, row)| Callback { id, ..row });
        Dataset::Complete(numbered.collect())
    });
    let unavailable = |why| Dataset::unavailable(DatasetName::Callbacks, why);
    prop_oneof![
        4 => Just(unavailable(GapCause::NotAsked)),
        3 => rows,
        1 => cause().prop_map(unavailable),
    ]
}

/// A tenant as a snapshot could hold it.
pub(crate) fn tenant(repeats: Repeats) -> impl Strategy<Value = Tenant> {
    let api = vec(api_member(), 0..4).prop_map(|rows| numbered(rows, 251, |row, id| row.id = id));
    let people = vec(member(), 0..4).prop_map(|rows| numbered(rows, 101, |row, id| row.id = id));
    let uses = vec(use_of(), 0..4).prop_map(|rows| {
        let row = |(i, (days, restrict_location, restrict_department))| MemberUse {
            id: MemberId(251 + i),
            days,
            restrict_location,
            restrict_department,
        };
        (0_i64..).zip(rows).map(row).collect::<Vec<_>>()
    });
    let login = (name_of(&["OpenDNS", "Umbrella"]), flag());
    let logins = vec(login, 0..3).prop_map(|rows| {
        let row = |(i, (username, active))| Login { id: i, username, active };
        (1..).zip(rows).map(row).collect::<Vec<_>>()
    });
    let logins = (logins, option::weighted(0.15, cause())).prop_map(|(rows, gap)| match gap {
        Some(why) => Dataset::unavailable(DatasetName::IntegratorLogins, why),
        None => Dataset::Complete(rows),
    });
    let own = option::weighted(0.85, (select(vec![251_i64, 252, 1]), option::of(0_u32..3)));
    (
        (vec(role(repeats), 0..4), option::weighted(0.05, cause()), option::of(odd_name())),
        list(DatasetName::ApiMembers, api),
        list(DatasetName::Members, people),
        list(DatasetName::MemberUse, uses),
        logins,
        callbacks(),
        own,
    )
        .prop_map(
            |((roles, roles_gap, psa_version), api_members, members, member_use, logins, callbacks, own)| {
                let (roles, settings) = with_settings(roles, roles_gap);
                let id = TenantId { site: "na.myconnectwise.net".to_owned(), company: "gen".to_owned() };
                let mut tenant = Tenant {
                    psa_version,
                    own_member: own_member(own, &member_use),
                    roles,
                    settings,
                    api_members,
                    members,
                    member_use,
                    logins,
                    callbacks,
                    ..Tenant::unread(id, noon())
                };
                tenant.note_namesakes();
                tenant
            },
        )
}

/// A snapshot has one date of last use for each member, our own included.
fn own_member(own: Option<(i64, Option<u32>)>, uses: &Dataset<Vec<MemberUse>>) -> Dataset<OwnMember> {
    let Some((id, days)) = own else {
        return Dataset::unavailable(DatasetName::OwnMember, GapCause::TimedOut);
    };
    let uses = uses.rows().map(Vec::as_slice).unwrap_or_default();
    let known = uses.iter().find(|row| row.id.0 == id);
    Dataset::Complete(OwnMember { id: MemberId(id), days: known.map_or(days, |row| row.days) })
}

type Settings = BTreeMap<RoleId, Dataset<Vec<Setting>>>;

fn with_settings(parts: Vec<RoleParts>, gap: Option<GapCause>) -> (Dataset<Vec<Role>>, Settings) {
    if let Some(why) = gap {
        return (Dataset::unavailable(DatasetName::Roles, why), BTreeMap::new());
    }
    let mut all = BTreeMap::new();
    let mut roles = Vec::new();
    for (i, (name, admin, active, updated, settings)) in (31..).zip(parts) {
        let id = RoleId(i);
        let settings = match settings {
            Dataset::Unavailable(gap) => Dataset::Unavailable(Gap::of_role(id, gap.cause)),
            read @ Dataset::Complete(_) => read,
        };
        all.insert(id, settings);
        roles.push(Role { admin, active, updated, ..Role::new(id, name) });
    }
    (Dataset::never_empty(DatasetName::Roles, roles), all)
}
