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
    /// For how many days evidence holds; the usual number where it is not said.
    pub evidence_days: Option<u32>,
    /// Keep the permission matrix of every role that an API member holds, for a report that draws them.
    pub matrices: bool,
}

impl Request {
    /// What was asked for by name; `None` where everything was.
    #[must_use]
    pub fn asked(&self) -> Option<Vec<String>> {
        let names = self.integrations.iter().chain(&self.role).chain(&self.member);
        self.is_limited().then(|| names.cloned().collect())
    }

    /// Whether only part of the tenant was asked for.
    #[must_use]
    pub const fn is_limited(&self) -> bool {
        !self.integrations.is_empty() || self.role.is_some() || self.member.is_some()
    }
}
