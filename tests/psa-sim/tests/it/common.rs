//! A small tenant, and a client that speaks to it.

use std::sync::Once;

use psa_sim::{Running, Sim};
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) const CLIENT_ID: &str = "00000000-0000-4000-8000-000000000000";

/// Whose key to call with, as (public, private).
pub(crate) const ADMIN: (&str, &str) = ("pub-admin", "priv-admin");
pub(crate) const UMBRELLA: (&str, &str) = ("pub-umbrella", "priv-umbrella");

/// Two API members (admin, and one narrow role), one person, one role that could not be read.
pub(crate) fn snapshot() -> Value {
    let setting = |id: i64, module: &str, function: &str, inquire: &str| {
        json!({"id": id, "module": module, "function": function,
               "add": "None", "edit": "None", "delete": "None", "inquire": inquire})
    };
    json!({
        "format": "leastwise-snapshot/1",
        "header": {"taken_at": "2026-11-21T02:00:04Z", "own_member": 258, "last_use_days": {"251": 3, "258": 0},
                   "role_updates": {"31": {"by": "jdoe", "at": "2026-03-02T10:11:12Z"}}},
        "tenant": {"site": "na.myconnectwise.net", "company": "acme"},
        "coverage": [],
        "members": [
            {"id": 101, "licence": "F", "active": true, "role": 31},
            {"id": 251, "licence": "A", "active": true, "role": 31},
            {"id": 258, "licence": "A", "active": true, "role": 1},
        ],
        "api_members": [
            {"id": 251, "identifier": "Umbrella", "name": "Cisco Umbrella", "active": true, "role": 31,
             "level": "Corporate (Level 2)", "location": "Main", "default_board": null, "excluded_boards": [7]},
            {"id": 258, "identifier": "Auditor", "name": "Leastwise", "active": true, "role": 1},
        ],
        "member_use": [{"id": 251, "restrict_location": false, "restrict_department": true}],
        "logins": [{"id": 3, "username": "OpenDNS", "active": true}],
        "roles": [
            {"id": 1, "name": "Admin", "type": null, "admin": true, "active": true, "settings": []},
            {"id": 31, "name": "Umbrella", "type": null, "admin": false, "active": true, "settings": [
                setting(310_001, "Companies", "Company Maintenance", "All"),
                setting(310_002, "Companies", "Configurations", "None"),
                setting(310_003, "Service Desk", "Service Tickets", "My"),
                setting(310_004, "System", "Table Setup", "All"),
                setting(310_005, "System", "Member Maintenance", "None"),
            ]},
            {"id": 40, "name": "Hidden", "admin": false, "active": null, "settings": null,
             "unavailable": "HTTP 403: refused"},
        ],
    })
}

/// Keys of both API members, a table list for the narrow role, 60 companies and three setup
/// screens.
pub(crate) fn sim_file() -> Value {
    let companies: Vec<Value> =
        (1..=60).map(|id| json!({"id": id, "identifier": format!("C{id}"), "name": "x"})).collect();
    json!({
        "keys": [
            {"member": 258, "public": ADMIN.0, "private": ADMIN.1},
            {"member": 251, "public": UMBRELLA.0, "private": UMBRELLA.1},
        ],
        "client_ids": [CLIENT_ID],
        "version": "v2025.8", "codebase": "v2025_8/", "cloud": true,
        "people": {"101": {"identifier": "jdoe", "firstName": "Jane", "lastName": "Doe"}},
        "customize": {"31": {"SystemTableSetup": ["Company / Configuration", "Service / Service Board"]}},
        "rows": {
            "company/companies": companies,
            "company/configurations/types": [{"id": 1, "name": "Laptop"}],
            "service/boards": [{"id": 7, "name": "Help Desk", "secret": 1}],
            "service/priorities": [{"id": 4, "name": "High"}],
            "system/setupScreens": [
                {"id": 1, "category": "Company", "name": "Configuration"},
                {"id": 2, "category": "Service", "name": "Service Board"},
                {"id": 3, "category": "Service", "name": "Priority"},
            ],
        },
    })
}

pub(crate) fn sim() -> Sim {
    Sim::from_values(snapshot(), sim_file()).unwrap()
}

pub(crate) fn start() -> Running {
    sim().start().unwrap()
}

/// A client without proxies and redirects. It asks for gzip.
pub(crate) fn client() -> Client {
    builder().build().unwrap()
}

pub(crate) fn builder() -> reqwest::blocking::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().unwrap();
    });
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none())
}

/// A call of an endpoint under the tenant's own codebase, with everything that a call needs.
pub(crate) fn call(sim: &Running, key: (&str, &str), endpoint: &str) -> RequestBuilder {
    let url = format!("{}/v2025_8/apis/3.0{endpoint}", sim.url());
    client().get(url).basic_auth(format!("acme+{}", key.0), Some(key.1)).header("clientId", CLIENT_ID)
}

pub(crate) fn get(sim: &Running, key: (&str, &str), endpoint: &str) -> Response {
    call(sim, key, endpoint).send().unwrap()
}

/// The body of an answer that must be 200.
pub(crate) fn rows(sim: &Running, key: (&str, &str), endpoint: &str) -> Value {
    let response = get(sim, key, endpoint);
    assert_eq!(response.status(), 200, "{endpoint}");
    response.json().unwrap()
}

pub(crate) fn status(sim: &Running, key: (&str, &str), endpoint: &str) -> u16 {
    get(sim, key, endpoint).status().as_u16()
}

/// The ids of the rows.
pub(crate) fn ids(rows: &Value) -> Vec<i64> {
    rows.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// A header of an answer as text.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}
