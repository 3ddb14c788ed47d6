//! What `leastwise diff` says of every kind of change, in every format: old and new as they were, in words.

use std::fs;

use leastwise::model::{Dataset, DatasetName, GapCause, Grant, Level, Licence, RoleId, Said, Verb};

use crate::support::{Ran, leastwise};
use crate::tiny::{Tiny, UMBRELLA, rows, tiny};

/// Something of everything that can change.
fn old() -> Tiny {
    tiny()
        .role(1, "Boss", &UMBRELLA)
        .role(2, "Leaving", &UMBRELLA)
        .role(3, "Renamed", &UMBRELLA)
        .api(251, "Umbrella", 3)
        .api(252, "Sync", 2)
        .person(101, 2)
        .person(102, 2)
        .login("OpenDNS", Some(false))
        .login("Gone", Some(true))
}

fn new() -> Tiny {
    tiny()
        .role(1, "Boss", &UMBRELLA)
        .role(3, "Another name", &UMBRELLA)
        .role(4, "Fresh", &[("Finance", "Invoicing", "NNNA")])
        .role(5, "Fresh admin", &UMBRELLA)
        .change_role(1, |role| {
            role.admin = Some(true);
            role.active = Some(false);
            role.kind = Some("b".into());
        })
        .change_role(5, |role| role.admin = Some(true))
        .api(251, "Umbrella", 4)
        .api(253, "Came", 4)
        .person(101, 1)
        .person(103, 1)
        .change_member(101, |own| {
            own.licence = Some(Licence::Streamline);
            own.active = Some(false);
        })
        .change_api(251, |own| {
            own.identifier = "Umbrella2".into();
            own.name = Some("New name".into());
            own.level = Some("Region (Level 2)".into());
            own.location = Some("Main".into());
            own.default_board = Some("Triage".into());
            own.excluded_boards = vec![3];
            own.active = None;
        })
        .change_use(251, |own| {
            own.restrict_location = Some(true);
            own.restrict_department = Some(true);
        })
        .change_api(253, |own| own.active = Some(false))
        .login("Renamed", Some(true))
        .change(|tenant| {
            let settings = tenant.settings.get_mut(&RoleId(3)).expect("the role's");
            rows(settings)[0].grants.set(Verb::Delete, Grant::Level(Level::All));
        })
}

fn diff(old: &Tiny, new: &Tiny, format: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("old.json"), old.text()).expect("written");
    fs::write(folder.path().join("new.json"), new.text()).expect("written");
    leastwise(["diff", "old.json", "new.json", "--format", format]).folder(folder.path()).run()
}

#[test]
fn every_kind_of_change_has_its_words_in_the_table() {
    let ran = diff(&old(), &new(), "table");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout, @r#"
    tiny on na.myconnectwise.net: 7 widened, 1 mixed, 2 unknown, 11 narrowed and 7 neutral
      old: the snapshot old.json, read 2026-11-22 12:00 UTC
      new: the snapshot new.json, read 2026-11-22 12:00 UTC

    Role Boss (1), the PSA does not tell who changed it
      +  admin flag: no -> yes (no integration needs the admin flag)
      -  active: yes -> no
      ~  type: None -> "b"

    Role Another name (3), the PSA does not tell who changed it
      ~  name: "Renamed" -> "Another name"
      +  Companies / Company Maintenance, Delete: None -> All (the role serves no
         integration that is known)

    Role Fresh (4), the PSA does not tell who changed it
      +  role added with 1 permission (no integration is known to need it)

    Role Fresh admin (5), the PSA does not tell who changed it
      +  role added with the admin flag (no integration is known to need it)

    Member 101
      -  active: yes -> no
      +  role: Leaving (2) -> Boss (1) (no integration is known to need it)
      ~  licence: "F" -> "C"

    Member 103
      +  person added, role Boss (1) (no integration is known to need it)

    Integrator login Renamed
      +  active: no -> yes (no integration needs a login that came before keys)
      ~  user name: "OpenDNS" -> "Renamed"

    Member Umbrella2 (251)
      ?  active: yes -> the PSA does not say
      +- role: Another name (3) -> Fresh (4) (no integration is known to need it)
      ~  member id: "Umbrella" -> "Umbrella2"
      ~  name: None -> "New name"
      -  level: "Corporate (Level 1)" -> "Region (Level 2)"
      ?  location: None -> "Main"
      -  default board, which restricts it: None -> "Triage"
      -  boards that it is kept from: None -> 3
      -  restricted to its location: no -> yes
      -  restricted to its department: no -> yes

    Role Leaving (2), the PSA does not tell who changed it
      -  role removed with 10 permissions

    Member 102
      -  person removed, role Leaving (2)

    Member Sync (252)
      -  API member removed, role Leaving (2)

    Integrator login Gone
      -  integrator login removed

    Member Came (253)
      ~  API member added, role Fresh (4), inactive
    "#);
}

#[test]
fn the_way_back_has_words_too() {
    let ran = diff(&new(), &old(), "table");
    insta::assert_snapshot!(ran.stdout, @r#"
    tiny on na.myconnectwise.net: 11 widened, 1 mixed, 2 unknown, 7 narrowed and 7 neutral
      old: the snapshot old.json, read 2026-11-22 12:00 UTC
      new: the snapshot new.json, read 2026-11-22 12:00 UTC

    Role Boss (1), the PSA does not tell who changed it
      -  admin flag: yes -> no
      +  active: no -> yes (no integration is known to need it)
      ~  type: "b" -> None

    Role Leaving (2), the PSA does not tell who changed it
      +  role added with 10 permissions (no integration is known to need it)

    Member 101
      +  active: no -> yes (no integration is known to need it)
      -  role: Boss (1) -> Leaving (2)
      ~  licence: "C" -> "F"

    Member 102
      +  person added, role Leaving (2) (no integration is known to need it)

    Member Umbrella (251)
      ?  active: the PSA does not say -> yes
      +- role: Fresh (4) -> Renamed (3) (it serves cisco-umbrella)
      ~  member id: "Umbrella2" -> "Umbrella"
      ~  name: "New name" -> None
      +  level: "Region (Level 2)" -> "Corporate (Level 1)" (it serves cisco-
         umbrella)
      ?  location: "Main" -> None
      +  default board, which restricts it: "Triage" -> None (it serves cisco-
         umbrella)
      +  boards that it is kept from: 3 -> None (it serves cisco-umbrella)
      +  restricted to its location: yes -> no (it serves cisco-umbrella)
      +  restricted to its department: yes -> no (it serves cisco-umbrella)

    Member Sync (252)
      +  API member added, role Leaving (2) (no integration is known to need it)

    Integrator login Gone
      +  integrator login added (no integration needs a login that came before keys)

    Role Renamed (3), the PSA does not tell who changed it
      ~  name: "Another name" -> "Renamed"
      -  Companies / Company Maintenance, Delete: All -> None

    Role Fresh (4), the PSA does not tell who changed it
      -  role removed with 1 permission

    Role Fresh admin (5), the PSA does not tell who changed it
      -  role removed with the admin flag

    Member 103
      -  person removed, role Boss (1)

    Integrator login OpenDNS
      -  active: yes -> no
      ~  user name: "Renamed" -> "OpenDNS"

    Member Came (253)
      ~  API member removed, role Fresh (4), inactive
    "#);
}

#[test]
fn every_kind_of_change_has_its_name_and_values_in_json() {
    let ran = diff(&old(), &new(), "json");
    let json = ran.json();
    let changes = json["changes"].as_array().expect("changes");
    let lines: Vec<_> = changes
        .iter()
        .map(|own| {
            let subject = ["role", "member", "login"].iter().find(|name| !own[**name].is_null());
            let subject = subject.map_or_else(String::new, |name| format!("{name} {}", own[*name]["id"]));
            format!("{} {} {subject}: {} -> {}", own["direction"], own["kind"], own["before"], own["after"])
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
"narrowed" "role" role 2: "there" -> null
"widened" "role" role 4: null -> "there"
"widened" "role" role 5: null -> "there"
"widened" "admin" role 1: "no" -> "yes"
"narrowed" "role-active" role 1: "yes" -> "no"
"neutral" "role-name" role 3: "Renamed" -> "Another name"
"neutral" "role-type" role 1: null -> "b"
"widened" "grant" role 3: "None" -> "All"
"narrowed" "api-member" member 252: "there" -> null
"neutral" "api-member" member 253: null -> "there"
"narrowed" "person" member 102: "there" -> null
"widened" "person" member 103: null -> "there"
"narrowed" "member-active" member 101: "yes" -> "no"
"unknown" "member-active" member 251: "yes" -> null
"widened" "role-of-member" member 101: "2" -> "1"
"mixed" "role-of-member" member 251: "3" -> "4"
"neutral" "licence" member 101: "F" -> "C"
"neutral" "member-identifier" member 251: "Umbrella" -> "Umbrella2"
"neutral" "member-name" member 251: null -> "New name"
"narrowed" "level" member 251: "Corporate (Level 1)" -> "Region (Level 2)"
"unknown" "location" member 251: null -> "Main"
"narrowed" "default-board" member 251: null -> "Triage"
"narrowed" "excluded-boards" member 251: null -> "3"
"narrowed" "restrict-location" member 251: "no" -> "yes"
"narrowed" "restrict-department" member 251: "no" -> "yes"
"narrowed" "login" login null: "there" -> null
"widened" "login-active" login null: "no" -> "yes"
"neutral" "login-name" login null: "OpenDNS" -> "Renamed"
"#);
}

#[test]
fn what_cannot_be_compared_is_said_in_every_format_and_is_no_pass() {
    let gap = old().change(|tenant| {
        tenant.settings.insert(
            RoleId(3),
            Dataset::unavailable(DatasetName::Settings, GapCause::Refused(Said::default())),
        );
        tenant.logins = Dataset::unavailable(DatasetName::IntegratorLogins, GapCause::TimedOut);
    });
    for format in ["table", "json", "markdown", "github"] {
        let ran = diff(&old(), &gap, format);
        assert_eq!(ran.code, 4, "{format}: {}", ran.stderr);
        for word in ["HTTP 403", "no answer came in time", "Renamed", "new"] {
            assert!(ran.stdout.contains(word), "{format} lacks {word}: {}", ran.stdout);
        }
    }
    insta::assert_snapshot!(diff(&old(), &gap, "github").stdout, @r#"
::warning title=not comparable::settings of role Renamed (new): the settings of role 3: HTTP 403: the key's role does not allow it
::warning title=not comparable::integrator-logins (new): no answer came in time; the PSA is slow or something on the way drops the connection: try again
"#);
}

#[test]
fn markdown_has_a_row_for_each_change() {
    let ran = diff(&old(), &new(), "markdown");
    insta::assert_snapshot!(ran.stdout, @r#"
    ## leastwise: tiny on na.myconnectwise.net: 7 widened, 1 mixed, 2 unknown, 11 narrowed and 7 neutral

    From the snapshot old.json, read 2026-11-22 12:00 UTC to the snapshot new.json, read 2026-11-22 12:00 UTC.

    ### Widened: somebody can do more

    | Who | What | Needed? | Changed by |
    |---|---|---|---|
    | role Fresh (4) | role added with 1 permission | no integration is known to need it | the PSA does not tell who changed it |
    | role Fresh admin (5) | role added with the admin flag | no integration is known to need it | the PSA does not tell who changed it |
    | role Boss (1) | admin flag: no -&#62; yes | no integration needs the admin flag | the PSA does not tell who changed it |
    | role Another name (3) | Companies / Company Maintenance, Delete: None -&#62; All | the role serves no integration that is known | the PSA does not tell who changed it |
    | member 103 | person added, role Boss (1) | no integration is known to need it |  |
    | member 101 | role: Leaving (2) -&#62; Boss (1) | no integration is known to need it |  |
    | member Umbrella2 (251) | role: Another name (3) -&#62; Fresh (4) | no integration is known to need it |  |
    | integrator login Renamed | active: no -&#62; yes | no integration needs a login that came before keys |  |

    ### Unknown: not a pass

    | Who | What | Needed? | Changed by |
    |---|---|---|---|
    | member Umbrella2 (251) | active: yes -&#62; the PSA does not say |  |  |
    | member Umbrella2 (251) | location: None -&#62; "Main" |  |  |

    ### Narrowed

    | Who | What | Needed? | Changed by |
    |---|---|---|---|
    | role Leaving (2) | role removed with 10 permissions |  | the PSA does not tell who changed it |
    | role Boss (1) | active: yes -&#62; no |  | the PSA does not tell who changed it |
    | member Sync (252) | API member removed, role Leaving (2) |  |  |
    | member 102 | person removed, role Leaving (2) |  |  |
    | member 101 | active: yes -&#62; no |  |  |
    | member Umbrella2 (251) | level: "Corporate (Level 1)" -&#62; "Region (Level 2)" |  |  |
    | member Umbrella2 (251) | default board, which restricts it: None -&#62; "Triage" |  |  |
    | member Umbrella2 (251) | boards that it is kept from: None -&#62; 3 |  |  |
    | member Umbrella2 (251) | restricted to its location: no -&#62; yes |  |  |
    | member Umbrella2 (251) | restricted to its department: no -&#62; yes |  |  |
    | integrator login Gone | integrator login removed |  |  |

    ### No change of access

    | Who | What | Needed? | Changed by |
    |---|---|---|---|
    | role Another name (3) | name: "Renamed" -&#62; "Another name" |  | the PSA does not tell who changed it |
    | role Boss (1) | type: None -&#62; "b" |  | the PSA does not tell who changed it |
    | member Came (253) | API member added, role Fresh (4), inactive |  |  |
    | member 101 | licence: "F" -&#62; "C" |  |  |
    | member Umbrella2 (251) | member id: "Umbrella" -&#62; "Umbrella2" |  |  |
    | member Umbrella2 (251) | name: None -&#62; "New name" |  |  |
    | integrator login Renamed | user name: "OpenDNS" -&#62; "Renamed" |  |  |
    "#);
}

#[test]
fn an_integration_with_two_members_on_a_role_is_named_once() {
    let two = |levels| {
        let rows = [("Companies", "Configurations", levels)];
        tiny().role(31, "Umbrella", &rows).api(251, "Umbrella", 31).api(252, "CiscoUmbrella", 31)
    };
    let ran = diff(&two("ANNA"), &two("AANA"), "json");
    assert_eq!(ran.json()["changes"][0]["need"], "cisco-umbrella needs it");
    assert_eq!(ran.json()["changes"][0]["needed_by"].as_array().expect("a list").len(), 1);
}
