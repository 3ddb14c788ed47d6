//! Last use and restrictions, of API members only.

use jiff::Timestamp;
use serde::Deserialize;

use super::row::{PlainRow, Row, days_since};
use crate::model::{Dataset, DatasetName, MemberId, MemberUse, Tenant};
use crate::source::connectwise::endpoint::Endpoint;

/// `Member`, as much of it as an API member adds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::connectwise) struct MemberUseRow {
    id: Option<i64>,
    last_login: Option<String>,
    restrict_location_flag: Option<bool>,
    restrict_department_flag: Option<bool>,
}

impl Row for MemberUseRow {
    type Into = MemberUse;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, now: Timestamp) -> Result<MemberUse, &'static str> {
        Ok(MemberUse {
            id: MemberId(id),
            days: days_since(self.last_login.as_deref(), now),
            restrict_location: self.restrict_location_flag,
            restrict_department: self.restrict_department_flag,
        })
    }
}

impl PlainRow for MemberUseRow {
    const NEVER_EMPTY: bool = true;

    fn endpoint() -> Endpoint {
        Endpoint {
            conditions: Some("licenseClass=\"A\""),
            ..Endpoint::list(
                DatasetName::MemberUse,
                "system/members",
                "id,lastLogin,restrictLocationFlag,restrictDepartmentFlag",
            )
        }
    }

    fn slot(tenant: &mut Tenant) -> &mut Dataset<Vec<MemberUse>> {
        &mut tenant.member_use
    }

    fn order(row: &MemberUse) -> i64 {
        row.id.0
    }
}
