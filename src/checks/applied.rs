//! A waiver with what it is worth on the day of the audit, and what it did.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::policy::{Acceptance, Waiver};

/// What a waiver is worth on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waives.
    Holds(Acceptance),
    /// It will waive, from this day on.
    NotYet(Date),
    /// It does not waive, for these reasons.
    Void(Vec<String>),
}

/// A waiver, and what it did.
#[derive(Clone, Debug)]
pub struct Applied<'w> {
    /// The waiver.
    pub waiver: &'w Waiver,
    /// What it is worth on the day of the audit.
    pub standing: Standing,
    /// How many findings it covers.
    pub findings: usize,
    /// Why it cannot be said whether it is still of use; `None` where it can.
    pub unsure: Option<Unsure>,
}

/// Why it is not known whether a waiver matches a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unsure {
    /// Only a part of what it may mean was judged.
    PartJudged,
    /// Not everything could be read.
    NotAllRead,
    /// What it may mean is counted rather than listed.
    Counted,
}

impl fmt::Display for Unsure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PartJudged => "only a part of what it may mean was judged",
            Self::NotAllRead => "not everything could be read",
            Self::Counted => "LW206 counts what it may mean; --all lists it",
        })
    }
}

impl Applied<'_> {
    /// What it gives to the findings that it covers, where it holds.
    #[must_use]
    pub const fn acceptance(&self) -> Option<&Acceptance> {
        match &self.standing {
            Standing::Holds(acceptance) => Some(acceptance),
            Standing::NotYet(_) | Standing::Void(_) => None,
        }
    }
}

/// What a waiver is for, in its own words: "LW102, role Umbrella, edit".
#[must_use]
pub fn describe(waiver: &Waiver) -> String {
    let mut parts = vec![waiver.check.clone()];
    parts.extend(waiver.integration.clone());
    parts.extend(waiver.role.as_ref().map(|role| format!("role {role}")));
    parts.extend(waiver.role_id.map(|id| format!("role {id}")));
    parts.extend(waiver.member.as_ref().map(|member| format!("member {member}")));
    parts.extend(waiver.member_id.map(|id| format!("member {id}")));
    parts.extend(waiver.login.as_ref().map(|login| format!("login {login}")));
    parts.extend(waiver.function.clone());
    parts.extend(waiver.verb.map(|verb| verb.to_string()));
    parts.extend(waiver.table.as_ref().map(|table| format!("table {table}")));
    parts.join(", ")
}
