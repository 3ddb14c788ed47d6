//! `rules new`: a rule file out of a role or a vendor's table.

use std::path::Path;

use crate::support::{Ran, leastwise, project};

const NAMED: [&str; 6] = ["--vendor", "Acme", "--product", "Sync", "--source", "https://acme.example/psa"];

fn from_csv(csv: &str) -> Ran {
    let args = ["rules", "new", "acme-sync", "--from-csv", "-"];
    leastwise(args.into_iter().chain(NAMED)).stdin(csv).run()
}

/// What a table becomes, as rows of TOML.
fn rows(csv: &str) -> String {
    let ran = from_csv(csv);
    assert_eq!(ran.code, 0, "{ran:?}");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.toml"), &ran.stdout).expect("a file");
    let lint = leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run();
    assert_eq!((lint.code, lint.stdout.as_str()), (0, ""), "what is written lints without a warning");
    let start = ran.stdout.find("[needs").expect("needs");
    ran.stdout[start..].to_owned()
}

const CONTACTS_AND_TICKETS: &str = "[needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n\n\
    [needs.\"Service Desk\"]\n\"Service Tickets\" = { add = \"My\", edit = \"All\", inquire = \"All\" }\n";

#[test]
fn a_vendors_table_is_read_whatever_its_form() {
    let tables = [
        "Module,Function,Add,Edit,Delete,Inquire\nCompanies,Contacts,None,None,None,All\nService Desk,Service Tickets,My,All,None,All\n",
        "Module;Function;Add Level;Edit Level;Delete Level;Inquire Level\nCompany;Contact;;;;all\nServiceDesk;service ticket (customize);my;ALL;-;All\n",
        "Security Module\tSub Module\tInquire\tCreate\tUpdate\tRemove\nCompanies\tContacts\tAll\nService Desk\tService Tickets\tAll\tMine\tAll\tNo\n",
        "| Function | Add | Edit | Delete | View |\n|---|---|---|---|---|\n| **Companies** | | | | |\n| Contacts | - | - | - | All |\n| Service Desk | | | | |\n| Service Tickets | My | All | n/a | All |\n",
        "What we need,,\nFunction,Permissions,\nCompanies / Contacts,Inquire: All,\nService Desk > Service Tickets,\"Add = My, Edit and Inquire = All\",\n",
        "Companies,Contacts,None,None,None,All\n,,,,,\nService Desk,Service Tickets,My,All,None,All\n",
    ];
    for table in tables {
        assert_eq!(rows(table), CONTACTS_AND_TICKETS, "{table}");
    }
}

#[test]
fn what_a_cell_says_beside_a_level_is_kept() {
    let rows = rows(
        "Module,Function,Add,Inquire,Customize,Notes\n\
         System,Setup Tables,All (at set-up),x,\"Service Board; Priority\nConfiguration\",\"finds\nboards\"\n",
    );
    insta::assert_snapshot!(rows, @r#"
    [needs.System]
    "Table Setup" = { add = "All", inquire = "All", implied = ["inquire"], why = "finds boards", unclear = "Add: (at set-up)", allow = ["Service / Service Board", "Service / Priority", "Company / Configuration"] }
    "#);
}

#[test]
fn every_problem_of_a_table_is_named_by_its_line() {
    let ran = from_csv(
        "Module,Function,Add,Edit,Delete,Inquire\n\
         Compnies,Contacts,,,,All\n\
         Companies,Contatcs,,,,All\n\
         Companies,Contacts,,,,Sometimes\n\
         ,Agreements,,,,All\n",
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(ran.stderr, @r#"
    error: 4 problems, nothing was judged:
    -:2:1: "Compnies" is not a module of the PSA (did you mean "Companies"?)
    -:3:11: "Contatcs" is not a function of Companies (did you mean "Contacts"?)
    -:4:23: "Sometimes" is not a level (write All, My or None, or x where the vendor gives no level)
    -:5:2: "Agreements" is not a function of Companies (did you mean "Agreements" of module Finance?)
    "#);
}

#[test]
fn a_table_without_headings_or_needs_is_refused() {
    for (csv, said) in [
        ("a,b\nc,d\n", "no row of headings was found (give the columns names: Module, Function"),
        ("", "no row of headings was found"),
        ("Function,Inquire\nContacts,None\n", "no row of the table asks for anything"),
        ("Function,Inquire\nReports,All\n", "several modules have \"Reports\""),
        ("Function,Inquire\n\"Contacts,All\n", "-:2:1: a quote starts here and does not end"),
        ("Function,Tables,Inquire\nTable Setup,Board,All\n", "the table \"Board\" has no category"),
        ("Function,Access\nContacts,Purge\n", "\"Purge\" is neither a verb nor a level"),
    ] {
        let ran = from_csv(csv);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{csv}");
        assert!(ran.stderr.contains(said), "{csv}: {}", ran.stderr);
    }
}

#[test]
fn a_role_becomes_a_rule_file_but_for_what_lets_its_key_take_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = project().join("fixtures/acme-msp.json");
    let snapshot = snapshot.to_str().expect("a path");
    let file = folder.path().join("report-export.toml");
    let file = file.to_str().expect("a path");
    let args =
        ["rules", "new", "report-export", "--from-role", "report export", "--snapshot", snapshot, "-o", file];
    let ran = leastwise(args.into_iter().chain(NAMED)).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = std::fs::read_to_string(file).expect("the rule file");
    assert!(text.contains("basis = \"inferred\"") && text.contains("roles = [\"Report Export\"]"), "{text}");
    let rules = folder.path().to_str().expect("a path");
    let audit = leastwise([
        "audit",
        "--snapshot",
        snapshot,
        "--integration",
        "report-export",
        "--rules-dir",
        rules,
        "--format",
        "json",
        "--all",
    ])
    .run();
    let grants: Vec<_> = audit
        .results()
        .into_iter()
        .filter(|result| ["LW101", "LW102"].contains(&result["check"].as_str().unwrap_or_default()))
        .collect();
    let off =
        grants.iter().filter(|result| ["fail", "unknown"].iter().any(|status| result["status"] == *status));
    let off: Vec<_> =
        off.map(|result| format!("{} {} {}", result["check"], result["function"], result["verb"])).collect();
    assert_eq!(off, [r#""LW102" "Member Maintenance" "edit""#], "{ran:?}");
    assert!(
        ran.stderr
            .contains("System / Member Maintenance, edit All: left out, since its key could give itself"),
        "{}",
        ran.stderr
    );
    assert!(!text.contains("Member Maintenance\" = { edit"), "{text}");
}

#[test]
fn an_admin_role_and_a_role_that_is_not_there_say_nothing_of_needs() {
    for (role, said) in [
        ("Admin", "is an admin role: it has everything, and says nothing of what is needed"),
        ("Umbrela", "did you mean \"Umbrella\"?"),
    ] {
        let args = ["rules", "new", "x", "--from-role", role, "--snapshot", "fixtures/acme-msp.json"];
        let ran = leastwise(args).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{role}");
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn what_is_left_blank_is_found_by_lint_and_what_is_there_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = |id: &str| leastwise(["rules", "new", id, "-o", "a.toml"]).folder(folder.path()).run();
    let first = new("acme-sync");
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.stderr.contains("fill in vendor, product, source in a.toml"), "{}", first.stderr);
    let lint = leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run();
    assert_eq!(lint.code, 2);
    for key in ["vendor", "product", "source"] {
        assert!(lint.stdout.contains(&format!("`{key}` is blank")), "{}", lint.stdout);
    }
    let again = new("acme-sync");
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("a.toml is there already"), "{}", again.stderr);
    let bad_id = leastwise(["rules", "new", "Acme Sync"]).run();
    assert_eq!((bad_id.code, bad_id.stdout.as_str()), (2, ""));
    assert!(bad_id.stderr.contains("\"Acme Sync\" is not an id"), "{}", bad_id.stderr);
    assert!(!Path::new("Acme Sync").exists());
}

/// What a page looks like when it is copied whole: a table for each module, prose between them.
#[test]
fn a_page_that_was_copied_whole_is_read() {
    let page = "PSA Permissions\n\nThe account must be assigned, first, a role with these modules.\n\n\
        Companies Security Module\n\nSecurity Module Parameter\tAdd Level\tEdit Level\tDelete Level\tInquire Level\n\
        Contacts\tNone\tNone\tNone\tAll\n\nUsed for: discovering, fetching, and listing.\n\n\
        Service Desk Security Module\n\nSecurity Module Parameter\tInquire Level\tAdd Level\tEdit Level\n\
        Service Tickets\tAll\tMy\tAll\n";
    assert_eq!(rows(page), CONTACTS_AND_TICKETS);
}

#[test]
fn cells_that_moved_left_and_levels_in_words_are_read() {
    let moved = "| Category | Sub-category | Add Level | Edit Level | Delete Level | Inquire Level |\n|---|---|---|---|---|---|\n\
        | Companies | Company Maintenance | None | None | None | All |\n| Contacts (* see below) | None | None | None | All | |\n";
    assert!(rows(moved).ends_with(
        "\"Company Maintenance\" = { inquire = \"All\" }\n\"Contacts\" = { inquire = \"All\" }\n"
    ));
    let in_words = "Module | Action | Level Setting |\n---|---|---|\n\
        Companies | Contacts | Add Level set to MY Inquire Level set to ALL * only for billing |\n";
    let expected = "[needs.Companies]\n\"Contacts\" = { add = \"My\", inquire = \"All\", unclear = \"only for billing\" }\n";
    assert_eq!(rows(in_words), expected);
}

#[test]
fn a_column_of_customized_levels_holds_entries() {
    let table = "Module | Add Level | Inquire Level | Customized levels needed |\n---|---|---|---|\n\
        Contacts | None | All | |\nTable setup | None | All | Company / Company Type, Service Board\n\
        Configurations | None | None | Managed Server\n";
    insta::assert_snapshot!(rows(table), @r#"
    [needs.Companies]
    "Contacts" = { inquire = "All" }

    [needs.System]
    "Table Setup" = { inquire = "All", allow = ["Company / Company Type", "Service / Service Board"] }
    "#);
    let said = from_csv(table).stderr;
    assert!(said.contains("Configurations (line 5) has entries and no level: left out"), "{said}");
}

/// The tutorial in docs/rule-files.md, followed to the letter.
#[test]
fn the_tutorial_leads_to_a_tested_rule_file() {
    let page = std::fs::read_to_string(project().join("docs/rule-files.md")).expect("the page");
    let tutorial = page.split("## From a vendor's page").nth(1).expect("the tutorial");
    let block = |language: &str| {
        let start = tutorial.split(&format!("```{language}\n")).nth(1).expect("a block");
        start.split("```").next().expect("its end").to_owned()
    };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("table.csv"), block("csv")).expect("a file");
    let mut commands: Vec<_> =
        tutorial.split("```sh\n").skip(1).map(|text| text.split("```").next().expect("its end")).collect();
    commands.push("leastwise rules show acme-sync --rules-dir my-rules");
    assert_eq!(commands.len(), 4);
    for command in commands {
        let words = command.replace("\\\n", " ").replace("\"Ticket Sync\"", "Ticket_Sync");
        let words = words.split_whitespace().skip(1).map(|word| word.replace('_', " "));
        let ran = leastwise(words).folder(folder.path()).run();
        assert_eq!(ran.code, 0, "{command}: {ran:?}");
    }
    let written =
        std::fs::read_to_string(folder.path().join("my-rules/acme-sync.toml")).expect("the rule file");
    assert_eq!(written, block("toml"));
    assert!(folder.path().join("my-rules/acme-sync.test/exact.json").is_file());
}

#[test]
fn a_table_that_is_no_text_or_too_large_is_refused() {
    for (bytes, said) in [
        (b"Function,Inquire\nContacts,caf\xe9\n".to_vec(), "-:2:13: the text is not UTF-8"),
        (vec![b'x'; 10 * 1024 * 1024], "the file is larger than 1048576 bytes"),
    ] {
        let ran = leastwise(["rules", "new", "x", "--from-csv", "-"]).stdin(bytes).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}
