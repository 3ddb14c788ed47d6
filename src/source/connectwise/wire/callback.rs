//! Callbacks. Their addresses can hold secrets, and end here: what is read of one is its host.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::row::{PlainRow, Row, active, text_or_nothing};
use crate::model::{Callback, Dataset, DatasetName, MemberId, Name, Tenant, Word, host_of};
use crate::source::connectwise::endpoint::Endpoint;

/// `CallbackEntry`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::connectwise) struct CallbackRow {
    id: Option<i64>,
    #[serde(default, rename = "type", deserialize_with = "word")]
    kind: Option<Word>,
    #[serde(default, deserialize_with = "word")]
    level: Option<Word>,
    member_id: Option<i64>,
    #[serde(default, rename = "url", deserialize_with = "host")]
    host: Option<Name>,
    inactive_flag: Option<bool>,
}

fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Word>, D::Error> {
    Ok(text_or_nothing(deserializer)?.map(|text| Word::of(&text)))
}

fn host<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    Ok(text_or_nothing(deserializer)?.and_then(|address| host_of(&address)))
}

impl Row for CallbackRow {
    type Into = Callback;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, _now: Timestamp) -> Result<Callback, &'static str> {
        Ok(Callback {
            id,
            kind: self.kind,
            level: self.level,
            member: self.member_id.map(MemberId),
            host: self.host,
            active: active(self.inactive_flag),
        })
    }
}

impl PlainRow for CallbackRow {
    fn endpoint() -> Endpoint {
        Endpoint::list(DatasetName::Callbacks, "system/callbacks", "id,type,level,memberId,url,inactiveFlag")
    }

    fn slot(tenant: &mut Tenant) -> &mut Dataset<Vec<Callback>> {
        &mut tenant.callbacks
    }

    fn order(row: &Callback) -> i64 {
        row.id
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Object, Row};
    use super::CallbackRow;

    /// What the PSA sends, with what must not be kept wherever it can stand.
    fn read(row: &str) -> Result<String, String> {
        let row: Result<Object<CallbackRow>, _> = serde_json::from_str(row);
        let Object(row) = row.map_err(|error| error.to_string())?;
        let held = format!("{row:?}");
        let callback = row.convert(7, jiff::Timestamp::UNIX_EPOCH).unwrap();
        Ok(format!("{held} {callback:?} {}", serde_json::to_string(&callback).unwrap()))
    }

    #[test]
    fn no_secret_of_an_address_gets_past_the_row() {
        for address in [
            r#""https://canary:canary@hooks.example.com/canary/canary?canary=canary#canary""#,
            r#""hooks.example.com/canary""#,
            r#""canary""#,
            r#"{"href":"https://canary"}"#,
            r#"["https://hooks.example.com/canary"]"#,
            "null",
            "17",
        ] {
            let row = format!(
                r#"{{"id":7,"description":"canary","type":"canary","level":"Owner","memberId":251,"url":{address},"connectWiseID":"canary","inactiveFlag":false,"_info":{{"updatedBy":"canary"}}}}"#
            );
            let kept = read(&row).unwrap();
            assert!(!kept.contains("canary"), "{address}: {kept}");
            assert_eq!(
                kept.contains("hooks.example.com"),
                address.starts_with("\"https"),
                "{address}: {kept}"
            );
        }
    }

    #[test]
    fn a_row_that_is_none_is_refused_whatever_its_address() {
        let row = r#"{"id":7,"memberId":"x","url":"https://hooks.example.com/canary"}"#;
        assert!(!read(row).unwrap_err().contains("canary"));
    }
}
