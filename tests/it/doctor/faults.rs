//! Each planted fault is named in the first line, and the exit code says what kind it is.

use psa_sim::{Fault, Reading, When};
use serde_json::json;

use super::{
    as_member, change, clinic, clinic_of, first_line, refuse_table, set_level, umbrella, with_auditor,
};
use crate::psa::{Psa, fixture};
use crate::support::{Leastwise, Ran};

/// A fault: its name, how it is planted, and what the first line must hold.
struct Case {
    name: &'static str,
    visit: fn(&Psa) -> Ran,
    says: &'static str,
    code: u8,
}

fn own(psa: &Psa) -> Leastwise {
    umbrella(psa, &[])
}

fn audited(psa: &Psa) -> Leastwise {
    with_auditor(psa, own(psa))
}

fn with(variable: &'static str, value: &str, psa: &Psa) -> Ran {
    own(psa).env(variable, value).run()
}

const PUBLIC: &str = "LEASTWISE_INTEGRATION_PUBLIC_KEY";
const PRIVATE: &str = "LEASTWISE_INTEGRATION_PRIVATE_KEY";

/// Answers an endpoint with this.
fn answer(psa: &Psa, endpoint: &str, code: u16, body: &str) {
    let fault = Fault::Status {
        code,
        body: body.to_owned(),
        content_type: "application/json".to_owned(),
        headers: Vec::new(),
    };
    psa.sim.set_fault(endpoint, When::Always, fault);
}

const ME: &str = "/system/mymembers";
const DENIED: &str = r#"{"code":"Security","message":"You do not have security permission to perform this action.","errors":null}"#;

const SETTINGS: &[Case] = &[
    Case {
        name: "no public key",
        visit: |psa| with(PUBLIC, "", psa),
        says: "LEASTWISE_INTEGRATION_PUBLIC_KEY is not set",
        code: 2,
    },
    Case {
        name: "no client id",
        visit: |psa| with("LEASTWISE_CLIENT_ID", "", psa),
        says: "the client id is not set",
        code: 2,
    },
    Case {
        name: "the company in the key",
        visit: |psa| with(PUBLIC, "nimbus+abc", psa),
        says: "the public key in LEASTWISE_INTEGRATION_PUBLIC_KEY holds a +",
        code: 2,
    },
    Case {
        name: "both halves in one",
        visit: |psa| with(PRIVATE, "abc:def", psa),
        says: "the private key in LEASTWISE_INTEGRATION_PRIVATE_KEY holds a colon",
        code: 2,
    },
    Case { name: "quotes", visit: |psa| with(PRIVATE, "\"abc\"", psa), says: "is in quotes", code: 2 },
    Case {
        name: "a blank within",
        visit: |psa| with(PUBLIC, "abc def", psa),
        says: "holds a blank",
        code: 2,
    },
    Case {
        name: "one half twice",
        visit: |psa| with(PUBLIC, &psa.key_of(251).private, psa),
        says: "hold the same text",
        code: 2,
    },
    Case {
        name: "a client id for a key",
        visit: |psa| with(PUBLIC, "00000000-0000-4000-8000-000000000000", psa),
        says: "holds a client id",
        code: 2,
    },
    Case {
        name: "http",
        visit: |psa| with("LEASTWISE_SITE", "http://na.myconnectwise.net", psa),
        says: "is http, which would send the key",
        code: 2,
    },
    Case {
        name: "a site that is none",
        visit: |psa| with("LEASTWISE_SITE", "our psa", psa),
        says: "\"our psa\" is not a host name",
        code: 2,
    },
];

const CONNECTION: &[Case] = &[
    Case {
        name: "nobody listens",
        visit: |psa| {
            psa.sim.set_fault("", When::Always, Fault::Refuse);
            own(psa).run()
        },
        says: "nothing listens at the site",
        code: 3,
    },
    Case {
        name: "the port speaks no TLS",
        visit: |psa| with("LEASTWISE_SITE", &psa.sim.url().replace("http:", "https:"), psa),
        says: "the two sides do not agree on TLS",
        code: 3,
    },
    Case {
        name: "the connection is cut",
        visit: |psa| {
            psa.sim.set_fault("companyinfo", When::Always, Fault::Reset);
            own(psa).run()
        },
        says: "the connection was cut",
        code: 3,
    },
    Case {
        name: "a page for people",
        visit: |psa| {
            psa.sim.set_fault("companyinfo", When::Always, Fault::Html(200));
            own(psa).run()
        },
        says: "something else than the PSA's API answers",
        code: 3,
    },
    Case {
        name: "a redirect",
        visit: |psa| {
            psa.sim.set_fault("", When::Always, Fault::Redirect { location: "https://x.example".to_owned() });
            own(psa).run()
        },
        says: "the site sends callers to another address",
        code: 3,
    },
    Case {
        name: "a gateway that waits in vain",
        visit: |psa| {
            psa.sim.set_fault("", When::Always, Fault::status(504));
            own(psa).run()
        },
        says: "no answer came in time",
        code: 3,
    },
    Case {
        name: "a broken server",
        visit: |psa| {
            psa.sim.set_fault("", When::Always, Fault::status(500));
            own(psa).run()
        },
        says: "a fault of its own",
        code: 3,
    },
    Case {
        name: "a clock that is ahead",
        visit: |psa| {
            psa.sim.set_fault("companyinfo", When::Always, Fault::ClockSkew(3 * 3600 + 60));
            own(psa).run()
        },
        says: "the PSA's clock is 3 hours ahead",
        code: 0,
    },
    Case {
        name: "a clock that is behind",
        visit: |psa| {
            psa.sim.set_fault("companyinfo", When::Always, Fault::ClockSkew(-900));
            own(psa).run()
        },
        says: "the PSA's clock is 1",
        code: 0,
    },
    Case {
        name: "a company's name",
        visit: |psa| with("LEASTWISE_COMPANY", "Nimbus Informatique", psa),
        says: "knows no company \"Nimbus Informatique\"",
        code: 3,
    },
];

const KEY: &[Case] = &[
    Case {
        name: "too many requests",
        visit: |psa| {
            psa.sim.set_fault(ME, When::Always, Fault::TooMany { retry_after: Some(3_600), times: 99 });
            own(psa).run()
        },
        says: "too many calls in a minute",
        code: 3,
    },
    Case {
        name: "no client id on the way",
        visit: |psa| {
            answer(psa, ME, 400, r#"{"code":"ConnectWiseApi","message":"The clientId header is missing."}"#);
            own(psa).run()
        },
        says: "no client id that the PSA accepts",
        code: 3,
    },
    Case {
        name: "another client id, with a key to compare",
        visit: |psa| audited(psa).env("LEASTWISE_CLIENT_ID", "11111111-0000-4000-8000-000000000000").run(),
        says: "the call has no client id that the PSA accepts",
        code: 3,
    },
    Case {
        name: "another client id",
        visit: |psa| with("LEASTWISE_CLIENT_ID", "11111111-0000-4000-8000-000000000000", psa),
        says: "the call has no client id that the PSA accepts",
        code: 3,
    },
    Case {
        name: "a wrong key",
        visit: |psa| audited(psa).env(PRIVATE, "wrong").run(),
        says: "refused the key pair",
        code: 3,
    },
    Case {
        name: "a pair the wrong way round",
        visit: |psa| {
            let key = psa.key_of(251);
            own(psa).env(PUBLIC, &key.private).env(PRIVATE, &key.public).run()
        },
        says: "the public and the private half are swapped",
        code: 3,
    },
    Case {
        name: "an inactive member",
        visit: |psa| {
            for list in ["api_members", "members"] {
                change(psa, list, 251, |row| row["active"] = json!(false));
            }
            audited(psa).run()
        },
        says: "the API member CiscoUmbrella is inactive",
        code: 3,
    },
    Case {
        name: "cannot route",
        visit: |psa| {
            answer(psa, ME, 400, "Cannot route. Codebase/company is invalid");
            own(psa).run()
        },
        says: "the PSA does not know the company or the path",
        code: 3,
    },
    Case {
        name: "SSL is required",
        visit: |psa| {
            answer(psa, ME, 403, r#"{"code":"Security","message":"SSL is required.","errors":null}"#);
            own(psa).run()
        },
        says: "the call went to the site itself or over http",
        code: 3,
    },
    Case {
        name: "not authenticated",
        visit: |psa| {
            answer(psa, ME, 400, r#"{"code":"ConnectWiseApi","message":"UserNotAuthenticated"}"#);
            own(psa).run()
        },
        says: "refused the key pair",
        code: 3,
    },
    Case {
        name: "not found",
        visit: |psa| {
            answer(psa, ME, 404, "");
            own(psa).run()
        },
        says: "there is nothing at this address",
        code: 3,
    },
];

const MEMBER: &[Case] = &[
    Case {
        name: "another member's key",
        visit: |psa| as_member(psa, 252, &["doctor", "--integration", "cisco-umbrella"]).run(),
        says: "the key belongs to member leastwise",
        code: 2,
    },
    Case {
        name: "another member's key, seen by the auditor",
        visit: |psa| {
            let visit = as_member(psa, 252, &["doctor", "--integration", "cisco-umbrella"]);
            with_auditor(psa, visit).run()
        },
        says: "the key belongs to member leastwise",
        code: 2,
    },
    Case {
        name: "a person's key",
        visit: |psa| as_member(psa, 101, &["doctor", "--integration", "cisco-umbrella"]).run(),
        says: "the key belongs to member 101 (a person, role Admin)",
        code: 2,
    },
    Case {
        name: "two members go by the name",
        visit: |psa| {
            psa.sim.edit(|snapshot| {
                let members = snapshot["api_members"].as_array_mut().expect("members");
                let mut twin = members[0].clone();
                (twin["id"], twin["identifier"]) = (json!(300), json!("OpenDNS"));
                members.push(twin);
            });
            audited(psa).run()
        },
        says: "several members may be the integration's: CiscoUmbrella and OpenDNS",
        code: 2,
    },
    Case {
        name: "nothing goes by the name",
        visit: |psa| {
            change(psa, "api_members", 251, |row| {
                (row["identifier"], row["name"]) = (json!("svc-1"), json!("Service 1"));
            });
            change(psa, "roles", 21, |row| row["name"] = json!("Sync"));
            audited(psa).run()
        },
        says: "no member or role here goes by the names of cisco-umbrella",
        code: 5,
    },
    Case {
        name: "a member that calls itself inactive",
        visit: |psa| {
            let me = r#"{"id":251,"identifier":"CiscoUmbrella","licenseClass":"A","inactiveFlag":true,"securityRole":{"id":21,"name":"Parapluie"},"adminFlag":false}"#;
            answer(psa, ME, 200, me);
            own(psa).run()
        },
        says: "member CiscoUmbrella (role Parapluie) is inactive",
        code: 1,
    },
    Case {
        name: "a person's licence",
        visit: |psa| {
            as_member(psa, 101, &["doctor", "--integration", "cisco-umbrella", "--member", "101"]).run()
        },
        says: "the integration runs on a person's licence",
        code: 0,
    },
    Case {
        name: "no role",
        visit: |psa| {
            for list in ["api_members", "members"] {
                change(psa, list, 251, |row| row["role"] = json!(null));
            }
            own(psa).run()
        },
        says: "member CiscoUmbrella holds no role, as far as the PSA says",
        code: 1,
    },
    Case {
        name: "an admin role",
        visit: |psa| {
            change(psa, "roles", 21, |row| row["admin"] = json!(true));
            own(psa).run()
        },
        says: "role Parapluie is an admin role",
        code: 0,
    },
    Case {
        name: "a role that was never assigned",
        visit: |psa| {
            psa.config("[tenant.nimbus]\n[[tenant.nimbus.integration]]\nrules = \"cisco-umbrella\"\nmember = \"CiscoUmbrella\"\nrole = \"Umbrella sync\"\n");
            own(psa).run()
        },
        says: "the member holds role Parapluie, not Umbrella sync",
        code: 0,
    },
    Case {
        name: "an inactive role",
        visit: |psa| {
            change(psa, "roles", 21, |row| row["active"] = json!(false));
            audited(psa).run()
        },
        says: "role Parapluie is inactive",
        code: 0,
    },
];

const RIGHTS: &[Case] = &[
    Case {
        name: "My where All is needed",
        visit: |psa| {
            set_level(psa, "Company Maintenance", "inquire", "My");
            own(psa).run()
        },
        says: "Inquire on Companies / Company Maintenance is My; All",
        code: 1,
    },
    Case {
        name: "rights that cannot be read",
        visit: |psa| {
            psa.sim.set_fault("=/system/mySecurity", When::Always, Fault::status(500));
            own(psa).run()
        },
        says: "the member's own permissions could not be read",
        code: 4,
    },
    Case {
        name: "a refusal that the role does not explain",
        visit: |psa| {
            answer(psa, "/service/tickets", 403, DENIED);
            own(psa).run()
        },
        says: "service/tickets refused (403)",
        code: 1,
    },
    Case {
        name: "an endpoint without an answer",
        visit: |psa| {
            psa.sim.set_fault("/service/tickets", When::Always, Fault::status(500));
            own(psa).run()
        },
        says: "service/tickets gave no usable answer",
        code: 4,
    },
    Case {
        name: "an empty list",
        visit: |psa| {
            psa.sim.set_fault("/company/companies", When::Always, Fault::EmptyList);
            own(psa).run()
        },
        says: "company/companies answers with an empty list",
        code: 4,
    },
];

const OTHER: &[Case] = &[
    Case {
        name: "boards that are kept from the member",
        visit: |psa| {
            change(psa, "api_members", 251, |row| row["excluded_boards"] = json!([2]));
            own(psa).run()
        },
        says: "cannot see 1 board",
        code: 0,
    },
    Case {
        name: "one board only",
        visit: |psa| {
            change(psa, "api_members", 251, |row| row["default_board"] = json!("Support"));
            own(psa).run()
        },
        says: "but the member sees less than its role grants",
        code: 0,
    },
    Case {
        name: "a low level",
        visit: |psa| {
            change(psa, "api_members", 251, |row| row["level"] = json!("Team (Level 3)"));
            own(psa).run()
        },
        says: "but the member sees less than its role grants",
        code: 0,
    },
    Case {
        name: "a board without a default team",
        visit: |psa| {
            psa.sim.edit_sim(|sim| {
                sim.rows.get_mut("service/boards/teams").expect("teams")[1]["defaultFlag"] = json!(false);
            });
            own(psa).run()
        },
        says: "a board without a default team: Sécurité",
        code: 0,
    },
    Case {
        name: "no such customer",
        visit: |psa| umbrella(psa, &["--company-id", "Vetiver"]).run(),
        says: "the member sees no company with the Company ID Vetiver",
        code: 1,
    },
    Case {
        name: "a customer's name",
        visit: |psa| umbrella(psa, &["--company-id", "Auberge du Pont Vieux"]).run(),
        says: "is a company's name",
        code: 1,
    },
    Case {
        name: "a customer in the recycle bin",
        visit: |psa| {
            psa.sim.edit_sim(|sim| {
                sim.rows.get_mut("company/companies").expect("companies")[1]["deletedFlag"] = json!(true);
            });
            umbrella(psa, &["--company-id", "Lavandin"]).run()
        },
        says: "the company Lavandin lies in the recycle bin",
        code: 1,
    },
];

fn check(cases: &[Case]) {
    for case in cases {
        let psa = clinic();
        let ran = (case.visit)(&psa);
        let first = first_line(&ran);
        assert!(
            first.starts_with("cisco-umbrella"),
            "{}: the first line names the integration: {}\n{}",
            case.name,
            ran.stdout,
            ran.stderr
        );
        // The headline wraps at 80 columns like everything else.
        let headline = ran.stdout.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        assert!(headline.contains(case.says), "{}: {headline}\n{}", case.name, ran.stdout);
        assert_eq!(ran.code, case.code, "{}: {}", case.name, ran.stdout);
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    }
}

#[test]
fn wrong_settings_are_named_before_anything_is_asked() {
    check(SETTINGS);
}

#[test]
fn what_stands_between_here_and_the_psa_is_named() {
    check(CONNECTION);
}

#[test]
fn a_key_that_is_not_accepted_is_named_with_its_cause() {
    check(KEY);
}

#[test]
fn a_wrong_member_or_role_is_named() {
    check(MEMBER);
}

#[test]
fn what_rights_and_endpoints_lack_is_named() {
    check(RIGHTS);
}

#[test]
fn causes_that_are_no_permissions_are_named() {
    check(OTHER);
}

#[test]
fn each_need_of_umbrella_that_is_lowered_is_named() {
    let needs = [
        ("Companies", "Company Maintenance", &["inquire"][..]),
        ("Companies", "Configurations", &["add", "edit", "inquire"]),
        ("Service Desk", "Service Tickets", &["add", "edit", "inquire"]),
        ("System", "Table Setup", &["add", "edit", "inquire"]),
    ];
    let mut lowered = 0;
    for (module, function, verbs) in needs {
        for verb in verbs {
            let psa = clinic();
            set_level(&psa, function, verb, "None");
            let ran = own(&psa).run();
            let title = verb[..1].to_uppercase() + &verb[1..];
            let expected = format!("FAILS: {title} on {module} / {function} is None");
            assert!(first_line(&ran).contains(&expected), "{expected}: {}", ran.stdout);
            assert_eq!(ran.code, 1);
            let click = format!("set {title} Level to All, then Save");
            assert!(ran.stdout.replace("\n       ", " ").contains(&click), "{}", ran.stdout);
            lowered += 1;
        }
    }
    assert_eq!(lowered, 10, "every level that Cisco's page names");
}

#[test]
fn each_table_that_is_refused_is_named_whatever_the_lists_mean() {
    for reading in [Reading::Allow, Reading::Deny] {
        for table in ["Company / Configuration", "Service / Priority", "Service / Service Board"] {
            let psa = clinic_of(fixture("parapluie").reading(reading));
            refuse_table(&psa, table);
            let ran = own(&psa).run();
            let expected = format!("FAILS: the table {table} is refused");
            assert!(first_line(&ran).contains(&expected), "{reading:?} {expected}: {}", ran.stdout);
            assert_eq!(ran.code, 1);
            let click = "under \"Allow Access to these\", then Save";
            assert!(ran.stdout.replace("\n       ", " ").contains(click), "{}", ran.stdout);
        }
    }
}

#[test]
fn tls_is_checked_and_named() {
    let serve = || {
        let psa = clinic_of(fixture("parapluie").tls());
        std::fs::write(psa.path("authority.pem"), psa.sim.ca_pem().expect("a certificate")).expect("written");
        psa
    };
    let psa = serve();
    let ran = own(&psa).run();
    assert!(first_line(&ran).contains("FAILS: nobody known vouches for the certificate"), "{}", ran.stdout);
    assert_eq!((ran.code, psa.sim.requests().len()), (3, 0));
    let trusting = |network: &str| format!("[tenant.nimbus]\nca_file = \"authority.pem\"\n{network}");
    psa.config(&trusting("[tenant.nimbus.network]\ntotal_ms = 100\n"));
    let ran = with("LEASTWISE_SITE", &psa.sim.url().replace("127.0.0.1", "127.0.0.2"), &psa);
    assert_eq!(ran.code, 3, "the listener is bound to 127.0.0.1 only: {}", ran.stdout);
    psa.config(&trusting(""));
    let ran = own(&psa).run();
    assert_eq!((first_line(&ran), ran.code), ("cisco-umbrella: every need that can be checked is met", 0));
    refuse_table(&psa, "Service / Priority");
    let ran = own(&psa).run();
    assert!(first_line(&ran).contains("FAILS: the table Service / Priority is refused"), "{}", ran.stdout);
}
