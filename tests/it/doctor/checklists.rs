//! `leastwise checklist`: the rows to change, ticked off as they are.

use std::cell::Cell;
use std::rc::Rc;

use leastwise::io::Pause;

use super::{clinic, set_level};
use crate::support::leastwise;

#[test]
#[expect(clippy::too_many_lines, reason = "one list, whole")]
fn only_what_is_to_change_is_listed_in_the_order_of_the_screen() {
    let ran =
        leastwise(["checklist", "--integration", "cisco-umbrella", "--snapshot", "fixtures/acme-msp.json"])
            .run();
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout, @r#"
    Cisco Umbrella (MSP and MSSP consoles) (cisco-umbrella): 5 steps, in this order
    First, so that you can go back: leastwise snapshot -o before.json

    1. Umbrella: add 2 missing levels
    The integration cannot do its work without them. Nothing is taken away, so
    nothing can break.
      [ ]  System > Security Roles > Umbrella
      [ ]  Companies > Company Maintenance: Inquire Level = All (it is My)
      [ ]  Service Desk > Service Tickets: Edit Level = All (it is None)
      [ ]  Save
      test  Umbrella console > MSP Settings > PSA Integration Details: Save answers
            without an error; the next day the configuration of a mapped customer
            has a new date.
      undo  System > Security Roles > Umbrella: set each level back to the one in
            brackets, then Save

    2. login OpenDNS: set it inactive; a key has replaced it
    The integration has an API key, and its member was used lately. No API shows
    whether the login is still used. Do this after you have seen the integration
    work with the key.
      [ ]  System > Setup Tables > Integrator Login > OpenDNS: set Inactive, then
           Save
      test  for a month, watch whether anything stops or reports an error
      undo  System > Setup Tables > Integrator Login > OpenDNS: clear Inactive, then
            Save

    3. Umbrella: take away 2 dangerous levels
    A thief with the key could do far more than the integration needs.
      [ ]  System > Security Roles > Umbrella
      [ ]  Companies > Configuration - Display Passwords: Inquire Level = None (it
           is All)
      [ ]  System > Member Maintenance: Edit Level = None (it is All)
      [ ]  Save
      test  Umbrella console > MSP Settings > PSA Integration Details: Save answers
            without an error; the next day the configuration of a mapped customer
            has a new date.
      undo  System > Security Roles > Umbrella: set each level back to the one in
            brackets, then Save

    4. Umbrella: take away 6 levels
    Nothing that is bound to the role needs them.
      [ ]  System > Security Roles > Umbrella
      [ ]  Companies > Configurations: Delete Level = None (it is All)
      [ ]  Companies > Contacts: Inquire Level = None (it is All)
      [ ]  Companies > Notes: Add Level = None (it is My)
      [ ]  Service Desk > Service Tickets: Delete Level = None (it is All)
      [ ]  Service Desk > Sidekick Agent: Inquire Level = None (it is All)
      [ ]  System > Table Setup: Delete Level = None (it is All)
      [ ]  Save
      test  Umbrella console > MSP Settings > PSA Integration Details: Save answers
            without an error; the next day the configuration of a mapped customer
            has a new date.
      undo  System > Security Roles > Umbrella: set each level back to the one in
            brackets, then Save

    5. Umbrella: take away 1 level that may be needed
    Cisco does not list it; whether Umbrella ever closes a ticket is not known. So
    do this in office hours, and test it at once.
      [ ]  System > Security Roles > Umbrella
      [ ]  Service Desk > Close Service Tickets: Edit Level = None (it is All)
      [ ]  Save
      test  Umbrella console > MSP Settings > PSA Integration Details: Save answers
            without an error; the next day the configuration of a mapped customer
            has a new date. And let the integration do its work once (open and close
            a ticket, synchronise a customer), and look for errors in its console
      undo  System > Security Roles > Umbrella: set each level back to the one in
            brackets, then Save

    Also open in the audit
      [ ]  a role grants something on a function that the catalog does not know:
           send the project the function's name as the PSA shows it (`leastwise
           survey --with-function-names` prints it)

    Look in the PSA: the API does not show it
      [ ]  look at System > Security Roles > Umbrella > System > Table Setup >
           customize: Company / Configuration, Service / Priority and Service /
           Service Board: on the left, under "Allow Access to these"
      [ ]  look at System > Security Roles > Umbrella > System > Table Setup >
           customize: on the left, under "Allow Access to these", only Company /
           Configuration, Service / Priority and Service / Service Board

    For the change ticket
    Function                                         Level    Before  After
    1. role Umbrella (31) of acme on na.myconnectwise.net
      Companies / Company Maintenance                Inquire  My      All
      Service Desk / Service Tickets                 Edit     None    All
    2. login OpenDNS of acme on na.myconnectwise.net
      Inactive                                       .        clear   set
    3. role Umbrella (31) of acme on na.myconnectwise.net
      Companies / Configuration - Display Passwords  Inquire  All     None
      System / Member Maintenance                    Edit     All     None
    4. role Umbrella (31) of acme on na.myconnectwise.net
      Companies / Configurations                     Delete   All     None
      Companies / Contacts                           Inquire  All     None
      Companies / Notes                              Add      My      None
      Service Desk / Service Tickets                 Delete   All     None
      Service Desk / Sidekick Agent                  Inquire  All     None
      System / Table Setup                           Delete   All     None
    5. role Umbrella (31) of acme on na.myconnectwise.net
      Service Desk / Close Service Tickets           Edit     All     None
      undo 1, 3, 4, 5  System > Security Roles > Umbrella: set each level back to
                       the one in brackets, then Save
      undo 2           System > Setup Tables > Integrator Login > OpenDNS: clear
                       Inactive, then Save
    Done by: ____________  at: ____________
    "#);
}

/// What the audit and the checklist of one integration of a snapshot say: exit codes, and the checklist's text.
fn both(integration: &str, snapshot: &str) -> (u8, u8, String) {
    let of = |command: &str| leastwise([command, "--integration", integration, "--snapshot", snapshot]).run();
    let (audit, list) = (of("audit"), of("checklist"));
    (audit.code, list.code, list.stdout)
}

#[test]
fn a_member_that_is_switched_off_is_something_to_decide() {
    let (audit, code, said) = both("domotz", "fixtures/acme-msp.json");
    assert_eq!((audit, code), (1, 1), "{said}");
    for line in [
        "Domotz: is it still wanted?",
        "its member is inactive",
        "You decide first.",
        "2 steps, in this order",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(!said.contains("nothing to change"), "{said}");
    let missing = leastwise([
        "checklist",
        "--missing",
        "--integration",
        "domotz",
        "--snapshot",
        "fixtures/acme-msp.json",
    ])
    .run();
    assert_eq!(missing.code, 0);
    assert_eq!(missing.stdout.lines().next(), Some("Domotz (domotz): nothing is missing"));
}

#[test]
fn where_an_audit_has_findings_its_checklist_has_something_to_do() {
    for (snapshot, integrations) in [
        (
            "fixtures/acme-msp.json",
            &["cisco-umbrella", "datto-rmm", "domotz", "hudu", "msp360", "smileback", "leastwise"][..],
        ),
        ("fixtures/parapluie.json", &["cisco-umbrella", "leastwise"][..]),
    ] {
        for integration in integrations {
            let (audit, code, said) = both(integration, snapshot);
            assert_eq!(audit, code, "{integration} of {snapshot}: {said}");
            assert_eq!(code == 1, said.contains("in this order"), "{integration} of {snapshot}: {said}");
        }
    }
}

#[test]
fn customise_lists_of_a_role_that_is_left_are_not_to_be_looked_at() {
    for (integration, old) in [("datto-rmm", "Admin - API"), ("msp360", "Integrations")] {
        let (.., said) = both(integration, "fixtures/acme-msp.json");
        let of_old = format!("Security Roles > {old} >");
        assert!(!said.contains(&of_old), "{said}");
    }
    // Where the role stays, what a vendor names is looked at, and what none names is no task.
    let (.., said) = both("cisco-umbrella", "fixtures/acme-msp.json");
    assert!(said.contains("Look in the PSA: the API does not show it"), "{said}");
    assert!(
        !said.contains("as it is\n") && !said.contains("Companies > Configurations > customize"),
        "{said}"
    );
}

#[test]
fn removal_leaves_what_somebody_else_uses_and_its_undo_names_only_what_it_touches() {
    let remove = |integration: &str, snapshot: &str| {
        let ran = leastwise(["checklist", "--remove", "--integration", integration, "--snapshot", "-"])
            .stdin(snapshot)
            .run();
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let acme = std::fs::read_to_string("fixtures/acme-msp.json").expect("the fixture");
    let shared = remove("msp360", &acme);
    for said in [
        "Leave as it is - System > Security Roles > Integrations: SmileBack and 1 person hold it",
        "Undo: clear Inactive on API member MSP360; deleted keys do not come back",
    ] {
        assert!(shared.contains(said), "{said}: {shared}");
    }
    assert!(!shared.contains("Integrations: set Inactive"), "{shared}");
    let own = remove("domotz", &acme);
    for said in [
        "Security Roles > Domotz API: set Inactive, then Save (nobody else holds it)",
        "Undo: clear Inactive on role Domotz API; deleted keys",
    ] {
        assert!(own.contains(said), "{said}: {own}");
    }
    assert!(!own.contains("API Members > Domotz: set Inactive"), "it is inactive already: {own}");
    let login = remove("cisco-umbrella", &acme);
    let undo = "Undo: clear Inactive on API member Umbrella, role Umbrella and login OpenDNS; deleted keys";
    assert!(login.contains(undo), "{login}");
    let admin = remove("hudu", &acme);
    assert!(admin.contains("Undo: clear Inactive on API member Hudu; deleted keys"), "{admin}");
    // Who else holds a role is not known where members could not be read.
    let mut json: serde_json::Value = serde_json::from_str(&acme).expect("JSON");
    let datasets = json["coverage"].as_array_mut().expect("coverage");
    let members = datasets.iter_mut().find(|one| one["dataset"] == "members").expect("members");
    members["status"] = "unavailable".into();
    members["reason"] = "HTTP 403".into();
    json["members"] = serde_json::json!([]);
    let unknown = remove("domotz", &json.to_string());
    assert!(unknown.contains("Security Roles > Domotz API: who else holds it is not known"), "{unknown}");
    assert!(!unknown.contains("Domotz API: set Inactive"), "{unknown}");
}

#[test]
fn nothing_to_change_is_said() {
    let ran =
        leastwise(["checklist", "--integration", "cisco-umbrella", "--snapshot", "fixtures/parapluie.json"])
            .run();
    assert_eq!(ran.code, 0);
    assert!(
        ran.stdout
            .replace('\n', " ")
            .contains("): nothing to change, as far as the API shows  Look in the PSA"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_integration_that_is_not_there_is_not_well() {
    let ran =
        leastwise(["checklist", "--integration", "datto-rmm", "--snapshot", "fixtures/parapluie.json"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (5, ""));
}

#[test]
fn a_role_that_was_not_made_for_it_is_made_anew() {
    let ran = leastwise(["checklist", "--integration", "hudu", "--snapshot", "fixtures/acme-msp.json"]).run();
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("a role of its own (17 levels) instead of Admin"), "{}", ran.stdout);
    assert!(ran.stdout.contains("leave every level at None"), "{}", ran.stdout);
}

#[test]
fn watch_ticks_off_each_save_and_ends_with_before_and_after() {
    let psa = clinic();
    set_level(&psa, "Service Tickets", "add", "None");
    set_level(&psa, "Contacts", "inquire", "All");
    let psa = Rc::new(psa);
    let looks = Rc::new(Cell::new(0));
    let (admin, count) = (Rc::clone(&psa), Rc::clone(&looks));
    let ran = psa
        .leastwise(&["checklist", "--integration", "cisco-umbrella", "--watch"])
        .pause(move |_| {
            count.set(count.get() + 1);
            match count.get() {
                1 => {}
                2 => set_level(&admin, "Service Tickets", "add", "All"),
                3 => set_level(&admin, "Contacts", "inquire", "None"),
                _ => return Pause::Interrupted,
            }
            Pause::Over
        })
        .run();
    assert_eq!((ran.code, looks.get()), (0, 3), "{}", ran.stderr);
    assert!(ran.stderr.contains("[x] Service Desk / Service Tickets Add Level = All"), "{}", ran.stderr);
    assert!(ran.stderr.contains("[x] Companies / Contacts Inquire Level = None"), "{}", ran.stderr);
    let (_, change) = ran.stdout.split_once("For the change ticket").expect("before and after");
    let row = |function: &str| change.lines().find(|line| line.contains(function)).expect("a row").to_owned();
    let words = |line: String| line.split_whitespace().rev().take(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(row("Service Tickets")), ["All", "None", "Add"]);
    assert_eq!(words(row("Contacts")), ["None", "All", "Inquire"]);
}

#[test]
fn watch_that_is_interrupted_says_how_far_it_came() {
    let psa = clinic();
    set_level(&psa, "Service Tickets", "add", "None");
    let ran = psa.leastwise(&["checklist", "--integration", "cisco-umbrella", "--watch"]).run();
    assert_eq!(ran.code, 130);
    assert!(ran.stdout.contains("For the change ticket"), "{}", ran.stdout);
}
