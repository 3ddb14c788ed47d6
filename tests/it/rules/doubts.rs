//! What a source leaves open about a function, and vendors that ask for Admin, as an audit tells them.

use serde_json::Value;

use crate::support::{Ran, leastwise, project};

const HEAD: &str = "vendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n";

/// The audit of one integration of the fixture, by a rule file of our own in place of the built-in one.
fn audit(id: &str, rules: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("id = \"{id}\"\n{HEAD}{rules}");
    std::fs::write(folder.path().join(format!("{id}.toml")), text).expect("a rule file");
    let snapshot = project().join("fixtures/acme-msp.json");
    let (snapshot, rules) = (snapshot.to_str().expect("a path"), folder.path().to_str().expect("a path"));
    leastwise([
        "audit",
        "--snapshot",
        snapshot,
        "--rules-dir",
        rules,
        "--integration",
        id,
        "--format",
        "json",
        "--all",
    ])
    .run()
}

fn of<'r>(results: &'r [Value], check: &str, function: &str) -> Vec<&'r Value> {
    results.iter().filter(|own| own["check"] == check && own["function"] == function).collect()
}

#[test]
fn an_excess_in_doubt_is_inferred_keeps_its_severity_and_says_the_doubt() {
    let rules = "[match]\nmembers = [\"Umbrella\"]\n[needs.Companies]\n\"Company Maintenance\" = { inquire = \"All\" }\n";
    let doubt = "[[doubt]]\nfunctions = [\"Service Desk / Close Service Tickets\"]\ntext = \"Whether it closes any is open.\"\n";
    let (plain, doubtful) = (
        audit("cisco-umbrella", rules).results(),
        audit("cisco-umbrella", &format!("{rules}{doubt}")).results(),
    );
    let (before, after) =
        (of(&plain, "LW102", "Close Service Tickets"), of(&doubtful, "LW102", "Close Service Tickets"));
    assert_eq!((before.len(), after.len()), (1, 1), "Edit");
    assert_eq!((&before[0]["certainty"], &after[0]["certainty"]), (&"certain".into(), &"inferred".into()));
    assert_eq!(before[0]["severity"], after[0]["severity"]);
    assert_eq!(before[0]["fingerprint"], after[0]["fingerprint"]);
    assert!(after[0]["message"].as_str().is_some_and(|said| said.contains("Whether it closes any is open")));
    for other in of(&doubtful, "LW102", "Service Tickets") {
        assert_eq!(other["certainty"], "certain", "{other}");
    }
}

#[test]
fn a_vendor_that_asks_for_admin_accounts_for_its_member_and_nothing_else_is_judged() {
    let rules = "asks_admin = true\nvendor_says = \"Nothing narrower is published.\"\n[match]\nmembers = [\"hudu\"]\n";
    let ran = audit("hudu", rules);
    assert_eq!(ran.code, 1, "{ran:?}");
    let results = ran.results();
    let failing: Vec<_> =
        results.iter().filter(|own| own["status"] == "fail").map(|own| &own["check"]).collect();
    assert!(failing.contains(&&"LW201".into()), "{failing:?}");
    for check in ["LW101", "LW102", "LW103", "LW104", "LW309"] {
        assert!(!failing.contains(&&check.into()), "{check} of {failing:?}");
    }
}

#[test]
fn of_a_vendor_that_asks_for_admin_no_excess_is_certain_and_only_the_worst_keeps_its_severity() {
    let rules = "asks_admin = true\n[match]\nmembers = [\"Umbrella\"]\n";
    let results = audit("cisco-umbrella", rules).results();
    let of = |check: &str| results.iter().filter(|own| own["check"] == check).collect::<Vec<_>>();
    for check in ["LW101", "LW206"] {
        assert!(!of(check).is_empty(), "{check}");
        assert!(of(check).iter().all(|own| own["status"] == "notApplicable"), "{check}: {:#?}", of(check));
    }
    let excess: Vec<_> = of("LW102").into_iter().filter(|own| own["status"] == "fail").collect();
    assert!(excess.len() > 5, "{excess:#?}");
    for own in &excess {
        assert_eq!(own["certainty"], "inferred", "{own}");
        assert!(own["message"].as_str().is_some_and(|said| said.contains("publishes no list")), "{own}");
    }
    let severities: std::collections::BTreeSet<_> =
        excess.iter().map(|own| own["severity"].as_str()).collect();
    assert_eq!(severities, [Some("critical"), Some("high"), Some("info")].into());
}

#[test]
fn all_that_the_format_knows_is_shown_in_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "id = \"a\"\n{HEAD}test = \"Press Sync\"\n[features.f]\nsummary = \"more\"\nsource = \"page of f\"\nread = 2026-11-20\n\
         [features.f.needs.Companies]\nNotes = {{ add = \"All\" }}\n[[doubt]]\nfunctions = [\"Companies / Contacts\"]\n\
         text = \"Open whether people are read.\"\n[facts]\nsupport = {{ text = \"call them\", source = \"page of support\" }}\n"
    );
    std::fs::write(folder.path().join("a.toml"), text).expect("a rule file");
    let admin = format!("id = \"b\"\n{HEAD}asks_admin = true\nvendor_says = \"Or else it stops.\"\n");
    std::fs::write(folder.path().join("b.toml"), admin).expect("a rule file");
    let dir = folder.path().to_str().expect("a path");
    for format in ["table", "json", "toml", "markdown"] {
        let show =
            |id: &str| leastwise(["rules", "show", id, "--rules-dir", dir, "--format", format]).run().stdout;
        let (own, admin) = (show("a"), show("b"));
        for said in [
            "Press Sync",
            "page of f",
            "2026-11-20",
            "Companies / Contacts",
            "Open whether people are read",
            "call them",
            "page of support",
        ] {
            assert!(own.contains(said), "{format}: {said}\n{own}");
        }
        assert!(admin.contains("Or else it stops"), "{format}: {admin}");
    }
}

#[test]
fn where_no_list_is_published_nothing_is_made_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("id = \"b\"\n{HEAD}asks_admin = true\n[match]\nmembers = [\"hudu\"]\n");
    std::fs::write(folder.path().join("b.toml"), text).expect("a rule file");
    let (dir, snapshot) = (folder.path(), project().join("fixtures/acme-msp.json"));
    let (dir, snapshot) = (dir.to_str().expect("a path"), snapshot.to_str().expect("a path"));
    for args in [
        vec!["checklist", "--integration", "b", "--snapshot", snapshot, "--rules-dir", dir],
        vec!["rules", "merge", "b", "hudu", "--rules-dir", dir],
        vec!["rules", "test", dir, "--make", "b"],
    ] {
        let ran = leastwise(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains("asks for Admin and publishes no list"), "{}", ran.stderr);
    }
    assert!(!folder.path().join("b.test").exists());
}

#[test]
fn a_doubt_on_a_name_without_its_module_is_refused_with_the_whole_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let lint = |function: &str| {
        let needs = "[needs.Companies]\nNotes = { add = \"All\" }\n";
        let doubt = format!("[[doubt]]\nfunctions = [\"{function}\"]\ntext = \"t\"\n");
        std::fs::write(folder.path().join("a.toml"), format!("id = \"a\"\n{HEAD}{needs}{doubt}"))
            .expect("a file");
        leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run().stdout
    };
    for (function, help) in [
        ("Close Service Ticket", "did you mean \"Service Desk / Close Service Tickets\"?"),
        ("Nothing", "write it as \"Module / Function\""),
        ("Servce Desk / Reports", "did you mean the module \"Service Desk\"?"),
        ("Service Desk / Close Tickets", "did you mean \"Close Service Tickets\"?"),
    ] {
        let stdout = lint(function);
        assert!(stdout.starts_with("a.toml:8:14: error: ") && stdout.contains(help), "{function}: {stdout}");
    }
    assert_eq!(lint("Companies / Contacts"), "");
}
