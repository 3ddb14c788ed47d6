//! JSON Schemas of the files that leastwise reads and writes, generated from the types.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::{diff, report, rules, settings, snapshot};

/// Each schema with the name of its file in `rules/schema/`.
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("catalog.schema.json", rules::schema::catalog()),
        ("config.schema.json", settings::schema()),
        ("diff.schema.json", diff::json_schema()),
        ("integration.schema.json", rules::schema::integration()),
        ("report.schema.json", report::json_schema()),
        ("snapshot.schema.json", snapshot::schema()),
    ]
}

/// The schema of one type, for what is written (nothing optional that is always there).
pub(crate) fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

/// The schema of one type, for what is read.
pub(crate) fn of_input<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}
