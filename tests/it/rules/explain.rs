//! `explain`: offline, from what is embedded.

use leastwise::checks;
use leastwise::rules::built_in_catalog;

use crate::support::{Ran, leastwise};

fn explain(what: &str) -> Ran {
    leastwise(["explain", what]).run()
}

#[test]
fn every_check_is_explained_by_its_page() {
    for check in checks::ALL {
        let page = std::fs::read_to_string(format!(
            "docs/checks/{}-{}.md",
            check.id.as_str().to_lowercase(),
            check.name
        ));
        let page = page.expect("a page");
        for word in [check.name.to_owned(), format!("{}/high", check.id.as_str().to_lowercase())] {
            let ran = explain(&word);
            assert_eq!((ran.code, ran.stdout.as_str()), (0, page.as_str()), "{word}");
        }
    }
}

#[test]
fn functions_are_explained_in_any_spelling() {
    let catalog = built_in_catalog().expect("the catalog is sound");
    for (id, function) in catalog.functions().step_by(4) {
        let name = catalog.full_name(id);
        let json = |what: &str| {
            let ran = leastwise(["explain", what, "--format", "json"]).run();
            assert_eq!(ran.code, 0, "{what}: {ran:?}");
            ran.json()
        };
        let own = json(&name);
        assert_eq!(
            (&own["kind"], &own["function"]),
            (&"function".into(), &function.name.as_str().into()),
            "{name}"
        );
        // The last spelling; that all of them are found is the catalog's own affair.
        if let Some(spelling) = function.spellings.last() {
            let module = catalog.module_name(function.module);
            assert_eq!(json(&format!("{module} / {spelling}")), own, "{spelling}");
        }
    }
}

#[test]
fn a_function_says_what_it_opens_and_who_asks_for_it() {
    let text = explain("Systeme / Manage Hosted API").stderr;
    assert!(text.contains("did you mean \"System / Manage Hosted API\"?"), "{text}");
    insta::assert_snapshot!(explain("会社 / 会社の保守").stdout.lines().take(16).collect::<Vec<_>>().join("\n"), @r#"
    Companies / Company Maintenance

      Add      create records; medium if nobody needs it (not rated)
      Edit     change records; medium if nobody needs it (not rated)
      Delete   remove records; high if nobody needs it
      Inquire  read records; medium if nobody needs it (not rated)
    My: the member's own records, or records assigned to it. All: every record.

    What it opens
    The customer list with addresses, types and statuses; Add and Edit create and
    rewrite companies, and Delete removes them.

    What breaks without it
    The product cannot list customers (403), so nothing can be mapped to one, and at
    least one vendor cannot even connect.
    "#);
    let json = leastwise(["explain", "Table Setup", "--format", "json"]).run().json();
    let asking = json["asked_for_by"].as_array().expect("a list").clone();
    let umbrella = asking.iter().find(|one| one["id"] == "cisco-umbrella").expect("Umbrella");
    assert_eq!((&umbrella["add"], &umbrella["delete"]), (&"All".into(), &"None".into()));
}

#[test]
fn a_table_says_who_asks_for_it() {
    let ran = explain("service board");
    assert_eq!(ran.code, 2, "a table has a category");
    let ran = explain("Servizio / Scheda di servizi");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.starts_with("Service / Service Board\n") && ran.stdout.contains("cisco-umbrella"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_does_not_exist_is_refused_with_the_nearest() {
    for (what, near) in [
        ("LW1O2", "did you mean LW102?"),
        ("missing-permision", "did you mean missing-permission?"),
        ("Service Desk / Servce Tickets", "did you mean \"Service Desk / Service Tickets\"?"),
        ("Reports", "several modules have \"Reports\": write \"Companies / Reports\" or "),
        ("日本", "write it as \"Module / Function\""),
        ("", "write it as \"Module / Function\""),
    ] {
        let ran = explain(what);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{what}");
        assert!(ran.stderr.contains(near), "{what}: {}", ran.stderr);
    }
}

#[test]
fn an_integration_is_shown_by_another_command() {
    let ran = leastwise(["explain", "Cisco-Umbrella"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`leastwise rules show cisco-umbrella`"), "{}", ran.stderr);
}
