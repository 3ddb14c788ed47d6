//! The forms in which a report can be written.

/// `--format`, and the form of an `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// `leastwise-report/1`.
    Json,
    /// SARIF 2.1.0 for code scanning: open findings only.
    Sarif,
    /// SARIF 2.1.0 with everything: passes, unknowns, manual and waived ones too.
    SarifFull,
    /// One self-contained page to look at and work from.
    Html,
    /// For job summaries and pull requests.
    Markdown,
    /// Every finding as a row, open or waived; no cell of it can become a formula.
    Csv,
    /// JUnit XML: every result is a test case.
    Junit,
    /// Workflow commands of GitHub Actions: every finding is an annotation.
    Github,
    /// Ten plain lines for a chat or a mail.
    Summary,
}

impl Format {
    /// Whether readers of this format take what is not in it for mended, so that it must not be
    /// written from partial data.
    #[must_use]
    pub const fn closes_what_is_absent(self) -> bool {
        matches!(self, Self::Sarif | Self::SarifFull)
    }

    /// Whether this format draws the matrices of roles.
    #[must_use]
    pub const fn draws_matrices(self) -> bool {
        matches!(self, Self::Html)
    }
}
