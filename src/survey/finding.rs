//! Findings of a survey: what was seen of one assumption.

/// What was seen of an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds here.
    Held,
    /// It does not.
    DidNotHold,
    /// It could not be looked at.
    NotSeen(Why),
}

impl Verdict {
    /// The word that reports use.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::DidNotHold => "did-not-hold",
            Self::NotSeen(_) => "not-seen",
        }
    }
}

/// Why an assumption could not be looked at; the one that says most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// Refused (403), although the key's role has what is assumed to open it.
    RefusedThoughAllowed,
    /// Refused (403).
    Refused,
    /// Not there (404).
    NotThere,
    /// No usable answer.
    NoAnswer,
    /// The answers contradict each other.
    Contradictory,
    /// The PSA has nothing of the kind that would show it.
    NothingToSee,
    /// The key's role is an admin role, to which everything is open.
    AdminRole,
    /// Only the key of an integration would show it, and none was given.
    NoIntegrationKey,
    /// A person has to do something.
    ByHand,
    /// Only time tells.
    InTime,
}

impl Why {
    /// The word that reports use.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::RefusedThoughAllowed => "refused-though-allowed",
            Self::Refused => "refused",
            Self::NotThere => "not-there",
            Self::NoAnswer => "no-answer",
            Self::Contradictory => "contradictory",
            Self::NothingToSee => "nothing-to-see",
            Self::AdminRole => "admin-role",
            Self::NoIntegrationKey => "no-integration-key",
            Self::ByHand => "by-hand",
            Self::InTime => "in-time",
        }
    }

    /// In a sentence without a full stop.
    #[must_use]
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::RefusedThoughAllowed => {
                "it was refused (403), although the role has what is assumed to open it"
            }
            Self::Refused => "it was refused (403)",
            Self::NotThere => "there is no such address here (404)",
            Self::NoAnswer => "no usable answer came",
            Self::Contradictory => "the answers contradict each other",
            Self::NothingToSee => "this PSA has nothing that would show it",
            Self::AdminRole => "the key's role is an admin role, to which everything is open",
            Self::NoIntegrationKey => "it takes the key of an integration whose role has a customise list",
            Self::ByHand => "a person has to look",
            Self::InTime => "only time tells",
        }
    }
}

/// What was seen, and of how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What was seen.
    pub verdict: Verdict,
    /// So many things were looked at.
    pub of: usize,
    /// So many of them speak against it.
    pub against: usize,
}

impl Finding {
    /// It could not be looked at.
    #[must_use]
    pub(crate) const fn not_seen(why: Why) -> Self {
        Self { verdict: Verdict::NotSeen(why), of: 0, against: 0 }
    }

    /// One thing was looked at.
    #[must_use]
    pub(crate) const fn one(holds: bool) -> Self {
        let verdict = if holds { Verdict::Held } else { Verdict::DidNotHold };
        Self { verdict, of: 1, against: if holds { 0 } else { 1 } }
    }

    /// It holds if it does for each thing; where there is none, nothing was seen.
    #[must_use]
    pub(crate) fn each(holds: impl IntoIterator<Item = bool>) -> Self {
        let (mut of, mut against) = (0, 0);
        for holds in holds {
            of += 1;
            against += usize::from(!holds);
        }
        let verdict = match (of, against) {
            (0, _) => Verdict::NotSeen(Why::NothingToSee),
            (_, 0) => Verdict::Held,
            _ => Verdict::DidNotHold,
        };
        Self { verdict, of, against }
    }

    /// What several keys saw: one that saw it fail outweighs all, one that saw it hold those that saw nothing.
    #[must_use]
    pub(crate) fn together(findings: impl IntoIterator<Item = Self>) -> Self {
        let rank = |finding: &Self| match finding.verdict {
            Verdict::DidNotHold => (0, None),
            Verdict::Held => (1, None),
            Verdict::NotSeen(why) => (2, Some(why)),
        };
        findings.into_iter().min_by_key(rank).unwrap_or(Self::not_seen(Why::NothingToSee))
    }
}

impl From<Result<Self, Why>> for Finding {
    fn from(seen: Result<Self, Why>) -> Self {
        seen.unwrap_or_else(Self::not_seen)
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Verdict, Why};

    #[test]
    fn nothing_is_neither_for_nor_against() {
        assert_eq!(Finding::each([]).verdict, Verdict::NotSeen(Why::NothingToSee));
        assert_eq!(Finding::each([true, true]), Finding { verdict: Verdict::Held, of: 2, against: 0 });
        assert_eq!(Finding::each([true, false]), Finding { verdict: Verdict::DidNotHold, of: 2, against: 1 });
    }

    #[test]
    fn what_was_seen_to_fail_outweighs_the_rest() {
        let (held, failed) = (Finding::one(true), Finding::one(false));
        let (refused, by_hand) = (Finding::not_seen(Why::Refused), Finding::not_seen(Why::ByHand));
        assert_eq!(Finding::together([held, failed, refused]), failed);
        assert_eq!(Finding::together([refused, held]), held);
        assert_eq!(Finding::together([by_hand, refused]), refused);
    }
}
