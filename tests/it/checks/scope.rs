//! Which things are judged and reported, what the config changes, and LW501 and LW901.

use jiff::civil::date;
use leastwise::audit::Request;
use leastwise::checks;
use leastwise::checks::Status::{Fail, Manual, Pass, Unknown};
use leastwise::model::{Dataset, DatasetName, GapCause, Said, Severity};

use crate::tiny::{By, Judged, UMBRELLA, asked, tiny, umbrella};

/// Roles that results of a check speak of.
fn roles(judged: &Judged, check: &str) -> Vec<i64> {
    judged.of(check).iter().filter_map(|finding| Some(finding.role.as_ref()?.id.0)).collect()
}

#[test]
fn a_rule_file_is_stale_after_a_year() {
    let tenant = umbrella(&UMBRELLA);
    let on = |as_of, config| tenant.judge_by(&By { config, as_of, ..By::default() }).statuses("LW501");
    assert_eq!(on(date(2027, 11, 28), ""), [Pass], "365 days");
    assert_eq!(on(date(2027, 11, 29), ""), [Fail], "366 days");
    assert_eq!(on(date(2020, 1, 1), ""), [Pass], "before it was read");
    assert_eq!(on(date(2026, 12, 28), "[checks.LW501]\ndays = 30"), [Pass]);
    assert_eq!(on(date(2026, 12, 29), "[checks.LW501]\ndays = 30"), [Fail]);
}

#[test]
fn each_dataset_that_is_missing_is_said_once() {
    let judged = umbrella(&UMBRELLA)
        .change(|tenant| {
            tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
            tenant.logins = Dataset::unavailable(DatasetName::IntegratorLogins, GapCause::TimedOut);
        })
        .judge();
    let missing: Vec<_> = judged.of("LW901").iter().filter_map(|finding| finding.dataset).collect();
    assert_eq!(missing, [DatasetName::Members, DatasetName::IntegratorLogins]);
    assert!(judged.of("LW901").iter().all(|finding| finding.status == Unknown && finding.fix().is_some()));
    assert_eq!(umbrella(&UMBRELLA).judge().statuses("LW901"), [Pass]);
}

#[test]
fn a_dataset_that_only_switched_off_checks_need_is_not_missed() {
    let tenant = umbrella(&UMBRELLA).change(|tenant| {
        tenant.logins =
            Dataset::unavailable(DatasetName::IntegratorLogins, GapCause::Refused(Said::default()));
    });
    let judged = tenant.judge_by(&By { config: "[checks.LW307]\nseverity = \"off\"", ..By::default() });
    assert_eq!(judged.statuses("LW901"), [Pass]);
    assert!(judged.of("LW307").is_empty());
}

#[test]
fn empty_lists_are_lists_that_were_not_read_except_logins() {
    let nobody = tiny().judge();
    let missing: Vec<_> = nobody.of("LW901").iter().filter_map(|finding| finding.dataset).collect();
    assert_eq!(
        missing,
        [DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members, DatasetName::MemberUse]
    );
    let worse: Vec<_> = nobody.results.iter().filter(|own| matches!(own.status, Pass | Fail)).collect();
    assert!(worse.is_empty(), "no data is never a pass and never a fail: {worse:#?}");
}

#[test]
fn any_check_but_lw901_can_be_switched_off_or_given_another_severity() {
    // Umbrella lacks something and has too much of something; a person shares its role.
    let mut rows = UMBRELLA;
    rows[1].2 = "AAAN";
    let tenant = umbrella(&rows).person(101, 31).login("OpenDNS", Some(true));
    // LW401 and LW402 speak of waivers, of which there are none.
    let speaks = |id: &str| id != "LW901" && !id.starts_with("LW4");
    for check in checks::ALL.iter().filter(|check| speaks(check.id.as_str())) {
        // LW502 is asked for by the config.
        let asked = "[review]\nrequired = true\n";
        let off = format!("{asked}[checks.{}]\nseverity = \"off\"", check.id);
        let judged = tenant.judge_by(&By { config: &off, ..By::default() });
        assert!(judged.of(check.id.as_str()).is_empty(), "{}", check.id);
        let low = format!("{asked}[checks.{}]\nseverity = \"low\"", check.id);
        let judged = tenant.judge_by(&By { config: &low, ..By::default() });
        assert!(!judged.of(check.id.as_str()).is_empty(), "{}", check.id);
        assert!(judged.of(check.id.as_str()).iter().all(|own| own.severity == Severity::Low), "{}", check.id);
    }
}

#[test]
fn a_pass_is_given_once_for_each_check_role_and_integration() {
    let judged = umbrella(&UMBRELLA).role(32, "Hudu", &UMBRELLA).api(252, "Hudu", 32).judge();
    let mut passes: Vec<_> = judged
        .results
        .iter()
        .filter(|finding| finding.status == Pass)
        .map(|own| (own.check, own.role.clone(), own.integration.clone(), own.member.clone()))
        .collect();
    let all = passes.len();
    passes.sort();
    passes.dedup();
    assert_eq!(passes.len(), all);
    assert!(passes.iter().any(|(check, ..)| *check == "LW101"));
}

#[test]
fn an_integration_limits_the_report_to_its_roles_and_members() {
    let tenant =
        umbrella(&UMBRELLA).role(40, "Export", &UMBRELLA).api(257, "svc", 40).role(41, "Idle", &UMBRELLA);
    let whole = tenant.judge();
    assert_eq!(roles(&whole, "LW205"), [31, 40, 41]);
    assert_eq!(roles(&whole, "LW201"), [31, 40]);
    let limited = tenant.judge_by(&By { request: asked("cisco-umbrella"), ..By::default() });
    for check in ["LW201", "LW202", "LW205", "LW309"] {
        assert_eq!(roles(&limited, check), [31], "{check}");
    }
}

#[test]
fn a_role_or_a_member_can_be_judged_by_name_or_id() {
    let tenant = umbrella(&UMBRELLA).role(40, "Export", &UMBRELLA).api(257, "svc", 40);
    let of_role = |name: &str| Request { role: Some(name.to_owned()), ..Request::default() };
    for name in ["Export", "export", "40"] {
        let judged = tenant.judge_by(&By { request: of_role(name), ..By::default() });
        assert_eq!(roles(&judged, "LW201"), [40], "{name}");
        assert!(judged.of("LW101").is_empty(), "Umbrella is not judged");
    }
    let of_member = |name: &str| Request { member: Some(name.to_owned()), ..Request::default() };
    for name in ["Umbrella", "UMBRELLA", "251"] {
        let judged = tenant.judge_by(&By { request: of_member(name), ..By::default() });
        assert_eq!(roles(&judged, "LW101"), [31], "{name}");
        assert_eq!(roles(&judged, "LW309"), [31], "{name}");
    }
    let nobody = tenant.judge_by(&By { request: of_member("nobody"), ..By::default() });
    assert!(nobody.nothing_matched);
}

#[test]
fn a_role_or_a_member_named_with_an_integration_stands_in_place_of_its_match() {
    let mut rows = UMBRELLA;
    rows[2].2 = "ANNA";
    let tenant = umbrella(&UMBRELLA).role(40, "Export", &rows).api(257, "svc", 40);
    for request in [
        Request { member: Some("svc".to_owned()), ..asked("cisco-umbrella") },
        Request { role: Some("Export".to_owned()), ..asked("cisco-umbrella") },
    ] {
        let judged = tenant.judge_by(&By { request, ..By::default() });
        assert_eq!(judged.grants("LW101"), ["Service Desk / Service Tickets edit None -> All"]);
        assert_eq!(roles(&judged, "LW102"), [40]);
    }
}

#[test]
fn nothing_is_said_to_be_missing_while_people_could_not_be_read() {
    let tenant = umbrella(&UMBRELLA);
    let by = || By { request: asked("hudu"), ..By::default() };
    assert!(tenant.judge_by(&by()).nothing_matched);
    let unread = tenant.change(|tenant| {
        tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
    });
    let judged = unread.judge_by(&by());
    assert!(!judged.nothing_matched, "a person may serve it");
    assert_eq!(judged.statuses("LW203"), [Unknown]);
    assert_eq!(judged.statuses("LW301"), [Unknown]);
}

#[test]
fn every_outcome_says_what_it_is_about() {
    let mut rows = UMBRELLA.to_vec();
    rows[1].2 = "AAAN";
    rows.push(("System", "Quark", "NNNA"));
    let judged = umbrella(&rows).person(101, 31).login("OpenDNS", Some(true)).api(257, "svc", 31).judge();
    for finding in &judged.results {
        assert!(!finding.message().is_empty() && !finding.message().ends_with('.'), "{finding:?}");
        assert_eq!(finding.fingerprint.to_string().len(), 64, "{finding:?}");
        let needs_fix = matches!(finding.status, Fail | Manual);
        assert!(finding.fix().is_some() || !needs_fix, "{finding:?}");
    }
    let mut fingerprints: Vec<_> = judged.results.iter().map(|own| &own.fingerprint).collect();
    fingerprints.sort();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), judged.results.len(), "each thing has a fingerprint of its own");
}
