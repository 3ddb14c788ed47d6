//! `leastwise doctor --error`: what a pasted message means, without a key.

use crate::support::leastwise;

#[test]
fn a_pasted_message_is_explained_without_a_key() {
    let ran = leastwise(["doctor", "--error", "Cannot route. Codebase/company is invalid"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("cannot-route: the PSA does not know the company"), "{}", ran.stdout);
    assert!(ran.stdout.contains("mend it"), "{}", ran.stdout);
    let json = leastwise(["doctor", "--error", "HTTP 403", "--format", "json"]).run().json();
    assert_eq!((&json["format"], &json["cause"]["id"]), (&"leastwise-doctor/1".into(), &"http-403".into()));
}

#[test]
fn a_message_that_is_not_known_is_said_to_be() {
    let ran = leastwise(["doctor", "--error", "computer says no"]).run();
    assert_eq!(ran.code, 4);
    assert!(ran.stdout.starts_with("This message is not known"), "{}", ran.stdout);
}

#[test]
fn doctor_wants_to_know_which_integration() {
    let ran = leastwise(["doctor"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--integration"), "{}", ran.stderr);
}
