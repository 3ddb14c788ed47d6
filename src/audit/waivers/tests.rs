//! Waivers: on which day, for which finding, and of which use.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{About, Standing, apply, covers, days_between, describe, identity, snippet, standing};
use crate::audit::Request;
use crate::checks;
use crate::checks::{Answer, CheckId, Detail, Finding, Status, Subject, Unsure};
use crate::model::{
    ApiMember, Dataset, FunctionRef, IntegrationRef, MemberId, MemberRef, RoleId, RoleRef, Tenant, TenantId,
    Verb,
};
use crate::policy::{CheckOverride, Policy, Waiver};

const SINCE: Date = date(2026, 11, 1);
const EXPIRES: Date = date(2026, 12, 1);

/// In order, and for every finding of LW102.
fn waiver() -> Waiver {
    Waiver {
        check: "LW102".to_owned(),
        reason: Some("CHG-1042".to_owned()),
        owner: Some("secops".to_owned()),
        since: Some(SINCE),
        expires: Some(EXPIRES),
        ..Waiver::default()
    }
}

/// A tenant whose member 251 is named "Cisco Umbrella".
fn tenant() -> Tenant {
    let id = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
    let mut tenant = Tenant::unread(id, Timestamp::UNIX_EPOCH);
    tenant.api_members = Dataset::Complete(vec![ApiMember {
        name: Some("Cisco Umbrella".into()),
        active: Some(true),
        ..ApiMember::new(MemberId(251), "Umbrella")
    }]);
    tenant
}

/// A finding of a check that has everything a waiver can name but a table and a login.
fn finding(check: &str, status: Status) -> Finding {
    let subject = Subject {
        integration: Some(
            IntegrationRef { id: "cisco-umbrella".into(), title: "Cisco Umbrella".into() }.into(),
        ),
        role: Some(RoleRef { id: RoleId(31), name: "Umbrella".into(), namesake: false }.into()),
        member: Some(
            MemberRef { id: MemberId(251), identifier: Some("Umbrella".into()), namesake: false }.into(),
        ),
        place: None,
    };
    let function = FunctionRef { module: "Companies".into(), function: "Contacts".into() };
    let check = checks::find(check).expect("a check");
    let finding = check.finding(&tenant().id, &subject, Answer::new(status, Detail::Clear));
    Finding { function: Some(function.into()), verb: Some(Verb::Edit), ..finding }
}

fn faults(waiver: &Waiver, as_of: Date) -> Vec<String> {
    match standing(waiver, as_of, 365) {
        Standing::Void(faults) => faults,
        Standing::Holds(_) | Standing::NotYet(_) => Vec::new(),
    }
}

#[test]
fn a_waiver_holds_from_its_first_day_to_its_last() {
    assert_eq!(standing(&waiver(), date(2026, 10, 31), 365), Standing::NotYet(SINCE));
    for (day, age) in [(SINCE, 0), (date(2026, 11, 22), 21), (EXPIRES, 30)] {
        let Standing::Holds(acceptance) = standing(&waiver(), day, 365) else { panic!("{day}") };
        assert_eq!((acceptance.age_days, acceptance.expires), (age, EXPIRES));
        assert_eq!((acceptance.reason.as_str(), acceptance.owner.as_str()), ("CHG-1042", "secops"));
    }
    assert_eq!(faults(&waiver(), date(2026, 12, 2)), ["it expired on 2026-12-01"]);
    assert_eq!(days_between(EXPIRES, SINCE), -30);
}

#[test]
fn every_gap_of_a_waiver_is_named_and_none_twice() {
    let bare = Waiver { check: "LW102".to_owned(), ..Waiver::default() };
    let missing = ["`reason` is missing", "`owner` is missing", "`since` is missing", "`expires` is missing"];
    assert_eq!(faults(&bare, SINCE), missing);
    let unreadable = "`since` is \"soon\", which is no day such as 2026-11-22".to_owned();
    let misread = Waiver { since: None, faults: vec![unreadable.clone()], ..waiver() };
    assert_eq!(faults(&misread, SINCE), [unreadable]);
    let judge = Waiver { check: "expired-waiver".to_owned(), ..waiver() };
    assert_eq!(faults(&judge, SINCE), ["expired-waiver cannot be waived"]);
    let backwards = Waiver { since: Some(EXPIRES), expires: Some(SINCE), ..waiver() };
    let sentence = "it expires on 2026-11-01, before it begins on 2026-12-01";
    assert_eq!(faults(&backwards, SINCE), [sentence]);
    let day = Waiver { expires: Some(SINCE), ..waiver() };
    assert!(faults(&day, SINCE).is_empty(), "one day is long enough");
}

#[test]
fn exactly_the_most_days_are_not_too_many() {
    let year = Waiver { expires: Some(date(2027, 11, 1)), ..waiver() };
    assert!(faults(&year, SINCE).is_empty());
    let longer = Waiver { expires: Some(date(2027, 11, 2)), ..waiver() };
    assert_eq!(faults(&longer, SINCE), ["it holds for 366 days from 2026-11-01; 365 are the most"]);
}

#[test]
fn a_waiver_covers_what_has_every_field_that_it_gives() {
    let finding = finding("LW102", Status::Fail);
    assert!(covers(&waiver(), &About::from(&finding)));
    assert!(covers(&Waiver { check: "excessive-permission".to_owned(), ..waiver() }, &About::from(&finding)));
    let narrow = |change: fn(&mut Waiver, Option<String>), word: &str| {
        let mut waiver = waiver();
        change(&mut waiver, Some(word.into()));
        covers(&waiver, &About::from(&finding))
    };
    for (change, right, wrong) in [
        (
            (|own, word| own.integration = word) as fn(&mut Waiver, Option<String>),
            vec!["cisco-umbrella"],
            vec!["Cisco-Umbrella"],
        ),
        (|own, word| own.role = word, vec!["umbrella"], vec!["31", "Umbrell"]),
        (|own, word| own.member = word, vec!["Umbrella"], vec!["251", "cisco umbrella", "Cisco"]),
        (
            |own, word| own.function = word,
            vec!["companies / contact"],
            vec!["Contacts", "Companies / Reports"],
        ),
        (|own, word| own.check = word.unwrap_or_default(), vec!["lw102"], vec!["LW101", "LW999"]),
        (|own, word| own.table = word, vec![], vec!["Service / Priority"]),
    ] {
        assert!(right.iter().all(|word| narrow(change, word)), "{right:?}");
        assert!(!wrong.iter().any(|word| narrow(change, word)), "{wrong:?}");
    }
    assert!(covers(&Waiver { verb: Some(Verb::Edit), ..waiver() }, &About::from(&finding)));
    assert!(!covers(&Waiver { verb: Some(Verb::Add), ..waiver() }, &About::from(&finding)));
    let mut of_table = finding.clone();
    of_table.table = Some("Service / Priority".into());
    assert!(covers(
        &Waiver { table: Some("service / priorities".into()), ..waiver() },
        &About::from(&of_table)
    ));
    let bare = Finding { role: None, member: None, function: None, ..finding };
    assert!(covers(&waiver(), &About::from(&bare)));
    assert!(!covers(&Waiver { role: Some("31".into()), ..waiver() }, &About::from(&bare)));
    assert!(!covers(&Waiver { member: Some("251".into()), ..waiver() }, &About::from(&bare)));
}

#[test]
fn an_id_is_no_name_and_a_name_no_id() {
    let finding = finding("LW102", Status::Fail);
    let by = |change: fn(&mut Waiver)| {
        let mut waiver = waiver();
        change(&mut waiver);
        covers(&waiver, &About::from(&finding))
    };
    assert!(by(|own| own.role_id = Some(31)) && by(|own| own.member_id = Some(251)));
    assert!(!by(|own| own.role_id = Some(32)) && !by(|own| own.member_id = Some(31)));
    let named_like_the_id = Finding {
        role: Some(RoleRef { id: RoleId(7), name: "31".into(), namesake: false }.into()),
        ..finding.clone()
    };
    let by_id = Waiver { role_id: Some(31), ..waiver() };
    assert!(!covers(&by_id, &About::from(&named_like_the_id)));
    let digits = Waiver { role: Some("31".into()), ..waiver() };
    assert_eq!(faults(&digits, SINCE), ["`role` is a name; for an id write `role_id`"]);
}

#[test]
fn what_is_about_one_key_is_waived_for_a_named_key_only() {
    for check in ["LW201", "LW304", "LW307", "LW309"] {
        let broad = Waiver { check: check.to_owned(), ..waiver() };
        let sentence = format!("{check} is about one key: name its `member`, `member_id` or `login`");
        assert_eq!(faults(&broad, SINCE), [sentence]);
        assert!(faults(&Waiver { member_id: Some(251), ..broad.clone() }, SINCE).is_empty());
        assert!(faults(&Waiver { login: Some("OpenDNS".into()), ..broad }, SINCE).is_empty());
    }
    assert!(faults(&Waiver { check: "LW202".to_owned(), ..waiver() }, SINCE).is_empty(), "of the role");
}

/// What came of one waiver: how many findings it covers, why it is unsure, and the statuses afterwards.
fn applied(
    policy: &Policy,
    request: &Request,
    mut results: Vec<Finding>,
) -> (usize, Option<Unsure>, Vec<Status>) {
    let applied = apply(policy, SINCE, request, &mut results);
    (applied[0].findings, applied[0].unsure, results.iter().map(|finding| finding.status).collect())
}

#[test]
fn findings_become_waived_and_nothing_else_does() {
    let policy = Policy { waivers: vec![waiver()], ..Policy::default() };
    let results = vec![
        finding("LW102", Status::Fail),
        finding("LW102", Status::NotApplicable),
        finding("LW101", Status::Fail),
    ];
    let statuses = vec![Status::Waived, Status::NotApplicable, Status::Fail];
    assert_eq!(applied(&policy, &Request::default(), results), (1, None, statuses));
    let void = Policy { waivers: vec![Waiver { owner: None, ..waiver() }], ..Policy::default() };
    let results = vec![finding("LW102", Status::Fail)];
    assert_eq!(applied(&void, &Request::default(), results), (1, None, vec![Status::Fail]));
}

#[test]
fn of_several_the_longest_waives_and_of_those_the_first() {
    let of = |owner: &str, expires| Waiver { owner: Some(owner.into()), expires: Some(expires), ..waiver() };
    let waivers = vec![of("a", EXPIRES), of("b", date(2026, 12, 2)), of("c", date(2026, 12, 2))];
    let policy = Policy { waivers, ..Policy::default() };
    let mut results = [finding("LW102", Status::Fail)];
    apply(&policy, SINCE, &Request::default(), &mut results);
    assert_eq!(results[0].waiver.as_ref().map(|own| own.owner.as_str()), Some("b"));
}

#[test]
fn the_config_says_how_long_a_waiver_may_hold() {
    let days = CheckOverride { days: Some(29), ..CheckOverride::default() };
    let checks = [(CheckId::ExpiredWaiver, days)].into();
    let policy = Policy { waivers: vec![waiver()], checks, ..Policy::default() };
    let results = vec![finding("LW102", Status::Fail)];
    assert_eq!(applied(&policy, &Request::default(), results).2, [Status::Fail]);
}

#[test]
fn whether_a_waiver_is_of_use_is_said_of_whole_and_complete_runs_only() {
    let part = Some(Unsure::PartJudged);
    let gap = Some(Unsure::NotAllRead);
    let folded = Some(Unsure::Counted);
    let own = |change: fn(&mut Waiver)| {
        let mut waiver = waiver();
        change(&mut waiver);
        Policy { waivers: vec![waiver], ..Policy::default() }
    };
    let whole = Request::default();
    let limited = Request { role: Some("31".into()), ..Request::default() };
    let all = Request { all: true, ..Request::default() };
    let plain = own(|_| {});
    let fleet = Policy { fleet: true, ..own(|_| {}) };
    let named = Policy { fleet: true, ..own(|own| own.tenant = Some("acme".into())) };
    let wide = || vec![finding("LW206", Status::Fail)];
    let incomplete = || vec![finding("LW901", Status::Unknown)];
    let unknown = || vec![finding("LW102", Status::Unknown)];
    let clear = || vec![finding("LW901", Status::Pass), finding("LW101", Status::Unknown)];
    for (policy, request, results, unsure) in [
        (&plain, &whole, clear(), None),
        (&plain, &limited, clear(), part),
        (&fleet, &whole, clear(), part),
        (&named, &whole, clear(), None),
        (&plain, &whole, incomplete(), gap),
        (&plain, &whole, unknown(), gap),
        (&plain, &whole, wide(), folded),
        (&plain, &all, wide(), None),
        (&own(|own| own.check = "LW101".to_owned()), &whole, wide(), None),
        (&own(|own| own.role = Some("Hudu".into())), &whole, wide(), None),
        (&own(|own| own.role_id = Some(32)), &whole, wide(), None),
        (&own(|own| own.role = Some("umbrella".into())), &whole, wide(), folded),
        (&own(|own| own.role_id = Some(31)), &whole, wide(), folded),
        (&own(|own| own.member = Some("Hudu".into())), &whole, wide(), None),
        (&own(|own| own.member_id = Some(999)), &whole, wide(), None),
        (&own(|own| own.member = Some("Umbrella".into())), &whole, wide(), folded),
        (&own(|own| own.member_id = Some(251)), &whole, wide(), folded),
        (&plain, &whole, vec![finding("LW206", Status::Pass)], None),
        (&plain, &whole, vec![finding("LW202", Status::Fail)], None),
    ] {
        assert_eq!(applied(policy, request, results).1, unsure, "{policy:?}");
    }
    let mut waived = wide();
    waived[0].status = Status::Waived;
    assert_eq!(applied(&plain, &whole, waived).1, folded);
}

#[test]
fn a_waiver_is_called_by_everything_that_it_names() {
    let full = Waiver {
        integration: Some("cisco-umbrella".into()),
        role: Some("Umbrella".into()),
        member: Some("251".into()),
        function: Some("Companies / Contacts".into()),
        verb: Some(Verb::Edit),
        table: Some("Service / Priority".into()),
        ..waiver()
    };
    let words = "LW102, cisco-umbrella, role Umbrella, member 251, Companies / Contacts, edit, table Service / Priority";
    assert_eq!(describe(&full), words);
    assert_eq!(identity(&waiver()), "LW102, 2026-11-01 to 2026-12-01");
    assert_eq!(identity(&Waiver { since: None, expires: None, ..waiver() }), "LW102,  to ");
}

#[test]
fn the_waiver_that_a_finding_offers_names_it_by_ids_and_waits_for_an_owner() {
    let mut of_table = finding("LW102", Status::Fail);
    of_table.table = Some("Service / Priority".into());
    insta::assert_snapshot!(snippet(&of_table, SINCE).expect("a waiver"), @r#"
    [[waiver]]
    check = "LW102"
    integration = "cisco-umbrella"
    role_id = 31   # Umbrella
    member_id = 251   # Umbrella
    function = "Companies / Contacts"
    verb = "edit"
    table = "Service / Priority"
    reason = ""   # why, with the ticket; left blank, it does not waive
    owner = ""   # who answers for it
    since = 2026-11-01
    expires = 2027-01-30
    "#);
    assert_eq!(snippet(&finding("LW102", Status::Unknown), SINCE), None);
    assert_eq!(snippet(&finding("LW401", Status::Fail), SINCE), None);
    assert_eq!(snippet(&finding("LW402", Status::Fail), SINCE), None);
}
