//! Starting from a role of a tenant: what it has, which is not yet what is needed.

use std::path::Path;

use super::Start;
use crate::access::Rights;
use crate::audit::Request;
use crate::commands::input;
use crate::commands::load::{self, Looks};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::io::Io;
use crate::model::{Grant, Level, Power, RoleId, Tenant, Verb};
use crate::rules::{Basis, Catalog, FunctionId, GivenKind, Match, Need, NeedLevel, Needs, Target};
use crate::term::text::join_and;

pub(super) fn read(
    name: &str,
    snapshot: Option<&Path>,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Start, Error> {
    let request = Request { role: Some(name.to_owned()), ..Request::default() };
    let input = load::tenant(snapshot, Looks::Audit(&request), settings, common, io)?.readable()?.input;
    input::say_read(&input, io);
    let role = input::role(&input.tenant, name)?;
    if role.is_admin() == Some(true) {
        return Err(Error::Usage(format!(
            "the role \"{}\" is an admin role: it has everything, and says nothing of what is needed",
            role.name
        )));
    }
    let rows = input.tenant.settings_of(role.id)?;
    let rights = Rights::new(rows, &settings.library.catalog);
    let mut start = needs(&rights, &settings.library.catalog);
    let taken = input.tenant.taken_at.strftime("%Y-%m-%d");
    start.unclear.push(format!(
        "Taken from a role as it was on {taken}: what the role has, not what the vendor says is needed."
    ));
    if let Err(gap) = input.tenant.api_members.rows() {
        start.remarks.push(format!("[match] names no members: {gap}"));
    }
    start.matches = Match {
        roles: vec![role.name.to_string()],
        members: holders(&input.tenant, role.id),
        logins: Vec::new(),
    };
    Ok(start)
}

fn needs(rights: &Rights<'_>, catalog: &Catalog) -> Start {
    let (mut rows, mut remarks) = (Vec::new(), Vec::new());
    for (&id, row) in &rights.known {
        let mut need = Need { basis: Basis::Inferred, ..Need::default() };
        for verb in Verb::ALL {
            match row.grant(verb).map(|grant| (grant, grant.level())) {
                Some((_, Some(Level::None)) | (Grant::NotOffered, _)) => {}
                Some((_, Some(level))) if let Some(why) = dangerous(id, verb, catalog) => remarks.push(format!(
                    "{}, {verb} {level}: left out, since its key could {why}. The role has it, and nobody says that it is needed; put it in only with a `why`",
                    catalog.full_name(id)
                )),
                Some((_, Some(level))) => {
                    need.levels[verb as usize] = Some(NeedLevel { level, implied: false, setup_only: false });
                }
                _ => remarks.push(format!(
                    "{}, {verb}: the level was not understood and is left out",
                    catalog.full_name(id)
                )),
            }
        }
        if need.levels.iter().any(Option::is_some) {
            rows.push((Target::Function(id), need));
        }
    }
    for row in rights.unknown.values() {
        let grants =
            Verb::ALL.iter().flat_map(|&verb| row.settings().iter().map(move |own| own.grants.of(verb)));
        if grants.into_iter().any(|grant| grant.level() != Some(Level::None) && *grant != Grant::NotOffered) {
            remarks.push(format!("{} is left out: the catalog does not know it", row.function()));
        }
    }
    Start { needs: Needs::in_screen_order(rows, catalog), remarks, ..Start::default() }
}

/// What a verb opens that no rule file should take over from a role without a reason.
fn dangerous(id: FunctionId, verb: Verb, catalog: &Catalog) -> Option<String> {
    let powers = catalog.powers_of(id, verb).iter();
    let mut refused = powers.filter(|given| matches!(given.power, Power::TakeOver | Power::ReadSecrets));
    refused.find_map(|given| match &given.kind {
        GivenKind::Sure => Some(given.why.clone()),
        GivenKind::Conditional { tables } => {
            Some(format!("{}, unless the customise list leaves out {}", given.why, join_and(tables)))
        }
        GivenKind::Inferred => None,
    })
}

/// The API members that hold the role.
fn holders(tenant: &Tenant, role: RoleId) -> Vec<String> {
    let members = tenant.api_members.rows().map(Vec::as_slice).unwrap_or_default();
    members
        .iter()
        .filter(|member| member.role == Some(role))
        .map(|member| member.identifier.to_string())
        .collect()
}
