//! Where a command's output goes: standard output, or files that appear whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{ColorChoice, ValueEnum};

use crate::error::Error;
use crate::io::Io;
use crate::report::{Format, Report, SarifRun, Style, sarif_files, write, write_sarif};
use crate::text::join_few;

/// So many tenants are named in a warning.
const NAMED: usize = 6;

/// `--output FORMAT=PATH`.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = split(text)?;
        let format = Format::from_str(format, true).map_err(|_| unknown_format::<Format>(format))?;
        Ok(Self { format, path })
    }
}

/// Reads `FORMAT=PATH`.
pub(super) fn split(text: &str) -> Result<(&str, PathBuf), String> {
    let (format, path) =
        text.split_once('=').ok_or_else(|| format!("write it as FORMAT=PATH, such as json={text}"))?;
    if path.is_empty() {
        return Err("the path is missing after the =".to_owned());
    }
    Ok((format, path.into()))
}

/// What to say of a word that is none of the formats of `F`.
pub(super) fn unknown_format<F: ValueEnum>(word: &str) -> String {
    let names: Vec<_> = F::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    format!("\"{word}\" is not a format; the formats are {}", names.join(", "))
}

/// How a table may look on this standard output.
pub(super) fn style(color: ColorChoice, io: &Io<'_>) -> Style {
    const NARROWEST: u16 = 60;
    let forced = io.var("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let refused = io.var("NO_COLOR").is_some() || io.var("CLICOLOR").is_some_and(|value| value == "0");
    let color = match color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => forced || (io.terminal.is_some() && !refused),
    };
    match io.terminal {
        Some(terminal) => Style { width: terminal.width.max(NARROWEST), unicode: true, color },
        None => Style { color, ..Style::PLAIN },
    }
}

/// Writes a finished report everywhere it was asked for. The exit code is decided already.
pub(super) fn deliver(
    report: &Report,
    format: Format,
    outputs: &[Output],
    allow_partial: bool,
    style: Style,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let written = if format.closes_what_is_absent() {
        sarif_to_stdout(report, format, allow_partial, io)
    } else {
        to_stdout(io, |out| write(report, format, style, out))
    };
    let mut failed = written.err();
    for output in outputs {
        let written = if output.format.closes_what_is_absent() {
            sarif_to_files(report, output, allow_partial, io)
        } else {
            to_file(&io.path(&output.path), &output.path, Readers::All, |out| {
                write(report, output.format, Style::PLAIN, out)
            })
        };
        // The other outputs are still wanted.
        failed = failed.or(written.err());
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
        io.say(&format!(
            "warning: GitHub takes 20 runs in a file, and this has {}: --output {}=FILE writes several files",
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
        to_file(&io.path(&path), &path, Readers::All, |out| {
            write_sarif(report, runs, output.format, out)
        })?;
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
        io.say(&format!("warning: {} is not of this run: do not upload it", next.display()));
    }
    Ok(())
}

/// Names the tenants with more results than GitHub takes in a run.
fn say_what_takes_several_runs(files: &[Vec<SarifRun<'_>>], io: &mut Io<'_>) {
    let names: Vec<_> =
        files.iter().flatten().filter(|run| run.part == 1).map(|run| run.tenant.name()).collect();
    if !names.is_empty() {
        io.say(&format!(
            "warning: GitHub takes 25,000 results in a run, and {} has more: the rest is in runs of its own",
            join_few(&names, NAMED)
        ));
    }
}

/// A device or a pipe, which is written to and stays what it is.
fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
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
    io.say(&format!(
        "warning: {what} could not be read, and code scanning would close the alerts that were not looked at (--allow-partial writes it all the same)"
    ));
}

/// A JSON document, for standard output.
pub(super) fn json(document: &impl serde::Serialize) -> Result<String, Error> {
    let unwritten = |source| Error::Unwritten { path: "standard output".to_owned(), source };
    let mut text = Vec::new();
    crate::escape::write_json(&mut text, document).map_err(unwritten)?;
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

/// Writes a file beside its place and moves it there once it is whole. A link is replaced, and not what it
/// leads to; a device or a pipe is written to, and stays what it is.
pub(super) fn to_file(
    path: &Path,
    shown: &Path,
    readers: Readers,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let unwritten = |source| Error::Unwritten { path: shown.display().to_string(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err(unwritten(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
    }
    if is_stream(path) {
        let mut device = std::fs::OpenOptions::new().write(true).open(path).map_err(unwritten)?;
        return write(&mut device).and_then(|()| device.flush()).map_err(unwritten);
    }
    if !folder.is_dir() {
        let message = format!("there is no folder {}", shown.parent().unwrap_or(folder).display());
        return Err(unwritten(io::Error::new(io::ErrorKind::NotFound, message)));
    }
    // The library's own message names its temporary file, which says nothing to the user.
    let mut file = new_file(folder, readers).map_err(|error| unwritten(error.kind().into()))?;
    {
        let mut buffered = io::BufWriter::new(file.as_file_mut());
        write(&mut buffered).and_then(|()| buffered.flush()).map_err(unwritten)?;
    }
    file.as_file().sync_all().map_err(unwritten)?;
    file.persist(path).map_err(|error| unwritten(error.error))?;
    Ok(())
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
