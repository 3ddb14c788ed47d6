//! The powers of the catalog, against a table of their own: whoever changes one has to change both.

use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise::model::{Power, Severity, Verb};
use leastwise::rules::{Catalog, FunctionId, GivenKind, GivenPower, built_in_catalog};

/// Power, whether it is sure (`+`) or inferred (`?`), verbs (a, e, d, i), and the functions.
const FUNCTIONS: &str = "
take-over + ae System: Security Roles; Member Maintenance; Manage Hosted API
take-over ? ae System: Custom Menu Entry; My Account; Today Links
reach-customers + aedi Service Desk: ConnectWise Control; Launch Remote Access
reach-customers ? ae Service Desk: CloudConsole; ConnectWise Manage Network
reach-customers ? ae Companies: Management; Contacts
read-secrets + aei Companies: Configuration - Display Passwords
read-secrets ? i Service Desk: ITBoost
read-secrets ? i System: Table Setup
read-customers + i Service Desk: Service Tickets; Service Ticket - Dependencies; Reports
read-customers + i Companies: Contacts; Company Maintenance; Configurations; Notes; Manage Attachments
read-customers + i Companies: CRM/Sales Activities; Reports
read-customers + i Project: Project Tickets; Project Notes; Project Contacts; Project Ticket - Dependencies; Project Reports
read-customers + i System: Email Audit; API Reports; Report Writer; List View Export; System Reports
read-customers + i Finance: Reports
read-customers + i Marketing: Marketing Reports
read-customers + i Procurement: Reports
read-customers + i Sales: Reports
read-customers + i Time & Expense: Reports
money + aed Finance: Accounting Interface; Agreement Invoicing; Agreement Sales; Agreements; Billing Rate Maintenance
money + aed Finance: Billing Reconciliation; Billing View Time; Company Finance; Expense Reimbursements
money + aed Finance: Invoice Approval; Invoicing
money + aed Procurement: Products; Product Catalog; Product Billable Option; Purchase Orders; Inventory Adjustments
money + aed Project: Project Finance
money + aed Sales: Sales Orders Finance
money + aed Service Desk: Service Tickets - Finance
money + aed Time & Expense: Time Entry; Time Approval; Time Entry Billable Option; Expense Report Entry
money + aed System: Add Licenses
money ? aed System: Member Maintenance - Finance
send-as-us + ae Service Desk: Service Tickets; Service Ticket - Dependencies
send-as-us + ae Companies: Tracks
send-as-us + ae Marketing: Marketing Management; ConnectWise Campaign
send-as-us ? ae Time & Expense: Time Entry
destroy + ae System: Mass Maintenance; Data Import
destroy + ae Companies: Import Contacts
cover-tracks + ae Service Desk: Close Service Tickets; Merge Tickets; Change Approvals
cover-tracks + ae Project: Close Project Tickets
cover-tracks + d Service Desk: Service Tickets
";

/// The same of tables.
const TABLES: &str = "
take-over + ae General: Integrator Login; Manage Hosted API
take-over ? ae General: Links; Today Page Links
reach-customers + ae Company: Management IT; Managed Devices Integration
reach-customers + ae General: Workflow Rules
read-secrets ? i Company: Management IT; Managed Devices Integration; Management Email
money + ae Invoicing: Billing Cycle; Billing Setup; Billing Status; Billing Terms; Delivery Method; Formats
money + ae Invoicing: Invoice Templates; Shipment Methods; Tax code
money + ae General Ledger: Accounting Package; GL Accounts
send-as-us + ae General: Workflow Rules
cover-tracks + ae General: Workflow Rules
";

/// A verb of a function or table, a power, and whether it is inferred.
type Given = (String, Verb, Power, bool);

fn expected(table: &str) -> BTreeSet<Given> {
    let mut all = BTreeSet::new();
    for line in table.trim().lines() {
        let (head, names) = line.split_once(": ").expect("a colon");
        let words: Vec<_> = head.splitn(4, ' ').collect();
        let power = Power::from_word(words[0]).expect(line);
        for name in names.split("; ") {
            for verb in Verb::ALL {
                if words[2].contains(&verb.as_str()[..1]) {
                    all.insert((format!("{} / {name}", words[3]), verb, power, words[1] == "?"));
                }
            }
        }
    }
    all
}

fn catalog() -> Arc<Catalog> {
    built_in_catalog().expect("the catalog is sound")
}

fn each_verb(catalog: &Catalog) -> impl Iterator<Item = (FunctionId, Verb)> {
    catalog.functions().flat_map(|(id, _)| Verb::ALL.map(|verb| (id, verb)))
}

/// What is given, each with its name.
fn given(name: &str, verb: Verb, powers: &[GivenPower]) -> Vec<Given> {
    let unconditional = powers.iter().filter(|given| !matches!(given.kind, GivenKind::Conditional { .. }));
    unconditional
        .map(|given| (name.to_owned(), verb, given.power, given.kind == GivenKind::Inferred))
        .collect()
}

#[test]
fn the_catalog_gives_these_powers_and_no_others() {
    let catalog = catalog();
    let mut expected = expected(FUNCTIONS);
    for (id, verb) in each_verb(&catalog) {
        if verb == Verb::Delete && catalog.function(id).sensitivity.of(verb) >= Severity::High {
            expected.insert((catalog.full_name(id), verb, Power::Destroy, false));
        }
    }
    let found = each_verb(&catalog)
        .filter(|&(id, _)| !catalog.is_table_setup(id))
        .flat_map(|(id, verb)| given(&catalog.full_name(id), verb, catalog.powers_of(id, verb)));
    let own = |given: &Given| given.0 != "System / Table Setup";
    assert_eq!(found.collect::<BTreeSet<_>>(), expected.into_iter().filter(own).collect());
}

#[test]
fn the_tables_give_these_powers_and_no_others() {
    let catalog = catalog();
    let found = catalog.tables().iter().flat_map(|table| {
        Verb::ALL.into_iter().flat_map(|verb| {
            given(&table.name, verb, catalog.powers_of_table(&table.name.to_uppercase(), verb))
        })
    });
    assert_eq!(found.collect::<BTreeSet<_>>(), expected(TABLES));
    let of_a_tenant = catalog.powers_of_table("Invoicing / Something Of Theirs", Verb::Edit);
    assert_eq!(of_a_tenant.iter().map(|given| given.power).collect::<Vec<_>>(), [Power::Money]);
    assert!(catalog.powers_of_table("Service / Something Of Theirs", Verb::Edit).is_empty());
}

/// What Table Setup gives follows from the tables: conditional where a table surely gives it.
#[test]
fn table_setup_gives_what_its_tables_give() {
    let catalog = catalog();
    let (id, _) = catalog.functions().find(|(id, _)| catalog.is_table_setup(*id)).expect("Table Setup");
    for verb in [Verb::Add, Verb::Edit, Verb::Inquire] {
        let found: BTreeSet<_> = catalog
            .powers_of(id, verb)
            .iter()
            .map(|given| (given.power, given.kind == GivenKind::Inferred))
            .collect();
        let tables = expected(TABLES).into_iter().filter(|table| table.1 == verb);
        let own =
            expected(FUNCTIONS).into_iter().filter(|own| own.0.ends_with("Table Setup") && own.1 == verb);
        assert_eq!(
            found,
            tables.chain(own).map(|(_, _, power, inferred)| (power, inferred)).collect(),
            "{verb}"
        );
    }
    let delete: Vec<_> = catalog.powers_of(id, Verb::Delete).iter().map(|given| given.power).collect();
    assert_eq!(delete, [Power::Destroy]);
    let edit = catalog.powers_of(id, Verb::Edit);
    let tables = edit.iter().find_map(|given| match &given.kind {
        GivenKind::Conditional { tables } if given.power == Power::TakeOver => Some(tables.clone()),
        _ => None,
    });
    assert_eq!(tables.unwrap_or_default(), ["General / Integrator Login", "General / Manage Hosted API"]);
    assert!(
        edit.iter().all(|given| given.kind != GivenKind::Sure),
        "its customise list may take it all away"
    );
}

#[test]
fn a_verb_is_critical_where_it_surely_gives_a_dangerous_power() {
    let catalog = catalog();
    for (id, verb) in each_verb(&catalog) {
        let powers = catalog.powers_of(id, verb);
        let dangerous =
            powers.iter().any(|given| given.power.is_dangerous() && given.kind == GivenKind::Sure);
        let critical = catalog.function(id).sensitivity.of(verb) == Severity::Critical;
        assert_eq!(critical, dangerous, "{} {verb}", catalog.full_name(id));
    }
}

#[test]
fn every_power_says_why_and_the_worst_comes_first() {
    let catalog = catalog();
    for (id, verb) in each_verb(&catalog) {
        let powers = catalog.powers_of(id, verb);
        assert!(powers.is_sorted_by_key(|given| given.power), "{}", catalog.full_name(id));
        assert!(powers.iter().all(|given| !given.why.ends_with('.') && !given.why.is_empty()));
    }
}

#[test]
fn a_power_that_does_not_exist_is_refused_at_its_place() {
    let text = "[[module]]\nname = \"M\"\n[[module.function]]\nname = \"F\"\npowers = [\n  { power = \"take-ovr\", verbs = [\"write\"], why = \"w\" },\n]\n";
    let problems = Catalog::parse("catalog.toml", text).expect_err("two words are wrong").to_string();
    assert!(
        problems.contains("6:13: \"take-ovr\" is not a power (did you mean \"take-over\"?)"),
        "{problems}"
    );
    assert!(problems.contains("\"write\" is not a verb"), "{problems}");
}
