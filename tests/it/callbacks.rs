//! Callbacks (LW311): asked for by nobody who did not say so, and never more of an address than its host.

use std::fs;

use psa_sim::{Fault, When};
use serde_json::{Value, json};

use crate::psa::{Psa, QUICK, fixture_path};
use crate::support::{Ran, leastwise};

const ON: &str = "[checks.LW311]\nseverity = \"high\"\n";

/// What must be nowhere: it stands in every part of an address but the host.
const CANARY: &str = "canary-of-an-address";

/// acme-msp, whose config asks for the check.
fn asking() -> Psa {
    let psa = Psa::acme();
    psa.config(&format!("[tenant.sim.network]\n{QUICK}\n{ON}"));
    psa
}

fn is_of_callbacks(path: &str) -> bool {
    path.to_lowercase().contains("callback")
}

/// Status, certainty, member and message of each result.
fn said(results: &[Value]) -> Vec<String> {
    let own = results.iter().filter(|result| result["check"] == "LW311");
    own.map(|own| {
        let text = |field: &str| own[field].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}: {}", text("status"), text("certainty"), own["member"]["id"], text("message"))
    })
    .collect()
}

#[test]
fn nothing_is_asked_and_nothing_said_of_it_unless_the_config_asks() {
    let psa = Psa::acme();
    let audited = psa.audit(&["--format", "sarif-full", "--all"]);
    assert!(audited.asked.iter().all(|request| !is_of_callbacks(&request.path)));
    assert!(said(audited.results()).is_empty());
    assert!(
        audited.tenant()["coverage"]
            .as_array()
            .expect("rows")
            .iter()
            .all(|own| own["dataset"] != "callbacks")
    );
    let ran = psa.leastwise(&["snapshot", "-o", "off.json"]).run();
    assert_eq!((ran.code, ran.stderr.contains("warning")), (0, false), "{}", ran.stderr);
    assert!(!fs::read_to_string(psa.path("off.json")).expect("a snapshot").contains("callbacks"));
    assert!(!psa.leastwise(&["plan"]).run().stdout.contains("callbacks"));
    assert!(psa.sim.requests().iter().all(|request| !is_of_callbacks(&request.path)));
    // Off is off.
    psa.config(&format!("[tenant.sim.network]\n{QUICK}\n[checks.LW311]\nseverity = \"off\"\n"));
    assert!(said(psa.audit(&[]).results()).is_empty());
}

#[test]
fn where_the_config_asks_each_callback_is_judged() {
    let psa = asking();
    let planned = psa.leastwise(&["plan"]).run().stdout;
    let line = "system/callbacks\n    ?fields=id,type,level,memberId,url,inactiveFlag&page=1&pageSize=1000\n    needs: a permission that is not known";
    assert!(planned.contains(line), "{planned}");
    let audited = psa.audit(&[]);
    assert_eq!(audited.asked.iter().filter(|request| is_of_callbacks(&request.path)).count(), 1);
    assert_eq!(
        said(audited.results()),
        [
            "fail certain null: callback 6 sends Configuration records (level Type) to collector.example at every save, without any key: the PSA names no member for it",
            "fail certain 254: callback 3 sends all Contact records to app.smileback.example at every save, without any key: its level, Owner, means every record",
            "fail inferred 256: callback 4 sends Company records (level Company) to portal.domotz.example at every save, without any key: Domotz is inactive, and it is inferred that this does not stop it",
            "fail certain 257: callback 1 sends all Ticket records to hooks.reporting.example at every save, without any key: no binding and no rule file accounts for svc-report; its level, Owner, means every record",
        ]
    );
    let high = |own: &&Value| own["severity"] == "high";
    assert_eq!(audited.of_check("LW311").into_iter().filter(high).count(), 4);
    // Each is in one step of the plan, and no key is another for it.
    let plan = audited.tenant()["plan"].as_array().expect("a plan");
    let steps = |print: &Value| {
        let has = |step: &&Value| step["findings"].as_array().is_some_and(|all| all.contains(print));
        plan.iter()
            .filter(has)
            .map(|step| step["kind"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    for own in audited.of_check("LW311") {
        assert_eq!(steps(&own["fingerprint"]), ["tidy"], "{own}");
    }
    let without = Psa::acme().audit(&[]);
    let standings = |audited: &crate::psa::Audited| {
        let keys = audited.tenant()["keys"].as_array().expect("keys").clone();
        keys.iter().map(|key| key["standing"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(standings(&audited), standings(&without));
    // Only of what was asked.
    let umbrella = psa.audit(&["--integration", "cisco-umbrella"]);
    assert_eq!(said(umbrella.results()).len(), 1, "{:?}", said(umbrella.results()));
    assert!(said(umbrella.results())[0].starts_with("pass"));
    assert_eq!(said(psa.audit(&["--member", "svc-report"]).results()).len(), 1);
}

#[test]
fn a_waiver_names_the_member() {
    let psa = asking();
    let waiver = |who: &str| {
        format!(
            "[[waiver]]\ncheck = \"LW311\"\n{who}reason = \"r\"\nowner = \"o\"\nsince = 2026-11-01\nexpires = 2026-12-01\n"
        )
    };
    let config = format!("[tenant.sim.network]\n{QUICK}\n{ON}{}", waiver("member = \"SmileBack\"\n"));
    psa.config(&config);
    let all = said(psa.audit(&[]).results());
    let of = |status: &str| all.iter().filter(|line| line.starts_with(status)).count();
    assert_eq!((of("waived"), of("fail")), (1, 3), "{all:?}");
    psa.config(&format!("[tenant.sim.network]\n{QUICK}\n{ON}{}", waiver("")));
    assert!(said(psa.audit(&[]).results()).iter().all(|line| line.starts_with("fail")));
}

#[test]
fn a_snapshot_says_the_same_by_names_and_by_tokens() {
    let psa = asking();
    let live = psa.audit(&[]);
    for (name, more) in [("plain.json", None), ("tokens.json", Some("--pseudonymize"))] {
        let args = ["snapshot", "-o", name].into_iter().chain(more).collect::<Vec<_>>();
        let ran = psa.leastwise(&args).env("LEASTWISE_PSEUDONYM_KEY", "0123456789abcdef").run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let text = fs::read_to_string(psa.path(name)).expect("a snapshot");
        assert!(!text.contains("not-kept"), "{text}");
        let ran = psa.leastwise(&["audit", "--snapshot", name, "--format", "json"]).run();
        let (of_file, of_live) = (said(&ran.results()), said(live.results()));
        if more.is_none() {
            assert_eq!(of_file, of_live);
            let row = "{\"id\":1,\"type\":\"Ticket\",\"level\":\"Owner\",\"member\":257,\"host\":\"hooks.reporting.example\",\"active\":true}";
            assert!(text.contains(row), "{text}");
            continue;
        }
        assert_eq!(of_file.len(), of_live.len());
        let hosts =
            ["reporting.example", "collector.example", "smileback.example", "umbrella.example", "svc-report"];
        assert!(hosts.iter().all(|host| !text.contains(host)), "{text}");
        assert!(text.contains(".invalid\",\"active\":true}"), "{text}");
    }
}

#[test]
fn a_list_that_is_refused_or_not_there_is_unknown_and_named() {
    for (status, word) in [(403, "HTTP 403"), (404, "HTTP 404")] {
        let psa = asking();
        psa.sim.set_fault("=/system/callbacks", When::Always, Fault::status(status));
        let audited = psa.audit(&[]);
        let own = audited.of_check("LW311");
        assert_eq!(own.len(), 1);
        assert_eq!((&own[0]["status"], &own[0]["dataset"]), (&json!("unknown"), &json!("callbacks")));
        assert!(own[0]["message"].as_str().is_some_and(|text| text.contains(word)), "{}", own[0]);
        let fix = own[0]["fix"].as_str().expect("a fix");
        assert!(fix.contains("a permission that is not known"), "{fix}");
        assert!(audited.gap("callbacks").is_some_and(|gap| gap.contains(word)));
        let of_collection = audited.of_check("LW901");
        assert!(of_collection.into_iter().any(|own| own["dataset"] == "callbacks"));
        let ran = psa.leastwise(&["snapshot", "-o", "partial.json"]).run();
        assert_eq!(ran.code, 4, "{}", ran.stderr);
        assert!(ran.stderr.contains("warning: callbacks could not be read"), "{}", ran.stderr);
    }
    // The simulator's guess, that it is Table Setup.
    let psa = asking();
    psa.sim.edit(|snapshot| {
        let roles = snapshot["roles"].as_array_mut().expect("roles");
        let own = roles.iter_mut().find(|role| role["id"] == 36).expect("leastwise's role");
        let settings = own["settings"].as_array_mut().expect("settings");
        let row = settings.iter_mut().find(|row| row["function"] == "Table Setup").expect("a row");
        row["inquire"] = "None".into();
    });
    assert!(said(psa.audit(&[]).results())[0].starts_with("unknown"));
}

#[test]
fn a_snapshot_from_before_is_readable_and_says_that_nobody_asked() {
    let psa = asking();
    let old = fixture_path("acme-msp");
    let args = ["audit", "--format", "json", "--snapshot", old.to_str().expect("a path")];
    let ran = leastwise(args).folder(psa.folder.path()).run();
    let all = said(&ran.results());
    assert_eq!(all.len(), 1);
    assert!(all[0].contains("callbacks could not be read: it was not asked for"), "{all:?}");
}

/// A callback whose address has the canary in every part but the host, and in every text beside it.
fn poisoned(id: &Value) -> Value {
    json!({
        "id": id,
        "description": CANARY,
        "type": CANARY,
        "level": "Owner",
        "objectId": 1,
        "memberId": 257,
        "url": format!("https://{CANARY}:{CANARY}@hooks.example.net:8443/{CANARY}?{CANARY}={CANARY}#{CANARY}"),
        "inactiveFlag": false,
        "connectWiseID": CANARY,
        "_info": {"updatedBy": CANARY},
    })
}

#[track_caller]
fn assert_silent(psa: &Psa, ran: &Ran, what: &str) {
    assert!(!ran.stdout.contains(CANARY) && !ran.stderr.contains(CANARY), "{what}: {ran:?}");
    for entry in fs::read_dir(psa.folder.path()).expect("a folder").flatten() {
        if entry.path().is_file() {
            let bytes = fs::read(entry.path()).expect("a file");
            assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "{what}: {}", entry.path().display());
        }
    }
}

#[test]
fn no_part_of_an_address_but_its_host_is_anywhere() {
    let psa = asking();
    psa.sim.edit_sim(|sim| {
        sim.rows.insert("system/callbacks".to_owned(), vec![poisoned(&json!(1))]);
    });
    for format in
        ["table", "json", "sarif", "sarif-full", "markdown", "csv", "junit", "github", "summary", "html"]
    {
        let ran = psa.leastwise(&["audit", "-vv", "--format", format]).stderr_terminal(100).run();
        assert_eq!(ran.code, 1, "{format}: {}", ran.stderr);
        assert_silent(&psa, &ran, format);
        if format == "json" {
            let all = said(&ran.results());
            assert!(all[0].contains("hooks.example.net") && !all[0].contains("8443"), "{all:?}");
            assert!(all[0].contains("a type of 20 characters that leastwise does not know"), "{all:?}");
        }
    }
    let ran = psa.leastwise(&["snapshot", "-vv", "-o", "taken.json"]).run();
    assert_eq!(ran.code, 0);
    assert_silent(&psa, &ran, "snapshot");
    // A row that is none of the PSA's is said to be none, and not repeated.
    for wrong in
        [poisoned(&json!(CANARY)), poisoned(&Value::Null), json!(CANARY), json!([poisoned(&json!(1))])]
    {
        psa.sim.edit_sim(|sim| {
            sim.rows.insert("system/callbacks".to_owned(), vec![wrong.clone()]);
        });
        let ran = psa.leastwise(&["audit", "-vv", "--format", "json"]).stderr_terminal(100).run();
        assert!(said(&ran.results())[0].starts_with("unknown"), "{wrong}");
        assert_silent(&psa, &ran, "a wrong row");
    }
}

#[test]
fn saved_answers_may_have_it_and_need_not() {
    let psa = asking();
    let answers = [
        ("meta.json", json!({"site": "na.myconnectwise.net", "company": "acme", "page_size": 1000})),
        ("roles.json", json!([{"id": 31, "name": "Sync", "adminFlag": false, "inactiveFlag": false}])),
        (
            "settings-31.json",
            json!([{"id": 1, "moduleName": "Companies", "moduleFunctionName": "Contacts", "inquireLevel": "All"}]),
        ),
        (
            "api-members.json",
            json!([{"id": 257, "identifier": "sync", "inactiveFlag": false, "securityRole": {"id": 31}}]),
        ),
        (
            "members.json",
            json!([{"id": 257, "identifier": "sync", "licenseClass": "A", "inactiveFlag": false, "securityRole": {"id": 31}}]),
        ),
        ("member-use.json", json!([{"id": 257, "lastLogin": "2026-11-20T02:00:00Z"}])),
        ("own-member.json", json!({"id": 257, "lastLogin": "2026-11-21T02:00:00Z"})),
        ("integrator-logins.json", json!([])),
    ];
    fs::create_dir(psa.path("answers")).expect("a folder");
    for (name, answer) in answers {
        fs::write(psa.path("answers").join(name), answer.to_string()).expect("written");
    }
    let saved = |callbacks: Option<Value>, code: u8| {
        let file = psa.path("answers/callbacks.json");
        match callbacks {
            Some(rows) => fs::write(&file, rows.to_string()).expect("written"),
            None => drop(fs::remove_file(&file)),
        }
        let ran =
            psa.leastwise(&["snapshot", "--from-responses", "answers", "--force", "-o", "saved.json"]).run();
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert_silent(&psa, &ran, "saved answers");
        (ran, fs::read_to_string(psa.path("saved.json")).expect("a snapshot"))
    };
    let (ran, text) = saved(None, 0);
    assert!(!ran.stderr.contains("callbacks") && !text.contains("callbacks"), "{}", ran.stderr);
    let (ran, text) = saved(Some(json!([poisoned(&json!(1))])), 0);
    assert!(!ran.stderr.contains("was not read"), "{}", ran.stderr);
    assert!(text.contains("\"level\":\"Owner\",\"member\":257,\"host\":\"hooks.example.net\""), "{text}");
    let (ran, _) = saved(Some(json!([poisoned(&json!(CANARY))])), 4);
    assert!(ran.stderr.contains("callbacks could not be read"), "{}", ran.stderr);
}
