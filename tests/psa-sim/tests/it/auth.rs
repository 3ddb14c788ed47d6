//! Company info, keys, `clientId`, codebases, and what is recorded.

use psa_sim::{BadClientId, BadKey};
use serde_json::{Value, json};

use crate::common::{
    ADMIN, CLIENT_ID, UMBRELLA, call, client, get, header, sim, sim_file, snapshot, start, status,
};

fn company_info(url: &str, company: &str) -> Value {
    client().get(format!("{url}/login/companyinfo/{company}")).send().unwrap().json().unwrap()
}

#[test]
fn company_info_needs_no_key_and_is_null_for_strangers() {
    let running = start();
    let info = company_info(running.url(), "acme");
    assert_eq!((&info["Codebase"], &info["IsCloud"]), (&json!("v2025_8/"), &json!("True")));
    assert_eq!(info["SiteUrl"], json!("na.myconnectwise.net"));
    assert_eq!(company_info(running.url(), "nobody"), Value::Null);
    let boolean = sim().boolean_cloud().start().unwrap();
    assert_eq!(company_info(boolean.url(), "ACME")["IsCloud"], json!(true));
}

#[test]
fn a_wrong_key_is_401_with_the_real_code() {
    let running = start();
    let response = get(&running, ("pub-admin", "wrong"), "/system/info");
    assert_eq!(response.status(), 401);
    let body: Value = response.json().unwrap();
    assert_eq!((&body["code"], &body["errors"]), (&json!("Unauthorized"), &Value::Null));
    let anonymous = client().get(format!("{}/v2025_8/apis/3.0/system/info", running.url()));
    assert_eq!(anonymous.header("clientId", CLIENT_ID).send().unwrap().status(), 401);
}

#[test]
fn client_id_must_be_there_and_known() {
    let running = start();
    let url = format!("{}/v4_6_release/apis/3.0/system/info", running.url());
    let with = |id: Option<&str>| {
        let request = client().get(&url).basic_auth("acme+pub-admin", Some("priv-admin"));
        let request = id.into_iter().fold(request, |request, id| request.header("ClientID", id));
        request.send().unwrap().status().as_u16()
    };
    assert_eq!(with(Some(CLIENT_ID)), 200);
    assert_eq!(with(Some("another")), 400);
    assert_eq!(with(None), 400);
}

#[test]
fn a_bad_key_is_turned_away_in_each_of_the_ways_that_are_known() {
    let answer = |bad_key, codebase: &str| {
        let running = sim().bad_key(bad_key).start().unwrap();
        let url = format!("{}/{codebase}/apis/3.0/system/info", running.url());
        let request = client().get(url).basic_auth("acme+pub-admin", Some("wrong"));
        let response = request.header("clientId", CLIENT_ID).send().unwrap();
        (response.status().as_u16(), response.json::<Value>().unwrap()["message"].clone())
    };
    for (bad_key, versioned, router) in [
        (BadKey::ByCodebase, 401, 404),
        (BadKey::Unauthorized, 401, 401),
        (BadKey::NotFound, 404, 404),
        (BadKey::NotAuthenticated, 400, 400),
    ] {
        assert_eq!(answer(bad_key, "v2025_8").0, versioned, "{bad_key:?}");
        assert_eq!(answer(bad_key, "v4_6_release").0, router, "{bad_key:?}");
    }
    assert_eq!(answer(BadKey::NotAuthenticated, "v2025_8").1, "UserNotAuthenticated");
}

#[test]
fn a_bad_client_id_is_turned_away_in_each_of_the_ways_that_are_known() {
    for (bad, status, text) in [
        (BadClientId::BadRequest, 400, "clientId"),
        (BadClientId::Unauthorized, 401, "Unauthorized"),
        (BadClientId::Cannot, 400, "Cannot GET /v2025_8/"),
    ] {
        let running = sim().bad_client_id(bad).start().unwrap();
        let url = format!("{}/v2025_8/apis/3.0/system/info", running.url());
        let request = client().get(url).basic_auth("acme+pub-admin", Some("priv-admin"));
        let response = request.header("clientId", "another").send().unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(response.text().unwrap().contains(text), "{bad:?}");
    }
}

#[test]
fn capitals_in_the_company_count_where_they_are_to() {
    let running = sim().company_with_case().start().unwrap();
    assert_eq!(company_info(running.url(), "ACME"), Value::Null);
    assert_eq!(company_info(running.url(), "acme")["CompanyID"], json!("acme"));
}

#[test]
fn a_version_above_the_tenants_may_not_be_served() {
    let running = sim().unknown_version(406).start().unwrap();
    let asked = |version: &str| {
        let accept = format!("application/vnd.connectwise.com+json; version={version}");
        call(&running, ADMIN, "/system/info").header("accept", accept).send().unwrap().status().as_u16()
    };
    assert_eq!([asked("2026.11"), asked("2025.16"), asked("2025.8"), asked("2025.1")], [406, 406, 200, 200]);
    assert_eq!(status(&running, ADMIN, "/system/info"), 200);
}

#[test]
fn inactive_members_and_unknown_companies_stay_out() {
    let running = start();
    running.edit(|snapshot| snapshot["api_members"][0]["active"] = json!(false)).unwrap();
    assert_eq!(status(&running, UMBRELLA, "/system/myMembers"), 401);
    let url = format!("{}/v4_6_release/apis/3.0/system/info", running.url());
    let stranger = client().get(url).basic_auth("nobody+a", Some("b")).header("clientId", CLIENT_ID);
    let response = stranger.send().unwrap();
    assert_eq!(
        (response.status().as_u16(), response.text().unwrap().as_str()),
        (400, "Cannot route. Codebase/company is invalid")
    );
}

#[test]
fn codebases_and_case() {
    let running = start();
    let at = |path: &str| {
        let url = format!("{}{path}", running.url());
        let request = client().get(url).basic_auth("acme+pub-admin", Some("priv-admin"));
        request.header("clientId", CLIENT_ID).send().unwrap().status().as_u16()
    };
    assert_eq!(at("/v2025_8/apis/3.0/system/info"), 200);
    assert_eq!(at("/V4_6_Release/APIS/3.0/System/SecurityRoles/"), 200);
    assert_eq!(at("/v2019_1/apis/3.0/system/info"), 400);
    assert_eq!(at("/v4_6_release/apis/3.0/apis/3.0/system/info"), 400);
    assert_eq!(at("/v4_6_release/apis/3.0/system/nothing"), 404);
    assert_eq!(at("/"), 404);
}

#[test]
fn several_tenants_are_told_apart_by_company() {
    let mut other = snapshot();
    other["tenant"]["company"] = json!("other");
    let running = sim().add_tenant(other, json!({"keys": [{"member": 258, "public": "p", "private": "q"}]}));
    let running = running.unwrap().start().unwrap();
    let url = format!("{}/v4_6_release/apis/3.0/system/info", running.url());
    let as_other = client().get(url).basic_auth("other+p", Some("q")).header("clientId", "any");
    assert_eq!(as_other.send().unwrap().status(), 200);
    assert_eq!(status(&running, ("p", "q"), "/system/info"), 401);
    running.edit_of("other", |snapshot| snapshot["roles"] = json!([])).unwrap();
    assert_eq!(status(&running, ADMIN, "/system/securityroles/1"), 200);
}

#[test]
fn requests_are_recorded_without_the_key() {
    let running = start();
    call(&running, ADMIN, "/system/members?page=2").send().unwrap();
    let url = format!("{}/v4_6_release/apis/3.0/system/members/1/tokens", running.url());
    assert_eq!(client().post(url).send().unwrap().status(), 405);
    let requests = running.requests();
    let first = &requests[0];
    assert_eq!((first.method.as_str(), first.query.as_str(), first.status), ("GET", "page=2", Some(200)));
    assert_eq!(first.path, "/v2025_8/apis/3.0/system/members");
    assert_eq!(first.header("authorization"), Some("<present>"));
    assert_eq!(first.header("clientid"), Some(CLIENT_ID));
    assert!(running.url().ends_with(&first.host));
    assert_eq!((requests[1].method.as_str(), requests[1].status), ("POST", Some(405)));
}

#[test]
fn every_answer_has_a_date_and_a_version() {
    let running = start();
    for path in ["/system/info", "/system/nothing"] {
        let response = get(&running, ADMIN, path);
        assert!(header(&response, "date").unwrap().ends_with(" GMT"));
        assert_eq!(header(&response, "api-current-version"), Some("2025.8"));
    }
}

#[test]
fn what_is_no_snapshot_is_refused() {
    assert!(psa_sim::Sim::from_values(json!({}), sim_file()).is_err());
    assert!(psa_sim::Sim::from_values(snapshot(), json!({"keys": 1})).is_err());
    assert!(psa_sim::Sim::from_files("/nowhere/at-all.json").is_err());
}
