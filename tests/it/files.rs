//! What is written is whole or not there, and what could not be written ends with 3: a full disk, a folder
//! that takes nothing, links and devices in the way, and an end in the middle.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::psa::{Psa, fixture_path};
use crate::support::{Leastwise, Ran, leastwise};

const OLD: &str = "what was there before\n";

/// Every way to have a file written, without its path.
const WRITERS: &[(&[&str], &str)] = &[
    (&["audit", "--snapshot", "acme.json", "--output"], "json="),
    (&["audit", "--snapshot", "acme.json", "--output"], "html="),
    (&["audit", "--snapshot", "acme.json", "--output"], "sarif="),
    (&["audit", "--snapshot", "acme.json", "--format", "json", "--output"], "csv="),
    (&["diff", "acme.json", "acme.json", "--output"], "markdown="),
    (
        &[
            "snapshot",
            "--from-responses",
            "responses",
            "--site",
            "psa.example.org",
            "--company",
            "acme",
            "-o",
        ],
        "",
    ),
    (&["rules", "new", "x", "-o"], ""),
];

/// A folder with what the writers read.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("acme.json", &fs::read_to_string(fixture_path("acme-msp")).expect("the fixture"));
    fs::create_dir(folder.path().join("responses")).expect("a folder");
    write("responses/roles.json", "[{\"id\":1,\"name\":\"Admin\",\"adminFlag\":true}]");
    folder
}

fn command(folder: &Path, writer: &(&[&str], &str), path: &Path) -> Leastwise {
    command_with(folder, writer, path, &[])
}

fn command_with(folder: &Path, writer: &(&[&str], &str), path: &Path, further: &[&str]) -> Leastwise {
    let (args, before) = writer;
    let last = format!("{before}{}", path.display());
    leastwise(args.iter().copied().chain([last.as_str()]).chain(further.iter().copied())).folder(folder)
}

/// Nothing of a file that was begun is left lying about.
#[track_caller]
fn assert_tidy(folder: &Path, what: &str) {
    let left = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(".leastwise")).collect();
    assert!(left.is_empty(), "{what}: {left:?}");
}

#[track_caller]
fn assert_unwritten(ran: &Ran, path: &Path, what: &str) {
    assert_eq!(ran.code, 3, "{what}: {}", ran.stderr);
    let said = format!("{} could not be written", path.display());
    assert!(
        ran.stderr.lines().any(|line| line.starts_with("error: ") && line.contains(&said)),
        "{what}: {}",
        ran.stderr
    );
}

#[test]
fn a_path_that_cannot_be_written_ends_with_3_and_leaves_nothing() {
    let folder = folder();
    fs::create_dir(folder.path().join("taken")).expect("a folder");
    fs::write(folder.path().join("file"), OLD).expect("a file");
    // A folder; a folder that is not there; below a file; where even root may not write.
    for path in ["taken", "file/below", "/proc/leastwise-test", "/dev/full"] {
        let path = PathBuf::from(path);
        if path.has_root() && !cfg!(target_os = "linux") {
            continue;
        }
        for writer in WRITERS {
            let what = format!("{writer:?} to {}", path.display());
            let is_kept = ["rules", "snapshot"].contains(&writer.0[0]) && !path.starts_with("/dev");
            if is_kept && folder.path().join(&path).exists() {
                // What is there already is not overwritten, whatever it is.
                assert_eq!(command(folder.path(), writer, &path).run().code, 2, "{what}");
                continue;
            }
            assert_unwritten(&command(folder.path(), writer, &path).run(), &path, &what);
            assert_tidy(folder.path(), &what);
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("file")).expect("the file"), OLD);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = folder();
    for writer in &WRITERS[..6] {
        let path = Path::new("no/such/x");
        let ran = command(folder.path(), writer, path).run();
        assert_unwritten(&ran, path, &format!("{writer:?}"));
        assert!(ran.stderr.contains("there is no folder no/such"), "{}", ran.stderr);
    }
}

/// Whoever may make a link where a report goes could otherwise have any file of ours overwritten.
#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_replaced_and_what_it_leads_to_is_not_touched() {
    let folder = folder();
    let precious = folder.path().join("precious");
    for writer in WRITERS {
        let forced: &[&str] = if ["rules", "snapshot"].contains(&writer.0[0]) { &["--force"] } else { &[] };
        for target in [precious.as_path(), Path::new("nowhere")] {
            let link = folder.path().join("link");
            fs::remove_file(&link).ok();
            fs::write(&precious, OLD).expect("a file");
            std::os::unix::fs::symlink(target, &link).expect("a link");
            let ran = command_with(folder.path(), writer, Path::new("link"), forced).run();
            assert!([0, 1, 4].contains(&ran.code), "{writer:?}: {}", ran.stderr);
            assert_eq!(fs::read_to_string(&precious).expect("the file"), OLD, "{writer:?}");
            assert!(fs::symlink_metadata(&link).expect("a file").is_file(), "{writer:?}");
            assert!(!folder.path().join("nowhere").exists(), "{writer:?}");
        }
    }
}

/// Whoever put a pipe, or a link to one, where a report goes would read the report.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_way_is_refused_and_a_link_to_one_is_replaced() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = folder();
    let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    for writer in &WRITERS[..6] {
        let forced: &[&str] = if writer.0[0] == "snapshot" { &["--force"] } else { &[] };
        let run = |path: &Path| command_with(folder.path(), writer, path, forced).run();
        assert_unwritten(&run(Path::new("pipe")), Path::new("pipe"), &format!("{writer:?}"));
        for target in [pipe.as_path(), Path::new("/dev/null")] {
            fs::remove_file(&link).ok();
            symlink(target, &link).expect("a link");
            let ran = run(Path::new("link"));
            assert!([0, 1, 4].contains(&ran.code), "{writer:?}: {}", ran.stderr);
            assert!(fs::symlink_metadata(&link).expect("a file").is_file(), "{writer:?}");
        }
        assert!(fs::symlink_metadata(&pipe).expect("the pipe").file_type().is_fifo(), "{writer:?}");
    }
    // As root, a file moved over a device would take the device away from everybody.
    for writer in &WRITERS[..6] {
        let ran = command(folder.path(), writer, Path::new("/dev/null")).run();
        assert!([0, 1, 4].contains(&ran.code), "{writer:?}: {}", ran.stderr);
    }
    assert!(fs::symlink_metadata("/dev/null").expect("the device").file_type().is_char_device());
}

#[test]
fn a_file_that_was_there_is_replaced_whole_or_stays() {
    let folder = folder();
    let path = folder.path().join("r.json");
    fs::write(&path, OLD.repeat(100_000)).expect("a file");
    let ran = leastwise(["audit", "--snapshot", "acme.json", "--output", "json=r.json"])
        .folder(folder.path())
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let report: Value =
        serde_json::from_slice(&fs::read(&path).expect("the report")).expect("JSON, and no more");
    assert_eq!(report["exit"], 1);
    assert_tidy(folder.path(), "a report");
}

#[test]
fn one_output_that_fails_does_not_cost_the_others() {
    let folder = folder();
    let ran = leastwise([
        "audit",
        "--snapshot",
        "acme.json",
        "--output",
        "json=no/r.json",
        "--output",
        "csv=r.csv",
        "--output",
        "html=r.html",
    ])
    .folder(folder.path())
    .run();
    assert_unwritten(&ran, Path::new("no/r.json"), "json");
    assert!(folder.path().join("r.csv").exists() && folder.path().join("r.html").exists());
}

/// Doctor's files, live.
#[test]
fn evidence_and_bundle_that_cannot_be_written_end_with_3() {
    let psa = Psa::start(crate::psa::fixture("parapluie"), 101);
    let own = psa.sim.access().into_iter().find(|key| key.member == 251).expect("a key");
    fs::create_dir(psa.path("taken")).expect("a folder");
    for (option, path) in
        [("--save", "taken"), ("--bundle", "taken"), ("--save", "no/e.json"), ("--bundle", "no/b.md")]
    {
        let ran = psa
            .leastwise(&["doctor", "--integration", "cisco-umbrella", option, path])
            .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", &own.public)
            .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", &own.private)
            .run();
        assert_unwritten(&ran, Path::new(path), option);
        assert_tidy(psa.folder.path(), option);
    }
}

/// The real program, whose standard output is a full disk.
#[cfg(target_os = "linux")]
pub(crate) mod full {
    use std::fs::{self, File};
    use std::path::Path;
    use std::process::{Command, Stdio};

    use super::folder;

    /// Runs it in a folder; it ends with 3 and says why.
    #[track_caller]
    pub(crate) fn assert_a_full_disk_is_told(args: &[&str], folder: &Path, variables: &[(&str, &str)]) {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("leastwise"))
            .args(args)
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(File::options().write(true).open("/dev/full").expect("the device"))
            .output()
            .expect("the binary");
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(3), "{args:?}: {said}");
        let why = "standard output could not be written: No space left on device";
        assert!(said.contains(why), "{args:?}: {said}");
    }

    #[test]
    fn standard_output_that_is_full_ends_with_3_whatever_was_found() {
        let folder = folder();
        for args in [
            &["audit", "--snapshot", "acme.json"][..],
            &["audit", "--snapshot", "acme.json", "--format", "json", "--output", "csv=r.csv"],
            &["diff", "acme.json", "acme.json"],
            &["init", "--snapshot", "acme.json"],
            &["impact", "Umbrella", "--snapshot", "acme.json"],
            &["checklist", "--integration", "cisco-umbrella", "--snapshot", "acme.json"],
            &["explain", "LW101"],
            &["plan"],
            &["rules", "list"],
            &["rules", "show", "cisco-umbrella"],
            &["rules", "new", "x"],
            &["doctor", "--error", "HTTP 403"],
            &["completions", "bash"],
            &["man"],
            &["--help"],
            &["--version"],
        ] {
            assert_a_full_disk_is_told(args, folder.path(), &[]);
        }
        assert!(fs::read(folder.path().join("r.csv")).is_ok(), "the other output is still wanted");
    }

    /// A reader that has seen enough, such as `head`, is no failure.
    #[test]
    fn a_reader_that_goes_away_changes_nothing() {
        let folder = folder();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("leastwise"))
            .args(["audit", "--snapshot", "acme.json", "--format", "json"])
            .env_clear()
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("an end").code(), Some(1));
    }
}

/// kill -9 between the first byte of a file and its last.
#[cfg(target_os = "linux")]
#[test]
fn an_end_in_the_middle_leaves_the_old_file_or_the_new_one() {
    use std::process::{Command, Stdio};
    let folder = folder();
    let path = folder.path().join("r.json");
    let begun = || {
        let entries = fs::read_dir(folder.path()).expect("a folder");
        entries
            .filter_map(Result::ok)
            .any(|entry| entry.file_name().to_string_lossy().starts_with(".leastwise"))
    };
    let mut interrupted = 0;
    for _ in 0..20 {
        fs::write(&path, OLD).expect("a file");
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("leastwise"))
            .args(["audit", "--snapshot", "acme.json", "--all", "--output", "json=r.json"])
            .env_clear()
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        // The file that is being written has another name; as soon as it is there, the end comes.
        while !begun() && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        child.kill().ok();
        child.wait().expect("an end");
        let text = fs::read_to_string(&path).expect("one of them");
        if text == OLD {
            interrupted += 1;
        } else {
            let report: Value = serde_json::from_str(&text).expect("a whole report");
            assert_eq!(report["exit"], 1);
        }
        for entry in fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok) {
            if entry.file_name().to_string_lossy().starts_with(".leastwise") {
                fs::remove_file(entry.path()).expect("what was begun");
            }
        }
        if interrupted == 3 {
            break;
        }
    }
    // How often is up to the machine; were it never, the test would have tried nothing.
    assert!(interrupted > 0, "each was written before its end came");
}
