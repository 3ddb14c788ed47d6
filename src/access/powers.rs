//! The powers that a role gives to a key, split by whether the key's integration asks for them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::granted::Granted;
use super::requirements::Requirements;
use super::rights::Rights;
use crate::model::{Level, Power, Verb};
use crate::rules::{Catalog, FunctionId, GivenKind};

/// Why a key has a power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Its integration's list of needs gives it.
    Asked,
    /// Nothing that is needed gives it.
    Excess,
    /// Somebody accepted every permission that gives it, or a review the key as it is.
    Accepted,
}

/// A power of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PowerRow {
    /// Which.
    pub power: Power,
    /// Why the key has it.
    pub by: By,
    /// Over all records, or over the member's own.
    pub level: Reach,
    /// The member is inactive, so that its keys do nothing until somebody activates it.
    pub dormant: bool,
    /// Unless a customise list, which the API does not show, takes it away.
    pub conditional: bool,
    /// Nobody showed it: said, never counted.
    pub inferred: bool,
}

/// How far a power reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// The member's own records.
    Own,
    /// Every record.
    All,
}

impl PowerRow {
    /// Whether it counts: a power that is certain and awake.
    #[must_use]
    pub const fn counts(&self) -> bool {
        !self.dormant && !self.conditional && !self.inferred
    }

    /// Whether it counts and is dangerous.
    #[must_use]
    pub const fn is_dangerous(&self) -> bool {
        self.counts() && self.power.is_dangerous()
    }
}

/// What a person decided about the tables behind a permission, or what a key saw of them.
pub type Tables<'a> = dyn Fn(FunctionId, &str) -> Option<bool> + 'a;

/// What decides which powers a key has, beside its role.
pub struct Lens<'a> {
    /// What is known.
    pub catalog: &'a Catalog,
    /// What the key's integration needs; `None` for a key that nobody accounts for.
    pub needs: Option<&'a Requirements>,
    /// Whether somebody accepted a permission in excess.
    pub is_waived: &'a dyn Fn(FunctionId, Verb) -> bool,
    /// Whether a table's entry is allowed, where evidence says so.
    pub allows: &'a Tables<'a>,
}

/// A way to a power.
#[derive(Clone, Copy)]
struct Way {
    certainty: Certainty,
    level: Level,
    is_waived: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Inferred,
    Conditional,
    Sure,
}

impl Lens<'_> {
    /// The powers of a key whose role gives these permissions.
    #[must_use]
    pub fn of_role(&self, rights: &Rights<'_>) -> Vec<PowerRow> {
        let mut ways: BTreeMap<(Power, bool), Vec<Way>> = BTreeMap::new();
        for (&id, row) in &rights.known {
            for verb in Verb::ALL {
                let Granted::Level(granted) = Granted::of(Some(row), verb) else { continue };
                self.add(&mut ways, id, verb, granted);
            }
        }
        rows(ways)
    }

    /// The powers of a key whose role has everything.
    #[must_use]
    pub fn of_admin(&self, is_waived: bool) -> Vec<PowerRow> {
        let mut ways: BTreeMap<(Power, bool), Vec<Way>> = BTreeMap::new();
        for (id, _) in self.catalog.functions() {
            for verb in Verb::ALL {
                let needed = self.needed(id, verb);
                if needed > Level::None {
                    self.add(&mut ways, id, verb, needed);
                }
            }
        }
        for power in Power::ALL {
            let way = Way { certainty: Certainty::Sure, level: Level::All, is_waived };
            ways.insert((power, false), vec![way]);
        }
        rows(ways)
    }

    fn needed(&self, id: FunctionId, verb: Verb) -> Level {
        let module = self.catalog.function(id).module;
        self.needs.map_or(Level::None, |needs| needs.level(id, module, verb))
    }

    /// What one permission gives: as far as it is needed, and beyond.
    fn add(&self, ways: &mut BTreeMap<(Power, bool), Vec<Way>>, id: FunctionId, verb: Verb, granted: Level) {
        let needed = self.needed(id, verb);
        for given in self.catalog.powers_of(id, verb) {
            let Some(certainty) = self.certainty(id, &given.kind) else { continue };
            if needed.min(granted) > Level::None {
                let asked = Way { certainty, level: needed.min(granted), is_waived: false };
                ways.entry((given.power, true)).or_default().push(asked);
            }
            if granted > needed {
                let excess = Way { certainty, level: granted, is_waived: (self.is_waived)(id, verb) };
                ways.entry((given.power, false)).or_default().push(excess);
            }
        }
    }

    /// `None` where evidence shows that every table behind it is refused.
    fn certainty(&self, id: FunctionId, kind: &GivenKind) -> Option<Certainty> {
        match kind {
            GivenKind::Sure => Some(Certainty::Sure),
            GivenKind::Inferred => Some(Certainty::Inferred),
            GivenKind::Conditional { tables } => {
                let allowed: Vec<_> = tables.iter().map(|table| (self.allows)(id, table)).collect();
                if allowed.contains(&Some(true)) {
                    Some(Certainty::Sure)
                } else if allowed.iter().all(|allowed| *allowed == Some(false)) {
                    None
                } else {
                    Some(Certainty::Conditional)
                }
            }
        }
    }
}

/// One row for each power and why: accepted only where every permission that gives it is.
fn rows(ways: BTreeMap<(Power, bool), Vec<Way>>) -> Vec<PowerRow> {
    let row = |((power, is_asked), ways): ((Power, bool), Vec<Way>)| {
        let open: Vec<_> = ways.iter().filter(|way| !way.is_waived).copied().collect();
        let by = match (is_asked, open.is_empty()) {
            (true, _) => By::Asked,
            (false, true) => By::Accepted,
            (false, false) => By::Excess,
        };
        let telling = if open.is_empty() { ways } else { open };
        let certainty = telling.iter().map(|way| way.certainty).max()?;
        let level = telling.iter().filter(|way| way.certainty == certainty).map(|way| way.level).max()?;
        Some(PowerRow {
            power,
            by,
            level: if level == Level::All { Reach::All } else { Reach::Own },
            dormant: false,
            conditional: certainty == Certainty::Conditional,
            inferred: certainty == Certainty::Inferred,
        })
    };
    let mut rows: Vec<_> = ways.into_iter().filter_map(row).collect();
    rows.sort_by_key(|row| (row.power, row.by));
    rows
}
