//! What was asked on the command line.

use crate::evidence::Evidence;

/// What was asked on the command line.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Ids of rule files; empty means everything that is found.
    pub integrations: Vec<String>,
    /// A role's name or id, instead of what bindings and names say.
    pub role: Option<String>,
    /// A member's identifier, name or id, instead of what bindings and names say.
    pub member: Option<String>,
    /// List every excess, however wide the role.
    pub all: bool,
    /// What members' own keys saw.
    pub evidence: Vec<Evidence>,
    /// Keep the screen of every role that an API member holds, for a report that draws them.
    pub screens: bool,
}

impl Request {
    /// Whether only part of the tenant was asked for.
    #[must_use]
    pub const fn is_limited(&self) -> bool {
        !self.integrations.is_empty() || self.role.is_some() || self.member.is_some()
    }
}
