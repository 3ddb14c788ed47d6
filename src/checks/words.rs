//! What people read about a finding. Each check has the words of what it found in its own file.

use super::detail::{Detail, NoList, Undecided};
use super::finding::{Finding, Since};
use crate::model::Gap;

/// What people read about a finding.
pub(super) trait Words {
    /// One sentence, without a full stop.
    fn message(&self, finding: &Finding) -> String;

    /// What to click, or where to look.
    fn fix(&self, _finding: &Finding) -> Option<String> {
        None
    }

    /// What the PSA says.
    fn actual(&self) -> Option<String> {
        None
    }

    /// What it should say.
    fn required(&self) -> Option<String> {
        None
    }
}

impl Finding {
    /// For people: one sentence without a full stop.
    #[must_use]
    pub fn message(&self) -> String {
        let message = self.detail.words().message(self);
        match self.baseline {
            Some(Since::Resolved) => format!("resolved since the baseline: {message}"),
            _ => message,
        }
    }

    /// What to click, or where to look.
    #[must_use]
    pub fn fix(&self) -> Option<String> {
        if self.baseline == Some(Since::Resolved) { None } else { self.detail.words().fix(self) }
    }

    /// What the PSA says.
    #[must_use]
    pub fn actual(&self) -> Option<String> {
        self.detail.words().actual()
    }

    /// What it should say.
    #[must_use]
    pub fn required(&self) -> Option<String> {
        self.detail.words().required()
    }
}

impl Detail {
    fn words(&self) -> &dyn Words {
        match self {
            Self::Clear => &Clear,
            Self::Gap(gap) => &**gap,
            Self::Admin => &Admin,
            Self::NoList(own) => &**own,
            Self::Undecided(own) => &**own,
            Self::MissingPermission(own) => own,
            Self::ExcessivePermission(own) => own,
            Self::MissingTable(own) => &**own,
            Self::ExcessiveTable(own) => &**own,
            Self::UnknownFunction(own) => own,
            Self::AdminRole(own) => own,
            Self::SharedRole(own) => own,
            Self::RoleNotFound(own) => own,
            Self::InactiveRole(own) => own,
            Self::UnusedRole(own) => own,
            Self::WideRole(own) => own,
            Self::MemberNotFound(own) => own,
            Self::WrongRole(own) => own,
            Self::InactiveMember(own) => own,
            Self::StaleMember(own) => own,
            Self::NotAnApiMember(own) => own,
            Self::RestrictedMember(own) => own,
            Self::LegacyLogin(own) => own,
            Self::DuplicateMember(own) => own,
            Self::UnboundMember(own) => own,
            Self::ContradictingLists(own) => own,
            Self::StandingOutflow(own) => &**own,
            Self::ExpiredWaiver(own) => &**own,
            Self::UnusedWaiver(own) => own,
            Self::StaleRuleFile(own) => own,
            Self::ReviewOverdue(own) => own,
            Self::KeyAge(own) => own,
        }
    }
}

struct Clear;

impl Words for Clear {
    fn message(&self, finding: &Finding) -> String {
        finding.check.check().clear.to_owned()
    }
}

struct Admin;

impl Words for Admin {
    fn message(&self, _finding: &Finding) -> String {
        "the role is an admin role, which has everything (LW201)".to_owned()
    }
}

impl Words for Gap {
    fn message(&self, _finding: &Finding) -> String {
        self.to_string()
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        Some(Self::fix(self))
    }
}

impl Words for NoList {
    fn message(&self, _finding: &Finding) -> String {
        let says =
            self.says.as_ref().map_or_else(String::new, |says| format!(" ({})", says.trim_end_matches('.')));
        format!(
            "the vendor of {} asks for Admin and publishes no list, so what it needs is not known{says}",
            self.title
        )
    }
}

impl Words for Undecided {
    fn message(&self, _finding: &Finding) -> String {
        format!("what {} needs depends on what it is used for, and no binding says so", self.title)
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        Some(format!(
            "name the features in use in leastwise.toml, in the integration's table: features = [\"{}\"]",
            self.features.join("\", \"")
        ))
    }
}
