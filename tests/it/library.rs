//! Every rule file of the library: it is whole, it is found by its own names only, and a role that is
//! made from it is exact.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use leastwise::access::Requirements;
use leastwise::checks::Certainty;
use leastwise::model::{Grant, Grants, Level, Severity, Tenant, Verb, fold_name};
use leastwise::rules::{Catalog, FunctionId, RuleFile, built_in_files};

use crate::tiny::{By, Judged, TODAY, Tiny, all, library, rows, setting, tiny};

const ROLE: i64 = 5;

/// Everything that a rule file asks for, features included.
fn needs(rules: &RuleFile) -> Requirements {
    let features: Vec<_> = rules.features.keys().cloned().collect();
    Requirements::of(rules, &features, None, TODAY)
}

fn required(needs: &Requirements, catalog: &Catalog, id: FunctionId, verb: Verb) -> Level {
    needs.level(id, catalog.function(id).module, verb)
}

/// A tenant whose only role grants exactly what the rule file asks for, on every function of the catalog.
fn tenant_of(rules: &RuleFile) -> Tiny {
    let (catalog, needs) = (&library().catalog, needs(rules));
    tiny().role(ROLE, "Made", &[]).api(50, "made", ROLE).change(|tenant| {
        let settings = rows(tenant.settings.get_mut(&leastwise::model::RoleId(ROLE)).expect("the role"));
        settings.extend(catalog.functions().map(|(id, function)| {
            let mut row = setting(catalog.module_name(function.module), &function.name, "NNNN");
            row.grants = Grants::from_fn(|verb| Grant::Level(required(&needs, catalog, id, verb)));
            row
        }));
    })
}

/// Binds the role to the rule file, with all its features.
fn config(rules: &RuleFile) -> String {
    let mut config = format!("[[tenant.tiny.integration]]\nrules = \"{}\"\nmember = \"made\"\n", rules.id);
    let features: Vec<_> = rules.features.keys().collect();
    let _ = writeln!(config, "features = {features:?}");
    config
}

fn judge(rules: &RuleFile, tenant: &Tenant) -> Judged {
    crate::tiny::judge(tenant, &By { config: &config(rules), request: all(), ..By::default() })
}

fn with(tenant: &Tenant, id: FunctionId, verb: Verb, level: Level) -> Tenant {
    let mut tenant = tenant.clone();
    let settings = rows(tenant.settings.get_mut(&leastwise::model::RoleId(ROLE)).expect("the role"));
    settings[id.0].grants.set(verb, Grant::Level(level));
    tenant
}

#[test]
fn every_embedded_file_is_read_and_named_by_its_id() {
    let files: BTreeSet<_> = built_in_files()
        .filter_map(|(path, _)| path.strip_suffix(".toml"))
        .filter(|path| !path.contains('/'))
        .collect();
    let ids: BTreeSet<_> = library().iter().map(|rules| rules.id.as_str()).collect();
    assert_eq!(ids, files);
    assert!(ids.len() >= 78, "{}", ids.len());
}

#[test]
fn no_two_files_are_found_by_the_same_name() {
    let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for rules in library().iter() {
        let names = [
            ("role", &rules.matches.roles),
            ("member", &rules.matches.members),
            ("login", &rules.matches.logins),
        ];
        for (kind, names) in names {
            for name in names {
                let folded = fold_name(name);
                assert!(!folded.is_empty(), "{}: \"{name}\" folds to nothing", rules.id);
                let owner = owners.insert((kind, folded), &rules.id);
                assert!(
                    owner.is_none_or(|other| other == rules.id),
                    "{kind} {name}: {} and {owner:?}",
                    rules.id
                );
            }
        }
    }
}

#[test]
fn a_role_made_from_a_rule_file_is_exact() {
    for rules in library().iter() {
        let judged = judge(rules, &tenant_of(rules).0);
        let off: Vec<_> = judged.fails("LW101").into_iter().chain(judged.fails("LW102")).collect();
        assert!(off.is_empty(), "{}: {off:#?}", rules.id);
        assert!(
            judged.of("LW101").iter().all(|own| own.function.is_none()),
            "{}: nothing is unknown",
            rules.id
        );
    }
}

#[test]
fn each_need_of_each_rule_file_is_missed_by_name() {
    let catalog = &library().catalog;
    for rules in library().iter() {
        let (needs, tenant) = (needs(rules), tenant_of(rules).0);
        for (id, _) in catalog.functions() {
            for verb in Verb::ALL {
                let required = required(&needs, catalog, id, verb);
                // One step down; two are no nearer.
                if let Some(lower) = Level::ALL.into_iter().rfind(|level| *level < required) {
                    let judged = judge(rules, &with(&tenant, id, verb, lower));
                    let case = format!("{}: {} {verb} at {lower}", rules.id, catalog.full_name(id));
                    let expected = format!("{} {verb} {lower} -> {required}", catalog.full_name(id));
                    assert_eq!(judged.grants("LW101"), [expected], "{case}");
                    assert!(judged.fails("LW102").is_empty(), "{case}");
                }
            }
        }
    }
}

#[test]
fn each_grant_above_each_rule_file_is_one_finding_rated_by_the_catalog() {
    let catalog = &library().catalog;
    for rules in library().iter().filter(|rules| !rules.asks_admin()) {
        let (needs, tenant) = (needs(rules), tenant_of(rules).0);
        // All at once, which is one judgement, and then told apart.
        let mut raised = tenant.clone();
        let mut expected = BTreeSet::new();
        for (id, function) in catalog.functions() {
            for verb in Verb::ALL {
                let required = required(&needs, catalog, id, verb);
                if required < Level::All {
                    raised = with(&raised, id, verb, Level::All);
                    let rated = function.sensitivity.of(verb);
                    let unlisted = rules.is_partial() || rules.asks_admin();
                    let rated = if unlisted && rated < Severity::High { Severity::Info } else { rated };
                    expected.insert((format!("{} {verb} All -> {required}", catalog.full_name(id)), rated));
                }
            }
        }
        let judged = judge(rules, &raised);
        let findings = judged.fails("LW102");
        let found: BTreeSet<_> = findings.iter().map(|own| (crate::tiny::grant(own), own.severity)).collect();
        assert_eq!(found, expected, "{}", rules.id);
        assert_eq!(findings.len(), expected.len(), "{}: each once", rules.id);
        assert!(judged.fails("LW101").is_empty(), "{}", rules.id);
    }
}

/// Without a list nothing is missing, and nothing is surely in excess, whatever the role has.
#[test]
fn a_vendor_that_asks_for_admin_leaves_nothing_to_compare() {
    let asking: Vec<_> = library().iter().filter(|rules| rules.asks_admin()).collect();
    assert!(asking.len() >= 2, "{}", asking.len());
    for rules in asking {
        let mut tenant = tenant_of(rules).0;
        for (id, _) in library().catalog.functions() {
            tenant = with(&tenant, id, Verb::Edit, Level::All);
        }
        let judged = judge(rules, &tenant);
        assert!(judged.fails("LW101").is_empty(), "{}", rules.id);
        let excess = judged.fails("LW102");
        assert!(
            !excess.is_empty() && excess.iter().all(|own| own.certainty == Certainty::Inferred),
            "{}",
            rules.id
        );
        assert!(excess.iter().all(|own| own.message().contains("publishes no list")), "{}", rules.id);
        assert!(judged.fails("LW309").is_empty(), "{}: its member is accounted for", rules.id);
    }
}
