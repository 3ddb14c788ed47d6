//! What a generated tenant is made of. Everything shrinks towards the plain: one key on a role of its own
//! that has exactly what is needed.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// The functions that roles and rule files speak of: harmless ones, ones that delete or pay, and ones that
/// take over.
pub(super) const FUNCTIONS: [(&str, &str); 14] = [
    ("Service Desk", "Service Tickets"),
    ("Companies", "Company Maintenance"),
    ("Companies", "Contacts"),
    ("Companies", "Configurations"),
    ("Service Desk", "Close Service Tickets"),
    ("Time & Expense", "Time Entry"),
    ("Finance", "Agreements"),
    ("Project", "Project Tickets"),
    ("System", "API Reports"),
    ("System", "Table Setup"),
    ("System", "My Account"),
    ("System", "Security Roles"),
    ("System", "Member Maintenance"),
    ("Companies", "Configuration - Display Passwords"),
];

/// How many of [`FUNCTIONS`] give no dangerous power, not even on a condition; they come first.
pub(super) const HARMLESS: usize = 9;

#[derive(Clone, Debug)]
pub(super) struct Ingredients {
    pub(super) integrations: Vec<Integration>,
    pub(super) roles: Vec<RoleParts>,
    pub(super) keys: Vec<Key>,
    pub(super) people: Vec<Person>,
    pub(super) logins: Vec<LoginParts>,
    pub(super) waivers: Vec<WaiverParts>,
    pub(super) gaps: Vec<&'static str>,
    /// Whose key took the snapshot: an API member by place, or a person.
    pub(super) own: Option<usize>,
    /// Whatever else a law has to choose.
    pub(super) pick: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Integration {
    pub(super) kind: Kind,
    pub(super) needs: Vec<NeedParts>,
    pub(super) keys_since: bool,
    pub(super) read: &'static str,
    pub(super) binding: Option<BindingParts>,
}

/// What is open about a rule file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Partial,
    /// It has an option, which its binding declares or leaves open.
    Featured {
        declared: bool,
    },
    AsksAdmin,
    Doubtful,
}

#[derive(Clone, Debug)]
pub(super) struct NeedParts {
    pub(super) function: usize,
    pub(super) levels: [Option<&'static str>; 4],
    pub(super) quirk: Option<&'static str>,
}

/// What leastwise.toml says of an integration.
#[derive(Clone, Debug)]
pub(super) struct BindingParts {
    pub(super) names_member: bool,
    /// The role by place.
    pub(super) role: Option<usize>,
    pub(super) setup_until: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct RoleParts {
    pub(super) name: RoleName,
    pub(super) admin: Option<bool>,
    pub(super) active: Option<bool>,
    pub(super) fill: Fill,
    pub(super) twists: Vec<Twist>,
    pub(super) has_unknown_row: bool,
    pub(super) unread: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum RoleName {
    /// That of the integration whose key is the first on it.
    OfItsFirst,
    /// That of an integration by place, whoever is on it.
    Of(usize),
    Plain(&'static str),
}

/// What a role has before it is twisted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// The needs of all that are on it.
    Needed,
    /// The needs, and All on everything harmless.
    Wide,
    /// All on everything.
    Everything,
}

/// A change to one cell of a role, or to a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Twist {
    pub(super) function: usize,
    pub(super) verb: usize,
    pub(super) to: To,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    Word(&'static str),
    Null,
    Absent,
    NoRow,
    /// The row twice, this cell otherwise.
    Conflict,
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The integration by place; `None` is a key that nothing accounts for.
    pub(super) of: Option<usize>,
    pub(super) role: Option<usize>,
    pub(super) active: Option<bool>,
    pub(super) used: Option<u32>,
    pub(super) restricted: bool,
    /// What the list of all members says otherwise.
    pub(super) contradiction: Option<Contradiction>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Contradiction {
    Missing,
    OtherRole,
    OtherActive,
}

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) role: usize,
    pub(super) active: Option<bool>,
    pub(super) licence: Option<&'static str>,
    /// The person's login is the name of an integration.
    pub(super) named: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct LoginParts {
    pub(super) of: usize,
    pub(super) active: Option<bool>,
}

#[derive(Clone, Debug)]
pub(super) struct WaiverParts {
    pub(super) check: &'static str,
    pub(super) at: usize,
    pub(super) reach: Reach,
    pub(super) verb: Option<usize>,
    pub(super) expires: &'static str,
}

/// How much a waiver covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Whatever the check finds, where a waiver may say no more.
    Check,
    /// A role, a member or an integration.
    Subject,
    /// That, and a function or a role beside.
    Narrow,
}

fn level() -> impl Strategy<Value = Option<&'static str>> {
    select(vec![None, Some("All"), Some("All"), Some("My")])
}

fn place() -> impl Strategy<Value = usize> {
    0_usize..8
}

fn function() -> impl Strategy<Value = usize> {
    prop_oneof![7 => 0..HARMLESS, 2 => HARMLESS..FUNCTIONS.len()]
}

fn need() -> impl Strategy<Value = NeedParts> {
    let quirk = prop_oneof![
        12 => Just(None),
        1 => Just(Some("basis = \"inferred\"")),
        1 => Just(Some("setup_only = true")),
        1 => Just(Some("implied = true")),
    ];
    let deletes = prop_oneof![3 => Just(None), 1 => level()];
    (function(), (level(), level(), deletes, level()), quirk).prop_map(
        |(function, (add, edit, delete, inquire), quirk)| {
            let mut levels = [add, edit, delete, inquire];
            if levels.iter().all(Option::is_none) {
                levels[3] = Some("All");
            }
            NeedParts { function, levels, quirk }
        },
    )
}

fn integration() -> impl Strategy<Value = Integration> {
    let kind = prop_oneof![
        10 => Just(Kind::Whole),
        2 => Just(Kind::Partial),
        2 => any::<bool>().prop_map(|declared| Kind::Featured { declared }),
        1 => Just(Kind::AsksAdmin),
        1 => Just(Kind::Doubtful),
    ];
    let read = prop_oneof![5 => Just("2026-10-01"), 1 => Just("2025-06-01")];
    let binding = (
        prop::bool::weighted(0.7),
        option::weighted(0.4, place()),
        select(vec![None, None, Some("2026-10-01"), Some("2027-01-31")]),
    )
        .prop_map(|(names_member, role, setup_until)| BindingParts { names_member, role, setup_until });
    (kind, vec(need(), 1..4), any::<bool>(), read, option::weighted(0.4, binding)).prop_map(
        |(kind, needs, keys_since, read, binding)| Integration { kind, needs, keys_since, read, binding },
    )
}

fn twist() -> impl Strategy<Value = Twist> {
    let to = prop_oneof![
        6 => Just(To::Word("All")),
        3 => Just(To::Word("My")),
        2 => Just(To::Word("None")),
        1 => Just(To::Word("Mine")),
        1 => Just(To::Null),
        1 => Just(To::Absent),
        1 => Just(To::NoRow),
        1 => Just(To::Conflict),
    ];
    (0..FUNCTIONS.len(), 0_usize..4, to).prop_map(|(function, verb, to)| Twist { function, verb, to })
}

fn role() -> impl Strategy<Value = RoleParts> {
    let name = prop_oneof![
        6 => Just(RoleName::OfItsFirst),
        1 => place().prop_map(RoleName::Of),
        2 => select(vec!["Integrations", "Technicians"]).prop_map(RoleName::Plain),
        1 => Just(RoleName::Plain("Admin")),
    ];
    let fill = prop_oneof![8 => Just(Fill::Needed), 2 => Just(Fill::Wide), 1 => Just(Fill::Everything)];
    let twists = prop_oneof![2 => Just(Vec::new()), 3 => vec(twist(), 1..5)];
    let admin = prop_oneof![14 => Just(Some(false)), 1 => Just(Some(true)), 1 => Just(None)];
    (name, admin, active(), fill, twists, prop::bool::weighted(0.1), prop::bool::weighted(0.04)).prop_map(
        |(name, admin, active, fill, twists, has_unknown_row, unread)| RoleParts {
            name,
            admin,
            active,
            fill,
            twists,
            has_unknown_row,
            unread,
        },
    )
}

fn active() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![14 => Just(Some(true)), 2 => Just(Some(false)), 1 => Just(None)]
}

fn key() -> impl Strategy<Value = Key> {
    let of = prop_oneof![4 => place().prop_map(Some), 1 => Just(None)];
    let used = prop_oneof![4 => Just(Some(0)), 1 => Just(Some(60)), 1 => Just(Some(400)), 2 => Just(None)];
    let contradiction = option::weighted(
        0.05,
        select(vec![Contradiction::Missing, Contradiction::OtherRole, Contradiction::OtherActive]),
    );
    (of, option::weighted(0.97, place()), active(), used, prop::bool::weighted(0.1), contradiction).prop_map(
        |(of, role, active, used, restricted, contradiction)| Key {
            of,
            role,
            active,
            used,
            restricted,
            contradiction,
        },
    )
}

fn person() -> impl Strategy<Value = Person> {
    let licence = prop_oneof![6 => Just(Some("F")), 1 => Just(Some("C")), 1 => Just(None)];
    (place(), active(), licence, option::weighted(0.4, place()))
        .prop_map(|(role, active, licence, named)| Person { role, active, licence, named })
}

fn waiver() -> impl Strategy<Value = WaiverParts> {
    let checks = [
        "LW102", "LW102", "LW102", "LW102", "LW102", "LW102", "LW102", "LW206", "LW206", "LW101", "LW201",
        "LW202", "LW202", "LW202", "LW202", "LW303", "LW304", "LW305", "LW307", "LW308", "LW309", "LW309",
    ];
    let expires = prop_oneof![5 => Just("2027-03-31"), 1 => Just("2026-11-21")];
    let reach = select(vec![Reach::Check, Reach::Check, Reach::Subject, Reach::Subject, Reach::Narrow]);
    (select(checks.to_vec()), place(), reach, option::weighted(0.1, 0_usize..4), expires)
        .prop_map(|(check, at, reach, verb, expires)| WaiverParts { check, at, reach, verb, expires })
}

/// A tenant's ingredients, biased towards things that bear on one another.
pub(super) fn ingredients() -> impl Strategy<Value = Ingredients> {
    let datasets = ["roles", "api-members", "members", "member-use", "own-member", "integrator-logins"];
    let gaps = prop_oneof![5 => Just(Vec::new()), 1 => vec(select(datasets.to_vec()), 1..3)];
    let login = (place(), active()).prop_map(|(of, active)| LoginParts { of, active });
    let waivers = prop_oneof![2 => Just(Vec::new()), 3 => vec(waiver(), 1..5)];
    (
        vec(integration(), 1..4),
        vec(role(), 1..5),
        vec(key(), 1..6),
        prop_oneof![1 => Just(Vec::new()), 1 => vec(person(), 1..3)],
        vec(login, 0..2),
        waivers,
        gaps,
        option::of(place()),
        any::<u64>(),
    )
        .prop_map(|(integrations, roles, keys, people, logins, waivers, gaps, own, pick)| Ingredients {
            integrations,
            roles,
            keys,
            people,
            logins,
            waivers,
            gaps,
            own,
            pick,
        })
}
