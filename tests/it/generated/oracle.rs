//! Every result of this program beside that of an earlier one (`LEASTWISE_ORACLE` names its binary), over
//! generated tenants and the fixtures. What is meant to differ is listed, and counted; anything else fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::build::Grammar;
use super::corpus::estates;
use super::estate::Estate;
use super::judged::{Judged, text};
use crate::support::project;

/// Changes that are meant: the check (`*` is any), what kind of difference it is, and why.
const MEANT: [(&str, &str, &str); 44] = [
    ("*", "message", "words: the field's own terms"),
    ("*", "fix", "words, and what to do first"),
    ("*", "actual", "words"),
    (
        "*",
        "only then, of an idle role",
        "a role of the name that nobody holds is not judged while another serves",
    ),
    ("LW102", "certainty", "inferred where the function stands in a doubt"),
    ("LW102", "folded", "LW206 counts it, unless --all"),
    (
        "LW102",
        "only then",
        "leastwise's own Table Setup is accounted for by its feature, wherever its role opens it",
    ),
    ("LW102", "only now", "LW206 counts it, unless --all"),
    ("LW102", "severity", "critical and high are kept where a rule file is partial"),
    ("LW102", "status", "an unknown row beside one that is needed and not there is unknown"),
    ("LW102", "required", "an unknown row beside one that is needed and not there is unknown"),
    ("LW104", "only then", "one result per customise list"),
    ("LW104", "only now", "one result per customise list"),
    ("LW105", "only then", "its role is not judged: nobody holds it, and another serves"),
    ("LW105", "only now", "its role is not judged: nobody holds it, and another serves"),
    ("LW105", "status", "its role is not judged: nobody holds it, and another serves"),
    ("LW206", "status", "what is decided counts beside what is not"),
    ("LW402", "status", "waivers match the findings of now"),
    ("LW201", "only then", "one finding per role became one per API member"),
    ("LW201", "only now", "one finding per role became one per API member"),
    (
        "LW202",
        "status",
        "a name that several roles bear waives nothing; a member without a role may hold any",
    ),
    ("LW205", "status", "a member whose role is not said may hold it"),
    ("LW302", "required", "the id beside a name that several roles bear"),
    ("LW304", "severity", "45 days with a dangerous power"),
    ("LW304", "required", "45 days with a dangerous power"),
    ("LW304", "only now", "45 days with a dangerous power"),
    ("LW304", "only then", "45 days with a dangerous power: no pass for all any more"),
    ("LW307", "status", "its waiver has to name the login"),
    ("LW307", "fingerprint", "one finding per login"),
    ("LW307", "only then", "one finding per login"),
    ("LW307", "only now", "one finding per login"),
    ("LW308", "only then", "one finding per further member"),
    ("LW308", "only now", "one finding per further member"),
    ("LW309", "severity", "critical where its role has a dangerous power"),
    ("LW310", "only now", "new"),
    ("LW311", "only now", "new"),
    ("LW401", "status", "the waiver of a check about one key has to name it"),
    ("LW401", "only then", "a waiver that stands twice, word for word, is judged once"),
    ("LW401", "fingerprint", "a waiver that stands twice, word for word, is judged once"),
    ("LW402", "only then", "a waiver that stands twice, word for word, is judged once"),
    ("LW502", "only now", "new"),
    ("LW503", "only now", "new"),
    ("LW901", "only then", "logins that are refused are LW307's: notApplicable"),
    ("LW901", "only now", "logins that are refused are LW307's: notApplicable"),
];

const FIELDS: [&str; 8] =
    ["status", "severity", "certainty", "actual", "required", "message", "fix", "fingerprint"];

/// What a result is about, which tells it from all others.
fn about(result: &Value) -> String {
    let fields = ["check", "integration", "role", "member", "module", "function", "verb", "table", "dataset"];
    let part = |field: &str| match field {
        "role" | "member" => result[field]["id"].to_string(),
        _ => text(&result[field]),
    };
    fields.map(part).join("|")
}

/// The ids of the roles that somebody holds.
fn held(snapshot: &Value) -> Vec<String> {
    let of = |list: &str| snapshot[list].as_array().cloned().unwrap_or_default();
    of("members").into_iter().chain(of("api_members")).map(|member| member["role"].to_string()).collect()
}

/// The differences of two lists of results, by check and kind, each with an example.
fn differences(then: &[Value], now: &[Value]) -> Vec<(String, String, String)> {
    fn by_subject(results: &[Value]) -> BTreeMap<String, Vec<&Value>> {
        results.iter().fold(BTreeMap::new(), |mut all, result| {
            all.entry(about(result)).or_default().push(result);
            all
        })
    }
    let (then, mut now) = (by_subject(then), by_subject(now));
    let mut found = Vec::new();
    let mut note = |kind: &str, result: &Value, said: String| {
        found.push((text(&result["check"]), kind.to_owned(), said));
    };
    for (subject, before) in then {
        let mut after = now.remove(&subject).unwrap_or_default();
        for old in before {
            // Where several are about the same, those of one fingerprint belong together.
            let same = after.iter().position(|new| new["fingerprint"] == old["fingerprint"]);
            if after.is_empty() {
                note("only then", old, format!("{subject} {}: {}", old["status"], old["message"]));
                continue;
            }
            let new = after.remove(same.unwrap_or_default());
            for field in FIELDS.iter().filter(|field| old[**field] != new[**field]) {
                note(field, old, format!("{subject}: {} -> {}", old[*field], new[*field]));
            }
        }
        for new in after {
            note("only now", new, format!("{subject} {}: {}", new["status"], new["message"]));
        }
    }
    for new in now.into_values().flatten() {
        note("only now", new, format!("{} {}: {}", about(new), new["status"], new["message"]));
    }
    found
}

fn by_oracle(oracle: &Path, folder: &Path, snapshot: &str, args: &[&str]) -> Value {
    let given = ["audit", "--snapshot", snapshot, "--rules-dir", "rules", "--format", "json"];
    let output = Command::new(oracle)
        .args([&given, args].concat())
        .args(["--as-of", "2026-11-22"])
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the oracle runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
#[ignore = "needs the binary of an earlier program, which LEASTWISE_ORACLE names"]
fn results_are_those_of_the_earlier_program_but_for_what_is_meant() {
    let oracle: PathBuf =
        std::env::var_os("LEASTWISE_ORACLE").expect("LEASTWISE_ORACLE names a binary").into();
    let fixtures = ["acme-msp", "parapluie"]
        .map(|name| Estate::of_snapshot(&project().join("fixtures").join(name).with_extension("json")));
    let mut all = BTreeMap::<(String, String), (usize, String)>::new();
    let mut tenants = 0;
    for estate in estates(0, Grammar::Old).chain(fixtures) {
        tenants += 1;
        for args in [&[][..], &["--all"]] {
            let written = estate.write();
            let then = by_oracle(&oracle, written.path(), "tenant.json", args);
            let now = Judged::of(&written.run(args)).expect("a report");
            let then = then["tenants"][0]["results"].as_array().expect("results");
            let snapshot = std::fs::read(written.path().join("tenant.json")).expect("a snapshot");
            let held = held(&serde_json::from_slice(&snapshot).expect("JSON"));
            for (check, kind, said) in differences(then, now.results()) {
                let role = said.split('|').nth(2).unwrap_or_default();
                let is_idle = kind == "only then" && role != "null" && !held.iter().any(|own| own == role);
                let is_folded = check == "LW102" && kind == "only then" && args.is_empty();
                let kind = match (is_idle, is_folded) {
                    (true, _) => "only then, of an idle role".to_owned(),
                    (_, true) => "folded".to_owned(),
                    _ => kind,
                };
                all.entry((check, kind)).or_insert((0, said)).0 += 1;
            }
        }
    }
    let why = |check: &str, kind: &str| {
        MEANT
            .iter()
            .find(|(own, kinds, _)| [check, "*"].contains(own) && *kinds == kind)
            .map(|(.., why)| *why)
    };
    let mut strange = Vec::new();
    for ((check, kind), (number, said)) in &all {
        let meant = why(check, kind);
        println!("{check} {kind}: {number} ({})", meant.unwrap_or("NOT MEANT"));
        if meant.is_none() {
            strange.push(format!("{check} {kind}: {number} times, such as\n    {said}"));
        }
    }
    assert!(strange.is_empty(), "of {tenants} tenants:\n{}", strange.join("\n"));
}
