//! A simulator that differs in one point makes exactly that one fail.

use psa_sim::{Reading, Shape, Sim};
use serde_json::{Value, json};

use super::{surveyed, tenant, with_result};
use crate::psa::Psa;

/// How a simulator differs.
enum Difference {
    /// Its answers do.
    Answers(fn(&mut Shape<'_>)),
    /// It is built differently.
    Sim(fn(Sim) -> Sim),
    /// It has other data.
    Data(fn(&Psa)),
}

use Difference::{Answers, Data, Sim as Built};

const ROLE: &str = "/system/securityroles/";

fn is(answer: &Shape<'_>, endpoint: &str) -> bool {
    answer.asked.starts_with(&format!("{endpoint}?"))
}

/// The settings of a role, and where it is the caller's own, what the caller is told of its rights.
fn is_settings(answer: &Shape<'_>, role: i64) -> bool {
    is(answer, &format!("{ROLE}{role}/settings"))
}

fn is_any_settings(answer: &Shape<'_>) -> bool {
    is(answer, "/system/mysecurity")
        || (answer.asked.starts_with(ROLE) && answer.asked.contains("/settings?"))
}

/// Changes the rows of a list; a refusal has none.
fn edit(answer: &mut Shape<'_>, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(rows) = answer.body.as_array_mut() {
        change(rows);
    }
}

fn each(answer: &mut Shape<'_>, endpoint: &str, change: impl Fn(&mut Value)) {
    if is(answer, endpoint) {
        edit(answer, |rows| rows.iter_mut().for_each(change));
    }
}

fn without(field: &'static str) -> impl Fn(&mut Value) {
    move |row| {
        row.as_object_mut().expect("an object").remove(field);
    }
}

/// Every key is told that its role does not have this, and the role's settings say the same.
fn take_away(answer: &mut Shape<'_>, function: &str) {
    set(answer, function, "None");
}

fn set(answer: &mut Shape<'_>, function: &str, level: &str) {
    // An admin role's rows are another matter.
    if is_any_settings(answer) && !is_settings(answer, 1) {
        let is_it =
            |row: &&mut Value| row["moduleFunctionName"] == function && !row["inquireLevel"].is_null();
        edit(answer, |rows| rows.iter_mut().filter(is_it).for_each(|row| row["inquireLevel"] = json!(level)));
    }
}

fn refuse(answer: &mut Shape<'_>, endpoint: &str) {
    if is(answer, endpoint) {
        *answer.status = 403;
        *answer.body = json!({"code": "Security", "message": "You do not have security permission to perform this action."});
    }
}

fn serve(answer: &mut Shape<'_>, endpoint: &str, rows: Value) {
    if is(answer, endpoint) {
        (*answer.status, *answer.body) = (200, rows);
    }
}

const DIFFERENCES: &[(&str, Difference)] = &[
    (
        "link-between-pages",
        Answers(|answer| {
            if is(answer, "/system/securityroles") && answer.asked.ends_with("pageSize=1") {
                *answer.link = None;
            }
        }),
    ),
    (
        "last-page-has-no-next",
        Answers(|answer| {
            if is(answer, "/system/apimembers") && answer.asked.ends_with("pageSize=1000") {
                *answer.link =
                    Some("<https://psa.example.org/x?page=2&pageSize=1000>; rel=\"next\"".to_owned());
            }
        }),
    ),
    (
        "thousand-rows-a-page",
        Answers(|answer| {
            if is_settings(answer, 1) {
                edit(answer, |rows| rows.truncate(50));
            }
        }),
    ),
    (
        "fields-are-obeyed",
        Answers(|answer| {
            if answer.asked.contains("fields=id&") {
                each(answer, "/system/securityroles", |row| row["roleType"] = Value::Null);
            }
        }),
    ),
    (
        "nested-fields",
        Answers(|answer| {
            each(answer, "/system/members", |row| {
                if row["securityRole"].is_object() {
                    row["securityRole"] = json!({"name": "x"});
                }
            });
        }),
    ),
    (
        "caller-is-in-every-list",
        Answers(|answer| {
            if is(answer, "/system/apimembers") {
                edit(answer, Vec::clear);
            }
        }),
    ),
    (
        "cloud-has-its-codebase",
        Data(|psa| {
            psa.sim.edit_sim(|sim| sim.cloud = false);
        }),
    ),
    (
        "api-members-are-members",
        Answers(|answer| {
            each(answer, "/system/apimembers", |row| {
                if row["id"] == 251 {
                    row["identifier"] = json!("other");
                }
            });
        }),
    ),
    (
        "licence-filter",
        Answers(|answer| {
            if is(answer, "/system/members") && answer.asked.contains("conditions=") {
                let person = json!({"id": 101, "identifier": "x", "licenseClass": "F", "lastLogin": null, "restrictLocationFlag": false, "restrictDepartmentFlag": false});
                edit(answer, |rows| rows.push(person));
            }
        }),
    ),
    (
        "caller-is-listed",
        Answers(|answer| {
            if is(answer, "/system/mymembers") {
                answer.body["id"] = json!(9_251);
            }
        }),
    ),
    (
        "caller-names-its-role",
        Answers(|answer| {
            if is(answer, "/system/mymembers") && answer.body.get("securityRole").is_some() {
                answer.body["securityRole"] = Value::Null;
            }
        }),
    ),
    (
        "last-login-is-a-time",
        Answers(|answer| {
            if answer.asked.contains("conditions=") {
                each(answer, "/system/members", |row| row["lastLogin"] = json!("/Date(1790000000000)/"));
            }
        }),
    ),
    (
        "key-use-moves-last-login",
        Answers(|answer| {
            if is(answer, "/system/mymembers") {
                answer.body["lastLogin"] = json!("2020-02-02T02:02:02Z");
            }
        }),
    ),
    (
        "restrict-flags-are-sent",
        Answers(|answer| each(answer, "/system/members", without("restrictLocationFlag"))),
    ),
    (
        "member-levels-are-named",
        Answers(|answer| each(answer, "/system/apimembers", without("structureLevel"))),
    ),
    (
        "roles-say-admin",
        Answers(|answer| {
            each(answer, "/system/securityroles", |row| {
                if row["id"] == 12 {
                    row["adminFlag"] = Value::Null;
                }
            });
        }),
    ),
    (
        "admin-is-flagged",
        Answers(|answer| {
            each(answer, "/system/securityroles", |row| {
                if row.get("adminFlag").is_some() {
                    row["adminFlag"] = json!(false);
                }
            });
        }),
    ),
    (
        "admin-rows-read-all",
        Answers(|answer| {
            if is_settings(answer, 1) {
                edit(answer, |rows| rows[3]["addLevel"] = json!("None"));
            }
        }),
    ),
    (
        "levels-are-three",
        Answers(|answer| {
            if is_settings(answer, 12) {
                edit(answer, |rows| rows[3]["addLevel"] = json!("Mine"));
            }
        }),
    ),
    (
        "levels-are-sent",
        Answers(|answer| {
            if is_settings(answer, 12) {
                edit(answer, |rows| without("editLevel")(&mut rows[3]));
            }
        }),
    ),
    (
        "rows-are-named",
        Answers(|answer| {
            if is_settings(answer, 12) {
                edit(answer, |rows| rows[3]["moduleName"] = json!(" "));
            }
        }),
    ),
    (
        "names-are-the-screens",
        Answers(|answer| {
            if is_any_settings(answer) {
                edit(answer, |rows| {
                    for (number, row) in rows.iter_mut().enumerate() {
                        row["moduleFunctionName"] = json!(format!("fonction {number}"));
                        row["moduleFunctionDescription"] = Value::Null;
                    }
                });
            }
        }),
    ),
    (
        "one-row-a-function",
        Answers(|answer| {
            if is_settings(answer, 12) {
                edit(answer, |rows| {
                    let mut again = rows[3].clone();
                    again["id"] = json!(999_999);
                    rows.push(again);
                });
            }
        }),
    ),
    (
        "identifiers-agree",
        Answers(|answer| {
            for (role, identifier) in [(12, "fn-1"), (21, "fn-2")] {
                if is_settings(answer, role) {
                    edit(answer, |rows| rows[3]["moduleFunctionIdentifier"] = json!(identifier));
                }
            }
        }),
    ),
    ("role-says-who-changed-it", Answers(|answer| each(answer, "/system/securityroles", without("_info")))),
    (
        "own-rights-are-the-roles",
        Answers(|answer| {
            if is(answer, "/system/mysecurity") {
                edit(answer, |rows| rows[3]["addLevel"] = json!("My"));
            }
        }),
    ),
    ("customise-rows-allow", Built(|sim| sim.reading(Reading::Deny))),
    (
        "customise-items-are-names",
        Answers(|answer| {
            each(answer, "/system/mysecurity/customizeitems", |row| {
                row["itemIdentifier"] = json!(17);
            });
        }),
    ),
    ("no-customise-rows-no-limit", Built(Sim::no_list_no_table)),
    ("roles-by-security-roles", Answers(|answer| take_away(answer, "Security Roles"))),
    (
        "members-by-member-maintenance",
        Answers(|answer| {
            take_away(answer, "Member Maintenance");
            if answer.asked.ends_with("fields=id&page=1&pageSize=1") {
                refuse(answer, "/system/apimembers");
            }
        }),
    ),
    (
        "api-members-by-member-maintenance",
        Answers(|answer| {
            take_away(answer, "Member Maintenance");
            if answer.asked.ends_with("fields=id&page=1&pageSize=1") {
                refuse(answer, "/system/members");
            }
        }),
    ),
    (
        "logins-by-table-setup",
        Answers(|answer| {
            take_away(answer, "Table Setup");
            refuse(answer, "/service/boards");
            refuse(answer, "/system/callbacks");
        }),
    ),
    (
        "boards-by-table-setup",
        Answers(|answer| {
            take_away(answer, "Table Setup");
            refuse(answer, "/system/integratorlogins");
            refuse(answer, "/system/callbacks");
        }),
    ),
    ("board-infos-by-tickets", Answers(|answer| take_away(answer, "Service Tickets"))),
    (
        "callbacks-by-table-setup",
        Answers(|answer| {
            take_away(answer, "Table Setup");
            refuse(answer, "/service/boards");
            refuse(answer, "/system/integratorlogins");
        }),
    ),
    (
        "reports-by-api-reports",
        Answers(|answer| {
            serve(answer, "/system/reports", json!([{"name": "MemberSecurityRoles"}]));
        }),
    ),
    (
        "member-report-exists",
        Answers(|answer| {
            set(answer, "API Reports", "All");
            serve(answer, "/system/reports", json!([{"name": "Service"}]));
        }),
    ),
    (
        "refusal-is-known",
        Answers(|answer| {
            if *answer.status == 403 {
                *answer.body = json!({"code": "Nope", "message": "Not today"});
            }
        }),
    ),
    ("boards-say-inactive", Answers(|answer| each(answer, "/service/boards", without("inactiveFlag")))),
    (
        "teams-say-default",
        Answers(|answer| {
            if answer.asked.contains("/teams?") {
                edit(answer, |rows| rows.iter_mut().for_each(without("defaultFlag")));
            }
        }),
    ),
    ("companies-say-deleted", Answers(|answer| each(answer, "/company/companies", without("deletedFlag")))),
];

#[test]
fn a_difference_makes_exactly_its_assumption_fail_and_names_the_consequence() {
    for (id, difference) in DIFFERENCES {
        let sim = tenant();
        let survey = match difference {
            Answers(change) => surveyed(sim.reshape(change), &["--format", "json"]).1.json(),
            Built(build) => surveyed(build(sim), &["--format", "json"]).1.json(),
            Data(change) => {
                let psa = Psa::start(sim, 252);
                change(&psa);
                super::with_integration(&psa, &["survey", "--format", "json"]).run().json()
            }
        };
        assert_eq!(with_result(&survey, "did-not-hold"), [*id]);
        let all = survey["assumptions"].as_array().expect("assumptions");
        let own = all.iter().find(|own| own["id"] == *id).expect("it is there");
        assert!(own["consequence"].as_str().is_some_and(|text| !text.is_empty()), "{own}");
    }
}

#[test]
fn every_assumption_that_a_survey_looks_at_has_a_difference() {
    let file = leastwise::rules::Assumptions::built_in().expect("the file is sound");
    let looked_at = file.all().iter().filter(|own| own.look == leastwise::rules::Look::Survey);
    let mut expected: Vec<_> = looked_at.map(|own| own.id.as_str()).collect();
    let mut tried: Vec<_> = DIFFERENCES.iter().map(|(id, _)| *id).collect();
    expected.sort_unstable();
    tried.sort_unstable();
    assert_eq!(tried, expected);
}
