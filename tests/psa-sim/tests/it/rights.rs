//! The caller's role decides.

use psa_sim::{Reading, Running};
use serde_json::{Value, json};

use crate::common::{ADMIN, UMBRELLA, get, rows, sim, start, status};

#[test]
fn the_role_opens_and_closes_endpoints() {
    let running = start();
    for open in ["/company/companies", "/service/tickets", "/service/info/boards", "/system/setupScreens"] {
        assert_eq!(status(&running, UMBRELLA, open), 200, "{open}");
    }
    for closed in [
        "/company/configurations",
        "/system/members",
        "/system/apiMembers/default",
        "/system/securityroles/31/settings",
    ] {
        assert_eq!(status(&running, UMBRELLA, closed), 403, "{closed}");
        assert_eq!(status(&running, ADMIN, closed), 200, "{closed}");
    }
    let refused: Value = get(&running, UMBRELLA, "/system/members").json().unwrap();
    let message = "You do not have security permission to perform this action.";
    assert_eq!(refused, json!({"code": "Security", "message": message, "errors": null}));
}

#[test]
fn a_grant_taken_away_is_felt_at_once() {
    let running = start();
    let tickets = |running: &Running, level: Value| {
        running.edit(|snapshot| snapshot["roles"][1]["settings"][2]["inquire"] = level).unwrap();
        status(running, UMBRELLA, "/service/tickets")
    };
    assert_eq!(tickets(&running, json!("all")), 200);
    assert_eq!(tickets(&running, json!("None")), 403);
    assert_eq!(tickets(&running, Value::Null), 403);
}

#[test]
fn a_table_list_holds_back_the_other_tables() {
    let running = start();
    assert_eq!(status(&running, UMBRELLA, "/service/boards"), 200);
    assert_eq!(status(&running, UMBRELLA, "/company/configurations/types"), 200);
    assert_eq!(status(&running, UMBRELLA, "/service/priorities"), 403);
    assert_eq!(status(&running, UMBRELLA, "/system/integratorlogins/count"), 403);
    running.edit_sim(|sim| sim.customize.clear()).unwrap();
    assert_eq!(status(&running, UMBRELLA, "/service/priorities"), 200);
    running.edit(|snapshot| snapshot["roles"][1]["settings"][3]["inquire"] = json!("None")).unwrap();
    assert_eq!(status(&running, UMBRELLA, "/service/priorities"), 403);
}

#[test]
fn both_readings_of_the_table_list_mean_the_same_access() {
    let entries = |running: &Running| -> Vec<String> {
        let items = rows(running, UMBRELLA, "/system/mySecurity/customizeItems/");
        assert!(
            items.as_array().unwrap().iter().all(|item| item["customizeIdentifier"] == "SystemTableSetup")
        );
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["itemIdentifier"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(entries(&start()), ["Company / Configuration", "Service / Service Board"]);
    let denying = sim().reading(Reading::Deny).start().unwrap();
    assert_eq!(entries(&denying), ["Service / Priority"]);
    assert_eq!(status(&denying, UMBRELLA, "/service/boards"), 200);
    assert_eq!(status(&denying, UMBRELLA, "/service/priorities"), 403);
}
