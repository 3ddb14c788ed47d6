//! `impact`: what a stolen key could do.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Ran, leastwise, project};

fn impact(member: &str, args: &[&str]) -> Ran {
    let base = ["impact", member, "--snapshot", "fixtures/acme-msp.json"];
    leastwise(base.iter().chain(args).copied()).run()
}

fn json(member: &str) -> Value {
    let ran = impact(member, &["--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is one page")]
fn the_page_for_the_night_of_a_breach() {
    insta::assert_snapshot!(impact("Umbrella", &[]).stdout, @r#"
    What a key of Umbrella could do at acme on na.myconnectwise.net
      member  Umbrella (251), active
      role    Umbrella (31)
      serves  cisco-umbrella

    It reaches 10 functions: it can read 7, write 6 and delete in 3.

    Ways to more than that: 4
      System / Member Maintenance  Edit All: give itself or any other member a
                                  stronger role, Admin included
      System / Table Setup        Add All, Edit All: make or change a user name and
                                  password that open the API beside keys (General /
                                  Integrator Login), or put a page of its own into
                                  the screens of signed-in members (General / Manage
                                  Hosted API), unless the customise list leaves
                                  these tables out, which cannot be seen from here
      System / Table Setup        Add All, Edit All: change how the PSA signs in to
                                  the product that manages customers' machines
                                  (Company / Managed Devices Integration, Company /
                                  Management IT), or make rules whose actions call
                                  other products, an RMM among them (General /
                                  Workflow Rules), unless the customise list leaves
                                  these tables out, which cannot be seen from here
      Companies / Configuration - Display Passwords  Inquire All: read the passwords
                                  in configuration records, and so get into
                                  customers' own systems

    What the vendor says of its own side
      acts on tickets  With ticketing on, opens a ticket on the chosen board every
                       four hours at most for an identity with more botnet events
                       than the threshold, and adds to it while it is open.
                       [cisco-umbrella]
      takes data       Looks companies up by their company id; what it writes is one
                       configuration for each mapped customer, refreshed daily.
                       [cisco-umbrella]

    Contain it, in this order
      1.   Keep evidence before anything changes: `leastwise snapshot -o
           incident.json`; System > Members > API Members > Umbrella > API Logs; a
           picture of the list under API Keys, with its dates
      2.   System > Members > API Members > Umbrella: set it inactive, and Save.
           Whoever holds a key is out, the integration stops, and one click brings
           it back
      3.   System > Members > API Members > Umbrella > API Keys: delete every key,
           once the evidence is kept
      4.   System > Setup Tables > General / Integrator Login > OpenDNS: take a
           picture, then set it inactive. It works with a password, whatever happens
           to the keys
      5.   System > Members, and API Members: look for members with another role
           than before, and for those that were inactive (it held System / Member
           Maintenance Edit All)
      6.   System > Setup Tables > General / Integrator Login: look for entries that
           you did not make. System > Setup Tables > General / Manage Hosted API:
           look for addresses that are not yours (it held System / Table Setup Add
           All and Edit All)
      7.   System > Setup Tables > Company / Management IT and Managed Devices
           Integration: look for addresses and logins that are not yours. System >
           Setup Tables > General / Workflow Rules: look for rules that you did not
           make (it held System / Table Setup Add All and Edit All)
      8.   Change every password that is kept in configuration records, the
           customers' most exposed systems first (it held Companies / Configuration
           - Display Passwords Inquire All)
      9.   Ask the vendor since when somebody else has had the key, and keep the
           member inactive until it answers
      10.  Ask ConnectWise's support, or whoever can read /system/callbacks (LW311),
           for callbacks that nobody knows, and have them deleted: they go on
           sending records after the keys are gone, and no screen lists them
      11.  Look through the API Keys of every other member for keys that you did not
           make: this key could make keys
      12.  Then: a role of its own with only what it needs (leastwise checklist
           --integration cisco-umbrella), never a narrower Admin or shared role;
           make a new key, and enter it in the vendor's console

    Afterwards
      1.  Compare with the last snapshot that you trust: `leastwise diff OLD.json`
          shows every member, role and permission that changed since
      2.  It could delete records. Look for deleted ones, and keep a backup from
          before: Companies / Configurations; Service Desk / Service Tickets; System
          / Table Setup
      3.  It could change records. Look for changes by this member: System / Member
          Maintenance; Companies / Configurations; System / Table Setup; Service
          Desk / Close Service Tickets
      4.  It could add records. Look for what this member made: Companies /
          Configurations; Service Desk / Service Tickets; System / Table Setup;
          Companies / Notes
      5.  It could read these, and reading leaves no trace here. Treat them as known
          to others: Companies / Configuration - Display Passwords; Companies /
          Configurations; Service Desk / Service Tickets; System / Table Setup;
          Companies / Company Maintenance; Companies / Contacts; Service Desk /
          Sidekick Agent
      6.  When the integration runs again: leastwise audit --integration
          cisco-umbrella

    What it reaches, the worst first
      Companies / Configuration - Display Passwords  read. The passwords in
                                  configuration records in clear text: whoever holds
                                  the key can sign in to customers' own systems.
      System / Member Maintenance  change. Every member, API members included; Add
                                  makes a new one and Edit hands one a stronger
                                  role, which is the way to full control.
      Companies / Configurations  read, add, change, delete. The inventory of
                                  customers' devices and services, within the types
                                  that the customise list allows; Edit rewrites it
                                  and Delete removes entries.
      Service Desk / Service Tickets  read, add, delete. The tickets on every board
                                  that the member may see, with what customers wrote
                                  in them; Edit changes status and owner, and Delete
                                  removes the trail.
      System / Table Setup        read, add, change, delete. Every setup table that
                                  the customise list lets through; Add and Edit
                                  reach workflow rules and integrator logins, a
                                  second way into the API.
      Companies / Company Maintenance  read only its own records. The customer list
                                  with addresses, types and statuses; Add and Edit
                                  create and rewrite companies, and Delete removes
                                  them.
      Companies / Contacts        read. Names, e-mail addresses and telephone
                                  numbers of the people at every customer; Edit puts
                                  another address or number in their place.
      Companies / Notes           add only its own records. What staff wrote down
                                  about customers, internal remarks included; Edit
                                  and Delete change it afterwards.
      Service Desk / Close Service Tickets  change. Edit closes any ticket that the
                                  key can reach, so an alert can be made to
                                  disappear before somebody reads it.
      Service Desk / Sidekick Agent  read

    What cannot be seen from here
      -  The customise lists of Companies / Configurations and System / Table Setup:
         they may leave out much of it; all of it is counted here
      -  Whether the key can take over our PSA (System / Table Setup) and reads
         stored passwords (System / Table Setup): nobody has shown it, and it is not
         counted
      -  How many keys the member has, and who holds them
      -  What was done with the key: no log is read. API Logs of the member show
         only what happens while its debug mode is on
      -  Keys of other members that the same vendor holds under a name that no rule
         file knows
      -  Whether level, location and boards narrow what an API key reaches: nothing
         is taken off for them here
    "#);
}

/// Counted from the file itself, without the program's own reading.
#[test]
fn every_grant_of_the_role_is_in_the_reach() {
    let text = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let snapshot: Value = serde_json::from_str(&text).expect("JSON");
    for (member, role) in [("Umbrella", 31), ("DattoRMM", 32), ("svc-report", 35)] {
        let roles = snapshot["roles"].as_array().expect("roles");
        let settings = roles.iter().find(|own| own["id"] == role).expect("the role")["settings"].clone();
        let granted = settings.as_array().expect("settings").iter().filter(|row| {
            ["add", "edit", "delete", "inquire"]
                .iter()
                .any(|verb| row[*verb].as_str().is_some_and(|level| level != "None"))
        });
        let reach = json(member)["reach"].as_array().expect("a reach").clone();
        assert_eq!(reach.len(), granted.count(), "{member}");
    }
}

#[test]
fn an_admin_reaches_everything_and_can_raise_itself_in_every_way() {
    let hudu = json("hudu");
    assert_eq!(hudu["role"]["admin"], true);
    let raises = hudu["raises"].as_array().expect("ways").clone();
    let counted: BTreeSet<_> = raises
        .iter()
        .filter(|way| way["kind"] != "inferred")
        .map(|way| {
            format!(
                "{}: {}",
                way["power"].as_str().expect("a power"),
                way["function"].as_str().expect("a name")
            )
        })
        .collect();
    let expected = [
        "reach-customers: Service Desk / ConnectWise Control",
        "reach-customers: Service Desk / Launch Remote Access",
        "reach-customers: System / Table Setup",
        "read-secrets: Companies / Configuration - Display Passwords",
        "take-over: System / Manage Hosted API",
        "take-over: System / Member Maintenance",
        "take-over: System / Security Roles",
        "take-over: System / Table Setup",
    ];
    assert_eq!(counted.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let setup = raises.iter().find(|way| way["kind"] == "conditional").expect("Table Setup's");
    assert_eq!(setup["tables"][0], "General / Integrator Login");
    let all = hudu["reach"].as_array().expect("a reach").clone();
    assert!(all.len() > 100 && all.iter().all(|row| row["delete"] == "All"));
    assert!(impact("Hudu", &[]).stdout.contains("Everything: its role is an admin role"));
}

#[test]
fn the_integration_behind_it_and_its_old_login_are_part_of_the_containment() {
    let umbrella = json("251");
    assert_eq!(umbrella["integrations"][0], "cisco-umbrella");
    let steps = umbrella["contain"].as_array().expect("steps").clone();
    assert!(steps[2].as_str().is_some_and(|step| step.contains("API Keys: delete every key")), "{steps:?}");
    assert!(steps[3].as_str().is_some_and(|step| step.contains("OpenDNS")), "{steps:?}");
    let quiet = json("leastwise");
    let counted =
        quiet["raises"].as_array().expect("ways").iter().filter(|way| way["kind"] != "inferred").count();
    assert_eq!(counted, 0, "reading roles and members raises nobody");
}

#[test]
fn what_could_not_be_read_is_not_taken_for_nothing() {
    let text = std::fs::read_to_string(project().join("fixtures/parapluie.json")).expect("the fixture");
    let mut snapshot: Value = serde_json::from_str(&text).expect("JSON");
    let member = snapshot["api_members"][0]["identifier"].as_str().expect("a member").to_owned();
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        role["settings"] = Value::Null;
        role["unavailable"] = "refused".into();
    }
    let args = ["impact", &member, "--snapshot", "-", "--format"];
    let run =
        |format: &str| leastwise(args.iter().copied().chain([format])).stdin(snapshot.to_string()).run();
    let ran = run("json");
    assert_eq!(ran.code, 4);
    assert_eq!((&ran.json()["reach"], &ran.json()["complete"]), (&Value::Null, &Value::Bool(false)));
    assert!(run("table").stdout.contains("What it reaches could not be read"));
}

#[test]
fn a_level_that_is_not_understood_counts_as_perhaps() {
    let text = std::fs::read_to_string(project().join("fixtures/parapluie.json")).expect("the fixture");
    let text = text.replacen("\"inquire\":\"All\"", "\"inquire\":\"Sometimes\"", 1_000_000);
    let args = ["impact", "leastwise", "--snapshot", "-"];
    let ran = leastwise(args).stdin(text).run();
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.stdout.contains("perhaps read (the level was not understood)"), "{}", ran.stdout);
}

#[test]
fn a_member_that_is_not_there_is_5_with_the_nearest() {
    let ran = impact("Umbrela", &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (5, ""));
    assert!(ran.stderr.contains("did you mean Umbrella?"), "{}", ran.stderr);
}

#[test]
fn a_person_can_be_asked_about_by_id() {
    let person = json("101");
    assert_eq!((&person["member"]["kind"], &person["role"]["admin"]), (&"person".into(), &true.into()));
    assert!(person["contain"][0].as_str().is_some_and(|step| step.contains("My Account")), "{person}");
}

#[test]
fn without_the_logins_the_containment_says_what_to_look_at() {
    let text = std::fs::read_to_string(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let without = text.replace(
        "{\"dataset\":\"integrator-logins\",\"status\":\"complete\",\"records\":1}",
        "{\"dataset\":\"integrator-logins\",\"status\":\"unavailable\",\"records\":0,\"cause\":{\"kind\":\"refused\"}}",
    );
    assert_ne!(without, text);
    let run = |member: &str| {
        leastwise(["impact", member, "--snapshot", "-", "--format", "json"]).stdin(without.clone()).run()
    };
    let umbrella = run("Umbrella");
    assert_eq!(umbrella.code, 4);
    let unseen = umbrella.json()["unseen"][0].clone();
    assert!(
        unseen.as_str().is_some_and(|line| line.starts_with("integrator-logins could not be read: HTTP 403")),
        "{unseen}"
    );
    assert_eq!(run("SmileBack").code, 0, "an integration that never had logins needs no list of them");
}

#[test]
fn without_a_member_every_one_is_listed_and_the_furthest_reach_comes_first() {
    let list = |format| {
        let args = ["impact", "--snapshot", "fixtures/acme-msp.json", "--format", format];
        let ran = leastwise(args).run();
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    };
    let json = list("json").json();
    let members = json["members"].as_array().expect("members");
    let names: Vec<_> =
        members.iter().map(|own| own["member"]["identifier"].as_str().expect("a name")).collect();
    assert_eq!((names.len(), names[0], names[7]), (8, "Hudu", "Domotz"), "{names:?}");
    assert_eq!(members[0]["role"]["admin"], true);
    let table = list("table").stdout;
    assert!(table.find("Hudu (252)") < table.find("DattoRMM (253)"), "{table}");
    assert!(table.contains("Domotz (256)") && table.contains("Inactive."), "{table}");
    assert_eq!(list("markdown").stdout.lines().filter(|line| line.starts_with("| ")).count(), 9);
}

#[test]
fn a_vendor_is_every_member_and_login_of_its_products() {
    let vendor = |name, format| {
        let args = ["impact", "--vendor", name, "--snapshot", "fixtures/acme-msp.json", "--format", format];
        leastwise(args).run()
    };
    let json = vendor("cisco", "json").json();
    assert_eq!(json["members"][0]["member"]["identifier"], "Umbrella");
    assert_eq!(
        (json["logins"][0]["name"].as_str(), json["members"].as_array().map(Vec::len)),
        (Some("OpenDNS"), Some(1))
    );
    let page = vendor("Cisco", "markdown").stdout;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(place("Keep evidence before") < place("set it inactive, and Save"));
    assert!(place("set it inactive, and Save") < place("delete every key"));
    assert!(page.contains("integrator login OpenDNS"), "{page}");
    let unknown = vendor("Cisko", "table");
    assert!(unknown.code == 2 && unknown.stderr.contains("did you mean \"Cisco\"?"), "{unknown:?}");
    assert_eq!(vendor("Huntress", "table").code, 5);
}

#[test]
fn a_login_can_be_named_and_an_inactive_member_is_left_so() {
    let ran = impact("OpenDNS", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("the API does not show it"), "{}", ran.stdout);
    assert!(ran.stdout.contains("leastwise impact Umbrella"), "{}", ran.stdout);
    let inactive = impact("Domotz", &["--format", "json"]).json();
    let steps = inactive["contain"].to_string();
    assert!(
        steps.contains("Domotz is inactive: leave it so") && !steps.contains("set it inactive"),
        "{steps}"
    );
}

#[test]
fn limits_are_read_as_lw306_reads_them() {
    let acme = std::fs::read_to_string("fixtures/acme-msp.json").expect("the fixture");
    let of = |change: &dyn Fn(&mut Value)| {
        let mut snapshot: Value = serde_json::from_str(&acme).expect("JSON");
        let row = |list: &'static str| {
            move |snapshot: &mut Value| -> usize {
                let rows = snapshot[list].as_array().expect("rows");
                rows.iter().position(|row| row["id"] == 251).expect("Umbrella")
            }
        };
        let (member, own) = (row("api_members")(&mut snapshot), row("member_use")(&mut snapshot));
        let mut both = serde_json::json!([snapshot["api_members"][member], snapshot["member_use"][own]]);
        change(&mut both);
        snapshot["api_members"][member] = both[0].clone();
        snapshot["member_use"][own] = both[1].clone();
        let text = snapshot.to_string();
        let run = |args: &[&str]| leastwise(args.iter().copied()).stdin(text.as_str()).run();
        let impact = run(&["impact", "Umbrella", "--snapshot", "-", "--format", "json"]).json();
        let audit = run(&[
            "audit",
            "--integration",
            "cisco-umbrella",
            "--all",
            "--snapshot",
            "-",
            "--format",
            "json",
        ]);
        let lw306 =
            audit.results().into_iter().find(|own| own["check"] == "LW306" && own["member"]["id"] == 251);
        let status = lw306.expect("a result")["status"].as_str().expect("a status").to_owned();
        (impact["limits"].as_array().expect("limits").len(), status)
    };
    let none = |both: &mut Value| {
        both[0]["level"] = "Corporate (Level 1)".into();
        both[0]["location"] = "Main".into();
    };
    assert_eq!(of(&none), (0, "pass".to_owned()));
    assert_eq!(of(&|both| both[0]["level"] = "Region (Level 2)".into()), (1, "fail".to_owned()));
    assert_eq!(of(&|both| both[0]["level"] = "Global".into()), (1, "manual".to_owned()));
    assert_eq!(of(&|both| both[0]["default_board"] = "Triage".into()), (1, "fail".to_owned()));
    assert_eq!(of(&|both| both[0]["excluded_boards"] = serde_json::json!([3])), (1, "fail".to_owned()));
    assert_eq!(of(&|both| both[1]["restrict_location"] = true.into()), (1, "fail".to_owned()));
    assert_eq!(of(&|both| both[1]["restrict_department"] = true.into()), (1, "fail".to_owned()));
}

#[test]
fn a_power_that_nobody_has_shown_is_named_once_in_words() {
    let unseen = impact("Umbrella", &["--format", "json"]).json()["unseen"].to_string();
    assert!(unseen.contains("can take over our PSA (System / Table Setup)"), "{unseen}");
    assert_eq!(unseen.matches("reads stored passwords").count(), 1, "{unseen}");
    assert!(!unseen.contains("take-over") && !unseen.contains("read-secrets"), "{unseen}");
}

#[test]
fn where_no_vendor_is_known_none_is_asked() {
    for (member, vendor) in [("svc-report", false), ("leastwise", false), ("Umbrella", true)] {
        let contain = impact(member, &["--format", "json"]).json()["contain"].to_string();
        assert_eq!(contain.contains("Ask the vendor since when"), vendor, "{member}: {contain}");
        assert_ne!(contain.contains("Find out who uses the key"), vendor, "{member}: {contain}");
    }
}
