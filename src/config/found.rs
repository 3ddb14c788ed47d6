//! Which `leastwise.toml` is read: the one that is named, or the nearest.

use std::path::{Path, PathBuf};

use super::links;
use crate::config::Common;
use crate::error::Error;
use crate::io::Io;

/// The config that is read without `--config`.
const CONFIG: &str = "leastwise.toml";

/// What Notepad makes of it.
const HIDDEN_ENDING: &str = "leastwise.toml.txt";

/// The variable that names a config.
const VARIABLE: &str = "LEASTWISE_CONFIG";

/// A config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// As the user would name it.
    pub(super) shown: PathBuf,
    /// Whether the user did not name it and it does not lie in the current folder, so that it must be said.
    pub(super) is_said: bool,
}

/// The config of `--config`, of `LEASTWISE_CONFIG`, of the current folder, or of a folder above it.
///
/// # Errors
/// It is a link where `CI` is set, or has an ending that is hidden.
pub(super) fn find(common: &Common, io: &Io<'_>) -> Result<Option<Found>, Error> {
    let found = if let Some(path) = &common.config {
        Some(Found { shown: path.clone(), is_said: false })
    } else if let Some(path) = io.var(VARIABLE) {
        Some(Found { shown: path.into(), is_said: true })
    } else if io.path(Path::new(CONFIG)).is_file() {
        Some(Found { shown: CONFIG.into(), is_said: false })
    } else if io.path(Path::new(HIDDEN_ENDING)).is_file() {
        return Err(Error::Usage(format!(
            "{HIDDEN_ENDING} is not read: rename it to {CONFIG} (Explorer hides the last ending)"
        )));
    } else {
        let folder = std::path::absolute(io.path(Path::new(""))).unwrap_or_default();
        let home = io.var("HOME").or_else(|| io.var("USERPROFILE")).map(Path::new);
        above(&folder, home).map(|shown| Found { shown, is_said: true })
    };
    if let Some(found) = &found {
        links::check("the config", &found.shown, io)?;
    }
    Ok(found)
}

/// The nearest config above a folder, up to the root of its repository or the user's home. A config names
/// programs to run, so one that lies where anybody may put it, such as /tmp, must not be found.
fn above(folder: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let is_end = |folder: &Path| folder.join(".git").exists() || home.is_some_and(|home| home == folder);
    let (mut way, mut found) = (PathBuf::new(), None);
    let mut at = folder;
    while !is_end(at) {
        at = at.parent()?;
        way.push("..");
        if found.is_none() && at.join(CONFIG).is_file() {
            found = Some(way.join(CONFIG));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::above;

    #[test]
    fn the_nearest_config_is_found_and_none_beyond_repository_and_home() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let (repository, inner) = (root.join("work/repository"), root.join("work/repository/a/b"));
        fs::create_dir_all(&inner).unwrap();
        let write = |folder: &Path| fs::write(folder.join("leastwise.toml"), "").unwrap();
        write(root);
        write(&root.join("work"));
        assert_eq!(above(&inner, None), None, "neither repository nor home: anybody may have put it there");
        let nearest = Path::new("../../../leastwise.toml");
        assert_eq!(above(&inner, Some(root)).as_deref(), Some(nearest), "the nearest");
        assert_eq!(above(root, Some(root)), None, "nothing above the home");
        fs::create_dir(repository.join(".git")).unwrap();
        assert_eq!(above(&inner, Some(root)), None, "not beyond the repository");
        assert_eq!(above(&repository, Some(root)), None);
        write(&repository);
        assert_eq!(above(&inner, None).as_deref(), Some(Path::new("../../leastwise.toml")));
    }
}
