//! Laws of comparing, for generated tenants.

use leastwise::diff::{Change, Changes, Direction, FailOn, Incomparable, Key, Pair, Part};
use leastwise::exit::Exit;
use leastwise::model::{Dataset, GapCause, Grant, Level, Name, RoleId, Said, Setting, Tenant, Verb};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

use crate::readings::tenant;

fn mirrored(changes: Changes) -> Changes {
    let part = |Part { key, before, after }: Part| Part { key, before: after, after: before };
    let change = |own: Change| Change {
        before: own.after,
        after: own.before,
        direction: own.direction.mirrored(),
        parts: own.parts.into_iter().map(part).collect(),
        key: own.key,
    };
    let mut incomparable: Vec<_> = changes
        .incomparable
        .into_iter()
        .map(|own| Incomparable {
            side: match own.side {
                "old" => "new",
                "new" => "old",
                both => both,
            },
            // Where both sides lack it, each gives its own reason, and the earlier one is shown.
            ..own
        })
        .collect();
    incomparable.sort();
    Changes {
        changes: changes.changes.into_iter().map(change).collect(),
        incomparable,
        renamed: changes.renamed,
    }
}

/// The tenant with its rows in another order and everything called something else, in other letters.
fn renamed(tenant: &Tenant) -> Tenant {
    let shout = |name: &Name| -> Name { format!(" {} ", name.to_uppercase()).into() };
    let mut other = tenant.clone();
    if let Dataset::Complete(roles) = &mut other.roles {
        roles.reverse();
        for role in roles {
            role.name = format!("{} 2", role.name).into();
        }
    }
    for settings in other.settings.values_mut() {
        if let Dataset::Complete(settings) = settings {
            settings.reverse();
            for setting in settings {
                setting.module = shout(&setting.module);
                // The catalog does not know this one; the row's id tells what it was.
                let is_made_up = &*setting.function == "Made Up";
                setting.function = if is_made_up { "Invented".into() } else { shout(&setting.function) };
            }
        }
    }
    if let Dataset::Complete(members) = &mut other.api_members {
        members.reverse();
        for member in members {
            member.identifier = format!("{}-2", member.identifier).into();
            member.name = None;
            member.level = member.level.as_ref().map(shout);
            member.default_board = member.default_board.as_ref().map(shout);
            member.excluded_boards.reverse();
        }
    }
    if let Dataset::Complete(members) = &mut other.members {
        members.reverse();
    }
    if let Dataset::Complete(logins) = &mut other.logins {
        logins.reverse();
    }
    other
}

fn set(settings: &mut [Setting], at: usize, verb: Verb, level: Level) -> Option<Level> {
    let setting = settings.get_mut(at)?;
    let before = setting.grants.of(verb).level()?;
    setting.grants.set(verb, Grant::Level(level));
    Some(before)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_tenant_does_not_differ_from_itself(a in tenant(true)) {
        let changes = Changes::between(&a, &a);
        prop_assert_eq!(&changes.changes, &Vec::new());
        prop_assert!(changes.incomparable.iter().all(|own| own.side == "both"));
    }

    #[test]
    fn the_way_back_mirrors_the_way_there(a in tenant(true), b in tenant(true)) {
        let there = Changes::between(&a, &b);
        let back = Changes::between(&b, &a);
        prop_assert_eq!(mirrored(there).changes, back.changes);
        let sides = |changes: &Changes| {
            changes.incomparable.iter().map(|own| (own.dataset, own.side)).collect::<Vec<_>>()
        };
        prop_assert_eq!(sides(&mirrored(Changes::between(&a, &b))), sides(&Changes::between(&b, &a)));
    }

    #[test]
    fn the_changes_lead_from_one_access_to_the_other(a in tenant(true), b in tenant(true)) {
        let pair = Pair::new(&a, &b);
        let changes = Changes::of(&pair);
        prop_assert_eq!(changes.apply(&pair.old), pair.new);
    }

    #[test]
    fn order_names_and_letters_are_no_access(a in tenant(true)) {
        let changes = Changes::between(&a, &renamed(&a));
        for change in &changes.changes {
            prop_assert_eq!(change.direction, Direction::Neutral, "{:?}", change);
        }
        let exit = changes.exit(FailOn::Widened);
        prop_assert_eq!(exit, if changes.incomparable.is_empty() { Exit::Clean } else { Exit::Partial });
    }

    #[test]
    fn one_grant_is_one_change_its_way(
        a in tenant(false), role in 1..6_i64, at in 0..5_usize, verb in 0..4_usize, level in 0..3_usize
    ) {
        let (verb, level) = (Verb::ALL[verb], Level::ALL[level]);
        let mut b = a.clone();
        let Some(Dataset::Complete(settings)) = b.settings.get_mut(&RoleId(role)) else { return Ok(()) };
        let Some(before) = set(settings, at, verb, level) else { return Ok(()) };
        let changes = Changes::between(&a, &b);
        let directions: Vec<_> = changes.changes.iter().map(|change| change.direction).collect();
        let expected = match level.cmp(&before) {
            std::cmp::Ordering::Greater => vec![Direction::Wider],
            std::cmp::Ordering::Less => vec![Direction::Narrower],
            std::cmp::Ordering::Equal => vec![],
        };
        prop_assert_eq!(directions, expected);
        let is_grant = |change: &Change| matches!(change.key, Key::Grant(RoleId(own), ..) if own == role);
        prop_assert!(changes.changes.iter().all(is_grant));
    }

    #[test]
    fn what_widened_fails_and_what_cannot_be_told_is_no_pass(a in tenant(true), b in tenant(true)) {
        let changes = Changes::between(&a, &b);
        let widened = changes.changes.iter().any(|change| change.direction.is_widening());
        let untold = !changes.incomparable.is_empty()
            || changes.changes.iter().any(|change| change.direction == Direction::Unknown);
        let expected = match (widened, untold) {
            (true, _) => Exit::Findings,
            (false, true) => Exit::Partial,
            (false, false) => Exit::Clean,
        };
        prop_assert_eq!(changes.exit(FailOn::Widened), expected);
    }

    #[test]
    fn a_gap_hides_no_other_change(a in tenant(false), b in tenant(false), gap in any::<bool>()) {
        let mut cut = b.clone();
        if gap {
            cut.logins = Dataset::unavailable(leastwise::model::DatasetName::IntegratorLogins, GapCause::Refused(Said::default()));
        }
        let all = Changes::between(&a, &b);
        let rest = Changes::between(&a, &cut);
        let is_login = |key: &Key| matches!(key, Key::Login(_) | Key::LoginActive(_) | Key::LoginName(_));
        let expected: Vec<_> =
            all.changes.into_iter().filter(|change| !gap || !is_login(&change.key)).collect();
        prop_assert_eq!(rest.changes, expected);
    }
}
