//! What LW301 found: where a member should be for an integration, and is not.

use serde::{Deserialize, Serialize};

/// What was found about an integration's member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MemberNotFound {
    /// Only an integrator login bears the integration's name.
    LoginOnly,
    /// A binding names members that do not exist.
    Named {
        /// Their names.
        names: Vec<String>,
    },
    /// A binding names a role that no member holds.
    BoundRole,
    /// A role bears the integration's name, and no API member holds it.
    RoleOnly,
    /// Nothing was found.
    NoneFound,
}
