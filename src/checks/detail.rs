//! What a check found, as types. The words for people are made from them, each in the file of its check.

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::{
    lw101_missing_permission as lw101, lw102_excessive_permission as lw102, lw103_missing_table as lw103,
    lw104_excessive_table as lw104, lw105_unknown_function as lw105, lw201_admin_role as lw201,
    lw202_shared_role as lw202, lw203_role_not_found as lw203, lw204_inactive_role as lw204,
    lw205_unused_role as lw205, lw206_wide_role as lw206, lw301_member_not_found as lw301,
    lw302_wrong_role as lw302, lw303_inactive_member as lw303, lw304_stale_member as lw304,
    lw305_not_an_api_member as lw305, lw306_restricted_member as lw306, lw307_legacy_login as lw307,
    lw308_duplicate_member as lw308, lw309_unbound_member as lw309, lw310_contradicting_lists as lw310,
    lw311_standing_outflow as lw311, lw401_expired_waiver as lw401, lw402_unused_waiver as lw402,
    lw501_stale_rule_file as lw501, lw502_review_overdue as lw502, lw503_key_age as lw503,
};
use crate::model::Gap;
use crate::rules::RuleFile;

/// What was found, by check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// Nothing is wrong.
    Clear,
    /// A dataset that the check cannot do without is missing.
    #[serde(skip)]
    Gap(Gap),
    /// The role is an admin role, of which single permissions are not judged.
    Admin,
    /// The vendor asks for Admin and publishes no list, so what the integration needs is not known.
    NoList(NoList),
    /// What an integration needs depends on its features, and no binding names any.
    Undecided(Undecided),
    MissingPermission(lw101::Detail),
    ExcessivePermission(lw102::Detail),
    MissingTable(lw103::Detail),
    ExcessiveTable(lw104::Detail),
    UnknownFunction(lw105::Detail),
    AdminRole(lw201::Detail),
    SharedRole(lw202::Detail),
    RoleNotFound(lw203::Detail),
    InactiveRole(lw204::Detail),
    UnusedRole(lw205::Detail),
    WideRole(lw206::Detail),
    MemberNotFound(lw301::Detail),
    WrongRole(lw302::Detail),
    InactiveMember(lw303::Detail),
    StaleMember(lw304::Detail),
    NotAnApiMember(lw305::Detail),
    RestrictedMember(lw306::Detail),
    LegacyLogin(lw307::Detail),
    DuplicateMember(lw308::Detail),
    UnboundMember(lw309::Detail),
    ContradictingLists(lw310::Detail),
    StandingOutflow(lw311::Detail),
    ExpiredWaiver(lw401::Detail),
    UnusedWaiver(lw402::Detail),
    StaleRuleFile(lw501::Detail),
    ReviewOverdue(lw502::Detail),
    KeyAge(lw503::Detail),
}

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

impl Detail {
    pub(super) fn words(&self) -> &dyn Words {
        match self {
            Self::Clear => &Clear,
            Self::Gap(gap) => gap,
            Self::Admin => &Admin,
            Self::NoList(own) => own,
            Self::Undecided(own) => own,
            Self::MissingPermission(own) => own,
            Self::ExcessivePermission(own) => own,
            Self::MissingTable(own) => own,
            Self::ExcessiveTable(own) => own,
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
            Self::StandingOutflow(own) => own,
            Self::ExpiredWaiver(own) => own,
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

/// An integration whose vendor asks for Admin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoList {
    /// The integration, for people.
    pub title: String,
    /// What the vendor says about that, in our words.
    pub says: Option<String>,
}

impl NoList {
    /// The words on an integration whose vendor asks for Admin; `None` for any other.
    pub(super) fn of(rules: &RuleFile) -> Option<Self> {
        let asks = rules.asks_admin.as_ref()?;
        Some(Self { title: rules.title(), says: asks.says.clone() })
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

/// An integration all of whose needs belong to features, none of which a binding names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undecided {
    /// The integration, for people.
    pub title: String,
    /// The features that its rule file knows.
    pub features: Vec<String>,
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
