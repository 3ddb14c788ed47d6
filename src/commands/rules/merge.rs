//! `leastwise rules merge`: one role for several integrations, or how to split one that is shared.

mod json;
mod role;
mod table;

use std::path::PathBuf;

use super::Form;
use crate::access::Requirements;
use crate::commands::{audit, output};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::rules::did_you_mean;
use crate::sharing::{Party, Sharing};
use role::SharedRole;

/// Arguments of `leastwise rules merge`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With ids: the least role that serves them all, and what only each of them needs.
With --role: what the integrations on that role need, what only one of them or none of them needs, and
the rows of a role for each.
Exit: 4 if part of the role could not be read, 5 if no integration is known to use it.

Example: leastwise rules merge --role Integrations --snapshot acme.json")]
pub(super) struct Args {
    /// Rule files' ids, with features where they are in use: crushbank:kba-articles,auto-configuration
    #[arg(value_name = "ID[:FEATURE,...]", required_unless_present = "role", conflicts_with = "role")]
    ids: Vec<String>,
    /// Work out this role of the tenant, by name or id
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// Look for the role in this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE", requires = "role")]
    snapshot: Option<PathBuf>,
    /// Form of what is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,
}

pub(super) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let catalog = &settings.library.catalog;
    let (shared, parties) = match &args.role {
        Some(name) => {
            let shared = SharedRole::read(name, args.snapshot.as_deref(), &settings, common, io)?;
            let parties = shared.parties.clone();
            (Some(shared), parties)
        }
        None => (None, parties(&args.ids, &settings)?),
    };
    let sharing = Sharing::of(parties, catalog);
    let text = match args.format {
        Form::Table => table::write(&sharing, shared.as_ref(), catalog, output::style(common.color, io)),
        Form::Json => json::write(&sharing, shared.as_ref(), catalog)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(match &shared {
        Some(shared) if shared.parties.is_empty() => {
            io.hint("no integration is known to use this role; bind it in leastwise.toml (`leastwise init` proposes one)");
            Exit::NothingMatched
        }
        Some(shared) if shared.is_partial() => Exit::Partial,
        _ => Exit::Clean,
    })
}

/// The integrations that are named, with their features.
fn parties(ids: &[String], settings: &Settings) -> Result<Vec<Party>, Error> {
    let mut parties: Vec<Party> = Vec::new();
    for word in ids {
        let (id, features) = word.split_once(':').unwrap_or((word, ""));
        let features: Vec<_> =
            features.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let requirements = requirements(id, &features, settings)?;
        match parties.iter_mut().find(|party| party.id == id) {
            Some(party) => party.requirements.join(&requirements),
            None => parties.push(Party { id: id.to_owned(), requirements }),
        }
    }
    parties.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(parties)
}

fn requirements(id: &str, features: &[String], settings: &Settings) -> Result<Requirements, Error> {
    let rules = audit::integration(id, &settings.library)?;
    let known = || rules.features.keys().map(String::as_str);
    if let Some(feature) = features.iter().find(|feature| !rules.features.contains_key(*feature)) {
        let hint = did_you_mean(feature, known()).map_or_else(
            || format!("its features are {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean {id}:{near}?"),
        );
        return Err(Error::Usage(format!("{id} has no feature \"{feature}\": {hint}")));
    }
    let requirements = Requirements::of(rules, features, None, settings.as_of);
    if rules.asks_admin() {
        return Err(Error::Usage(format!(
            "the vendor of {id} asks for Admin and publishes no list: leave {id} out, and give it a role of its own"
        )));
    }
    if requirements.is_empty() {
        return Err(Error::Usage(format!(
            "{id} needs nothing without a feature: write {id}:{}",
            known().next().unwrap_or("FEATURE")
        )));
    }
    Ok(requirements)
}
