//! Exit codes: one table, decided before any writer runs, the same for every format.

use leastwise::checks::{Answer, CheckId, Detail, Finding, Status, Subject};
use leastwise::model::{Dataset, DatasetName, GapCause, Said, Severity, Tenant};
use leastwise::render::{Report, TenantReport};

use crate::support::leastwise;
use crate::tiny::{Judged, TODAY, UMBRELLA, report, tenant_report, tiny, umbrella};

fn tenant() -> Tenant {
    tiny().0
}

fn finding(status: Status, severity: Severity) -> Finding {
    let answer = Answer::new(status, Detail::Clear).severity(severity);
    CheckId::MissingPermission.check().finding(&tenant().id, &Subject::default(), answer)
}

fn exit_of(results: &[Finding], nothing_matched: bool, fail_on: Option<Severity>) -> u8 {
    let judged = Judged { results: results.to_vec(), nothing_matched, ..Judged::default() };
    report(&umbrella(&UMBRELLA).0, &judged, fail_on).exit.code()
}

#[test]
fn one_outcome_of_each_status_and_severity_at_each_threshold() {
    for status in Status::ALL {
        for severity in Severity::ALL {
            for fail_on in Severity::ALL.into_iter().map(Some).chain([None]) {
                let expected = match (status, fail_on) {
                    (Status::Fail, Some(threshold)) if severity >= threshold => 1,
                    (Status::Unknown, _) => 4,
                    _ => 0,
                };
                let found = exit_of(&[finding(status, severity)], false, fail_on);
                assert_eq!(found, expected, "{status} {severity} at {fail_on:?}");
            }
        }
    }
}

#[test]
fn of_several_the_first_of_3_5_1_4_0_holds() {
    let fail = finding(Status::Fail, Severity::High);
    let unknown = finding(Status::Unknown, Severity::Info);
    let both = [fail.clone(), unknown.clone()];
    assert_eq!(exit_of(&both, true, Some(Severity::Medium)), 5);
    assert_eq!(exit_of(&both, false, Some(Severity::Medium)), 1);
    assert_eq!(exit_of(&both, false, Some(Severity::Critical)), 4, "nothing at the threshold");
    assert_eq!(exit_of(&both, false, None), 4);
    assert_eq!(exit_of(&[fail], false, Some(Severity::Critical)), 0);
    assert_eq!(exit_of(&[], false, Some(Severity::Info)), 0);
    let judged = Judged { results: both.to_vec(), nothing_matched: true, ..Judged::default() };
    let tenant = tenant_report(&umbrella(&UMBRELLA).0, &judged);
    let unread = TenantReport { failure: Some("the key was refused".to_owned()), ..tenant };
    let report = Report::new(TODAY, Some(Severity::Medium), None, vec![unread.into()]);
    assert_eq!(report.exit.code(), 3);
}

const FORMATS: [&str; 4] = ["table", "json", "sarif", "sarif-full"];

/// The exit code of an audit, which no format changes.
fn code(snapshot: &str, args: &[&str]) -> u8 {
    let codes = FORMATS.map(|format| {
        let common = ["audit", "--snapshot", "-", "--format", format];
        leastwise(common.iter().chain(args).copied()).stdin(snapshot).run().code
    });
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?} for {args:?}");
    codes[0]
}

#[test]
fn a_whole_command_ends_with_each_code() {
    let clean = umbrella(&UMBRELLA);
    let mut rows = UMBRELLA;
    rows[0].2 = "NNNM";
    let lacking = umbrella(&rows);
    let partly = clean.clone().change(|tenant| {
        tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
    });
    let roleless = clean.clone().change(|tenant| {
        tenant.roles = Dataset::unavailable(DatasetName::Roles, GapCause::Refused(Said::default()));
    });
    assert_eq!(code(&clean.text(), &[]), 0);
    assert_eq!(code(&lacking.text(), &[]), 1);
    assert_eq!(code("{}", &[]), 2);
    assert_eq!(code(&clean.text(), &["--integration", "no-such-thing"]), 2);
    assert_eq!(code(&roleless.text(), &[]), 3);
    assert_eq!(code(&roleless.text(), &["--integration", "no-such-thing"]), 2, "2 comes before 3");
    assert_eq!(code(&partly.text(), &[]), 4);
    assert_eq!(code(&clean.text(), &["--integration", "hudu"]), 5);
    assert_eq!(code(&lacking.text(), &["--integration", "hudu"]), 5, "5 comes before 1: nothing was judged");
    let both = ["--integration", "hudu", "--integration", "cisco-umbrella"];
    assert_eq!(code(&clean.text(), &both), 1, "one of two is there: the other lacks a role and a member");
}

#[test]
fn each_threshold_is_a_floor_and_never_is_never() {
    let mut rows = UMBRELLA;
    rows[0].2 = "NNNM"; // LW101, high
    let text = umbrella(&rows).text();
    for (threshold, expected) in
        [("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)]
    {
        assert_eq!(code(&text, &["--fail-on", threshold]), expected, "{threshold}");
    }
    assert_eq!(leastwise(["audit", "--snapshot", "-", "--fail-on", "hihg"]).stdin(text).run().code, 2);
}

#[test]
fn a_report_that_cannot_be_written_is_3_findings_or_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = leastwise(["audit", "--snapshot", "-", "--output", "json=no/such/folder/x.json"])
        .folder(folder.path())
        .stdin(umbrella(&UMBRELLA).text())
        .run();
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("no/such/folder/x.json"), "{run:?}");
    assert!(run.stdout.contains("0 findings"), "what could be written was: {run:?}");
}

#[test]
fn a_hint_says_how_to_name_what_was_not_found() {
    let run = leastwise(["audit", "--snapshot", "-", "--integration", "hudu"])
        .stdin(umbrella(&UMBRELLA).text())
        .run();
    assert!(run.stderr.contains("--member or --role"), "{run:?}");
}
