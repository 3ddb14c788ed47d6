//! Words that several writers share, so that the same thing is called the same everywhere.

use crate::checks::{Outcome, Status};

/// What a finding is about, for people: role, member, integration, function, verb.
pub(super) fn subject(outcome: &Outcome) -> String {
    let mut parts = Vec::new();
    if let Some(role) = &outcome.role {
        parts.push(format!("role {}", role.name));
    }
    if let Some(member) = &outcome.member {
        parts.push(match &member.identifier {
            Some(identifier) => format!("member {identifier}"),
            None => format!("member {}", member.id),
        });
    }
    if let Some(integration) = &outcome.integration {
        parts.push(integration.clone());
    }
    if let Some(function) = &outcome.function {
        parts.push(function.to_string());
    }
    if let Some(verb) = outcome.verb {
        parts.push(verb.to_string());
    }
    parts.join(", ")
}

/// The controls that every check speaks to, as tags.
pub(crate) const CONTROLS: [&str; 5] =
    ["CIS v8 5.4", "CIS v8 6.8", "NIST 800-53 AC-6", "SOC 2 CC6.3", "ISO 27001 A.8.2"];

/// Whether an outcome is a finding that counts.
pub(super) fn is_open(outcome: &Outcome) -> bool {
    outcome.status == Status::Fail
}
