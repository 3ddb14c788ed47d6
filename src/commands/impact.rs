//! `leastwise impact`: what a stolen key could do, and how to contain it.

mod json;
mod table;

use std::path::PathBuf;

use super::rules::Form;
use super::{input, output};
use crate::audit::{Audit, Request};
use crate::checks::BoundMember;
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::impact::Impact;
use crate::io::Io;
use crate::model::{Tenant, selects};
use crate::rules::did_you_mean;

/// Arguments of `leastwise impact`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit: 0 all of it is known, 4 part of it is unknown, 5 there is no such member.

Example: leastwise impact Umbrella --snapshot fixtures/acme-msp.json")]
pub struct Args {
    /// The member, by identifier, name or id
    member: String,
    /// Look at this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Form of what is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,
}

/// Runs the command.
///
/// # Errors
/// What stopped it, or a name that means several members.
pub fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let catalog = &settings.library.catalog;
    let request = Request { member: Some(args.member.clone()), ..Request::default() };
    let (input, policy) = input::read(args.snapshot.as_deref(), &request, &settings, common, io)?;
    input.tenant.api_members.rows()?;
    let Some(member) = find(&args.member, &input.tenant)? else {
        io.say(&format!("error: {}", not_found(&args.member, &input.tenant)));
        return Ok(Exit::NothingMatched);
    };
    let everything = Request::default();
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &everything, as_of: settings.as_of };
    let impact = Impact::of(member, &audit.bindings(&input.tenant), &input.tenant, catalog);
    let text = match args.format {
        Form::Table => table::write(&impact, &input.tenant.id, output::style(common.color, io)),
        Form::Json => json::write(&impact, &input.tenant.id)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(if impact.is_partial() { Exit::Partial } else { Exit::Clean })
}

/// The API member that is meant, else the person.
fn find<'t>(name: &str, tenant: &'t Tenant) -> Result<Option<BoundMember<'t>>, Error> {
    let api = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    let is_meant = |member: &&crate::model::ApiMember| {
        let names = std::iter::once(&*member.identifier).chain(member.name.as_deref());
        selects(name, member.id.0, names)
    };
    let mut found: Vec<_> = api.iter().filter(is_meant).map(BoundMember::Api).collect();
    if found.is_empty() {
        let people = tenant.members.rows().map(Vec::as_slice).unwrap_or_default();
        let people = people.iter().filter(|member| member.is_person() != Some(false));
        let people = people.filter(|member| selects(name, member.id.0, member.identifier.as_deref()));
        found.extend(people.map(BoundMember::Person));
    }
    if found.len() > 1 {
        let ids: Vec<_> = found.iter().map(|member| member.reference().id.to_string()).collect();
        return Err(Error::Usage(format!(
            "several members go by \"{name}\": name one by its id: {}",
            ids.join(", ")
        )));
    }
    Ok(found.pop())
}

fn not_found(name: &str, tenant: &Tenant) -> String {
    let api = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    let near = did_you_mean(name, api.iter().map(|member| &*member.identifier));
    let hint = near.map_or_else(
        || {
            let names: Vec<_> = api.iter().map(|member| &*member.identifier).collect();
            format!("its API members are {}", names.join(", "))
        },
        |near| format!("did you mean {near}?"),
    );
    format!("{} has no member \"{name}\": {hint}", tenant.id)
}
