//! Every exit code of the design is reached through the command line, and each form of the report has
//! the same.

use crate::psa::{Psa, QUICK, fixture_path};

/// The code of an audit with these arguments, the same in every form.
fn code(psa: &Psa, args: &[&str]) -> u8 {
    let codes: Vec<_> = ["table", "json", "sarif", "sarif-full"]
        .iter()
        .map(|format| psa.leastwise(&[&["audit", "--format", format], args].concat()).run().code)
        .collect();
    assert!(codes.iter().all(|code| *code == codes[0]), "{args:?}: {codes:?}");
    codes[0]
}

/// leastwise's own role in parapluie may not read integrator logins, and LW307 is asked for by name.
fn partial() -> Psa {
    let psa = Psa::start(crate::psa::fixture("parapluie"), 252);
    psa.config(&format!("[tenant.sim.network]\n{QUICK}\n[checks.LW307]\nseverity = \"medium\"\n"));
    psa
}

#[test]
fn each_code_is_reached() {
    let (acme, parapluie) = (Psa::acme(), Psa::parapluie());
    assert_eq!(code(&parapluie, &[]), 0);
    assert_eq!(code(&acme, &[]), 1);
    assert_eq!(code(&acme, &["--integration", "nonsense"]), 2);
    assert_eq!(code(&acme, &["--company", "nobody"]), 3);
    assert_eq!(code(&partial(), &[]), 4);
    assert_eq!(code(&parapluie, &["--integration", "hudu"]), 5);
}

#[test]
fn the_threshold_moves_1_and_nothing_else() {
    let (acme, least) = (Psa::acme(), partial());
    for (threshold, expected) in
        [("critical", 1), ("high", 1), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)]
    {
        assert_eq!(code(&acme, &["--fail-on", threshold]), expected, "{threshold}");
    }
    // Domotz: an inactive member is high, and nothing of it is critical.
    assert_eq!(code(&acme, &["--integration", "domotz", "--fail-on", "high"]), 1);
    assert_eq!(code(&acme, &["--integration", "domotz", "--fail-on", "critical"]), 0);
    assert_eq!(code(&least, &["--fail-on", "never"]), 4);
    assert_eq!(code(&acme, &["--company", "nobody", "--fail-on", "never"]), 3);
}

/// When several hold: 2, 3, 5, 1, 4, 0.
#[test]
fn the_order_when_several_hold() {
    let acme = Psa::acme();
    // 2 before 3: the company is wrong too.
    assert_eq!(code(&acme, &["--integration", "nonsense", "--company", "nobody"]), 2);
    // 3 before 5: whether it is there could not be looked up.
    assert_eq!(code(&acme, &["--integration", "bvoip-1stream", "--company", "nobody"]), 3);
    // 3 before 1: findings, and a report that cannot be written.
    let ran = acme.leastwise(&["audit", "--output", "json=no/such/r.json"]).run();
    assert_eq!(ran.code, 3);
    // 1 before 5 when something else was judged.
    assert_eq!(code(&acme, &["--integration", "bvoip-1stream", "--integration", "hudu"]), 1);
    // 1 before 4.
    acme.sim.set_fault("=/system/integratorlogins", psa_sim::When::Always, psa_sim::Fault::status(500));
    assert_eq!(code(&acme, &[]), 1);
    // 4 before 0.
    assert_eq!(code(&acme, &["--fail-on", "never"]), 4);
}

#[test]
fn a_snapshot_has_the_codes_of_what_it_holds() {
    let psa = Psa::acme();
    let path = fixture_path("acme-msp");
    assert_eq!(code(&psa, &["--snapshot", path.to_str().unwrap()]), 1);
    let path = fixture_path("parapluie");
    assert_eq!(code(&psa, &["--snapshot", path.to_str().unwrap()]), 0);
    assert_eq!(code(&psa, &["--snapshot", path.to_str().unwrap(), "--integration", "hudu"]), 5);
}

/// On partial data SARIF would close alerts that were not looked at: it is not written, and stderr says
/// so; the code stays.
#[test]
fn no_sarif_is_written_from_partial_data() {
    let psa = partial();
    let ran = psa.leastwise(&["audit", "--format", "sarif", "--output", "sarif=r.sarif"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""));
    assert!(!psa.path("r.sarif").exists());
    assert!(ran.stderr.contains("warning: r.sarif was not written"), "{}", ran.stderr);
    let ran = psa.leastwise(&["audit", "--output", "sarif=r.sarif", "--allow-partial"]).run();
    assert_eq!(ran.code, 4);
    assert!(psa.path("r.sarif").exists());
}
