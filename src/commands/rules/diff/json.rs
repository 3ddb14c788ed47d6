//! What vendors changed, for programs: `leastwise-rules-diff/1`.

use serde::Serialize;

use super::lacking::{Effects, State};
use crate::commands::output;
use crate::error::Error;
use crate::model::Level;
use crate::rules::{Catalog, ChangedFile, RuleChanges};

#[derive(Serialize)]
struct DiffV1<'d> {
    format: &'static str,
    added: Vec<&'d str>,
    removed: Vec<&'d str>,
    changed: Vec<ChangedV1<'d>>,
    /// What it means for the tenant; null where none was looked at.
    tenant: Option<TenantV1<'d>>,
}

#[derive(Serialize)]
struct ChangedV1<'d> {
    id: &'d str,
    read_before: String,
    read: String,
    needs: Vec<LevelV1<'d>>,
    allow: Vec<TableV1<'d>>,
}

#[derive(Serialize)]
struct LevelV1<'d> {
    feature: Option<&'d str>,
    module: &'d str,
    function: &'d str,
    verb: &'static str,
    before: Level,
    now: Level,
}

#[derive(Serialize)]
struct TableV1<'d> {
    feature: Option<&'d str>,
    module: &'d str,
    function: &'d str,
    entry: &'d str,
    /// `added` or `removed`.
    change: &'static str,
}

#[derive(Serialize)]
struct TenantV1<'d> {
    tenant: &'d str,
    effects: Vec<EffectV1<'d>>,
    not_here: &'d [String],
}

#[derive(Serialize)]
struct EffectV1<'d> {
    integration: &'d str,
    role: RoleV1<'d>,
    /// `Module / Function`.
    function: &'d str,
    verb: &'static str,
    before: Level,
    needed: Level,
    /// What the role has; null where it could not be told.
    actual: Option<Level>,
    /// `lacks`, `has`, `surplus` or `unknown`.
    state: &'static str,
    reason: Option<&'d str>,
}

#[derive(Serialize)]
struct RoleV1<'d> {
    id: i64,
    name: &'d str,
}

pub(super) fn write(
    changes: &RuleChanges<'_>,
    effects: Option<&Effects>,
    catalog: &Catalog,
) -> Result<String, Error> {
    output::json(&DiffV1 {
        format: "leastwise-rules-diff/1",
        added: changes.added.iter().map(|rules| rules.id.as_str()).collect(),
        removed: changes.removed.iter().map(|rules| rules.id.as_str()).collect(),
        changed: changes.changed.iter().map(|file| changed(file, catalog)).collect(),
        tenant: effects.map(tenant),
    })
}

fn changed<'d>(file: &'d ChangedFile<'_>, catalog: &'d Catalog) -> ChangedV1<'d> {
    let needs = file.levels.iter().map(|level| LevelV1 {
        feature: level.feature.as_deref(),
        module: catalog.module_name(level.target.module(catalog)),
        function: level.target.function(catalog),
        verb: level.verb.as_str(),
        before: level.before,
        now: level.now,
    });
    let allow = file.tables.iter().map(|table| TableV1 {
        feature: table.feature.as_deref(),
        module: catalog.module_name(table.target.module(catalog)),
        function: table.target.function(catalog),
        entry: &table.entry,
        change: if table.came { "added" } else { "removed" },
    });
    ChangedV1 {
        id: &file.new.id,
        read_before: file.old.read.to_string(),
        read: file.new.read.to_string(),
        needs: needs.collect(),
        allow: allow.collect(),
    }
}

fn tenant(effects: &Effects) -> TenantV1<'_> {
    let all = effects.all.iter().map(|effect| {
        let (state, actual, reason) = match &effect.state {
            State::Lacks(level) => ("lacks", Some(*level), None),
            State::Has(level) => ("has", Some(*level), None),
            State::Surplus(level) => ("surplus", Some(*level), None),
            State::Unknown(why) => ("unknown", None, Some(why.as_str())),
        };
        EffectV1 {
            integration: &effect.integration,
            role: RoleV1 { id: effect.role.0, name: &effect.role.1 },
            function: &effect.name,
            verb: effect.change.verb.as_str(),
            before: effect.change.before,
            needed: effect.change.now,
            actual,
            state,
            reason,
        }
    });
    TenantV1 { tenant: &effects.tenant, effects: all.collect(), not_here: &effects.not_here }
}
