//! `leastwise rules lint`: every error of all rule files in one run, and what could be better.

use std::path::{Path, PathBuf};

use crate::commands::{input, output};
use crate::config::Common;
use crate::config::today;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::rules::{Catalog, Days, Document, Problem, Problems, Shelf, built_in_catalog};
use crate::term::text::{count, printable};

/// Arguments of `leastwise rules lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit: 0 all files can be used (warnings do not change that), 2 some cannot.

Example: leastwise rules lint rules/integrations/cisco-umbrella.toml")]
pub(super) struct Args {
    /// Rule files, or folders of them; - is stdin; without any, the whole library and --rules-dir
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let today = today(io);
    let days = Days { today, as_of: common.as_of.unwrap_or(today) };
    let catalog = built_in_catalog()?;
    let mut all = Vec::new();
    if args.files.is_empty() {
        all.push(Shelf::built_in(&catalog, Some(days)));
    }
    let given = args.files.iter().chain(&common.rules_dir).cloned();
    let (catalogs, files): (Vec<PathBuf>, Vec<PathBuf>) = given.partition(|path| is_catalog(path));
    let (piped, files): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|path| input::is_stdin(path));
    if !piped.is_empty() {
        all.push(match Document::load_from(STDIN, &mut *io.stdin) {
            Ok(text) => Shelf::of_text(STDIN, &text, &catalog, days),
            Err(problem) => Shelf::of_one(vec![problem]),
        });
    }
    all.push(Shelf::of(&files, &io.folder, &catalog, days));
    all.extend(catalogs.iter().map(|path| catalog_shelf(path, io)));
    let files: usize = all.iter().map(|shelf| shelf.files).sum();
    let errors: Vec<_> = all.iter().flat_map(|shelf| &shelf.problems).collect();
    let warnings: Vec<_> =
        all.iter().flat_map(|shelf| shelf.warnings.iter().chain(&shelf.passed_over)).collect();
    let text = listing(&errors, &warnings);
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    io.note(&format!(
        "{}: {}, {}",
        count(files, "file"),
        count(errors.len(), "error"),
        count(warnings.len(), "warning")
    ));
    Ok(if errors.is_empty() { Exit::Clean } else { Exit::Usage })
}

/// What is read from standard input is called so.
const STDIN: &str = "-";

fn is_catalog(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "catalog.toml")
}

fn catalog_shelf(path: &Path, io: &Io<'_>) -> Shelf {
    let name = path.display().to_string();
    let parsed = Document::load(&io.path(path))
        .map_err(|problem| Problems(vec![Problem { file: name.clone(), ..problem }]))
        .and_then(|text| Catalog::parse(&name, &text));
    Shelf::of_one(parsed.err().map(|problems| problems.0).unwrap_or_default())
}

/// `file:line:column: error: what (what to write instead)`, file by file.
fn listing(errors: &[&Problem], warnings: &[&Problem]) -> String {
    let marked = |mark, problems: &[&Problem]| -> Vec<(Problem, &str)> {
        problems.iter().map(|problem| ((*problem).clone(), mark)).collect()
    };
    let mut all = marked("error", errors);
    all.extend(marked("warning", warnings));
    all.sort();
    let lines = all.iter().map(|(problem, mark)| {
        let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        let Problem { file, line, column, message, .. } = problem;
        printable(&format!("{file}:{line}:{column}: {mark}: {message}{help}")) + "\n"
    });
    lines.collect()
}
