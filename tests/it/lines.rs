//! One setting, one line: a change of one grant changes one line of a snapshot, and reports point at it.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use leastwise::model::{Dataset, Grant, Level, Role, RoleId, Tenant, Verb};
use leastwise::source::snapshot;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{leastwise, project};

fn acme() -> Tenant {
    snapshot::parse(&fs::read(project().join("fixtures/acme-msp.json")).expect("the fixture"))
        .expect("a snapshot")
}

fn written(tenant: &Tenant) -> String {
    let mut bytes = Vec::new();
    snapshot::write(tenant, "leastwise test", &mut bytes).expect("written");
    String::from_utf8(bytes).expect("text")
}

/// acme-msp with so many roles more, each with 113 settings.
fn with_roles(number: i64) -> Tenant {
    let mut tenant = acme();
    let Dataset::Complete(roles) = &mut tenant.roles else { panic!("roles") };
    let template = tenant.settings[&RoleId(31)].clone();
    for id in 1_000..1_000 + number {
        let name = format!("Role {id}");
        roles.push(Role { admin: Some(false), active: Some(true), ..Role::new(RoleId(id), name) });
        let mut settings = template.clone();
        if let Dataset::Complete(rows) = &mut settings {
            for (row, at) in rows.iter_mut().zip(1..) {
                row.id = Some(id * 10_000 + at);
            }
        }
        tenant.settings.insert(RoleId(id), settings);
    }
    tenant
}

#[test]
fn a_change_of_one_grant_among_500_roles_changes_one_line_beside_the_header() {
    let before = with_roles(500);
    let mut after = before.clone();
    after.taken_at = before.taken_at + SignedDuration::from_hours(24);
    let Some(Dataset::Complete(rows)) = after.settings.get_mut(&RoleId(1_250)) else { panic!("settings") };
    rows[70].grants.set(Verb::Delete, Grant::Level(Level::My));
    let (before, after) = (written(&before), written(&after));
    assert_eq!(before.lines().count(), after.lines().count());
    assert!(before.lines().count() > 500 * 113);
    let differing: Vec<_> =
        before.lines().zip(after.lines()).enumerate().filter(|(_, (one, other))| one != other).collect();
    assert_eq!(differing.len(), 2, "{differing:?}");
    let (_, (header, _)) = differing[0];
    assert!(header.starts_with("{\"format\":\"leastwise-snapshot/1\",\"header\""));
    let (_, (_, changed)) = differing[1];
    assert!(changed.contains("\"id\":12500071,") && changed.contains("\"delete\":\"My\""), "{changed}");
}

/// The line that SARIF, JSON annotations and the diff name, read in the file itself.
#[test]
fn reports_point_at_the_line_of_the_setting() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("snapshots")).expect("a folder");
    let text = fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    fs::write(folder.path().join("snapshots/acme.json"), &text).expect("written");
    let lines: Vec<_> = text.lines().collect();
    let args = [
        "audit",
        "--snapshot",
        "./snapshots/acme.json",
        "--all",
        "--format",
        "sarif",
        "--output",
        "github=g.txt",
    ];
    let ran = leastwise(args).folder(folder.path()).run();
    let log: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let mut checked = 0;
    for result in
        results.iter().filter(|result| result["ruleId"].as_str().is_some_and(|id| id.starts_with("LW10")))
    {
        let location = &result["locations"][0];
        let physical = &location["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "snapshots/acme.json");
        let line = usize::try_from(physical["region"]["startLine"].as_u64().expect("a line")).expect("small");
        let name = location["logicalLocations"][0]["fullyQualifiedName"].as_str().expect("a name");
        let row: Value = serde_json::from_str(lines[line - 1].trim_end_matches(',')).expect("a setting");
        let (module, function) =
            (row["module"].as_str().expect("a module"), row["function"].as_str().expect("a function"));
        assert!(name.contains(&format!("{module}/{function}")), "{name}: {row}");
        checked += 1;
    }
    assert!(checked > 300, "{checked}");
    // By hand: the fixture's line 1181 is Service Tickets of the role Umbrella.
    assert!(
        lines[1_180]
            .starts_with("{\"id\":310083,\"module\":\"Service Desk\",\"function\":\"Service Tickets\"")
    );
    let annotations = fs::read_to_string(folder.path().join("g.txt")).expect("annotations");
    assert!(
        annotations.contains("::error file=./snapshots/acme.json,line=1181,title=LW101 high"),
        "{annotations}"
    );
}

#[test]
fn fingerprints_are_those_of_the_finding_and_not_of_names_levels_or_the_day() {
    let folder = TempDir::new().expect("a folder");
    let text = fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let renamed = text
        .replace("\"id\":31,\"name\":\"Umbrella\"", "\"id\":31,\"name\":\"Cisco\"")
        .replace("\"function\":\"Contacts\"", "\"function\":\"CONTACTS\"")
        .replacen("\n\"tenant\"", "\n\n\n\"tenant\"", 1);
    assert_ne!(text, renamed);
    fs::write(folder.path().join("one.json"), text).expect("written");
    fs::write(folder.path().join("two.json"), renamed).expect("written");
    let fingerprints = |snapshot: &str, day: &str| {
        let args = ["audit", "--snapshot", snapshot, "--as-of", day, "--format", "json"];
        let results = leastwise(args).folder(folder.path()).run().results();
        let failing = results.into_iter().filter(|result| result["status"] == "fail");
        failing.map(|result| result["fingerprint"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    let mut one = fingerprints("one.json", "2026-11-22");
    let mut two = fingerprints("two.json", "2026-11-25");
    one.sort();
    two.sort();
    assert!(one.len() > 40);
    assert_eq!(one, two);
}

/// A time that no test of this file depends on but the header.
#[test]
fn the_header_is_the_only_line_that_knows_the_time() {
    let mut tenant = acme();
    let before = written(&tenant);
    tenant.taken_at = Timestamp::UNIX_EPOCH;
    let after = written(&tenant);
    let below = |text: &str| text.split_once('\n').expect("lines").1.to_owned();
    assert_ne!(before, after);
    assert_eq!(below(&before), below(&after));
}
