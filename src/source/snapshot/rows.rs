//! The rows of a snapshot file. Null says that the PSA said null; a missing key, that it said nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::json_map::each_once;
use crate::model::{Callback, Dataset, DatasetName, Gap, GapCause, Grant, RoleUpdate, Tenant, TenantId};

/// The whole file. Unknown keys are passed over: a later minor version may add some.
#[derive(Deserialize)]
pub(super) struct File<'t> {
    #[serde(borrow)]
    pub format: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub header: Option<Header<'t>>,
    pub tenant: Option<TenantId>,
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    #[serde(default)]
    pub members: Vec<MemberRow<'t>>,
    #[serde(default, borrow)]
    pub api_members: Vec<ApiMemberRow<'t>>,
    #[serde(default)]
    pub member_use: Vec<MemberUseRow>,
    #[serde(default, borrow)]
    pub logins: Vec<LoginRow<'t>>,
    #[serde(default)]
    callbacks: Vec<Callback>,
    #[serde(default, borrow)]
    pub roles: Vec<RoleRow<'t>>,
}

impl File<'_> {
    /// Gives a tenant the lists whose rows are those of the model; `gap` says what the file lacks.
    pub(super) fn put_plain(self, tenant: &mut Tenant, gap: impl Fn(DatasetName) -> Option<GapCause>) {
        tenant.callbacks = plain(DatasetName::Callbacks, self.callbacks, &gap, |row| row.id);
    }
}

/// A list whose rows are those of the model, which may be empty.
fn plain<T: PartialEq>(
    dataset: DatasetName,
    rows: Vec<T>,
    gap: impl Fn(DatasetName) -> Option<GapCause>,
    id: impl Fn(&T) -> i64,
) -> Dataset<Vec<T>> {
    match gap(dataset) {
        Some(cause) => Dataset::unavailable(dataset, cause),
        None => Dataset::Complete(sorted(rows.into_iter(), id)),
    }
}

/// Rows in order of id, whatever their order in the file; one that stands there twice is one.
pub(super) fn sorted<T: PartialEq, I: Ord>(rows: impl Iterator<Item = T>, id: impl Fn(&T) -> I) -> Vec<T> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(id);
    rows.dedup();
    rows
}

/// A list of a file, a row on a line.
pub(super) struct Lines {
    /// Its key.
    pub key: &'static str,
    /// Its rows.
    pub rows: Vec<String>,
}

/// The lists whose rows are those of the model. One that was not asked for is not in the file.
pub(super) fn plain_lines(tenant: &Tenant) -> serde_json::Result<Vec<Lines>> {
    let all = [lines("callbacks", &tenant.callbacks)];
    all.into_iter().flatten().collect()
}

fn lines<T: Serialize>(key: &'static str, rows: &Dataset<Vec<T>>) -> Option<serde_json::Result<Lines>> {
    if rows.rows().is_err_and(Gap::is_left_out) {
        return None;
    }
    let rows = rows.rows().map(Vec::as_slice).unwrap_or_default();
    let rows: serde_json::Result<_> = rows.iter().map(serde_json::to_string).collect();
    Some(rows.map(|rows| Lines { key, rows }))
}

/// Everything volatile: the only line that moves between two reads of an unchanged tenant.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Header<'t> {
    /// When the tenant was read (RFC 3339, UTC).
    pub taken_at: jiff_timestamp::Text,
    /// The program that wrote the file.
    #[serde(borrow)]
    pub tool: Option<Cow<'t, str>>,
    /// The PSA's own version.
    pub psa_version: Option<Cow<'t, str>>,
    /// The id of the member whose key read this.
    pub own_member: Option<i64>,
    /// Whole days since the last use of each API member that the PSA gives a date for.
    #[serde(default, deserialize_with = "each_once")]
    pub last_use_days: BTreeMap<i64, u32>,
    /// Who last changed each role, where the PSA says so.
    #[serde(default, deserialize_with = "each_once")]
    pub role_updates: BTreeMap<i64, RoleUpdate>,
}

/// The time of reading, as text in the file.
pub(super) mod jiff_timestamp {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    /// RFC 3339, UTC.
    #[derive(Clone, Copy, Debug)]
    pub(in crate::source::snapshot) struct Text(pub jiff::Timestamp);

    impl Serialize for Text {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&self.0)
        }
    }

    impl<'de> Deserialize<'de> for Text {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = Cow::<str>::deserialize(deserializer)?;
            let at = text.parse().map_err(|_| {
                D::Error::custom(format!(
                    "`taken_at` is \"{text}\", which is not a time such as 2026-11-22T02:00:00Z"
                ))
            })?;
            Ok(Self(at))
        }
    }

    impl JsonSchema for Text {
        fn schema_name() -> Cow<'static, str> {
            "Timestamp".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "format": "date-time" })
        }
    }
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Coverage {
    pub dataset: DatasetName,
    pub status: CoverageStatus,
    #[serde(default)]
    pub records: usize,
    /// Why it is unavailable, for whoever reads the file; leastwise goes by the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same as a type.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "loosely")]
    pub cause: Option<GapCause>,
}

/// A cause that this version does not know is none: the dataset is missing all the same.
fn loosely<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<GapCause>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum CoverageStatus {
    Complete,
    Unavailable,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct MemberRow<'t> {
    pub id: i64,
    /// A: API, F: full, C: StreamlineIT, X: subcontractor.
    #[serde(borrow)]
    pub licence: Option<Cow<'t, str>>,
    pub active: Option<bool>,
    /// The id of its role.
    pub role: Option<i64>,
    /// Only where a person's login is the name of an integration.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Cow<'t, str>>,
    /// Ids of the rule files that its name matched, where names are tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ApiMemberRow<'t> {
    pub id: i64,
    #[serde(borrow)]
    pub identifier: Cow<'t, str>,
    #[serde(borrow)]
    pub name: Option<Cow<'t, str>>,
    pub active: Option<bool>,
    /// The id of its role.
    pub role: Option<i64>,
    #[serde(borrow)]
    pub level: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub location: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub default_board: Option<Cow<'t, str>>,
    #[serde(default)]
    pub excluded_boards: Vec<i64>,
    /// Ids of the rule files that its name matched, where names are tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct MemberUseRow {
    pub id: i64,
    pub restrict_location: Option<bool>,
    pub restrict_department: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct LoginRow<'t> {
    pub id: i64,
    #[serde(borrow)]
    pub username: Cow<'t, str>,
    pub active: Option<bool>,
    /// Ids of the rule files that its name matched, where names are tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
}

/// A role. Its settings are still text where each has to be found again in the file, which is the usual.
#[derive(Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub(super) struct RoleRow<'t, S = &'t RawValue> {
    pub id: i64,
    #[serde(borrow)]
    pub name: Cow<'t, str>,
    #[serde(default, borrow, rename = "type")]
    pub kind: Option<Cow<'t, str>>,
    pub admin: Option<bool>,
    pub active: Option<bool>,
    #[serde(default)]
    pub matches: Vec<String>,
    #[serde(default)]
    pub settings: Option<Vec<S>>,
    /// Why there are no settings, for whoever reads the file; leastwise goes by the cause.
    #[serde(default, borrow)]
    pub unavailable: Option<Cow<'t, str>>,
    /// The same as a type.
    #[serde(default, deserialize_with = "loosely")]
    pub cause: Option<GapCause>,
}

/// The start of a role's line; its settings follow line by line.
#[derive(Serialize, JsonSchema)]
pub(super) struct RoleHead<'t> {
    pub id: i64,
    pub name: &'t str,
    #[serde(rename = "type")]
    pub kind: Option<&'t str>,
    pub admin: Option<bool>,
    pub active: Option<bool>,
    /// Ids of the rule files that its name matched, where names are tokens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct SettingRow<'t> {
    pub id: Option<i64>,
    #[serde(borrow)]
    pub module: Cow<'t, str>,
    #[serde(borrow)]
    pub function: Cow<'t, str>,
    #[serde(default, borrow)]
    pub description: Option<Cow<'t, str>>,
    #[serde(default, borrow)]
    pub identifier: Option<Cow<'t, str>>,
    #[serde(default = "Grant::absent")]
    pub add: Grant,
    #[serde(default = "Grant::absent")]
    pub edit: Grant,
    #[serde(default = "Grant::absent")]
    pub delete: Grant,
    #[serde(default = "Grant::absent")]
    pub inquire: Grant,
}

/// A setting as it is written: a level that the PSA left out is left out.
#[derive(Serialize, JsonSchema)]
#[expect(clippy::option_option, reason = "the PSA leaves a level out, says null, or names one")]
pub(super) struct SettingLine<'t> {
    pub id: Option<i64>,
    pub module: &'t str,
    pub function: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<Option<&'t str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<Option<&'t str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete: Option<Option<&'t str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inquire: Option<Option<&'t str>>,
}

/// The whole file, for its JSON Schema.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "leastwise-snapshot/1")]
pub(super) struct FileShape<'t> {
    /// Always `leastwise-snapshot/1`.
    format: &'static str,
    header: Header<'t>,
    tenant: TenantId,
    coverage: Vec<Coverage>,
    members: Vec<MemberRow<'t>>,
    api_members: Vec<ApiMemberRow<'t>>,
    member_use: Vec<MemberUseRow>,
    logins: Vec<LoginRow<'t>>,
    /// Only where a check asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    callbacks: Option<Vec<Callback>>,
    roles: Vec<RoleShape<'t>>,
}

/// A role with its settings.
#[derive(Serialize, JsonSchema)]
struct RoleShape<'t> {
    #[serde(flatten)]
    head: RoleHead<'t>,
    /// Null where they could not be read.
    settings: Option<Vec<SettingLine<'t>>>,
    /// Why there are no settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    unavailable: Option<&'t str>,
    /// The same as a type.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<GapCause>,
}
