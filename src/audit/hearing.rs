//! A hearing: the roles that are judged, each brought before the checks by itself, so that no more than
//! one role's settings need be at hand.

use std::collections::BTreeMap;

use super::{Court, Screen};
use crate::checks::{Case, Check, Outcome, RoleCase, Summary};
use crate::model::{Gap, RoleId, Setting};

/// Where roles are brought one by one, by as many threads as like.
#[derive(Clone, Copy, Debug)]
pub struct Hearing<'h> {
    case: &'h Case<'h>,
    checks: &'h [&'static Check],
    screens: bool,
}

/// What came of one role.
#[derive(Debug)]
pub struct Heard {
    pub(super) role: RoleId,
    outcomes: Vec<Outcome>,
    screen: Option<Screen>,
    summary: Summary,
}

impl<'h> Hearing<'h> {
    pub(super) const fn new(case: &'h Case<'h>, checks: &'h [&'static Check], screens: bool) -> Self {
        Self { case, checks, screens }
    }

    /// The roles that are judged, in order of id.
    #[must_use]
    pub const fn roles(&self) -> &'h [RoleId] {
        self.case.roles
    }

    /// Whether this role is judged.
    #[must_use]
    pub fn is_about(&self, role: RoleId) -> bool {
        self.case.roles.binary_search(&role).is_ok()
    }

    /// Applies every check that is about one role; `None` where the tenant has no such role.
    #[must_use]
    pub fn hear(&self, role: RoleId, settings: Result<&[Setting], Gap>) -> Option<Heard> {
        let own = self.case.tenant.role(role)?;
        let own = RoleCase::new(self.case, own, settings);
        let mut court = Court { case: self.case, outcomes: Vec::new() };
        court.apply_to_role(&own, self.checks);
        Some(Heard {
            role,
            outcomes: court.outcomes,
            screen: if self.screens { Screen::of(self.case, &own) } else { None },
            summary: Summary::of(&own, self.case.catalog()),
        })
    }
}

/// What came of all roles.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) screens: Vec<Screen>,
    pub(super) summaries: BTreeMap<RoleId, Summary>,
}

impl Record {
    pub(super) fn of(heard: Vec<Heard>) -> Self {
        let mut record = Self::default();
        // Of ten thousand roles this is most of the memory, and not to be copied as it grows.
        record.outcomes.reserve(heard.iter().map(|own| own.outcomes.len()).sum());
        for own in heard {
            record.outcomes.extend(own.outcomes);
            record.screens.extend(own.screen);
            record.summaries.insert(own.role, own.summary);
        }
        record
    }
}
