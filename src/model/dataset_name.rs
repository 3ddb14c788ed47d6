//! The names of the collections that leastwise reads, and what is said of each.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The collections that leastwise reads from a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DatasetName {
    /// `/system/securityroles`.
    Roles,
    /// `/system/securityRoles/{id}/settings`, for each role that is looked at.
    Settings,
    /// `/system/apiMembers`.
    ApiMembers,
    /// `/system/members`: people and API members, without names.
    Members,
    /// `/system/members` for API members only: last use and restrictions.
    MemberUse,
    /// `/system/myMembers`: the member whose key leastwise holds.
    OwnMember,
    /// `/system/integratorlogins`.
    IntegratorLogins,
    /// `/system/callbacks`, where a check asks for them.
    Callbacks,
}

/// What is said of a dataset.
struct Facts {
    /// The word that files and reports use.
    word: &'static str,
    /// The right in the PSA that opens it. Inferred from the vendors' pages, not documented.
    right: &'static str,
    /// What one row of it is, for people.
    noun: &'static str,
}

/// The right that opens the lists of members.
const MEMBERS: &str = "System / Member Maintenance, Inquire = All";

impl DatasetName {
    /// All of them, in the order of a snapshot's coverage.
    pub const ALL: [Self; 8] = [
        Self::Roles,
        Self::Settings,
        Self::ApiMembers,
        Self::Members,
        Self::MemberUse,
        Self::OwnMember,
        Self::IntegratorLogins,
        Self::Callbacks,
    ];

    const fn facts(self) -> Facts {
        let (word, right, noun) = match self {
            Self::Roles => ("roles", "System / Security Roles, Inquire = All", "role"),
            Self::Settings => ("settings", "System / Security Roles, Inquire = All", "setting"),
            Self::ApiMembers => ("api-members", MEMBERS, "API member"),
            Self::Members => ("members", MEMBERS, "member"),
            Self::MemberUse => ("member-use", MEMBERS, "last use"),
            Self::OwnMember => ("own-member", "no permission beyond a valid key", "own member"),
            Self::IntegratorLogins => (
                "integrator-logins",
                "System / Table Setup, Inquire = All, with General / Integrator Login allowed",
                "integrator login",
            ),
            Self::Callbacks => (
                "callbacks",
                "a permission that is not known (`leastwise survey` shows whether it is System / Table Setup, Inquire = All)",
                "callback",
            ),
        };
        Facts { word, right, noun }
    }

    /// The word that files and reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.facts().word
    }

    /// The right in the PSA that opens it. Inferred from the vendors' pages, not documented.
    #[must_use]
    pub const fn right(self) -> &'static str {
        self.facts().right
    }

    /// What one row of it is, for people.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        self.facts().noun
    }

    /// Whether nobody asks for it unless a check does that the config switches on.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        matches!(self, Self::Callbacks)
    }
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::DatasetName;

    #[test]
    fn every_dataset_has_its_word_and_the_right_that_opens_it() {
        let all = DatasetName::ALL.map(|name| format!("{name}: {}", name.right()));
        assert_eq!(
            all,
            [
                "roles: System / Security Roles, Inquire = All",
                "settings: System / Security Roles, Inquire = All",
                "api-members: System / Member Maintenance, Inquire = All",
                "members: System / Member Maintenance, Inquire = All",
                "member-use: System / Member Maintenance, Inquire = All",
                "own-member: no permission beyond a valid key",
                "integrator-logins: System / Table Setup, Inquire = All, with General / Integrator Login allowed",
                "callbacks: a permission that is not known (`leastwise survey` shows whether it is System / Table Setup, \
                 Inquire = All)",
            ]
        );
    }
}
