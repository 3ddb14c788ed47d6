//! The ways by which a key gets more than its role says: the dangerous powers that the catalog knows.

use super::reach::Reach;
use crate::model::{Level, Power, Verb};
use crate::rules::{Catalog, GivenKind, GivenPower};

/// One way to more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raise {
    /// `Module / Function`.
    pub function: String,
    /// The verbs that open it, with their levels.
    pub verbs: Vec<(Verb, Level)>,
    /// Which power it is.
    pub power: Power,
    /// How surely the verbs open it.
    pub kind: GivenKind,
    /// What can be done with it.
    pub how: String,
    /// What to look at afterwards, where there is something to see.
    pub check: Option<String>,
}

impl Raise {
    /// Whether it counts: what nobody has shown is said, and no more.
    #[must_use]
    pub(crate) fn counts(&self) -> bool {
        self.kind != GivenKind::Inferred
    }
}

/// The ways that these grants open, those that count first, in the order of danger.
pub(super) fn ways(reach: &[Reach], catalog: &Catalog) -> Vec<Raise> {
    let mut ways: Vec<Raise> = Vec::new();
    for row in reach {
        let Some(id) = row.id else { continue };
        for verb in Verb::ALL {
            let Some(level) = row.level(verb).filter(|level| *level > Level::None) else { continue };
            let dangerous = catalog.powers_of(id, verb).iter().filter(|given| given.power.is_dangerous());
            for given in dangerous {
                let function = catalog.full_name(id);
                match ways.iter_mut().find(|way| way.function == function && is_same(way, given)) {
                    Some(way) => way.verbs.push((verb, level)),
                    None => ways.push(way(function, given, (verb, level))),
                }
            }
        }
    }
    ways.sort_by_key(|way| (!way.counts(), way.power));
    ways
}

fn is_same(way: &Raise, given: &GivenPower) -> bool {
    way.power == given.power && way.kind == given.kind && way.how == given.why
}

fn way(function: String, given: &GivenPower, verb: (Verb, Level)) -> Raise {
    Raise {
        function,
        verbs: vec![verb],
        power: given.power,
        kind: given.kind.clone(),
        how: given.why.clone(),
        check: given.look.clone(),
    }
}
