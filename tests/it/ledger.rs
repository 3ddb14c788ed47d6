//! What leastwise asks: no more than it plans, no more than its budget, and nothing that its report
//! does not list.

use std::collections::BTreeSet;
use std::time::Duration;

use psa_sim::{Fault, When};
use serde_json::{Value, json};

use crate::psa::{Audited, Psa, decoded, fixture};
use crate::support::leastwise;

/// The requests of an audit, as `plan` writes them.
fn asked(audited: &Audited) -> BTreeSet<String> {
    let line = |path: &str, query: &str| {
        let path = path.replace("/v2025_8/", "/{codebase}/");
        let path = path.replace("/companyinfo/acme", "/companyinfo/{company}");
        let path = match path.split_once("/securityRoles/") {
            Some((before, _)) => format!("{before}/securityRoles/{{id}}/settings"),
            None => path,
        };
        if query.is_empty() { format!("GET {path}") } else { format!("GET {path} ?{}", decoded(query)) }
    };
    audited.asked.iter().map(|request| line(&request.path, &request.query)).collect()
}

/// The requests that `plan` announces.
fn planned(psa: &Psa, args: &[&str]) -> BTreeSet<String> {
    let ran = psa.leastwise(&[&["plan"], args].concat()).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let mut lines = ran.stdout.lines().map(str::trim).peekable();
    let mut requests = BTreeSet::new();
    while let Some(line) = lines.next() {
        if line.starts_with("GET ") {
            let query = lines.next_if(|next| next.starts_with('?'));
            requests.insert(query.map_or_else(|| line.to_owned(), |query| format!("{line} {query}")));
        }
    }
    requests
}

/// acme with one person more: 25 rows are the PSA's own page, which is not taken for a whole list.
fn not_25_members() -> Psa {
    let psa = Psa::acme();
    psa.sim.edit(|snapshot| {
        let person = json!({"id": 999, "licence": "F", "active": false, "role": null});
        snapshot["members"].as_array_mut().expect("members").push(person);
    });
    psa
}

#[test]
fn a_list_that_may_have_been_cut_takes_one_request_more() {
    let audited = Psa::acme().audit(&[]);
    let members = audited.asked.iter().filter(|one| one.query.contains("securityRole%2Fid"));
    let pages: Vec<_> = members.map(|one| one.query.contains("page=2")).collect();
    assert_eq!(pages, [false, true], "25 members");
    assert_eq!(audited.tenant()["complete"], true);
}

#[test]
fn an_audit_asks_exactly_what_was_planned_and_planning_asks_nothing() {
    let psa = not_25_members();
    for args in [&[][..], &["--integration", "cisco-umbrella"], &["--integration", "hudu"]] {
        let before = psa.sim.requests().len();
        let planned = planned(&psa, args);
        assert_eq!(psa.sim.requests().len(), before);
        assert_eq!(asked(&psa.audit(args)), planned, "{args:?}");
    }
}

#[test]
fn what_only_switched_off_checks_need_is_neither_planned_nor_asked() {
    let psa = not_25_members();
    let off = ["LW304", "LW306", "LW307"].map(|check| format!("[checks.{check}]\nseverity = \"off\"\n"));
    psa.config(&off.concat());
    let audited = psa.audit(&[]);
    assert_eq!(asked(&audited), planned(&psa, &[]));
    for unneeded in ["lastLogin", "integratorlogins", "myMembers"] {
        assert!(asked(&audited).iter().all(|request| !request.contains(unneeded)), "{unneeded}");
    }
}

#[test]
fn planning_needs_neither_keys_nor_a_site() {
    let ran = leastwise(["plan", "--integration", "cisco-umbrella"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout, @r#"
    An audit sends these requests, all of them GET, and nothing else:

    GET /login/companyinfo/{company}
        needs: none: it is sent without the key
    GET /{codebase}/apis/3.0/system/securityroles
        ?fields=id,name,roleType,adminFlag,inactiveFlag,_info&page=1&pageSize=1000
        needs: System / Security Roles, Inquire = All
    GET /{codebase}/apis/3.0/system/securityRoles/{id}/settings
        ?fields=id,moduleName,moduleFunctionName,moduleFunctionDescription,moduleFunctionIdentifier,addLevel,editLevel,deleteLevel,inquireLevel&page=1&pageSize=1000
        needs: System / Security Roles, Inquire = All; once for each role that is judged
    GET /{codebase}/apis/3.0/system/apiMembers
        ?fields=id,identifier,name,inactiveFlag,securityRole,structureLevel,securityLocation,serviceDefaultBoard,excludedServiceBoardIds&page=1&pageSize=1000
        needs: System / Member Maintenance, Inquire = All
    GET /{codebase}/apis/3.0/system/members
        ?fields=id,identifier,licenseClass,inactiveFlag,securityRole/id&page=1&pageSize=1000
        needs: System / Member Maintenance, Inquire = All
    GET /{codebase}/apis/3.0/system/members
        ?fields=id,lastLogin,restrictLocationFlag,restrictDepartmentFlag&conditions=licenseClass="A"&page=1&pageSize=1000
        needs: System / Member Maintenance, Inquire = All
    GET /{codebase}/apis/3.0/system/myMembers
        ?fields=id,lastLogin
        needs: no permission beyond a valid key
    GET /{codebase}/apis/3.0/system/integratorlogins
        ?fields=id,username,inactiveFlag&page=1&pageSize=1000
        needs: System / Table Setup, Inquire = All, with General / Integrator Login allowed

    That is 7 requests, and 1 for each role that is judged. A list of more than 1,000
    rows takes 1 more request for each further page. A list with a round number of
    rows (25, 50, 100 and so on) takes 1 more, which shows that the list ends there.
    leastwise sent no request now.
    "#);
}

#[test]
fn one_integration_takes_at_most_eight_requests() {
    let psa = not_25_members();
    let audited = psa.audit(&["--integration", "cisco-umbrella"]);
    assert!(audited.asked.len() <= 8, "{}", audited.asked.len());
    // Two integrations on two roles: one more.
    let two = psa.audit(&["--integration", "cisco-umbrella", "--integration", "datto-rmm"]);
    assert_eq!(two.asked.len(), audited.asked.len() + 1);
}

#[test]
fn one_integration_on_pages_takes_one_request_more_for_each_further_page() {
    let psa = Psa::start(fixture("acme-msp").page_cap(10), 258);
    let audited = psa.audit(&["--integration", "cisco-umbrella"]);
    // 15 roles, 25 members and 113 settings on pages of 10.
    assert_eq!(audited.asked.len(), 8 + 1 + 2 + 11);
}

#[test]
fn the_whole_tenant_takes_a_request_for_each_role_that_is_judged_and_a_constant() {
    let audited = not_25_members().audit(&[]);
    let settings = audited.asked.iter().filter(|request| request.path.ends_with("/settings")).count();
    assert_eq!((settings, audited.asked.len() - settings), (7, 7));
}

#[test]
fn a_snapshot_takes_a_request_for_each_role_and_a_constant() {
    let psa = not_25_members();
    assert_eq!(psa.leastwise(&["snapshot", "-o", "acme.json"]).run().code, 0);
    assert_eq!(psa.sim.requests().len(), 15 + 7);
}

#[test]
fn proposing_a_config_reads_no_settings() {
    let psa = not_25_members();
    assert_eq!(psa.leastwise(&["init"]).run().code, 0);
    assert_eq!(psa.sim.requests().len(), 4);
}

#[test]
fn people_are_not_asked_for_by_name_and_nobodys_address_is_asked_for() {
    let psa = Psa::acme();
    psa.leastwise(&["snapshot", "-o", "acme.json"]).run();
    for request in psa.sim.requests() {
        for field in ["firstName", "lastName", "email", "ssoSettings", "title"] {
            assert!(!request.query.contains(field), "{field}: {}", request.query);
        }
        let of_people = request.path.ends_with("/members") && !request.query.contains("conditions");
        assert!(!(of_people && request.query.contains("lastLogin")), "{}", request.query);
    }
}

#[test]
fn the_key_goes_to_the_api_and_not_to_the_login_page() {
    let psa = Psa::acme();
    for request in psa.audit(&["--integration", "hudu"]).asked {
        let is_api = request.path.contains("/apis/3.0/");
        assert_eq!(request.header("authorization").is_some(), is_api, "{}", request.path);
        assert_eq!(request.header("clientid").is_some(), is_api, "{}", request.path);
        assert_eq!(request.header("cookie"), None);
    }
}

/// The guard of every live test would not see a request that is given up, were it not listed.
#[test]
fn a_request_that_was_given_up_is_listed_too() {
    let psa = Psa::parapluie();
    psa.network("timeout_ms = 200\ntotal_ms = 700\npause_ms = 1\n");
    psa.sim.set_fault("=/system/apimembers", When::Always, Fault::Stall(Duration::from_mins(10)));
    let audited = psa.audit(&[]);
    let requests = audited.tenant()["requests"].as_array().unwrap();
    let is_stalled = |request: &&Value| request["path"].as_str().unwrap().ends_with("/apiMembers");
    let given_up = requests.iter().find(is_stalled).expect("the stalled one");
    assert!(given_up["status"].is_null(), "{given_up}");
    assert!(given_up["count"].as_u64() >= Some(2), "{given_up}");
}

#[test]
fn requests_are_listed_on_standard_error_when_asked_for() {
    let psa = Psa::acme();
    let audited = psa.audit(&["--integration", "hudu", "-v"]);
    let listed = audited.ran.stderr.lines().filter(|line| line.starts_with("GET ")).count();
    assert_eq!(listed, audited.tenant()["requests"].as_array().unwrap().len());
}
