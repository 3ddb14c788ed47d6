//! A snapshot holds the tenant, for its owner only, in the same bytes whatever order the PSA sends it
//! in; and it is written whole or not at all.

use std::fs;

use psa_sim::{Fault, When};
use serde_json::Value;

use crate::live::reverse_lists;
use crate::psa::{Psa, fixture_path};

fn take(psa: &Psa, name: &str) -> String {
    let ran = psa.leastwise(&["snapshot", "--force", "-o", name]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    fs::read_to_string(psa.path(name)).expect("a snapshot")
}

fn below_the_header(text: &str) -> &str {
    text.split_once('\n').expect("two lines").1
}

#[test]
fn the_tenant_that_is_read_back_is_the_fixture() {
    let psa = Psa::acme();
    let taken: Value = serde_json::from_str(&take(&psa, "acme.json")).expect("JSON");
    let fixture: Value =
        serde_json::from_slice(&fs::read(fixture_path("acme-msp")).expect("a fixture")).expect("JSON");
    for part in ["coverage", "members", "api_members", "member_use", "logins", "roles"] {
        assert!(taken[part] == fixture[part], "{part} differs");
    }
    let (mut header, mut expected) = (taken["header"].clone(), fixture["header"].clone());
    assert_eq!(header["taken_at"].take(), "2026-11-21T02:00:11Z");
    expected["taken_at"].take();
    assert_eq!(header, expected);
}

#[test]
fn two_snapshots_of_an_unchanged_tenant_differ_in_their_first_line_at_most() {
    let psa = Psa::acme();
    let first = take(&psa, "first.json");
    psa.sim.edit(reverse_lists);
    psa.sim.edit(|snapshot| snapshot["header"]["last_use_days"]["251"] = 77.into());
    let second = take(&psa, "second.json");
    assert_eq!(below_the_header(&first), below_the_header(&second));
    assert_ne!(first, second);
}

#[test]
fn a_snapshot_over_an_older_one_replaces_it() {
    let psa = Psa::acme();
    fs::write(psa.path("acme.json"), "old").unwrap();
    assert!(take(&psa, "acme.json").starts_with("{\"format\":\"leastwise-snapshot/1\""));
    assert_eq!(files(&psa), ["acme.json", "leastwise.toml"]);
}

#[cfg(unix)]
#[test]
fn a_snapshot_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let psa = Psa::acme();
    fs::write(psa.path("acme.json"), "old, and open to all").unwrap();
    take(&psa, "acme.json");
    assert_eq!(fs::metadata(psa.path("acme.json")).unwrap().permissions().mode() & 0o777, 0o600);
}

/// Every file in the folder, hidden ones too.
fn files(psa: &Psa) -> Vec<String> {
    let entries = fs::read_dir(psa.folder.path()).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

#[test]
fn a_tenant_that_cannot_be_read_leaves_no_file_and_no_older_one_changed() {
    let psa = Psa::acme();
    for endpoint in ["/login/companyinfo/", "=/system/securityroles"] {
        psa.sim.set_fault(endpoint, When::Always, Fault::status(403));
        let ran = psa.leastwise(&["snapshot", "-o", "new.json"]).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
        assert!(ran.stderr.contains("no snapshot was written"), "{}", ran.stderr);
        assert_eq!(files(&psa), ["leastwise.toml"]);
        fs::write(psa.path("old.json"), "old").unwrap();
        assert_eq!(psa.leastwise(&["snapshot", "--force", "-o", "old.json"]).run().code, 3);
        assert_eq!(fs::read_to_string(psa.path("old.json")).unwrap(), "old");
        fs::remove_file(psa.path("old.json")).unwrap();
        psa.sim.clear_faults();
    }
}

#[test]
fn what_could_not_be_read_is_said_in_the_snapshot_and_judged_as_it_was_live() {
    let psa = Psa::acme();
    psa.sim.set_fault("=/system/integratorlogins", When::Always, Fault::status(403));
    psa.sim.set_fault("/31/settings", When::Always, Fault::status(500));
    let ran = psa.leastwise(&["snapshot", "-o", "acme.json"]).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("warning: integrator-logins could not be read: HTTP 403"), "{}", ran.stderr);
    assert!(ran.stderr.contains("the settings of role 31: HTTP 500"), "{}", ran.stderr);
    let live = psa.audit(&[]);
    let file = psa.leastwise(&["audit", "--format", "json", "--snapshot", "acme.json"]).run();
    crate::psa::assert_same(&file.results(), live.results(), "judged from the snapshot");
    assert_eq!(file.code, live.ran.code);
}

#[test]
fn a_snapshot_names_no_person() {
    let psa = Psa::acme();
    let text = take(&psa, "acme.json");
    let people = fs::read_to_string(fixture_path("acme-msp").with_extension("sim.json")).unwrap();
    let people: Value = serde_json::from_str(&people).unwrap();
    let below = below_the_header(&text);
    for person in people["people"].as_object().expect("people").values() {
        for name in ["identifier", "firstName", "lastName"] {
            let name = person[name].as_str().expect("a name");
            assert!(!below.contains(&format!("\"{name}\"")), "{name}");
        }
    }
    assert!(!text.contains('@'));
}
