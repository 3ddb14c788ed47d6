//! Files of a commit, read as git's objects: never from the folder that is checked out, whose links, hooks
//! and settings belong to whoever proposes the change.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::io::{Io, MOST_BYTES};

/// A repository, and the program that reads it.
pub(super) struct Repository {
    program: PathBuf,
    folder: PathBuf,
    /// What the program gets of the environment.
    env: BTreeMap<String, String>,
}

/// A commit, by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commit(String);

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    /// The hash of its bytes.
    pub(super) id: String,
    bytes: u64,
    mode: String,
}

/// What lies at paths of a commit.
pub(super) type Files = BTreeMap<PathBuf, Blob>;

/// Variables that programs need on some systems to start at all.
const KEPT: [&str; 4] = ["PATH", "SystemRoot", "TEMP", "TMPDIR"];

/// No settings but the repository's own, no network, no questions.
const SET: [(&str, &str); 8] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// A folder in a container often belongs to another user; what it holds is read, not run. A bare repository
/// may be part of what is checked out, and is not looked for.
const OPTIONS: [&str; 8] = [
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "safe.directory=*",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "core.fsmonitor=false",
];

impl Repository {
    /// The repository of the current folder.
    ///
    /// # Errors
    /// There is no git outside of it.
    pub(super) fn open(io: &Io<'_>) -> Result<Self, String> {
        let folder = std::path::absolute(io.path(Path::new("."))).map_err(|why| why.to_string())?;
        let search = io.var("PATH").unwrap_or_default();
        let name = format!("git{}", std::env::consts::EXE_SUFFIX);
        let program = std::env::split_paths(search)
            // A program that lies in the folder is the author's.
            .filter(|place| place.is_absolute() && !place.starts_with(&folder))
            .map(|place| place.join(&name))
            .find(|program| program.is_file())
            .ok_or("there is no git on the PATH: the gate reads commits with it")?;
        let kept = KEPT.iter().filter_map(|name| Some((*name, io.var(name)?)));
        let env = kept.chain(SET).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self { program, folder, env })
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(OPTIONS)
            .args(args)
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.env)
            .stdin(Stdio::null());
        command
    }

    fn ask(&self, args: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.command(args).output().map_err(|why| format!("git could not be run: {why}"))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(said.lines().next().unwrap_or("git says nothing of why").to_owned())
    }

    /// The commit of this name: a hash, a name that begins with refs/, or HEAD. A short name may be a tag as
    /// well as a branch, and anybody may push a tag.
    ///
    /// # Errors
    /// The name is short, or nothing bears it.
    pub(super) fn commit(&self, name: &str) -> Result<Commit, String> {
        let is_hash = matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_whole = is_hash || name.starts_with("refs/") || matches!(name, "HEAD" | "FETCH_HEAD");
        if !is_whole {
            return Err(format!(
                "\"{name}\" may be a branch or a tag: write a whole hash, or a name such as refs/remotes/origin/main"
            ));
        }
        let peeled = format!("{name}^{{commit}}");
        let found = self.ask(&["rev-parse", "--verify", "--end-of-options", &peeled]);
        let hash = found.map_err(|why| {
            format!("{name} is not in this clone ({why}): fetch it before the gate (docs/ci.md)")
        })?;
        Ok(Commit(String::from_utf8_lossy(&hash).trim().to_owned()))
    }

    /// Where two commits parted, if that is one commit and the clone reaches back to it.
    pub(super) fn parting(&self, one: &Commit, other: &Commit) -> Option<Commit> {
        let found = self.ask(&["merge-base", "--all", &one.0, &other.0]).ok()?;
        let found = String::from_utf8(found).ok()?;
        let mut all = found.lines();
        let first = all.next()?;
        all.next().is_none().then(|| Commit(first.to_owned()))
    }

    /// The files at these paths of a commit, and below them.
    ///
    /// # Errors
    /// A path that cannot be a file here.
    pub(super) fn files(&self, commit: &Commit, paths: &[&Path]) -> Result<Files, String> {
        let mut args = vec!["ls-tree", "-r", "-z", "-l", "--full-tree", commit.0.as_str(), "--"];
        let paths: Vec<_> = paths.iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect();
        args.extend(paths.iter().map(String::as_str));
        let listed = self.ask(&args)?;
        listing(&listed)
    }

    /// Writes a file of a commit below `root`.
    ///
    /// # Errors
    /// It is a link or a submodule, too large, or cannot be written.
    pub(super) fn write(&self, path: &Path, blob: &Blob, root: &Path) -> Result<(), String> {
        let shown = path.display();
        match blob.mode.as_str() {
            "100644" | "100755" => {}
            "120000" => {
                return Err(format!("{shown} is a symbolic link, which decides nothing: commit the file"));
            }
            _ => return Err(format!("{shown} is not a file")),
        }
        if blob.bytes > MOST_BYTES {
            return Err(format!("{shown} is larger than {} MiB", MOST_BYTES / 1024 / 1024));
        }
        let place = root.join(path);
        let failed = |why: std::io::Error| format!("{shown} could not be copied: {why}");
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = File::create_new(&place).map_err(failed)?;
        let status = self.command(&["cat-file", "blob", &blob.id]).stdout(file).status().map_err(failed)?;
        if status.success() { Ok(()) } else { Err(format!("git could not read {shown}")) }
    }
}

/// What git lists. A tree that somebody made by hand may have a path twice, and each program takes another of the two.
fn listing(listed: &[u8]) -> Result<Files, String> {
    let mut files = Files::new();
    for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let (path, blob) = entry(line)?;
        if let Some(twice) = files.insert(path.clone(), blob) {
            return Err(format!("{} is in the commit twice, once as {}", path.display(), twice.id));
        }
    }
    Ok(files)
}

/// `<mode> <type> <hash> <size>\t<path>`.
fn entry(line: &[u8]) -> Result<(PathBuf, Blob), String> {
    let line = str::from_utf8(line)
        .map_err(|_| format!("{} is not UTF-8: rename it", String::from_utf8_lossy(line)))?;
    let unread = || format!("git lists a file in a way that is not understood: {line}");
    let (head, path) = line.split_once('\t').ok_or_else(unread)?;
    let mut words = head.split_whitespace();
    let mut word = || words.next().ok_or_else(unread);
    let (mode, _kind, id, size) = (word()?, word()?, word()?, word()?);
    let is_below = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_below || path.contains('\\') || path.contains(':') {
        return Err(format!("{path} is a path that not every system takes: rename it"));
    }
    // A submodule has no size.
    let bytes = size.parse().unwrap_or_default();
    Ok((path.into(), Blob { id: id.to_owned(), bytes, mode: mode.to_owned() }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{entry, listing};

    #[test]
    fn a_path_that_is_there_twice_is_refused() {
        let one = "100644 blob 0a1b     226\tacme.json\0";
        assert_eq!(listing(one.as_bytes()).map(|files| files.len()), Ok(1));
        let twice = format!("{one}100644 blob 0c2d     226\tacme.json\0");
        assert!(listing(twice.as_bytes()).is_err_and(|why| why.contains("twice")));
    }

    #[test]
    fn a_listed_file_has_mode_hash_size_and_a_path_that_stays_below() {
        let (path, blob) = entry(b"100644 blob 0a1b     226\tsnapshots/a b.json").unwrap();
        assert_eq!(path, Path::new("snapshots/a b.json"));
        assert_eq!((blob.mode.as_str(), blob.id.as_str(), blob.bytes), ("100644", "0a1b", 226));
        let (_, module) = entry(b"160000 commit 0a1b       -\tsnapshots/sub").unwrap();
        assert_eq!(module.mode, "160000");
        for path in ["../x", "/x", "a/../../x", "a\\b", "C:x", ""] {
            assert!(entry(format!("100644 blob 0a1b 2\t{path}").as_bytes()).is_err() || path.is_empty());
        }
        assert!(entry(b"100644 blob 0a1b 2\t\xff").is_err());
    }
}
