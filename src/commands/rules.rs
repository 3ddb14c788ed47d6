//! `leastwise rules`: the rule files, and what each integration needs.

use super::{audit, output};
use crate::cli::Common;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{Level, Verb};
use crate::rules::{Library, Needs, RuleFile, Target};
use crate::settings::Settings;

/// Arguments of `leastwise rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the integrations that there are rule files for
    List,
    /// Show what one integration needs, in the order of the PSA's screen
    #[command(after_help = "Example: leastwise rules show cisco-umbrella")]
    Show {
        /// The rule file's id
        id: String,
    },
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the rule files, or an id that does not exist.
pub fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let text = match &args.command {
        Command::List => list(&settings.library),
        Command::Show { id } => {
            audit::check_integrations(std::slice::from_ref(id), &settings.library)?;
            settings.library.get(id).map(|rules| show(rules, &settings.library)).unwrap_or_default()
        }
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn list(library: &Library) -> String {
    let width = library.iter().map(|rules| rules.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for rules in library.iter() {
        text.push_str(&format!("{:width$}  {}\n", rules.id, rules.title()));
    }
    text
}

fn show(rules: &RuleFile, library: &Library) -> String {
    let mut text = format!("{} ({})\n", rules.title(), rules.id);
    if let Some(source) = &rules.source {
        text.push_str(&format!("source: {source}\n"));
    }
    text.push_str(&format!("read:   {}\n\n", rules.read));
    text.push_str(&needs(&rules.needs, library));
    for (name, feature) in &rules.features {
        text.push_str(&format!(
            "\nfeature {name}: {}\n\n{}",
            feature.summary,
            needs(&feature.needs, library)
        ));
    }
    text.push_str("\nEverything else: None.\n");
    if let Some(checklist) = &rules.checklist {
        text.push_str(&format!(
            "\nThen, in {}:\n",
            checklist.console.as_deref().unwrap_or("the vendor's console")
        ));
        for (i, step) in checklist.steps.iter().enumerate() {
            text.push_str(&format!("{}. {step}\n", i + 1));
        }
    }
    text
}

fn needs(needs: &Needs, library: &Library) -> String {
    let catalog = &library.catalog;
    let mut table = comfy_table::Table::new();
    table
        .load_style(comfy_table::presets::ASCII_FULL_CONDENSED)
        .set_header(["Function", "Add", "Edit", "Delete", "Inquire"]);
    let mut lists = String::new();
    for (target, need) in &needs.rows {
        let name = match target {
            Target::Function(id) => catalog.full_name(*id),
            Target::Module(id) => format!("{} / every function", catalog.module_name(*id)),
        };
        let levels =
            Verb::ALL.map(|verb| need.level(verb).map_or(Level::None, |need| need.level).to_string());
        table.add_row(std::iter::once(name.clone()).chain(levels));
        if let Some(allow) = &need.allow {
            lists.push_str(&format!(
                "{name} > customize > Allow Access to these: {}\n",
                allow.entries.join("; ")
            ));
        }
    }
    format!("{}\n{lists}", table.trim_fmt())
}
