//! An integration whose vendor publishes no list of what it needs.

use serde::{Deserialize, Serialize};

use crate::rules::RuleFile;

/// An integration whose vendor asks for Admin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoList {
    /// The integration, for people.
    pub title: String,
    /// What the vendor says about that, in our words.
    pub says: Option<String>,
}

impl NoList {
    /// The words on an integration whose vendor asks for Admin; `None` for any other.
    pub(in crate::checks) fn of(rules: &RuleFile) -> Option<Self> {
        let asks = rules.asks_admin.as_ref()?;
        Some(Self { title: rules.title(), says: asks.says.clone() })
    }
}
