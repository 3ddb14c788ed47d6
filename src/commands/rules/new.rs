//! `leastwise rules new`: a rule file to start from, out of a role or a vendor's table.

mod from_role;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::commands::output;
use crate::commands::output::Readers;
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Level, Verb};
use crate::rules::{
    Advice, Catalog, Document, Doubt, Match, MemberAdvice, Need, NeedLevel, Needs, Origin, Problem, Problems,
    RuleFile, Target, pasted, to_toml,
};
use crate::term::text::count;

/// Arguments of `leastwise rules new`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without --from-role and --from-table, an example row is written. The table may be one of Markdown, HTML,
a spreadsheet or a CSV file, or a list of lines such as \"Companies > Contacts: Inquire = All\"; the text
around it may stay, columns may have the vendor's names and functions any spelling.

Example: leastwise rules new acme-sync --from-role Umbrella --snapshot acme.json")]
pub(super) struct Args {
    /// The rule file's id: lower-case letters, digits and dashes, such as acme-sync
    id: String,
    /// Take what this role has, by name or id
    #[arg(long, value_name = "NAME", conflicts_with = "from_table")]
    from_role: Option<String>,
    /// Take a vendor's table or list, as it was pasted (- is standard input)
    #[arg(long, value_name = "FILE", alias = "from-csv")]
    from_table: Option<PathBuf>,
    /// Look for the role in this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE", requires = "from_role")]
    snapshot: Option<PathBuf>,
    /// Who makes the product
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
    /// The product
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// The address where the needs are published
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    /// Write this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long, requires = "output")]
    force: bool,
}

/// What a rule file is started from.
#[derive(Default)]
struct Start {
    needs: Needs,
    unclear: Vec<String>,
    doubts: Vec<Doubt>,
    matches: Match,
    /// What was left out or read freely.
    remarks: Vec<String>,
    /// What was read and what was left out, a line each.
    said: Option<String>,
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let catalog = &settings.library.catalog;
    if let Some(path) = &args.output {
        output::check_free(path, args.force, io)?;
    }
    let mut start = match (&args.from_role, &args.from_table) {
        (Some(role), _) => from_role::read(role, args.snapshot.as_deref(), &settings, common, io)?,
        (None, Some(path)) => from_table(path, catalog, io)?,
        (None, None) => example(catalog),
    };
    propose_names(args, &mut start);
    let rules = draft(args, &start, settings.as_of);
    let text = to_toml(&rules, catalog);
    check(args, &text, catalog)?;
    match &args.output {
        Some(path) => {
            make_folder(&io.path(path), path)?;
            output::to_file(&io.path(path), path, Readers::All, |out| out.write_all(text.as_bytes()))?;
        }
        None => output::to_stdout(io, |out| out.write_all(text.as_bytes()))?,
    }
    for remark in &start.remarks {
        io.warn(remark);
    }
    if let Some(said) = &start.said {
        io.note_lines(said);
    }
    io.note(&format!("{} written; {}", count(rules.needs.rows.len(), "function"), next(args)));
    Ok(Exit::Clean)
}

/// The folder of a new file need not be there yet.
fn make_folder(path: &Path, shown: &Path) -> Result<(), Error> {
    let Some(folder) = path.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder)
        .map_err(|source| Error::Unwritten { path: shown.display().to_string(), source })
}

/// Names by which the integration may be found, where a role has not given any.
fn propose_names(args: &Args, start: &mut Start) {
    if !start.matches.roles.is_empty() {
        return;
    }
    let mut names: Vec<_> = [&args.vendor, &args.product].into_iter().flatten().cloned().collect();
    names.dedup();
    if !names.is_empty() {
        start.remarks.push(
            "the names in [match] are proposals: keep those that roles and members really have".to_owned(),
        );
        start.matches = Match { roles: names.clone(), members: names, logins: Vec::new() };
    }
}

fn next(args: &Args) -> String {
    let file = args.output.as_ref().map_or_else(|| "the file".to_owned(), |path| path.display().to_string());
    let blanks = [("vendor", &args.vendor), ("product", &args.product), ("source", &args.source)];
    let blanks: Vec<_> = blanks.iter().filter(|(_, own)| own.is_none()).map(|(name, _)| *name).collect();
    if blanks.is_empty() {
        format!("check it against the source, then: leastwise rules lint {file}")
    } else {
        format!("fill in {} in {file}, then: leastwise rules lint {file}", blanks.join(", "))
    }
}

/// What the user typed must make a rule file that can be used, but for what is still blank.
fn check(args: &Args, text: &str, catalog: &Catalog) -> Result<(), Error> {
    let reading = RuleFile::examine("the new rule file", text, Origin::BuiltIn, catalog, None);
    let is_blank = |problem: &Problem| {
        let of =
            |key: &str, own: Option<&String>| own.is_none() && problem.message == format!("`{key}` is blank");
        of("vendor", args.vendor.as_ref())
            || of("product", args.product.as_ref())
            || of("source", args.source.as_ref())
    };
    let real: Vec<_> = reading.problems.into_iter().filter(|problem| !is_blank(problem)).collect();
    if real.is_empty() { Ok(()) } else { Err(Problems(real).into()) }
}

fn draft(args: &Args, start: &Start, read: Date) -> RuleFile {
    RuleFile {
        id: args.id.clone(),
        vendor: args.vendor.clone().unwrap_or_default(),
        product: args.product.clone().unwrap_or_default(),
        source: Some(args.source.clone().unwrap_or_default()),
        read,
        published: None,
        keys_since: None,
        partial: false,
        unclear: start.unclear.clone(),
        doubts: start.doubts.clone(),
        asks_admin: None,
        test: None,
        probes: Vec::new(),
        matches: start.matches.clone(),
        needs: start.needs.clone(),
        features: std::collections::BTreeMap::new(),
        member: MemberAdvice::default(),
        advice: Advice::default(),
        checklist: None,
        facts: Vec::new(),
        digest: String::new(),
        origin: Origin::BuiltIn,
    }
}

fn from_table(path: &Path, catalog: &Catalog, io: &mut Io<'_>) -> Result<Start, Error> {
    let name = path.display().to_string();
    let text = if name == "-" {
        Document::load_pasted(&name, &mut *io.stdin)
    } else {
        std::fs::File::open(io.path(path))
            .map_err(|error| Document::unreadable(&name, &error))
            .and_then(|mut file| Document::load_pasted(&name, &mut file))
    };
    let pasted = pasted::read(&name, &text.map_err(|problem| Problems(vec![problem]))?, catalog)?;
    let said = pasted.to_string();
    let mut start =
        Start { needs: pasted.needs, remarks: pasted.remarks, said: Some(said), ..Start::default() };
    note_doubts(&mut start, &pasted.doubts, catalog);
    Ok(start)
}

/// Puts doubts where rule files have a place for them: `[[doubt]]`, which is about functions.
fn note_doubts(start: &mut Start, doubts: &[pasted::Doubt], catalog: &Catalog) {
    for doubt in doubts {
        let function = |target: &Target| if let Target::Function(id) = target { Some(*id) } else { None };
        match doubt.functions.iter().map(function).collect() {
            Some(functions) => start.doubts.push(Doubt { functions, text: doubt.text.clone() }),
            None => {
                let names: Vec<_> = doubt.functions.iter().map(|target| target.name(catalog)).collect();
                start.unclear.push(format!("{}: {}", names.join(", "), doubt.text));
            }
        }
    }
}

/// A row to overwrite, so that the file shows its form.
fn example(catalog: &Catalog) -> Start {
    let row = catalog
        .find_module("Companies")
        .and_then(|module| catalog.find_function(module, "Company Maintenance"))
        .map(|id| {
            let mut need = Need::default();
            need.levels[Verb::Inquire as usize] =
                Some(NeedLevel { level: Level::All, implied: false, setup_only: false });
            (Target::Function(id), need)
        });
    Start {
        needs: Needs::in_screen_order(row.into_iter().collect(), catalog),
        remarks: vec!["the row on Company Maintenance is only an example".to_owned()],
        ..Start::default()
    }
}
