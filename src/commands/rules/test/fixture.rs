//! Where fixtures lie: embedded beside the built-in rule files, or in a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::rules::{Document, Problem, Problems, built_in_files};

/// The end of the name of the file that holds the expected results.
pub(super) const EXPECTED: &str = ".expected.toml";

/// A snapshot, and the results expected of it.
#[derive(Debug)]
pub(super) struct Fixture {
    pub(super) id: String,
    stem: String,
    pub(super) snapshot_file: String,
    pub(super) snapshot: Vec<u8>,
    pub(super) expected_file: String,
    pub(super) expected: String,
}

impl Fixture {
    /// `ID / NAME`.
    pub(super) fn name(&self) -> String {
        format!("{} / {}", self.id, self.stem)
    }

    /// The fixtures that are embedded. Those that are not pairs are caught by testing the folder.
    pub(super) fn built_in() -> Vec<Self> {
        let files: BTreeMap<_, _> = built_in_files().collect();
        let fixture = |(path, expected): (&&str, &&str)| {
            let (folder, stem) = path.strip_suffix(EXPECTED)?.split_once('/')?;
            let snapshot_file = format!("{folder}/{stem}.json");
            let shown = |path: &str| format!("rules/integrations/{path}");
            Some(Self {
                id: id_of(Path::new(folder))?,
                stem: stem.to_owned(),
                snapshot: files.get(snapshot_file.as_str())?.as_bytes().to_vec(),
                snapshot_file: shown(&snapshot_file),
                expected_file: shown(path),
                expected: (*expected).to_owned(),
            })
        };
        let mut all: Vec<_> = files.iter().filter_map(fixture).collect();
        all.sort_by_key(Self::name);
        all
    }

    /// The fixtures of a folder of rule files.
    pub(super) fn of_folder(folder: &Path) -> Result<Vec<Self>, Problems> {
        let inner = folder.join("integrations");
        let folder = if inner.is_dir() { inner } else { folder.to_owned() };
        let (mut all, mut problems) = (Vec::new(), Vec::new());
        for tests in entries(&folder)?.into_iter().filter(|path| path.is_dir()) {
            let Some(id) = id_of(&tests) else { continue };
            for stem in stems(&entries(&tests)?) {
                match Self::load(&tests, &id, &stem) {
                    Ok(fixture) => all.push(fixture),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if problems.is_empty() { Ok(all) } else { Err(Problems(problems)) }
    }

    fn load(tests: &Path, id: &str, stem: &str) -> Result<Self, Problem> {
        let snapshot = tests.join(format!("{stem}.json"));
        let expected = tests.join(format!("{stem}{EXPECTED}"));
        for (path, other) in [(&snapshot, &expected), (&expected, &snapshot)] {
            if !path.is_file() {
                let message = format!("{} has no {} beside it", name(other), name(path));
                let help = Some("a fixture is a pair: NAME.json and NAME.expected.toml".to_owned());
                return Err(problem(other, message, help));
            }
        }
        let bytes = crate::io::read_file(&snapshot, crate::io::MOST_BYTES)
            .map_err(|error| problem(&snapshot, format!("the file cannot be read: {error}"), None))?;
        Ok(Self {
            id: id.to_owned(),
            stem: stem.to_owned(),
            snapshot_file: snapshot.display().to_string(),
            snapshot: bytes,
            expected: Document::load(&expected)?,
            expected_file: expected.display().to_string(),
        })
    }
}

/// The names of pairs, whole or not.
fn stems(files: &[PathBuf]) -> BTreeSet<String> {
    let stem = |path: &PathBuf| {
        let name = name(path);
        name.strip_suffix(EXPECTED).or_else(|| name.strip_suffix(".json")).map(str::to_owned)
    };
    files.iter().filter_map(stem).collect()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Problems> {
    let unreadable = |error: std::io::Error| {
        Problems(vec![problem(folder, format!("the folder cannot be read: {error}"), None)])
    };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn problem(path: &Path, message: String, help: Option<String>) -> Problem {
    Problem { file: path.display().to_string(), line: 1, column: 1, message, help }
}

/// `ID` where a path is that of a folder `ID.test`.
fn id_of(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_str()?;
    name.strip_suffix(".test").map(str::to_owned)
}
