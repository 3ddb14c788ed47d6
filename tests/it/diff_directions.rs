//! Which way each change of access goes, by hand: levels, roles, members and what narrows them.

use leastwise::diff::{Change, Changes, Direction, FailOn, Key, Pair};
use leastwise::exit::Exit;
use leastwise::model::{ApiMember, Dataset, DatasetName, GapCause, MemberId, MemberUse, Role, RoleId, Said};

use crate::tiny::{Tiny, rows, tiny};

use Direction::{Mixed, Narrower, Neutral, Unknown, Wider};

fn between(old: &Tiny, new: &Tiny) -> Changes {
    Changes::between(&old.0, &new.0)
}

fn directions(old: &Tiny, new: &Tiny) -> Vec<Direction> {
    between(old, new).changes.iter().map(|change| change.direction).collect()
}

/// Umbrella's member on a role with one row.
fn one_row(levels: &str) -> Tiny {
    tiny().role(31, "Umbrella", &[("Finance", "Invoicing", levels)]).api(251, "Umbrella", 31)
}

#[test]
fn a_level_is_wider_or_narrower_and_one_that_is_not_understood_cannot_be_told() {
    for (before, after, expected) in [
        ("N", "M", vec![Wider]),
        ("M", "A", vec![Wider]),
        ("A", "M", vec![Narrower]),
        ("M", "N", vec![Narrower]),
        ("A", "A", vec![]),
        // What is not offered is no access, as None is none.
        ("N", "-", vec![]),
        ("-", "N", vec![]),
        ("-", "M", vec![Wider]),
        ("A", "-", vec![Narrower]),
        ("N", "?", vec![Unknown]),
        ("?", "A", vec![Unknown]),
        ("?", "?", vec![]),
    ] {
        let (old, new) = (one_row(&format!("NNN{before}")), one_row(&format!("NNN{after}")));
        assert_eq!(directions(&old, &new), expected, "{before} -> {after}");
    }
}

#[test]
fn a_level_that_neither_side_gives_is_no_change_and_no_pass() {
    let changes = between(&one_row("A..N"), &one_row("A..N"));
    assert_eq!(changes.changes, []);
    let [gap] = changes.incomparable.as_slice() else { panic!("{:?}", changes.incomparable) };
    assert_eq!((gap.dataset, gap.side), (DatasetName::Settings, "both"));
    assert_eq!(gap.role.as_ref().expect("the role").id, RoleId(31));
    assert_eq!(gap.reason, "the PSA gave no level for 2 verbs");
    assert_eq!(changes.exit(FailOn::Widened), Exit::Partial);
}

#[test]
fn a_level_that_one_side_gives_is_a_change_that_cannot_be_told() {
    for (old, new) in [("A.NN", "AANN"), ("AANN", "A.NN"), ("A.NN", "ANNN"), ("A.NN", "A?NN")] {
        let changes = between(&one_row(old), &one_row(new));
        assert_eq!(changes.changes.len(), 1, "{old} -> {new}");
        assert_eq!(changes.changes[0].direction, Unknown, "{old} -> {new}");
        assert_eq!(changes.incomparable, [], "{old} -> {new}");
    }
}

#[test]
fn a_verb_that_is_not_offered_is_not_one_that_the_psa_gave_no_level_for() {
    assert_eq!(between(&one_row("A--N"), &one_row("A--N")), Changes::default());
}

/// Which way it goes to give a member another role, by two rows of the old one and of the new one.
fn moved(old: [&str; 2], new: [&str; 2]) -> Direction {
    let tenant = |role: i64| {
        let rows = |[one, other]: [&'static str; 2]| {
            [("Finance", "Invoicing", one), ("Companies", "Configurations", other)]
        };
        let (old, new) = (old.map(leak), new.map(leak));
        tiny().role(1, "Old", &rows(old)).role(2, "New", &rows(new)).api(251, "Umbrella", role)
    };
    only(&tenant(1), &tenant(2))
}

fn leak(level: &str) -> &'static str {
    format!("{level}NNN").leak()
}

/// The direction of the only change.
fn only(old: &Tiny, new: &Tiny) -> Direction {
    match directions(old, new).as_slice() {
        [one] => *one,
        several => panic!("{several:?}"),
    }
}

#[test]
fn another_role_is_compared_verb_by_verb_with_the_one_that_was_held() {
    assert_eq!(moved(["N", "N"], ["A", "N"]), Wider);
    assert_eq!(moved(["M", "A"], ["A", "A"]), Wider);
    assert_eq!(moved(["A", "A"], ["A", "M"]), Narrower);
    assert_eq!(moved(["A", "N"], ["N", "N"]), Narrower);
    assert_eq!(moved(["A", "M"], ["A", "M"]), Neutral);
    assert_eq!(moved(["A", "N"], ["N", "A"]), Mixed);
    assert_eq!(moved(["M", "A"], ["A", "M"]), Mixed);
}

#[test]
fn a_level_that_is_not_understood_could_be_anything() {
    for unclear in ["?", "."] {
        assert_eq!(moved([unclear, "N"], ["N", "A"]), Unknown);
        assert_eq!(moved(["N", "N"], [unclear, "A"]), Unknown);
        assert_eq!(moved([unclear, "A"], [unclear, "A"]), Unknown);
        // All may be what it was already, and what it still is: neither side of these is known to be more.
        assert_eq!(moved([unclear, "A"], ["A", "N"]), Unknown);
        assert_eq!(moved(["A", "N"], [unclear, "A"]), Unknown);
    }
}

#[test]
fn what_is_not_understood_does_not_undo_what_came_and_what_went() {
    let row = |finance, companies, system| {
        [
            ("Finance", "Invoicing", finance),
            ("Companies", "Configurations", companies),
            ("System", "Table Setup", system),
        ]
    };
    let tenant = |role| {
        let (old, new) = (row("ANNN", "NNNN", "?NNN"), row("NNNN", "ANNN", "NNNN"));
        tiny().role(1, "Old", &old).role(2, "New", &new).api(251, "Umbrella", role)
    };
    assert_eq!(only(&tenant(1), &tenant(2)), Mixed);
    assert_eq!(only(&tenant(2), &tenant(1)), Mixed);
}

#[test]
fn an_admin_role_is_above_every_other_whatever_its_rows_say() {
    let moved = |admin_before: Option<bool>, admin_after: Option<bool>| {
        let tenant = |role| {
            tiny()
                .role(1, "Old", &[("Finance", "Invoicing", "MNNN")])
                .role(2, "New", &[("Companies", "Configurations", "ANNN")])
                .change_role(1, |role| role.admin = admin_before)
                .change_role(2, |role| role.admin = admin_after)
                .api(251, "Umbrella", role)
        };
        only(&tenant(1), &tenant(2))
    };
    assert_eq!(moved(Some(true), Some(true)), Neutral);
    assert_eq!(moved(Some(false), Some(true)), Wider);
    assert_eq!(moved(Some(true), Some(false)), Narrower);
    assert_eq!(moved(Some(false), Some(false)), Mixed);
    assert_eq!(moved(None, Some(true)), Unknown);
    assert_eq!(moved(Some(true), None), Unknown);
}

#[test]
fn a_role_that_cannot_be_looked_into_is_compared_with_nothing() {
    let tenant = |role: Option<i64>| {
        let two = tiny().role(1, "Old", &[("Finance", "Invoicing", "MNNN")]).role(2, "New", &[]);
        two.api(251, "Umbrella", 1).change_api(251, |own| own.role = role.map(RoleId))
    };
    let unread = |tiny: Tiny, role: i64| {
        let gap = Dataset::unavailable(DatasetName::Settings, GapCause::Refused(Said::default()));
        tiny.change(|tenant| drop(tenant.settings.insert(RoleId(role), gap)))
    };
    assert_eq!(only(&tenant(Some(1)), &tenant(Some(2))), Narrower);
    for role in [1, 2] {
        let (old, new) = (unread(tenant(Some(1)), role), tenant(Some(2)));
        assert_eq!(only(&old, &new), Unknown, "settings of {role}");
    }
    // 9 is no role that the PSA lists.
    assert_eq!(only(&tenant(Some(1)), &tenant(Some(9))), Unknown);
    assert_eq!(only(&tenant(Some(9)), &tenant(Some(1))), Unknown);
    assert_eq!(only(&tenant(Some(1)), &tenant(None)), Unknown);
}

#[test]
fn a_role_that_grants_nothing_gives_nobody_anything() {
    let with = |levels: &str, change: fn(&mut Role)| {
        tiny().role(31, "Umbrella", &[("Finance", "Invoicing", levels)]).change_role(31, change)
    };
    let came = |new: &Tiny| only(&tiny(), new);
    assert_eq!(came(&with("NNNN", |_| ())), Neutral);
    assert_eq!(came(&with("--NN", |_| ())), Neutral);
    assert_eq!(came(&with("NNMN", |_| ())), Wider);
    assert_eq!(came(&with("NNNN", |role| role.admin = Some(true))), Wider);
    // Either of these may be the admin role, or grant something.
    assert_eq!(came(&with("NNNN", |role| role.admin = None)), Unknown);
    assert_eq!(came(&with("N?NN", |_| ())), Unknown);
    let unread = with("NNNN", |_| ()).change(|tenant| {
        tenant.settings.insert(
            RoleId(31),
            Dataset::unavailable(DatasetName::Settings, GapCause::Refused(Said::default())),
        );
    });
    assert_eq!(came(&unread), Unknown);
    assert_eq!(only(&with("NNMN", |_| ()), &tiny()), Narrower);
    assert_eq!(only(&unread, &tiny()), Unknown);
}

#[test]
fn a_member_that_cannot_be_used_gives_nobody_anything() {
    for (active, came, went) in
        [(Some(true), Wider, Narrower), (None, Wider, Narrower), (Some(false), Neutral, Neutral)]
    {
        let member = one_row("ANNN").change_api(251, |own| own.active = active);
        let without = one_row("ANNN").change(|tenant| {
            rows(&mut tenant.api_members).clear();
            rows(&mut tenant.member_use).clear();
            rows(&mut tenant.members).clear();
        });
        assert_eq!(only(&without, &member), came, "{active:?}");
        assert_eq!(only(&member, &without), went, "{active:?}");
        let login = tiny().login("OpenDNS", active);
        assert_eq!(only(&tiny(), &login), came, "{active:?}");
        assert_eq!(only(&login, &tiny()), went, "{active:?}");
    }
}

/// Which way a change of Umbrella's member goes, and the way back.
fn of_member(old: impl FnOnce(&mut ApiMember), new: impl FnOnce(&mut ApiMember)) -> (Direction, Direction) {
    let (old, new) = (one_row("ANNN").change_api(251, old), one_row("ANNN").change_api(251, new));
    (only(&old, &new), only(&new, &old))
}

#[test]
fn the_structure_level_with_the_lower_number_is_above() {
    let level = |old: Option<&str>, new: Option<&str>| {
        of_member(|own| own.level = old.map(Into::into), |own| own.level = new.map(Into::into))
    };
    let top = Some("Corporate (Level 1)");
    assert_eq!(level(top, Some("Region (Level 2)")), (Narrower, Wider));
    assert_eq!(level(Some("Level 2"), Some("Team (Level 11)")), (Narrower, Wider));
    assert_eq!(level(Some("Region (Level 2)"), Some("Branch (Level 2)")), (Neutral, Neutral));
    assert_eq!(level(Some("Global"), Some("GLOBAL")), (Neutral, Neutral));
    assert_eq!(level(Some("Global"), Some("Local")), (Unknown, Unknown));
    assert_eq!(level(Some("Global"), top), (Unknown, Unknown));
    assert_eq!(level(None, top), (Unknown, Unknown));
}

#[test]
fn a_board_restricts_and_another_name_may_be_another_board() {
    let board = |old: Option<&str>, new: Option<&str>| {
        of_member(
            |own| own.default_board = old.map(Into::into),
            |own| own.default_board = new.map(Into::into),
        )
    };
    assert_eq!(board(None, Some("Triage")), (Narrower, Wider));
    assert_eq!(board(Some("Triage"), Some("Tier 2")), (Unknown, Unknown));
    assert_eq!(board(Some("Triage"), Some("TRIAGE")), (Neutral, Neutral));
}

#[test]
fn boards_that_a_member_is_kept_from_are_compared_as_sets() {
    let boards = |old: &[i64], new: &[i64]| {
        of_member(|own| own.excluded_boards = old.to_vec(), |own| own.excluded_boards = new.to_vec())
    };
    assert_eq!(boards(&[], &[3]), (Narrower, Wider));
    assert_eq!(boards(&[3], &[4, 3]), (Narrower, Wider));
    assert_eq!(boards(&[3], &[4]), (Mixed, Mixed));
    let same = |boards: Vec<i64>| one_row("ANNN").change_api(251, |own| own.excluded_boards = boards);
    assert_eq!(directions(&same(vec![3, 4]), &same(vec![4, 3, 3])), []);
}

#[test]
fn a_location_matters_to_whom_it_restricts() {
    let moved = |old: Option<bool>, new: Option<bool>| {
        let at = |place: &str, restricted: Option<bool>| {
            let tenant = one_row("ANNN").change_use(251, |own| own.restrict_location = restricted);
            tenant.change_api(251, |own| own.location = Some(place.into()))
        };
        let changes = between(&at("Main", old), &at("East", new));
        let is_location = |change: &&Change| matches!(change.key, Key::MemberLocation(_));
        changes.changes.iter().find(is_location).expect("another location").direction
    };
    assert_eq!(moved(Some(false), Some(false)), Neutral);
    for restricted in
        [(Some(true), Some(true)), (Some(false), Some(true)), (Some(true), Some(false)), (None, None)]
    {
        assert_eq!(moved(restricted.0, restricted.1), Unknown, "{restricted:?}");
    }
}

#[test]
fn a_flag_that_restricts_is_access_the_other_way_round() {
    for flag in [(|own, is| own.restrict_location = is) as fn(&mut MemberUse, Option<bool>), |own, is| {
        own.restrict_department = is;
    }] {
        // The other member's flags are the other way round, and stay as they are.
        let with = |is| {
            one_row("ANNN")
                .api(252, "Sync", 31)
                .change_use(251, |own| flag(own, is))
                .change_use(252, |own| flag(own, Some(true)))
        };
        assert_eq!(only(&with(Some(true)), &with(Some(false))), Wider);
        assert_eq!(only(&with(Some(false)), &with(Some(true))), Narrower);
        assert_eq!(only(&with(None), &with(Some(true))), Unknown);
    }
}

#[test]
fn a_member_that_turns_from_a_person_into_an_api_member_is_told_once() {
    let role = || tiny().role(31, "Umbrella", &[("Finance", "Invoicing", "ANNN")]);
    let changes = between(&role().person(251, 31), &role().api(251, "Umbrella", 31)).changes;
    let told: Vec<_> =
        changes.iter().map(|own| (own.key.clone(), own.direction, own.parts.is_empty())).collect();
    let (api, person) = (Key::ApiMember(MemberId(251)), Key::Person(MemberId(251)));
    assert_eq!(told, [(api, Wider, false), (person, Narrower, true)]);
}

#[test]
fn an_api_member_is_no_person_even_where_the_list_of_api_members_is_missing() {
    let all = || one_row("ANNN").person(101, 31);
    let unlisted = all().change(|tenant| {
        tenant.api_members =
            Dataset::unavailable(DatasetName::ApiMembers, GapCause::Refused(Said::default()));
    });
    assert_eq!(directions(&unlisted, &all()), []);
    // Nor where the list of members leaves its licence out.
    let unlicensed = all().change_member(251, |own| own.licence = None);
    assert_eq!(directions(&unlicensed, &all()), []);
}

/// A role with rows of these names, ids and identifiers; each grants All to Inquire.
fn named(all: &[(&str, Option<i64>, Option<&str>)]) -> Tiny {
    let names: Vec<_> = all.iter().map(|(name, ..)| ("System", *name, "NNNA")).collect();
    tiny().role(31, "Umbrella", &names).change(|tenant| {
        let settings = tenant.settings.get_mut(&RoleId(31)).expect("the role's");
        for (setting, (_, id, identifier)) in rows(settings).iter_mut().zip(all) {
            setting.id = *id;
            setting.identifier = identifier.map(Into::into);
        }
    })
}

fn keys(old: &Tiny, new: &Tiny) -> Vec<(&'static str, Direction)> {
    let kind = |change: &Change| match change.key {
        Key::FunctionName(..) => "name",
        Key::Grant(..) => "grant",
        _ => "other",
    };
    between(old, new).changes.iter().map(|change| (kind(change), change.direction)).collect()
}

#[test]
fn a_function_with_a_new_name_is_known_by_its_identifier_or_by_the_id_of_its_row() {
    let renamed = [("name", Neutral)];
    let beside = ("Table Setup", Some(1), Some("table_setup"));
    for (id, identifier) in [(Some(7), None), (None, Some("made_up")), (Some(7), Some("made_up"))] {
        let (old, new) = (("Made Up", id, identifier), ("Invented", id, identifier));
        assert_eq!(keys(&named(&[beside, old]), &named(&[beside, new])), renamed, "{id:?} {identifier:?}");
        assert_eq!(keys(&named(&[new, beside]), &named(&[beside, old])), renamed, "{id:?} {identifier:?}");
    }
}

#[test]
fn a_function_that_went_and_one_that_came_are_not_one_function() {
    let both = [("grant", Wider), ("grant", Narrower)];
    for (old, new) in [((None, None), (None, None)), ((Some(7), Some("a")), (Some(8), Some("b")))] {
        let (old, new) = (("Made Up", old.0, old.1), ("Invented", new.0, new.1));
        assert_eq!(keys(&named(&[old]), &named(&[new])), both);
    }
}

#[test]
fn of_a_function_that_a_role_has_three_times_each_row_counts() {
    let three = |last: &str| {
        let row = |levels| ("Finance", "Invoicing", levels);
        tiny().role(31, "Umbrella", &[row("ANNN"), row("NANN"), row(last)])
    };
    assert_eq!(directions(&three("NNAN"), &three("NNAN")), []);
    assert_eq!(directions(&three("NNNN"), &three("NNNA")), [Wider]);
    let one = tiny().role(31, "Umbrella", &[("Finance", "Invoicing", "ANNN")]);
    assert_eq!(directions(&one, &three("NNAN")), [Wider, Wider]);
}

#[test]
fn what_could_not_be_read_is_said_of_the_side_that_lacks_it() {
    let whole = || one_row("ANNN").login("OpenDNS", Some(true));
    let no_logins = || {
        whole().change(|tenant| {
            tenant.logins =
                Dataset::unavailable(DatasetName::IntegratorLogins, GapCause::Refused(Said::default()));
        })
    };
    let no_settings = || {
        whole().change(|tenant| {
            let gap = Dataset::unavailable(DatasetName::Settings, GapCause::Refused(Said::default()));
            tenant.settings.insert(RoleId(31), gap);
        })
    };
    for without in [&no_logins as &dyn Fn() -> Tiny, &no_settings] {
        for (old, new, side) in
            [(without(), whole(), "old"), (whole(), without(), "new"), (without(), without(), "both")]
        {
            let changes = between(&old, &new);
            assert_eq!(changes.changes, []);
            let gaps: Vec<_> =
                changes.incomparable.iter().map(|gap| (gap.side, gap.reason.as_str())).collect();
            let [(own, reason)] = gaps[..] else { panic!("{gaps:?}") };
            assert_eq!(own, side);
            assert!(reason.contains("HTTP 403: the key's role does not allow it"), "{reason}");
        }
    }
    assert_eq!(between(&whole(), &whole()), Changes::default());
}

#[test]
fn the_changes_and_their_parts_make_the_new_access_of_the_old_one() {
    let old = one_row("ANNN").login("OpenDNS", Some(true));
    let new = tiny().role(32, "Another", &[("Finance", "Invoicing", "NAMN")]).person(101, 32);
    let pair = Pair::new(&old.0, &new.0);
    assert_ne!(pair.old, pair.new);
    assert_eq!(Changes::of(&pair).apply(&pair.old), pair.new);
    assert_eq!(Changes::default().apply(&pair.old), pair.old);
}

#[test]
fn what_fails_the_run_is_asked_of_every_change_and_what_cannot_be_told_is_no_pass() {
    use FailOn::{Any, Never, Widened};
    for (old, new, widened, any, never) in [
        ("ANNN", "ANNN", Exit::Clean, Exit::Clean, Exit::Clean),
        ("ANNN", "AANN", Exit::Findings, Exit::Findings, Exit::Clean),
        ("AANN", "ANNN", Exit::Clean, Exit::Findings, Exit::Clean),
        ("ANNN", "A?NN", Exit::Partial, Exit::Findings, Exit::Partial),
        ("ANNN", "A?AN", Exit::Findings, Exit::Findings, Exit::Partial),
    ] {
        let changes = between(&one_row(old), &one_row(new));
        let ends = [Widened, Any, Never].map(|fail_on| changes.exit(fail_on));
        assert_eq!(ends, [widened, any, never], "{old} -> {new}");
    }
}
