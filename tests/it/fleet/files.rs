//! The files of many tenants: each is whole or not there, and where one of a set cannot be written the run
//! ends with 3, whatever was found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::psas::{CLIENT_ID, Fleet, PUBLIC_KEY};
use crate::support::Ran;

const OLD: &str = "what was there before\n";

/// Three files of SARIF, with findings in every third tenant.
fn three_files() -> Fleet {
    Fleet::start(41, 3)
}

fn audit(fleet: &Fleet, outputs: &[&str]) -> Ran {
    let outputs = outputs.iter().flat_map(|output| ["--output", output]);
    fleet.audit(&["--tenant", "all"].into_iter().chain(outputs).collect::<Vec<_>>())
}

/// How many runs a file has; it is whole.
#[track_caller]
fn runs(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let log: Value = serde_json::from_str(&text).expect("JSON, and no more");
    log["runs"].as_array().map_or(0, Vec::len)
}

/// Every file is whole, or what was there before, and nothing that was begun is left lying about.
#[track_caller]
fn assert_whole(fleet: &Fleet, what: &str) {
    for entry in fs::read_dir(fleet.folder()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!name.starts_with(".leastwise"), "{what}: {name}");
        let is_ours = ["sarif", "json"].iter().any(|end| path.extension().is_some_and(|own| own == *end));
        if is_ours && path.is_file() {
            let text = fs::read_to_string(&path).expect("text");
            assert!(text == OLD || serde_json::from_str::<Value>(&text).is_ok(), "{what}: half of {name}");
        }
    }
}

#[track_caller]
fn assert_unwritten(ran: &Ran, path: &str) {
    assert_eq!(ran.code, 3, "{path}: {}", ran.stderr);
    let said = format!("{path} could not be written");
    let is_said = |line: &str| line.starts_with("error: ") && line.contains(&said);
    assert!(ran.stderr.lines().any(is_said), "{path}: {}", ran.stderr);
    assert!(!ran.stderr.contains("upload them all"), "{path}: {}", ran.stderr);
}

#[test]
fn a_folder_in_the_way_of_any_file_of_the_set_ends_with_3_and_the_other_outputs_are_there() {
    let fleet = three_files();
    for taken in ["out.sarif", "out-2.sarif", "out-3.sarif"] {
        let path = fleet.path(taken);
        fs::create_dir(&path).expect("a folder");
        let ran = audit(&fleet, &["sarif=out.sarif", "json=r.json", "csv=r.csv"]);
        assert_unwritten(&ran, taken);
        assert_whole(&fleet, taken);
        let report: Value =
            serde_json::from_slice(&fs::read(fleet.path("r.json")).expect("a report")).expect("JSON");
        assert_eq!(report["tenants"].as_array().map(Vec::len), Some(41));
        for own in ["r.json", "r.csv"] {
            fs::remove_file(fleet.path(own)).expect("the other outputs");
        }
        fs::remove_dir(&path).expect("the folder, still empty");
    }
}

/// Where even root may not write, and a folder that takes nothing from others.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_nothing_ends_with_3() {
    use std::os::unix::fs::PermissionsExt;
    let fleet = Fleet::start(21, 3);
    for path in ["/proc/leastwise.sarif", "no/such/out.sarif"] {
        assert_unwritten(&audit(&fleet, &[&format!("sarif={path}")]), path);
        assert_whole(&fleet, path);
    }
    let folder = fleet.path("closed");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("out.sarif"), OLD).expect("a file");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("a mode");
    // Root writes there all the same; then both are there, and whole.
    let is_closed = fs::write(folder.join("probe"), "").is_err();
    let ran = audit(&fleet, &["sarif=closed/out.sarif"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("a mode");
    if is_closed {
        assert_unwritten(&ran, "closed/out.sarif");
        assert_eq!(fs::read_to_string(folder.join("out.sarif")).expect("the file"), OLD);
    } else {
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert_eq!([runs(&folder.join("out.sarif")), runs(&folder.join("out-2.sarif"))], [20, 1]);
    }
}

/// Whoever can make a link where a file of the set will be could otherwise have any file overwritten.
#[cfg(unix)]
#[test]
fn a_link_in_the_way_of_a_later_file_is_replaced_whatever_is_behind_it() {
    use std::os::unix::fs::symlink;
    let fleet = three_files();
    let (precious, link) = (fleet.path("precious"), fleet.path("out-2.sarif"));
    fs::write(&precious, OLD).expect("a file");
    symlink(&precious, &link).expect("a link");
    let ran = audit(&fleet, &["sarif=out.sarif"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&precious).expect("the file"), OLD);
    assert!(fs::symlink_metadata(&link).expect("a file").is_file());
    assert_eq!(["out.sarif", "out-2.sarif", "out-3.sarif"].map(|name| runs(&fleet.path(name))), [20, 20, 1]);

    fs::remove_file(&link).expect("the file");
    symlink("/dev/full", &link).expect("a link");
    assert_eq!(audit(&fleet, &["sarif=out.sarif"]).code, 1);
    assert!(fs::symlink_metadata(&link).expect("a file").is_file());
    assert_eq!(runs(&link), 20);
}

/// A device is one, however many runs there are; nothing is made beside it.
#[cfg(target_os = "linux")]
#[test]
fn a_device_takes_all_runs_and_gets_no_second_file_beside_it() {
    let fleet = Fleet::start(21, 3);
    let pipe = fleet.path("pipe.sarif");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let ran = audit(&fleet, &["sarif=pipe.sarif"]);
    assert_unwritten(&ran, "pipe.sarif");
    assert!(!fleet.path("pipe-2.sarif").exists());

    // One that the system names is what somebody asked for.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let stream = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&writer));
    let read = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut { reader }, &mut bytes).map(|_| bytes).expect("what comes through")
    });
    let ran = audit(&fleet, &[&format!("sarif={stream}")]);
    drop(writer);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("GitHub takes 20 runs in a file, and this has 21"), "{}", ran.stderr);
    let log: Value = serde_json::from_slice(&read.join().expect("the reader")).expect("one document");
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(21));

    for (device, expected) in [("/dev/null", 1), ("/dev/full", 3)] {
        let ran = audit(&fleet, &[&format!("sarif={device}")]);
        assert_eq!(ran.code, expected, "{device}: {}", ran.stderr);
        assert!(!PathBuf::from(format!("{device}-2")).exists());
    }
}

/// A file of an earlier run with more tenants would be uploaded with those of this one.
#[test]
fn a_file_that_an_earlier_run_left_is_named() {
    let fleet = three_files();
    assert_eq!(audit(&fleet, &["sarif=out.sarif"]).code, 1);
    let ran = fleet.audit(&["--tenant", "t001,t002", "--output", "sarif=out.sarif"]);
    assert!(
        ran.stderr.contains("warning: out-2.sarif is not of this run: do not upload it"),
        "{}",
        ran.stderr
    );
    assert_eq!(runs(&fleet.path("out.sarif")), 2);
    let ran = audit(&fleet, &["sarif=out.sarif"]);
    assert!(!ran.stderr.contains("not of this run"), "{}", ran.stderr);
}

/// The real program, whose standard output is a full disk.
#[cfg(target_os = "linux")]
#[test]
fn standard_output_that_is_full_ends_with_3_for_many_and_for_joined_reports() {
    use crate::files::full::assert_a_full_disk_is_told;

    let fleet = Fleet::start(3, 100);
    assert_eq!(audit(&fleet, &["json=r.json"]).code, 0);
    for args in [
        &["audit", "--tenant", "all"][..],
        &["audit", "--tenant", "all", "--format", "sarif", "--output", "csv=r.csv"],
        &["audit", "--shard", "1/2", "--format", "json"],
        &["report", "r.json"],
        &["report", "r.json", "--gate", "--format", "html"],
    ] {
        let keys = [("FLEET_CLIENT_ID", CLIENT_ID), ("FLEET_PUBLIC_KEY", PUBLIC_KEY)];
        assert_a_full_disk_is_told(args, fleet.folder(), &keys);
    }
    assert!(fleet.path("r.csv").exists(), "the other output is still wanted");
}
