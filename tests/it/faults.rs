//! Whatever the PSA, or something before it, does to an endpoint: what depended on it is unknown, never
//! a pass, and nothing is found that is not there.

mod commands;
mod matrix;
mod table;

use std::collections::BTreeSet;
use std::fs;

use leastwise::checks;
use psa_sim::{Fault, Sim, When};
use serde_json::{Value, json};

use crate::psa::{Audited, Elsewhere, Psa, QUICK, assert_same, fixture, fixture_path, line};

/// An endpoint, as the simulator's faults name it, and the dataset that it gives.
struct Endpoint {
    fault_at: &'static str,
    dataset: &'static str,
}

const COMPANY_INFO: &str = "company-info";

const ENDPOINTS: &[Endpoint] = &[
    Endpoint { fault_at: "/login/companyinfo/", dataset: COMPANY_INFO },
    Endpoint { fault_at: "=/system/securityroles", dataset: "roles" },
    Endpoint { fault_at: "/settings", dataset: "settings" },
    Endpoint { fault_at: "=/system/apimembers", dataset: "api-members" },
    Endpoint { fault_at: "=/system/members?fields=id,identifier", dataset: "members" },
    Endpoint { fault_at: "=/system/members?conditions=", dataset: "member-use" },
    Endpoint { fault_at: "=/system/mymembers", dataset: "own-member" },
    Endpoint { fault_at: "=/system/integratorlogins", dataset: "integrator-logins" },
    Endpoint { fault_at: "=/system/callbacks", dataset: "callbacks" },
];

/// Lists of which an empty one is a good answer.
const MAY_BE_EMPTY: [&str; 2] = ["integrator-logins", "callbacks"];

/// A config that asks for every dataset.
fn asking(network: &str) -> String {
    format!("[tenant.sim.network]\n{network}\n[checks.LW311]\nseverity = \"high\"\n")
}

/// Passes that need less than their check's data: an API member that was found is there, whoever else is; and so
/// is one to whom a callback belongs.
const MAY_PASS_WITHOUT: &[(&str, &str)] = &[("LW301", "members"), ("LW311", "members")];

/// Each takes the answer away: not there, refused, broken off, or empty.
fn takes_away() -> Vec<(&'static str, Fault)> {
    vec![
        ("404", Fault::status(404)),
        ("403", Fault::status(403)),
        ("500", Fault::status(500)),
        ("closed", Fault::Refuse),
        ("reset", Fault::Reset),
        ("truncated", Fault::Truncate),
        ("cut off", Fault::CutOff),
        ("null", Fault::Null),
        ("empty list", Fault::EmptyList),
    ]
}

/// A healthy run of a tenant, to compare with.
struct Healthy {
    psa: Psa,
    audited: Audited,
}

impl Healthy {
    fn of(sim: Sim, member: i64) -> Self {
        let psa = Psa::start(sim, member);
        psa.config(&asking(QUICK));
        let audited = psa.audit(&[]);
        assert_eq!(audited.tenant()["complete"], true, "{}", audited.ran.stderr);
        Self { psa, audited }
    }

    /// Whether a healthy run has this result: the same check, status and subject, as far as the subject
    /// is known (the role's name is not, where roles could not be read).
    fn has(&self, result: &Value) -> bool {
        let keys = ["check", "status", "integration", "member", "module", "function", "verb", "table"];
        let role_is_unknown = result["role"].is_null();
        self.audited.results().iter().any(|other| {
            keys.iter().all(|key| other[key] == result[key])
                && (role_is_unknown || other["role"] == result["role"])
        })
    }

    /// Audits with one fault and asserts what holds for any fault at all.
    fn with(&self, name: &str, endpoint: &Endpoint, fault: Fault) -> Audited {
        self.psa.sim.set_fault(endpoint.fault_at, When::Always, fault);
        let audited = self.psa.audit(&["--max-wait", "3"]);
        self.psa.sim.clear_faults();
        let what = format!("{name} at {}", endpoint.fault_at);
        if audited.tenant()["complete"] == true {
            assert_same(audited.results(), self.audited.results(), &what);
            assert_eq!(audited.ran.code, self.audited.ran.code, "{what}");
        } else {
            self.assert_honest(&what, endpoint.dataset, &audited);
        }
        audited
    }

    /// No pass on what was not read, no finding that is not there, and the code that says so.
    fn assert_honest(&self, what: &str, dataset: &str, audited: &Audited) {
        for result in audited.results() {
            let claim = format!("{what}: {}", line(result));
            match result["status"].as_str() {
                Some("pass") => {
                    assert!(self.has(result), "{claim}");
                    assert!(!depends_on(result, dataset), "{claim}");
                }
                Some("fail") => assert!(self.has(result), "{claim}"),
                _ => {}
            }
        }
        // Without the right to them, the logins are not looked at; LW307 is a check that did not run.
        let not_run = audited.of_check("LW307").iter().all(|result| result["status"] == "notApplicable");
        if dataset == "integrator-logins"
            && audited.of_check("LW901").iter().all(|own| own["status"] == "pass")
            && not_run
        {
            assert_eq!(audited.ran.code, self.audited.ran.code, "{what}: {}", audited.ran.stderr);
            return;
        }
        let unread = audited.of_check("LW901");
        assert!(unread.iter().any(|result| result["status"] == "unknown"), "{what}");
        let fails = audited.results().iter().any(|result| {
            let gates =
                ["critical", "high", "medium"].contains(&result["severity"].as_str().unwrap_or_default());
            result["status"] == "fail" && gates
        });
        let is_stopped = audited.tenant()["failure"].is_string();
        let expected = match dataset {
            COMPANY_INFO | "roles" => 3,
            _ if is_stopped => 3,
            _ if fails => 1,
            _ => 4,
        };
        assert_eq!(audited.ran.code, expected, "{what}: {}", audited.ran.stderr);
        assert_eq!(audited.report["exit"], expected, "{what}");
    }
}

fn depends_on(result: &Value, dataset: &str) -> bool {
    let check = result["check"].as_str().expect("a check");
    if MAY_PASS_WITHOUT.contains(&(check, dataset)) {
        return false;
    }
    let everything = dataset == COMPANY_INFO;
    let data = checks::find(check).expect("a check").data;
    data.iter().any(|own| everything || own.as_str() == dataset)
}

fn every_endpoint(healthy: &Healthy, faults: &[(&str, Fault)], must_be_gone: bool) {
    for endpoint in ENDPOINTS {
        for (name, fault) in faults {
            if MAY_BE_EMPTY.contains(&endpoint.dataset) && *name == "empty list" {
                continue;
            }
            let audited = healthy.with(name, endpoint, fault.clone());
            let is_gone = audited.tenant()["complete"] == false;
            assert!(is_gone || !must_be_gone, "{name} at {}: nothing is missing", endpoint.fault_at);
        }
    }
}

#[test]
fn what_was_taken_away_is_unknown_in_a_tenant_with_findings() {
    let one_of_each_kind = ["404", "403", "truncated", "empty list"];
    let faults: Vec<_> =
        takes_away().into_iter().filter(|(name, _)| one_of_each_kind.contains(name)).collect();
    every_endpoint(&Healthy::of(fixture("acme-msp"), 258), &faults, true);
}

/// parapluie with no more than four rows to a role, all of them granted, so that its lists have few pages;
/// with logins of integrations that no rule file knows, and with callbacks that nothing is wrong with.
fn slim() -> Sim {
    let read = |path| -> Value { serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON") };
    let mut snapshot = read(fixture_path("parapluie"));
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        let settings = role["settings"].as_array_mut().expect("settings");
        settings.retain(|row| ["add", "edit", "delete", "inquire"].iter().any(|verb| row[*verb] == "All"));
        settings.truncate(4);
    }
    snapshot["logins"] = (1..=3)
        .map(|id| json!({"id": id, "username": format!("Old Tool {id}"), "active": true}))
        .collect::<Vec<_>>()
        .into();
    let mut sim = read(fixture_path("parapluie").with_extension("sim.json"));
    let callback = |id| json!({"id": id, "type": "Ticket", "level": "Board", "memberId": 251, "url": "https://x.example", "inactiveFlag": false});
    sim["rows"]["system/callbacks"] = (1..=3).map(callback).collect::<Vec<_>>().into();
    Sim::from_values(snapshot, sim).expect("a fixture")
}

#[test]
fn the_settings_of_one_role_are_missed_for_that_role_only() {
    let healthy = Healthy::of(fixture("acme-msp"), 258);
    let umbrella = Endpoint { fault_at: "=/system/securityroles/31/settings", dataset: "settings" };
    for (name, fault) in takes_away() {
        healthy.psa.sim.set_fault(umbrella.fault_at, When::Always, fault);
        let audited = healthy.psa.audit(&[]);
        healthy.psa.sim.clear_faults();
        let of_role = |result: &&Value| result["role"]["id"] == 31 && depends_on(result, "settings");
        let judged: Vec<_> = audited.results().iter().filter(of_role).collect();
        assert!(judged.iter().any(|result| result["check"] == "LW101"), "{name}");
        for result in judged {
            assert!(
                result["status"] == "unknown" || result["status"] == "manual",
                "{name}: {}",
                line(result)
            );
        }
        // Everything else is as it was.
        let rest = |results: &[Value]| -> Vec<Value> {
            let is_other = |result: &&Value| {
                result["role"]["id"] != 31 && result["check"] != "LW105" && result["check"] != "LW901"
            };
            results.iter().filter(is_other).cloned().collect()
        };
        assert_same(&rest(audited.results()), &rest(healthy.audited.results()), name);
        assert!(audited.of_check("LW105").iter().all(|result| result["status"] != "pass"), "{name}");
        assert_eq!(audited.ran.code, 1, "{name}");
    }
}

#[test]
fn a_page_that_is_lost_makes_the_list_incomplete() {
    let healthy = Healthy::of(fixture("acme-msp").page_cap(7), 258);
    let one_page = [COMPANY_INFO, "own-member", "integrator-logins", "callbacks"];
    for endpoint in ENDPOINTS.iter().filter(|endpoint| !one_page.contains(&endpoint.dataset)) {
        for (name, fault) in
            [("empty", Fault::EmptyList), ("404", Fault::status(404)), ("cut", Fault::Truncate)]
        {
            healthy.psa.sim.set_fault(endpoint.fault_at, When::Nth(2), fault);
            let audited = healthy.psa.audit(&[]);
            healthy.psa.sim.clear_faults();
            assert!(audited.gap(endpoint.dataset).is_some(), "{name} second page of {}", endpoint.fault_at);
            // Of the settings, only one role's are gone.
            if endpoint.dataset != "settings" {
                healthy.assert_honest(name, endpoint.dataset, &audited);
            }
        }
    }
}

#[test]
fn what_passes_is_survived() {
    let healthy = Healthy::of(fixture("parapluie"), 101);
    for fault in [Fault::status(500), Fault::status(503), Fault::Reset, Fault::CutOff, Fault::Html(502)] {
        for endpoint in ENDPOINTS {
            healthy.psa.sim.set_fault(endpoint.fault_at, When::Nth(1), fault.clone());
        }
        let audited = healthy.psa.audit(&[]);
        healthy.psa.sim.clear_faults();
        assert_same(audited.results(), healthy.audited.results(), &format!("{fault:?}"));
        assert_eq!(audited.ran.code, 0, "{fault:?}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let (healthy, elsewhere) = (Healthy::of(fixture("parapluie"), 101), Elsewhere::start());
    let location = format!("{}/v2025_8/apis/3.0/system/members", elsewhere.url());
    for endpoint in ENDPOINTS {
        let audited = healthy.with("redirect", endpoint, Fault::Redirect { location: location.clone() });
        assert_eq!(audited.tenant()["complete"], false, "{}", endpoint.fault_at);
    }
}

#[test]
fn a_link_to_another_host_is_read_for_its_page_only() {
    let healthy = Healthy::of(fixture("parapluie").page_cap(30), 101);
    healthy.psa.sim.set_fault("", When::Always, Fault::LinkForeignHost);
    let audited = healthy.psa.audit(&[]);
    assert_same(audited.results(), healthy.audited.results(), "links elsewhere");
    assert!(audited.asked.iter().any(|request| request.query.contains("page=3")));
}

/// An integration that runs on a person's licence is known from the list of members alone: without it,
/// what it needs must not look like excess.
#[test]
fn a_role_is_not_called_too_wide_because_people_are_unknown() {
    let psa = Psa::acme();
    psa.sim.edit_sim(|sim| {
        let person = sim.people.get_mut("103").expect("a person");
        person.insert("identifier".to_owned(), "BitDefender".into());
    });
    psa.sim.edit(|snapshot| {
        let member =
            snapshot["members"].as_array_mut().unwrap().iter_mut().find(|row| row["id"] == 103).unwrap();
        member["role"] = 31.into();
    });
    let healthy = Healthy { audited: psa.audit(&[]), psa };
    assert!(healthy.audited.of_check("LW305").iter().any(|result| result["status"] == "fail"));
    let members = Endpoint { fault_at: "=/system/members?fields=id,identifier", dataset: "members" };
    healthy.with("403", &members, Fault::status(403));
}

/// The table above knows every dataset.
#[test]
fn every_dataset_of_every_check_has_an_endpoint_here() {
    let tested: BTreeSet<_> = ENDPOINTS.iter().map(|endpoint| endpoint.dataset).collect();
    let needed = checks::ALL.iter().flat_map(|check| check.data).map(|dataset| dataset.as_str());
    let missing: Vec<_> = needed.filter(|dataset| !tested.contains(dataset)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
