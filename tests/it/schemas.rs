//! The JSON Schemas in `rules/schema/` are those of the types, and what leastwise writes fits them.

use std::fs;

use serde_json::Value;

use crate::support::{leastwise, project};

fn schema(name: &str) -> Value {
    let all = leastwise::schema::all();
    all.into_iter().find(|(file, _)| *file == name).expect("a schema").1
}

fn errors(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a valid schema");
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// `LEASTWISE_BLESS=1 cargo test` rewrites the committed files.
#[test]
fn committed_schemas_are_those_of_the_types() {
    for (name, schema) in leastwise::schema::all() {
        let path = project().join("rules/schema").join(name);
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if std::env::var_os("LEASTWISE_BLESS").is_some() {
            fs::write(&path, &text).expect("the schema can be written");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "{name} is out of date: run the tests with LEASTWISE_BLESS=1");
    }
}

#[test]
fn reports_fit_their_schema() {
    for fixture in ["fixtures/acme-msp.json", "fixtures/parapluie.json"] {
        let report = leastwise(["audit", "--snapshot", fixture, "--format", "json"]).run().json();
        assert_eq!(errors(&schema("report.schema.json"), &report), [""; 0], "{fixture}");
    }
}

#[test]
fn snapshots_fit_their_schema_and_a_changed_one_does_not() {
    let schema = schema("snapshot.schema.json");
    for fixture in ["fixtures/acme-msp.json", "fixtures/parapluie.json"] {
        let text = fs::read_to_string(project().join(fixture)).expect("the fixture");
        let mut snapshot: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(errors(&schema, &snapshot), [""; 0], "{fixture}");
        snapshot["roles"][0]["id"] = Value::from("one");
        assert_eq!(errors(&schema, &snapshot).len(), 1, "{fixture}");
    }
}

/// Each text, and whether it is a config: by its reader and by its schema.
const CONFIGS: [(&str, bool); 12] = [
    ("", true),
    ("[tenant.a]\nsite = \"na.myconnectwise.net\"\ncompany = \"a\"\n", true),
    ("[[tenant.a.integration]]\nrules = \"cisco-umbrella\"\nsetup_until = \"2026-12-01\"\n", true),
    ("[checks.LW304]\nseverity = \"off\"\n[checks.LW501]\ndays = 100\n", true),
    ("[[waiver]]\ncheck = \"LW102\"\nverb = \"edit\"\nexpires = \"2027-01-01\"\n", true),
    ("[tenant.a.network]\ntimeout_ms = 50\n", true),
    ("[tenant.a]\nsite = 3\n", false),
    ("[tenant.a]\nprivate_key = \"in clear\"\n", false),
    ("[tenants.a]\n", false),
    ("[[tenant.a.integration]]\nmember = \"Umbrella\"\n", false),
    ("[checks.LW304]\nseverity = \"loud\"\n", false),
    ("[[waiver]]\ncheck = \"LW102\"\nverb = \"write\"\n", false),
];

#[test]
fn the_config_reader_and_its_schema_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, is_config) in CONFIGS {
        fs::write(folder.path().join("leastwise.toml"), text).expect("written");
        let ran = leastwise(["plan"]).folder(folder.path()).run();
        assert_eq!(ran.code == 0, is_config, "{text}: {}", ran.stderr);
        let value: Value = toml::from_str(text).expect("TOML");
        let errors = errors(&schema("config.schema.json"), &value);
        assert_eq!(errors.is_empty(), is_config, "{text}: {errors:?}");
    }
}
