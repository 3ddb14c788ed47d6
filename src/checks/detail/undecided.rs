//! An integration of which nobody said what it is used for.

use serde::{Deserialize, Serialize};

/// An integration all of whose needs belong to features, none of which a binding names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undecided {
    /// The integration, for people.
    pub title: String,
    /// The features that its rule file knows.
    pub features: Vec<String>,
}
