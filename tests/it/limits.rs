//! Waiting for a PSA that is busy: everything is read, and it is said.

use std::time::{Duration, Instant};

use psa_sim::{Fault, RetryAfter, When};

use crate::psa::{Psa, fixture};

#[test]
fn a_wait_is_said_at_once_and_stands_in_the_report() {
    let psa = Psa::parapluie();
    psa.sim.set_fault("=/system/apimembers", When::Always, Fault::TooMany { retry_after: Some(1), times: 1 });
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 0, "{}", audited.ran.stderr);
    let said = "says 429: too many requests, by everything that uses its API; waiting 1 s";
    assert_eq!(audited.ran.stderr.matches(said).count(), 1, "{}", audited.ran.stderr);
    assert!(audited.tenant()["waited_seconds"].as_u64().is_some_and(|seconds| (1..=3).contains(&seconds)));
    let unhindered = psa.audit(&[]);
    assert_eq!(unhindered.tenant()["waited_seconds"], 0);
}

#[test]
fn a_limit_is_kept_to_however_the_psa_says_when_to_return() {
    for retry_after in [RetryAfter::Exact, RetryAfter::Date] {
        let sim = fixture("parapluie").rate_limit(6, Duration::from_secs(2)).retry_after(retry_after);
        let psa = Psa::start(sim, 101);
        let audited = psa.audit(&[]);
        assert_eq!(audited.ran.code, 0, "{}", audited.ran.stderr);
        let refused = audited.asked.iter().filter(|one| one.status == Some(429)).count();
        assert!((1..=4).contains(&refused), "{refused}");
    }
}

#[test]
fn what_is_given_up_is_unknown_and_says_so() {
    let psa = Psa::acme();
    let busy = Fault::TooMany { retry_after: Some(3_600), times: usize::MAX };
    psa.sim.set_fault("/settings", When::Always, busy);
    let started = Instant::now();
    let audited = psa.audit(&[]);
    assert!(started.elapsed() < Duration::from_secs(20));
    let gap = audited.gap("settings").expect("a gap");
    assert!(gap.contains("HTTP 429: too many requests") && gap.contains("--max-wait"), "{gap}");
    let settings = audited.asked.iter().filter(|one| one.path.contains("/settings")).count();
    assert!(settings <= 4, "nobody is hammered: {settings}");
}

#[test]
fn quiet_means_quiet() {
    let psa = Psa::parapluie();
    psa.sim.set_fault("=/system/apimembers", When::Always, Fault::TooMany { retry_after: Some(1), times: 1 });
    assert_eq!(psa.audit(&["--quiet"]).ran.stderr, "");
}
