//! The JSON Schemas of rule files and of the catalog are of one mind with their readers.

use std::sync::Arc;

use leastwise::rules::{Catalog, Origin, RuleFile, built_in_catalog, schema};
use serde_json::Value;

use crate::support::project;

fn catalog() -> Arc<Catalog> {
    built_in_catalog().expect("the catalog is sound")
}

/// A TOML file as editors show it to a schema: days are texts.
fn as_json(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => Value::String(date.to_string()),
            toml::Value::Array(list) => Value::Array(list.into_iter().map(convert).collect()),
            toml::Value::Table(table) => {
                Value::Object(table.into_iter().map(|(key, value)| (key, convert(value))).collect())
            }
            other => serde_json::to_value(other).expect("the rest is the same in both"),
        }
    }
    convert(toml::Value::Table(text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"))))
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("the schema is a schema")
}

const HEAD: &str = "id = \"a\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n";
const NEEDS: &str = "[needs.Companies]\n\"Contacts\" = { inquire = \"All\" }\n";

fn row(row: &str) -> String {
    format!("{HEAD}[needs.Companies]\n\"Contacts\" = {row}\n")
}

#[test]
fn reader_and_schema_accept_the_same_rule_files() {
    let catalog = catalog();
    let validator = validator(&schema::integration());
    let folder = project().join("rules/integrations");
    let mut good: Vec<String> = std::fs::read_dir(folder)
        .expect("the library's folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| std::fs::read_to_string(path).expect("a rule file"))
        .collect();
    assert!(good.len() > 40);
    good.extend([
        format!("{HEAD}{NEEDS}"),
        format!("{HEAD}keys_since = \"2020-02-01\"\npartial = true\nprobes = [\"/a/b_c\"]\n{NEEDS}"),
        row("{ add = \"My\", edit = \"None\", delete = \"All\", implied = true, setup_only = [\"add\"] }"),
        row("{ allow = [\"X\"], basis = \"shown\", why = \"w\", unclear = \"u\" }"),
        format!("{HEAD}[features.f]\nsummary = \"s\"\n[features.f.{}", &NEEDS[1..]),
        format!(
            "{HEAD}{NEEDS}[advice.needs.Companies]\n\"Contacts\" = {{ inquire = \"My\", why = \"w\" }}\n"
        ),
        format!("{HEAD}asks_admin = true\nvendor_says = \"v\"\n"),
        format!("{HEAD}asks_admin = true\n[facts]\nsupport = {{ text = \"t\", source = \"s\" }}\n"),
        format!("{HEAD}asks_admin = false\ntest = \"t\"\n{NEEDS}"),
        format!("{HEAD}{NEEDS}[[doubt]]\nfunctions = [\"Companies / Notes\"]\ntext = \"t\"\n"),
        format!(
            "{HEAD}[features.f]\nsummary = \"s\"\nsource = \"u\"\nread = 2026-11-20\n[features.f.{}",
            &NEEDS[1..]
        ),
    ]);
    for text in good {
        let read = RuleFile::parse("good.toml", &text, Origin::BuiltIn, &catalog);
        assert!(read.is_ok(), "{}\n{text}", read.expect_err("checked"));
        let found = validator.validate(&as_json(&text)).err().map(|error| error.to_string());
        assert_eq!(found, None, "{text}");
    }
}

#[test]
fn reader_and_schema_refuse_the_same_rule_files() {
    let catalog = catalog();
    let validator = validator(&schema::integration());
    let bad = [
        NEEDS.to_owned(),
        HEAD.to_owned(),
        format!("{HEAD}colour = \"red\"\n{NEEDS}"),
        format!("{}{NEEDS}", HEAD.replace("\"a\"", "\"A b\"")),
        format!("{}{NEEDS}", HEAD.replace("\"V\"", "\" \"")),
        format!("{}{NEEDS}", HEAD.replace("\"P\"", "3")),
        format!("{}{NEEDS}", HEAD.replace("2026-11-22", "\"soon\"")),
        format!("{}{NEEDS}", HEAD.replace("2026-11-22", "\"2026-13-22\"")),
        format!("{}{NEEDS}", HEAD.replace("2026-11-22", "2026-11-22T10:00:00")),
        format!("{HEAD}source = \"\"\n{NEEDS}"),
        format!("{HEAD}partial = \"yes\"\n{NEEDS}"),
        format!("{HEAD}probes = [\"https://example.com\"]\n{NEEDS}"),
        format!("{HEAD}probes = [\"../up\"]\n{NEEDS}"),
        format!("{HEAD}unclear = \"one\"\n{NEEDS}"),
        row("{ inquire = \"all\" }"),
        row("{ inquire = \"Most\" }"),
        row("{ inquire = 1 }"),
        row("{ why = \"nothing is asked for\" }"),
        row("{ inquire = \"All\", basis = \"heard\" }"),
        row("{ inquire = \"All\", implied = \"inquire\" }"),
        row("{ inquire = \"All\", implied = [\"read\"] }"),
        row("{ inquire = \"All\", level = \"All\" }"),
        row("{ inquire = \"All\", allow = \"X\" }"),
        row("\"All\""),
        format!("{HEAD}{NEEDS}[features.f]\nsummary = \"s\"\n"),
        format!("{HEAD}{NEEDS}[features.f.{}", &NEEDS[1..]),
        format!("{HEAD}{NEEDS}[match]\nrole = [\"R\"]\n"),
        format!("{HEAD}{NEEDS}[member]\nlevels = \"x\"\n"),
        format!("{HEAD}{NEEDS}[[advice.notes]]\nproven = false\n"),
        format!("{HEAD}{NEEDS}[advice.needs.Companies]\n\"Contacts\" = {{ inquire = \"My\" }}\n"),
        format!("{HEAD}{NEEDS}[checklist]\nsteps = \"one\"\n"),
        format!("{HEAD}asks_admin = true\n{NEEDS}"),
        format!("{HEAD}asks_admin = false\n"),
        format!("{HEAD}vendor_says = \"v\"\n{NEEDS}"),
        format!("{HEAD}asks_admin = true\nvendor_says = \" \"\n"),
        format!("{HEAD}test = \"\"\n{NEEDS}"),
        format!("{HEAD}{NEEDS}[[doubt]]\ntext = \"t\"\n"),
        format!("{HEAD}{NEEDS}[[doubt]]\nfunctions = []\ntext = \"t\"\n"),
        format!("{HEAD}{NEEDS}[[doubt]]\nfunctions = [\"Notes\"]\ntext = \"t\"\n"),
        format!("{HEAD}{NEEDS}[[doubt]]\nfunctions = [\"Companies / Notes\"]\n"),
        format!("{HEAD}{NEEDS}[facts]\nsupport = \"a text\"\n"),
        format!("{HEAD}{NEEDS}[facts]\nsupport = {{ source = \"s\" }}\n"),
        format!("{HEAD}{NEEDS}[facts]\ncolour = {{ text = \"t\" }}\n"),
        format!("{HEAD}[features.f]\nsummary = \"s\"\nread = \"soon\"\n[features.f.{}", &NEEDS[1..]),
    ];
    for text in bad {
        let read = RuleFile::parse("bad.toml", &text, Origin::BuiltIn, &catalog);
        assert!(read.is_err(), "the reader takes\n{text}");
        assert!(!validator.is_valid(&as_json(&text)), "the schema takes\n{text}");
    }
}

#[test]
fn reader_and_schema_agree_on_catalogs() {
    let validator = validator(&schema::catalog());
    let own = std::fs::read_to_string(project().join("rules/catalog.toml")).expect("the catalog");
    let cases = [
        (own.as_str(), true),
        (
            "[[module]]\nname = \"M\"\n[[module.function]]\nname = \"F\"\nsensitivity = { add = \"high\" }\n",
            true,
        ),
        (
            "[[module]]\nname = \"M\"\n[[module.function]]\nname = \"F\"\nsensitivity = { add = \"bad\" }\n",
            false,
        ),
        ("[[module]]\nspellings = []\n", false),
        ("[[module]]\nname = \"M\"\ncolour = \"red\"\n", false),
        ("[[module]]\nname = \"M\"\n[[module.function]]\nname = \"F\"\nendpoints = \"/a\"\n", false),
        ("[[table]]\nname = \"\"\n", false),
        ("module = \"M\"\n", false),
    ];
    for (text, is_good) in cases {
        assert_eq!(Catalog::parse("catalog.toml", text).is_ok(), is_good, "the reader on\n{text}");
        assert_eq!(validator.is_valid(&as_json(text)), is_good, "the schema on\n{text}");
    }
}
