//! Rule files: whatever the text, reading ends; a file that is accepted is written as TOML that reads
//! as the same rule file, and no text of it is lost on the way.

#![no_main]

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use jiff::civil::date;
use leastwise::rules::{Catalog, Days, Origin, RuleFile, built_in_catalog, to_toml};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| built_in_catalog().unwrap_or_else(|problems| panic!("{problems}")));

fuzz_target!(|text: &str| {
    let day = date(2026, 11, 22);
    let days = Some(Days { today: day, as_of: day });
    let reading = RuleFile::examine("f.toml", text, Origin::BuiltIn, &CATALOG, days);
    let lines = text.matches('\n').count() + 1;
    for problem in reading.problems.iter().chain(&reading.warnings) {
        assert!((1..=lines).contains(&problem.line), "{problem}");
    }
    assert_eq!(reading.rules.is_none(), !reading.problems.is_empty(), "{:?}", reading.problems);
    if let Some(rules) = &reading.rules {
        reads_back(rules);
        keeps_every_text(rules, text);
    }
});

fn reads_back(rules: &RuleFile) {
    let written = to_toml(rules, &CATALOG);
    let again = RuleFile::parse("f.toml", &written, Origin::BuiltIn, &CATALOG)
        .unwrap_or_else(|problems| panic!("{problems}\n{written}"));
    // The digest is that of the text, which may be another.
    let again = RuleFile { digest: rules.digest.clone(), ..again };
    assert_eq!(format!("{again:?}"), format!("{rules:?}"), "{written}");
    assert_eq!(to_toml(&again, &CATALOG), written);
}

/// Tables are written by their canonical name and probes without a slash in front; `stated` is what a row says that names
/// no basis; verbs may become `true`.
const WRITTEN_OTHERWISE: [&str; 5] = ["allow", "probes", "basis", "setup_only", "implied"];

fn keeps_every_text(rules: &RuleFile, text: &str) {
    let texts = |text: &str| {
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
        let mut texts = BTreeSet::new();
        collect(&toml::Value::Table(table), &mut texts);
        texts
    };
    let written = to_toml(rules, &CATALOG);
    let (before, after) = (texts(text), texts(&written));
    let lost: Vec<_> = before.difference(&after).collect();
    assert!(lost.is_empty(), "{lost:?} of\n{text}\nis not in\n{written}");
}

fn collect(value: &toml::Value, texts: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => {
            texts.insert(text.clone());
        }
        toml::Value::Datetime(day) => {
            texts.insert(day.to_string());
        }
        toml::Value::Array(list) => list.iter().for_each(|value| collect(value, texts)),
        toml::Value::Table(table) => {
            let kept = table.iter().filter(|(key, _)| !WRITTEN_OTHERWISE.contains(&key.as_str()));
            kept.for_each(|(_, value)| collect(value, texts));
        }
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => {}
    }
}
