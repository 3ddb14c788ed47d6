//! A shared role for programs: `leastwise-merge/1`.

use serde::Serialize;

use super::role::SharedRole;
use crate::commands::output;
use crate::error::Error;
use crate::model::{Level, Verb};
use crate::rules::{Catalog, Target};
use crate::sharing::{Party, Sharing};

#[derive(Serialize)]
struct MergeV1<'m> {
    format: &'static str,
    /// The tenant's role; null where integrations were named.
    role: Option<RoleV1<'m>>,
    integrations: Vec<IntegrationV1<'m>>,
    /// What all of them need together.
    needs: Vec<NeedV1<'m>>,
    allow: Vec<AllowV1>,
    /// Whether everything that bears on it could be read.
    complete: bool,
}

#[derive(Serialize)]
struct RoleV1<'m> {
    id: i64,
    name: &'m str,
    admin: bool,
    people: Option<usize>,
    unaccounted_members: &'m [String],
    undeclared_features: &'m [String],
    /// Null where the role's settings could not be read.
    unneeded: Option<Vec<UnneededV1<'m>>>,
    unreadable: Option<String>,
}

#[derive(Serialize)]
struct UnneededV1<'m> {
    module: &'m str,
    function: &'m str,
    verb: &'static str,
    actual: &'m str,
    needed: Level,
    certain: bool,
}

#[derive(Serialize)]
struct IntegrationV1<'m> {
    id: &'m str,
    members: Vec<&'m str>,
    /// The rows of a role of its own.
    needs: Vec<LevelV1<'m>>,
    allow: Vec<AllowV1>,
    /// What nobody else here needs.
    only: Vec<OnlyV1<'m>>,
}

#[derive(Serialize)]
struct LevelV1<'m> {
    module: &'m str,
    function: &'m str,
    verb: &'static str,
    level: Level,
}

#[derive(Serialize)]
struct OnlyV1<'m> {
    #[serde(flatten)]
    level: LevelV1<'m>,
    others: Level,
}

#[derive(Serialize)]
struct NeedV1<'m> {
    #[serde(flatten)]
    level: LevelV1<'m>,
    by: Vec<ByV1>,
}

#[derive(Serialize)]
struct ByV1 {
    id: String,
    level: Level,
}

#[derive(Serialize)]
struct AllowV1 {
    module: String,
    function: String,
    entry: String,
    by: Vec<String>,
}

pub(super) fn write(
    sharing: &Sharing<'_>,
    shared: Option<&SharedRole>,
    catalog: &Catalog,
) -> Result<String, Error> {
    let parties = sharing.parties.iter();
    let needs = each(sharing, catalog).into_iter().map(|(target, verb, level)| NeedV1 {
        level,
        by: sharing.who(target, verb).map(|(party, level)| ByV1 { id: party.id.clone(), level }).collect(),
    });
    output::json(&MergeV1 {
        format: "leastwise-merge/1",
        role: shared.map(role),
        integrations: parties.map(|party| integration(party, sharing, shared, catalog)).collect(),
        needs: needs.collect(),
        allow: allow(sharing, catalog),
        complete: shared.is_none_or(|shared| !shared.is_partial()),
    })
}

fn role(shared: &SharedRole) -> RoleV1<'_> {
    let unneeded = shared.unneeded.as_ref().ok().map(|rows| {
        let rows = rows.iter().map(|row| UnneededV1 {
            module: &row.name.0,
            function: &row.name.1,
            verb: row.verb.as_str(),
            actual: &row.actual,
            needed: row.needed,
            certain: row.certain,
        });
        rows.collect()
    });
    RoleV1 {
        id: shared.id.0,
        name: &shared.name,
        admin: shared.is_admin,
        people: shared.people,
        unaccounted_members: &shared.unaccounted,
        undeclared_features: &shared.undeclared,
        unneeded,
        unreadable: shared.unneeded.as_ref().err().map(ToString::to_string),
    }
}

fn integration<'m>(
    party: &'m Party,
    sharing: &Sharing<'_>,
    shared: Option<&'m SharedRole>,
    catalog: &'m Catalog,
) -> IntegrationV1<'m> {
    let own = Sharing::of(vec![party.clone()], catalog);
    let members = shared.into_iter().flat_map(|shared| &shared.members);
    let only = sharing
        .only(party)
        .into_iter()
        .map(|one| OnlyV1 { level: level(one.target, one.verb, one.level, catalog), others: one.others });
    IntegrationV1 {
        id: &party.id,
        members: members.filter(|(id, _)| *id == party.id).map(|(_, member)| member.as_str()).collect(),
        needs: each(&own, catalog).into_iter().map(|(_, _, level)| level).collect(),
        allow: allow(&own, catalog),
        only: only.collect(),
    }
}

/// Every level above None that is needed.
fn each<'c>(sharing: &Sharing<'_>, catalog: &'c Catalog) -> Vec<(Target, Verb, LevelV1<'c>)> {
    let mut rows = Vec::new();
    for target in sharing.targets() {
        let union = sharing.union(target);
        for verb in Verb::ALL {
            let own = union[verb as usize];
            if own > Level::None {
                rows.push((target, verb, level(target, verb, own, catalog)));
            }
        }
    }
    rows
}

fn level(target: Target, verb: Verb, level: Level, catalog: &Catalog) -> LevelV1<'_> {
    LevelV1 {
        module: catalog.module_name(target.module(catalog)),
        function: target.function(catalog),
        verb: verb.as_str(),
        level,
    }
}

fn allow(sharing: &Sharing<'_>, catalog: &Catalog) -> Vec<AllowV1> {
    let mut rows = Vec::new();
    for target in sharing.targets() {
        let Target::Function(id) = target else { continue };
        // What some of them name is no list for those of whom no vendor says which entries they need.
        if !sharing.names_list(id) {
            continue;
        }
        for (entry, by) in sharing.tables(id) {
            rows.push(AllowV1 {
                module: catalog.module_name(target.module(catalog)).to_owned(),
                function: target.function(catalog).to_owned(),
                entry,
                by: by.into_iter().map(str::to_owned).collect(),
            });
        }
    }
    rows
}
