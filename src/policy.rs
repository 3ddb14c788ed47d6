//! The policy: what a tenant's owner decided in `leastwise.toml` about bindings, checks and waivers.

mod place;
pub mod review;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{CheckId, Severity, Verb};
pub use place::Place;
use review::Reviews;

/// What was decided for one tenant.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Which member serves which integration.
    pub bindings: Vec<DeclaredBinding>,
    /// Changes to checks, by id.
    pub checks: BTreeMap<CheckId, CheckOverride>,
    /// Findings that somebody accepted.
    pub waivers: Vec<Waiver>,
    /// What people decided about keys.
    pub reviews: Reviews,
    /// Whether the config has other tenants too, whose findings a waiver may mean.
    pub fleet: bool,
}

impl Policy {
    /// Whether a check was switched off, or was never asked for.
    #[must_use]
    pub fn is_off(&self, check: CheckId) -> bool {
        let is_unasked = match check {
            CheckId::ReviewOverdue => !self.reviews.required,
            CheckId::StandingOutflow => self.severity(check).is_none(),
            _ => false,
        };
        is_unasked || self.checks.get(&check).is_some_and(|over| over.off)
    }

    /// The severity that was decided for a check, if one was.
    #[must_use]
    pub fn severity(&self, check: CheckId) -> Option<Severity> {
        self.checks.get(&check).and_then(|over| over.severity)
    }

    /// The days that were decided for a check that counts days, if any were.
    #[must_use]
    pub fn days(&self, check: CheckId) -> Option<u32> {
        self.checks.get(&check).and_then(|over| over.days)
    }
}

/// `[[tenant.NAME.integration]]`: which member and role serve an integration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredBinding {
    /// The rule file's id.
    pub rules: String,
    /// The API member's identifier, name or id.
    pub member: Option<String>,
    /// The role's name or id.
    pub role: Option<String>,
    /// Features of the rule file that are in use.
    pub features: Vec<String>,
    /// The last day of set-up; afterwards what only set-up needs is excess.
    pub setup_until: Option<Date>,
    /// Whose it is.
    pub ownership: Ownership,
    /// Where it stands, for reports that point to it.
    pub place: Option<Arc<Place>>,
}

/// Whose a key is and what for: what no API shows, and only what was written down counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The day on which its key was made.
    pub key_made: Option<Date>,
}

/// `[checks.ID]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckOverride {
    /// `severity = "off"`: not run, and what only it needs is not read.
    pub off: bool,
    /// Another severity for all its findings.
    pub severity: Option<Severity>,
    /// `days`, for a check that counts days.
    pub days: Option<u32>,
}

/// `[[waiver]]`: a finding that somebody accepted, until a day.
///
/// What is missing or unreadable stays `None` here: a waiver with a gap does not waive, and says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiver {
    /// The check's id.
    pub check: String,
    /// Only this tenant, by its name in the config.
    pub tenant: Option<String>,
    /// Only this integration.
    pub integration: Option<String>,
    /// Only this role, by name.
    pub role: Option<String>,
    /// Only this role, by id.
    pub role_id: Option<i64>,
    /// Only this member, by identifier.
    pub member: Option<String>,
    /// Only this member, by id.
    pub member_id: Option<i64>,
    /// Only this integrator login, by user name.
    pub login: Option<String>,
    /// Only this function, as `Module / Function`.
    pub function: Option<String>,
    /// Only this verb.
    pub verb: Option<Verb>,
    /// Only this table.
    pub table: Option<String>,
    /// Why it is accepted.
    pub reason: Option<String>,
    /// Who accepted it.
    pub owner: Option<String>,
    /// The day from which it holds.
    pub since: Option<Date>,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// What is wrong with it, found while reading the file.
    pub faults: Vec<String>,
    /// Where it stands.
    pub place: Option<Arc<Place>>,
}

/// What makes a finding a waived one: who accepted it, why, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Why.
    pub reason: String,
    /// Who.
    pub owner: String,
    /// The day from which it holds.
    pub since: Date,
    /// The last day on which it holds.
    pub expires: Date,
    /// Whole days from `since` to the day of the audit.
    pub age_days: i32,
}
