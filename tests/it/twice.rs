//! The same question twice in one process: the same bytes, on both streams and in every file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::psa::{Psa, fixture_path};
use crate::support::leastwise;

/// What was written into a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read = |path: std::path::PathBuf| (path.display().to_string(), fs::read(&path).expect("a file"));
    entries.map(read).collect()
}

const OUTPUTS: [&str; 9] =
    ["json", "sarif", "sarif-full", "html", "markdown", "csv", "junit", "github", "table"];

#[test]
fn a_snapshot_is_judged_and_compared_alike_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(fixture_path("acme-msp"), folder.path().join("acme.json")).expect("a copy");
    let outputs: Vec<String> =
        OUTPUTS.iter().flat_map(|format| ["--output".to_owned(), format!("{format}=r.{format}")]).collect();
    let mut audit = vec!["audit", "--snapshot", "acme.json", "--all"];
    audit.extend(outputs.iter().map(String::as_str));
    for args in [
        audit,
        vec!["diff", "acme.json", "acme.json", "--format", "json"],
        vec!["init", "--snapshot", "acme.json"],
        vec!["impact", "Umbrella", "--snapshot", "acme.json"],
        vec!["checklist", "--integration", "cisco-umbrella", "--snapshot", "acme.json"],
        vec!["report", "r.json", "--format", "html"],
        vec!["rules", "merge", "--role", "Integrations", "--snapshot", "acme.json", "--format", "json"],
        vec!["rules", "new", "x", "--from-role", "Umbrella", "--snapshot", "acme.json"],
        vec!["rules", "list", "--format", "json"],
        vec!["explain", "LW102"],
        vec!["plan"],
        vec!["man"],
    ] {
        let run = || {
            let ran = leastwise(args.clone()).folder(folder.path()).run();
            (ran.stdout, ran.stderr, ran.code, files(folder.path()))
        };
        assert_eq!(run(), run(), "{args:?}");
    }
}

/// Answers come in another order each time.
#[test]
fn a_live_tenant_is_read_and_judged_alike_twice() {
    let psa = Psa::acme();
    for args in [
        &["audit", "--all", "--format", "json", "--output", "html=r.html"][..],
        &["snapshot", "--force", "-o", "acme.json"],
        &["diff", "acme.json"],
        &["init"],
        &["impact", "Umbrella"],
        &["checklist", "--integration", "cisco-umbrella"],
    ] {
        let run = || {
            let ran = psa.leastwise(args).run();
            (ran.stdout, ran.stderr, ran.code, files(psa.folder.path()))
        };
        assert_eq!(run(), run(), "{args:?}");
    }
}
