//! `leastwise rules list`: the integrations that there are rule files for.

use std::path::PathBuf;

use serde::Serialize;

use super::Form;
use super::head::{Head, Place};
use super::unmatched;
use crate::commands::{find, output};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Level, Verb};
use crate::rules::{Needs, RuleFile, Target};
use crate::term::Page;
use crate::term::text::count;

/// Arguments of `leastwise rules list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise rules list --asks-for delete --function \"Service Tickets\"")]
pub(super) struct Args {
    /// Only vendors and products with this in their name
    #[arg(long, value_name = "TEXT")]
    vendor: Option<String>,
    /// Only integrations that ask for something on this function, in any spelling
    #[arg(long, value_name = "MODULE / FUNCTION")]
    function: Option<String>,
    /// Only integrations that ask for this verb (on that function, if one is named)
    #[arg(long, value_name = "VERB")]
    asks_for: Option<VerbArg>,
    /// The tenant's active API members that no rule file finds, with the rule files that they resemble
    #[arg(long, conflicts_with_all = ["vendor", "function", "asks_for"])]
    unmatched: bool,
    /// With --unmatched: look at this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE", requires = "unmatched")]
    snapshot: Option<PathBuf>,
    /// Form of the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,
}

/// A verb on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum VerbArg {
    Add,
    Edit,
    Delete,
    Inquire,
}

impl From<VerbArg> for Verb {
    fn from(verb: VerbArg) -> Self {
        match verb {
            VerbArg::Add => Self::Add,
            VerbArg::Edit => Self::Edit,
            VerbArg::Delete => Self::Delete,
            VerbArg::Inquire => Self::Inquire,
        }
    }
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    if args.unmatched {
        return unmatched::run(args.snapshot.as_deref(), args.format, &settings, common, io);
    }
    let catalog = &settings.library.catalog;
    let target = args.function.as_deref().map(|text| find::function(text, catalog)).transpose()?;
    let target = target.map(Target::Function);
    let verb = args.asks_for.map(Verb::from);
    let is_meant = |rules: &&RuleFile| {
        let by_vendor = args
            .vendor
            .as_ref()
            .is_none_or(|vendor| rules.title().to_lowercase().contains(&vendor.to_lowercase()));
        let verbs = verb.map_or(Verb::ALL.to_vec(), |verb| vec![verb]);
        let asks = |needs: &Needs| match target {
            Some(target) => verbs.iter().any(|&verb| needs.level(target, verb, catalog) > Level::None),
            None => needs.rows.iter().any(|(_, need)| verbs.iter().any(|&verb| need.level(verb).is_some())),
        };
        let by_ask = (target.is_none() && verb.is_none()) || rules.all_needs().any(|(_, needs)| asks(needs));
        by_vendor && by_ask
    };
    let found: Vec<_> = settings.library.iter().filter(is_meant).collect();
    let text = match args.format {
        Form::Table => table(&found, output::style(common.color, io)),
        Form::Json => json(&found)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    let all = settings.library.iter().count();
    let next =
        if found.is_empty() { "leastwise rules list shows all" } else { "leastwise rules show ID shows one" };
    io.note(&format!("{} of {}; {next}", found.len(), count(all, "integration")));
    Ok(Exit::Clean)
}

fn table(found: &[&RuleFile], style: crate::term::Style) -> String {
    let mut page = Page::new(style);
    let rows: Vec<_> = found.iter().map(|rules| (rules.id.clone(), rules.title())).collect();
    page.list(&rows);
    page.into_text()
}

#[derive(Serialize)]
struct ListV1<'r> {
    format: &'static str,
    integrations: Vec<EntryV1<'r>>,
}

#[derive(Serialize)]
struct EntryV1<'r> {
    #[serde(flatten)]
    head: Head<'r>,
    features: Vec<&'r str>,
    /// How many functions are asked for, features included.
    functions: usize,
    /// On how many functions each verb is asked for, features included.
    asks_for: VerbCounts,
    #[serde(flatten)]
    place: Place<'r>,
}

#[derive(Serialize)]
struct VerbCounts {
    add: usize,
    edit: usize,
    delete: usize,
    inquire: usize,
}

fn json(found: &[&RuleFile]) -> Result<String, Error> {
    let integrations = found.iter().map(|rules| entry(rules)).collect();
    output::json(&ListV1 { format: "leastwise-rules-list/1", integrations })
}

fn entry(rules: &RuleFile) -> EntryV1<'_> {
    let count_targets = |is_meant: &dyn Fn(&crate::rules::Need) -> bool| {
        let rows = rules.all_needs().flat_map(|(_, needs)| &needs.rows);
        let meant = rows.filter(|(_, need)| is_meant(need)).map(|(target, _)| *target);
        meant.collect::<std::collections::BTreeSet<_>>().len()
    };
    let asked = |verb: Verb| count_targets(&|need| need.level(verb).is_some());
    EntryV1 {
        head: Head::of(rules),
        features: rules.features.keys().map(String::as_str).collect(),
        functions: count_targets(&|_| true),
        asks_for: VerbCounts {
            add: asked(Verb::Add),
            edit: asked(Verb::Edit),
            delete: asked(Verb::Delete),
            inquire: asked(Verb::Inquire),
        },
        place: Place::of(rules),
    }
}
