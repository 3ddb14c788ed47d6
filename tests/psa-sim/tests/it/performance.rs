//! A big tenant: each request does work for its own rows only, so this takes no longer than a small
//! one.

use serde_json::{Value, json};

use crate::common::{ADMIN, ids, rows, sim_file, snapshot};

#[test]
fn a_thousand_roles_are_served_one_by_one() {
    let settings = |role: i64| -> Vec<Value> {
        let row = |n: i64| {
            let (id, name) = (role * 1000 + n, format!("F{n}"));
            json!({"id": id, "module": "System", "function": name, "inquire": "All"})
        };
        (0..112).map(row).collect()
    };
    let role = |id: i64| {
        let name = format!("R{id}");
        json!({"id": id, "name": name, "admin": id == 1, "settings": settings(id)})
    };
    let mut snapshot = snapshot();
    snapshot["roles"] = (1..=1000).map(role).collect();
    let running = psa_sim::Sim::from_values(snapshot, sim_file()).unwrap().start().unwrap();
    assert_eq!(ids(&rows(&running, ADMIN, "/system/securityroles?pageSize=1000")).len(), 1000);
    for role in [1, 500, 1000] {
        let endpoint = format!("/system/securityRoles/{role}/settings?pageSize=1000");
        assert_eq!(ids(&rows(&running, ADMIN, &endpoint))[111], role * 1000 + 111);
    }
}
