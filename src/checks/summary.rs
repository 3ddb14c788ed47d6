//! A summary: what remains of a role's settings once the role was judged, since those of ten thousand roles
//! are too many to keep.

use std::collections::BTreeMap;

use super::case::RoleCase;
use crate::access::Granted;
use crate::evidence::settings_hash;
use crate::model::{Gap, Level, Power, Setting, Verb};
use crate::rules::{Catalog, GivenKind};

/// What remains of a role's settings.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many rows there are, or why none could be read.
    pub rows: Result<usize, Gap>,
    /// The powers that the role gives for certain, each with the highest level.
    pub powers: BTreeMap<Power, Level>,
    /// A hash of the settings, where reviews need one and they could be read.
    pub settings: Option<Box<str>>,
}

impl Summary {
    /// What remains of this role's settings.
    #[must_use]
    pub fn of(role: &RoleCase<'_>, catalog: &Catalog, hashed: bool) -> Self {
        let hash = |settings: &&[Setting]| settings_hash(settings).into_boxed_str();
        Self {
            settings: role.settings.as_ref().ok().filter(|_| hashed).map(hash),
            rows: role.settings.as_ref().map(|settings| settings.len()).map_err(Clone::clone),
            powers: powers(role, catalog),
        }
    }

    /// The dangerous powers among them.
    pub fn dangerous(&self) -> impl Iterator<Item = Power> {
        self.powers.keys().copied().filter(|power| power.is_dangerous())
    }

    /// Whether the role gives a dangerous power.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        self.dangerous().next().is_some()
    }
}

fn powers(role: &RoleCase<'_>, catalog: &Catalog) -> BTreeMap<Power, Level> {
    if role.is_admin() == Some(true) {
        return Power::ALL.into_iter().map(|power| (power, Level::All)).collect();
    }
    let mut powers = BTreeMap::new();
    let Ok(rights) = &role.rights else { return powers };
    for (&id, row) in &rights.known {
        for verb in Verb::ALL {
            let Some(level) = Granted::of(Some(row), verb).level().filter(|level| *level > Level::None)
            else {
                continue;
            };
            for given in catalog.powers_of(id, verb).iter().filter(|given| given.kind == GivenKind::Sure) {
                let highest = powers.entry(given.power).or_insert(level);
                *highest = level.max(*highest);
            }
        }
    }
    powers
}
