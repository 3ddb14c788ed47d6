//! Excess: when a role is wide, what may be needed all the same, and how bad the rest is.

use std::sync::Arc;

use jiff::civil::date;

use super::{Claim, Doubt, Excess, Excesses, Unread};
use crate::access::{Granted, Requirements, Rights};
use crate::checks::testing::{rule_file, setting};
use crate::model::{FunctionRef, Grant, Level, Power, Setting, Severity, Verb};
use crate::rules::{RuleFile, built_in_catalog};

/// Functions on which Edit is rated medium, high and critical.
const MEDIUM: (&str, &str) = ("Companies", "Notes");
const HIGH: (&str, &str) = ("Finance", "Invoicing");
const CRITICAL: (&str, &str) = ("System", "Member Maintenance");

fn partial(rules: &str) -> Doubt {
    Doubt::Partial { rules: rules.into() }
}

/// A role of which so many verbs were compared, above need (some of them perhaps needed), and not understood.
fn excesses(compared: usize, above: usize, perhaps: usize, not_understood: usize) -> Excesses {
    let function = Arc::new(FunctionRef { module: "Companies".into(), function: "Contacts".into() });
    let excess = |severity, doubt| Excess {
        function: function.clone(),
        verb: Verb::Add,
        granted: Level::All,
        required: Level::None,
        severity,
        doubt,
        powers: Box::default(),
        line: None,
        uncertain: severity == Severity::Info,
    };
    let unread = |granted| Unread { function: function.clone(), verb: Verb::Add, granted, line: None };
    let mut all = vec![excess(Severity::Medium, None); above];
    all.extend(vec![excess(Severity::Info, Some(Arc::new(partial("a")))); perhaps]);
    let mut unreads = vec![unread(Granted::NoLevel); not_understood];
    unreads.extend(vec![unread(Granted::NotOffered); 7]);
    Excesses { above: all, unread: unreads, compared }
}

#[test]
fn exactly_a_quarter_is_not_wide() {
    assert_eq!(excesses(400, 100, 0, 0).is_wide(), Some(false));
    assert_eq!(excesses(400, 101, 0, 0).is_wide(), Some(true));
    assert_eq!(excesses(400, 100, 50, 0).is_wide(), Some(false), "what may be needed does not count");
}

#[test]
fn a_role_of_which_nothing_was_compared_is_neither_wide_nor_not() {
    assert_eq!(excesses(0, 0, 0, 0).is_wide(), None);
    assert_eq!(excesses(0, 0, 0, 5).is_wide(), None);
}

#[test]
fn what_was_not_understood_leaves_it_open_only_where_it_could_tip_it() {
    assert_eq!(excesses(400, 60, 0, 40).is_wide(), Some(false), "100 of 440 at most");
    assert_eq!(excesses(400, 80, 0, 40).is_wide(), None, "80 to 120 of 440");
    assert_eq!(excesses(400, 110, 0, 40).is_wide(), None, "110 is a quarter of 440");
    assert_eq!(excesses(400, 111, 0, 40).is_wide(), Some(true));
    assert_eq!(excesses(360, 60, 0, 40).is_wide(), Some(false), "100 of 400 is a quarter");
}

/// What a role with these rows gives above what these integrations need; `shared`: their names are.
fn of(settings: &[Setting], files: &[&RuleFile], shared: bool) -> Excesses {
    let catalog = built_in_catalog().expect("the embedded catalog has no problems");
    let mut needs = Requirements::default();
    for rules in files {
        needs.join(&Requirements::of(rules, &[], None, date(2026, 11, 22)));
    }
    let claim = |rules: &RuleFile| {
        let features = rules.features.iter();
        features.map(|(name, own)| (name.clone(), Requirements::of_feature(&own.needs))).collect::<Vec<_>>()
    };
    let undeclared: Vec<_> = files.iter().map(|rules| claim(rules)).collect();
    let claims: Vec<_> = files
        .iter()
        .zip(&undeclared)
        .map(|(rules, own)| Claim {
            rules,
            undeclared: own.iter().map(|(name, needs)| (name.as_str(), needs.clone())).collect(),
            shared_name: shared,
        })
        .collect();
    Excesses::of(&Rights::new(settings, &catalog), &needs, &claims, &catalog)
}

/// A row that gives so much of Edit and nothing else.
fn edit((module, function): (&str, &str), level: Level) -> Setting {
    let mut row = setting(module, function, &Grant::Level(Level::None));
    row.grants.set(Verb::Edit, Grant::Level(level));
    row
}

/// How bad Edit = All on these functions is where only this file's integration is bound, and why it is in doubt.
fn rated(needs: &str, shared: bool) -> Vec<(Severity, Option<Doubt>)> {
    let rules = rule_file("a", needs);
    let rows = [MEDIUM, HIGH, CRITICAL].map(|function| edit(function, Level::All));
    of(&rows, &[&rules], shared)
        .above
        .into_iter()
        .map(|own| (own.severity, own.doubt.as_deref().cloned()))
        .collect()
}

const CONTACTS: &str = "[needs.Companies]\nContacts = { inquire = \"All\" }\n";

#[test]
fn a_doubt_lowers_only_what_the_doubt_is_about() {
    let severities = |needs: &str, shared| {
        rated(needs, shared).into_iter().map(|(severity, _)| severity).collect::<Vec<_>>()
    };
    let (medium, high, critical, info) =
        (Severity::Medium, Severity::High, Severity::Critical, Severity::Info);
    assert_eq!(severities(CONTACTS, false), [medium, high, critical]);
    assert!(rated(CONTACTS, false).iter().all(|(_, doubt)| doubt.is_none()));
    let partial_file = format!("partial = true\n{CONTACTS}");
    assert_eq!(severities(&partial_file, false), [info, high, critical], "a part only");
    assert!(rated(&partial_file, false).iter().all(|(_, doubt)| *doubt == Some(partial("a"))));
    assert_eq!(severities("asks_admin = true", false), [info, high, critical], "no list at all");
    assert_eq!(severities(CONTACTS, true), [medium, high, critical], "a name that others bear");
    let named = Some(Doubt::SharedName { rules: "a".into() });
    assert!(rated(CONTACTS, true).iter().all(|(_, doubt)| *doubt == named));
    let open = format!(
        "{CONTACTS}[[doubt]]\nfunctions = [\"System / Member Maintenance\"]\ntext = \"Nobody knows.\"\n"
    );
    assert_eq!(severities(&open, false), [medium, high, critical], "the source leaves one open");
    let doubts: Vec<_> = rated(&open, false).into_iter().map(|(_, doubt)| doubt).collect();
    let source = Doubt::Source { rules: "a".into(), text: "Nobody knows.".into() };
    assert_eq!(doubts, [None, None, Some(source)]);
    let both = "[[doubt]]\nfunctions = [\"Companies / Notes\"]\ntext = \"Nobody knows.\"\n";
    let both = rated(&format!("{partial_file}{both}"), false);
    let source = Doubt::Source { rules: "a".into(), text: "Nobody knows.".into() };
    assert_eq!(both[0], (info, Some(source)), "a doubt makes nothing of a part worse");
}

#[test]
fn a_feature_that_no_binding_names_makes_information_of_no_more_than_it_needs() {
    let feature = |level: &str| {
        format!(
            "{CONTACTS}[features.sync]\nsummary = \"S\"\n[features.sync.needs.System]\n\"Member Maintenance\" = {{ edit = \"{level}\" }}\n"
        )
    };
    let asked = Some(Doubt::UndeclaredFeature { rules: "a".into(), feature: "sync".into() });
    assert_eq!(rated(&feature("All"), false)[2], (Severity::Info, asked));
    assert_eq!(rated(&feature("My"), false)[2], (Severity::Critical, None), "All is more than it needs");
}

#[test]
fn excess_that_may_be_needed_is_not_counted_and_all_other_excess_is() {
    let counted = |needs: &str, shared| {
        let rules = rule_file("a", needs);
        // The catalog itself rates it as information.
        let rows = [MEDIUM, CRITICAL, ("Service Desk", "ConnectWise Chat")].map(|own| edit(own, Level::All));
        let all = of(&rows, &[&rules], shared);
        assert_eq!(all.above.len(), 3);
        all.certain().count()
    };
    assert_eq!(counted(CONTACTS, false), 3);
    assert_eq!(counted(CONTACTS, true), 3);
    assert_eq!(counted(&format!("partial = true\n{CONTACTS}"), false), 1);
    let open =
        format!("{CONTACTS}[[doubt]]\nfunctions = [\"Service Desk / ConnectWise Chat\"]\ntext = \"Open.\"\n");
    assert_eq!(counted(&open, false), 3, "a doubt of the source takes nothing off");
}

#[test]
fn a_row_that_the_catalog_does_not_know_may_be_a_needed_one_that_is_not_there() {
    let rules = rule_file("a", CONTACTS);
    let (contacts, strange) = (
        setting("Companies", "Contacts", &Grant::Level(Level::All)),
        edit(("Companies", "Quark"), Level::My),
    );
    let known = of(&[contacts.clone(), strange.clone()], &[&rules], false);
    let quark: Vec<_> = known.above.iter().filter(|own| &*own.function.function == "Quark").collect();
    assert_eq!((quark.len(), quark[0].severity, quark[0].granted), (1, Severity::Medium, Level::My));
    assert_eq!(known.unread.len(), 0);
    let unread = |settings: &[Setting], rules: &RuleFile| {
        let all = of(settings, &[rules], false);
        assert!(all.above.is_empty(), "{:?}", all.above);
        all.may_be_needed().map(|own| (own.function.to_string(), own.verb)).collect::<Vec<_>>()
    };
    assert_eq!(
        unread(std::slice::from_ref(&strange), &rules),
        [("Companies / Quark".to_owned(), Verb::Edit)]
    );
    let elsewhere = edit(("Physics", "Quark"), Level::My);
    let mut exact = setting("Companies", "Contacts", &Grant::Level(Level::None));
    exact.grants.set(Verb::Inquire, Grant::Level(Level::All));
    assert_eq!(
        unread(&[exact.clone(), elsewhere], &rules),
        [("Physics / Quark".to_owned(), Verb::Edit)],
        "a module that is not known"
    );
    let of_feature = rule_file(
        "b",
        "[needs.Companies]\nContacts = { inquire = \"All\" }\n[features.sync]\nsummary = \"S\"\n[features.sync.needs.Companies]\nNotes = { edit = \"All\" }\n",
    );
    assert_eq!(
        unread(&[exact.clone(), strange], &of_feature),
        [("Companies / Quark".to_owned(), Verb::Edit)],
        "a feature may need the row that is not there"
    );
    let nothing = edit(("Companies", "Quark"), Level::None);
    assert!(unread(&[nothing], &rules).is_empty(), "what gives nothing is no matter");
}

#[test]
fn what_was_not_understood_is_not_compared() {
    let rules = rule_file("a", CONTACTS);
    let row = |grant: &Grant| setting("Companies", "Notes", grant);
    let of_rows = |rows: &[Setting]| {
        let all = of(rows, &[&rules], false);
        (all.compared, all.above.len(), all.not_understood().count(), all.unread.len())
    };
    assert_eq!(of_rows(&[row(&Grant::NotOffered)]), (0, 0, 0, 4));
    assert_eq!(of_rows(&[row(&Grant::Absent)]), (0, 0, 4, 4));
    assert_eq!(of_rows(&[row(&Grant::Unknown("Some".into()))]), (0, 0, 4, 4));
    let twice = [row(&Grant::Level(Level::My)), row(&Grant::Level(Level::All))];
    assert_eq!(of_rows(&twice), (0, 0, 4, 4), "two rows that disagree");
    assert_eq!(of_rows(&[row(&Grant::Level(Level::None))]), (4, 0, 0, 0));
}

#[test]
fn critical_excess_and_dangerous_powers_are_listed_in_a_wide_role_too() {
    let rules = rule_file("a", CONTACTS);
    let rows = [MEDIUM, CRITICAL].map(|function| edit(function, Level::All));
    let all = of(&rows, &[&rules], false);
    let listed: Vec<_> = all.above.iter().map(Excess::is_listed_in_wide_role).collect();
    assert_eq!(listed, [false, true]);
    assert!(all.above[1].powers.contains(&Power::TakeOver), "{:?}", all.above[1].powers);
    let lowered = Excess { severity: Severity::Info, ..all.above[1].clone() };
    assert!(lowered.is_listed_in_wide_role(), "for its power");
    assert!(!Excess { powers: [Power::Money].into(), ..lowered }.is_listed_in_wide_role());
}

#[test]
fn a_power_that_nobody_has_shown_is_not_given() {
    // Edit on Contacts may let a stranger pass for a customer: inferred.
    let rules = rule_file("a", "[needs.Companies]\nNotes = { inquire = \"All\" }\n");
    let all = of(&[edit(("Companies", "Contacts"), Level::All)], &[&rules], false);
    assert_eq!((all.above.len(), &*all.above[0].powers), (1, [].as_slice()));
}
