//! The values of a saved row, as the PSA would have sent them: keys in the PSA's case, times with a zone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::endpoint::Endpoint;
use super::super::endpoints::endpoints;
use super::super::wire::Object;
use crate::model::{DatasetName, RoleId};

/// The keys that are read, folded, each with the form in which the PSA writes it.
static KEYS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let mut lists = endpoints(&DatasetName::ALL.into());
    lists.push(Endpoint::settings(RoleId(0)));
    let fields = lists.iter().flat_map(|endpoint| endpoint.fields.split([',', '/']));
    // What stands within `_info`, and what the site says of a company.
    let keys = fields.chain(["updatedBy", "lastUpdated", "Codebase", "VersionCode"]);
    keys.map(|key| (folded(key), key)).collect()
});

/// Keys whose values are objects or lists, which PowerShell cuts first.
const DEEP: [&str; 6] = [
    "securityRole",
    "structureLevel",
    "securityLocation",
    "serviceDefaultBoard",
    "excludedServiceBoardIds",
    "_info",
];

/// A key without case and underscores: `Module_Function_Name` is `modulefunctionname`.
pub(super) fn folded(key: &str) -> String {
    key.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// Reads a row that may have been through a tool's hands; `number` is its place in the list.
///
/// # Errors
/// The key that is wrong, and what to do about it.
pub(super) fn row<T: DeserializeOwned>(value: Value, number: usize) -> Result<T, String> {
    let Value::Object(object) = value else {
        return Err(match value {
            Value::String(text) if text.starts_with("@{") => depth_cut(None),
            _ => format!("row {number} is no object"),
        });
    };
    let object = as_sent(object, number)?;
    if let Ok(Object(row)) = serde_json::from_value::<Object<T>>(Value::Object(object.clone())) {
        return Ok(row);
    }
    Err(match guilty::<T>(&object) {
        Some(key) => {
            let found = object.get(&key).map_or("nothing", kind);
            format!("`{key}` of row {number} is {found}, which the PSA does not send there: {AGAIN}")
        }
        None => format!("row {number} is none of the PSA's: {AGAIN}"),
    })
}

/// What PowerShell does to objects that lie deeper than it was told.
pub(super) fn depth_cut(place: Option<(&str, usize)>) -> String {
    let what = place.map_or_else(|| "a row".to_owned(), |(key, row)| format!("`{key}` of row {row}"));
    format!(
        "{what} is a text such as @{{…}}: PowerShell cut it; add -Depth 10 to ConvertTo-Json, or use Invoke-WebRequest -OutFile"
    )
}

/// What to do about what a tool rewrote.
const AGAIN: &str = "save the answer itself, with curl -o FILE or Invoke-WebRequest -OutFile FILE";

/// What a value is; the value is not repeated.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The key without which the row is understood.
fn guilty<T: DeserializeOwned>(object: &Map<String, Value>) -> Option<String> {
    object.keys().find_map(|key| {
        let mut without = object.clone();
        without.insert(key.clone(), Value::Null);
        serde_json::from_value::<Object<T>>(Value::Object(without)).is_ok().then(|| key.clone())
    })
}

fn as_sent(object: Map<String, Value>, number: usize) -> Result<Map<String, Value>, String> {
    let mut sent = Map::new();
    let exact: BTreeSet<&str> = KEYS.values().copied().filter(|key| object.contains_key(*key)).collect();
    for (key, value) in object {
        let known = KEYS.get(&folded(&key)).copied();
        // A key in another case counts only where the PSA's own is not there.
        let key = known.filter(|own| *own == key || !exact.contains(own)).map_or(key, str::to_owned);
        let value = value_as_sent(&key, value, number)?;
        sent.insert(key, value);
    }
    Ok(sent)
}

fn value_as_sent(key: &str, value: Value, number: usize) -> Result<Value, String> {
    if DEEP.contains(&key) {
        return match value {
            Value::String(text) if !text.trim().is_empty() => Err(depth_cut(Some((key, number)))),
            Value::String(_) => Ok(Value::Null),
            Value::Object(inner) => Ok(Value::Object(as_sent(inner, number)?)),
            // PowerShell takes the list around a single value away.
            Value::Number(one) if key == "excludedServiceBoardIds" => {
                Ok(Value::Array(vec![Value::Number(one)]))
            }
            other => Ok(other),
        };
    }
    match (key, value) {
        ("lastLogin", Value::Null) => Ok(Value::Null),
        ("lastLogin", Value::String(text)) if text.parse::<Timestamp>().is_ok() => Ok(Value::String(text)),
        // A tool that takes times apart puts them together in its own zone: `/Date(…)/` of PowerShell 5.1 is
        // off by hours, and 03/04/2026 may be two days.
        ("lastLogin", _) => Err(format!(
            "`lastLogin` of row {number} is no time with a zone, such as 2026-11-22T02:00:00Z: a tool rewrote it; {AGAIN}"
        )),
        ("id", Value::String(text)) => {
            Ok(text.trim().parse::<i64>().map_or(Value::String(text), Value::from))
        }
        (flag, Value::String(text)) if flag.ends_with("Flag") => Ok(match text.to_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::String(text),
        }),
        (_, value) => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::wire::{ApiMemberRow, MemberUseRow, Row, SettingRow};
    use super::row;

    #[test]
    fn keys_in_any_case_are_the_psas() {
        let written = json!({"Id": "7", "Module_Name": "System", "modulefunctionname": "Table Setup", "AddLevel": "All"});
        let setting = row::<SettingRow>(written, 1).expect("a row").convert(7, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(setting.map(|own| own.module.to_string()), Ok("System".to_owned()));
        let both = json!({"id": 1, "ID": 2, "identifier": "a", "InactiveFlag": "False"});
        assert_eq!(row::<ApiMemberRow>(both, 1).expect("a row").id(), Some(1));
    }

    #[test]
    fn a_time_counts_only_with_its_zone() {
        let read = |value: serde_json::Value| row::<MemberUseRow>(json!({"id": 1, "lastLogin": value}), 3);
        for value in [json!("2023-11-14T22:13:20Z"), json!("2023-11-14T23:13:20+01:00"), json!(null)] {
            assert!(read(value.clone()).is_ok(), "{value}");
        }
        for value in [
            json!("/Date(1700000000000)/"),
            json!({"value": "/Date(1700000000000)/", "DateTime": "Tuesday"}),
            json!("11/14/2023 10:13:20 PM"),
            json!("2023-11-14T22:13:20"),
            json!(1_700_000_000),
        ] {
            let error = read(value.clone()).expect_err("no time");
            assert!(error.starts_with("`lastLogin` of row 3 is no time with a zone"), "{error}");
            assert!(!error.contains("1700000000000") && !error.contains("10:13"), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_row_and_key_and_never_repeated() {
        for (written, said) in [
            (
                json!({"id": 1, "securityRole": "@{id=63; name=x}"}),
                "`securityRole` of row 3 is a text such as @{…}",
            ),
            (json!({"id": {}}), "`id` of row 3 is an object, which the PSA does not send there"),
            (json!([]), "row 3 is no object"),
        ] {
            let error = row::<ApiMemberRow>(written, 3).expect_err(said);
            assert!(error.starts_with(said), "{error}");
        }
    }
}
