//! The blast radius: who holds which role, and how far a stolen key of it reaches.

use std::collections::HashMap;

use super::board::{reason, telling};
use crate::access::{Granted, PowerRow};
use crate::audit::{Cell, Key, PermissionMatrix};
use crate::model::{Power, RoleId};
use crate::render::TenantReport;
use crate::term::text::{count, join_and};

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

/// More roles than this are printed only where somebody asks for it.
const MANY: usize = 20;

/// A role, who holds it, and how far it reaches.
pub(super) struct Reach<'r> {
    pub(super) screen: &'r PermissionMatrix,
    /// Permissions of every kind.
    granted: usize,
    /// Permissions above need.
    excess: usize,
    /// Verbs that the PSA offers.
    offered: usize,
    /// What a key of the role can do, in words.
    powers: Vec<String>,
    /// Whether a key of it can give itself all the rest.
    can_get_more: bool,
}

impl<'r> Blast<'r> {
    /// In the order of the keys, so that the most dangerous come first.
    pub(super) fn of(tenant: &'r TenantReport) -> Self {
        let mut keys: HashMap<RoleId, Vec<&Key>> = HashMap::new();
        for key in &tenant.keys {
            if let Some(role) = &key.role {
                keys.entry(role.id).or_default().push(key);
            }
        }
        let places = places(tenant);
        let mut screens: Vec<_> = tenant.matrices.iter().collect();
        screens.sort_by_key(|screen| {
            (places.get(&screen.role.id).copied().unwrap_or(usize::MAX), screen.role.id)
        });
        let own =
            |screen: &PermissionMatrix| keys.get(&screen.role.id).map(Vec::as_slice).unwrap_or_default();
        Self { roles: screens.into_iter().map(|screen| Reach::of(screen, own(screen))).collect() }
    }
}

impl Blast<'_> {
    pub(super) const fn is_long(&self) -> bool {
        self.roles.len() > MANY
    }
}

/// Where the first key of each role stands among the keys.
pub(super) fn places(tenant: &TenantReport) -> HashMap<RoleId, usize> {
    let mut places = HashMap::new();
    for (place, key) in tenant.keys.iter().enumerate() {
        if let Some(role) = &key.role {
            places.entry(role.id).or_insert(place);
        }
    }
    places
}

impl<'r> Reach<'r> {
    fn of(screen: &'r PermissionMatrix, keys: &[&Key]) -> Self {
        let is_offered =
            |cell: &&Cell| !matches!(cell.granted, Granted::NotOffered | Granted::NoLevel | Granted::NoRow);
        Self {
            screen,
            granted: cells(screen).filter(|cell| cell.is_given()).count(),
            excess: cells(screen).filter(|cell| cell.is_excess()).count(),
            offered: cells(screen).filter(is_offered).count(),
            powers: keys.first().map(|key| powers(key)).unwrap_or_default(),
            can_get_more: keys.iter().any(|key| can_get_more(key)),
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
        if self.screen.rows.is_err() {
            return "its settings could not be read".to_owned();
        }
        let mut parts = vec![format!("{} of {}", self.granted, count(self.offered, "permission"))];
        if self.excess > 0 {
            parts.push(format!("{} in excess", self.excess));
        }
        if self.can_get_more {
            parts.push("and it can give itself all the others".to_owned());
        }
        parts.join(", ")
    }

    /// What a key of the role can do.
    pub(super) fn in_words(&self) -> String {
        join_and(&self.powers)
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

    /// The bar: what is granted, how much of that is in excess, and what it can get, of a thousand.
    pub(super) fn bar(&self) -> Bar {
        let is_admin = self.screen.admin == Some(true);
        let part = |own: usize| (own * BAR).checked_div(self.offered).unwrap_or_default();
        Bar {
            full: BAR,
            granted: if is_admin { BAR } else { part(self.granted) },
            excess: part(self.excess),
            is_admin,
            is_hatched: self.can_get_more && !is_admin,
        }
    }
}

/// Every verb of every function of a screen; none where its settings could not be read.
pub(super) fn cells(screen: &PermissionMatrix) -> impl Iterator<Item = &Cell> {
    screen.rows.iter().flatten().flat_map(|line| &line.cells)
}

/// Whether somebody who has the key can give it every other permission: certain, awake or not.
fn can_get_more(key: &Key) -> bool {
    let mut rows = key.powers.iter().flatten();
    rows.any(|row| row.power == Power::TakeOver && !row.conditional && !row.inferred)
}

/// "can take over our PSA (excess)".
fn powers(key: &Key) -> Vec<String> {
    let rows = key.powers.as_deref().unwrap_or_default();
    let said = |row: &PowerRow| format!("{} ({})", row.power.board_words(), reason(row));
    Power::ALL.into_iter().flat_map(|power| telling(rows, power)).map(said).collect()
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
    pub(super) excess: usize,
    pub(super) is_admin: bool,
    pub(super) is_hatched: bool,
}
