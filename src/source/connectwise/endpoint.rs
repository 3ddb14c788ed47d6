//! An endpoint that leastwise reads: a path, and a query that asks for no more than an audit uses.

use crate::model::{DatasetName, RoleId};

/// One list of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Which dataset it gives.
    pub dataset: DatasetName,
    /// The path below the API's base.
    pub path: String,
    /// `fields`: what is asked for.
    pub fields: &'static str,
    /// `conditions`, if any.
    pub conditions: Option<&'static str>,
    /// Whether it is one object rather than a list.
    pub single: bool,
}

impl Endpoint {
    pub(super) fn list(dataset: DatasetName, path: &str, fields: &'static str) -> Self {
        Self { dataset, path: path.to_owned(), fields, conditions: None, single: false }
    }

    /// The roles, without their settings.
    #[must_use]
    pub fn roles() -> Self {
        Self::list(
            DatasetName::Roles,
            "system/securityroles",
            "id,name,roleType,adminFlag,inactiveFlag,_info",
        )
    }

    /// The settings of one role.
    #[must_use]
    pub fn settings(role: RoleId) -> Self {
        Self::list(
            DatasetName::Settings,
            &format!("system/securityRoles/{role}/settings"),
            "id,moduleName,moduleFunctionName,moduleFunctionDescription,moduleFunctionIdentifier,\
             addLevel,editLevel,deleteLevel,inquireLevel",
        )
    }

    /// The API members.
    #[must_use]
    pub fn api_members() -> Self {
        Self::list(
            DatasetName::ApiMembers,
            "system/apiMembers",
            "id,identifier,name,inactiveFlag,securityRole,structureLevel,securityLocation,\
             serviceDefaultBoard,excludedServiceBoardIds",
        )
    }

    /// Members of every kind, without names or addresses.
    #[must_use]
    pub fn members() -> Self {
        Self::list(
            DatasetName::Members,
            "system/members",
            "id,identifier,licenseClass,inactiveFlag,securityRole/id",
        )
    }

    /// The member whose key this is.
    #[must_use]
    pub fn own_member() -> Self {
        Self { single: true, ..Self::list(DatasetName::OwnMember, "system/myMembers", "id,lastLogin") }
    }

    /// The query of one page.
    #[must_use]
    pub fn query(&self, page: u32, page_size: u32) -> Vec<(&'static str, String)> {
        let mut query = vec![("fields", self.fields.to_owned())];
        query.extend(self.conditions.map(|conditions| ("conditions", conditions.to_owned())));
        if !self.single {
            query.push(("page", page.to_string()));
            query.push(("pageSize", page_size.to_string()));
        }
        query
    }
}
