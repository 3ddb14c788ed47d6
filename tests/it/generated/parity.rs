//! Whoever reads the report learns the same of each key: exit code, JSON, HTML page, first screen, roll-up
//! and trend, over generated tenants with whatever makes them differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use super::corpus::{Case, for_all};
use super::judged::{Judged, Key, STANDINGS, text};
use crate::support::leastwise;

/// How many tenants share a folder's worth of formats: each costs a run of its own.
const EVERY: usize = 2;

/// Where each reader finds what; should a page be laid out otherwise, this follows it.
mod seen {
    use super::{BTreeSet, Key, STANDINGS};

    /// How a key is called on a page: its member, else the integration that is expected.
    pub(super) fn name(key: Key<'_>) -> String {
        let identifier = key.0["member"]["identifier"].as_str();
        let login = key.0["login"]["name"].as_str();
        let title = key.0["title"].as_str();
        identifier.or(login).or(title).unwrap_or("no name").to_owned()
    }

    /// The standings that the HTML page gives a key, by its row.
    pub(super) fn on_the_page(html: &str, key: Key<'_>) -> BTreeSet<&'static str> {
        let starts = ["<", " (old login)<"].map(|end| format!("<th scope=\"row\">{}{end}", name(key)));
        let rows = html.split("<tr").filter(|row| starts.iter().any(|start| row.contains(start)));
        let said = |row: &&str| {
            let row = row.split("</tr>").next().unwrap_or_default().to_owned();
            STANDINGS.into_iter().filter(move |standing| row.contains(&format!("\"st st-{standing}\"")))
        };
        rows.collect::<Vec<_>>().iter().flat_map(said).collect()
    }

    /// The first screen: what the table says before anything that `--details` adds.
    pub(super) fn first_screen(table: &str) -> String {
        table.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The standing by which a key is counted: the first.
fn worst(key: Key<'_>) -> &'static str {
    STANDINGS.into_iter().find(|standing| key.is(standing)).unwrap_or("nowhere")
}

/// How many keys stand how; a member that serves two integrations is one, and logins are no keys.
fn counted(judged: &Judged) -> BTreeMap<String, usize> {
    let mut of_member = BTreeMap::<String, usize>::new();
    for key in judged.keys().iter().filter(|key| !key.is_login()) {
        let who = key.member().map_or_else(|| key.who(), |member| member.to_string());
        let place = STANDINGS.iter().position(|standing| *standing == worst(*key)).unwrap_or_default();
        of_member.entry(who).and_modify(|own| *own = place.min(*own)).or_insert(place);
    }
    of_member.into_values().fold(BTreeMap::new(), |mut counts, place| {
        *counts.entry(STANDINGS[place].to_owned()).or_default() += 1;
        counts
    })
}

/// Counts without those that are zero.
fn given(counts: &Value) -> BTreeMap<String, usize> {
    let counts: BTreeMap<String, usize> = serde_json::from_value(counts.clone()).unwrap_or_default();
    counts.into_iter().filter(|(_, number)| *number > 0).collect()
}

fn ensure_same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, but the keys say {expected:?}")) }
}

/// How the keys of each integration stand, each member once, in so many tenants that are alike.
fn of_integrations(judged: &Judged, tenants: usize) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut worst_of = BTreeMap::<(String, String), usize>::new();
    for key in judged.keys().iter().filter(|key| !key.is_login()) {
        let Some(integration) = key.integration() else { continue };
        let who = key.member().map_or_else(|| key.who(), |member| member.to_string());
        let place = STANDINGS.iter().position(|standing| *standing == worst(*key)).unwrap_or_default();
        let of_member = worst_of.entry((integration.to_owned(), who)).or_insert(place);
        *of_member = place.min(*of_member);
    }
    let mut counts = BTreeMap::<_, BTreeMap<_, _>>::new();
    for ((integration, _), place) in worst_of {
        *counts.entry(integration).or_default().entry(STANDINGS[place].to_owned()).or_default() += tenants;
    }
    counts
}

/// The same, as the roll-up has it.
fn rolled_up(report: &Value) -> BTreeMap<String, BTreeMap<String, usize>> {
    let rolled = report["roll_up"]["integrations"].as_array();
    rolled
        .into_iter()
        .flatten()
        .map(|own| (text(&own["id"]), given(&own["by_standing"])))
        .filter(|(_, counts)| !counts.is_empty())
        .collect()
}

#[test]
fn the_summary_and_the_roll_up_count_what_the_keys_say() {
    for_all(|case| {
        let judged = case.judged()?;
        ensure_same("by_standing", &given(&judged.report["summary"]["by_standing"]), &counted(judged))?;
        ensure_same("roll-up", &rolled_up(&judged.report), &of_integrations(judged, 1))
    });
}

#[test]
fn the_trend_counts_what_the_keys_say_and_adds_tenants_up() {
    for_all(|case| {
        if case.choose(61, EVERY) != 0 {
            return Ok(());
        }
        let judged = case.judged()?;
        let folder = tempfile::TempDir::new().map_err(|error| error.to_string())?;
        let mut other = judged.report.clone();
        other["tenants"][0]["tenant"] = json!("other");
        other["tenants"][0]["company"] = json!("other");
        for (name, report) in [("one.json", &judged.report), ("two.json", &other)] {
            fs::write(folder.path().join(name), report.to_string()).map_err(|error| error.to_string())?;
        }
        let args = ["report", "one.json", "two.json", "--format", "json"];
        let trend = leastwise(args).folder(folder.path()).run().json();
        for tenant in trend["tenants"].as_array().into_iter().flatten() {
            let reading = &tenant["readings"][0];
            ensure_same("a reading", &given(&reading["by_standing"]), &counted(judged))?;
        }
        ensure_same("roll-up of two tenants", &rolled_up(&trend), &of_integrations(judged, 2))
    });
}

#[test]
fn every_format_says_the_same_of_each_key() {
    for_all(|case| if case.choose(71, EVERY) == 0 { formats_agree(case) } else { Ok(()) });
}

fn formats_agree(case: &Case) -> Result<(), String> {
    let written = case.estate.write();
    let outputs = ["--all", "--output", "html=page.html", "--output", "table=first.txt"];
    let ran = written.run(&outputs);
    let judged = Judged::of(&ran)?;
    ensure_same("the report beside other formats", &judged.report, &case.judged()?.report)?;
    let read = |name: &str| fs::read_to_string(written.path().join(name)).map_err(|error| error.to_string());
    let (html, table) = (read("page.html")?, read("first.txt")?);
    let screen = seen::first_screen(&table);
    for key in judged.keys() {
        let name = seen::name(key);
        let expected: BTreeSet<_> = STANDINGS.into_iter().filter(|standing| key.is(standing)).collect();
        let of_name = |other: &Key<'_>| seen::name(*other) == name;
        if judged.keys().iter().filter(|other| of_name(other)).count() == 1 {
            ensure_same(&format!("the page on {name}"), &seen::on_the_page(&html, key), &expected)?;
        }
        // The first screen has room for the worst only, but says all of these.
        let is_worst = ["broken", "exposed", "unowned"].contains(&worst(key));
        if is_worst && !screen.contains(&name) && !screen.contains(" more") {
            return Err(format!("{name} is {}, and the first screen does not say so:\n{table}", worst(key)));
        }
    }
    Ok(())
}
