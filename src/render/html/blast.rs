//! The blast radius: who holds which role, and how far a stolen key of it reaches.

use std::cmp::Reverse;

use super::power::{Power, cells, is_granted};
use crate::audit::{Cell, Screen};
use crate::model::{Grant, Severity};
use crate::render::TenantReport;
use crate::term::text::count;

/// The height of one API member's line in the drawing, and the drawing's width.
const STEP: usize = 24;
const WIDTH: usize = 100;

/// What a member's line takes in the list beside the drawing, in tenths of a letter's height.
const LINE: usize = 15;

/// The length of a full bar.
const BAR: usize = 1000;

pub(super) struct Blast<'r> {
    pub(super) roles: Vec<Reach<'r>>,
}

/// A role, who holds it, and how far it reaches.
pub(super) struct Reach<'r> {
    pub(super) screen: &'r Screen,
    /// Grants of every kind.
    pub(super) granted: usize,
    /// Grants that expose most.
    pub(super) critical: usize,
    /// Grants beyond need.
    pub(super) beyond: usize,
    /// Verbs that the PSA offers.
    offered: usize,
    weight: usize,
}

impl<'r> Blast<'r> {
    pub(super) fn of(tenant: &'r TenantReport) -> Self {
        let mut roles: Vec<_> = tenant.screens.iter().map(Reach::of).collect();
        roles.sort_by_key(|reach| (Reverse((reach.screen.admin, reach.weight)), reach.screen.role.id));
        Self { roles }
    }
}

impl<'r> Reach<'r> {
    fn of(screen: &'r Screen) -> Self {
        let granted = Power::granted(screen);
        let is_offered = |cell: &&Cell| !matches!(cell.actual, Some(Grant::NotOffered | Grant::Absent));
        Self {
            screen,
            granted: granted.grants,
            critical: Power::of(screen, |cell| is_granted(cell) && cell.sensitivity == Severity::Critical)
                .grants,
            beyond: Power::beyond_need(screen).grants,
            offered: cells(screen).filter(is_offered).count(),
            weight: granted.weight,
        }
    }

    /// Whether people, or several API members, depend on the same role.
    pub(super) fn is_shared(&self) -> bool {
        self.screen.people.is_some_and(|people| people > 0) || self.screen.holders.len() > 1
    }

    pub(super) fn people(&self) -> String {
        match self.screen.people {
            None => "people: could not be read".to_owned(),
            Some(0) => "no person".to_owned(),
            Some(people) => count(people, "person"),
        }
    }

    /// What the drawing says, for people who do not see it.
    pub(super) fn sentence(&self) -> String {
        if self.screen.admin == Some(true) {
            return "admin: everything, whatever its screen says".to_owned();
        }
        if self.screen.lines.is_err() {
            return "its settings could not be read".to_owned();
        }
        let mut text = format!("{} of {} grants", self.granted, self.offered);
        if self.critical > 0 {
            text.push_str(&format!(", {} of them critical", self.critical));
        }
        text
    }

    /// One line for each holder that runs into the role: where it starts, and where all end.
    pub(super) fn fan(&self) -> Fan {
        let holders = self.screen.holders.len().max(1);
        let height = holders * STEP;
        Fan {
            width: WIDTH,
            height,
            rem: format!("{}.{}", holders * LINE / 10, holders * LINE % 10),
            starts: (0..holders).map(|i| i * STEP + STEP / 2).collect(),
            end: height / 2,
        }
    }

    /// The bar: what is granted, and how much of that is beyond need, of a thousand.
    pub(super) fn bar(&self) -> Bar {
        let is_admin = self.screen.admin == Some(true);
        let part = |grants: usize| (grants * BAR).checked_div(self.offered).unwrap_or_default();
        Bar {
            full: BAR,
            granted: if is_admin { BAR } else { part(self.granted) },
            beyond: part(self.beyond),
            is_admin,
        }
    }
}

pub(super) struct Fan {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The height beside the list of members, whatever the size of letters.
    pub(super) rem: String,
    pub(super) starts: Vec<usize>,
    pub(super) end: usize,
}

pub(super) struct Bar {
    pub(super) full: usize,
    pub(super) granted: usize,
    pub(super) beyond: usize,
    pub(super) is_admin: bool,
}
