//! HTTPS: the certificate is checked, and an authority of one's own can be named.

use std::fs;

use crate::psa::{Psa, fixture};

fn serve() -> Psa {
    Psa::start(fixture("parapluie").tls(), 101)
}

#[test]
fn a_certificate_of_a_named_authority_is_trusted() {
    let psa = serve();
    fs::write(psa.path("authority.pem"), psa.sim.ca_pem().expect("a certificate")).unwrap();
    psa.config("[tenant.nimbus]\nca_file = \"authority.pem\"\n");
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 0, "{}", audited.ran.stderr);
    assert_eq!(audited.tenant()["complete"], true);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_at_once() {
    let psa = serve();
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 3);
    assert_eq!(psa.sim.requests(), []);
    let failure = audited.tenant()["failure"].as_str().expect("a failure");
    assert!(failure.contains("the certificate of 127.0.0.1 is not trusted"), "{failure}");
    assert!(failure.contains("ca_file"), "{failure}");
    assert_eq!(audited.tenant()["requests"][0]["count"], 1, "trying again would not help");
}

/// A port of plain HTTP was reached: the network is not what is wrong.
#[test]
fn whoever_answers_without_tls_is_not_said_to_be_out_of_reach() {
    let psa = Psa::start(fixture("parapluie"), 101);
    let site = psa.sim.url().replace("http://", "https://");
    let ran = psa.leastwise(&["audit"]).env("LEASTWISE_SITE", &site).run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("127.0.0.1 answers without TLS"), "{}", ran.stderr);
    assert!(ran.stderr.contains("check the host and the port of the site"), "{}", ran.stderr);
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    // The authority is trusted, and the certificate is another host's.
    let psa = Psa::start(fixture("parapluie").tls_for(&["elsewhere.example"]), 101);
    fs::write(psa.path("authority.pem"), psa.sim.ca_pem().expect("a certificate")).unwrap();
    psa.config("[tenant.nimbus]\nca_file = \"authority.pem\"\n");
    let audited = psa.audit(&[]);
    assert_eq!(audited.ran.code, 3);
    assert_eq!(psa.sim.requests(), []);
    let failure = audited.tenant()["failure"].as_str().expect("a failure");
    assert!(failure.contains("the certificate of 127.0.0.1 is not trusted"), "{failure}");
}

#[test]
fn an_authority_file_that_is_none_is_a_wrong_setting() {
    let psa = serve();
    fs::write(psa.path("empty.pem"), "not a certificate").unwrap();
    for (file, why) in [("missing.pem", "No such file"), ("empty.pem", "it holds no certificate in PEM")] {
        psa.config(&format!("[tenant.nimbus]\nca_file = \"{file}\"\n"));
        let audited = psa.audit(&[]);
        assert_eq!((audited.ran.code, audited.ran.stdout.as_str()), (2, ""), "{file}");
        assert!(
            audited.ran.stderr.contains(file) && audited.ran.stderr.contains(why),
            "{}",
            audited.ran.stderr
        );
    }
}
