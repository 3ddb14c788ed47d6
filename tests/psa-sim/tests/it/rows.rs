//! The wire form of each kind of row.

use psa_sim::Nulls;
use serde_json::{Value, json};

use crate::common::{ADMIN, UMBRELLA, rows, sim, start, status};

#[test]
fn roles_have_their_info_and_keep_nulls_and_gaps() {
    let running = start();
    let roles = rows(&running, ADMIN, "/system/securityroles");
    assert_eq!(roles[1]["_info"], json!({"lastUpdated": "2026-03-02T10:11:12Z", "updatedBy": "jdoe"}));
    assert_eq!((&roles[1]["adminFlag"], &roles[1]["inactiveFlag"]), (&json!(false), &json!(false)));
    assert_eq!((roles[0].get("roleType"), &roles[0]["_info"]), (Some(&Value::Null), &Value::Null));
    assert_eq!((roles[2].get("roleType"), roles[2].get("inactiveFlag")), (None, Some(&Value::Null)));
}

#[test]
fn settings_have_their_real_names() {
    let running = start();
    let setting = &rows(&running, ADMIN, "/system/securityRoles/31/settings")[0];
    assert_eq!(setting["moduleName"], "Companies");
    assert_eq!(setting["moduleFunctionName"], "Company Maintenance");
    assert_eq!(setting["moduleFunctionDescription"], "Company Maintenance");
    assert_eq!(setting["moduleFunctionIdentifier"], Value::Null);
    assert_eq!((&setting["addLevel"], &setting["inquireLevel"]), (&json!("None"), &json!("All")));
    assert_eq!(status(&running, ADMIN, "/system/securityRoles/40/settings"), 403);
    assert_eq!(status(&running, ADMIN, "/system/securityRoles/99/settings"), 404);
    running
        .edit(|snapshot| snapshot["roles"][1]["settings"][0].as_object_mut().unwrap().remove("inquire"))
        .unwrap();
    assert_eq!(rows(&running, ADMIN, "/system/securityRoles/31/settings")[0].get("inquireLevel"), None);
}

#[test]
fn members_are_joined_from_both_lists_and_people() {
    let running = start();
    let members = rows(&running, ADMIN, "/system/members");
    assert_eq!((&members[0]["identifier"], &members[0]["lastName"]), (&json!("jdoe"), &json!("Doe")));
    assert_eq!(members[0]["lastLogin"], Value::Null);
    let umbrella = &members[1];
    assert_eq!((&umbrella["identifier"], &umbrella["licenseClass"]), (&json!("Umbrella"), &json!("A")));
    assert_eq!(umbrella["lastLogin"], "2026-11-18T02:00:04Z");
    assert_eq!(umbrella["securityRole"], json!({"id": 31, "name": "Umbrella", "_info": null}));
    assert_eq!(umbrella["structureLevel"], json!({"id": 2, "name": "Corporate (Level 2)", "_info": null}));
    assert_eq!(
        (&umbrella["restrictDepartmentFlag"], &umbrella["excludedServiceBoardIds"]),
        (&json!(true), &json!([7]))
    );
    assert!(members[2]["lastLogin"].as_str() > Some("2026-11-21T02:00:04Z"));
}

#[test]
fn api_members_logins_and_the_caller() {
    let running = start();
    let api_members = rows(&running, ADMIN, "/system/apiMembers");
    assert_eq!(api_members[0]["emailAddress"], "umbrella@example.invalid");
    assert_eq!((api_members[0].get("lastLogin"), api_members[1].get("structureLevel")), (None, None));
    assert_eq!(rows(&running, ADMIN, "/system/apiMembers/default")["id"], 0);
    let login = &rows(&running, ADMIN, "/system/integratorlogins")[0];
    assert_eq!((&login["username"], login.get("password")), (&json!("OpenDNS"), None));
    assert_eq!(rows(&running, UMBRELLA, "/system/myMembers")["identifier"], "Umbrella");
    let own = &rows(&running, UMBRELLA, "/system/mySecurity")[2];
    assert_eq!((&own["moduleFunctionName"], &own["member"]["id"]), (&json!("Service Tickets"), &json!(251)));
    assert_eq!(rows(&running, UMBRELLA, "/system/info")["version"], "v2025.8");
}

#[test]
fn nulls_can_be_left_out() {
    let running = sim().nulls(Nulls::Omit).start().unwrap();
    let role = &rows(&running, ADMIN, "/system/securityroles")[0];
    assert_eq!(
        (role.get("roleType"), role.get("_info"), role.get("name")),
        (None, None, Some(&json!("Admin")))
    );
}
