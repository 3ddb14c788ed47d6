//! `leastwise checklist`: the rows to change, ticked off as they are.

use std::cell::Cell;
use std::rc::Rc;

use leastwise::io::Pause;

use super::{clinic, set_level};
use crate::support::leastwise;

#[test]
fn only_what_is_to_change_is_listed_in_the_order_of_the_screen() {
    let ran =
        leastwise(["checklist", "--integration", "cisco-umbrella", "--snapshot", "fixtures/acme-msp.json"])
            .run();
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout, @r#"
    cisco-umbrella: set 10 levels in role Umbrella
    System > Security Roles > Umbrella

      [ ]  Companies > Company Maintenance: Inquire Level My -> All
      [ ]  Companies > Configuration - Display Passwords: Inquire Level All -> None
      [ ]  Companies > Configurations: Delete Level All -> None
      [ ]  Companies > Contacts: Inquire Level All -> None
      [ ]  Companies > Notes: Add Level My -> None
      [ ]  Service Desk > Service Tickets: Edit Level None -> All, Delete Level All
           -> None
      [ ]  System > Member Maintenance: Edit Level All -> None
      [ ]  System > Table Setup: Delete Level All -> None
      [ ]  Service Desk > Sidekick Agent: Inquire Level All -> None

    By hand: the API does not show it
      [ ]  look at System > Security Roles > Umbrella > System > Table Setup >
           customize: Company / Configuration, Service / Priority and Service /
           Service Board: on the left, under "Allow Access to these"
      [ ]  look at System > Security Roles > Umbrella > Companies / Configurations >
           customize and System / Table Setup > customize: on the left, under "Allow
           Access to these", only Company / Configuration, Service / Priority and
           Service / Service Board

    Then Save.
    "#);
}

#[test]
fn nothing_to_change_is_said() {
    let ran =
        leastwise(["checklist", "--integration", "cisco-umbrella", "--snapshot", "fixtures/parapluie.json"])
            .run();
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.starts_with("cisco-umbrella: nothing to change in role Parapluie"), "{}", ran.stdout);
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
    assert!(ran.stdout.starts_with("hudu: make a new role with"), "{}", ran.stdout);
    assert!(ran.stdout.contains("leave everything else at None"), "{}", ran.stdout);
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
