//! What a vendor's pages say of its own side: what its product does with the access, and whom to call.

use super::document::{Item, Section};

/// What a fact is about, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// It opens, changes or closes tickets by itself.
    ActsOnTickets,
    /// It runs on, or acts on, customers' machines.
    RunsOnMachines,
    /// It holds credentials to customers' systems.
    HoldsCredentials,
    /// The data that it takes out of the PSA.
    TakesData,
    /// Whom to call when its keys are in strange hands.
    Support,
}

impl FactKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::ActsOnTickets, Self::RunsOnMachines, Self::HoldsCredentials, Self::TakesData, Self::Support];

    /// The key in rule files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActsOnTickets => "acts_on_tickets",
            Self::RunsOnMachines => "runs_on_machines",
            Self::HoldsCredentials => "holds_credentials",
            Self::TakesData => "takes_data",
            Self::Support => "support",
        }
    }

    /// A label for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ActsOnTickets => "acts on tickets",
            Self::RunsOnMachines => "runs on machines",
            Self::HoldsCredentials => "holds credentials",
            Self::TakesData => "takes data",
            Self::Support => "support",
        }
    }
}

/// One fact, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// What the vendor's page says.
    pub text: String,
    /// Which page, where it is another than the rule file's source.
    pub source: Option<String>,
}

/// Reads `[facts]`, a table for each.
pub(super) fn read(root: &Section<'_, '_>) -> Vec<Fact> {
    let Some(section) = root.section("facts") else { return Vec::new() };
    let facts = FactKind::ALL.into_iter().filter_map(|kind| {
        let row = section.section(kind.as_str())?;
        let text = row.required_text("text");
        let source = row.text_if_any("source").map(|Item { value, .. }| value);
        row.finish();
        Some(Fact { kind, text: text?.value, source })
    });
    let facts = facts.collect();
    section.finish();
    facts
}
