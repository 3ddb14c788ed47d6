//! `leastwise doctor --error`: what a pasted message means, without a key.

use crate::support::leastwise;

#[test]
fn a_pasted_message_is_explained_without_a_key() {
    let ran = leastwise(["doctor", "--error", "Cannot route. Codebase/company is invalid"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("cannot-route: the PSA does not know the company"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  fix  "), "{}", ran.stdout);
    let json = leastwise(["doctor", "--error", "HTTP 403", "--format", "json"]).run().json();
    assert_eq!((&json["format"], &json["cause"]["id"]), (&"leastwise-doctor/1".into(), &"http-403".into()));
}

#[test]
fn a_message_that_is_not_known_is_said_to_be() {
    let ran = leastwise(["doctor", "--error", "computer says no"]).run();
    assert_eq!(ran.code, 4);
    assert!(ran.stdout.starts_with("leastwise does not know this message"), "{}", ran.stdout);
}

#[test]
fn doctor_wants_to_know_which_integration() {
    let ran = leastwise(["doctor"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--integration"), "{}", ran.stderr);
}

#[test]
fn a_text_may_begin_with_a_dash_or_come_through_a_pipe() {
    let ran =
        leastwise(["doctor", "--error", "--> ApiFindCondition\n--> colour is not a recognized name."]).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("bad-condition"), "{}", ran.stdout);
    let piped = leastwise(["doctor", "--error", "-"]).stdin("HTTP 403\n").run();
    assert!(piped.stdout.starts_with("http-403"), "{piped:?}");
}

#[test]
fn without_a_text_or_a_match_the_messages_that_are_known_are_listed() {
    for args in [&["doctor", "--error"][..], &["doctor", "--error", "computer says no"]] {
        let ran = leastwise(args.iter().copied()).run();
        assert!(ran.stdout.contains("Messages that are known"), "{}", ran.stdout);
        assert!(ran.stdout.contains("Cannot route"), "{}", ran.stdout);
    }
    let listed = leastwise(["doctor", "--format", "json", "--error"]).run();
    assert_eq!(listed.code, 0);
    assert_eq!(listed.json()["known"][0]["id"], "cannot-route");
}

#[test]
fn what_is_nearest_is_offered_as_no_more_than_that() {
    let ran = leastwise(["doctor", "--error", "HTTP 400: the widget is too blue", "--format", "json"]).run();
    assert_eq!(ran.code, 4);
    assert_eq!(
        (&ran.json()["cause"], &ran.json()["nearest"]["id"]),
        (&serde_json::Value::Null, &"http-400".into())
    );
}
