//! JSON Schemas of the files that leastwise reads and writes, generated from the types.

use serde_json::Value;

use crate::source::snapshot;
use crate::{config, diff, render, rules};

/// Each schema with the name of its file in `rules/schema/`.
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("catalog.schema.json", rules::schema::catalog()),
        ("config.schema.json", config::schema()),
        ("diff.schema.json", diff::json_schema()),
        ("integration.schema.json", rules::schema::integration()),
        ("report.schema.json", render::json_schema()),
        ("snapshot.schema.json", snapshot::schema()),
    ]
}
