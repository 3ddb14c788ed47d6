//! The plan: what to do about every open finding, in an order that breaks nothing.
//!
//! The law that it keeps (held by `tests/it/generated/plan.rs`): any subset of its steps, in any order, stops no
//! integration that works; nothing is taken away where somebody may need it; no key gains a dangerous power
//! unasked; what it cannot settle is left by name.

mod build;
mod disable;
mod keys;
mod left;
mod open;
mod restore;
mod separate;
mod tidy;
mod words;

use std::collections::HashSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checks::{Finding, Fingerprint};
use crate::model::{FunctionRef, IntegrationRef, Level, LoginRef, MemberRef, RoleRef, Verb};

pub(super) use build::of;
pub use left::{Left, Reason};

/// What to do, and what is left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What no step settles, and why.
    pub left: Vec<Left>,
}

/// What a step does. The order is that of the plan: by what it can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Gives back what is missing; takes nothing away.
    Restore,
    /// Switches off a key that nobody owns, or a login that keys have replaced.
    Disable,
    /// Takes away dangerous excess.
    Cut,
    /// Gives an integration a role of its own.
    Separate,
    /// Takes away the rest of the excess of a role.
    Remove,
    /// Tidies up.
    Tidy,
    /// Proves that it was done.
    Prove,
}

impl Kind {
    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::Disable => "disable",
            Self::Cut => "cut",
            Self::Separate => "separate",
            Self::Remove => "remove",
            Self::Tidy => "tidy",
            Self::Prove => "prove",
        }
    }
}

/// What a step can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing.
    None,
    /// Something, and one click brings it back.
    Reversible,
    /// An integration, so test it.
    MayBreak,
}

impl Risk {
    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reversible => "reversible",
            Self::MayBreak => "may-break",
        }
    }
}

/// A level to set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LevelChange {
    /// The function.
    pub function: Arc<FunctionRef>,
    /// The verb.
    pub verb: Verb,
    /// What the role gives now; of a new role, None.
    pub from: Level,
    /// What to set.
    pub to: Level,
}

/// What exactly a step is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// Levels that are missing.
    Levels,
    /// Entries of customise lists that are refused: function and entry.
    Tables(Vec<(Arc<FunctionRef>, String)>),
    /// An expected integration has no member, or no role.
    SetUp,
    /// A key that nothing accounts for, and for how many days it was not used, where that is shown.
    Unowned {
        /// Whole days since its last use.
        unused_days: Option<u32>,
        /// How many are allowed.
        limit: u32,
        /// Whether it has a dangerous power.
        dangerous: bool,
    },
    /// A user name and password that keys have replaced.
    Login {
        /// A key of the same integration is shown in use.
        replaced: bool,
    },
    /// Dangerous excess.
    Dangerous,
    /// A role of its own.
    OwnRole {
        /// What to call it.
        name: String,
        /// What is wrong with the role that it holds.
        from: Old,
    },
    /// The rest of a role's excess; with what its sources leave open.
    Excess {
        /// The doubts, each once.
        doubts: Vec<String>,
    },
    /// Whether a key is still wanted.
    StillWanted {
        /// Why that is asked.
        why: Vec<Wanted>,
    },
    /// A role that serves nobody active.
    IdleRole {
        /// Its inactive members of whom another step asks whether they are still wanted: with them it would be.
        asked: Vec<Arc<MemberRef>>,
    },
    /// Inactive keys on an admin role.
    InactiveKeys,
    /// Entries of customise lists that nothing needs.
    SpareTables(Vec<(Arc<FunctionRef>, String)>),
    /// What a check found, many times: its summary, and what to do about each.
    Others {
        /// The check's summary.
        summary: String,
        /// What to do, each once.
        fixes: Vec<String>,
    },
    /// A new snapshot, a comparison, a review.
    Proof,
}

/// What is wrong with the role that a key is moved away from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Old {
    /// It has everything.
    Admin,
    /// Much of it is in excess.
    Wide,
    /// It serves others too.
    Shared,
}

/// Why it is asked whether a key is still wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Wanted {
    /// Its member is inactive.
    MemberInactive,
    /// Its role is inactive.
    RoleInactive,
    /// Another member serves the same integration.
    Duplicate,
    /// It was not used for a long time.
    Unused,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its number, from 1.
    pub number: usize,
    /// What it does.
    pub kind: Kind,
    /// What exactly it is about.
    pub what: What,
    /// The integration that it is for; `None` where it is for several or none.
    pub integration: Option<Arc<IntegrationRef>>,
    /// The member that it is about.
    pub member: Option<Arc<MemberRef>>,
    /// The integrator login that it is about.
    pub login: Option<Arc<LoginRef>>,
    /// The role that it is about; of a new role, the one that the member holds now.
    pub role: Option<Arc<RoleRef>>,
    /// Levels to set, in screen order.
    pub levels: Vec<LevelChange>,
    /// Entries that the customise lists of a new role have to allow, by function.
    pub tables: Vec<(Arc<FunctionRef>, Vec<String>)>,
    /// Whether a person has to decide first.
    pub decision: bool,
    /// Who else holds the role.
    pub affects: Vec<Arc<MemberRef>>,
    /// How to see that the integrations still work, where their vendors say so.
    pub tests: Vec<String>,
    /// The findings that it closes.
    pub findings: Vec<Fingerprint>,
    /// Whether a source leaves something open about it, so that it comes last of its kind.
    pub doubt: bool,
}

impl Step {
    /// What to call the role that the step makes.
    #[must_use]
    pub fn new_role(&self) -> Option<&str> {
        match &self.what {
            What::OwnRole { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl Plan {
    /// Forgets findings that are no longer listed.
    pub fn keep_only(&mut self, results: &[Finding]) {
        let listed: HashSet<_> = results.iter().map(|finding| finding.fingerprint).collect();
        let steps = self.steps.iter_mut().map(|step| &mut step.findings);
        for findings in steps.chain(self.left.iter_mut().map(|left| &mut left.findings)) {
            findings.retain(|fingerprint| listed.contains(fingerprint));
        }
    }
}
