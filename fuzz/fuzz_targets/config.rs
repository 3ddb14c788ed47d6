//! `leastwise.toml`: whatever the text, reading ends; a config that is accepted has every tenant, binding,
//! check and waiver of the text; a key that stands in it in clear is refused and not repeated.

#![no_main]

use std::sync::LazyLock;

use jiff::civil::date;
use leastwise::rules::Library;
use leastwise::config::Config;
use libfuzzer_sys::fuzz_target;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    Library::load(None, date(2026, 11, 22)).unwrap_or_else(|problems| panic!("{problems}"))
});

fuzz_target!(|text: &str| {
    let parsed = Config::parse("leastwise.toml", text, &LIBRARY);
    let table: Option<toml::Table> = text.parse().ok();
    match (&parsed, &table) {
        (Ok(config), Some(table)) => has_everything(config, table),
        (Ok(_), None) => panic!("accepted, but it is not TOML"),
        (Err(problems), table) => {
            let lines = text.matches('\n').count() + 1;
            assert!(!problems.0.is_empty());
            for problem in &problems.0 {
                assert!((1..=lines).contains(&problem.line), "{problem}");
            }
            let said = problems.to_string();
            for key in table.iter().flat_map(keys_in_clear) {
                assert!(text.matches(key).count() > 1 || !said.contains(key), "{said}");
            }
        }
    }
});

fn has_everything(config: &Config, table: &toml::Table) {
    let list = |table: &toml::Table, key: &str| table.get(key).and_then(toml::Value::as_array).map_or(0, Vec::len);
    let entries = |key: &str| table.get(key).and_then(toml::Value::as_table);
    assert_eq!(config.tenants.len(), entries("tenant").map_or(0, toml::Table::len));
    assert_eq!(config.checks.len(), entries("checks").map_or(0, toml::Table::len));
    assert_eq!(config.waivers.len(), list(table, "waiver"));
    for (name, tenant) in &config.tenants {
        let own = entries("tenant").and_then(|all| all[name].as_table());
        assert_eq!(tenant.bindings.len(), own.map_or(0, |own| list(own, "integration")));
        let policy = config.policy(Some(name));
        let others = config.waivers.iter().filter(|waiver| waiver.tenant.as_ref().is_some_and(|own| own != name));
        assert_eq!(policy.waivers.len() + others.count(), config.waivers.len());
    }
    assert_eq!(keys_in_clear(table).count(), 0, "a key in clear was accepted");
}

/// Long enough not to be a word of a message by accident.
fn keys_in_clear(table: &toml::Table) -> impl Iterator<Item = &str> {
    let tenants = table.get("tenant").and_then(toml::Value::as_table).into_iter().flatten();
    let named = |(_, tenant)| {
        let tenant: &toml::Value = tenant;
        ["client_id", "public_key", "private_key"].into_iter().filter_map(|key| tenant.get(key)?.as_str())
    };
    tenants.flat_map(named).filter(|key| key.len() >= 12)
}
