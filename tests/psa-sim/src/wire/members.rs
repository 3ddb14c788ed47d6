//! Members, API members, and the caller's own member.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Fields, negated, reference};
use crate::auth::Caller;
use crate::tenant::Tenant;

/// A row of `/system/apiMembers`.
pub(crate) fn api_member(tenant: &Tenant, row: &Value) -> Value {
    Fields::of(row)
        .carry("id", "id")
        .carry("identifier", "identifier")
        .carry("name", "name")
        .carry_as("identifier", "emailAddress", address)
        .carry_as("active", "inactiveFlag", negated)
        .carry_as("role", "securityRole", |role| role_reference(tenant, role))
        .carry_as("level", "structureLevel", reference)
        .carry_as("location", "securityLocation", reference)
        .carry_as("location", "defaultLocation", reference)
        .carry_as("default_board", "serviceDefaultBoard", reference)
        .carry("excluded_boards", "excludedServiceBoardIds")
        .unknown(&["inactiveDate", "timeZone", "defaultDepartment", "salesDefaultLocation", "notes"])
        .unknown(&["blockPriceFlag", "blockCostFlag", "_info"])
        .done()
}

/// `/system/apiMembers/default`: every field, no value.
pub(crate) fn blank_api_member() -> Value {
    json!({
        "id": 0,
        "identifier": null,
        "name": null,
        "emailAddress": null,
        "inactiveFlag": false,
        "securityRole": null,
        "structureLevel": null,
        "securityLocation": null,
        "defaultLocation": null,
        "serviceDefaultBoard": null,
        "excludedServiceBoardIds": [],
        "_info": null,
    })
}

/// A row of `/system/members`: the member row over the API member row and its restrict flags of the
/// same id, with what `people` knows of it. That the ids of both endpoints match is an assumption about the PSA.
pub(crate) fn member(caller: &Caller<'_>, row: &Value) -> Value {
    let tenant = caller.tenant;
    let id = row["id"].as_i64().unwrap_or_default();
    let row = overlaid([tenant.api_member(id), tenant.member_use(id), Some(row)]);
    let mut wire = Fields::of(&row)
        .set("identifier", format!("member{id}"))
        .set("firstName", "Member")
        .set("lastName", id.to_string())
        .set("lastLogin", last_login(caller, id))
        .carry("id", "id")
        .carry("identifier", "identifier")
        .carry("name", "firstName")
        .carry("licence", "licenseClass")
        .carry_as("active", "inactiveFlag", negated)
        .carry_as("role", "securityRole", |role| role_reference(tenant, role))
        .carry_as("role", "adminFlag", |role| admin_flag(tenant, role))
        .carry_as("level", "structureLevel", reference)
        .carry_as("location", "securityLocation", reference)
        .carry_as("location", "defaultLocation", reference)
        .carry_as("default_board", "serviceDefaultBoard", reference)
        .carry("excluded_boards", "excludedServiceBoardIds")
        .carry("restrict_location", "restrictLocationFlag")
        .carry("restrict_department", "restrictDepartmentFlag")
        .unknown(&["inactiveDate", "title", "type", "defaultDepartment", "_info"]);
    let person = tenant.sim.people.get(&id.to_string()).cloned();
    wire.wire.extend(person.unwrap_or_default());
    wire.done()
}

/// Rows over one another, the last on top.
fn overlaid<const N: usize>(layers: [Option<&Value>; N]) -> Value {
    let layers = layers.into_iter().flatten().filter_map(Value::as_object);
    let fields: Map<String, Value> =
        layers.flatten().map(|(name, value)| (name.clone(), value.clone())).collect();
    Value::Object(fields)
}

/// `/system/myMembers`: the caller, who may be in the snapshot as an API member only.
pub(crate) fn my_member(caller: &Caller<'_>) -> Value {
    let id = caller.member;
    let only_api = json!({"id": id, "licence": "A"});
    member(caller, caller.tenant.member(id).unwrap_or(&only_api))
}

/// The caller as a short reference.
pub(crate) fn caller_name(caller: &Caller<'_>) -> Value {
    let member = my_member(caller);
    let names = [&member["firstName"], &member["lastName"]];
    let names: Vec<_> = names.into_iter().filter_map(Value::as_str).collect();
    json!({"id": member["id"], "identifier": member["identifier"], "name": names.join(" ")})
}

/// When a member last used the PSA. The caller is using it now.
fn last_login(caller: &Caller<'_>, member: i64) -> Value {
    let at = if member == caller.member {
        Timestamp::from_second(Timestamp::now().as_second()).ok()
    } else {
        caller.tenant.last_use(member)
    };
    at.map_or(Value::Null, |at| at.to_string().into())
}

fn role_reference(tenant: &Tenant, id: &Value) -> Value {
    let Some(number) = id.as_i64() else {
        return Value::Null;
    };
    let name = tenant.role(number).map(|role| &role["name"]);
    json!({"id": number, "name": name, "_info": null})
}

fn admin_flag(tenant: &Tenant, role: &Value) -> Value {
    let role = role.as_i64().and_then(|id| tenant.role(id));
    role.map_or(Value::Null, |role| role["admin"].clone())
}

/// An address that leads nowhere: real rows have one, so that a client must be seen to leave it
/// out.
fn address(identifier: &Value) -> Value {
    let Some(identifier) = identifier.as_str() else {
        return Value::Null;
    };
    let local: String = identifier.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}@example.invalid", local.to_ascii_lowercase()).into()
}
