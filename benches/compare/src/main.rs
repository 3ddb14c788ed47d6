//! What else would find what leastwise finds in a snapshot, and how long it takes: each in a process of its
//! own, on the same file, one after the other. See `../README.md`.
//!
//!     compare generate ROLES HELD FILE     a made-up tenant
//!     compare FILE                         everything below, in turn
//!     compare floor|umbrella|tenant|rego FILE

#[path = "../../big/mod.rs"]
mod big;
mod floor;
mod found;
mod ours;
mod rego;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Command;

use found::Found;

type Finding<T> = Result<T, Box<dyn Error>>;

fn main() -> Finding<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["generate", roles, held, file] => {
            let mut out = BufWriter::new(File::create(file)?);
            big::write(big::Big { roles: roles.parse()?, held: held.parse()? }, &mut out)?;
            out.flush()?;
            Ok(())
        }
        ["floor", file] => floor::run(file)?.print(),
        ["umbrella", file] => ours::run(file, &["--integration", "cisco-umbrella", "--all"])?.print(),
        ["tenant", file] => ours::run(file, &[])?.print(),
        ["rego", file] => rego::run(file)?.print(),
        [file] => compare(file),
        _ => Err("usage: compare generate ROLES HELD FILE | compare [floor|umbrella|tenant|rego] FILE".into()),
    }
}

/// Runs every contestant and holds them to the same findings.
fn compare(file: &str) -> Finding<()> {
    let own = std::env::current_exe()?;
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/audit.py");
    let needs = std::env::temp_dir().join("leastwise-needs.json");
    std::fs::write(&needs, ours::needs()?)?;
    let mut floor = None;
    let mut findings: Option<Found> = None;
    println!("{:<44} {:>8} {:>7} {:>9} {:>9}", "on the same file", "seconds", "ratio", "peak MiB", "findings");
    for (name, which) in [
        ("typed, borrowing parse (the floor)", Some("floor")),
        ("leastwise audit, the whole tenant", Some("tenant")),
        ("leastwise audit, Umbrella only", Some("umbrella")),
        ("the same rules in Rego (regorus)", Some("rego")),
        ("the same rules in Python (json)", None),
    ] {
        let mut command = match which {
            Some(which) => {
                let mut command = Command::new(&own);
                command.args([which, file]);
                command
            }
            None => {
                let mut command = Command::new("python3");
                command.args([python, file]).arg(&needs);
                command
            }
        };
        let output = command.output()?;
        if !output.status.success() {
            return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let found: Found = serde_json::from_slice(&output.stdout)?;
        let floor = *floor.get_or_insert(found.seconds);
        println!(
            "{name:<44} {:>8.2} {:>7.2} {:>9.0} {:>9}",
            found.seconds,
            found.seconds / floor,
            found.peak_mib,
            found.findings.len()
        );
        if matches!(which, Some("umbrella" | "rego") | None) {
            match &findings {
                None => findings = Some(found),
                Some(first) if first.findings != found.findings => return Err(format!("{name} finds something else").into()),
                Some(_) => {}
            }
        }
    }
    println!("the last three have the same findings");
    Ok(())
}
