//! Power: how much a set of grants exposes, so that what removes most of it can come first.

use crate::audit::{Cell, Screen};
use crate::model::{Level, Severity};

/// How much one grant of this sensitivity weighs. Four of a kind are worth one of the next.
pub(super) const fn weight(sensitivity: Severity) -> usize {
    match sensitivity {
        Severity::Info => 0,
        Severity::Low => 1,
        Severity::Medium => 4,
        Severity::High => 16,
        Severity::Critical => 64,
    }
}

/// Some grants: how many, and what they weigh together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Power {
    pub(super) grants: usize,
    pub(super) weight: usize,
}

impl Power {
    /// The power of the cells of a screen that `counts`.
    pub(super) fn of(screen: &Screen, counts: impl Fn(&Cell) -> bool) -> Self {
        cells(screen).filter(|cell| counts(cell)).fold(Self::default(), |sum, cell| Self {
            grants: sum.grants + 1,
            weight: sum.weight + weight(cell.sensitivity),
        })
    }

    /// What a screen grants at all.
    pub(super) fn granted(screen: &Screen) -> Self {
        Self::of(screen, is_granted)
    }

    /// What a screen grants beyond need.
    pub(super) fn beyond_need(screen: &Screen) -> Self {
        Self::of(screen, Cell::is_beyond_need)
    }
}

/// Every verb of every function of a screen; none where its settings could not be read.
pub(super) fn cells(screen: &Screen) -> impl Iterator<Item = &Cell> {
    screen.lines.iter().flatten().flat_map(|line| &line.cells)
}

pub(super) fn is_granted(cell: &Cell) -> bool {
    cell.actual.as_ref().is_some_and(|actual| *actual > Level::None)
}
