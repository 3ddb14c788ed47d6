//! Security roles, their settings, and the caller's own.

use serde_json::{Value, json};

use super::{Fields, negated};
use crate::tenant::Tenant;

/// A row of `/system/securityroles`.
pub(crate) fn role(tenant: &Tenant, row: &Value) -> Value {
    let update = row["id"].as_i64().and_then(|id| tenant.role_update(id));
    let info = update.map(|update| json!({"lastUpdated": update["at"], "updatedBy": update["by"]}));
    Fields::of(row)
        .carry("id", "id")
        .carry("name", "name")
        .carry("type", "roleType")
        .carry("admin", "adminFlag")
        .carry_as("active", "inactiveFlag", negated)
        .set("_info", info)
        .done()
}

/// A row of `/system/securityRoles/{id}/settings`. A snapshot leaves `description` out when it
/// equals the function, and `identifier` when it is null. **Not established:** the values of the
/// four flags and of the other identifiers; null.
pub(crate) fn setting(row: &Value) -> Value {
    Fields::of(row)
        .carry("function", "moduleFunctionDescription")
        .set("moduleFunctionIdentifier", Value::Null)
        .carry("id", "id")
        .carry("module", "moduleName")
        .carry("module", "moduleDescription")
        .carry("function", "moduleFunctionName")
        .carry("description", "moduleFunctionDescription")
        .carry("identifier", "moduleFunctionIdentifier")
        .carry("add", "addLevel")
        .carry("edit", "editLevel")
        .carry("delete", "deleteLevel")
        .carry("inquire", "inquireLevel")
        .unknown(&[
            "moduleIdentifier",
            "myAllFlag",
            "reportFlag",
            "restrictFlag",
            "customFlag",
            "sortOrder",
            "_info",
        ])
        .done()
}

/// A row of `/system/mySecurity`: a setting of the caller's role, with the caller.
/// That these are the *effective* rights is inferred from the name; here they are the role's rows.
pub(crate) fn my_setting(row: &Value, member: &Value) -> Value {
    let mut wire = setting(row);
    wire["member"] = json!({
        "id": member["id"],
        "identifier": member["identifier"],
        "name": member["name"],
        "dailyCapacity": null,
        "_info": null,
    });
    wire
}
