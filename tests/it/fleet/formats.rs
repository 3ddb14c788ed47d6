//! Every format carries the tenant of each finding, and a reader sees first how they stand together.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::broken;
use super::psas::Fleet;
use crate::support::Ran;

/// Five tenants of which one lacks a grant, and three that are broken, two of them alike.
fn eight() -> (Fleet, Ran) {
    let fleet = Fleet::start(5, 5);
    let few: Vec<_> = broken::all()
        .into_iter()
        .filter(|own| ["forbidden", "no-key", "empty"].contains(&own.name))
        .collect();
    fleet.config(&few);
    let outputs =
        ["csv=r.csv", "markdown=r.md", "junit=r.xml", "github=r.txt", "html=r.html", "sarif=r.sarif"];
    let outputs = outputs.iter().flat_map(|output| ["--output", output]);
    let args: Vec<_> = ["--tenant", "all"].into_iter().chain(outputs).collect();
    let ran = fleet.audit(&args);
    (fleet, ran)
}

#[test]
fn the_first_screen_says_how_many_stand_how_and_which_could_not_be_read() {
    let (_fleet, ran) = eight();
    assert_eq!(ran.code, 3);
    let screen = &ran.stdout;
    assert!(screen.lines().count() <= 24, "{screen}");
    assert!(screen.starts_with("8 tenants: 5 read in full, 3 could not be read\n"), "{screen}");
    assert!(
        screen.contains("cisco-umbrella  1 broken, 2 not known, 4 fine; 3 tenants could not be read"),
        "{screen}"
    );
    for broken in ["forbidden", "no-key", "empty"] {
        assert!(screen.contains(&format!("\n  {broken}")), "{screen}");
    }
    assert!(screen.contains("\n  t005"), "{screen}");
    assert!(screen.contains("4 tenants where every key is fine, accepted or switched off"), "{screen}");
    assert!(ran.stdout.is_ascii() && ran.stdout.lines().all(|line| line.len() <= 80), "{}", ran.stdout);
    assert_eq!(ran.stderr.lines().filter(|line| line.starts_with("error: ")).count(), 3, "{}", ran.stderr);
}

#[test]
fn every_format_carries_the_tenant() {
    let (fleet, _ran) = eight();
    let read = |name: &str| fs::read_to_string(fleet.path(name)).expect("a file");
    let lacking = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.contains("LW101")).map(str::to_owned).collect()
    };
    let mut rows = csv::Reader::from_reader(read("r.csv").into_bytes().as_slice())
        .into_records()
        .map(|row| row.expect("a row"))
        .filter(|row| &row[1] == "LW101" && &row[3] == "fail")
        .map(|row| row[0].to_owned())
        .collect::<Vec<_>>();
    rows.dedup();
    assert_eq!(rows, ["t005"]);
    let annotations: Vec<_> =
        lacking(&read("r.txt")).into_iter().filter(|line| line.starts_with("::error")).collect();
    assert!(
        !annotations.is_empty() && annotations.iter().all(|line| line.contains("title=t005%3A LW101")),
        "{annotations:?}"
    );
    assert!(read("r.txt").contains("::error title=no-key%3A leastwise::the private key is not set"));
    let junit = roxmltree::Document::parse(&read("r.xml")).map(|document| {
        let suites = document.descendants().filter(|node| node.has_tag_name("testsuite"));
        suites.filter_map(|node| node.attribute("name").map(str::to_owned)).collect::<Vec<_>>()
    });
    assert_eq!(junit.expect("XML"), ["empty", "forbidden", "no-key", "t001", "t002", "t003", "t004", "t005"]);
    let markdown = read("r.md");
    assert!(markdown.starts_with("# leastwise: 8 tenants: 5 read in full, 3 could not be read\n"));
    assert!(
        markdown.contains("| cisco-umbrella | 1 broken, 2 not known, 4 fine; 3 tenants could not be read |"),
        "{markdown}"
    );
    assert!(markdown.contains("## leastwise: t005 (company5 on "));
    let page = read("r.html");
    assert!(page.contains("8 tenants: 5 read in full, 3 could not be read"));
    assert!(page.contains("1 broken, 2 not known, 4 fine; 3 tenants could not be read"));
}

fn runs(sarif: &str) -> Vec<Value> {
    let log: Value = serde_json::from_str(sarif).expect("JSON");
    log["runs"].as_array().expect("runs").clone()
}

fn automation(runs: &[Value]) -> BTreeSet<String> {
    runs.iter().map(|run| run["automationDetails"]["id"].as_str().expect("an id").to_owned()).collect()
}

/// GitHub closes the alerts that a run does not have, and leaves those of absent runs alone.
#[test]
fn sarif_has_a_run_for_each_tenant_that_was_read_in_full() {
    let (fleet, ran) = eight();
    let text = fs::read_to_string(fleet.path("r.sarif")).expect("a file");
    assert_eq!(automation(&runs(&text)).len(), 5);
    assert!(
        ran.stderr.contains(
            "warning: r.sarif is without empty, forbidden and no-key: part of each could not be read"
        ),
        "{}",
        ran.stderr
    );
    let all = fleet.audit(&["--tenant", "all", "--format", "sarif", "--allow-partial"]);
    assert_eq!(automation(&runs(&all.stdout)).len(), 8);
}

#[test]
fn sarif_starts_a_new_file_every_twenty_runs() {
    let fleet = Fleet::start(45, 100);
    let ran = fleet.audit(&["--tenant", "all", "--output", "sarif=out.sarif", "--format", "sarif"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let files = ["out.sarif", "out-2.sarif", "out-3.sarif"];
    let files = files.map(|name| runs(&fs::read_to_string(fleet.path(name)).expect("a file")));
    assert_eq!(files.each_ref().map(Vec::len), [20, 20, 5]);
    assert_eq!(automation(&files.concat()).len(), 45);
    assert!(!fleet.path("out-4.sarif").exists());
    assert!(ran.stderr.contains(
        "GitHub takes 20 runs in a file, and this has 45: --output sarif=FILE writes several files"
    ));
    assert!(ran.stderr.contains("out.sarif and 2 more files hold the SARIF"), "{}", ran.stderr);
}

/// The table is one screen, however many there are; the rest is asked for.
#[test]
fn several_tenants_share_a_screen() {
    let (fleet, ran) = eight();
    assert!(ran.stdout.contains("More: leastwise audit --tenant NAME shows one of them"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("missing (!)"), "{}", ran.stdout);
    let details = fleet.audit(&["--tenant", "t004,t005", "--details"]);
    assert!(
        details.stdout.contains("Role Parapluie, for cisco-umbrella: 1 missing (!)"),
        "{}",
        details.stdout
    );
    let summary = fleet.audit(&["--tenant", "all", "--format", "summary"]).stdout;
    assert!(summary.lines().count() <= 10 && summary.contains("t005: 1 broken, 1 fine\n"), "{summary}");
    assert!(summary.starts_with("leastwise: 8 tenants: 5 read in full, 3 could not be read, exit 3\nKeys: "));
}
