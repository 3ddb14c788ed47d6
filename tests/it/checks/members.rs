//! LW301 to LW310: the members that serve integrations, and those that serve none.

use leastwise::checks::Certainty;
use leastwise::checks::Status::{Fail, Manual, NotApplicable, Pass, Unknown};
use leastwise::model::{Dataset, DatasetName, GapCause, MemberId, OwnMember, Power, RoleId, Said, Severity};

use crate::tiny::{By, Tiny, UMBRELLA, rows, setting, tiny, umbrella};

fn bound(binding: &str) -> By<'_> {
    By { config: binding, ..By::default() }
}

#[test]
fn a_role_that_nobody_holds_lacks_a_member_and_is_judged_all_the_same() {
    let judged = tiny().role(31, "Umbrella", &UMBRELLA).api(1, "leastwise", 99).judge();
    assert_eq!(judged.fails("LW301").len(), 1);
    assert_eq!(judged.fails("LW301")[0].role.as_ref().map(|role| role.id.0), Some(31));
    assert!(judged.of("LW101").iter().any(|own| own.status == Pass));
}

#[test]
fn a_bound_member_that_is_not_there_is_named() {
    let config = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Gone\"";
    let judged = umbrella(&UMBRELLA).judge_by(&bound(config));
    assert_eq!(judged.statuses("LW301"), [Fail]);
    assert!(judged.only("LW301").message().contains("\"Gone\""));
    assert!(!judged.nothing_matched, "it was declared, not asked for");
    assert_eq!(judged.statuses("LW309"), [Fail], "the binding stands in place of the match");
}

#[test]
fn without_the_lists_of_members_a_missing_one_is_unknown() {
    let tenant = tiny().role(31, "Umbrella", &UMBRELLA).api(1, "leastwise", 99);
    let no_people = tenant.clone().change(|tenant| {
        tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
    });
    let of_umbrella = |judged: &crate::tiny::Judged| {
        let own = judged.of("LW301").into_iter().find(|own| own.integration_id() == Some("cisco-umbrella"));
        own.map(|finding| finding.status)
    };
    assert_eq!(of_umbrella(&no_people.judge()), Some(Unknown));
    let no_api_members = tenant.change(|tenant| {
        tenant.api_members =
            Dataset::unavailable(DatasetName::ApiMembers, GapCause::Refused(Said::default()));
    });
    let judged = no_api_members.judge();
    assert_eq!(of_umbrella(&judged), Some(Unknown));
    for check in ["LW101", "LW102", "LW201", "LW202", "LW309"] {
        assert!(judged.of(check).iter().all(|own| own.status == Unknown), "{check}: {:?}", judged.of(check));
        assert!(!judged.of(check).is_empty(), "{check}");
    }
}

#[test]
fn a_member_on_another_role_than_the_binding_names_is_on_the_wrong_role() {
    let config =
        "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Umbrella\"\nrole = \"New\"";
    let tenant = umbrella(&UMBRELLA).role(32, "New", &UMBRELLA);
    let judged = tenant.judge_by(&bound(config));
    assert_eq!(judged.statuses("LW302"), [Fail]);
    let finding = judged.only("LW302");
    assert_eq!((finding.actual().as_deref(), finding.required().as_deref()), (Some("Umbrella"), Some("New")));
    let unsaid = tenant.clone().change_api(251, |member| member.role = None).judge_by(&bound(config));
    assert_eq!(unsaid.statuses("LW302"), [Unknown]);
    let right = tenant.change_api(251, |member| member.role = Some(RoleId(32)));
    assert_eq!(right.judge_by(&bound(config)).statuses("LW302"), [Pass]);
    assert_eq!(right.judge().statuses("LW302"), [NotApplicable], "without a binding there is no other role");
}

#[test]
fn an_inactive_member_is_a_finding_and_null_is_unknown() {
    let inactive = umbrella(&UMBRELLA).change_api(251, |member| member.active = Some(false)).judge();
    assert_eq!(inactive.statuses("LW303"), [Fail]);
    let unsaid = umbrella(&UMBRELLA).change_api(251, |member| member.active = None).judge();
    assert_eq!(unsaid.statuses("LW303"), [Unknown]);
}

#[test]
fn an_inactive_member_beside_an_active_one_is_left_over() {
    let judged = umbrella(&UMBRELLA)
        .api(252, "OpenDNS", 31)
        .change_api(252, |member| member.active = Some(false))
        .judge();
    assert_eq!(judged.statuses("LW303"), [Pass]);
    assert_eq!(judged.statuses("LW308"), [Pass]);
}

/// Umbrella's member, and our own (9), which called a moment ago.
fn with_use(days: Option<u32>) -> Tiny {
    umbrella(&UMBRELLA)
        .api(9, "leastwise", 31)
        .change(|tenant| tenant.own_member = Dataset::Complete(OwnMember { id: MemberId(9), days: Some(0) }))
        .change_use(251, |own| own.days = days)
}

#[test]
fn ninety_days_are_allowed_and_ninety_one_are_not() {
    assert_eq!(with_use(Some(90)).judge().statuses("LW304"), [Pass]);
    assert_eq!(with_use(Some(91)).judge().statuses("LW304"), [Fail]);
    let by = By { config: "[checks.LW304]\ndays = 30", ..By::default() };
    assert_eq!(with_use(Some(30)).judge_by(&by).statuses("LW304"), [Pass]);
    assert_eq!(with_use(Some(31)).judge_by(&by).statuses("LW304"), [Fail]);
}

#[test]
fn of_a_member_with_a_dangerous_power_forty_five_days_are_allowed_and_forty_six_are_not() {
    let idle = |days| {
        let rows = [("System", "Member Maintenance", "NANN")];
        let tenant = with_use(Some(0)).role(40, "Export", &rows).api(257, "svc", 40);
        tenant.change_use(257, |own| own.days = Some(days))
    };
    assert_eq!(idle(45).judge().statuses("LW304"), [Pass]);
    let judged = idle(46).judge();
    assert_eq!(judged.only("LW304").member.as_ref().map(|member| member.id.0), Some(257));
    assert_eq!(judged.only("LW304").required().as_deref(), Some("45 days"));
    let days = |days| format!("[checks.LW304]\ndays = {days}");
    let by = |config: &str, used| idle(used).judge_by(&bound(config)).statuses("LW304");
    assert_eq!(by(&days(30), 30), [Pass]);
    assert_eq!(by(&days(30), 31), [Fail], "the config may allow fewer");
    assert_eq!((by(&days(365), 365), by(&days(365), 366)), (vec![Pass], vec![Fail]), "or more");
    let admin = idle(46).change_role(40, |role| {
        role.admin = Some(true);
        role.name = "Export".into();
    });
    let admin = admin.change(|tenant| {
        tenant.settings.insert(RoleId(40), Dataset::Complete(vec![setting("System", "My Company", "NNNN")]));
    });
    assert_eq!(admin.judge().statuses("LW304"), [Fail], "an admin role gives every power");
}

#[test]
fn a_member_without_a_date_is_for_a_person_to_look_at_and_an_inactive_one_is_passed_over() {
    assert_eq!(with_use(None).judge().statuses("LW304"), [Manual]);
    let inactive = with_use(Some(400)).change_api(251, |member| member.active = Some(false));
    assert_eq!(inactive.judge().statuses("LW304"), [Pass]);
    let unsaid = with_use(Some(400)).change_api(251, |member| member.active = None);
    assert_eq!(unsaid.judge().statuses("LW304"), [Fail]);
}

#[test]
fn without_a_recent_use_of_our_own_nothing_is_said_of_use() {
    let own = |days| {
        with_use(Some(400)).change_use(9, |own| own.days = days).change(|tenant| {
            tenant.own_member = Dataset::Complete(OwnMember { id: MemberId(9), days });
        })
    };
    assert_eq!(own(Some(1)).judge().statuses("LW304"), [Fail]);
    assert_eq!(own(Some(2)).judge().statuses("LW304"), [NotApplicable]);
    assert_eq!(own(None).judge().statuses("LW304"), [NotApplicable]);
    let person = with_use(Some(400))
        .change(|tenant| tenant.own_member = Dataset::Complete(OwnMember { id: MemberId(1), days: Some(0) }));
    assert_eq!(person.judge().statuses("LW304"), [NotApplicable], "a person signs in");
    let refused = with_use(Some(400)).change(|tenant| {
        tenant.own_member = Dataset::unavailable(DatasetName::OwnMember, GapCause::TimedOut);
    });
    assert_eq!(refused.judge().statuses("LW304"), [Unknown]);
}

#[test]
fn a_report_on_no_member_at_all_says_nothing_of_use() {
    let request = leastwise::audit::Request { role: Some("Idle".to_owned()), ..Default::default() };
    let judged = with_use(Some(400)).role(40, "Idle", &UMBRELLA).judge_by(&By { request, ..By::default() });
    assert_eq!(judged.statuses("LW304"), [NotApplicable]);
}

#[test]
fn an_integration_on_a_persons_licence_is_a_finding() {
    let person = || {
        tiny().role(31, "Other", &UMBRELLA).person(101, 31).api(9, "x", 99).change_member(101, |member| {
            member.identifier = Some("umbrella".into());
        })
    };
    let judged = person().judge();
    assert_eq!(judged.statuses("LW305"), [Fail]);
    assert_eq!(judged.only("LW305").certainty, Certainty::Certain);
    assert_eq!(judged.statuses("LW306"), [NotApplicable]);
    let no_licence = person().change_member(101, |member| member.licence = None).judge();
    assert_eq!(no_licence.statuses("LW305"), [Unknown]);
}

#[test]
fn a_person_who_holds_an_integrations_role_is_likely_its_licence_unless_an_api_member_holds_it() {
    let alone = tiny().role(31, "Umbrella", &UMBRELLA).person(101, 31).api(9, "x", 99);
    assert_eq!(alone.judge().only("LW305").certainty, Certainty::Likely);
    let beside = umbrella(&UMBRELLA).person(101, 31).judge();
    assert_eq!(beside.statuses("LW305"), [Pass]);
    let elsewhere = tiny()
        .role(31, "Umbrella", &UMBRELLA)
        .person(101, 31)
        .role(32, "Other", &UMBRELLA)
        .api(251, "Umbrella", 32)
        .judge();
    assert_eq!(elsewhere.statuses("LW305"), [Pass], "the member by name is the better sign");
}

#[test]
fn what_narrows_a_member_is_listed_and_a_location_alone_is_not() {
    let plain = umbrella(&UMBRELLA).change_api(251, |member| member.location = Some("Main".into()));
    assert_eq!(plain.judge().statuses("LW306"), [Pass]);
    let narrow = |tenant: Tiny| {
        let judged = tenant.judge();
        assert_eq!(judged.statuses("LW306"), [Fail]);
        judged.only("LW306").actual().clone().unwrap_or_default()
    };
    let level =
        |name: &'static str| umbrella(&UMBRELLA).change_api(251, |member| member.level = Some(name.into()));
    assert_eq!(narrow(level("Branch (Level 2)")), "level \"Branch (Level 2)\"");
    assert_eq!(level("Corporate").judge().statuses("LW306"), [Pass]);
    assert_eq!(level("Head office").judge().statuses("LW306"), [Manual]);
    let kept_out = level("Head office").change_api(251, |member| member.excluded_boards = vec![7]);
    assert_eq!(narrow(kept_out), "cannot see 1 board", "what is known does not wait for what is not");
    let boards = umbrella(&UMBRELLA).change_api(251, |member| {
        member.excluded_boards = vec![7, 8];
        member.default_board = Some("Help".into());
    });
    assert_eq!(narrow(boards), "restricted to the board \"Help\" and cannot see 2 boards");
    let flags = umbrella(&UMBRELLA).change_use(251, |own| {
        own.restrict_location = Some(true);
        own.restrict_department = Some(true);
    });
    assert_eq!(narrow(flags), "restricted to its location and restricted to its department");
}

#[test]
fn restrictions_that_the_psa_does_not_say_are_no_pass() {
    let unsaid = umbrella(&UMBRELLA).change_use(251, |own| own.restrict_location = None).judge();
    assert_eq!(unsaid.statuses("LW306"), [Manual]);
    let no_level = umbrella(&UMBRELLA).change_api(251, |member| member.level = None).judge();
    assert_eq!(no_level.statuses("LW306"), [Manual]);
    let no_row = umbrella(&UMBRELLA)
        .api(9, "x", 99)
        .change(|tenant| rows(&mut tenant.member_use).retain(|own| own.id.0 != 251))
        .judge();
    assert_eq!(no_row.statuses("LW306"), [Unknown]);
    let refused = umbrella(&UMBRELLA)
        .change(|tenant| {
            tenant.member_use =
                Dataset::unavailable(DatasetName::MemberUse, GapCause::Refused(Said::default()));
        })
        .judge();
    assert_eq!(refused.statuses("LW306"), [Unknown]);
}

#[test]
fn an_active_login_from_before_keys_is_a_finding() {
    let with = |active| umbrella(&UMBRELLA).login("open-dns", active).judge();
    assert_eq!(with(Some(true)).statuses("LW307"), [Fail]);
    assert_eq!(with(Some(false)).statuses("LW307"), [Pass]);
    assert_eq!(with(None).statuses("LW307"), [Unknown]);
    let another = umbrella(&UMBRELLA).login("OpenDNSmasq", Some(true)).judge();
    assert_eq!(another.statuses("LW307"), [Pass], "never a substring");
    assert_eq!(umbrella(&UMBRELLA).judge().statuses("LW307"), [Pass], "an empty list is complete");
    let refused = umbrella(&UMBRELLA).change(|tenant| {
        tenant.logins =
            Dataset::unavailable(DatasetName::IntegratorLogins, GapCause::Refused(Said::default()));
    });
    assert_eq!(refused.judge().statuses("LW307"), [NotApplicable], "the role of the set-up does not open it");
}

#[test]
fn each_login_from_before_keys_is_a_finding_of_its_own() {
    let tenant = umbrella(&UMBRELLA).login("OpenDNS", Some(true)).login("Umbrella", Some(true));
    let judged = tenant.clone().login("open dns", None).judge();
    let logins = |judged: &crate::tiny::Judged, status| {
        let own = judged.of("LW307").into_iter().filter(|own| own.status == status);
        own.filter_map(|own| Some(own.login.as_ref()?.id)).collect::<Vec<_>>()
    };
    assert_eq!((logins(&judged, Fail), logins(&judged, Unknown)), (vec![1, 2], vec![3]));
    let prints: std::collections::BTreeSet<_> =
        judged.of("LW307").into_iter().map(|own| own.fingerprint).collect();
    assert_eq!(prints.len(), 3, "each has a fingerprint of its own");
}

#[test]
fn a_login_before_the_day_of_keys_is_no_finding() {
    let tenant = umbrella(&UMBRELLA).login("OpenDNS", Some(true));
    let on = |as_of| tenant.judge_by(&By { as_of, ..By::default() }).statuses("LW307");
    assert_eq!(on(jiff::civil::date(2020, 1, 31)), [NotApplicable]);
    assert_eq!(on(jiff::civil::date(2020, 2, 1)), [Fail]);
}

#[test]
fn a_login_alone_is_a_leftover_not_an_expectation() {
    let judged = tiny().role(9, "x", &UMBRELLA).api(9, "x", 9).login("Umbrella", Some(true)).judge();
    assert_eq!(judged.statuses("LW307"), [Fail]);
    assert_eq!(judged.statuses("LW203"), [NotApplicable]);
    assert_eq!(judged.statuses("LW301"), [NotApplicable]);
}

#[test]
fn two_active_members_of_one_integration_are_one_too_many() {
    let two = umbrella(&UMBRELLA).api(252, "OpenDNS", 31);
    let further = |tenant: &Tiny| {
        let judged = tenant.judge();
        let found = judged.fails("LW308");
        found.iter().map(|own| own.member.as_ref().map(|member| member.id.0)).collect::<Vec<_>>()
    };
    assert_eq!(two.judge().statuses("LW308"), [Fail]);
    assert_eq!(further(&two), [Some(252)]);
    let three = two.clone().api(250, "Cisco Umbrella", 31);
    assert_eq!(further(&three), [Some(251), Some(252)], "one for each beyond the first by id");
    let unsaid = two.clone().change_api(252, |member| member.active = None);
    assert_eq!(unsaid.judge().statuses("LW308"), [Unknown]);
    let inactive = two.change_api(252, |member| member.active = Some(false));
    assert_eq!(inactive.judge().statuses("LW308"), [Pass]);
}

#[test]
fn another_integrations_member_on_the_role_is_no_duplicate() {
    let judged = umbrella(&UMBRELLA).api(252, "Hudu", 31).judge();
    assert_eq!(judged.statuses("LW308"), [Pass; 2], "one for each integration");
    assert_eq!(judged.statuses("LW202"), [Fail], "the role is shared all the same");
    let alone = tiny().role(31, "Umbrella", &UMBRELLA).api(252, "Hudu", 31).judge();
    assert_eq!(alone.statuses("LW301"), [Pass; 2], "where there is no other, it may serve both");
}

#[test]
fn a_member_that_nothing_accounts_for_is_a_finding_while_it_is_active() {
    let with = |active, levels| {
        let tenant = umbrella(&UMBRELLA).role(40, "Export", &[("System", "Member Maintenance", levels)]);
        let judged = tenant.api(257, "svc", 40).change_api(257, |member| member.active = active).judge();
        let own =
            judged.of("LW309").into_iter().find(|own| own.member.as_ref().is_some_and(|own| own.id.0 == 257));
        own.cloned().expect("the member is judged")
    };
    let dangerous = with(Some(true), "NANN");
    assert_eq!((dangerous.status, dangerous.severity), (Fail, Severity::Critical));
    assert_eq!(dangerous.powers(), [Power::TakeOver]);
    let harmless = with(Some(true), "NNNA");
    assert_eq!(
        (harmless.status, harmless.severity, harmless.powers()),
        (Fail, Severity::Medium, [].as_slice())
    );
    assert_eq!(with(None, "NANN").status, Unknown);
    assert_eq!(with(Some(false), "NANN").status, NotApplicable);
}

#[test]
fn a_binding_or_a_match_accounts_for_a_member() {
    let svc = || tiny().role(40, "Export", &UMBRELLA).api(257, "svc", 40);
    assert_eq!(svc().judge().statuses("LW309"), [Fail]);
    let config = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"SVC\"";
    assert_eq!(svc().judge_by(&bound(config)).statuses("LW309"), [Pass]);
    let by_role = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nrole = \"40\"";
    assert_eq!(svc().judge_by(&bound(by_role)).statuses("LW309"), [Pass]);
    let by_name = svc().change_api(257, |member| member.name = Some("Umbrella West".into()));
    assert_eq!(by_name.judge().statuses("LW309"), [Fail], "equality, never a part of a name");
    let by_name = svc().change_api(257, |member| member.name = Some("UMBRELLA".into()));
    assert_eq!(by_name.judge().statuses("LW309"), [Pass]);
}

#[test]
fn lists_of_members_that_contradict_each_other_are_unknown_and_never_a_finding() {
    let two = umbrella(&UMBRELLA).role(40, "Other", &UMBRELLA).api(252, "Hudu", 31);
    assert_eq!(two.judge().statuses("LW310"), [Pass]);
    let other_role = two.clone().change_member(252, |own| own.role = Some(RoleId(40)));
    let inactive = two.clone().change_member(252, |own| own.active = Some(false));
    let api_list_alone = two.clone().change(|tenant| rows(&mut tenant.members).retain(|own| own.id.0 != 252));
    let member_list_alone =
        two.clone().change(|tenant| rows(&mut tenant.api_members).retain(|own| own.id.0 != 252));
    for tenant in [&other_role, &inactive, &api_list_alone, &member_list_alone] {
        let judged = tenant.judge();
        assert_eq!(judged.statuses("LW310"), [Unknown]);
        assert_eq!(judged.only("LW310").member.as_ref().map(|member| member.id.0), Some(252));
        assert!(judged.only("LW310").fix().is_some());
    }
    let waived = "[[waiver]]\ncheck = \"LW310\"\nreason = \"r\"\nowner = \"o\"\nsince = 2026-11-01\nexpires = 2026-12-01";
    assert_eq!(other_role.judge_by(&bound(waived)).statuses("LW310"), [Unknown]);
    let off = "[checks.LW310]\nseverity = \"off\"";
    assert!(other_role.judge_by(&bound(off)).of("LW310").is_empty());
}

#[test]
fn lists_of_members_that_do_not_overlap_are_not_compared_and_an_unread_one_is_unknown() {
    let tenant = umbrella(&UMBRELLA).person(101, 31);
    let apart = tenant.clone().change(|tenant| rows(&mut tenant.members).retain(|own| own.id.0 != 251));
    assert_eq!(apart.judge().statuses("LW310"), [NotApplicable]);
    let people = tenant.clone().change(|tenant| {
        tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
    });
    assert_eq!(people.judge().statuses("LW310"), [Unknown]);
    assert_eq!(people.judge().only("LW310").dataset, Some(DatasetName::Members));
    let api_members = tenant.change(|tenant| {
        tenant.api_members =
            Dataset::unavailable(DatasetName::ApiMembers, GapCause::Refused(Said::default()));
    });
    assert_eq!(api_members.judge().only("LW310").dataset, Some(DatasetName::ApiMembers));
}
