//! What LW203 found: where a role should be for an integration, and is not.

use serde::{Deserialize, Serialize};

use crate::model::{Name, RoleId};

/// What was found about an integration's role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RoleNotFound {
    /// Only an integrator login bears the integration's name.
    LoginOnly,
    /// No role has one of these names, and no member serves the integration.
    NoneFound {
        /// The names that were looked for.
        names: Vec<String>,
    },
    /// The binding names a role that does not exist.
    Named {
        /// The name.
        name: Name,
    },
    /// No member serves the integration, and so no role does.
    NoMember,
    /// The member holds a role that the PSA does not list.
    NotListed {
        /// The role's id.
        role: RoleId,
    },
    /// The PSA does not say which role the member holds.
    NotSaid,
}
