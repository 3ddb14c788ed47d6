//! LW201 to LW205: who holds a role, and what kind of role it is.

use leastwise::audit::Kind;
use leastwise::checks::Status::{Fail, NotApplicable, Pass, Unknown};
use leastwise::model::{Dataset, DatasetName, GapCause, RoleId, Said, Severity};

use crate::tiny::{By, UMBRELLA, asked, library_with, tiny, umbrella};

const GRANT_CHECKS: [&str; 6] = ["LW101", "LW102", "LW103", "LW104", "LW105", "LW206"];

#[test]
fn a_role_with_the_admin_flag_is_one_finding_and_its_grants_say_nothing() {
    let judged =
        umbrella(&[("System", "Quark", "A?-.")]).change_role(31, |role| role.admin = Some(true)).judge();
    assert_eq!(judged.statuses("LW201"), [Fail]);
    assert_eq!(judged.only("LW201").severity, Severity::Critical);
    for check in GRANT_CHECKS {
        assert_eq!(judged.statuses(check), [NotApplicable], "{check}");
    }
}

#[test]
fn a_role_named_admin_is_one_whatever_its_flag_says() {
    for flag in [Some(false), None] {
        let judged = tiny()
            .role(1, "ADMIN", &UMBRELLA)
            .change_role(1, |role| role.admin = flag)
            .api(251, "Umbrella", 1)
            .judge();
        assert_eq!(judged.statuses("LW201"), [Fail], "{flag:?}");
        assert_eq!(judged.statuses("LW101"), [NotApplicable], "{flag:?}");
    }
    let other = tiny().role(1, "Admins", &UMBRELLA).api(251, "Umbrella", 1).judge();
    assert_eq!(other.statuses("LW201"), [Pass], "another name is another role");
}

#[test]
fn an_admin_flag_of_null_is_unknown_and_grants_are_judged() {
    let judged = umbrella(&UMBRELLA).change_role(31, |role| role.admin = None).judge();
    assert_eq!(judged.statuses("LW201"), [Unknown]);
    assert_eq!(judged.statuses("LW101"), [Pass]);
}

#[test]
fn an_admin_role_that_people_alone_hold_is_nobodys_key() {
    let judged = umbrella(&UMBRELLA)
        .role(1, "Admin", &UMBRELLA)
        .change_role(1, |role| role.admin = Some(true))
        .person(101, 1)
        .judge();
    assert_eq!(judged.statuses("LW201"), [Pass], "only the role of the API member is judged");
}

#[test]
fn each_holder_of_an_admin_role_is_a_finding_inactive_ones_too() {
    let judged = tiny()
        .role(1, "Admin", &UMBRELLA)
        .api(252, "Hudu", 1)
        .api(251, "Umbrella", 1)
        .change_api(252, |member| member.active = Some(false))
        .judge();
    let holders: Vec<_> = judged.fails("LW201").iter().filter_map(|own| own.member.clone()).collect();
    let holders: Vec<_> = holders.iter().map(|own| (own.id.0, own.to_string())).collect();
    assert_eq!(holders, [(251, "Umbrella".to_owned()), (252, "Hudu".to_owned())]);
    assert_eq!(judged.statuses("LW201"), [Fail, Fail]);
}

#[test]
fn a_role_is_shared_with_an_active_person_only() {
    let shared = umbrella(&UMBRELLA).person(101, 31);
    assert_eq!(shared.judge().statuses("LW202"), [Fail]);
    let inactive = shared.clone().change_member(101, |member| member.active = Some(false));
    assert_eq!(inactive.judge().statuses("LW202"), [Pass]);
    let unsaid = shared.clone().change_member(101, |member| member.active = None);
    assert_eq!(unsaid.judge().statuses("LW202"), [Unknown]);
    let no_licence = shared.change_member(101, |member| member.licence = None);
    assert_eq!(no_licence.judge().statuses("LW202"), [Unknown]);
}

#[test]
fn two_people_are_counted_not_named() {
    let judged = umbrella(&UMBRELLA).person(101, 31).person(102, 31).judge();
    assert!(judged.only("LW202").message().contains("2 people"));
    assert!(!judged.only("LW202").message().contains("101"));
}

#[test]
fn integrations_with_the_same_needs_may_share_a_role() {
    let same = |id: &str| {
        format!(
            "id = \"{id}\"\nvendor = \"V\"\nproduct = \"P {id}\"\nread = 2026-11-22\n[match]\nmembers = [\"{id}\"]\n\
             [needs.Sales]\n\"Opportunity\" = {{ inquire = \"All\" }}\n"
        )
    };
    let more = same("three").replace("All", "My");
    let library = library_with(&[&same("one"), &same("two"), &more]);
    let role = || tiny().role(5, "Shared", &[("Sales", "Opportunity", "NNNA")]).api(50, "one", 5);
    let by = || By { library: &library, ..By::default() };
    assert_eq!(role().api(51, "two", 5).judge_by(&by()).statuses("LW202"), [Pass]);
    let differs = role().api(52, "three", 5).judge_by(&by());
    assert_eq!(differs.statuses("LW202"), [Fail]);
    assert!(differs.only("LW202").message().contains("one and three"));
}

#[test]
fn without_the_list_of_people_sharing_is_unknown() {
    let judged = umbrella(&UMBRELLA)
        .change(|tenant| {
            tenant.members = Dataset::unavailable(DatasetName::Members, GapCause::Refused(Said::default()));
        })
        .judge();
    assert_eq!(judged.statuses("LW202"), [Unknown]);
    assert_eq!(judged.statuses("LW901"), [Unknown]);
}

#[test]
fn an_integration_that_is_asked_for_and_has_nothing_lacks_a_role_and_a_member() {
    let by = By { request: asked("hudu"), ..By::default() };
    let judged = umbrella(&UMBRELLA).judge_by(&by);
    assert_eq!(judged.statuses("LW203"), [Fail]);
    assert_eq!(judged.statuses("LW301"), [Fail]);
    assert!(judged.nothing_matched);
}

#[test]
fn a_binding_to_a_role_that_is_not_there_names_it() {
    let config =
        "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Umbrella\"\nrole = \"Gone\"";
    let judged = umbrella(&UMBRELLA).judge_by(&By { config, ..By::default() });
    assert_eq!(judged.statuses("LW203"), [Fail]);
    assert_eq!(judged.only("LW203").required().as_deref(), Some("Gone"));
    assert_eq!(judged.statuses("LW302"), [NotApplicable]);
    assert_eq!(judged.statuses("LW101"), [Pass], "the role that the member holds is judged");
}

#[test]
fn a_member_whose_role_is_not_listed_or_not_said_has_no_role_that_can_be_judged() {
    let unlisted = umbrella(&UMBRELLA).change_api(251, |member| member.role = Some(RoleId(99))).judge();
    assert_eq!(unlisted.statuses("LW203"), [Fail]);
    assert_eq!(unlisted.only("LW203").actual().as_deref(), Some("99"));
    assert_eq!(unlisted.statuses("LW204"), [NotApplicable]);
    let unsaid = umbrella(&UMBRELLA).change_api(251, |member| member.role = None).judge();
    assert_eq!(unsaid.statuses("LW203"), [Unknown]);
}

#[test]
fn a_bound_member_on_an_inactive_role_is_a_finding_and_null_is_unknown() {
    let inactive = umbrella(&UMBRELLA).change_role(31, |role| role.active = Some(false)).judge();
    assert_eq!(inactive.statuses("LW204"), [Fail]);
    let unsaid = umbrella(&UMBRELLA).change_role(31, |role| role.active = None).judge();
    assert_eq!(unsaid.statuses("LW204"), [Unknown]);
}

#[test]
fn a_role_is_used_by_anybody_active() {
    let other = umbrella(&UMBRELLA).role(40, "Other", &UMBRELLA);
    let of_other = |tenant: crate::tiny::Tiny| {
        let judged = tenant.judge();
        let found =
            judged.of("LW205").into_iter().find(|own| own.role.as_ref().is_some_and(|role| role.id.0 == 40));
        found.map(|finding| finding.status)
    };
    assert_eq!(of_other(other.clone()), Some(Fail), "nobody");
    assert_eq!(of_other(other.clone().person(101, 40)), Some(Pass), "a person");
    assert_eq!(of_other(other.clone().api(252, "x", 40)), Some(Pass), "an API member");
    let inactive = other.clone().person(101, 40).change_member(101, |member| member.active = Some(false));
    assert_eq!(of_other(inactive), Some(Fail), "only an inactive one");
    let unsaid = other.clone().person(101, 40).change_member(101, |member| member.active = None);
    assert_eq!(of_other(unsaid), Some(Unknown), "who knows");
    let resting = other.change_role(40, |role| role.active = Some(false));
    assert_eq!(of_other(resting), Some(NotApplicable), "inactive, as it should be");
}

#[test]
fn a_person_whose_role_is_not_said_may_hold_any() {
    let excess = [&UMBRELLA[..], &[("Companies", "Notes", "A---")]].concat();
    let tenant = umbrella(&excess).role(40, "Other", &UMBRELLA).person(101, 40);
    let known = tenant.judge();
    assert_eq!(known.statuses("LW202")[..1], [Pass]);
    assert!(known.plan.steps.iter().any(|step| step.kind == Kind::Remove), "{:?}", known.plan.steps);
    let unsaid = tenant.clone().change_member(101, |member| member.role = None).judge();
    assert!(unsaid.statuses("LW202").contains(&Unknown) && !unsaid.statuses("LW202").contains(&Pass));
    assert!(unsaid.statuses("LW205").contains(&Unknown));
    let takes = |kind: Kind| [Kind::Cut, Kind::Remove].contains(&kind);
    assert!(!unsaid.plan.steps.iter().any(|step| takes(step.kind)), "{:?}", unsaid.plan.steps);
    let inactive = tenant.change_member(101, |member| (member.role, member.active) = (None, Some(false)));
    assert!(!inactive.judge().statuses("LW202").contains(&Unknown), "whoever is inactive uses no role");
}
