//! `leastwise rules list --unmatched`: a tenant's API members that no rule file finds, and what they resemble.

use std::path::Path;

use serde::Serialize;

use super::Form;
use crate::audit::{Audit, Request};
use crate::commands::load::{self, Looks};
use crate::commands::output;
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{ApiMember, Tenant};
use crate::policy::Policy;
use crate::rules::{Library, Near};
use crate::term::text::count;
use crate::term::{Page, Style};

/// More than these are no help.
const MOST: usize = 3;

/// A member that nothing accounts for.
struct Unmatched<'t> {
    member: &'t ApiMember,
    role: Option<&'t str>,
    near: Vec<Near<'t>>,
}

pub(super) fn run(
    snapshot: Option<&Path>,
    form: Form,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Exit, Error> {
    let (tenant, policy) = read(snapshot, settings, common, io)?;
    let request = Request::default();
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let unbound = audit.discover(&tenant)?.unbound;
    let members = tenant.api_members.rows()?;
    let is_unbound = |member: &&ApiMember| unbound.iter().any(|name| **name == *member.identifier);
    let active = members.iter().filter(|member| member.active != Some(false));
    let found: Vec<_> =
        active.clone().filter(is_unbound).map(|member| of(member, &tenant, &settings.library)).collect();
    let text = match form {
        Form::Table => table(&found, output::style(common.color, io)),
        Form::Json => json(&found, &tenant)?,
    };
    output::to_stdout(io, |out| out.write_all(text.as_bytes()))?;
    let all = count(active.count(), "active API member");
    let next =
        "leastwise rules new ID starts one; a binding in leastwise.toml names an existing one for the member";
    io.note(&format!("{} of {all} without a rule file; {next}", found.len()));
    Ok(Exit::Clean)
}

/// Names are enough: no role's settings are read.
fn read(
    snapshot: Option<&Path>,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<(Tenant, Policy), Error> {
    let loaded = load::tenant(snapshot, Looks::Names, settings, common, io)?.readable()?;
    Ok((loaded.input.tenant, loaded.policy))
}

/// By its own names first, then by its role's.
fn of<'t>(member: &'t ApiMember, tenant: &'t Tenant, library: &'t Library) -> Unmatched<'t> {
    let role = member.role.and_then(|id| tenant.role(id)).map(|role| &*role.name);
    let names = std::iter::once(&*member.identifier).chain(member.name.as_deref()).chain(role);
    let mut near: Vec<Near<'t>> = Vec::new();
    for found in names.flat_map(|name| library.near(&[name])) {
        if near.iter().all(|other| other.rules.id != found.rules.id) {
            near.push(found);
        }
    }
    near.truncate(MOST);
    Unmatched { member, role, near }
}

fn table(found: &[Unmatched<'_>], style: Style) -> String {
    let mut page = Page::new(style);
    let rows = found.iter().map(|own| {
        let role = own.role.map(|role| format!(", role {role}")).unwrap_or_default();
        let name = own.member.name.as_deref().map(|name| format!("{name}{role}"));
        let head = name.unwrap_or_else(|| role.trim_start_matches(", ").to_owned());
        let near: Vec<_> =
            own.near.iter().map(|near| format!("{} (named {})", near.rules.id, near.name)).collect();
        let near = if near.is_empty() {
            "resembles no rule file".to_owned()
        } else {
            format!("resembles {}", near.join(", "))
        };
        let text = if head.is_empty() { near } else { format!("{head}; {near}") };
        (own.member.identifier.to_string(), text)
    });
    page.list(&rows.collect::<Vec<_>>());
    page.into_text()
}

#[derive(Serialize)]
struct UnmatchedV1<'t> {
    format: &'static str,
    site: &'t str,
    company: &'t str,
    members: Vec<MemberV1<'t>>,
}

#[derive(Serialize)]
struct MemberV1<'t> {
    id: i64,
    identifier: &'t str,
    name: Option<&'t str>,
    role: Option<&'t str>,
    candidates: Vec<CandidateV1<'t>>,
}

#[derive(Serialize)]
struct CandidateV1<'t> {
    /// The rule file's.
    id: &'t str,
    /// The name of the rule file that it resembles.
    named: &'t str,
}

fn json<'u>(found: &'u [Unmatched<'u>], tenant: &Tenant) -> Result<String, Error> {
    let candidate = |near: &'u Near<'u>| CandidateV1 { id: &near.rules.id, named: near.name };
    let members = found.iter().map(|own| MemberV1 {
        id: own.member.id.0,
        identifier: &own.member.identifier,
        name: own.member.name.as_deref(),
        role: own.role,
        candidates: own.near.iter().map(candidate).collect(),
    });
    let id = &tenant.id;
    output::json(&UnmatchedV1 {
        format: "leastwise-unmatched/1",
        site: &id.site,
        company: &id.company,
        members: members.collect(),
    })
}
