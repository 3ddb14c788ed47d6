//! A summary: what remains of a role's settings once the role was heard, since those of ten thousand roles
//! are too many to keep.

use super::case::RoleCase;
use crate::access::Row;
use crate::model::{Gap, Level, Severity, Verb};
use crate::rules::{Catalog, FunctionId};

/// What remains of a role's settings.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many rows there are, or why none could be read.
    pub rows: Result<usize, Gap>,
    /// The functions on which something critical is granted, in the order of the screen.
    pub critical: Vec<String>,
}

impl Summary {
    /// What remains of this role's settings.
    #[must_use]
    pub fn of(role: &RoleCase<'_>, catalog: &Catalog) -> Self {
        Self {
            rows: role.settings.as_ref().map(|settings| settings.len()).map_err(Clone::clone),
            critical: critical_grants(role, catalog),
        }
    }
}

fn critical_grants(role: &RoleCase<'_>, catalog: &Catalog) -> Vec<String> {
    let Ok(rights) = role.rights() else {
        return Vec::new();
    };
    let is_critical = |(id, row): &(&FunctionId, &Row<'_>)| {
        let sensitivity = &catalog.function(**id).sensitivity;
        Verb::ALL.into_iter().any(|verb| {
            let mut grants = row.settings().iter().map(|setting| setting.grants.of(verb));
            sensitivity.of(verb) == Severity::Critical && grants.any(|grant| *grant > Level::None)
        })
    };
    rights.known.iter().filter(is_critical).map(|(&id, _)| catalog.full_name(id)).collect()
}
