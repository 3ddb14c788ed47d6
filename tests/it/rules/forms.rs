//! More of what vendors' pages look like: each form is read as its reader means it, or refused by its line.

use std::sync::{Arc, LazyLock};

use leastwise::model::Verb;
use leastwise::rules::pasted::{self, Pasted};
use leastwise::rules::{Catalog, Target, built_in_catalog};

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| built_in_catalog().expect("the catalog"));

fn read(page: &str) -> Result<Pasted, String> {
    pasted::read("page", page, &CATALOG).map_err(|problems| problems.to_string())
}

/// What a page asks for, a line for each function: `Contacts A=All I=My`, with a ? where the level is implied.
fn asks(page: &str) -> Vec<String> {
    let pasted = read(page).unwrap_or_else(|problems| panic!("{page}: {problems}"));
    let name = |target: Target| match target {
        Target::Function(id) => CATALOG.function(id).name.clone(),
        Target::Module(id) => format!("{} *", CATALOG.module_name(id)),
    };
    let rows = pasted.needs.rows.iter().map(|(target, need)| {
        let levels = Verb::ALL.into_iter().filter_map(|verb| {
            let own = need.level(verb)?;
            let implied = if own.implied { "?" } else { "" };
            Some(format!(" {}={}{implied}", &verb.title()[..1], own.level))
        });
        name(*target) + &levels.collect::<String>()
    });
    rows.collect()
}

fn doubts(page: &str) -> Vec<String> {
    read(page)
        .unwrap_or_else(|problems| panic!("{page}: {problems}"))
        .doubts
        .into_iter()
        .map(|own| own.text)
        .collect()
}

#[test]
fn pages_are_read_as_they_are_meant() {
    for (page, meant) in [
        // Verbs by their first letters, as headings and in cells.
        (
            "| Module | Function | A | E | D | I |\n|---|---|---|---|---|---|\n| Companies | Contacts | All | My | | All |\n",
            vec!["Contacts A=All E=My I=All"],
        ),
        (
            "Module,Function,C,R,U,D\nCompanies,Contacts,x,x,,\nService Desk,Service Tickets,,All,All,\n",
            vec!["Contacts A=All? I=All?", "Service Tickets E=All I=All"],
        ),
        (
            "| Area | What | CRUD |\n|---|---|---|\n| Companies | Contacts | CRU |\n| Service Desk | Service Tickets | R |\n",
            vec!["Contacts A=All? E=All? I=All?", "Service Tickets I=All?"],
        ),
        // A level beside verbs, and one for all of them.
        (
            "| Module | Function | Access Type | Scope |\n|---|---|---|---|\n| Companies | Contacts | Add, Inquire | My |\n",
            vec!["Contacts A=My I=My"],
        ),
        (
            "| Function | Value |\n|---|---|\n| Company Maintenance | All |\n",
            vec!["Company Maintenance A=All? E=All? D=All? I=All?"],
        ),
        // The verb is part of the name.
        (
            "| Security Role Setting | Value |\n|---|---|\n| Companies - Contacts - Add | My |\n| Companies - Contacts - Inquire | All |\n",
            vec!["Contacts A=My I=All"],
        ),
        // The module is part of the name, behind an arrow.
        (
            "| Module → Function | Inquire | Add |\n|---|---|---|\n| Companies → Contacts | All | |\n| Service Desk » Service Tickets | All | My |\n",
            vec!["Contacts I=All", "Service Tickets A=My I=All"],
        ),
        // Lines below a function, with the levels of each verb.
        (
            "Companies Module\nContacts\nAdd Level: All\nEdit Level: My\nInquire Level: All\nNotes\nAdd Level: My\nInquire Level: All\n",
            vec!["Contacts A=All E=My I=All", "Notes A=My I=All"],
        ),
        // Steps that tell the reader what to do.
        (
            "1. Companies module: set Contacts to Inquire = All.\n2. Service Desk module: set Service Tickets to Add = All, Edit = All.\n",
            vec!["Contacts I=All", "Service Tickets A=All E=All"],
        ),
        // The verbs in a sentence, their functions below it.
        (
            "1. Set Inquiry level to all for the following functions:\n  • Contacts of Company module\n  • Service Tickets of Service Desk module\n2. Set Add level to my for the following functions:\n  • Service Tickets of Service Desk module\n",
            vec!["Contacts I=All", "Service Tickets A=My I=All"],
        ),
        // One cell to a line, with a name that has a slash.
        (
            "Companies Module\n\nAdd Level\n\nEdit Level\n\nDelete Level\n\nInquire Level\n\nCompany/Contact Group Maintenance\n\nNone\n\nAll\n\nNone\n\nAll\n\nContacts\n\nNone\n\nNone\n\nNone\n\nAll\n",
            vec!["Company/Contact Group Maintenance E=All I=All", "Contacts I=All"],
        ),
        // A name that has a heading's word is none.
        (
            "| Function | Access |\n|---|---|\n| Company/Contact Group Maintenance | Inquire |\n| Contacts | Inquire |\n",
            vec!["Company/Contact Group Maintenance I=All?", "Contacts I=All?"],
        ),
        // Whole modules.
        (
            "Finance > All: Inquire = All\nSales > everything: Inquire = My\nCompanies > Contacts: Inquire = All\n",
            vec!["Contacts I=All", "Finance * I=All", "Sales * I=My"],
        ),
        // A heading that begins as a value may.
        (
            "| ConnectWise Module | Required Access |\n|---|---|\n| Company Maintenance | Inquire All |\n| Service Tickets | Add, Inquire All |\n",
            vec!["Company Maintenance I=All", "Service Tickets A=All I=All"],
        ),
        // What is not needed is said to be so.
        (
            "Companies > Contacts: Inquire = All\nService Desk > Close Service Tickets - no access\n",
            vec!["Contacts I=All"],
        ),
        // Two words, and nothing between.
        (
            "Company Maintenance All\nConfiguration Item Reports: None\nContacts  All\n",
            vec!["Company Maintenance A=All? E=All? D=All? I=All?", "Contacts A=All? E=All? D=All? I=All?"],
        ),
    ] {
        assert_eq!(asks(page), meant, "{page}");
    }
}

#[test]
fn what_a_page_leaves_open_is_a_doubt() {
    for (page, doubt) in [
        (
            "| Module | Function | Access |\n|---|---|---|\n| Companies | Contacts | Read/Write |\n",
            "(Write is read as Add and Edit)",
        ),
        (
            "| Module | Function | Access Type | Scope |\n|---|---|---|---|\n| Companies | Contacts | Inquire | All² |\n\n² Only for the sync.\n",
            "² Only for the sync.",
        ),
        (
            "<table><tr><th>Function</th><th>Inquire</th></tr><tr><td>Contacts</td><td>All<sup>1</sup></td></tr></table><p><sup>1</sup> only for the sync</p>",
            "Inquire: (1) only for the sync",
        ),
        (
            "Module,Function,Inquire,Required?\nCompanies,Contacts,All,Yes\nSales,Opportunity,All,Only for quotes\n",
            "Required? Only for quotes",
        ),
    ] {
        assert_eq!(doubts(page), [doubt], "{page}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_its_place() {
    for (page, said) in [
        (
            "| Module | Function | One | Two |\n|---|---|---|---|\n| Companies | Contacts | All | My |\n",
            "page:1:23: the column \"One\" holds levels",
        ),
        (
            "| Module | Function | Inquire | Default |\n|---|---|---|---|\n| Companies | Contacts | All | None |\n",
            "the column \"Default\" holds levels",
        ),
        (
            "| Function | Add | Inquire |\n|---|---|---|\n| Contacts | All | All |\n| Notes | \" | All |\n",
            "page:4:11: \"\"\" repeats another row",
        ),
        (
            "| Function | Add | Inquire |\n|---|---|---|\n| Contacts | All | same as above |\n",
            "page:3:20: \"same as above\" repeats another row",
        ),
        ("{\"Companies\": {\"Contacts\": {\"inquire\": \"All\"}}}", "page:1:1: this is JSON"),
        (
            "| Function | Level |\n|---|---|\n| Contatcs | Inquire: All |\n| Notes | Inquire: All |\n",
            "page:3:3: \"Contatcs\" is not a function",
        ),
    ] {
        let problems = read(page).map(|pasted| pasted.to_string()).expect_err(page);
        assert!(problems.contains(said), "{page}: {problems}");
    }
}
