//! `leastwise rules show`: everything that one rule file says.

mod json;
mod markdown;
mod table;

use crate::commands::{audit, output};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Level, Verb};
use crate::rules::{Advice, Catalog, Doubt, Fact, Feature, Need, Needs, RuleFile, Target, to_toml};
use crate::term::text::join_and;

/// Arguments of `leastwise rules show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise rules show cisco-umbrella --format markdown")]
pub(super) struct Args {
    /// The rule file's id
    id: String,
    /// Form: table for people, json for programs, toml as a rule file again, markdown for a page
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    Toml,
    Markdown,
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let (library, catalog) = (&settings.library, &settings.library.catalog);
    let rules = audit::integration(&args.id, library)?;
    let text = match args.format {
        Format::Table => table::write(rules, catalog, output::style(common.color, io)),
        Format::Json => json::write(rules, catalog)?,
        Format::Toml => to_toml(rules, catalog),
        Format::Markdown => markdown::write(rules, catalog),
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The rows of one module.
struct ModuleRows<'n> {
    module: &'n str,
    rows: Vec<(Target, &'n Need)>,
}

/// The needs as the PSA's role screen shows them: module by module.
fn by_module<'n>(needs: &'n Needs, catalog: &'n Catalog) -> Vec<ModuleRows<'n>> {
    let mut modules: Vec<ModuleRows<'n>> = Vec::new();
    for (target, need) in &needs.rows {
        let module = catalog.module_name(target.module(catalog));
        match modules.last_mut().filter(|last| last.module == module) {
            Some(last) => last.rows.push((*target, need)),
            None => modules.push(ModuleRows { module, rows: vec![(*target, need)] }),
        }
    }
    modules
}

/// A row's name as the screen writes it.
fn row_name(target: Target, catalog: &Catalog) -> String {
    match target {
        Target::Module(_) => "(every function)".to_owned(),
        Target::Function(id) if catalog.function(id).customize.is_some() => {
            format!("{} (customize)", catalog.function(id).name)
        }
        Target::Function(id) => catalog.function(id).name.clone(),
    }
}

/// What stands in a verb's column.
fn level(need: &Need, verb: Verb) -> String {
    match need.level(verb) {
        None => Level::None.to_string(),
        Some(own) => {
            let marks = [(own.implied, "*"), (own.setup_only, "+")];
            let marks: String = marks.iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| *mark).collect();
            format!("{}{marks}", own.level)
        }
    }
}

/// What the marks in the columns mean, as far as they were used.
fn legend(needs: &[&Needs]) -> Vec<&'static str> {
    let levels =
        || needs.iter().flat_map(|needs| &needs.rows).flat_map(|(_, need)| need.levels.iter().flatten());
    let mut lines = Vec::new();
    if levels().any(|level| level.implied) {
        lines.push("* the vendor names the operation but no level; All is read into it");
    }
    if levels().any(|level| level.setup_only) {
        lines.push("+ needed while the integration is set up, and excess once that is over");
    }
    lines
}

/// A label and a text, for what the file says of a row beside its levels.
fn notes(needs: &Needs, catalog: &Catalog) -> Vec<(String, String)> {
    let mut notes = Vec::new();
    for (target, need) in &needs.rows {
        let name = target.name(catalog);
        let mut say = |text: String| notes.push((name.clone(), text));
        if let Some(why) = &need.why {
            say(why.clone());
        }
        match need.basis {
            crate::rules::Basis::Stated => {}
            crate::rules::Basis::Shown => say("on the vendor's screenshot".to_owned()),
            crate::rules::Basis::Inferred => say("inferred: the vendor does not say so".to_owned()),
        }
        if let Some(unclear) = &need.unclear {
            say(format!("unclear: {unclear}"));
        }
        if let Some(allow) = &need.allow {
            say(format!("customize > Allow Access to these: {}", allow.entries.join("; ")));
        }
    }
    notes
}

/// Instead of needs, where none are published.
const ASKS_ADMIN: &str = "The vendor asks for Admin and publishes no list of what is needed.";

/// Where a feature's needs are published, where that is a page of its own.
fn feature_origin(feature: &Feature) -> Option<String> {
    let read = feature.read.map(|read| format!(", read {read}")).unwrap_or_default();
    match &feature.source {
        Some(source) => Some(format!("Source: {source}{read}")),
        None => feature.read.map(|read| format!("Read {read}")),
    }
}

/// What the source leaves open about functions.
fn doubts(rules: &RuleFile, catalog: &Catalog) -> Vec<(String, String)> {
    let each = |doubt: &Doubt| {
        let names: Vec<_> = doubt.functions.iter().map(|&id| catalog.full_name(id)).collect();
        (names.join(", "), doubt.text.clone())
    };
    rules.doubts.iter().map(each).collect()
}

/// What the vendor says of its own side, with the page where that is another one.
fn facts(rules: &RuleFile) -> Vec<(String, String)> {
    let each = |fact: &Fact| {
        let source = fact.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
        (fact.kind.label().to_owned(), format!("{}{source}", fact.text))
    };
    rules.facts.iter().map(each).collect()
}

/// Where less would do, as sentences with their subjects.
fn advice(advice: &Advice, catalog: &Catalog) -> Vec<(String, String)> {
    let proof = |proven: bool| if proven { "proven" } else { "not proven" };
    let of_role = advice
        .notes
        .iter()
        .map(|note| ("the role".to_owned(), format!("{} ({})", note.text, proof(note.proven))));
    let of_rows = advice.levels.iter().map(|advised| {
        let levels: Vec<_> = Verb::ALL
            .into_iter()
            .filter_map(|verb| Some(format!("{} {}", verb.title(), advised.levels[verb as usize]?)))
            .collect();
        let text = format!("{} may do: {} ({})", join_and(&levels), advised.why, proof(advised.proven));
        (advised.target.name(catalog), text)
    });
    of_role.chain(of_rows).collect()
}
