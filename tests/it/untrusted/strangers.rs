//! Configs and rule files that somebody else wrote: they send nothing elsewhere and run nothing.

use std::fs;

use tempfile::TempDir;

use crate::psa::{Elsewhere, Psa};
use crate::support::leastwise;

/// A config and rule files as a pull request may bring them. What the base branch set, in the environment,
/// stays: no other site is asked, and no program runs.
#[test]
fn a_config_that_somebody_else_wrote_neither_sends_the_key_elsewhere_nor_runs_anything() {
    let (psa, elsewhere) = (Psa::parapluie(), Elsewhere::start());
    let command = |key: &str| format!("{key}_command = [\"touch\", \"ran-{key}\"]\n");
    let keys = ["client_id", "public_key", "private_key"].map(command).concat();
    psa.config(&format!("[tenant.evil]\nsite = \"{}\"\ncompany = \"nimbus\"\n{keys}", elsewhere.url()));
    for args in [
        &["audit"][..],
        &["snapshot", "-o", "old.json"],
        &["diff", "old.json"],
        &["init"],
        &["impact", "CiscoUmbrella"],
        &["plan"],
        &["checklist", "--integration", "cisco-umbrella"],
        &["doctor", "--integration", "cisco-umbrella"],
    ] {
        psa.leastwise(args).run();
    }
    assert!(psa.sim.requests().len() > 20, "the site of the environment was asked");
    // A snapshot is judged without any key, so none is fetched, and nobody is asked.
    let before = psa.sim.requests().len();
    for args in [
        &["audit", "--snapshot", "old.json"][..],
        &["audit", "--snapshot", "old.json", "--baseline", "old.json"],
        &["diff", "old.json", "old.json"],
        &["init", "--snapshot", "old.json"],
        &["impact", "CiscoUmbrella", "--snapshot", "old.json"],
        &["checklist", "--integration", "cisco-umbrella", "--snapshot", "old.json"],
        &["rules", "merge", "--role", "Parapluie", "--snapshot", "old.json"],
        &["rules", "list"],
        &["plan"],
        &["explain", "LW101"],
    ] {
        let ran = leastwise(args.iter().copied()).folder(psa.folder.path()).run();
        assert!(ran.code <= 1, "{args:?}: {}", ran.stderr);
    }
    assert_eq!(psa.sim.requests().len(), before);
    let left: Vec<_> = fs::read_dir(psa.folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .filter(|name| name.starts_with("ran-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

const RULES: &str = "id = \"evil\"\nvendor = \"V\"\nproduct = \"P\"\nsource = \"https://vendor.example\"\nread = 2026-11-22\n";

const NEEDS: &str = "[needs.System]\n\"Table Setup\" = { inquire = \"All\" }\n";

/// What a rule file asks for lies below the API's base.
#[test]
fn a_probe_that_leads_out_of_the_api_is_refused() {
    let folder = TempDir::new().expect("a folder");
    for probe in [
        "https://evil.example/x",
        "//evil.example/x",
        "/\\\\evil.example/x",
        "..\\\\..\\\\login",
        "../../login/companyinfo/acme",
        "service/../../../login",
        "service/%2e%2e/login",
        "me:pw@evil.example",
        "service/tickets?conditions=x",
        "service/tickets#x",
        "service/tickets\\u0000",
        "service/ tickets",
        "",
        "/",
    ] {
        fs::write(folder.path().join("evil.toml"), format!("{RULES}probes = [\"{probe}\"]\n{NEEDS}"))
            .expect("a file");
        let ran = leastwise(["rules", "list", "--rules-dir", "."]).folder(folder.path()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{probe:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("evil.toml:6:"), "{probe:?}: {}", ran.stderr);
    }
    fs::write(folder.path().join("evil.toml"), format!("{RULES}probes = [\"service/tickets\"]\n{NEEDS}"))
        .expect("a file");
    assert_eq!(leastwise(["rules", "list", "--rules-dir", "."]).folder(folder.path()).run().code, 0);
}

/// Nothing that a rule file can say names a program, a host or a key.
#[test]
fn a_rule_file_cannot_name_a_command() {
    let folder = TempDir::new().expect("a folder");
    for line in [
        "private_key_command = [\"touch\", \"ran\"]",
        "command = [\"touch\", \"ran\"]",
        "site = \"evil.example\"",
        "[tenant.x]\nsite = \"evil.example\"",
        "[probes]\nhost = \"evil.example\"",
    ] {
        fs::write(folder.path().join("evil.toml"), format!("{RULES}{line}\n")).expect("a file");
        let ran =
            leastwise(["audit", "--rules-dir", ".", "--snapshot", "none.json"]).folder(folder.path()).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains("evil.toml:"), "{line}: {}", ran.stderr);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}
