//! What findings say on people, roles and members: who, what, and the clicks that fix it.

use leastwise::checks::Status::{Fail, NotApplicable, Pass};
use leastwise::model::{Grant, Licence};

use crate::tiny::{By, Judged, UMBRELLA, library_with, tiny, umbrella};

/// Message and fix of a check's only finding.
fn said(judged: &Judged, check: &str) -> String {
    let only = judged.only(check);
    format!("{}\n{}", only.message(), only.fix().as_deref().unwrap_or("-"))
}

const BY_ID: &str = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"101\"";

#[test]
fn an_admin_role_says_how_it_is_one_and_who_holds_it() {
    let by = By { config: BY_ID, ..By::default() };
    let person = tiny().role(1, "Boss", &UMBRELLA).person(101, 1).api(9, "leastwise", 99);
    let judged = person.clone().change_role(1, |role| role.admin = Some(true)).judge_by(&by);
    insta::assert_snapshot!(said(&judged, "LW201"), @r#"
member 101 holds a role that has the admin flag: with its key everything can be read, changed and deleted
System > Security Roles > +: make a role with only what Cisco Umbrella (MSP and MSSP consoles) needs (`leastwise checklist --integration cisco-umbrella --new` prints it); then System > Members > 101 > Role ID: choose it, Save, and test
"#);
    assert_eq!(person.judge_by(&by).statuses("LW201"), [Pass], "held by the person that is bound");
    let all = |judged: &Judged| {
        let fails = judged.fails("LW201").into_iter();
        let lines: Vec<_> = fails.flat_map(|own| [own.message(), own.fix().unwrap_or_default()]).collect();
        lines.join("\n")
    };
    let named = tiny().role(1, "Admin", &UMBRELLA).api(251, "Umbrella", 1).api(252, "hudu", 1).judge();
    insta::assert_snapshot!(all(&named), @r#"
Umbrella holds a role that is the Admin role: with its key everything can be read, changed and deleted
System > Security Roles > +: make a role with only what Cisco Umbrella (MSP and MSSP consoles) needs (`leastwise checklist --integration cisco-umbrella --new` prints it); then System > Members > API Members > Umbrella > Role ID: choose it, Save, and test
hudu holds a role that is the Admin role: with its key everything can be read, changed and deleted
System > Security Roles > +: make a role with only what Hudu needs (`leastwise checklist --integration hudu --new` prints it); then System > Members > API Members > hudu > Role ID: choose it, Save, and test
"#);
    let both = tiny().role(1, "Admin", &UMBRELLA).person(101, 1).api(252, "hudu", 1).judge_by(&by);
    let holders: Vec<_> = both.fails("LW201").iter().filter_map(|own| own.member.clone()).collect();
    assert_eq!(holders.iter().map(ToString::to_string).collect::<Vec<_>>(), ["member 101", "hudu"]);
    let nobody = tiny().role(31, "Umbrella", &UMBRELLA).api(9, "leastwise", 99).judge();
    assert_eq!(nobody.statuses("LW201"), [NotApplicable], "no API member holds it");
    let unbound = tiny().role(1, "Admin", &UMBRELLA).api(251, "strange", 1).judge();
    insta::assert_snapshot!(all(&unbound), @r#"
strange holds a role that is the Admin role: with its key everything can be read, changed and deleted
find out what uses strange (System > Members > API Members > strange > API Logs), then give it a role of its own, or set it inactive
"#);
    let rules = "id = \"asks\"\nvendor = \"V\"\nproduct = \"Asks\"\nread = 2026-11-22\nasks_admin = true\n[match]\nmembers = [\"asks\"]\n";
    let library = library_with(&[rules]);
    let asks = tiny().role(1, "Admin", &UMBRELLA).api(251, "asks", 1);
    insta::assert_snapshot!(all(&asks.judge_by(&By { library: &library, ..By::default() })), @r#"
asks holds a role that is the Admin role: with its key everything can be read, changed and deleted (its vendor asks for Admin and publishes no list)
ask the vendor for the permissions that it needs; until there is a list, nobody can say what to take away
"#);
    let config = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"sync\"\n[[tenant.tiny.integration]]\nrules = \"hudu\"\nmember = \"sync\"";
    let serves_two = tiny().role(1, "Admin", &UMBRELLA).api(251, "sync", 1);
    assert_eq!(
        serves_two.judge_by(&By { config, ..By::default() }).only("LW201").fix().as_deref(),
        Some("give each integration (cisco-umbrella, hudu) a member and a role of its own")
    );
}

#[test]
fn a_shared_role_says_with_whom() {
    let one = umbrella(&UMBRELLA).person(101, 31).judge();
    insta::assert_snapshot!(said(&one, "LW202"), @r#"
the role also serves 1 person: a change for one of them is a change for all
System > Security Roles > +: make a role of its own for each integration, then System > Members > API Members > … > Role ID: choose it, one member at a time; keep Umbrella for the people. `leastwise rules merge --role 31` works out the rows of each
"#);
    assert_eq!(one.only("LW202").actual().as_deref(), Some("1 person, 1 integration"));
    let unsure = umbrella(&UMBRELLA).person(101, 31).change_member(101, |own| own.licence = None).judge();
    insta::assert_snapshot!(said(&unsure, "LW202"), @r#"
the PSA does not say whether 1 member with this role is an active person
-
"#);
    let other_role = umbrella(&UMBRELLA).role(40, "Other", &UMBRELLA).person(101, 40).judge();
    assert_eq!(other_role.statuses("LW202"), [Pass], "a person with another role");
}

#[test]
fn an_integration_without_role_or_member_says_what_to_make() {
    let config = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Gone\"\n\
                  [[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Away\"";
    let empty = tiny().role(40, "Own", &UMBRELLA).api(9, "leastwise", 40);
    let judged = empty.judge_by(&By { config, ..By::default() });
    let of = |check: &str| {
        let own = judged.of(check).into_iter().filter(|own| own.integration_id() == Some("cisco-umbrella"));
        own.map(|own| format!("{}\n{}", own.message(), own.fix().as_deref().unwrap_or("-")))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(of("LW301"), @r#"
Cisco Umbrella (MSP and MSSP consoles) is bound to the member "Gone" and "Away", which do not exist
System > Members > API Members > +: make one for Cisco Umbrella (MSP and MSSP consoles) and choose its role under Role ID; if there is one under another name, bind it in leastwise.toml
"#);
    insta::assert_snapshot!(of("LW203"), @r#"
Cisco Umbrella (MSP and MSSP consoles) has no role, since no member serves it
System > Security Roles > +: make the role that `leastwise checklist --integration cisco-umbrella --new` prints
Cisco Umbrella (MSP and MSSP consoles) has no role, since no member serves it
System > Security Roles > +: make the role that `leastwise checklist --integration cisco-umbrella --new` prints
"#);
    let role = "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nrole = \"Umbrella\"";
    let unserved = tiny()
        .role(31, "Umbrella", &UMBRELLA)
        .api(9, "strange", 99)
        .judge_by(&By { config: role, ..By::default() });
    insta::assert_snapshot!(said(&unserved, "LW301"), @r#"
Cisco Umbrella (MSP and MSSP consoles) is bound to the role "Umbrella", which no member holds
System > Members > API Members > +: make one for Cisco Umbrella (MSP and MSSP consoles) and choose its role under Role ID; if there is one under another name, bind it in leastwise.toml
"#);
}

#[test]
fn a_member_on_the_wrong_role_or_licence_says_which() {
    let config =
        "[[tenant.tiny.integration]]\nrules = \"cisco-umbrella\"\nmember = \"Umbrella\"\nrole = \"Other\"";
    let tenant = umbrella(&UMBRELLA).role(40, "Other", &UMBRELLA);
    let wrong = tenant.clone().judge_by(&By { config, ..By::default() });
    insta::assert_snapshot!(said(&wrong, "LW302"), @r#"
the member holds the role "Umbrella", not "Other" as the binding says
System > Members > API Members > Umbrella > Role ID: choose Other, then Save; or correct the binding
"#);
    let unlisted = tenant.change_api(251, |own| own.role = Some(leastwise::model::RoleId(99)));
    let unlisted = unlisted.judge_by(&By { config, ..By::default() });
    assert_eq!(unlisted.only("LW302").actual().as_deref(), Some("99"));
    let by = By { config: BY_ID, ..By::default() };
    let person = tiny().role(1, "Sync", &UMBRELLA).person(101, 1).api(9, "leastwise", 99);
    insta::assert_snapshot!(person.clone().judge_by(&by).fails("LW305")[0].message(), @r#"Cisco Umbrella (MSP and MSSP consoles) runs on member 101, which has a person's licence (class F)"#);
    let streamline = person.change_member(101, |own| own.licence = Some(Licence::Streamline));
    assert_eq!(streamline.judge_by(&by).fails("LW305")[0].actual().as_deref(), Some("C"));
}

#[test]
fn an_inactive_role_or_member_says_where_to_look() {
    let judged = umbrella(&UMBRELLA)
        .change_role(31, |role| role.active = Some(false))
        .change_api(251, |own| own.active = Some(false))
        .judge();
    insta::assert_snapshot!(format!("{}\n{}", said(&judged, "LW204"), said(&judged, "LW303")), @r#"
Cisco Umbrella (MSP and MSSP consoles) runs on the role "Umbrella", which is inactive
if it is still wanted: System > Security Roles > Umbrella: clear Inactive, then Save; or give the member an active role
Cisco Umbrella (MSP and MSSP consoles): its API member is inactive, so its keys cannot sign in
if it is still wanted: System > Members > API Members > Umbrella: show inactive members, clear Inactive, then Save; or bind the member that is in use. If not: leave it inactive
"#);
}

#[test]
fn a_role_that_nobody_uses_says_whether_anybody_ever_did() {
    let idle = umbrella(&UMBRELLA).role(40, "Idle", &UMBRELLA);
    let left = idle.clone().person(101, 40).change_member(101, |member| member.active = Some(false));
    assert_eq!(idle.judge().fails("LW205")[0].message(), "no member holds the role");
    assert_eq!(left.judge().fails("LW205")[0].message(), "only inactive members hold the role");
}

#[test]
fn what_narrows_a_member_is_listed_and_a_login_or_a_double_is_named() {
    let judged = umbrella(&UMBRELLA)
        .change_use(251, |own| {
            own.restrict_location = Some(true);
            own.restrict_department = Some(true);
        })
        .change_api(251, |own| {
            own.level = Some("Region (Level 2)".into());
            own.default_board = Some("Triage".into());
            own.excluded_boards = vec![1, 2];
        })
        .login("OpenDNS", Some(true))
        .api(252, "OpenDNS", 31)
        .judge();
    let narrowed = judged.fails("LW306");
    insta::assert_snapshot!(narrowed[0].message(), @r#"the member sees less than its role grants: level "Region (Level 2)", restricted to its location, restricted to its department, restricted to the board "Triage" and cannot see 2 boards"#);
    insta::assert_snapshot!(said(&judged, "LW307"), @r#"
the integrator login OpenDNS (user name and password) is still active, though Cisco Umbrella (MSP and MSSP consoles) has taken API keys since 2020-02-01
give the integration an API member's key, see that it works, then System > Setup Tables > Integrator Login: set it inactive
"#);
    insta::assert_snapshot!(said(&judged, "LW308"), @r#"
OpenDNS and Umbrella are both active for Cisco Umbrella (MSP and MSSP consoles)
find out whose key is in use (System > Members > API Members > … > API Logs), then set the other inactive
"#);
}

#[test]
fn a_member_that_nothing_accounts_for_says_what_its_role_could_do() {
    let strange = tiny().role(5, "Odd", &[("System", "Member Maintenance", "NANN")]).api(70, "strange", 5);
    insta::assert_snapshot!(said(&strange.judge(), "LW309"), @r#"
nobody knows what uses "strange": no binding and no rule file names it; its key can take over our PSA
find out what uses it (System > Members > API Members > strange > API Logs); bind it in leastwise.toml, or set it inactive
"#);
    let harmless = tiny().role(5, "Odd", &[("System", "Member Maintenance", "NNNN")]).api(70, "strange", 5);
    insta::assert_snapshot!(said(&harmless.judge(), "LW309"), @r#"
nobody knows what uses "strange": no binding and no rule file names it
find out what uses it (System > Members > API Members > strange > API Logs); bind it in leastwise.toml, or set it inactive
"#);
}

#[test]
fn unknown_functions_are_named_with_the_nearest_that_is_known() {
    let judged = umbrella(&[("Companies", "Contaks", "NNNA"), ("Nowhere", "Contacts", "NNNN")]).judge();
    assert_eq!(judged.statuses("LW105"), [Fail]);
    insta::assert_snapshot!(said(&judged, "LW105"), @r#"
roles grant something on Companies / Contaks, which the catalog does not know; the nearest that it knows is "Contacts"
send the project the function's name as the PSA shows it (`leastwise survey --with-function-names` prints it)
"#);
    let granted = umbrella(&UMBRELLA).change(|tenant| {
        let settings = tenant.settings.values_mut().next().expect("the role's");
        let row = &mut crate::tiny::rows(settings)[0];
        row.grants = leastwise::model::Grants::from_fn(|_| Grant::NotOffered);
    });
    assert!(granted.judge().fails("LW102").is_empty());
}
