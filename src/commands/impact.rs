//! `leastwise impact`: what a stolen key could do, and how to contain it.

mod json;
mod list;
mod markdown;
mod table;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::load::{self, Looks};
use super::{input, output};
use crate::audit::{Audit, Request};
use crate::checks::{Binding, BoundMember};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::impact::{Impact, LoginImpact};
use crate::io::Io;
use crate::model::{Login, Tenant, fold_name, selects};
use crate::rules::{Library, did_you_mean};
use crate::term::text::join_few;

/// Arguments of `leastwise impact`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit: 0 all of it is known, 4 part of it is unknown, 5 there is no such member.

Example: leastwise impact Umbrella --snapshot acme.json")]
pub struct Args {
    /// The member or integrator login, by identifier, name or id
    member: Option<String>,
    /// Every member and login that this vendor's products use, by the vendor's name
    #[arg(long, value_name = "NAME", conflicts_with = "member")]
    vendor: Option<String>,
    /// Look at this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Form of what is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,
}

/// The form of what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    Table,
    /// For programs
    Json,
    /// For a ticket
    Markdown,
}

/// What is meant.
enum Meant<'t> {
    Members(Vec<BoundMember<'t>>, Vec<&'t Login>),
    Everybody,
    Nobody(String),
}

/// Runs the command.
///
/// # Errors
/// What stopped it, or a name that means several members.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let (catalog, library) = (&settings.library.catalog, &settings.library);
    let products = args.vendor.as_ref().map(|vendor| products(vendor, library)).transpose()?;
    let request = Request { member: args.member.clone(), ..Request::default() };
    let loaded =
        load::tenant(args.snapshot.as_deref(), Looks::Audit(&request), &settings, common, io)?.readable()?;
    let (input, policy) = (loaded.input, loaded.policy);
    input::say_read(&input, io);
    let tenant = &input.tenant;
    tenant.api_members.rows()?;
    let everything = Request::default();
    let audit = Audit { library, policy: &policy, request: &everything, as_of: settings.as_of };
    let bindings = audit.bindings(tenant);
    let (members, logins) = match meant(args, products.as_ref(), &bindings, library, tenant)? {
        Meant::Members(members, logins) => (members, logins),
        Meant::Everybody => return everybody(args, &bindings, &settings, tenant, common, io),
        Meant::Nobody(said) => {
            io.error(said);
            return Ok(Exit::NothingMatched);
        }
    };
    let mut impacts: Vec<_> =
        members.into_iter().map(|member| Impact::of(member, &bindings, tenant, catalog)).collect();
    list::sort(&mut impacts);
    let logins: Vec<_> = logins.into_iter().map(|login| LoginImpact::of(login, &bindings, library)).collect();
    let style = output::style(common.color, io);
    let text = match (args.format, impacts.as_slice(), logins.as_slice()) {
        (Form::Json, [one], []) if products.is_none() => json::write(one, &tenant.id)?,
        (Form::Json, ..) => json::write_all(&impacts, &logins, &tenant.id)?,
        (Form::Markdown, ..) => markdown::write(&impacts, &logins, &tenant.id),
        (Form::Table, ..) => {
            let pages = impacts.iter().map(|own| table::write(own, &tenant.id, style));
            let pages = pages.chain(logins.iter().map(|own| table::write_login(own, &tenant.id, style)));
            pages.collect::<Vec<_>>().join("\n")
        }
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(exit(&impacts))
}

fn exit(impacts: &[Impact<'_>]) -> Exit {
    if impacts.iter().any(Impact::is_partial) { Exit::Partial } else { Exit::Clean }
}

/// Every API member in a line, the one that reaches furthest first.
fn everybody(
    args: &Args,
    bindings: &[Binding<'_>],
    settings: &Settings,
    tenant: &Tenant,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Exit, Error> {
    let api = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    let of = |member| Impact::of(BoundMember::Api(member), bindings, tenant, &settings.library.catalog);
    let mut impacts: Vec<_> = api.iter().map(of).collect();
    list::sort(&mut impacts);
    let style = output::style(common.color, io);
    let text = match args.format {
        Form::Table => list::table(&impacts, &tenant.id, style),
        Form::Markdown => list::markdown(&impacts, &tenant.id),
        Form::Json => json::write_all(&impacts, &[], &tenant.id)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    Ok(exit(&impacts))
}

/// Ids of the rule files of a vendor.
fn products(vendor: &str, library: &Library) -> Result<BTreeSet<String>, Error> {
    let is_its = |own: &str| fold_name(own) == fold_name(vendor);
    let own = library.iter().filter(|rules| is_its(&rules.vendor) || is_its(&rules.id));
    let ids: BTreeSet<_> = own.map(|rules| rules.id.clone()).collect();
    if ids.is_empty() {
        let near = did_you_mean(vendor, library.iter().map(|rules| rules.vendor.as_str()));
        let hint = near.map_or_else(
            || "`leastwise rules list` shows all".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        return Err(Error::Usage(format!("no rule file is of the vendor \"{vendor}\": {hint}")));
    }
    Ok(ids)
}

fn meant<'t>(
    args: &Args,
    products: Option<&BTreeSet<String>>,
    bindings: &[Binding<'t>],
    library: &Library,
    tenant: &'t Tenant,
) -> Result<Meant<'t>, Error> {
    let logins = tenant.logins.rows().map(Vec::as_slice).unwrap_or_default();
    if let Some(ids) = products {
        let mut seen = BTreeSet::new();
        let own = bindings.iter().filter(|binding| ids.contains(&binding.rules.id));
        let members = own.filter_map(|binding| binding.member);
        let members: Vec<_> = members.filter(|member| seen.insert(member.id())).collect();
        let rules = || library.iter().filter(|rules| ids.contains(&rules.id));
        let names: Vec<_> =
            rules().flat_map(|rules| &rules.matches.logins).map(|name| fold_name(name)).collect();
        let is_its = |login: &&Login| {
            names.contains(&fold_name(&login.username))
                || ids.iter().any(|id| tenant.noted.login(login.id, id))
        };
        let logins: Vec<_> = logins.iter().filter(is_its).collect();
        if members.is_empty() && logins.is_empty() {
            let ids: Vec<_> = ids.iter().map(String::as_str).collect();
            return Ok(Meant::Nobody(format!("{} has no key of {}", tenant.id, ids.join(", "))));
        }
        return Ok(Meant::Members(members, logins));
    }
    let Some(name) = &args.member else { return Ok(Meant::Everybody) };
    if let Some(member) = find(name, tenant)? {
        return Ok(Meant::Members(vec![member], Vec::new()));
    }
    let own: Vec<_> = logins.iter().filter(|login| fold_name(&login.username) == fold_name(name)).collect();
    Ok(if own.is_empty() {
        Meant::Nobody(not_found(name, tenant, library))
    } else {
        Meant::Members(Vec::new(), own)
    })
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
        let ids: Vec<_> = found.iter().map(|member| member.id().to_string()).collect();
        return Err(Error::Usage(format!(
            "several members go by \"{name}\": name one by its id: {}",
            ids.join(", ")
        )));
    }
    Ok(found.pop())
}

fn not_found(name: &str, tenant: &Tenant, library: &Library) -> String {
    let api = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    let near = did_you_mean(name, api.iter().map(|member| &*member.identifier));
    let hint = near.map_or_else(
        || {
            let names: Vec<_> = api.iter().map(|member| &*member.identifier).collect();
            format!("its API members are {}.", join_few(&names, 12))
        },
        |near| format!("did you mean {near}?"),
    );
    let vendor = library.iter().map(|rules| &rules.vendor).find(|own| fold_name(own) == fold_name(name));
    let vendor =
        vendor.map(|own| format!(" For all keys of the vendor: leastwise impact --vendor \"{own}\""));
    format!("{} has no member \"{name}\": {hint}{}", tenant.id, vendor.unwrap_or_default())
}
