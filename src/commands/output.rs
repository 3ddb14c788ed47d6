//! Where a command's output goes: standard output, or files that appear whole or not at all.

mod made;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::{ColorChoice, ValueEnum};

use super::form::Output;
use super::wanted::{self, Wanted};
use crate::error::Error;
use crate::io::{Io, has_device_name, is_device};
use crate::render::{Format, Report, SarifRun, sarif_files, write, write_sarif};
use crate::term::Style;
use crate::term::text::join_few;

/// So many tenants are named in a warning.
const NAMED: usize = 6;

/// How a table may look on this standard output.
pub(super) fn style(color: ColorChoice, io: &Io<'_>) -> Style {
    const NARROWEST: u16 = 60;
    let forced = io.var("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let refused = io.var("NO_COLOR").is_some() || io.var("CLICOLOR").is_some_and(|value| value == "0");
    let color = match color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => forced || (io.terminal.is_some_and(|terminal| terminal.color) && !refused),
    };
    match io.terminal {
        Some(terminal) => Style { width: terminal.width.max(NARROWEST), unicode: true, color },
        None => Style { color, ..Style::PLAIN },
    }
}

/// Writes what stands before a report in this form.
pub(super) type Before<'b> = &'b dyn Fn(Format, Style, &mut dyn Write) -> io::Result<()>;

/// Writes a finished report everywhere it was asked for. The exit code is decided already.
pub(super) fn deliver(report: &Report, wanted: &Wanted, style: Style, io: &mut Io<'_>) -> Result<(), Error> {
    deliver_after(&|_, _, _| Ok(()), report, wanted, style, io)
}

/// Writes a finished report everywhere it was asked for, after what `before` writes.
pub(super) fn deliver_after(
    before: Before<'_>,
    report: &Report,
    wanted: &Wanted,
    style: Style,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let whole = |format, style, out: &mut dyn Write| {
        before(format, style, out)?;
        write(report, format, style, out)
    };
    let (format, allow_partial) = (wanted.format, wanted.allow_partial);
    let page = wanted.open.then(|| wanted.page(report));
    let further = page.iter().filter(|page| wanted.output.iter().all(|output| output.path != page.path));
    let outputs = wanted.output.iter().chain(further);
    let written = if format.closes_what_is_absent() {
        sarif_to_stdout(report, format, allow_partial, io)
    } else {
        to_stdout(io, |out| whole(format, style, out))
    };
    let mut failed = written.err();
    for output in outputs {
        let written = if output.format.closes_what_is_absent() {
            sarif_to_files(report, output, allow_partial, io)
        } else {
            report_to_file(&output.path, io, |out| whole(output.format, Style::PLAIN, out))
        };
        // The other outputs are still wanted.
        failed = failed.or(written.err());
    }
    if let (Some(page), None) = (&page, &failed) {
        wanted::open(&page.path, io);
    }
    failed.map_or(Ok(()), Err)
}

fn sarif_to_stdout(
    report: &Report,
    format: Format,
    allow_partial: bool,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    say_what_is_left_out(report, "sarif", allow_partial, io);
    let files = sarif_files(report, format, allow_partial);
    say_what_takes_several_runs(&files, io);
    let runs = in_one(&files, format, io);
    if runs.is_empty() && !report.filed().is_empty() {
        return Ok(());
    }
    to_stdout(io, |out| write_sarif(report, &runs, format, out))
}

/// What belongs into several files, for a stream, which is one.
fn in_one<T: Clone>(files: &[Vec<T>], format: Format, io: &mut Io<'_>) -> Vec<T> {
    if files.len() > 1 {
        io.warn(format_args!(
            "GitHub takes 20 runs in a file, and this has {}: --output {}=FILE writes several files",
            files.iter().map(Vec::len).sum::<usize>(),
            format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
        ));
    }
    files.concat()
}

/// `out.sarif`, and `out-2.sarif` and so on for what does not fit.
fn sarif_to_files(
    report: &Report,
    output: &Output,
    allow_partial: bool,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    say_what_is_left_out(report, &output.path.display().to_string(), allow_partial, io);
    let mut files = sarif_files(report, output.format, allow_partial);
    say_what_takes_several_runs(&files, io);
    if report.filed().is_empty() {
        files.push(Vec::new());
    }
    if files.len() > 1 && is_stream(&io.path(&output.path)) {
        // There is no second /dev/stdout, nor a second end of a pipe.
        files = vec![in_one(&files, output.format, io)];
    }
    for (i, runs) in files.iter().enumerate() {
        let path = numbered(&output.path, i + 1);
        report_to_file(&path, io, |out| write_sarif(report, runs, output.format, out))?;
    }
    if files.len() > 1 {
        io.say(&format!(
            "{} and {} more files hold the SARIF, as GitHub takes 20 runs in a file: upload them all",
            output.path.display(),
            files.len() - 1
        ));
    }
    let next = numbered(&output.path, files.len() + 1);
    if !files.is_empty() && io.path(&next).is_file() {
        io.warn(format_args!("{} is not of this run: do not upload it", next.display()));
    }
    Ok(())
}

/// Names the tenants with more results than GitHub takes in a run.
fn say_what_takes_several_runs(files: &[Vec<SarifRun<'_>>], io: &mut Io<'_>) {
    let names: Vec<_> =
        files.iter().flatten().filter(|run| run.part == 1).map(|run| run.tenant.name()).collect();
    if !names.is_empty() {
        io.warn(format_args!(
            "GitHub takes 25,000 results in a run, and {} has more: the rest is in runs of its own",
            join_few(&names, NAMED)
        ));
    }
}

/// A stream that the system names for whoever typed the command, such as /dev/stdout or what `>(…)` stands
/// for, or a device: written to, and left what it is.
fn is_stream(path: &Path) -> bool {
    const OWN: [&str; 3] = ["/dev/stdout", "/dev/stderr", "/dev/tty"];
    const OPEN: [&str; 2] = ["/dev/fd", "/proc/self/fd"];
    let is_own = OWN.iter().any(|own| path == Path::new(own))
        || path.parent().is_some_and(|folder| OPEN.iter().any(|own| folder == Path::new(own)));
    is_own || has_device_name(path) || std::fs::symlink_metadata(path).is_ok_and(|found| is_device(&found))
}

/// Whether something lies there that is neither a file, nor a folder, nor a link: whoever put it there
/// would read what is written.
fn is_pipe(path: &Path) -> bool {
    std::fs::symlink_metadata(path)
        .is_ok_and(|found| !found.is_file() && !found.is_dir() && !found.is_symlink())
}

/// Refuses two reports in one file: of the first nothing would be left.
///
/// # Errors
/// Two of the paths are one.
pub(super) fn check_apart<'p>(paths: impl IntoIterator<Item = &'p Path>, io: &Io<'_>) -> Result<(), Error> {
    let mut seen = std::collections::HashSet::new();
    for path in paths {
        let place = io.path(path);
        if !is_stream(&place) && !seen.insert(whole(&place)) {
            return Err(Error::Usage(format!(
                "two reports would be written to {}: name another file for one of them",
                path.display()
            )));
        }
    }
    Ok(())
}

/// The path in its whole, whatever way to its folder was typed.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}

/// What lies where something is to be added, and is no file that it could be added to.
pub(super) fn in_the_way(path: &Path) -> Option<&'static str> {
    let found = std::fs::symlink_metadata(path).ok()?;
    if found.is_symlink() && !path.exists() {
        Some("it is a link that leads nowhere")
    } else if path.is_file() {
        None
    } else {
        Some("it is not a file")
    }
}

/// "out.sarif", "out-2.sarif", "out-3.sarif".
fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let end = path.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{number}{end}"))
}

/// A tenant that was read in part is left out of a format whose readers close what is absent.
fn say_what_is_left_out(report: &Report, name: &str, allow_partial: bool, io: &mut Io<'_>) {
    let partial: Vec<_> =
        report.filed().iter().filter(|tenant| !allow_partial && !tenant.is_complete()).collect();
    let what = match (partial.len(), report.filed().len()) {
        (0, _) => return,
        (_, 1) => format!("{name} was not written: part of the tenant"),
        (all, tenants) if all == tenants => format!("{name} was not written: part of every tenant"),
        _ => {
            let names: Vec<_> = partial.iter().map(|tenant| tenant.name()).collect();
            format!("{name} is without {}: part of each", join_few(&names, NAMED))
        }
    };
    io.warn(format_args!(
        "{what} could not be read, and code scanning would close the alerts that were not looked at (--allow-partial writes it all the same)"
    ));
}

/// A JSON document, for standard output.
pub(super) fn json(document: &impl serde::Serialize) -> Result<String, Error> {
    let unwritten = |source| Error::Unwritten { path: "standard output".to_owned(), source };
    let mut text = Vec::new();
    crate::term::escape::write_json(&mut text, document).map_err(unwritten)?;
    let text = String::from_utf8(text).map_err(|error| unwritten(io::Error::other(error)))?;
    Ok(text + "\n")
}

/// Writes to standard output. A reader that went away is no failure of ours.
pub(crate) fn to_stdout(
    io: &mut Io<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    // The system's own stream writes line by line, and a report has tens of thousands.
    let mut buffered = io::BufWriter::new(&mut *io.stdout);
    let written = write(&mut buffered).and_then(|()| buffered.flush());
    drop(buffered);
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(source) => Err(Error::Unwritten { path: "standard output".to_owned(), source }),
        Ok(()) => Ok(()),
    }
}

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    /// Whoever the system lets read new files.
    All,
    /// The owner only.
    Owner,
}

/// Writes a file beside its place and moves it there once it is whole. A link is replaced, whatever it leads
/// to; a pipe is refused, unless it is one that the system names.
pub(super) fn to_file(
    path: &Path,
    shown: &Path,
    readers: Readers,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let unwritten = |source| Error::Unwritten { path: shown.display().to_string(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() && !path.is_symlink() {
        return Err(unwritten(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
    }
    if is_stream(path) {
        let device = std::fs::OpenOptions::new().append(true).open(path).map_err(unwritten)?;
        let mut buffered = io::BufWriter::new(device);
        return write(&mut buffered).and_then(|()| buffered.flush()).map_err(unwritten);
    }
    if is_pipe(path) {
        let why = "a pipe or a socket is in the way: name a file";
        return Err(unwritten(io::Error::new(io::ErrorKind::AlreadyExists, why)));
    }
    if !folder.is_dir() {
        let message = format!("there is no folder {}", shown.parent().unwrap_or(folder).display());
        return Err(unwritten(io::Error::new(io::ErrorKind::NotFound, message)));
    }
    let place = at_any_length(path).map_err(unwritten)?;
    let folder = place.parent().unwrap_or(folder);
    // The library's own message names its temporary file, which says nothing to the user.
    let mut file = new_file(folder, readers).map_err(|error| unwritten(error.kind().into()))?;
    {
        let mut buffered = io::BufWriter::new(file.as_file_mut());
        write(&mut buffered).and_then(|()| buffered.flush()).map_err(unwritten)?;
    }
    file.as_file().sync_all().map_err(unwritten)?;
    file.persist(&place).map_err(|error| unwritten(in_use(error.error, path)))?;
    Ok(())
}

/// Windows lets no file be replaced that a program has open, and says only that access is denied.
fn in_use(error: io::Error, path: &Path) -> io::Error {
    if !cfg!(windows) || error.kind() != io::ErrorKind::PermissionDenied || !path.is_file() {
        return error;
    }
    io::Error::new(
        error.kind(),
        format!("{error} If another program has it open, such as Excel, close it there"),
    )
}

/// The path in a form that the system takes at any length.
fn at_any_length(path: &Path) -> io::Result<PathBuf> {
    if !cfg!(windows) {
        return Ok(path.to_owned());
    }
    // The library that moves the file passes the path on as it is.
    let whole = std::path::absolute(path)?;
    Ok(whole.to_str().and_then(verbatim).map_or(whole, PathBuf::from))
}

/// A path that comes near the 260 characters that Windows takes, in the form of which it takes 32,767.
fn verbatim(path: &str) -> Option<String> {
    const SHORT: usize = 200;
    if path.len() < SHORT || path.starts_with(r"\\?\") || path.starts_with(r"\\.\") {
        return None;
    }
    Some(match path.strip_prefix(r"\\") {
        Some(share) => format!(r"\\?\UNC\{share}"),
        None => format!(r"\\?\{path}"),
    })
}

/// Writes a report, which replaces an earlier one, and nothing else.
pub(super) fn report_to_file(
    path: &Path,
    io: &Io<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    check_way(path, io)?;
    let place = io.path(path);
    if let Some(what) = other_at(&place) {
        let why = format!("{what} is there already: name another file");
        let source = io::Error::new(io::ErrorKind::AlreadyExists, why);
        return Err(Error::Unwritten { path: path.display().to_string(), source });
    }
    to_file(&place, path, Readers::All, write)
}

/// What lies there that is no report, and so could not be made again.
fn other_at(path: &Path) -> Option<&'static str> {
    // A link is replaced, and what it leads to stays.
    if !std::fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    if path.extension().is_some_and(|ending| ending == "toml") {
        return Some("a config or a rule file");
    }
    let mut start = Vec::new();
    std::fs::File::open(path).ok()?.take(made::START).read_to_end(&mut start).ok()?;
    made::other_than_a_report(&start, path)
}

/// A link at the end of a path is replaced; one on the way, where a stranger may have put it, would lead what
/// is written to a place of theirs.
fn check_way(path: &Path, io: &Io<'_>) -> Result<(), Error> {
    let link =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).and_then(|way| io.link_in_ci(way));
    link.map_or(Ok(()), |link| {
        let why = format!("{} is a symbolic link, which is not followed where CI is set", link.display());
        let source = io::Error::new(io::ErrorKind::AlreadyExists, why);
        Err(Error::Unwritten { path: path.display().to_string(), source })
    })
}

/// Refuses to replace a file that cannot be made again, unless that is asked for.
///
/// # Errors
/// Something is there already.
pub(super) fn check_free(path: &Path, force: bool, io: &Io<'_>) -> Result<(), Error> {
    check_way(path, io)?;
    let place = io.path(path);
    if force || is_stream(&place) || std::fs::symlink_metadata(&place).is_err() {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{} is there already: name another file, or replace it with --force",
        path.display()
    )))
}

#[cfg(unix)]
fn new_file(folder: &Path, readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    // The system's mask takes away from what is asked for.
    let mode = if readers == Readers::Owner { 0o600 } else { 0o666 };
    tempfile::Builder::new()
        .prefix(".leastwise-")
        .permissions(std::fs::Permissions::from_mode(mode))
        .tempfile_in(folder)
}

/// Elsewhere, new files inherit who may read them from their folder.
#[cfg(not(unix))]
fn new_file(folder: &Path, _readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(".leastwise-").tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::verbatim;

    #[test]
    fn only_a_long_path_of_windows_gets_another_form() {
        let long = "x".repeat(200);
        assert_eq!(verbatim(r"C:\r.json"), None);
        assert_eq!(verbatim(&format!(r"C:\{long}\r.json")), Some(format!(r"\\?\C:\{long}\r.json")));
        assert_eq!(verbatim(&format!(r"\\nas\{long}\r.json")), Some(format!(r"\\?\UNC\nas\{long}\r.json")));
        assert_eq!(verbatim(&format!(r"\\?\C:\{long}")), None);
        assert_eq!(verbatim(&format!(r"\\.\pipe\{long}")), None);
    }
}
