//! Cisco Umbrella: its needs are those of Cisco's page, each is missed, and everything else is too much.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use leastwise::checks::{Finding, Status};
use leastwise::model::{Grant, Level, RoleId, Setting, Tenant, Verb};
use leastwise::rules::Target;
use leastwise::source::snapshot;

use crate::support::project;
use crate::tiny::{By, Judged, judge, library, rows};

/// The role "Parapluie" of the fixture, which Umbrella's member holds.
const ROLE: RoleId = RoleId(21);

/// Cisco document 225008, typed off by hand: module, function, verb; each at All.
const CISCO: [(&str, &str, Verb); 10] = [
    ("Companies", "Company Maintenance", Verb::Inquire),
    ("Companies", "Configurations", Verb::Add),
    ("Companies", "Configurations", Verb::Edit),
    ("Companies", "Configurations", Verb::Inquire),
    ("Service Desk", "Service Tickets", Verb::Add),
    ("Service Desk", "Service Tickets", Verb::Edit),
    ("Service Desk", "Service Tickets", Verb::Inquire),
    ("System", "Table Setup", Verb::Add),
    ("System", "Table Setup", Verb::Edit),
    ("System", "Table Setup", Verb::Inquire),
];

const CISCO_TABLES: [&str; 3] = ["Company / Configuration", "Service / Priority", "Service / Service Board"];

fn fixture() -> Tenant {
    static FIXTURE: OnceLock<Tenant> = OnceLock::new();
    let read = || {
        let bytes = std::fs::read(project().join("fixtures/parapluie.json")).expect("the fixture");
        snapshot::parse(&bytes).expect("the fixture is readable")
    };
    FIXTURE.get_or_init(read).clone()
}

fn row<'t>(tenant: &'t mut Tenant, module: &str, function: &str) -> &'t mut Setting {
    let settings = rows(tenant.settings.get_mut(&ROLE).expect("the role's settings"));
    let is_it = |row: &&mut Setting| &*row.module == module && &*row.function == function;
    settings.iter_mut().find(is_it).unwrap_or_else(|| panic!("{module} / {function}"))
}

/// The fixture with one verb at another level, judged.
fn with(module: &str, function: &str, verb: Verb, level: Level) -> Judged {
    let mut tenant = fixture();
    row(&mut tenant, module, function).grants.set(verb, Grant::Level(level));
    judge(&tenant, &By::default())
}

fn is_of(finding: &Finding, module: &str, function: &str, verb: Verb) -> bool {
    finding.role.as_ref().map(|role| role.id) == Some(ROLE)
        && finding.function.as_ref().is_some_and(|own| &*own.module == module && &*own.function == function)
        && finding.verb == Some(verb)
}

#[test]
fn the_rule_file_asks_for_what_ciscos_page_asks_for_and_no_more() {
    let library = library();
    let rules = library.get("cisco-umbrella").expect("the rule file");
    let mut needs = BTreeSet::new();
    for (target, need) in &rules.needs.rows {
        let Target::Function(id) = target else { panic!("Umbrella needs no whole module") };
        let function = library.catalog.function(*id);
        let module = library.catalog.module_name(function.module);
        for verb in Verb::ALL {
            if let Some(level) = need.level(verb) {
                assert_eq!(level.level, Level::All);
                assert!(!level.implied && !level.setup_only);
                needs.insert((module, function.name.as_str(), verb));
            }
        }
        let tables = need.allow.as_ref().map(|allow| allow.entries.clone()).unwrap_or_default();
        let expected = if function.name == "Table Setup" { CISCO_TABLES.to_vec() } else { Vec::new() };
        assert_eq!(tables, expected, "{}", function.name);
    }
    assert_eq!(needs, BTreeSet::from(CISCO));
    assert!(rules.features.is_empty() && !rules.partial);
}

#[test]
fn the_fixture_is_exact() {
    let judged = judge(&fixture(), &By::default());
    let off: Vec<_> = judged.results.iter().filter(|own| own.status == Status::Fail).collect();
    assert!(off.is_empty(), "{off:#?}");
}

#[test]
fn each_level_below_a_need_is_one_finding_that_names_it() {
    for (module, function, verb) in CISCO {
        for lower in [Level::My, Level::None] {
            let judged = with(module, function, verb, lower);
            let case = format!("{module} / {function} {verb} at {lower}");
            let findings = judged.fails("LW101");
            assert_eq!(findings.len(), 1, "{case}: {findings:#?}");
            let finding = findings[0];
            assert!(is_of(finding, module, function, verb), "{case}: {finding:?}");
            assert_eq!(finding.role.as_ref().map(|role| &*role.name), Some("Parapluie"), "{case}");
            assert_eq!(finding.integration_id(), Some("cisco-umbrella"), "{case}");
            assert_eq!(finding.actual().as_deref(), Some(lower.as_str()), "{case}");
            assert_eq!(finding.required().as_deref(), Some("All"), "{case}");
            assert!(judged.fails("LW102").is_empty(), "{case}");
        }
    }
}

#[test]
fn each_level_above_need_on_any_of_the_112_functions_is_one_finding_that_names_it() {
    let functions: Vec<_> = rows(fixture().settings.get_mut(&ROLE).expect("the settings"))
        .iter()
        .map(|row| (row.module.clone(), row.function.clone()))
        .collect();
    assert_eq!(functions.len(), 112);
    let mut raised = 0;
    for (i, (module, function)) in functions.iter().enumerate() {
        let unneeded = Verb::ALL.into_iter().filter(|verb| !CISCO.contains(&(module, function, *verb)));
        for verb in unneeded {
            // Also where the fixture's PSA does not offer the verb: another one may.
            let higher = if i % 2 == 0 { Level::My } else { Level::All };
            let judged = with(module, function, verb, higher);
            let case = format!("{module} / {function} {verb} at {higher}");
            let findings = judged.fails("LW102");
            assert_eq!(findings.len(), 1, "{case}: {findings:#?}");
            assert!(is_of(findings[0], module, function, verb), "{case}");
            assert_eq!(findings[0].actual().as_deref(), Some(higher.as_str()), "{case}");
            assert_eq!(findings[0].required().as_deref(), Some("None"), "{case}");
            assert!(judged.fails("LW101").is_empty(), "{case}");
            raised += 1;
        }
    }
    assert_eq!(raised, 112 * 4 - CISCO.len());
}
