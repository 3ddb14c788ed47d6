//! `leastwise init`: proposes leastwise.toml from what the tenant has.

use std::path::PathBuf;

use super::load::{self, Looks};
use super::output::Readers;
use super::{input, output};
use crate::audit::{Audit, Discovery, Request};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::Tenant;
use crate::policy::Policy;
use crate::rules::{Library, quoted};
use crate::term::text::{printable, slug};

/// Arguments of `leastwise init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise init --snapshot acme.json -o proposed.toml")]
pub struct Args {
    /// Look at this snapshot instead of the live tenant (- is standard input)
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Write this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long, requires = "output")]
    force: bool,
}

/// Runs the command.
///
/// # Errors
/// What stopped it.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    if let Some(path) = &args.output {
        output::check_free(path, args.force, io)?;
    }
    let settings = Settings::read(common, io)?;
    let (policy, request) = (Policy::default(), Request::default());
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let (input, site) = match &args.snapshot {
        Some(path) => {
            let input = input::snapshot(path, io)?;
            let site = input.tenant.id.site.clone();
            (input, site)
        }
        None => {
            let live = settings.live(common, io)?;
            let site = live.connection.site.written();
            (load::live(live, Looks::Names, &settings, common, io)?.input, site)
        }
    };
    if let Some(failure) = &input.failure {
        return Err(Error::Tenant(format!(
            "{} could not be read, nothing can be proposed: {failure}",
            input.tenant.id
        )));
    }
    let found = audit.discover(&input.tenant)?;
    let text = proposal(&input.tenant, &site, &found, &settings.library);
    match &args.output {
        Some(path) => {
            output::to_file(&io.path(path), path, Readers::All, |out| out.write_all(text.as_bytes()))?;
            io.note(&format!("wrote {}: correct it, and run leastwise audit", path.display()));
        }
        None => {
            output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
            io.hint("save it as leastwise.toml, correct it, and run leastwise audit");
        }
    }
    if args.snapshot.is_none() {
        io.hint("leastwise survey shows what this PSA answers differently from what leastwise assumes");
    }
    Ok(Exit::Clean)
}

fn proposal(tenant: &Tenant, site: &str, found: &Discovery, library: &Library) -> String {
    let id = &tenant.id;
    let name = slug(&id.company);
    let mut text = format!(
        "# Proposed by leastwise init from what {} has. Correct it; keys never belong here.\n\n[tenant.{name}]\nsite    = {}\ncompany = {}\n",
        comment(&id.to_string()),
        quoted(site),
        quoted(&id.company),
    );
    for binding in &found.bindings {
        text.push_str(&format!(
            "\n[[tenant.{name}.integration]]   # {}\nrules  = {}\n",
            comment(&binding.title),
            quoted(&binding.rules)
        ));
        text.push_str(
            &binding
                .member
                .as_ref()
                .map(|member| format!("member = {}\n", quoted(member)))
                .unwrap_or_default(),
        );
        text.push_str(
            &binding.role.as_ref().map(|role| format!("role   = {}\n", quoted(role))).unwrap_or_default(),
        );
        if !binding.features.is_empty() {
            text.push_str(&format!(
                "# features = [{}]   # name those that are in use\n",
                binding.features.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
            ));
        }
    }
    if !found.unbound.is_empty() {
        text.push_str("\n# Active API members that no rule file accounts for: find out what uses them.\n");
        for member in &found.unbound {
            text.push_str(&unaccounted(member, &name, tenant, library));
        }
    }
    text
}

/// A member that nothing accounts for: its name and role, and what they resemble, to be uncommented.
fn unaccounted(identifier: &str, tenant_name: &str, tenant: &Tenant, library: &Library) -> String {
    const NAMED: usize = 3;
    let members = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    let own = members.iter().find(|member| *member.identifier == *identifier);
    let name = own.and_then(|own| own.name.as_deref()).filter(|name| *name != identifier);
    let role =
        own.and_then(|own| own.role).and_then(|role| tenant.role(role)).map(|role| role.name.to_string());
    let names: Vec<_> = [Some(identifier), name, role.as_deref()].into_iter().flatten().collect();
    let near: Vec<_> = library.resembling(&names).into_iter().take(NAMED).collect();
    let mut line = format!("#   {}", comment(identifier));
    if let Some(name) = name {
        line.push_str(&format!(" ({})", comment(name)));
    }
    if let Some(role) = &role {
        line.push_str(&format!(", role {}", comment(role)));
    }
    if near.is_empty() {
        return line + "\n";
    }
    line.push_str(&format!(": perhaps {}; if so:\n", near.join(" or ")));
    line.push_str(&format!("# [[tenant.{tenant_name}.integration]]\n# rules  = {}\n", quoted(near[0])));
    line.push_str(&format!("# member = {}\n", comment(&quoted(identifier))));
    line
}

/// A name within a comment cannot end the line.
fn comment(text: &str) -> String {
    printable(text)
}
