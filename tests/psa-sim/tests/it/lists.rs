//! Paging, `fields`, `conditions`, `orderBy`, `/count` and by id.

use std::time::Duration;

use psa_sim::RetryAfter;
use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::common::{ADMIN, call, get, header, ids, rows, sim, start, status};

const COMPANIES: &str = "/company/companies";

/// The URL of one relation of the `Link` header.
fn link(response: &Response, rel: &str) -> Option<String> {
    let marked = format!("rel=\"{rel}\"");
    let entry = header(response, "link")?.split(", ").find(|entry| entry.ends_with(&marked))?;
    Some(entry.split(['<', '>']).nth(1)?.to_owned())
}

#[test]
fn links_lead_through_all_pages_and_stop() {
    let running = start();
    let first = get(&running, ADMIN, &format!("{COMPANIES}?conditions=name%3D%22x%22"));
    assert_eq!((link(&first, "prev"), link(&first, "first")), (None, None));
    let next = link(&first, "next").unwrap();
    assert!(next.starts_with(running.url()) && next.contains("conditions=name%3D%22x%22&page=2"), "{next}");
    assert!(link(&first, "last").unwrap().ends_with("page=3"));
    assert_eq!(ids(&first.json().unwrap()), (1..=25).collect::<Vec<_>>());
    let last = get(&running, ADMIN, &format!("{COMPANIES}?page=3"));
    assert_eq!(link(&last, "next"), None);
    assert!(link(&last, "prev").unwrap().ends_with("page=2"));
    assert_eq!(ids(&last.json().unwrap()), (51..=60).collect::<Vec<_>>());
    assert_eq!(rows(&running, ADMIN, &format!("{COMPANIES}?page=4")), json!([]));
}

#[test]
fn one_page_has_no_links_and_the_host_of_links_can_be_another() {
    let running = sim().link_host("na.myconnectwise.net").start().unwrap();
    assert_eq!(header(&get(&running, ADMIN, &format!("{COMPANIES}?pageSize=1000")), "link"), None);
    let next = link(&get(&running, ADMIN, COMPANIES), "next").unwrap();
    assert!(next.starts_with("http://na.myconnectwise.net/v2025_8/"), "{next}");
}

#[test]
fn page_sizes_can_be_capped() {
    let running = sim().page_cap(10).start().unwrap();
    let response = get(&running, ADMIN, &format!("{COMPANIES}?pageSize=1000"));
    assert!(link(&response, "last").unwrap().ends_with("page=6"));
    assert_eq!(ids(&response.json().unwrap()).len(), 10);
}

#[test]
fn forward_only_paging_ends_with_an_empty_link() {
    let running = start();
    let mut endpoint = format!("{COMPANIES}?pageSize=50");
    let mut seen = Vec::new();
    loop {
        let response =
            call(&running, ADMIN, &endpoint).header("pagination-type", "forward-only").send().unwrap();
        assert!(header(&response, "link").is_some());
        let next = link(&response, "next");
        seen.extend(ids(&response.json().unwrap()));
        let Some(next) = next else { break };
        endpoint = next.split_once("/apis/3.0").unwrap().1.to_owned();
    }
    assert_eq!(seen, (1..=60).collect::<Vec<_>>());
    assert_eq!(running.requests().len(), 3);
    let ordered =
        call(&running, ADMIN, &format!("{COMPANIES}?orderBy=id")).header("pagination-type", "forward-only");
    assert_eq!(ordered.send().unwrap().status(), 400);
}

#[test]
fn fields_conditions_and_order() {
    let running = start();
    let get = |query: &str| rows(&running, ADMIN, &format!("/system/members?{query}"));
    assert_eq!(
        get("fields=id,securityRole/name&conditions=id%3D251"),
        json!([{"id": 251, "securityRole": {"name": "Umbrella"}}])
    );
    assert_eq!(ids(&get("conditions=licenseClass%3D%22A%22%20and%20inactiveFlag%3DFalse")), [251, 258]);
    assert_eq!(ids(&get("conditions=id%20in%20(101,258)&orderBy=id%20desc")), [258, 101]);
    assert_eq!(ids(&get("conditions=identifier%3D%22jdoe%22")), [101]);
    for query in
        ["conditions=id%3E5", "orderBy=shoeSize", "page=0", "pageSize=many", "childConditions=id%3D1"]
    {
        assert_eq!(status(&running, ADMIN, &format!("/system/members?{query}")), 400, "{query}");
    }
}

#[test]
fn counts_and_single_rows() {
    let running = start();
    assert_eq!(rows(&running, ADMIN, "/company/companies/count"), json!({"count": 60}));
    assert_eq!(
        rows(&running, ADMIN, "/system/members/count?conditions=licenseClass%3D%22A%22"),
        json!({"count": 2})
    );
    assert_eq!(rows(&running, ADMIN, "/system/securityRoles/31/settings/count"), json!({"count": 5}));
    assert_eq!(rows(&running, ADMIN, "/system/securityRoles/31/settings/310003")["inquireLevel"], "My");
    let missing = get(&running, ADMIN, "/system/members/999");
    assert_eq!(missing.status(), 404);
    assert!(missing.json::<Value>().unwrap()["code"].is_string());
}

#[test]
fn a_rate_limit_turns_away_and_says_when_to_return() {
    let running = sim().rate_limit(2, Duration::from_mins(1)).start().unwrap();
    assert_eq!(
        [status(&running, ADMIN, "/system/info"), status(&running, ADMIN, "/system/info")],
        [200, 200]
    );
    let refused = get(&running, ADMIN, "/system/info");
    assert_eq!(refused.status(), 429);
    let seconds: u64 = header(&refused, "retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(refused.json::<Value>().unwrap()["error"], "ConnectWiseAPI");
}

#[test]
fn a_429_may_say_when_to_return_in_other_ways_or_not_at_all() {
    for (retry_after, says) in
        [(RetryAfter::Seconds(30), Some("30")), (RetryAfter::Date, Some(" GMT")), (RetryAfter::Absent, None)]
    {
        let running = sim().rate_limit(1, Duration::from_mins(1)).retry_after(retry_after).start().unwrap();
        assert_eq!(status(&running, ADMIN, "/system/info"), 200);
        let refused = get(&running, ADMIN, "/system/info");
        assert_eq!(refused.status(), 429);
        let said = header(&refused, "retry-after");
        assert!(said.is_some() == says.is_some() && said.unwrap_or_default().ends_with(says.unwrap_or("")));
    }
}

#[test]
fn conditions_take_names_in_any_case_and_errors_say_more_within() {
    let running = start();
    let count = |conditions| rows(&running, ADMIN, &format!("/system/members/count?conditions={conditions}"));
    assert_eq!(count("LicenseClass=%22A%22%20AND%20InactiveFlag%20=%20False"), json!({"count": 2}));
    let refused = get(&running, ADMIN, "/system/members?conditions=shoeSize=9");
    let body: Value = refused.json().unwrap();
    assert_eq!(
        (&body["code"], &body["errors"][0]["code"]),
        (&json!("InvalidObject"), &json!("InvalidQuery"))
    );
}
