//! Files that decide, and that whoever proposes a change could replace by a link.

use std::path::Path;

use crate::error::Error;
use crate::io::Io;

/// Refuses a symbolic link where `CI` is set: a committed one makes a gate read what its author likes, such
/// as the base branch's file instead of the proposed one.
///
/// # Errors
/// `path` is a link, or leads through one.
pub(crate) fn check(what: &str, path: &Path, io: &Io<'_>) -> Result<(), Error> {
    match io.link_in_ci(path) {
        None => Ok(()),
        Some(link) if link == path => Err(Error::Usage(format!(
            "{what} {} is a symbolic link, which is not followed where CI is set: name the file itself",
            path.display()
        ))),
        Some(link) => Err(Error::Usage(format!(
            "{what} {} leads through the symbolic link {}, which is not followed where CI is set: name the file itself",
            path.display(),
            link.display()
        ))),
    }
}
