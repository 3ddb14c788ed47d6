//! Integrator logins.

use jiff::Timestamp;
use serde::Deserialize;

use super::row::{PlainRow, Row, active, name};
use crate::model::{Dataset, DatasetName, Login, Tenant};
use crate::source::connectwise::endpoint::Endpoint;

/// `IntegratorLogin`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::connectwise) struct LoginRow {
    id: Option<i64>,
    username: Option<String>,
    inactive_flag: Option<bool>,
}

impl Row for LoginRow {
    type Into = Login;

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn convert(self, id: i64, _now: Timestamp) -> Result<Login, &'static str> {
        Ok(Login { id, username: name(self.username).ok_or("username")?, active: active(self.inactive_flag) })
    }
}

impl PlainRow for LoginRow {
    fn endpoint() -> Endpoint {
        Endpoint::list(DatasetName::IntegratorLogins, "system/integratorlogins", "id,username,inactiveFlag")
    }

    fn slot(tenant: &mut Tenant) -> &mut Dataset<Vec<Login>> {
        &mut tenant.logins
    }

    fn order(row: &Login) -> i64 {
        row.id
    }
}
