//! Which tenants are meant, and which commands take several.

use super::psas::{Fleet, section};
use crate::support::{Ran, leastwise};

/// Three tenants with tags.
fn tagged() -> Fleet {
    let fleet = Fleet::start(3, 100);
    let part = |number: usize, tags: &str| {
        let section = section(&format!("t{number}"), fleet.sim.url(), &format!("company{number}"));
        section.replacen("site =", &format!("tags = [{tags}]\nsite ="), 1)
    };
    let off = "[checks.LW307]\nseverity = \"off\"\n";
    let parts = [part(1, "\"emea\", \"gold\""), part(2, "\"emea\""), part(3, "\"us\"")];
    fleet.config_text(&format!("{off}{}", parts.join("\n")));
    fleet
}

fn companies(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let tenants = report["tenants"].as_array().expect("tenants").iter();
    tenants.map(|own| own["company"].as_str().expect("a company").to_owned()).collect()
}

#[test]
fn names_and_tags_pick_tenants_in_the_order_of_the_config() {
    let fleet = tagged();
    for (args, expected) in [
        (&["--tenant", "all"][..], &["company1", "company2", "company3"][..]),
        (&["--tenant", "t3,t1"], &["company1", "company3"]),
        (&["--tenant", "t3", "--tenant", "t1", "--tenant", "t1"], &["company1", "company3"]),
        (&["--tag", "emea"], &["company1", "company2"]),
        (&["--tag", "gold,us"], &["company1", "company3"]),
        (&["--tenant", "t2,t3", "--tag", "emea"], &["company2"]),
        (&["--tenant", "t2"], &["company2"]),
    ] {
        let ran = fleet.audit(&[args, &["--format", "json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        assert_eq!(companies(&ran), expected, "{args:?}");
    }
}

#[test]
fn what_is_wrong_with_the_choice_is_said_before_anything_is_asked() {
    let fleet = tagged();
    for (args, said) in [
        (&["--tenant", "t1,t9"][..], "there is no tenant \"t9\" in the config: the config has t1, t2 and t3"),
        (&["--tag", "emae"], "no tenant of the config has the tag \"emae\": did you mean \"emea\"?"),
        (&["--tenant", "t3", "--tag", "emea"], "none of the tenants that are named has the tag"),
        (&["--tenant", "all", "--company", "x"], "--site and --company are of one tenant"),
        (&["--tenant", "all", "--snapshot", "x.json"], "--snapshot is of one tenant"),
        (&["--tag", "us", "--baseline", "x.json"], "--baseline is of one tenant"),
        (&["--shard", "1/2", "--evidence", "x.json"], "--evidence"),
        (&["--shard", "3/2"], "write it as K/N"),
    ] {
        let ran = fleet.audit(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {}", ran.stderr);
    }
    assert!(fleet.sim.requests().is_empty());
}

#[test]
fn other_commands_take_one_tenant() {
    let fleet = tagged();
    for command in [
        &["snapshot", "-o", "x.json"][..],
        &["diff", "x.json"],
        &["doctor", "--integration", "cisco-umbrella"],
        &["checklist", "--integration", "cisco-umbrella"],
        &["impact", "CiscoUmbrella"],
        &["init"],
    ] {
        for choice in
            [&["--tenant", "all"][..], &["--tag", "us"], &["--shard", "1/2"], &["--tenant", "t1,t2"]]
        {
            let ran = fleet.run(&[command, choice].concat());
            assert_eq!(ran.code, 2, "{command:?} {choice:?}: {}", ran.stderr);
        }
    }
    let ran = fleet.run(&["snapshot", "-o", "x.json", "--tenant", "all"]);
    assert_eq!(
        ran.stderr,
        "error: this command reads one tenant: name it with --tenant NAME; only audit takes several\n"
    );
    assert!(fleet.sim.requests().is_empty());
}

/// A key that is not set is 2 for a tenant that is named alone: nothing was judged. Among several it is
/// that one's own failure, even where the choice comes down to one.
#[test]
fn a_missing_key_stops_one_tenant_alone_and_never_others() {
    let fleet = tagged();
    let without = |args: &[&str]| {
        leastwise([&["audit", "--format", "json"], args].concat()).folder(fleet.folder()).run()
    };
    let alone = without(&["--tenant", "t1"]);
    assert_eq!((alone.code, alone.stdout.as_str()), (2, ""));
    let among = without(&["--tag", "us"]);
    assert_eq!(among.code, 3);
    assert_eq!(companies(&among), ["company3"]);
    assert_eq!(among.json()["tenants"][0]["complete"], false);
}

#[test]
fn the_environment_speaks_for_one_tenant_only() {
    let fleet = tagged();
    let ran = fleet
        .command(&["audit", "--tenant", "all", "--format", "json"])
        .env("LEASTWISE_COMPANY", "company1")
        .env("LEASTWISE_PRIVATE_KEY", "wrong")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(companies(&ran), ["company1", "company2", "company3"]);
    assert!(ran.stderr.contains("warning: LEASTWISE_COMPANY and LEASTWISE_PRIVATE_KEY are set, but count for a tenant that is named alone"), "{}", ran.stderr);
}

#[test]
fn an_empty_shard_is_empty_and_says_so() {
    let fleet = tagged();
    let empty = (1..=50).map(|part| format!("{part}/50")).find(|shard| {
        let ran = fleet.audit(&["--tag", "us", "--shard", shard]);
        ran.stdout == "no tenant falls into this shard\n" && ran.code == 0
    });
    let ran = fleet.audit(&["--tag", "us", "--format", "json", "--shard", &empty.expect("an empty shard")]);
    assert_eq!(companies(&ran), Vec::<String>::new());
    assert!(ran.stderr.starts_with("reading 0 tenants of 1, live: shard "), "{}", ran.stderr);
}

#[test]
fn no_tenant_can_be_called_all() {
    let fleet = tagged();
    fleet.config_text("[tenant.all]\ncompany = \"x\"\n");
    let ran = fleet.audit(&["--tenant", "all"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("\"all\" cannot be a tenant's name"), "{}", ran.stderr);
}

/// Two names for one PSA and company ask no more at once than one alone.
#[test]
fn tenants_of_one_company_share_its_limit() {
    let fleet = Fleet::start(1, 100);
    let part = |name: &str| {
        section(name, fleet.sim.url(), "company1").replace("timeout_ms", "connections = 1\ntimeout_ms")
    };
    fleet.config_text(&["a", "b", "c", "d"].map(part).join("\n"));
    let ran = fleet.audit(&["--tenant", "all", "--format", "json"]);
    assert_eq!(companies(&ran).len(), 4, "{}", ran.stderr);
    let times = fleet.sim.requests();
    assert!(times.len() > 20);
    assert_eq!(fleet.sim.most_under_way(), 1);
}
