//! The API's own rows, read loosely: unknown fields are passed over, anything may be null, a level may
//! be any word. Converted to the model once, here.

mod callback;
mod login;
mod member_use;
mod row;

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::{
    ApiMember, Grant, Grants, Licence, Member, MemberId, Name, OwnMember, Role, RoleId, RoleUpdate, Setting,
    Verb,
};
use callback::CallbackRow;
pub(super) use login::LoginRow;
pub(super) use member_use::MemberUseRow;
pub(super) use row::{Object, PlainRow, Reference, Row, active, name};
use row::{days_since, text_or_nothing};

/// `/login/companyinfo/{company}`. An unknown company is `null`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CompanyInfo {
    pub codebase: Option<String>,
    pub version_code: Option<String>,
    /// Text in the documentation, a boolean in clients' test data.
    pub is_cloud: Option<serde_json::Value>,
}

/// What is done with each of the plain lists: they are asked for live, read from saved answers, and listed.
pub(super) trait Visit {
    fn visit<R: PlainRow>(&mut self);
}

/// Every plain list.
pub(super) fn each_plain(visitor: &mut impl Visit) {
    visitor.visit::<MemberUseRow>();
    visitor.visit::<LoginRow>();
    visitor.visit::<CallbackRow>();
}

fn role_of(reference: Option<Object<Reference>>) -> Option<RoleId> {
    reference.and_then(|Object(role)| role.id).map(RoleId)
}

/// `SecurityRole`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleRow {
    id: Option<i64>,
    name: Option<String>,
    role_type: Option<String>,
    admin_flag: Option<bool>,
    inactive_flag: Option<bool>,
    #[serde(rename = "_info")]
    info: Option<Object<Info>>,
}

/// `_info`, of which only this is kept, whatever else is in it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    #[serde(default, deserialize_with = "text_or_nothing")]
    updated_by: Option<Name>,
    #[serde(default, deserialize_with = "text_or_nothing")]
    last_updated: Option<Name>,
}

impl Row for RoleRow {
    type Into = Role;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, _now: Timestamp) -> Result<Role, &'static str> {
        let (by, at) = self.info.map_or((None, None), |Object(info)| (info.updated_by, info.last_updated));
        Ok(Role {
            id: RoleId(id),
            name: name(self.name).ok_or("name")?,
            namesake: false,
            kind: name(self.role_type),
            admin: self.admin_flag,
            active: active(self.inactive_flag),
            updated: (by.is_some() || at.is_some()).then_some(RoleUpdate { by, at }),
        })
    }
}

/// `SecurityRoleSetting`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettingRow {
    id: Option<i64>,
    module_name: Option<String>,
    module_function_name: Option<String>,
    module_function_description: Option<String>,
    module_function_identifier: Option<String>,
    #[serde(default = "Grant::absent")]
    add_level: Grant,
    #[serde(default = "Grant::absent")]
    edit_level: Grant,
    #[serde(default = "Grant::absent")]
    delete_level: Grant,
    #[serde(default = "Grant::absent")]
    inquire_level: Grant,
}

impl Row for SettingRow {
    type Into = Setting;

    const NEEDS_ID: bool = false;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, _id: i64, _now: Timestamp) -> Result<Setting, &'static str> {
        let levels = [self.add_level, self.edit_level, self.delete_level, self.inquire_level];
        // Which of the two texts the screen shows is not documented; one of them is enough.
        let description = name(self.module_function_description);
        let function =
            name(self.module_function_name).or_else(|| description.clone()).ok_or("moduleFunctionName")?;
        Ok(Setting {
            id: self.id,
            module: name(self.module_name).ok_or("moduleName")?,
            description: description.filter(|text| *text != function),
            function,
            identifier: name(self.module_function_identifier),
            grants: Grants::from_fn(|verb: Verb| levels[verb as usize].clone()),
            line: None,
        })
    }
}

/// `ApiMember`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApiMemberRow {
    id: Option<i64>,
    identifier: Option<String>,
    name: Option<String>,
    inactive_flag: Option<bool>,
    security_role: Option<Object<Reference>>,
    structure_level: Option<Object<Reference>>,
    security_location: Option<Object<Reference>>,
    service_default_board: Option<Object<Reference>>,
    excluded_service_board_ids: Option<Vec<i64>>,
}

impl Row for ApiMemberRow {
    type Into = ApiMember;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, _now: Timestamp) -> Result<ApiMember, &'static str> {
        let named = |reference: Option<Object<Reference>>| {
            name(reference.and_then(|Object(reference)| reference.name))
        };
        let mut excluded_boards = self.excluded_service_board_ids.unwrap_or_default();
        excluded_boards.sort_unstable();
        Ok(ApiMember {
            id: MemberId(id),
            identifier: name(self.identifier).ok_or("identifier")?,
            namesake: false,
            name: name(self.name),
            active: active(self.inactive_flag),
            role: role_of(self.security_role),
            level: named(self.structure_level),
            location: named(self.security_location),
            default_board: named(self.service_default_board),
            excluded_boards,
        })
    }
}

/// An API member with the name of its role, for where the roles themselves are refused.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct RoleHolderRow(ApiMemberRow);

impl Row for RoleHolderRow {
    type Into = (ApiMember, Option<Name>);

    fn id(&self) -> Option<i64> {
        self.0.id()
    }

    fn convert(self, id: i64, now: Timestamp) -> Result<Self::Into, &'static str> {
        let Self(row) = self;
        let role = row.security_role.as_ref().and_then(|Object(role)| role.name.as_deref()).map(Name::from);
        Ok((row.convert(id, now)?, role))
    }
}

/// `Member`, as much of it as counts people.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberRow {
    id: Option<i64>,
    identifier: Option<String>,
    license_class: Option<String>,
    inactive_flag: Option<bool>,
    security_role: Option<Object<Reference>>,
}

impl Row for MemberRow {
    type Into = Member;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, _now: Timestamp) -> Result<Member, &'static str> {
        Ok(Member {
            id: MemberId(id),
            licence: self.license_class.as_deref().map(Licence::from_letter),
            active: active(self.inactive_flag),
            role: role_of(self.security_role),
            identifier: name(self.identifier),
        })
    }
}

/// `MyMember`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnMemberRow {
    id: Option<i64>,
    last_login: Option<String>,
}

impl Row for OwnMemberRow {
    type Into = OwnMember;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, now: Timestamp) -> Result<OwnMember, &'static str> {
        // It has just called: a time to come is another clock's.
        let is_there = self.last_login.as_deref().is_some_and(|at| at.parse::<Timestamp>().is_ok());
        let days = days_since(self.last_login.as_deref(), now).or(is_there.then_some(0));
        Ok(OwnMember { id: MemberId(id), days })
    }
}

#[cfg(test)]
mod tests {
    use super::member_use::MemberUseRow;
    use super::{Object, Row, SettingRow, days_since};
    use crate::model::{Grant, Level, Verb};

    #[test]
    fn a_setting_is_read_loosely_and_nothing_is_guessed() {
        let json = r#"{"id":null,"moduleName":"System","moduleFunctionName":"Table Setup","sortOrder":9,
            "addLevel":"ALL","editLevel":null,"inquireLevel":"Mine","_info":null,"new":{"a":[1]}}"#;
        let row: SettingRow = serde_json::from_str(json).unwrap();
        let setting = row.convert(0, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(*setting.grants.of(Verb::Add), Grant::Level(Level::All));
        assert_eq!(*setting.grants.of(Verb::Edit), Grant::NotOffered);
        assert_eq!(*setting.grants.of(Verb::Delete), Grant::Absent);
        assert_eq!(*setting.grants.of(Verb::Inquire), Grant::Unknown("Mine".into()));
    }

    #[test]
    fn a_list_is_no_row() {
        assert!(serde_json::from_str::<Object<MemberUseRow>>(r#"{"id":1,"id2":[]}"#).is_ok());
        let error = serde_json::from_str::<Object<MemberUseRow>>("[1,null,null,null]").unwrap_err();
        assert!(error.to_string().starts_with("invalid type: sequence, expected an object"), "{error}");
    }

    #[test]
    fn days_are_whole_and_never_negative() {
        let now = "2026-11-22T01:00:00Z".parse().unwrap();
        assert_eq!(days_since(Some("2026-11-21T02:00:00Z"), now), Some(0));
        assert_eq!(days_since(Some("2026-11-21T01:00:00Z"), now), Some(1));
        assert_eq!(days_since(Some("2026-11-23T01:00:00Z"), now), Some(0));
        assert_eq!(days_since(Some("2026-11-23T01:00:01Z"), now), None);
        assert_eq!(days_since(Some("yesterday"), now), None);
        assert_eq!(days_since(None, now), None);
    }

    #[test]
    fn a_member_without_flags_is_not_unrestricted() {
        let row: MemberUseRow = serde_json::from_str(r#"{"id":1}"#).unwrap();
        assert_eq!(row.convert(1, jiff::Timestamp::UNIX_EPOCH).unwrap().restrict_location, None);
    }
}
