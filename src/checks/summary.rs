//! A summary: what remains of a role's settings once the role was judged, since those of ten thousand roles
//! are too many to keep.

use std::collections::BTreeMap;

use crate::model::{Gap, Level, Power};

/// What remains of a role's settings.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many rows there are, or why none could be read.
    pub rows: Result<usize, Box<Gap>>,
    /// The powers that the role gives for certain, each with the highest level.
    pub powers: BTreeMap<Power, Level>,
    /// A hash of the settings, where reviews need one and they could be read.
    pub settings: Option<Box<str>>,
}

impl Summary {
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
