//! The scripts of `packaging/collect`: they ask for what the program asks for and no more, save it as
//! `snapshot --from-responses` reads it, and keep the key to themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use leastwise::model::{DatasetName, RoleId};
use leastwise::source::connectwise::{Endpoint, endpoints};
use url::form_urlencoded;

use crate::psa::Psa;
use crate::support::{leastwise, project};

/// Runs the shell's collector against the simulator; the folder must not be there yet.
pub fn collect(psa: &Psa, env: &BTreeMap<&'static str, String>, folder: &Path) -> Output {
    run(Command::new("sh").arg(project().join("packaging/collect/collect.sh")), psa, env, folder)
}

fn run(command: &mut Command, psa: &Psa, env: &BTreeMap<&'static str, String>, folder: &Path) -> Output {
    command
        .args([&env["LEASTWISE_SITE"], &env["LEASTWISE_COMPANY"]])
        .arg(folder)
        .current_dir(psa.folder.path())
        .env("CLIENT_ID", &env["LEASTWISE_CLIENT_ID"])
        .env("PUBLIC_KEY", &env["LEASTWISE_PUBLIC_KEY"])
        .env("PRIVATE_KEY", &env["LEASTWISE_PRIVATE_KEY"])
        .output()
        .expect("it runs")
}

/// What was asked for: path and parameters, but for the page.
fn asked(psa: &Psa) -> BTreeSet<(String, BTreeMap<String, String>)> {
    let requests = psa.sim.requests();
    requests
        .iter()
        .map(|request| {
            let mut query: BTreeMap<String, String> =
                form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
            query.remove("page");
            query.remove("pageSize");
            (request.path.rsplit_once("/3.0/").map_or(&*request.path, |(_, path)| path).to_lowercase(), query)
        })
        .collect()
}

#[test]
fn the_collector_asks_for_what_a_snapshot_asks_for_and_no_more() {
    let (live, saved) = (Psa::acme(), Psa::acme());
    assert_eq!(live.leastwise(&["snapshot", "-o", "live.json"]).run().code, 0);
    assert!(collect(&saved, &saved.env(), &saved.path("answers")).status.success());
    assert_eq!(asked(&saved), asked(&live));
}

#[test]
fn the_collector_leaves_no_key_behind_and_shows_none() {
    let psa = Psa::acme();
    let ran = collect(&psa, &psa.env(), &psa.path("answers"));
    let mut all = [ran.stdout, ran.stderr].concat();
    for entry in fs::read_dir(psa.path("answers")).expect("the folder") {
        all.extend(fs::read(entry.expect("a file").path()).expect("a file"));
    }
    let all = String::from_utf8(all).expect("text");
    assert!(all.contains("CiscoUmbrella") || all.contains("Umbrella"));
    for name in ["LEASTWISE_PUBLIC_KEY", "LEASTWISE_PRIVATE_KEY", "LEASTWISE_CLIENT_ID"] {
        assert!(!all.contains(&psa.env()[name]), "{name}");
    }
}

#[test]
fn a_refused_key_ends_the_collector_and_leaves_nothing_that_looks_whole() {
    let psa = Psa::acme();
    let mut env = psa.env();
    env.insert("LEASTWISE_PRIVATE_KEY", "not-the-key".to_owned());
    let ran = collect(&psa, &env, &psa.path("answers"));
    assert_eq!(ran.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(stderr.contains("roles.json: HTTP 40") && stderr.contains("check the keys"), "{stderr}");
    assert!(!psa.path("answers/meta.json").exists());
}

/// Pages of another day in it would be taken for today's.
#[test]
fn the_collector_does_not_write_into_a_folder_that_is_there() {
    let psa = Psa::acme();
    fs::create_dir(psa.path("answers")).expect("a folder");
    assert!(!collect(&psa, &psa.env(), &psa.path("answers")).status.success());
    assert_eq!(fs::read_dir(psa.path("answers")).expect("the folder").count(), 0);
}

/// With pages of ten rows every list of the fixture has several, and some end with a full one.
#[test]
fn lists_of_several_pages_are_saved_whole() {
    let psa = Psa::acme();
    let script = fs::read_to_string(project().join("packaging/collect/collect.sh")).expect("the script");
    let small = script.replace(" size=1000 ", " size=10 ").replace("% 25", "% 10");
    assert_ne!(small, script);
    fs::write(psa.path("collect.sh"), small).expect("written");
    let ran = run(Command::new("sh").arg(psa.path("collect.sh")), &psa, &psa.env(), &psa.path("answers"));
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(psa.path("answers/members-page3.json").exists());
    assert_eq!(psa.leastwise(&["snapshot", "-o", "live.json"]).run().code, 0);
    let built = leastwise(["snapshot", "--from-responses", "answers", "-o", "saved.json"])
        .folder(psa.folder.path())
        .env("LEASTWISE_SITE", psa.sim.url())
        .run();
    assert_eq!(built.code, 0, "{}", built.stderr);
    let rows = |name: &str| {
        let text = fs::read_to_string(psa.path(name)).expect("a snapshot");
        text.split_once('\n').expect("a header").1.to_owned()
    };
    assert_eq!(rows("saved.json"), rows("live.json"));
}

/// A call of a script: file, path, fields, conditions.
type Call = (String, String, String, Option<String>);

fn calls(script: &str, command: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for line in script.lines() {
        let Some((before, call)) = line.split_once(command) else { continue };
        if !(before.is_empty() || call.starts_with("\"settings-")) {
            continue;
        }
        let mut words = call.split_whitespace();
        let mut word = || words.next().map(|word| word.trim_matches(['\'', '"', ';', '}']).to_owned());
        let (file, path, fields) =
            (word().expect("a file"), word().expect("a path"), word().expect("fields"));
        let condition = call.contains("licenseClass=\"A\"").then(|| "licenseClass=\"A\"".to_owned());
        calls.push((file, path, fields, condition));
    }
    calls.sort();
    calls
}

/// Where there is no PowerShell to run it (`powershell`), this is what holds its script to the program.
#[test]
fn both_collectors_ask_for_what_the_program_asks_for() {
    // A list that only a config asks for is not asked for by the scripts, which know none.
    let usual = DatasetName::ALL.into_iter().filter(|dataset| !dataset.is_optional());
    let mut wanted: Vec<Call> = endpoints(&usual.collect())
        .into_iter()
        .chain([Endpoint::settings(RoleId(0))])
        .map(|own| {
            let path = own.path.trim_start_matches("system/").replace("/0/", "/$id/");
            let is_settings = own.dataset == DatasetName::Settings;
            let file = if is_settings { "settings-$id".to_owned() } else { own.dataset.to_string() };
            (file, path, own.fields.to_owned(), own.conditions.map(str::to_owned))
        })
        .collect();
    wanted.sort();
    for (name, command) in [("collect.sh", "list "), ("collect.ps1", "Save-List ")] {
        let script = fs::read_to_string(project().join("packaging/collect").join(name)).expect("the script");
        assert_eq!(calls(&script, command), wanted, "{name}");
        assert!(script.lines().count() < 40, "{name} is to be read before it is run");
    }
}
