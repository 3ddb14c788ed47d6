//! leastwise itself, in-process, its report thrown away once its findings were taken out.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use leastwise::io::{Io, Pause};
use serde_json::Value;

use crate::Finding;
use crate::found::Found;

pub fn run(file: &str, args: &[&str]) -> Finding<Found> {
    let fixed = ["leastwise", "audit", "--snapshot", file, "--format", "json", "--as-of", "2026-11-22"];
    let (report, took) = leastwise(&[&fixed, args].concat())?;
    let report: Value = serde_json::from_slice(&report)?;
    let results = report["tenants"][0]["results"].as_array().ok_or("no results")?;
    let findings = results.iter().filter(|result| {
        result["status"] == "fail" && (result["check"] == "LW101" || result["check"] == "LW102")
    });
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |result: &Value| {
        let [check, module, function, verb] =
            ["check", "module", "function", "verb"].map(|key| text(&result[key]));
        format!("{check}|{module} / {function}|{verb}")
    };
    Found::new(took, findings.map(line).collect())
}

/// What Umbrella needs, as the others read it.
pub fn needs() -> Finding<Vec<u8>> {
    Ok(leastwise(&["leastwise", "rules", "show", "cisco-umbrella", "--format", "json"])?.0)
}

fn leastwise(args: &[&str]) -> Finding<(Vec<u8>, Duration)> {
    let (mut stdin, mut stdout, mut stderr) = (std::io::empty(), Vec::new(), Vec::new());
    let mut io = Io {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        env: BTreeMap::new(),
        folder: PathBuf::new(),
        now: noon,
        pause: Box::new(|_| Pause::Interrupted),
        terminal: None,
        open: Box::new(|_| Ok(())),
            ask: None,
            stderr_terminal: None,
            quiet: false,
    };
    let start = Instant::now();
    let exit = leastwise::run(args.iter().map(OsString::from), &mut io);
    let took = start.elapsed();
    drop(io);
    if exit.code() > 1 {
        return Err(String::from_utf8_lossy(&stderr).into_owned().into());
    }
    Ok((stdout, took))
}

/// A fixed time of day: the reports of two runs are the same.
fn noon() -> jiff::Timestamp {
    jiff::Timestamp::constant(1_795_348_800, 0)
}
