//! Datasets: a collection that the PSA let us read in full, or the reason why not.

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
}

impl DatasetName {
    /// All of them, in the order of a snapshot's coverage.
    pub const ALL: [Self; 7] = [
        Self::Roles,
        Self::Settings,
        Self::ApiMembers,
        Self::Members,
        Self::MemberUse,
        Self::OwnMember,
        Self::IntegratorLogins,
    ];

    /// The word that files and reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Settings => "settings",
            Self::ApiMembers => "api-members",
            Self::Members => "members",
            Self::MemberUse => "member-use",
            Self::OwnMember => "own-member",
            Self::IntegratorLogins => "integrator-logins",
        }
    }

    /// The right in the PSA that opens it. Inferred from the vendors' pages, not documented.
    #[must_use]
    pub const fn right(self) -> &'static str {
        match self {
            Self::Roles | Self::Settings => "System / Security Roles, Inquire = All",
            Self::ApiMembers | Self::Members | Self::MemberUse => {
                "System / Member Maintenance, Inquire = All"
            }
            Self::OwnMember => "no right beyond a valid key",
            Self::IntegratorLogins => {
                "System / Table Setup, Inquire = All, with General / Integrator Login allowed"
            }
        }
    }
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a dataset could not be read in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Which dataset is missing.
    pub dataset: DatasetName,
    /// One sentence: what happened, and which right or setting is likely missing.
    pub reason: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not be read: {}", self.dataset, self.reason)
    }
}

/// What the reason holds where the PSA refused. A snapshot keeps the sentence and not the status.
const REFUSED: &str = "HTTP 403: the key's role does not allow it";

impl Gap {
    /// What the key's owner can do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        let needs = format!("the role of leastwise's own key needs {}", self.dataset.right());
        if self.reason.contains(REFUSED) { needs } else { format!("if it was refused: {needs}") }
    }

    /// What is missing, why, and what to do about it.
    #[must_use]
    pub fn with_fix(&self) -> String {
        format!("{self}; {}", self.fix())
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
    /// A dataset that is missing for `reason`.
    pub fn unavailable(dataset: DatasetName, reason: impl Into<String>) -> Self {
        Self::Unavailable(Gap { dataset, reason: reason.into() })
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
            return Self::unavailable(
                dataset,
                "the PSA sent an empty list, which cannot be: whoever asks is in it; the key may lack the right to see it",
            );
        }
        Self::Complete(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dataset, DatasetName, Gap};

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
                "own-member: no right beyond a valid key",
                "integrator-logins: System / Table Setup, Inquire = All, with General / Integrator Login allowed",
            ]
        );
    }

    #[test]
    fn a_gap_says_what_is_missing_why_and_what_to_do() {
        let gap = |reason: &str| Gap { dataset: DatasetName::Roles, reason: reason.to_owned() };
        assert_eq!(gap("reset").to_string(), "roles could not be read: reset");
        let needs = "the role of leastwise's own key needs System / Security Roles, Inquire = All";
        assert_eq!(
            gap("the settings of role 3: HTTP 403: the key's role does not allow it (it says: no)").fix(),
            needs
        );
        // That 403 is of something before the PSA.
        for other in ["reset", "HTTP 403, where no key is asked for"] {
            assert_eq!(gap(other).fix(), format!("if it was refused: {needs}"), "{other}");
        }
    }

    #[test]
    fn an_empty_list_that_cannot_be_is_a_gap() {
        assert_eq!(Dataset::never_empty(DatasetName::Members, vec![1]).rows(), Ok(&vec![1]));
        let gap = Dataset::<Vec<i32>>::never_empty(DatasetName::Members, Vec::new());
        assert!(gap.rows().is_err_and(|gap| gap.dataset == DatasetName::Members));
    }
}
