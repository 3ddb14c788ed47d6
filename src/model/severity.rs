//! How bad a finding is.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad a finding is, from a remark to a key that can take the tenant over.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Tidy up when you are there.
    Low,
    /// Wrong; plan to mend it.
    #[default]
    Medium,
    /// Breaks the integration, or exposes much.
    High,
    /// Hands over the tenant.
    Critical,
}

impl Severity {
    /// All severities, from the least to the worst.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The lower-case word that files and reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// All words, from the worst to the least, for messages.
    #[must_use]
    pub fn words() -> [&'static str; 5] {
        let mut words = Self::ALL.map(Self::as_str);
        words.reverse();
        words
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word).ok_or_else(|| {
            format!("\"{word}\" is not a severity; the severities are {}", Self::words().join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Severity;

    #[test]
    fn severities_are_their_words_from_the_worst_to_the_least() {
        assert_eq!(Severity::words(), ["critical", "high", "medium", "low", "info"]);
        for severity in Severity::ALL {
            assert_eq!(severity.to_string().parse(), Ok(severity));
        }
        assert_eq!(
            "High".parse::<Severity>(),
            Err("\"High\" is not a severity; the severities are critical, high, medium, low, info".to_owned())
        );
    }
}
