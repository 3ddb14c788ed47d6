//! A key, a company or a client id that the PSA does not take, in each form that is known: the run stops at
//! the first call with the key, ends with 3, and says what to check.

use psa_sim::{BadClientId, BadKey, Fault, Sim, When};

use crate::psa::{Audited, Psa, fixture};

const CHECK: &str = "check, in this order: public and private key (both whole, of one pair, not swapped), the company (the login company id, mind capitals), that the API member is active, the client id";

fn audit(sim: Sim, variable: &str, value: &str) -> Audited {
    Psa::start(sim, 258).audit_as(&[], |command| command.env(variable, value))
}

/// Nothing was asked with the key but the roles, and for a pair that is refused whether it is swapped.
fn assert_stopped(audited: &Audited, sentence: &str) {
    assert_eq!(audited.ran.code, 3, "{}", audited.ran.stderr);
    assert!(audited.ran.stderr.contains(sentence), "{sentence}: {}", audited.ran.stderr);
    let keyed: Vec<_> = audited.asked.iter().filter(|one| one.path.contains("/apis/3.0/")).collect();
    assert!(keyed.len() <= 2 && keyed[0].path.ends_with("/system/securityroles"), "{keyed:?}");
    assert!(keyed.iter().skip(1).all(|one| one.path.ends_with("/system/myMembers")), "{keyed:?}");
    assert!(audited.tenant()["failure"].as_str().is_some_and(|failure| failure.contains(sentence)));
}

#[test]
fn a_bad_key_stops_the_run_in_each_way_that_it_is_turned_away() {
    let not_admitted = format!(
        "HTTP 404 to the first call with the key, which a cloud PSA also gives for a wrong key or company; {CHECK}"
    );
    let refused = format!("the key was refused; {CHECK}");
    for (bad_key, sentence) in [
        (BadKey::ByCodebase, &refused),
        (BadKey::Unauthorized, &refused),
        (BadKey::NotFound, &not_admitted),
        (BadKey::NotAuthenticated, &refused),
    ] {
        let audited = audit(fixture("acme-msp").bad_key(bad_key), "LEASTWISE_PRIVATE_KEY", "wrong");
        assert_stopped(&audited, sentence);
    }
}

#[test]
fn a_bad_client_id_stops_the_run_in_each_way_that_it_is_turned_away() {
    for (bad, sentence) in [
        (
            BadClientId::BadRequest,
            "HTTP 400: the client id is not accepted; check that it is one of your own from developer.connectwise.com, of the kind Private for your own PSA",
        ),
        (BadClientId::Unauthorized, CHECK),
        (BadClientId::Cannot, "the PSA cannot route the call"),
    ] {
        let sim = fixture("acme-msp").bad_client_id(bad);
        let audited = audit(sim, "LEASTWISE_CLIENT_ID", "99999999-9999-4999-8999-999999999999");
        assert_stopped(&audited, sentence);
    }
}

#[test]
fn what_says_that_the_key_is_refused_is_heard_under_any_status_and_within_an_error() {
    let inner = r#"{"code":"InvalidObject","message":"object is invalid","errors":[{"code":"ConnectWiseApi","message":"UserNotAuthenticated"}]}"#;
    let outer = r#"{"code":"ConnectWiseApi","message":"UserNotAuthenticated","errors":null}"#;
    let bodies = [inner, outer, r#"{"message":"Incorrect public/private key"}"#];
    for (code, body) in [400, 403, 404, 500].into_iter().flat_map(|code| bodies.map(|body| (code, body))) {
        let psa = Psa::acme();
        let fault = Fault::Status {
            code,
            body: body.to_owned(),
            content_type: "application/json".to_owned(),
            headers: Vec::new(),
        };
        psa.sim.set_fault("/apis/3.0/", When::Always, fault);
        assert_stopped(&psa.audit(&[]), "the key was refused");
    }
}

#[test]
fn a_company_in_other_letters_is_unknown_where_they_count() {
    let psa = Psa::start(fixture("acme-msp").company_with_case(), 258);
    let audited = psa.audit(&["--company", "ACME"]);
    assert_eq!(audited.ran.code, 3);
    assert!(audited.ran.stderr.contains("with its capitals"), "{}", audited.ran.stderr);
    assert_eq!(audited.asked.len(), 1);
    assert_eq!(psa.audit(&["--integration", "cisco-umbrella"]).ran.code, 1);
}

#[test]
fn swapped_halves_are_called_so() {
    let psa = Psa::acme();
    let key = psa.key_of(258);
    let audited = psa.audit_as(&[], |command| {
        command.env("LEASTWISE_PUBLIC_KEY", &key.private).env("LEASTWISE_PRIVATE_KEY", &key.public)
    });
    assert_stopped(&audited, "the two halves of the key are swapped");
}

#[test]
fn a_key_that_was_pasted_wrongly_is_named_before_anything_is_asked() {
    let client_id = Psa::acme().key_of(258).client_id;
    for (variable, value, sentence) in [
        (
            "LEASTWISE_PUBLIC_KEY",
            "acme+simpub-leastwise",
            "the public key in LEASTWISE_PUBLIC_KEY holds a +: enter the key alone, without the company",
        ),
        (
            "LEASTWISE_PRIVATE_KEY",
            "simpub-leastwise:simpriv-leastwise",
            "the private key in LEASTWISE_PRIVATE_KEY holds a colon: enter one half",
        ),
        (
            "LEASTWISE_PRIVATE_KEY",
            "\"simpriv-leastwise\"",
            "the private key in LEASTWISE_PRIVATE_KEY is in quotes",
        ),
        (
            "LEASTWISE_PRIVATE_KEY",
            "simpub-leastwise",
            "LEASTWISE_PUBLIC_KEY and LEASTWISE_PRIVATE_KEY hold the same text",
        ),
        (
            "LEASTWISE_PUBLIC_KEY",
            &client_id,
            "LEASTWISE_PUBLIC_KEY holds a client id: it names the product, and is no key",
        ),
        (
            "LEASTWISE_PUBLIC_KEY",
            "schl\u{fc}ssel",
            "the public key in LEASTWISE_PUBLIC_KEY holds a character that no key has",
        ),
    ] {
        let psa = Psa::acme();
        let audited = psa.audit_as(&[], |command| command.env(variable, value));
        assert_eq!((audited.ran.code, audited.asked.len()), (2, 0), "{}", audited.ran.stderr);
        assert!(audited.ran.stderr.contains(sentence), "{sentence}: {}", audited.ran.stderr);
        assert!(!audited.ran.stderr.contains(value), "{}", audited.ran.stderr);
    }
}

#[test]
fn a_client_id_that_is_no_guid_is_remarked_upon_and_named_where_it_is_refused() {
    let remark = "the client id has not the form of one (a GUID";
    let psa = Psa::acme();
    psa.sim.edit_sim(|sim| sim.client_ids.clear());
    let audited = psa.audit_as(&["--integration", "cisco-umbrella"], |command| {
        command.env("LEASTWISE_CLIENT_ID", "leastwise")
    });
    assert_eq!(audited.ran.code, 1, "the PSA takes it");
    assert!(audited.ran.stderr.contains(&format!("warning: {remark}")), "{}", audited.ran.stderr);
    let refused = audit(fixture("acme-msp"), "LEASTWISE_CLIENT_ID", "leastwise");
    assert_stopped(&refused, remark);
}

/// Somebody deletes the key while it is used.
#[test]
fn a_key_that_is_refused_later_stops_the_run() {
    for endpoint in ["=/system/apimembers", "/settings"] {
        let psa = Psa::acme();
        psa.sim.set_fault(endpoint, When::Always, Fault::status(401));
        let audited = psa.audit(&[]);
        assert_eq!(audited.ran.code, 3, "{endpoint}");
        assert!(audited.ran.stderr.contains("the key was refused"), "{}", audited.ran.stderr);
        let settings = audited.asked.iter().filter(|one| one.path.contains("/settings")).count();
        assert!(settings <= 4, "{settings} were under way when the first was refused");
    }
}

#[test]
fn roles_that_may_not_be_listed_are_named_by_their_holders() {
    let psa = Psa::acme();
    psa.sim.set_fault("=/system/securityroles", When::Always, Fault::status(403));
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 3);
    assert!(
        audited.ran.stderr.contains("roles that its API members name: Admin (1)"),
        "{}",
        audited.ran.stderr
    );
    assert!(audited.asked.len() > 3, "the other lists are read all the same");
}

#[test]
fn a_psa_older_than_the_version_that_is_asked_for_is_asked_without_one() {
    for status in [400, 406, 415] {
        let psa = Psa::start(fixture("parapluie").unknown_version(status), 101);
        let audited = psa.audit(&[]);
        assert_eq!(audited.ran.code, 0, "{}", audited.ran.stderr);
        let refused = audited.asked.iter().filter(|one| one.status == Some(status)).count();
        assert_eq!(refused, 1, "it is asked for once");
        let accepts: Vec<_> = audited.asked.iter().filter_map(|one| one.header("accept")).collect();
        assert!(accepts.iter().any(|accept| accept.ends_with("version=2026.11")));
    }
}
