//! Files that a person or a repository names: read up to a limit, and links among them found.

use std::fs::{self, File};
use std::io::{self, Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::Io;

/// The most that is read of a file as a whole. The largest that is known to be of use has a quarter of it.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// So much is asked for at a time.
const CHUNK: usize = 256 * 1024;

/// Reads a file or a pipe. A device gives no end of bytes, or waits for ever.
///
/// # Errors
/// What the system says, or that it is a device or larger than `most`.
pub fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let device = || Error::new(ErrorKind::InvalidInput, "it is a device, and no file");
    // Opening the console of Windows is waiting for it.
    if has_device_name(path) {
        return Err(device());
    }
    let mut file = File::open(path)?;
    if is_device(&file.metadata()?) {
        return Err(device());
    }
    read_stream(&mut file, most)
}

/// Reads to the end.
///
/// # Errors
/// What the system says, or that there is more than `most`, or no memory for it.
pub fn read_stream(stream: &mut dyn Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than is accepted, so that the size of a pipe is found out too.
    let mut stream = stream.take(most.saturating_add(1));
    loop {
        bytes
            .try_reserve(CHUNK)
            .map_err(|_| Error::new(ErrorKind::OutOfMemory, "there is no memory for it"))?;
        let read = stream.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            let size = if most.is_multiple_of(1024 * 1024) {
                format!("{} MiB", most / (1024 * 1024))
            } else {
                format!("{most} bytes")
            };
            return Err(Error::new(
                ErrorKind::FileTooLarge,
                format!("it is larger than {size}, the most that is read"),
            ));
        }
        if read == 0 {
            return Ok(bytes);
        }
    }
}

/// Whether what was found is a device.
#[cfg(unix)]
#[must_use]
pub fn is_device(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_char_device() || found.file_type().is_block_device()
}

/// Elsewhere, what is found does not say so; the name does.
#[cfg(not(unix))]
#[must_use]
pub const fn is_device(_found: &fs::Metadata) -> bool {
    false
}

/// Whether this is a name that Windows keeps for a device.
#[must_use]
pub fn has_device_name(path: &Path) -> bool {
    cfg!(windows) && path.to_str().is_some_and(names_a_device)
}

/// In every folder, in any case, with any ending: `nul`, `C:\x\CON.json`. Pipes have a folder of their own.
fn names_a_device(path: &str) -> bool {
    const NAMES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    const NUMBERED: [&str; 2] = ["COM", "LPT"];
    let path = path.replace('/', "\\");
    if path.starts_with("\\\\.\\") || path.to_ascii_lowercase().starts_with("\\\\?\\pipe\\") {
        return true;
    }
    let name = path.rsplit(['\\', ':']).find(|part| !part.is_empty()).unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default().trim_end();
    let is_numbered = |kind: &str| {
        let number = name.get(..3).filter(|own| own.eq_ignore_ascii_case(kind)).and_then(|_| name.get(3..));
        number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    };
    NAMES.iter().any(|own| name.eq_ignore_ascii_case(own)) || NUMBERED.iter().any(|kind| is_numbered(kind))
}

impl Io<'_> {
    /// The symbolic link that `path` is or leads through, where `CI` is set: there, whoever proposes a
    /// change chooses what the links of the checked-out folder lead to. Of a path that does not lie in the
    /// current folder only the end counts; the way to it is the machine's own.
    #[must_use]
    pub fn link_in_ci(&self, path: &Path) -> Option<PathBuf> {
        self.var("CI")?;
        // Typed by whoever wrote the command; the system makes links of them.
        if path.starts_with("/dev") {
            return None;
        }
        let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
        let here = std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone());
        let inside = path.strip_prefix(&here).unwrap_or(path);
        if inside.is_absolute() {
            return is_link(path).then(|| path.to_owned());
        }
        let mut way = PathBuf::new();
        inside.components().find_map(|part| {
            way.push(part);
            is_link(&self.path(&way)).then(|| way.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, repeat};

    use super::{names_a_device, read_stream};

    #[test]
    fn devices_of_windows_are_known_by_name() {
        for device in [
            "NUL",
            "nul",
            "con.json",
            "C:\\x\\AUX",
            "c:/x/com1.toml",
            "LPT9",
            "NUL:",
            "CONOUT$",
            "\\\\.\\pipe\\x",
            "//./pipe/x",
            "PRN .txt",
        ] {
            assert!(names_a_device(device), "{device}");
        }
        for file in [
            "null.json",
            "console.json",
            "com.json",
            "COM10",
            "com0",
            "x\\y.con",
            "C:\\con\\x",
            "",
            "C:\\",
            "é.json",
        ] {
            assert!(!names_a_device(file), "{file}");
        }
    }

    #[test]
    fn what_has_no_end_is_given_up_at_the_limit() {
        let error = read_stream(&mut repeat(0), 1_000_000).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert!(error.to_string().contains("1000000 bytes"), "{error}");
    }

    #[test]
    fn exactly_the_limit_is_read() {
        for size in [0, 1, 262_143, 262_144, 262_145, 1_000_000] {
            let read = read_stream(&mut repeat(7).take(size), size).unwrap();
            assert!(read.len() as u64 == size && read.iter().all(|byte| *byte == 7), "{size}");
            assert!(size == 0 || read_stream(&mut repeat(7).take(size), size - 1).is_err(), "{size}");
        }
    }
}
