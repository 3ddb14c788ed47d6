//! Datasets: a collection that the PSA let us read in full, or the reason why not.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Gap, GapCause};

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

/// A collection that was read in full, or the gap in its place.
///
/// The rows can be reached only through [`Dataset::rows`], whose error says why there are none:
/// a refused dataset cannot be mistaken for an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dataset<T> {
    /// Every row that there is.
    Complete(T),
    /// Not read, or not in full.
    Unavailable(Gap),
}

impl<T> Dataset<T> {
    /// A dataset that is missing, and why.
    #[must_use]
    pub const fn unavailable(dataset: DatasetName, cause: GapCause) -> Self {
        Self::Unavailable(Gap::new(dataset, cause))
    }

    /// The rows.
    ///
    /// # Errors
    /// The gap, where the dataset could not be read in full.
    pub const fn rows(&self) -> Result<&T, &Gap> {
        match self {
            Self::Complete(rows) => Ok(rows),
            Self::Unavailable(gap) => Err(gap),
        }
    }
}

impl<T> Dataset<Vec<T>> {
    /// A list that cannot be empty, since the caller itself is in it: an empty one is a gap.
    #[must_use]
    pub fn never_empty(dataset: DatasetName, rows: Vec<T>) -> Self {
        if rows.is_empty() {
            return Self::unavailable(dataset, GapCause::Empty);
        }
        Self::Complete(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dataset, DatasetName};

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

    #[test]
    fn an_empty_list_that_cannot_be_is_a_gap() {
        assert_eq!(Dataset::never_empty(DatasetName::Members, vec![1]).rows(), Ok(&vec![1]));
        let gap = Dataset::<Vec<i32>>::never_empty(DatasetName::Members, Vec::new());
        assert!(gap.rows().is_err_and(|gap| gap.dataset == DatasetName::Members));
    }
}
