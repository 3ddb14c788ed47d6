//! What LW103 found: which tables that an integration needs are refused, as far as it is known.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::witness::Witness;
use super::remark::Remark;
use crate::model::FunctionRef;

/// What was found about the tables that an integration needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MissingTable {
    /// The rule file names no tables.
    NoTables,
    /// Every needed table that evidence decides is allowed.
    AllAllowed(Witness),
    /// The list refuses a table.
    Refused(Witness),
    /// The list could not be read.
    NotShown {
        /// The needed entries of each list.
        lists: Vec<List>,
        /// Why evidence does not settle it, where there is some.
        remark: Option<Remark>,
    },
}

/// Entries of one function's customise list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The function whose list it is.
    pub function: Arc<FunctionRef>,
    /// Its entries that are needed, as `Category / Table`.
    pub entries: Vec<String>,
}
