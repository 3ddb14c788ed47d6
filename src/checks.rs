//! The checks: each is a value in [`ALL`], a file in this folder and a page in `docs/checks/`.
//!
//! A check looks at one subject of a [`Case`] and says what is off. It knows no clock, no network,
//! no waivers and no output; where data is missing it returns the [`Gap`], which is never a pass.

mod applied;
mod binding;
mod case;
mod excess;
mod holders;
mod outcome;
mod summary;
#[cfg(test)]
pub(crate) mod testing;

mod lw101_missing_permission;
mod lw102_excessive_permission;
mod lw103_missing_table;
mod lw104_excessive_table;
mod lw105_unknown_function;
mod lw201_admin_role;
mod lw202_shared_role;
mod lw203_role_not_found;
mod lw204_inactive_role;
mod lw205_unused_role;
mod lw206_wide_role;
mod lw301_member_not_found;
mod lw302_wrong_role;
mod lw303_inactive_member;
mod lw304_stale_member;
mod lw305_not_an_api_member;
mod lw306_restricted_member;
mod lw307_legacy_login;
mod lw308_duplicate_member;
mod lw309_unbound_member;
mod lw401_expired_waiver;
mod lw402_unused_waiver;
mod lw501_stale_rule_file;
mod lw901_collection_incomplete;

pub use applied::{Applied, Standing, describe};
pub use binding::{Binding, BoundMember, How, Integration};
pub use case::{Case, RoleCase};
pub use excess::{Excess, Excesses};
pub use holders::Holders;
pub use outcome::{Certainty, Draft, Outcome, Since, Status, Subject, fingerprint};
pub use summary::Summary;

use crate::model::{ApiMember, DatasetName, Gap, Role, Severity};

/// What a check found on one subject: nothing (a pass), something, or that data is missing.
pub type Found = Result<Vec<Draft>, Gap>;

/// One check.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Stable id, such as `LW101`. Never reused.
    pub id: &'static str,
    /// Stable kebab-case name, such as `missing-permission`.
    pub name: &'static str,
    /// Severity of its findings, unless the finding or the config says otherwise.
    pub severity: Severity,
    /// What it fails on, in a sentence without a full stop.
    pub summary: &'static str,
    /// What a pass says, in a sentence without a full stop.
    pub clear: &'static str,
    /// Its page in `docs/checks/`.
    pub page: &'static str,
    /// The datasets that it cannot do without.
    pub data: &'static [DatasetName],
    /// What it looks at, and how.
    pub run: Run,
}

impl Check {
    /// Whether it judges single grants, which means nothing for a role that has them all.
    #[must_use]
    pub fn judges_grants(&self) -> bool {
        self.id.starts_with("LW1") || self.id == lw206_wide_role::CHECK.id
    }
}

/// What a check is applied to.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// The tenant, once.
    Tenant(fn(&Case<'_>) -> Found),
    /// Each integration that is judged.
    Integration(fn(&Case<'_>, &Integration<'_>) -> Found),
    /// Each member that serves an integration that is judged.
    Bound(fn(&Case<'_>, &Binding<'_>, &BoundMember<'_>) -> Found),
    /// Each API member.
    Member(fn(&Case<'_>, &ApiMember) -> Found),
    /// Each role of the tenant, whoever holds it; its settings are not at hand.
    AnyRole(fn(&Case<'_>, &Role) -> Found),
    /// Each role that is judged, with its settings.
    Role(fn(&Case<'_>, &RoleCase<'_>) -> Found),
    /// Each role that is judged, with its settings, but saying something of the tenant.
    Settings(fn(&Case<'_>, &RoleCase<'_>) -> Found),
    /// Each integration with each role that serves it.
    Grant(fn(&Case<'_>, &Binding<'_>, &RoleCase<'_>) -> Found),
    /// Each waiver, once everything else has been judged and the waivers were applied.
    Waiver(fn(&Case<'_>, &Applied<'_>) -> Found),
}

/// Every check, in order of id.
pub static ALL: &[&Check] = &[
    &lw101_missing_permission::CHECK,
    &lw102_excessive_permission::CHECK,
    &lw103_missing_table::CHECK,
    &lw104_excessive_table::CHECK,
    &lw105_unknown_function::CHECK,
    &lw201_admin_role::CHECK,
    &lw202_shared_role::CHECK,
    &lw203_role_not_found::CHECK,
    &lw204_inactive_role::CHECK,
    &lw205_unused_role::CHECK,
    &lw206_wide_role::CHECK,
    &lw301_member_not_found::CHECK,
    &lw302_wrong_role::CHECK,
    &lw303_inactive_member::CHECK,
    &lw304_stale_member::CHECK,
    &lw305_not_an_api_member::CHECK,
    &lw306_restricted_member::CHECK,
    &lw307_legacy_login::CHECK,
    &lw308_duplicate_member::CHECK,
    &lw309_unbound_member::CHECK,
    &lw401_expired_waiver::CHECK,
    &lw402_unused_waiver::CHECK,
    &lw501_stale_rule_file::CHECK,
    &lw901_collection_incomplete::CHECK,
];

/// The check with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id.eq_ignore_ascii_case(word) || check.name == word)
}
