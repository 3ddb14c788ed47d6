//! The other commands that read a live tenant: where something could not be read, they say what they would
//! have said with it, or end with another code than 0.

use psa_sim::{Fault, When};

use super::{ENDPOINTS, asking, slim};
use crate::psa::{Psa, QUICK};

const COMMANDS: &[&[&str]] = &[
    &["snapshot", "-q", "-o", "new.json"],
    &["diff", "-q", "old.json"],
    &["init", "-q"],
    &["impact", "-q", "CiscoUmbrella"],
    &["impact", "-q", "CiscoUmbrella", "--format", "json"],
    &["checklist", "-q", "--integration", "cisco-umbrella"],
    &["rules", "merge", "-q", "--role", "Parapluie"],
];

/// What a command said and wrote, and its code.
fn run(psa: &Psa, command: &[&str]) -> (String, Option<String>, u8) {
    std::fs::remove_file(psa.path("new.json")).ok();
    let ran = psa.leastwise(command).run();
    let written = std::fs::read_to_string(psa.path("new.json")).ok();
    (ran.stdout, written, ran.code)
}

#[test]
fn no_command_is_content_with_what_it_could_not_read() {
    let psa = Psa::start(slim(), 101);
    psa.config(&asking(QUICK));
    assert_eq!(psa.leastwise(&["snapshot", "-q", "-o", "old.json"]).run().code, 0);
    let mut content = 0;
    for command in COMMANDS {
        let healthy = run(&psa, command);
        assert_eq!(healthy.2, 0, "{command:?}: {}", healthy.0);
        for endpoint in ENDPOINTS {
            for fault in [Fault::status(403), Fault::Truncate] {
                psa.sim.set_fault(endpoint.fault_at, When::Always, fault.clone());
                let ran = run(&psa, command);
                psa.sim.clear_faults();
                let what = format!("{command:?} with {fault:?} at {}", endpoint.fault_at);
                if ran.2 == 0 {
                    assert_eq!(ran, healthy, "{what}");
                    content += 1;
                } else {
                    assert!([3, 4].contains(&ran.2), "{what}: {}", ran.2);
                }
            }
        }
    }
    assert!(content > 0, "some need less than all");
}

/// A draft may lack what somebody fills in by hand, if it is said.
#[test]
fn a_drafted_rule_file_says_whose_names_it_lacks() {
    let psa = Psa::start(slim(), 101);
    let draft = || psa.leastwise(&["rules", "new", "x", "--from-role", "Parapluie"]).run();
    let healthy = draft();
    for endpoint in ENDPOINTS {
        psa.sim.set_fault(endpoint.fault_at, When::Always, Fault::status(403));
        let ran = draft();
        psa.sim.clear_faults();
        let is_told = ran.stderr.contains("warning: [match] names no members: api-members could not be read");
        let is_same = ran.stdout == healthy.stdout;
        assert!(is_same || is_told || ran.code == 3, "{}: {ran:?}", endpoint.fault_at);
        assert_eq!(is_told, endpoint.dataset == "api-members", "{}", endpoint.fault_at);
    }
}
