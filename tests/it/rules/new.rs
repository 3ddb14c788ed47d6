//! `rules new`: a rule file out of a role or a vendor's table.

use std::path::Path;

use crate::support::{Ran, leastwise, project};

const NAMED: [&str; 6] = ["--vendor", "Acme", "--product", "Sync", "--source", "https://acme.example/psa"];

fn from_table(table: &str) -> Ran {
    let args = ["rules", "new", "acme-sync", "--from-table", "-"];
    leastwise(args.into_iter().chain(NAMED)).stdin(table).run()
}

/// What a table becomes, as rows of TOML.
fn rows(csv: &str) -> String {
    let ran = from_table(csv);
    assert_eq!(ran.code, 0, "{csv}: {ran:?}");
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
    "Table Setup" = { add = "All", inquire = "All", implied = ["inquire"], why = "finds boards", allow = ["Service / Service Board", "Service / Priority", "Company / Configuration"] }

    [[doubt]]
    functions = ["System / Table Setup"]
    text = "Add: (at set-up)"
    "#);
}

#[test]
fn every_problem_of_a_table_is_named_by_its_line() {
    let ran = from_table(
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
        (
            "a,b\nc,d\n",
            "no row of headings was found, and no line such as \"Companies > Contacts: Inquire = All\"",
        ),
        ("", "no row of headings was found"),
        ("Function,Inquire\nContacts,None\n", "no row of the table asks for anything"),
        ("Function,Inquire\nReports,All\n", "several modules have \"Reports\""),
        ("Function,Inquire\n\"Contacts,All\n", "-:2:1: a quote starts here and does not end"),
        ("Function,Tables,Inquire\nTable Setup,Board,All\n", "the table \"Board\" has no category"),
        ("Function,Access\nContacts,Purge\n", "\"Purge\" is neither a verb nor a level"),
    ] {
        let ran = from_table(csv);
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
        "\"Company Maintenance\" = { inquire = \"All\" }\n\"Contacts\" = { inquire = \"All\" }\n\n[[doubt]]\nfunctions = [\"Companies / Contacts\"]\ntext = \"(* see below)\"\n"
    ));
    let in_words = "Module | Action | Level Setting |\n---|---|---|\n\
        Companies | Contacts | Add Level set to MY Inquire Level set to ALL * only for billing |\n";
    let expected = "[needs.Companies]\n\"Contacts\" = { add = \"My\", inquire = \"All\" }\n\n[[doubt]]\nfunctions = [\"Companies / Contacts\"]\ntext = \"* only for billing\"\n";
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

    [[doubt]]
    functions = ["Companies / Configurations"]
    text = "The source names it without a verb; its list: Managed Server."
    "#);
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
        (b"Function,Inquire\nContacts,caf\xe9\n".to_vec(), "-:2:13: it is not UTF-8 (byte 0xE9"),
        (vec![b'x'; 10 * 1024 * 1024], "the file is larger than 1048576 bytes"),
    ] {
        let ran = leastwise(["rules", "new", "x", "--from-csv", "-"]).stdin(bytes).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn every_form_in_which_a_page_is_pasted_is_read() {
    let forms = [
        (
            "cells in bold",
            "| **Module** | **Item** | **Access** |\n|---|---|---|\n| Companies | **Contacts** | **Inquire = All** |\n| Service Desk | Service Tickets | Add = My, Edit/Inquire = All |\n",
        ),
        (
            "lines in a cell",
            "Area\tName\tAccess\nCompanies\tContacts\tInquire - All\nService Desk\tService Tickets\n\tAdd - My\n\tEdit/Inquire - All\n",
        ),
        (
            "quoted lines in a cell",
            "Area,Name,Access\nCompanies,Contacts,Inquire: All\nService Desk,Service Tickets,\"Add: My\nEdit: All\nInquire: All\"\n",
        ),
        (
            "points below a function",
            "Module,Function,Permission\nCompanies,Contacts,\n,,Inquire = All\nService Desk,Service Tickets,\n,,Add = My\n,,\"Edit, Inquire = All\"\n",
        ),
        (
            "one cell to a line",
            "Module\nFunction\nAdd\nEdit\nDelete\nInquire\nCompanies\nContacts\nNone\nNone\nNone\nAll\nService Desk\nService Tickets\nMy\nAll\nNone\nAll\n",
        ),
        (
            "the module as a heading",
            "|Companies|Add|Edit|Delete|Inquire|\n|Contacts||||All|\n|Service Desk|Add|Edit|Delete|Inquire|\n|Service Tickets|My|All||All|\n",
        ),
        (
            "the module in a sentence",
            "In the Companies module, please set:\n\nDescription\tAdd\tEdit\tInquire\nContacts\tNone\tNone\tAll\nIn the Service Desk module:\nDescription\tAdd\tEdit\tInquire\nService Tickets\tMy\tAll\tAll\n",
        ),
        (
            "other headings",
            "Group;Line;Add;Edit;Inquire\nCompanies;Contacts;;;All\nService Desk;Service Tickets;My;All;All\n",
        ),
        (
            "two verbs to a column",
            "Privilege Name,Add,Edit/Inquire Level,Delete\nCompanies / Contacts,None,None/All,None\nService Desk / Service Tickets,My,All,None\n",
        ),
        (
            "arrows",
            "- Companies → Contacts: Inquire = All\n- Service Desk → Service Tickets: Add = My; Edit, Inquire = All\n",
        ),
        (
            "dashes",
            "Companies – Contacts – Inquire: All\nService Desk – Service Tickets – Add: My, Edit: All, Inquire: All\n",
        ),
        (
            "a list in a list",
            "* Companies\n  * Contacts\n    * Inquire: All\n* Service Desk\n  * Service Tickets\n    * Add: My\n    * Edit and Inquire: All\n",
        ),
        (
            "blanks",
            "Module          Function           Add    Edit    Inquire\nCompanies       Contacts           None   None    All\nService Desk    Service Tickets    My     All     All\n",
        ),
        (
            "HTML",
            "<h2>Rights</h2><table><tr><th>Module</th><th>Function</th><th>Add</th><th>Edit</th><th>Inquire</th></tr>\n<tr><td>Companies</td><td><b>Contacts</b></td><td></td><td></td><td>All</td></tr><tr><td>Service Desk</td><td>Service Tickets</td><td>My</td><td>All</td><td>All</td></tr></table>",
        ),
    ];
    for (form, table) in forms {
        assert_eq!(rows(table), CONTACTS_AND_TICKETS, "{form}");
    }
}

#[test]
fn what_a_page_says_beside_its_rows_is_a_doubt_or_a_list() {
    let table = "Module | Function | Add | Inquire |\n---|---|---|---|\nCompanies | Contacts | All† | All |\n\
        System | Table Setup* | None | All |\n\n† until the first sync is over\n* allow these only\n\n\
        Allow access to:\n\n- Company / Company Type\n- Service / Kanban Lane\n\nThat is all.\n";
    insta::assert_snapshot!(rows(table), @r#"
    [needs.Companies]
    "Contacts" = { add = "All", inquire = "All" }

    [needs.System]
    "Table Setup" = { inquire = "All", allow = ["Company / Company Type", "Service / Kanban Lane"] }

    [[doubt]]
    functions = ["Companies / Contacts"]
    text = "Add: † until the first sync is over"

    [[doubt]]
    functions = ["System / Table Setup"]
    text = "* allow these only"
    "#);
    insta::assert_snapshot!(from_table(table).stderr, @r#"
    warning: the names in [match] are proposals: keep those that roles and members really have
    left out as text, line 14: "That is all."
    read: 9 rows in 1 table: 2 of headings, 6 of needs (2 functions), 1 left out; 2 doubts
    2 functions written; check it against the source, then: leastwise rules lint the file
    "#);
}

#[test]
fn whatever_is_left_out_is_said() {
    for (table, said) in [
        (
            "Function,Inquire,Priority\nContacts,All,urgent\n",
            "left out, since the column \"Priority\" is not used, line 2: \"urgent\"",
        ),
        (
            "Function,Inquire\nContacts,All\nAgreements,None\n",
            "left out, since they ask for nothing, line 3: \"Agreements\"",
        ),
        (
            "Function,Inquire\nContacts,All\n\nInquire on Service Tickets, too\n",
            "warning: left out, though it may be a row, line 4:",
        ),
        (
            "|Function|Inquire|\n|---|---|\n|Contacts|All|\n\n|Port|Host|\n|---|---|\n|443|psa|\n",
            "left out, since the table has no column for verbs, lines 5 to 7:",
        ),
        (
            "Function,Add,Edit,Inquire\nContacts,All\nCompany Maintenance,All,All,All\n",
            "empty cells may have been pushed to the rows' ends",
        ),
    ] {
        let ran = from_table(table);
        assert_eq!(ran.code, 0, "{table}: {ran:?}");
        assert!(ran.stderr.contains(said), "{table}: {}", ran.stderr);
    }
}

#[test]
fn what_may_be_a_row_and_is_not_understood_is_refused_by_its_line() {
    for (table, said) in [
        (
            "Function,Add\nContacts,All All None All\n",
            "-:2:10: \"All All None All\" holds several levels for one verb",
        ),
        (
            "Module,Function,Inquire\nCompanies,,All\n",
            "-:2:1: the row names the module Companies and no function",
        ),
        ("Function,Inquire\n,All\n", "-:2:1: \"All\" may be a row, and names no function"),
        (
            "Companies > Contatcs: Inquire = All\n",
            "-:1:1: \"Contatcs\" is not a function of Companies (did you mean \"Contacts\"?)",
        ),
        ("Companies > Contacts: Perhaps\n", "-:1:1: \"Perhaps\" is neither a verb nor a level"),
        ("Function     Add   Inquire\nContacts     All\n", "2 cells stand below 3 headings"),
        ("Function,Access\nContacts,\"Inquire, but not Delete\"\n", "\"but\" is neither a verb nor a level"),
        ("\tAdd\tInquire\nContacts\t\nAll\n", "below Contacts stand 1 levels"),
    ] {
        let ran = from_table(table);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{table}: {ran:?}");
        assert!(ran.stderr.contains(said), "{table}: {}", ran.stderr);
    }
}

#[test]
fn a_table_in_utf_16_is_read_and_another_kind_of_file_is_named() {
    let table = "Function,Inquire\r\nContacts,All\r\n";
    let utf_16: Vec<u8> =
        std::iter::once(0xFEFF).chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let read = |bytes: Vec<u8>| leastwise(["rules", "new", "x", "--from-csv", "-"]).stdin(bytes).run();
    assert_eq!(read(utf_16).code, 0);
    for (bytes, said) in [
        (b"PK\x03\x04\x14\0".to_vec(), "it is a spreadsheet, a document or a ZIP file, and no text"),
        (b"%PDF-1.4\n".to_vec(), "it is a PDF, and no text: open it"),
    ] {
        let ran = read(bytes);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}
