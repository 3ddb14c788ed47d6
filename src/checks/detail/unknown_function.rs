//! What LW105 found: a function that the catalog does not know, and what is near to it.

use serde::{Deserialize, Serialize};

/// A function that the catalog does not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownFunction {
    /// The nearest that it knows, where one is near.
    pub near: Option<String>,
}
