//! Snapshots: whatever the bytes, reading ends; one that is read has every row of the file, and is written
//! as a snapshot that reads as the same tenant.

#![no_main]

use leastwise::source::snapshot::parse;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

#[path = "../same.rs"]
mod same;

fuzz_target!(|bytes: &[u8]| {
    let Ok(tenant) = parse(bytes) else { return };
    same::survives_a_snapshot(&tenant);
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{error}"));
    let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .unwrap_or_else(|error| panic!("accepted, but {error}"));
    if let Ok(roles) = tenant.roles.rows() {
        assert_eq!(roles.len(), file["roles"].as_array().map_or(0, Vec::len));
    }
    for role in file["roles"].as_array().into_iter().flatten() {
        let id = leastwise::model::RoleId(role["id"].as_i64().unwrap_or_else(|| panic!("no id: {role}")));
        if let Ok(settings) = tenant.settings_of(id) {
            assert_eq!(settings.len(), role["settings"].as_array().map_or(0, Vec::len));
        }
    }
    let ids = |list: &str| -> Vec<i64> {
        file[list].as_array().into_iter().flatten().filter_map(|row| row["id"].as_i64()).collect()
    };
    if let Ok(rows) = tenant.api_members.rows() {
        assert!(ids("api_members").iter().all(|id| rows.iter().any(|row| row.id.0 == *id)));
    }
    if let Ok(rows) = tenant.members.rows() {
        assert!(ids("members").iter().all(|id| rows.iter().any(|row| row.id.0 == *id)));
    }
    if let Ok(rows) = tenant.member_use.rows() {
        assert!(ids("member_use").iter().all(|id| rows.iter().any(|row| row.id.0 == *id)));
    }
    if let Ok(rows) = tenant.logins.rows() {
        assert!(ids("logins").iter().all(|id| rows.iter().any(|row| row.id == *id)));
    }
});
