//! `leastwise explain`: a check, a function or a table, from what is embedded.

mod json;
mod text;

use super::rules::Form;
use super::{find, output};
use crate::checks;
use crate::checks::Check;
use crate::config::Common;
use crate::config::today;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Level, Verb};
use crate::rules::{FunctionId, Library, Needs, Table, Target};

/// Arguments of `leastwise explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leastwise explain LW102
  leastwise explain \"Service Desk / Service Tickets\"
  leastwise explain \"Service / Service Board\"")]
pub struct Args {
    /// A check's id or name, a function (in any language that the catalog knows), or a table
    #[arg(value_name = "CHECK | MODULE / FUNCTION")]
    what: String,
    /// Form of what is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,
}

/// What can be explained.
enum Subject<'l> {
    Check(&'static Check),
    Function(FunctionId),
    Table(&'l Table),
}

/// Which integration asks for what.
struct Asking {
    id: String,
    /// The feature that asks, where it is not the base.
    feature: Option<String>,
    levels: [Level; 4],
}

/// Runs the command. It reads no config and no tenant.
///
/// # Errors
/// A word that is neither, with the nearest that is.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let folder = common.rules_dir.as_ref().map(|folder| io.path(folder));
    let library = Library::load(folder.as_deref(), today(io))?;
    let subject = subject(&args.what, &library)?;
    let text = match args.format {
        Form::Table => text::write(&subject, &library, output::style(common.color, io)),
        Form::Json => json::write(&subject, &library)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn subject<'l>(what: &str, library: &'l Library) -> Result<Subject<'l>, Error> {
    let (what, catalog) = (what.trim(), &library.catalog);
    // SARIF names a check by id and severity: LW102/high.
    let check = checks::find(what).or_else(|| checks::find(what.split('/').next().unwrap_or(what).trim()));
    if let Some(check) = check {
        return Ok(Subject::Check(check));
    }
    let candidates = find::candidates(what, catalog);
    if candidates.is_empty()
        && let Some(table) = catalog.find_table(what)
    {
        return Ok(Subject::Table(table));
    }
    if candidates.is_empty()
        && let Some(rules) = library.get(&what.to_lowercase())
    {
        return Err(Error::Usage(format!(
            "{} is an integration: `leastwise rules show {}` shows what it needs",
            rules.id, rules.id
        )));
    }
    let is_id = what.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("lw"));
    let near = checks::suggest(what);
    match near.filter(|_| candidates.is_empty() && (is_id || find::nearest(what, catalog).is_none())) {
        Some(near) => Err(Error::Usage(format!("there is no check \"{what}\": did you mean {near}?"))),
        None => find::function(what, catalog).map(Subject::Function),
    }
}

/// Which integrations ask for anything on a function, the base's needs and each feature's apart.
fn asking(id: FunctionId, library: &Library) -> Vec<Asking> {
    let mut all = Vec::new();
    for rules in library.iter() {
        let levels =
            |needs: &Needs| Verb::ALL.map(|verb| needs.level(Target::Function(id), verb, &library.catalog));
        for (feature, needs) in rules.all_needs() {
            let levels = levels(needs);
            if levels != [Level::None; 4] {
                all.push(Asking { id: rules.id.clone(), feature: feature.map(str::to_owned), levels });
            }
        }
    }
    all
}

/// Which integrations ask for a table, with the feature that does.
fn asking_for_table(table: &Table, library: &Library) -> Vec<String> {
    let mut all = Vec::new();
    for rules in library.iter() {
        let lists = |needs: &Needs| {
            let lists = needs.rows.iter().filter_map(|(_, need)| need.allow.as_ref());
            lists.flat_map(|allow| &allow.entries).any(|entry| *entry == table.name)
        };
        if lists(&rules.needs) {
            all.push(rules.id.clone());
        }
        let features = rules.features.iter().filter(|(_, feature)| lists(&feature.needs));
        all.extend(features.map(|(name, _)| format!("{}:{name}", rules.id)));
    }
    all
}
