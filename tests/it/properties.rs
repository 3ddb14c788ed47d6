//! Laws that hold for every tenant, tried on generated ones.

mod generate;

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use leastwise::audit::{Audit, Request};
use leastwise::checks::{Finding, Status};
use leastwise::model::{ApiMember, Dataset, Grant, Level, MemberId, RoleId, Severity, Tenant, Verb};
use leastwise::policy::Policy;
use leastwise::render::{Filed, Format, Report, TenantReport};
use leastwise::source::snapshot::{self, Stream};
use leastwise::term::Style;
use proptest::prelude::*;
use serde_json::Value;

use crate::tiny::{By, Judged, TODAY, all, judge, library, report, rows, tenant_report, written};
use generate::{Repeats, tenant};

const ESCAPE: char = '\u{1b}';
const RIGHT_TO_LEFT: char = '\u{202e}';

/// Role, function and verb of each finding of a check.
type Cells = BTreeSet<(RoleId, String, Verb)>;

fn cells(judged: &Judged, check: &str) -> Cells {
    let cell = |finding: &Finding| {
        Some((finding.role.as_ref()?.id, finding.function.as_ref()?.key(), finding.verb?))
    };
    judged.fails(check).into_iter().filter_map(cell).collect()
}

fn everything(tenant: &Tenant) -> Judged {
    judge(tenant, &By { request: all(), ..By::default() })
}

fn up(level: Level) -> Option<Level> {
    match level {
        Level::None => Some(Level::My),
        Level::My => Some(Level::All),
        Level::All => None,
    }
}

fn down(level: Level) -> Option<Level> {
    match level {
        Level::None => None,
        Level::My => Some(Level::None),
        Level::All => Some(Level::My),
    }
}

/// The tenant with one level that was understood put one step up or down; `None` where there is none.
fn stepped(tenant: &Tenant, pick: usize, step: fn(Level) -> Option<Level>) -> Option<Tenant> {
    let mut places = Vec::new();
    for (&role, settings) in &tenant.settings {
        for (i, setting) in settings.rows().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
            for (verb, grant) in setting.grants.iter() {
                if let Some(level) = grant.level().and_then(step) {
                    places.push((role, i, verb, level));
                }
            }
        }
    }
    let &(role, i, verb, level) = places.get(pick % places.len().max(1))?;
    let mut tenant = tenant.clone();
    rows(tenant.settings.get_mut(&role)?)[i].grants.set(verb, Grant::Level(level));
    Some(tenant)
}

/// A role that already serves an integration whose needs are known.
fn served(judged: &Judged) -> Option<RoleId> {
    let decided = |own: &&Finding| matches!(own.status, Status::Pass | Status::Fail);
    judged.of("LW206").into_iter().find(decided)?.role.as_ref().map(|role| role.id)
}

/// The same snapshot with every list turned round.
fn turned_round(text: &str) -> String {
    let mut file: Value = serde_json::from_str(text).expect("JSON");
    for list in ["coverage", "members", "api_members", "member_use", "logins", "roles"] {
        if let Some(rows) = file[list].as_array_mut() {
            rows.reverse();
            for settings in rows.iter_mut().filter_map(|row| row.get_mut("settings")?.as_array_mut()) {
                settings.reverse();
            }
        }
    }
    file.to_string()
}

fn text(tenant: &Tenant) -> String {
    let mut bytes = Vec::new();
    snapshot::write(tenant, "leastwise test", &mut bytes).expect("a snapshot");
    String::from_utf8(bytes).expect("text")
}

fn parsed(text: &str) -> Tenant {
    snapshot::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn without_lines(mut tenant: Tenant) -> Tenant {
    for settings in tenant.settings.values_mut() {
        if let Dataset::Complete(settings) = settings {
            for setting in settings {
                setting.line = None;
            }
        }
    }
    tenant
}

fn json(tenant: &Tenant) -> String {
    written(&report(tenant, &judge(tenant, &By::default()), None), Format::Json, Style::PLAIN)
}

/// A waiver that names a finding as closely as one can.
fn waiver(finding: &Finding) -> String {
    let text = |text: &str| toml::Value::from(text).to_string();
    let fields = [
        ("check", Some(text(finding.check.as_str()))),
        ("integration", finding.integration_id().map(text)),
        ("role_id", finding.role.as_ref().map(|role| role.id.to_string())),
        ("member_id", finding.member.as_ref().map(|member| member.id.to_string())),
        ("login", finding.login.as_ref().map(|login| text(&login.name))),
        ("verb", finding.verb.map(|verb| text(verb.as_str()))),
        ("reason", Some(text("a reason"))),
        ("owner", Some(text("somebody"))),
        ("since", Some("2026-11-01".to_owned())),
        ("expires", Some("2027-03-31".to_owned())),
    ];
    let lines = fields.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", value?)));
    format!("[[waiver]]\n{}", lines.collect::<String>())
}

/// How often each fingerprint stands in a list of results.
fn counted(fingerprints: impl Iterator<Item = impl ToString>) -> BTreeMap<String, usize> {
    fingerprints.fold(BTreeMap::new(), |mut counts, fingerprint| {
        *counts.entry(fingerprint.to_string()).or_default() += 1;
        counts
    })
}

fn in_sarif(log: &Value) -> BTreeMap<String, usize> {
    let results = log["runs"][0]["results"].as_array().expect("results");
    counted(
        results.iter().map(|one| {
            one["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a fingerprint")
        }),
    )
}

/// How many findings a table lists or counts, by check; all of a role's grants as one number each.
fn in_table(table: &str) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |check: &str, number: usize| *counts.entry(check.to_owned()).or_default() += number;
    let number = |text: &str| text.rsplit(' ').next().and_then(|word| word.parse::<usize>().ok());
    let mut others = false;
    let before = std::iter::once("").chain(table.lines());
    for (before, line) in before.zip(table.lines()) {
        // A module of the tenant may have any name, but no blank line before it.
        if before.is_empty() && line.starts_with("Role ") {
            // What follows the last colon are the counts; a name may hold anything before it.
            let counts = line.rsplit_once(": ").map_or("", |(_, counts)| counts);
            for part in counts.split(" and ") {
                let missing = part.split_once(" missing").and_then(|(before, _)| number(before));
                let beyond = part.split_once(" in excess").and_then(|(before, _)| number(before));
                add("LW101", missing.unwrap_or(0));
                add("LW102", beyond.unwrap_or(0));
            }
        }
        others = line == "Other findings" || (others && line.starts_with("  "));
        let words: Vec<_> = line.split_whitespace().collect();
        if let (true, [_, check, first, second, ..]) = (others, words.as_slice())
            && check.starts_with("LW")
        {
            let times = first.parse().ok().filter(|_| second.starts_with("times"));
            add(check, times.unwrap_or(1));
        }
    }
    counts.retain(|_, number| *number > 0);
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_higher_level_is_never_less_excess_nor_more_lack(
        tenant in tenant(Repeats::No), pick in any::<usize>(),
    ) {
        if let Some(raised) = stepped(&tenant, pick, up) {
            let (before, after) = (everything(&tenant), everything(&raised));
            prop_assert!(cells(&after, "LW102").is_superset(&cells(&before, "LW102")));
            prop_assert!(cells(&after, "LW101").is_subset(&cells(&before, "LW101")));
        }
    }

    #[test]
    fn a_lower_level_is_never_more_excess_nor_less_lack(
        tenant in tenant(Repeats::No), pick in any::<usize>(),
    ) {
        if let Some(lowered) = stepped(&tenant, pick, down) {
            let (before, after) = (everything(&tenant), everything(&lowered));
            prop_assert!(cells(&after, "LW102").is_subset(&cells(&before, "LW102")));
            prop_assert!(cells(&after, "LW101").is_superset(&cells(&before, "LW101")));
        }
    }

    #[test]
    fn a_waiver_changes_what_it_waives_and_nothing_else(
        tenant in tenant(Repeats::Yes), pick in any::<usize>(),
    ) {
        let before = everything(&tenant);
        let open: Vec<_> = before.results.iter().filter(|own| own.status == Status::Fail).collect();
        let Some(waived) = open.get(pick % open.len().max(1)) else { return Ok(()) };
        let config = waiver(waived);
        let after = judge(&tenant, &By { request: all(), config: &config, ..By::default() });
        // What it names may be more than one finding: whatever is waived failed before, and says so still.
        let mut changed = 0;
        let rest = |judged: &Judged| -> Vec<Finding> {
            judged.results.iter().filter(|own| !own.check.as_str().starts_with("LW40")).cloned().collect()
        };
        let (before, after) = (rest(&before), rest(&after));
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            if after.status == Status::Waived {
                prop_assert_eq!(before.status, Status::Fail);
                prop_assert_eq!(&before.fingerprint, &after.fingerprint);
                prop_assert_eq!(before.check, waived.check);
                changed += 1;
            } else {
                prop_assert_eq!(before, after);
            }
        }
        prop_assert!(changed > 0, "{config}");
    }

    #[test]
    fn another_integration_on_a_role_never_adds_excess(tenant in tenant(Repeats::Yes)) {
        let before = everything(&tenant);
        if let (Some(role), Dataset::Complete(_)) = (served(&before), &tenant.api_members) {
            let mut more = tenant.clone();
            rows(&mut more.api_members).push(ApiMember { active: Some(true), role: Some(role), ..ApiMember::new(MemberId(999), "Hudu") });
            let of_role = |judged: &Judged| -> Cells {
                cells(judged, "LW102").into_iter().filter(|(own, ..)| *own == role).collect()
            };
            prop_assert!(of_role(&everything(&more)).is_subset(&of_role(&before)));
        }
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(tenant in tenant(Repeats::Yes)) {
        let text = text(&tenant);
        prop_assert_eq!(json(&parsed(&text)), json(&parsed(&turned_round(&text))));
    }

    #[test]
    fn a_snapshot_holds_all_of_a_tenant(tenant in tenant(Repeats::Yes)) {
        let once = text(&tenant);
        prop_assert_eq!(&without_lines(parsed(&once)), &tenant);
        prop_assert_eq!(text(&parsed(&once)), once);
    }

    #[test]
    fn role_by_role_a_snapshot_is_judged_as_it_is_as_a_whole(tenant in tenant(Repeats::Yes)) {
        let text = text(&tenant);
        let (folder, policy) = (tempfile::TempDir::new()?, Policy::default());
        let (path, request) = (folder.path().join("a.json"), Request { matrices: true, ..all() });
        std::fs::write(&path, &text)?;
        let audit = Audit { library: library(), policy: &policy, request: &request, as_of: TODAY };
        let (lists, stream) = Stream::open(&path).expect("what `write` writes");
        let streamed = audit.judge_by(&lists, |checks| {
            stream.read(|role| checks.wants(role), |role, settings, to| checks.check(role, settings, to)).ok_or(())
        });
        let whole = audit.judge(&parsed(&text));
        prop_assert_eq!(format!("{:#?}", streamed.expect("sound")), format!("{whole:#?}"));
    }

    #[test]
    fn every_format_tells_of_the_same_findings(tenant in tenant(Repeats::Yes)) {
        let tenant = parsed(&text(&tenant));
        let judged = everything(&tenant);
        let mut report = report(&tenant, &judged, None);
        report.details = true;
        let failed = judged.results.iter().filter(|own| own.status == Status::Fail);
        let expected = counted(failed.map(|finding| finding.fingerprint));
        prop_assert!(expected.values().all(|times| *times == 1), "a finding has a fingerprint of its own");

        let json: Value = serde_json::from_str(&written(&report, Format::Json, Style::PLAIN))?;
        let results = json["tenants"][0]["results"].as_array().expect("results");
        let failed = results.iter().filter(|result| result["status"] == "fail");
        prop_assert_eq!(&counted(failed.filter_map(|result| result["fingerprint"].as_str())), &expected);
        prop_assert_eq!(results.len(), judged.results.len());
        prop_assert_eq!(&json["exit"], report.exit.code());

        let sarif: Value = serde_json::from_str(&written(&report, Format::Sarif, Style::PLAIN))?;
        prop_assert_eq!(&in_sarif(&sarif), &expected);
        prop_assert_eq!(&sarif["runs"][0]["invocations"][0]["exitCode"], report.exit.code());
        let full: Value = serde_json::from_str(&written(&report, Format::SarifFull, Style::PLAIN))?;
        let everything = counted(judged.results.iter().map(|finding| finding.fingerprint));
        prop_assert_eq!(in_sarif(&full), everything);

        let wide = Style { width: u16::MAX, unicode: false, color: false };
        let mut by_check: BTreeMap<String, usize> = BTreeMap::new();
        for finding in judged.results.iter().filter(|finding| finding.status == Status::Fail) {
            *by_check.entry(finding.check.to_string()).or_default() += 1;
        }
        let table = written(&report, Format::Table, wide);
        prop_assert_eq!(in_table(&table), by_check, "{}", table);
    }

    #[test]
    fn packing_the_tenants_of_a_report_changes_no_byte_of_it(tenant in tenant(Repeats::Yes)) {
        let tenant = tenant_report(&tenant, &everything(&tenant));
        let two = |filed: fn(TenantReport) -> Filed| {
            let other = TenantReport { name: "other".to_owned(), ..tenant.clone() };
            Report::new(TODAY, Some(Severity::Medium), None, vec![filed(tenant.clone()), filed(other)])
        };
        let (whole, packed) = (two(Filed::from), two(Filed::packed));
        prop_assert_eq!(packed.exit, whole.exit);
        for format in Format::value_variants() {
            prop_assert_eq!(
                written(&packed, *format, Style::PLAIN),
                written(&whole, *format, Style::PLAIN),
                "{:?}", format
            );
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bytes_and_no_name_steers_a_terminal(
        tenant in tenant(Repeats::Yes), width in 60_u16..160, unicode in any::<bool>(),
    ) {
        let style = Style { width, unicode, color: false };
        for format in [Format::Table, Format::Json, Format::Sarif, Format::SarifFull] {
            let once = written(&report(&tenant, &judge(&tenant, &By::default()), None), format, style);
            let again = written(&report(&tenant, &judge(&tenant, &By::default()), None), format, style);
            prop_assert_eq!(&once, &again);
            prop_assert!(!once.contains(ESCAPE) && !once.contains('\r'));
            if format == Format::Table {
                prop_assert!(!once.contains(RIGHT_TO_LEFT));
                for line in once.lines() {
                    prop_assert!(textwrap::core::display_width(line) <= usize::from(width), "{line}");
                }
            }
        }
    }
}
