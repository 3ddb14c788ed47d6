//! What a member's own key can see of itself: whose key it is, its effective rights, its customise
//! lists, and whether single endpoints answer it.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Client, version};
use crate::model::{ApiMember, DatasetName, Licence, MemberId, MemberUse, Name, RoleId, Setting};
use crate::source::connectwise::endpoint::Endpoint;
use crate::source::connectwise::fault::Fault;
use crate::source::connectwise::lists::{MOST_TIME, shape};
use crate::source::connectwise::wire::{Object, Reference, Row, SettingRow, active, name};

/// What the site says of a company that it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Whether ConnectWise hosts it; `None` where the site does not say.
    pub cloud: Option<bool>,
    /// The PSA's release, such as `v2025.8`.
    pub version: Option<Name>,
    /// The versioned part of the API's path.
    pub codebase: String,
}

/// Why a company could not be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyFault {
    /// The site knows no such company.
    Unknown,
    /// The site could not be asked.
    Fault(Fault),
}

/// The member whose key this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// The member, as the list of API members would show it.
    pub member: ApiMember,
    /// Whose licence it uses.
    pub licence: Option<Licence>,
    /// Its restrict flags.
    pub restrictions: MemberUse,
    /// The name of its role.
    pub role_name: Option<Name>,
    /// `adminFlag`.
    pub admin: Option<bool>,
}

impl KeyHolder {
    /// Whether it is a person's licence, as far as the PSA says.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.licence.as_ref().is_some_and(|licence| *licence != Licence::Api)
    }
}

/// One row of the caller's own customise lists. Whether it is allowed or refused is not documented.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListItem {
    /// `customizeIdentifier`: which list.
    pub list: String,
    /// `itemIdentifier`: which entry.
    pub item: String,
}

/// A service board, as far as a ticket's fate depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: Name,
    /// Not `inactiveFlag`.
    pub active: Option<bool>,
}

/// A customer of the tenant, as far as mapping depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyRow {
    /// Its id.
    pub id: i64,
    /// Its Company ID.
    pub identifier: Name,
    /// Whether it lies in the recycle bin.
    pub deleted: Option<bool>,
}

impl Client {
    /// Asks the site for the company, without the key.
    ///
    /// # Errors
    /// Why there is no such company, or why the site could not be asked.
    pub async fn company(&self) -> Result<Company, CompanyFault> {
        let info = self.ask_company().await.map_err(CompanyFault::Fault)?.ok_or(CompanyFault::Unknown)?;
        Ok(Company {
            cloud: info.is_cloud.as_ref().and_then(is_true),
            version: version(info.version_code),
            codebase: self.codebase().unwrap_or_default(),
        })
    }

    /// Asks whose key this is.
    ///
    /// # Errors
    /// The fault.
    pub async fn key_holder(&self, now: Timestamp) -> Result<KeyHolder, Fault> {
        let endpoint = Endpoint {
            dataset: DatasetName::OwnMember,
            path: "system/myMembers".to_owned(),
            fields: "id,identifier,licenseClass,inactiveFlag,securityRole,adminFlag,structureLevel,\
                     securityLocation,restrictLocationFlag,restrictDepartmentFlag,serviceDefaultBoard,\
                     excludedServiceBoardIds",
            conditions: None,
            single: true,
        };
        self.single::<KeyHolderRow>(endpoint, now).await
    }

    /// Reads the caller's own effective rights.
    ///
    /// # Errors
    /// The fault.
    pub async fn own_rights(&self, now: Timestamp) -> Result<Vec<Setting>, Fault> {
        let endpoint = Endpoint { path: "system/mySecurity".to_owned(), ..Endpoint::settings(RoleId(0)) };
        self.list::<SettingRow>(endpoint, now).await
    }

    /// Reads the caller's own customise lists.
    ///
    /// # Errors
    /// The fault.
    pub async fn own_lists(&self, now: Timestamp) -> Result<Vec<ListItem>, Fault> {
        let endpoint = Endpoint {
            path: "system/mySecurity/customizeItems/".to_owned(),
            fields: "id,customizeIdentifier,itemIdentifier",
            ..Endpoint::settings(RoleId(0))
        };
        let mut items = self.list::<ListItemRow>(endpoint, now).await?;
        items.sort();
        Ok(items)
    }

    /// Asks an endpoint for the id of one row; returns whether there is any.
    ///
    /// # Errors
    /// The fault.
    pub async fn probe(&self, path: &str) -> Result<bool, Fault> {
        let query = vec![("fields", "id".to_owned()), ("page", "1".to_owned()), ("pageSize", "1".to_owned())];
        let AnyRow(any) = self.ask(path, query).await?;
        Ok(any)
    }

    /// Reads the first boards that the caller can see; from their short form where the list is refused,
    /// which less opens.
    ///
    /// # Errors
    /// The fault.
    pub async fn boards(&self, most: usize) -> Result<Vec<Board>, Fault> {
        let query = vec![
            ("fields", "id,name,inactiveFlag".to_owned()),
            ("page", "1".to_owned()),
            ("pageSize", most.to_string()),
        ];
        let rows = match self.ask::<Vec<Object<BoardRow>>>("service/boards", query.clone()).await {
            Err(Fault::Forbidden(_)) => self.ask("service/info/boards", query).await?,
            rows => rows?,
        };
        let board = |Object(row): Object<BoardRow>| {
            Some(Board { id: row.id?, name: name(row.name)?, active: active(row.inactive_flag) })
        };
        whole(rows.into_iter().map(board), "a board has no id or no name")
    }

    /// Whether a board has a default team; `None` where its teams do not say.
    ///
    /// # Errors
    /// The fault.
    pub async fn has_default_team(&self, board: i64) -> Result<Option<bool>, Fault> {
        let query = vec![("fields", "id,defaultFlag".to_owned()), ("pageSize", "1000".to_owned())];
        let teams: Vec<Object<TeamRow>> = self.ask(&format!("service/boards/{board}/teams"), query).await?;
        let said: Vec<_> = teams.iter().map(|Object(team)| team.default_flag).collect();
        Ok(if said.contains(&Some(true)) {
            Some(true)
        } else if said.contains(&None) {
            None
        } else {
            Some(false)
        })
    }

    /// The companies of which `field` is exactly `value`, which holds no quotes.
    ///
    /// # Errors
    /// The fault.
    pub async fn companies(&self, field: &'static str, value: &str) -> Result<Vec<CompanyRow>, Fault> {
        let query = vec![
            ("fields", "id,identifier,deletedFlag".to_owned()),
            ("conditions", format!("{field}=\"{}\"", value.replace('[', "[[]"))),
            ("pageSize", "5".to_owned()),
        ];
        let rows: Vec<Object<CompanyWire>> = self.ask("company/companies", query).await?;
        let company = |Object(row): Object<CompanyWire>| {
            Some(CompanyRow { id: row.id?, identifier: name(row.identifier)?, deleted: row.deleted_flag })
        };
        whole(rows.into_iter().map(company), "a company has no id or no identifier")
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        query: Vec<(&'static str, String)>,
    ) -> Result<T, Fault> {
        let endpoint = Endpoint { path: path.trim_start_matches('/').to_owned(), ..Endpoint::own_member() };
        let (answer, _) = self.transport.get(&self.url(&endpoint), &query, MOST_TIME).await;
        let answer = answer?;
        serde_json::from_slice(&answer.body).map_err(|error| Fault::Misshapen(shape(&error)))
    }
}

/// Whether a list has any row; nothing of the rows is kept.
struct AnyRow(bool);

impl<'de> Deserialize<'de> for AnyRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyRowVisitor)
    }
}

struct AnyRowVisitor;

impl<'de> Visitor<'de> for AnyRowVisitor {
    type Value = AnyRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_unit<E>(self) -> Result<AnyRow, E> {
        Ok(AnyRow(false))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<AnyRow, A::Error> {
        let mut any = false;
        while rows.next_element::<IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(AnyRow(any))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<AnyRow, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(AnyRow(true))
    }
}

/// The rows, where none lacks what it is known by.
fn whole<T>(rows: impl Iterator<Item = Option<T>>, lack: &str) -> Result<Vec<T>, Fault> {
    rows.collect::<Option<_>>().ok_or_else(|| Fault::Misshapen(lack.to_owned()))
}

/// "True" or true.
fn is_true(value: &serde_json::Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    })
}

/// `MyMember`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyHolderRow {
    id: Option<i64>,
    identifier: Option<String>,
    license_class: Option<String>,
    inactive_flag: Option<bool>,
    security_role: Option<Object<Reference>>,
    admin_flag: Option<bool>,
    structure_level: Option<Object<Reference>>,
    security_location: Option<Object<Reference>>,
    restrict_location_flag: Option<bool>,
    restrict_department_flag: Option<bool>,
    service_default_board: Option<Object<Reference>>,
    excluded_service_board_ids: Option<Vec<i64>>,
}

impl Row for KeyHolderRow {
    type Into = KeyHolder;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, _now: Timestamp) -> Result<KeyHolder, &'static str> {
        let named = |reference: Option<Object<Reference>>| {
            name(reference.and_then(|Object(reference)| reference.name))
        };
        let role = self.security_role.as_ref().and_then(|Object(role)| role.id).map(RoleId);
        Ok(KeyHolder {
            role_name: named(self.security_role),
            admin: self.admin_flag,
            licence: self.license_class.as_deref().map(Licence::from_letter),
            restrictions: MemberUse {
                id: MemberId(id),
                days: None,
                restrict_location: self.restrict_location_flag,
                restrict_department: self.restrict_department_flag,
            },
            member: ApiMember {
                active: active(self.inactive_flag),
                role,
                level: named(self.structure_level),
                location: named(self.security_location),
                default_board: named(self.service_default_board),
                excluded_boards: self.excluded_service_board_ids.unwrap_or_default(),
                ..ApiMember::new(MemberId(id), name(self.identifier).ok_or("identifier")?)
            },
        })
    }
}

/// `MySecurityCustomizeItem`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListItemRow {
    id: Option<i64>,
    customize_identifier: Option<String>,
    item_identifier: Option<serde_json::Value>,
}

impl Row for ListItemRow {
    type Into = ListItem;

    const NEEDS_ID: bool = false;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, _id: i64, _now: Timestamp) -> Result<ListItem, &'static str> {
        // Its form is not documented: a name, or the number of a setup screen.
        let item = match self.item_identifier.ok_or("itemIdentifier")? {
            serde_json::Value::String(item) => item,
            other => other.to_string(),
        };
        Ok(ListItem { list: self.customize_identifier.ok_or("customizeIdentifier")?, item })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BoardRow {
    id: Option<i64>,
    name: Option<String>,
    inactive_flag: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TeamRow {
    default_flag: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompanyWire {
    id: Option<i64>,
    identifier: Option<String>,
    deleted_flag: Option<bool>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{KeyHolderRow, ListItemRow, Row, is_true};

    #[test]
    fn the_cloud_flag_is_text_or_a_boolean() {
        assert_eq!(is_true(&json!("True")), Some(true));
        assert_eq!(is_true(&json!(false)), Some(false));
        assert_eq!(is_true(&json!("perhaps")), None);
    }

    #[test]
    fn a_key_holder_may_lack_everything_but_its_names() {
        let row: KeyHolderRow = serde_json::from_value(json!({"id": 7, "identifier": "X"})).unwrap();
        let holder = row.convert(7, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((holder.member.role, holder.admin, holder.member.active), (None, None, None));
    }

    #[test]
    fn an_item_may_be_a_name_or_a_number() {
        for (item, read) in [(json!("Service / Priority"), "Service / Priority"), (json!(77), "77")] {
            let row = json!({"id": 1, "customizeIdentifier": "SystemTableSetup", "itemIdentifier": item});
            let row: ListItemRow = serde_json::from_value(row).unwrap();
            assert_eq!(row.convert(1, jiff::Timestamp::UNIX_EPOCH).unwrap().item, read);
        }
    }
}
