//! `leastwise waive`: what it writes waives, what would not is refused, and nothing that stands in a file is lost.

use std::fs;
use std::path::Path;

use crate::support::{Ran, leastwise, project};

const REST: [&str; 6] = ["--days", "90", "--reason", "CHG-7 \"until then\"", "--owner", "secops"];

fn waive(folder: &Path, args: &[&str]) -> Ran {
    leastwise(["waive"].iter().chain(args).copied()).folder(folder).run()
}

fn whole<'a>(args: &[&'a str]) -> Vec<&'a str> {
    args.iter().copied().chain(REST).collect()
}

#[test]
fn what_it_writes_waives_the_finding_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = project().join("fixtures/acme-msp.json").display().to_string();
    let statuses = || {
        let args = ["audit", "--snapshot", &snapshot, "--all", "--format", "json"];
        let results = leastwise(args).folder(folder.path()).run().results();
        let waived = results.into_iter().filter(|result| result["status"] == "waived");
        waived.map(|one| format!("{} {} {}", one["check"], one["function"], one["verb"])).collect::<Vec<_>>()
    };
    fs::write(folder.path().join("leastwise.toml"), "# ours, and to stay").expect("written");
    assert!(statuses().is_empty());
    let args = ["LW102", "--role", "Umbrella", "--function", "Companies / Notes", "--verb", "add", "-o"];
    let ran = waive(folder.path(), &whole(&[&args[..], &["leastwise.toml"]].concat()));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    assert_eq!(statuses(), ["\"LW102\" \"Notes\" \"add\""]);
    let by_id = ["admin-role", "--member", "252", "--role", "1", "-o", "leastwise.toml"];
    assert_eq!(waive(folder.path(), &whole(&by_id)).code, 0);
    assert_eq!(statuses().len(), 2);
    let text = fs::read_to_string(folder.path().join("leastwise.toml")).expect("the file");
    assert!(text.starts_with("# ours, and to stay\n\n[[waiver]]\n"), "{text}");
    assert!(text.contains("member_id = 252\n") && text.contains("role_id = 1\n"), "{text}");
}

#[test]
fn what_would_not_waive_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |args: &[&str], said: &str| {
        let ran = waive(folder.path(), args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {}", ran.stderr);
    };
    refused(&whole(&["LW201"]), "about one key");
    refused(&whole(&["LW304", "--role", "A"]), "about one key");
    refused(&whole(&["LW901"]), "cannot be waived");
    refused(&whole(&["LW120"]), "there is no check");
    refused(&whole(&["LW102", "--integration", "umbrela"]), "there is no rule file");
    refused(&whole(&["LW102", "--role", " "]), "--role is blank");
    refused(&whole(&["LW102", "--role", "99999999999999"]), "too large");
    let with = |days, reason, owner| ["LW102", "--days", days, "--reason", reason, "--owner", owner];
    refused(&with("366", "r", "o"), "365 are the most");
    refused(&with("4000000000", "r", "o"), "no number of days");
    refused(&with("9", " ", "o"), "`reason` is missing");
    refused(&with("9", "r", ""), "`owner` is missing");
    assert_eq!(waive(folder.path(), &with("365", "r", "o")).code, 0, "exactly the most");
}

#[test]
fn a_file_that_cannot_be_added_to_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    for text in ["waiver = []\n", "not = = toml", "[[waiver]]\nchekc = \"LW102\"\n"] {
        fs::write(&path, text).expect("written");
        let ran = waive(folder.path(), &whole(&["LW102", "--role", "A", "-o", "own.toml"]));
        assert_eq!(ran.code, 2, "{text}: {ran:?}");
        assert_eq!(fs::read_to_string(&path).expect("the file"), text);
    }
}

#[test]
fn what_may_not_be_meant_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = |args: &[&str]| waive(folder.path(), &whole(args)).stderr;
    assert!(said(&["LW102"]).contains("accepts LW102 everywhere"));
    assert!(said(&["LW102", "--role", "A", "--function", "Notse"]).contains("no function \"Notse\""));
    assert!(said(&["LW104", "--role", "A", "--table", "Nothing"]).contains("no table \"Nothing\""));
    assert_eq!(said(&["LW102", "--role", "A", "--function", "companies/notes"]), "");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_and_a_pipe_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (link, pipe) = (folder.path().join("link.toml"), folder.path().join("pipe.toml"));
    std::os::unix::fs::symlink("nowhere.toml", &link).expect("a link");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for name in ["link.toml", "pipe.toml"] {
        let args = ["LW102", "--role", "Umbrella", "-o", name];
        let ran = waive(folder.path(), &whole(&args));
        assert_eq!(ran.code, 3, "{name}: {ran:?}");
    }
    assert!(!folder.path().join("nowhere.toml").exists());
}
