//! What LW102 found: what a role gives beyond what is needed, of one verb of one function or of all.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::access::{Doubt, Granted};
use crate::model::{Level, Power, Severity};

/// What was found about one verb of one function, or about all of a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExcessivePermission {
    /// The level is above what is needed.
    Excess {
        /// What the role gives.
        granted: Level,
        /// What is needed.
        required: Level,
        /// Why it may be needed all the same.
        doubt: Option<Arc<Doubt>>,
        /// The powers that it gives, inferred ones left out.
        powers: Box<[Power]>,
    },
    /// What the role says was not understood; or the verb is not offered.
    NotUnderstood {
        /// What the role says.
        granted: Granted,
    },
    /// The catalog does not know the row, and it may be a needed one under another name.
    MayBeNeeded {
        /// What the role gives.
        granted: Level,
    },
    /// No integration with a rule file is bound to the role.
    NoIntegration,
    /// Listed by nothing but the count of LW206.
    Folded {
        /// How many there are.
        number: usize,
    },
    /// Of the whole role no level was understood.
    NothingCompared,
}

impl ExcessivePermission {
    /// The powers that the permission gives.
    #[must_use]
    pub fn powers(&self) -> &[Power] {
        match self {
            Self::Excess { powers, .. } => powers,
            _ => &[],
        }
    }

    /// Whether it is listed by itself even where a role is so wide that excess is counted only.
    #[must_use]
    pub fn is_listed_in_wide_role(&self, severity: Severity) -> bool {
        severity == Severity::Critical || self.powers().iter().any(|power| power.is_dangerous())
    }
}
