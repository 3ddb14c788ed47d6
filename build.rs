//! Packs the texts that are part of the program (rule files, catalog, pages of checks), which take a fifth of the room
//! when they are deflated. `src/embedded.rs` unpacks them.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Folders and files of the project.
const EMBEDDED: [&str; 5] = [
    "docs/checks",
    "rules/assumptions.toml",
    "rules/catalog.toml",
    "rules/causes.toml",
    "rules/integrations",
];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for path in EMBEDDED {
        println!("cargo::rerun-if-changed={path}");
        add(Path::new(path), &mut files)?;
    }
    files.sort();
    let (mut texts, mut index) = (DeflateEncoder::new(Vec::new(), Compression::best()), String::from("&["));
    for file in &files {
        // As Git has it, whatever it made of the ends of lines here.
        let text = fs::read_to_string(file)?.replace("\r\n", "\n");
        texts.write_all(text.as_bytes())?;
        let name = file.to_string_lossy().replace('\\', "/");
        write!(index, "({name:?}, {}),", text.len()).map_err(io::Error::other)?;
    }
    index.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("embedded.deflate"), texts.finish()?)?;
    fs::write(out.join("embedded.rs"), index)
}

fn add(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        add(&entry?.path(), files)?;
    }
    Ok(())
}
