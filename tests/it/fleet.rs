//! Many tenants: each is judged for itself, whatever becomes of the others, on one machine or on several.

mod broken;
mod choice;
mod files;
mod formats;
mod manifests;
mod psas;
mod secrets;
mod strangers;
mod untrusted;

use std::fs;
use std::time::Instant;

use serde_json::{Value, json};

use psas::Fleet;

const HEALTHY: usize = 180;

/// Umbrella lacks a grant in every so many.
const NARROW: usize = 9;

/// Without what differs from run to run by nature.
fn verdicts(report: &Value) -> Vec<(String, String)> {
    let of = |tenant: &Value| {
        let name = tenant["tenant"].as_str().unwrap_or_default().to_owned();
        let said = json!([tenant["complete"], tenant["failure"], tenant["results"]]).to_string();
        // What the system says of a connection that breaks is not the same every time.
        let mut parts = said.split("(it says: ");
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.filter_map(|part| part.split_once(')')).map(|(_, rest)| rest);
        (name, rest.fold(first, |text, rest| text + "(it says: …)" + rest))
    };
    report["tenants"].as_array().into_iter().flatten().map(of).collect()
}

#[test]
fn two_hundred_tenants_of_which_twenty_are_broken() {
    let started = Instant::now();
    let fleet = Fleet::start(HEALTHY, NARROW);
    let broken = broken::all();
    assert_eq!(broken.len(), 20);
    fleet.config(&broken);

    let ran = fleet.audit(&["--tenant", "all", "--format", "json", "--output", "table=one.txt"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let report = ran.json();
    let (read, unread): (Vec<_>, Vec<_>) =
        report["tenants"].as_array().expect("tenants").iter().partition(|tenant| tenant["failure"].is_null());
    assert_eq!((read.len(), unread.len()), (HEALTHY, 20));

    // 180 verdicts, each its own and whole.
    for tenant in &read {
        assert_eq!(tenant["complete"], true, "{}", tenant["tenant"]);
        let number: usize = tenant["tenant"].as_str().expect("a name")[1..].parse().expect("a number");
        let lacks = tenant["results"]
            .as_array()
            .expect("results")
            .iter()
            .any(|result| result["check"] == "LW101" && result["status"] == "fail");
        assert_eq!(lacks, number.is_multiple_of(NARROW), "{}", tenant["tenant"]);
    }
    // 20 failures, each with its reason and no verdict.
    for tenant in &unread {
        let own = broken.iter().find(|own| tenant["tenant"] == own.name).expect("a broken one");
        let failure = tenant["failure"].as_str().expect("a reason");
        assert!(failure.contains(own.says), "{}: {failure}", own.name);
        assert_eq!(tenant["complete"], false);
        let grants =
            tenant["results"].as_array().expect("results").iter().filter(|own| own["check"] == "LW101");
        assert!(grants.clone().all(|own| own["status"] == "unknown"), "{}", own.name);
    }
    let umbrella = report["roll_up"]["integrations"]
        .as_array()
        .and_then(|all| all.iter().find(|own| own["id"] == "cisco-umbrella"))
        .expect("Umbrella");
    assert_eq!(umbrella["tenants"]["ok"], 160);
    assert_eq!(umbrella["tenants"]["missing"], 20);
    assert_eq!(report["roll_up"]["unread"].as_array().map(Vec::len), Some(20));

    four_shards_joined_are_the_same(&fleet, &report);
    assert!(started.elapsed().as_secs() < 120, "far too slow: {:?}", started.elapsed());
}

fn four_shards_joined_are_the_same(fleet: &Fleet, whole: &Value) {
    let mut all = Vec::new();
    for part in 1..=4 {
        let (shard, output) = (format!("{part}/4"), format!("json={part}.json"));
        let ran = fleet.audit(&["--shard", &shard, "--format", "github", "--output", &output]);
        assert!(ran.code == 3 || ran.code == 1, "{part}: {}", ran.stderr);
        let text = fs::read_to_string(fleet.path(&format!("{part}.json"))).expect("a report");
        let report: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(report["shard"], shard);
        assert!((20..=80).contains(&report["tenants"].as_array().map_or(0, Vec::len)), "shares are alike");
        all.extend(verdicts(&report));
    }
    all.sort_by(|one, two| one.0.cmp(&two.0));
    let of_one_run = verdicts(whole);
    assert_eq!(all.len(), of_one_run.len());
    for (of_shards, of_one_run) in all.iter().zip(&of_one_run) {
        assert!(of_shards == of_one_run, "{} differs", of_shards.0);
    }

    let files = ["1.json", "2.json", "3.json", "4.json"];
    let joined = fleet.run(&[&["report", "--gate", "--format", "json"], &files[..]].concat());
    assert_eq!((joined.code, joined.stderr.as_str()), (3, ""));
    assert_eq!(joined.json()["roll_up"], whole["roll_up"]);
    let table = fleet.run(&[&["report"], &files[..]].concat());
    assert_eq!(table.code, 0, "without --gate it is a view");
    let of_one_run = fs::read_to_string(fleet.path("one.txt")).expect("a table");
    let roll_up = of_one_run.split("\n\nMore: ").next().expect("a roll-up");
    assert!(table.stdout.starts_with(roll_up), "{}\n---\n{roll_up}", &table.stdout[..roll_up.len()]);

    let without_one = fleet.run(&[&["report", "--gate"], &files[..3]].concat());
    assert_eq!(without_one.code, 3);
    assert_eq!(without_one.stderr, "warning: shards are missing, and what they found: 2026-11-21: 4/4\n");
}
