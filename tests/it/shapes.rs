//! Replies of any shape: rows with fields missing, added, renamed, null or of another type, numbers of any
//! size, text from every plane of Unicode. Nothing panics, and nothing is dropped in silence: a list is
//! there with every row that was sent, or it is missing and its coverage says so.

use std::collections::BTreeMap;

use leastwise::audit::Audit;
use leastwise::model::{Dataset, DatasetName, Grant, Level, Tenant, TenantId, Verb};
use leastwise::policy::Policy;
use leastwise::render::Format;
use leastwise::source::connectwise::saved;
use leastwise::term::Style;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::support::noon;
use crate::tiny::{By, TODAY, all, judge, library, report, written};

/// Saved answers by the name of their file; texts, so that they may be no JSON.
type Answers = BTreeMap<String, String>;

/// A sound row of each list.
fn sound(list: &str, id: i64) -> Value {
    match list {
        "roles" => {
            json!({"id": id, "name": "Umbrella", "roleType": "Custom", "adminFlag": false, "inactiveFlag": false,
            "_info": {"updatedBy": "rcallow", "lastUpdated": "2026-01-01T00:00:00Z"}})
        }
        "settings" => json!({"id": id, "moduleName": "Service Desk", "moduleFunctionName": "Service Tickets",
            "moduleFunctionDescription": "Service Tickets", "moduleFunctionIdentifier": "SRTickets",
            "addLevel": "All", "editLevel": "My", "deleteLevel": null, "inquireLevel": "None"}),
        "api-members" => {
            json!({"id": id, "identifier": "Umbrella", "name": "Umbrella", "inactiveFlag": false,
            "securityRole": {"id": 1, "name": "Umbrella"}, "structureLevel": {"id": 1, "name": "Corporate (Level 1)"},
            "securityLocation": null, "serviceDefaultBoard": null, "excludedServiceBoardIds": [3, 4]})
        }
        "members" => json!({"id": id, "identifier": "rcallow", "licenseClass": "F", "inactiveFlag": false,
            "securityRole": {"id": 1}}),
        "member-use" => json!({"id": id, "lastLogin": "2026-11-20T00:00:00Z", "restrictLocationFlag": false,
            "restrictDepartmentFlag": false}),
        "callbacks" => {
            json!({"id": id, "type": "Ticket", "level": "Owner", "memberId": 5, "inactiveFlag": false,
            "url": "https://canary:canary@hooks.example.com:81/canary?canary=canary#canary"})
        }
        _ => json!({"id": id, "username": "OpenDNS", "inactiveFlag": false}),
    }
}

/// Any JSON value, some of which no reader expects.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(vec![
            "All",
            "ALL",
            "all ",
            "Mine",
            "None",
            "\u{1f469}\u{200d}\u{1f680}",
            "\u{10ffff}",
            "",
            "true",
            "7"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4)
                .prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// What is done to one field of a row.
#[derive(Clone, Debug)]
enum Change {
    Drop,
    Replace(Value),
    Rename(String),
    Add(String, Value),
}

fn change() -> impl Strategy<Value = (usize, Change)> {
    let change = prop_oneof![
        Just(Change::Drop),
        Just(Change::Replace(Value::Null)),
        anything().prop_map(Change::Replace),
        any::<String>().prop_map(Change::Rename),
        (any::<String>(), anything()).prop_map(|(name, value)| Change::Add(name, value)),
    ];
    (any::<usize>(), change)
}

fn changed(row: Value, changes: Vec<(usize, Change)>) -> Value {
    let Value::Object(mut fields) = row else { return row };
    for (pick, change) in changes {
        let name = fields.keys().nth(pick % fields.len().max(1)).cloned().unwrap_or_default();
        match change {
            Change::Drop => drop(fields.remove(&name)),
            Change::Replace(value) => drop(fields.insert(name, value)),
            Change::Rename(other) => {
                let value = fields.remove(&name).unwrap_or_default();
                fields.insert(other, value);
            }
            Change::Add(other, value) => drop(fields.insert(other, value)),
        }
    }
    fields.into()
}

/// Rows that are mostly sound, and now and then something else altogether.
fn rows(list: &'static str) -> impl Strategy<Value = Value> {
    let changes = prop_oneof![3 => Just(Vec::new()), 2 => vec(change(), 1..3)];
    let row = (1_i64..40, changes).prop_map(move |(id, changes)| changed(sound(list, id), changes));
    let row = prop_oneof![12 => row, 1 => anything()];
    prop_oneof![14 => vec(row, 0..5).prop_map(Value::from), 1 => anything()]
}

/// A reply as text: JSON, or JSON that was spoilt.
fn text(value: impl Strategy<Value = Value>) -> impl Strategy<Value = String> {
    (value, any::<usize>(), 0..40_u8).prop_map(|(value, cut, spoilt)| {
        let text = value.to_string();
        match spoilt {
            0 => text[..text.floor_char_boundary(cut % (text.len() + 1))].to_owned(),
            1 => text.replacen("\"id\":", "\"id\":1e400,\"id\":", 1),
            2 => text.replacen(':', ":-00", 1),
            3 => format!("\u{feff}{text}"),
            4 => format!("{}{text}{}", "[".repeat(200), "]".repeat(200)),
            _ => text,
        }
    })
}

fn answers() -> impl Strategy<Value = Answers> {
    let own = prop_oneof![3 => Just(json!({"id": 9, "lastLogin": "2026-11-22T00:00:00Z"})), 1 => anything()];
    let lists = (
        text(rows("roles")),
        vec(text(rows("settings")), 6),
        text(rows("api-members")),
        text(rows("members")),
        text(rows("member-use")),
        text(rows("integrator-logins")),
        text(rows("callbacks")),
        text(own),
        text(anything()),
    );
    lists.prop_map(|(roles, settings, api, members, member_use, logins, callbacks, own, company)| {
        let mut answers = Answers::from([
            ("companyinfo.json".to_owned(), company),
            ("api-members.json".to_owned(), api),
            ("members.json".to_owned(), members),
            ("member-use.json".to_owned(), member_use),
            ("integrator-logins.json".to_owned(), logins),
            ("callbacks.json".to_owned(), callbacks),
            ("own-member.json".to_owned(), own),
        ]);
        let ids: Vec<i64> = parsed(&roles)
            .as_ref()
            .and_then(Value::as_array)
            .map(|rows| rows.iter().filter_map(|row| row["id"].as_i64()).collect())
            .unwrap_or_default();
        answers.extend(ids.iter().zip(settings).map(|(id, text)| (format!("settings-{id}.json"), text)));
        answers.insert("roles.json".to_owned(), roles);
        answers
    })
}

/// What was sent, as far as it is JSON at all; a mark at the start is no part of it.
fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

fn read(answers: &Answers) -> Tenant {
    let id = TenantId { site: "psa.example.org".to_owned(), company: "shapes".to_owned() };
    let find = |name: &str| Ok(answers.get(name).map(|text| text.clone().into_bytes()));
    saved(id, noon(), None, None, &find).expect("no file fails")
}

/// The rows that were sent, as they were written; none where it is no list. A number that is too large for a value
/// is a row's own business.
fn sent_rows(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// How many rows were sent in a plain list; none where it is no list, or one that some tool put within another or
/// within an object: `responses` has what is read of those.
fn sent(answers: &Answers, name: &str) -> Option<usize> {
    let rows = sent_rows(answers.get(&format!("{name}.json"))?)?;
    let is_plain = !rows.iter().any(|row| row.get().trim_start().starts_with('['));
    is_plain.then_some(rows.len())
}

/// Every row that was sent in a plain list, or a gap that says why not.
fn assert_whole<T>(dataset: &Dataset<Vec<T>>, sent: Option<usize>, name: &str) -> Result<(), TestCaseError> {
    match dataset.rows() {
        Ok(rows) => prop_assert_eq!(rows.len(), sent.unwrap_or(rows.len()), "{}", name),
        Err(gap) => prop_assert!(!gap.reason().trim().is_empty(), "{}", name),
    }
    Ok(())
}

/// What was read. Why a list is missing names the first row that is wrong, so that depends on their order.
fn read_rows<T>(dataset: &Dataset<T>) -> Option<&T> {
    dataset.rows().ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_is_whole_or_missing_and_never_in_part(answers in answers()) {
        let tenant = read(&answers);
        assert_whole(&tenant.roles, sent(&answers, "roles"), "roles")?;
        assert_whole(&tenant.api_members, sent(&answers, "api-members"), "api-members")?;
        assert_whole(&tenant.members, sent(&answers, "members"), "members")?;
        assert_whole(&tenant.member_use, sent(&answers, "member-use"), "member-use")?;
        assert_whole(&tenant.logins, sent(&answers, "integrator-logins"), "integrator-logins")?;
        assert_whole(&tenant.callbacks, sent(&answers, "callbacks"), "callbacks")?;
        prop_assert!(!format!("{tenant:?}").contains("canary"), "of an address only the host is kept: {:?}", tenant.callbacks);
        for (role, settings) in &tenant.settings {
            let name = format!("settings-{role}");
            assert_whole(settings, sent(&answers, &name), &name)?;
        }
        let roles: Vec<_> = tenant.roles.rows().into_iter().flatten().map(|role| role.id).collect();
        prop_assert!(roles.iter().all(|role| tenant.settings.contains_key(role)), "each role has settings or a gap");
    }

    #[test]
    fn the_order_in_which_rows_come_changes_nothing(answers in answers()) {
        // Each row letter by letter: as a value, one that says a thing twice would say it once.
        let turned = |text: &String| match sent_rows(text) {
            Some(mut rows) => {
                rows.reverse();
                serde_json::to_string(&rows).expect("JSON")
            }
            None => text.clone(),
        };
        let other: Answers = answers.iter().map(|(name, text)| (name.clone(), turned(text))).collect();
        let (tenant, other) = (read(&answers), read(&other));
        prop_assert_eq!(read_rows(&tenant.roles), read_rows(&other.roles));
        prop_assert_eq!(read_rows(&tenant.api_members), read_rows(&other.api_members));
        prop_assert_eq!(read_rows(&tenant.members), read_rows(&other.members));
        prop_assert_eq!(read_rows(&tenant.member_use), read_rows(&other.member_use));
        prop_assert_eq!(read_rows(&tenant.logins), read_rows(&other.logins));
        prop_assert_eq!(read_rows(&tenant.callbacks), read_rows(&other.callbacks));
        for (role, settings) in &tenant.settings {
            if let Some(other) = other.settings.get(role) {
                prop_assert_eq!(read_rows(settings), read_rows(other));
            }
        }
    }

    #[test]
    fn a_level_that_is_no_known_word_is_kept_as_it_is_and_never_guessed(
        word in any::<String>(), value in anything(), verb in select(Verb::ALL.to_vec()),
    ) {
        for value in [Value::from(word), value] {
            let mut row = sound("settings", 5);
            row[format!("{}Level", verb.as_str())] = value.clone();
            let answers = Answers::from([
                ("roles.json".to_owned(), json!([sound("roles", 1)]).to_string()),
                ("settings-1.json".to_owned(), json!([row]).to_string()),
            ]);
            let tenant = read(&answers);
            let settings = tenant.settings.values().next().expect("the role's settings");
            let Dataset::Complete(settings) = settings else { continue };
            let word = value.as_str().map(|word| word.trim().to_lowercase());
            let level = settings[0].grants.of(verb).level();
            match word.as_deref() {
                Some("none") => prop_assert_eq!(level, Some(Level::None)),
                Some("my") => prop_assert_eq!(level, Some(Level::My)),
                Some("all") => prop_assert_eq!(level, Some(Level::All)),
                _ => prop_assert_eq!(level, None, "{}", value),
            }
            if let (None, Some(text)) = (level, value.as_str()) {
                let kept = matches!(settings[0].grants.of(verb), Grant::Unknown(word) if &**word == text);
                prop_assert!(kept, "{:?}", settings[0].grants.of(verb));
            }
        }
    }

    #[test]
    fn whatever_came_is_judged_and_written_and_each_gap_is_told(answers in answers()) {
        let tenant = read(&answers);
        let judged = judge(&tenant, &By { request: all(), ..By::default() });
        let policy = Policy::default();
        let request = all();
        let audit = Audit { library: library(), policy: &policy, request: &request, as_of: TODAY };
        let told = |dataset: DatasetName| {
            judged.of("LW901").iter().any(|finding| finding.message().contains(dataset.as_str()))
        };
        for (dataset, rows) in tenant.datasets() {
            prop_assert!(rows.is_ok() || !audit.wanted().contains(&dataset) || told(dataset), "{dataset}");
        }
        let report = report(&tenant, &judged, None);
        for format in [Format::Table, Format::Json, Format::SarifFull, Format::Html, Format::Markdown, Format::Csv,
            Format::Junit, Format::Github, Format::Summary]
        {
            prop_assert!(!written(&report, format, Style::PLAIN).is_empty() || format == Format::Github);
        }
    }
}

/// Found by the law above: nothing but their levels told such rows apart.
#[test]
fn rows_without_an_id_that_disagree_come_in_an_order_of_their_own() {
    let row = |level: &str| {
        let mut row = sound("settings", 5);
        row.as_object_mut().expect("a row").remove("id");
        row["addLevel"] = level.into();
        row
    };
    let settings = |rows: [Value; 2]| {
        let answers = Answers::from([
            ("roles.json".to_owned(), json!([sound("roles", 1)]).to_string()),
            ("settings-1.json".to_owned(), Value::from(rows.to_vec()).to_string()),
        ]);
        read(&answers).settings
    };
    let one = settings([row("All"), row("None")]);
    assert!(one.values().all(|rows| rows.rows().is_ok_and(|rows| rows.len() == 2)), "{one:?}");
    assert_eq!(one, settings([row("None"), row("All")]));
}

/// The generator makes sound lists, spoilt ones and missing ones, else the laws above would say little.
#[test]
fn sound_and_spoilt_replies_are_both_tried() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut whole, mut gaps) = (0, 0);
    for _ in 0..200 {
        let tenant = read(&answers().new_tree(&mut runner).expect("a value").current());
        for (_, rows) in tenant.datasets() {
            if rows.is_ok() { whole += 1 } else { gaps += 1 }
        }
    }
    assert!(whole > 200 && gaps > 200, "{whole} whole, {gaps} missing");
}
