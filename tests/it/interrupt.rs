//! Ctrl-C while the PSA keeps us waiting: exit code 130, one sentence, and no half-written file. The
//! real binary, since a signal is for a process.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use psa_sim::{Fault, When};

use crate::psa::{Psa, fixture};

/// Runs the binary until the simulator is asked at `endpoint`, which never answers, then interrupts it.
fn interrupted_at(endpoint: &'static str, args: &[&str]) -> (Psa, Output) {
    let (sender, asked) = mpsc::channel();
    let sim = fixture("acme-msp").on_request(move |request| {
        if request.path.contains(endpoint) {
            // The test has stopped listening once it was told.
            let _ = sender.send(());
        }
    });
    let psa = Psa::start(sim, 258);
    psa.network("timeout_ms = 10000\ntotal_ms = 20000\n");
    psa.sim.set_fault(endpoint, When::Always, Fault::Stall(Duration::from_mins(10)));
    let child = Command::new(assert_cmd::cargo::cargo_bin!("leastwise"))
        .args(args)
        .env_clear()
        .envs(psa.env())
        .current_dir(psa.folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    asked.recv_timeout(Duration::from_mins(1)).expect("a request");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let output = child.wait_with_output().expect("an end");
    (psa, output)
}

#[test]
fn an_interrupted_snapshot_leaves_no_file() {
    for endpoint in ["/login/companyinfo/", "/securityroles", "/settings"] {
        let (psa, output) = interrupted_at(endpoint, &["snapshot", "-o", "acme.json"]);
        assert_eq!(output.status.code(), Some(130), "{endpoint}");
        let names: Vec<_> =
            fs::read_dir(psa.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["leastwise.toml"], "{endpoint}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.ends_with("error: interrupted; nothing was written\n"), "{said}");
    }
}

#[test]
fn an_interrupted_audit_reports_nothing() {
    let (psa, output) = interrupted_at("/settings", &["audit", "--output", "json=r.json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(130), 0));
    assert!(!psa.path("r.json").exists());
}
