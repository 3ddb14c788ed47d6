//! Powers: the kinds of harm that whoever holds a key could do, in words that a board understands.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of harm. The order is that of danger: the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// Raises itself or another, or plants a page for staff.
    TakeOver,
    /// Acts on customers' machines, or steers what does.
    ReachCustomers,
    /// Reads credentials in clear text.
    ReadSecrets,
    /// Reads people, tickets and files of customers.
    ReadCustomers,
    /// Changes what is billed or paid.
    Money,
    /// Writes to customers in the MSP's name.
    SendAsUs,
    /// Deletes or overwrites records.
    Destroy,
    /// Makes an alert or an approval vanish.
    CoverTracks,
}

impl Power {
    /// All powers, the worst first.
    pub const ALL: [Self; 8] = [
        Self::TakeOver,
        Self::ReachCustomers,
        Self::ReadSecrets,
        Self::ReadCustomers,
        Self::Money,
        Self::SendAsUs,
        Self::Destroy,
        Self::CoverTracks,
    ];

    /// The word that files and reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakeOver => "take-over",
            Self::ReachCustomers => "reach-customers",
            Self::ReadSecrets => "read-secrets",
            Self::ReadCustomers => "read-customers",
            Self::Money => "money",
            Self::SendAsUs => "send-as-us",
            Self::Destroy => "destroy",
            Self::CoverTracks => "cover-tracks",
        }
    }

    /// What a key that has it does, in words for a board: "can take over our PSA".
    #[must_use]
    pub const fn board_words(self) -> &'static str {
        match self {
            Self::TakeOver => "can take over our PSA",
            Self::ReachCustomers => "can get into customers' systems",
            Self::ReadSecrets => "reads stored passwords",
            Self::ReadCustomers => "reads customers' data",
            Self::Money => "changes what we bill or pay",
            Self::SendAsUs => "writes to customers in our name",
            Self::Destroy => "deletes or overwrites records",
            Self::CoverTracks => "can make an alert or an approval vanish",
        }
    }

    /// Whether a key that has it beyond need is exposed.
    #[must_use]
    pub const fn is_dangerous(self) -> bool {
        matches!(self, Self::TakeOver | Self::ReachCustomers | Self::ReadSecrets)
    }

    /// Reads the word of a file.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|power| power.as_str() == word)
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Power;

    #[test]
    fn words_of_files_are_those_of_reports() {
        for power in Power::ALL {
            assert_eq!(Power::from_word(power.as_str()), Some(power));
            assert_eq!(serde_json::to_value(power).expect("a word"), power.to_string());
            assert_eq!(serde_json::from_value::<Power>(power.to_string().into()).ok(), Some(power));
        }
        assert_eq!(Power::from_word("Take-Over"), None);
    }

    #[test]
    fn the_dangerous_ones_are_the_first_three() {
        assert!(Power::ALL.is_sorted());
        let dangerous: Vec<_> = Power::ALL.into_iter().filter(|power| power.is_dangerous()).collect();
        assert_eq!(dangerous, Power::ALL[..3]);
    }
}
