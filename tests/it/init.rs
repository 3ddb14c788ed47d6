//! `leastwise init` proposes a config that parses and judges as the names alone did.

use serde_json::Value;

use crate::psa::{Psa, assert_same, fixture_path, reading, without_fingerprints};
use crate::support::leastwise;

/// Everything but LW302: only a binding names the role that a member should hold.
fn but_wrong_role(results: &[Value]) -> Vec<Value> {
    results.iter().filter(|result| result["check"] != "LW302").cloned().collect()
}

#[test]
fn the_live_tenant_and_its_snapshot_are_proposed_alike_and_judged_as_before() {
    let psa = Psa::acme();
    let by_names = psa.audit(&[]);
    let path = fixture_path("acme-msp");
    let of_file = leastwise(["init", "--snapshot", path.to_str().unwrap()]).now(reading).run();
    let live = psa.leastwise(&["init"]).run();
    assert_eq!((of_file.code, live.code), (0, 0), "{}", live.stderr);
    let host = psa.sim.url().trim_start_matches("http://");
    let named = live.stdout.replace(psa.sim.url(), host).replace(host, "na.myconnectwise.net");
    assert_eq!(named, of_file.stdout);

    psa.config(&live.stdout);
    let by_config =
        psa.audit_as(&[], |command| command.env("LEASTWISE_SITE", "").env("LEASTWISE_COMPANY", ""));
    assert_same(
        &but_wrong_role(by_config.results()),
        &but_wrong_role(by_names.results()),
        "bound by the proposal",
    );
    assert_eq!(by_config.ran.code, by_names.ran.code);
    assert!(by_config.of_check("LW302").iter().all(|result| result["status"] == "pass"));
}

#[test]
fn a_proposal_from_a_snapshot_judges_that_snapshot_as_before() {
    let psa = Psa::parapluie();
    let path = fixture_path("parapluie");
    let path = path.to_str().unwrap();
    let audit = || psa.leastwise(&["audit", "--format", "json", "--snapshot", path]).run();
    let before = audit();
    let proposal = psa.leastwise(&["init", "--snapshot", path]).run();
    insta::assert_snapshot!(proposal.stdout, @r#"
    # Proposed by leastwise init from what nimbus on eu.myconnectwise.net has. Correct it; keys never belong here.

    [tenant.nimbus]
    site    = "eu.myconnectwise.net"
    company = "nimbus"

    [[tenant.nimbus.integration]]   # Cisco Umbrella (MSP and MSSP consoles)
    rules  = "cisco-umbrella"
    member = "CiscoUmbrella"
    role   = "Parapluie"

    [[tenant.nimbus.integration]]   # leastwise
    rules  = "leastwise"
    member = "leastwise"
    role   = "leastwise"
    # features = ["legacy-logins"]   # name those that are in use
    "#);
    psa.config(&proposal.stdout);
    let after = audit();
    assert!(!after.stderr.contains("warning"), "{}", after.stderr);
    let results = |results: &[Value]| but_wrong_role(&without_fingerprints(results));
    assert_same(&results(&after.results()), &results(&before.results()), "bound by the proposal");
}

#[test]
fn names_with_quotes_and_line_breaks_are_proposed_as_toml_that_reads_back() {
    let psa = Psa::acme();
    psa.sim.edit(|snapshot| {
        snapshot["api_members"][0]["name"] = "Umbrella".into();
        snapshot["api_members"][0]["identifier"] = "a\"b\\c\n]]'''".into();
        snapshot["api_members"][6]["identifier"] = "x\n[tenant.evil]\nsite = \"evil.example\"".into();
        snapshot["roles"][9]["name"] = "r\u{1b}[31m\"".into();
    });
    let proposal = psa.leastwise(&["init"]).run();
    assert_eq!(proposal.code, 0, "{}", proposal.stderr);
    let config: toml::Table = proposal.stdout.parse().expect("TOML");
    let tenants: Vec<_> = config["tenant"].as_table().expect("tenants").keys().collect();
    assert_eq!(tenants, ["acme"]);
    let bindings = config["tenant"]["acme"]["integration"].as_array().expect("bindings");
    let member = bindings.iter().find(|binding| binding["rules"].as_str() == Some("cisco-umbrella")).unwrap();
    assert_eq!(member["member"].as_str(), Some("a\"b\\c\n]]'''"));
    assert_eq!(member["role"].as_str(), Some("r\u{1b}[31m\""));
}

#[test]
fn nothing_is_proposed_from_what_could_not_be_read() {
    use psa_sim::{Fault, When};

    for endpoint in ["/login/companyinfo/", "=/system/securityroles", "=/system/apimembers"] {
        let psa = Psa::acme();
        psa.sim.set_fault(endpoint, When::Always, Fault::status(403));
        let ran = psa.leastwise(&["init"]).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{endpoint}");
        assert!(ran.stderr.contains("could not be read"), "{}", ran.stderr);
    }
}
