//! What a key reaches: every function of which its role grants something, the worst first.

use std::sync::Arc;

use crate::access::{Rights, Row};
use crate::model::{DatasetName, FunctionRef, Gap, GapCause, Grant, Level, Role, Severity, Tenant, Verb};
use crate::rules::{Catalog, FunctionId};

/// What a key reaches of one function.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// The function.
    pub function: Arc<FunctionRef>,
    /// Its place in the catalog; `None` where the catalog does not know it.
    pub id: Option<FunctionId>,
    /// The level of each verb; `None` where it was not understood, which may be anything.
    pub levels: [Option<Level>; 4],
    /// The worst of what is granted.
    pub severity: Severity,
    /// In plain words, where the catalog has them.
    pub exposes: Option<String>,
}

impl Reach {
    /// The level of a verb, where it was understood.
    #[must_use]
    pub(crate) fn level(&self, verb: Verb) -> Option<Level> {
        self.levels[verb as usize]
    }

    /// Whether a verb is granted at any level.
    #[must_use]
    pub(crate) fn allows(&self, verb: Verb) -> bool {
        self.level(verb).is_some_and(|level| level > Level::None)
    }

    fn of(
        function: Arc<FunctionRef>,
        id: Option<FunctionId>,
        levels: [Option<Level>; 4],
        catalog: &Catalog,
    ) -> Option<Self> {
        let granted = Verb::ALL.into_iter().filter(|&verb| levels[verb as usize] != Some(Level::None));
        let known = id.map(|id| catalog.function(id));
        let rate = |verb| known.map_or(Severity::Medium, |known| known.sensitivity.of(verb));
        let severity = granted.map(rate).max()?;
        let exposes = known.and_then(|known| known.exposes.clone());
        Some(Self { function, id, levels, severity, exposes })
    }
}

/// What a role grants; or why that could not be read.
pub(super) fn reach(
    role: Option<&Role>,
    is_admin: bool,
    tenant: &Tenant,
    catalog: &Catalog,
) -> Result<Vec<Reach>, Gap> {
    let mut all: Vec<Reach> = if is_admin {
        // Whether an admin role's own rows all read All is not established; it has everything.
        let everything = catalog
            .functions()
            .filter_map(|(id, _)| Reach::of(catalog.reference(id), Some(id), [Some(Level::All); 4], catalog));
        everything.collect()
    } else {
        let Some(role) = role else {
            return Err(Gap::new(DatasetName::Roles, GapCause::NoRole));
        };
        granted(&Rights::new(tenant.settings_of(role.id)?, catalog), catalog)
    };
    all.sort_by_key(|reach| (std::cmp::Reverse(reach.severity), reach.id.is_none(), reach.id));
    Ok(all)
}

fn granted(rights: &Rights<'_>, catalog: &Catalog) -> Vec<Reach> {
    let known = rights.known.iter().filter_map(|(&id, row)| {
        Reach::of(catalog.reference(id), Some(id), Verb::ALL.map(|verb| highest(row, verb)), catalog)
    });
    let unknown = rights
        .unknown
        .values()
        .filter_map(|row| Reach::of(row.function(), None, Verb::ALL.map(|verb| highest(row, verb)), catalog));
    known.chain(unknown).collect()
}

/// Of rows that disagree the higher level, since nobody knows which one holds.
fn highest(row: &Row<'_>, verb: Verb) -> Option<Level> {
    let levels: Option<Vec<_>> =
        row.settings().iter().map(|setting| level(setting.grants.of(verb))).collect();
    levels?.into_iter().max()
}

fn level(grant: &Grant) -> Option<Level> {
    match grant {
        Grant::NotOffered => Some(Level::None),
        other => other.level(),
    }
}
