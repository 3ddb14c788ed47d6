//! Company information, system information, customise lists and the short form of the boards.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Fields;
use crate::auth::Caller;
use crate::options::Reading;
use crate::sim_file::SimFile;
use crate::tenant::Tenant;

/// `/login/companyinfo/{company}`: the six documented keys and one more, which one client's test data
/// have; on-prem answers are longer than six keys. `IsCloud` is text in the documentation and a boolean in clients' test
/// data.
pub(crate) fn company_info(tenant: &Tenant, boolean_cloud: bool) -> Value {
    let sim = &tenant.sim;
    let cloud: Value = match (boolean_cloud, sim.cloud) {
        (true, cloud) => cloud.into(),
        (false, true) => "True".into(),
        (false, false) => "False".into(),
    };
    json!({
        "CompanyName": tenant.company(),
        "Codebase": sim.codebase,
        "VersionCode": sim.version,
        "VersionNumber": format!("v4.6.{}", sim.version.trim_start_matches('v')),
        "CompanyID": tenant.company(),
        "IsCloud": cloud,
        "SiteUrl": tenant.site(),
    })
}

/// `/system/info`.
pub(crate) fn info(tenant: &Tenant) -> Value {
    json!({
        "version": tenant.sim.version,
        "isCloud": tenant.sim.cloud,
        "serverTimeZone": "Eastern Standard Time",
        "licenseBits": [{"name": "API", "activeFlag": true}],
        "cloudRegion": tenant.sim.cloud.then_some("NA"),
        "maxWorkFlowRecordsAllowed": 0,
    })
}

/// A row of `/service/info/boards` (`BoardInfo`).
pub(crate) fn board_info(row: &Value) -> Value {
    let fields = ["id", "name", "location", "department", "projectFlag", "inactiveFlag", "closedLoop"];
    fields.into_iter().fold(Fields::of(row), |row, field| row.carry(field, field)).done()
}

/// The rows of `/system/mySecurity/customizeItems/`.
///
/// **Not established:** the form of `itemIdentifier` (here "Category / Table"), and what an admin
/// role gets (here its lists).
pub(crate) fn customize_items(caller: &Caller<'_>, reading: Reading) -> Vec<Value> {
    let sim = &caller.tenant.sim;
    let lists = caller.role_id().and_then(|role| sim.customize.get(&role.to_string()));
    let items = lists.into_iter().flatten().flat_map(|(list, allowed)| {
        let entries = match reading {
            Reading::Allow => allowed.clone(),
            Reading::Deny => known(sim, list).into_iter().filter(|entry| !allowed.contains(entry)).collect(),
        };
        entries.into_iter().map(move |entry| (list.clone(), entry))
    });
    let rows = items
        .zip(1..)
        .map(|((list, entry), id)| json!({"id": id, "customizeIdentifier": list, "itemIdentifier": entry}));
    rows.collect()
}

/// Every entry of a customise list that the tenant is known to have: what any role may use, and for
/// Table Setup the setup screens.
fn known(sim: &SimFile, list: &str) -> BTreeSet<String> {
    let used = sim.customize.values().filter_map(|lists| lists.get(list)).flatten().cloned();
    let screens = if list == "SystemTableSetup" { sim.rows("system/setupScreens") } else { &[] };
    let screens = screens
        .iter()
        .filter_map(|row| Some(format!("{} / {}", row["category"].as_str()?, row["name"].as_str()?)));
    used.chain(screens).collect()
}
