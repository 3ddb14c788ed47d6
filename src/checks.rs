//! The checks: each is a value in [`ALL`], a file in this folder and a page in `docs/checks/`.
//!
//! A check looks at one subject of a [`Case`] and says what is wrong. It knows no clock, no network,
//! no waivers and no output; where data is missing it returns the [`Gap`], which is never a pass.

mod applied;
mod binding;
mod case;
mod detail;
mod finding;
mod holders;
mod reviewed;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
mod witness;

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
mod lw310_contradicting_lists;
mod lw311_standing_outflow;
mod lw401_expired_waiver;
mod lw402_unused_waiver;
mod lw501_stale_rule_file;
mod lw502_review_overdue;
mod lw503_key_age;
mod lw901_collection_incomplete;

pub use crate::model::CheckId;
pub use applied::{Applied, Standing, Unsure, describe};
pub use binding::{Binding, Bindings, BoundMember, How, Integration, reference};
pub use case::{Case, RoleCase, Seen};
use detail::Words;
pub use detail::{Detail, Undecided};
pub use finding::{Answer, Certainty, Finding, Since, Status, Subject};
pub use holders::Holders;
pub use lw101_missing_permission::{Detail as MissingPermission, needs_met};
pub use lw102_excessive_permission::Detail as ExcessivePermission;
pub use lw103_missing_table::Detail as MissingTable;
pub use lw201_admin_role::Detail as AdminRole;
pub use lw202_shared_role::Detail as SharedRole;
pub use lw206_wide_role::Detail as WideRole;
pub use lw307_legacy_login::Detail as LegacyLogin;
pub use lw309_unbound_member::Detail as UnboundMember;
pub use lw502_review_overdue::{Why as ReviewDue, review_days};
pub use reviewed::{access_digest, decided, login_digest};
pub use summary::Summary;
pub use witness::{Lapsed, Witness};

use crate::model::{ApiMember, DatasetName, Gap, Role, Severity};
use crate::rules::did_you_mean;

/// What a check answers about one subject: nothing (a pass), something, or that data is missing.
pub type Answers = Result<Vec<Answer>, Gap>;

/// One check.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something else of a check, and none follows from another"
)]
pub struct Check {
    /// Its number, such as `LW101`. Never reused.
    pub id: CheckId,
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
    /// Whether it judges single permissions, which means nothing for a role that has them all.
    pub judges_permissions: bool,
    /// Whether its findings differ in severity.
    pub varies: bool,
    /// Whether a finding is about who holds something, so that another holder is another finding, and a waiver
    /// has to name the member or the login.
    pub of_holder: bool,
    /// Whether a waiver can accept its findings.
    pub can_be_waived: bool,
    /// The controls of standards that it speaks for.
    pub controls: &'static [&'static str],
}

/// The controls of least privilege: what a role gives.
const LEAST_PRIVILEGE: &[&str] =
    &["CIS v8 6.8", "NIST 800-53 AC-6", "SOC 2 CC6.3", "ISO 27001 A.8.2", "EU 2024/2690 11.2"];

/// The controls of accounts: who holds what, and whether it is still wanted.
const ACCOUNTS: &[&str] =
    &["CIS v8 5.1", "CIS v8 5.3", "NIST 800-53 AC-2", "SOC 2 CC6.3", "ISO 27001 A.5.18", "EU 2024/2690 11.2"];

/// The controls of administrators and of roles as a whole.
const ADMINISTRATORS: &[&str] =
    &["CIS v8 5.4", "NIST 800-53 AC-6", "SOC 2 CC6.3", "ISO 27001 A.8.2", "EU 2024/2690 11.2"];

impl Check {
    /// What every check has unless it says otherwise.
    const PLAIN: Self = Self {
        id: CheckId::CollectionIncomplete,
        name: "",
        severity: Severity::Info,
        summary: "",
        clear: "",
        page: "",
        data: &[],
        run: Run::Tenant(|_| Ok(Vec::new())),
        judges_permissions: false,
        varies: false,
        of_holder: false,
        can_be_waived: true,
        controls: &[],
    };

    /// A check of single permissions of a role.
    const OF_PERMISSIONS: Self = Self { judges_permissions: true, controls: LEAST_PRIVILEGE, ..Self::PLAIN };

    /// A check of a role as a whole.
    const OF_ROLE: Self = Self { controls: ADMINISTRATORS, ..Self::PLAIN };

    /// A check of an integration.
    const OF_INTEGRATION: Self = Self { controls: ACCOUNTS, ..Self::PLAIN };

    /// A check of a member.
    const OF_MEMBER: Self = Self { controls: ACCOUNTS, of_holder: true, ..Self::PLAIN };

    /// A check of the run itself.
    const OF_TENANT: Self = Self::PLAIN;
}

impl CheckId {
    /// The check of this number.
    #[must_use]
    pub fn check(self) -> &'static Check {
        ALL[self as usize]
    }
}

/// What a check is applied to.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// The tenant, once.
    Tenant(fn(&Case<'_>) -> Answers),
    /// Each integration that is judged.
    Integration(fn(&Case<'_>, &Integration<'_>) -> Answers),
    /// Each member that serves an integration that is judged.
    Bound(fn(&Case<'_>, &Binding<'_>, &BoundMember<'_>) -> Answers),
    /// Each API member.
    Member(fn(&Case<'_>, &ApiMember) -> Answers),
    /// Each role of the tenant, whoever holds it; its settings are not at hand.
    AnyRole(fn(&Case<'_>, &Role) -> Answers),
    /// Each role that is judged, with its settings.
    Role(fn(&Case<'_>, &RoleCase<'_>) -> Answers),
    /// Each role that is judged, with its settings, but saying something of the tenant.
    Settings(fn(&Case<'_>, &RoleCase<'_>) -> Answers),
    /// Each integration with each role that serves it.
    Permissions(fn(&Case<'_>, &Binding<'_>, &RoleCase<'_>) -> Answers),
    /// Each waiver, once everything else has been judged and the waivers were applied.
    Waiver(fn(&Case<'_>, &Applied<'_>) -> Answers),
}

/// Every check, in order of number.
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
    &lw310_contradicting_lists::CHECK,
    &lw311_standing_outflow::CHECK,
    &lw401_expired_waiver::CHECK,
    &lw402_unused_waiver::CHECK,
    &lw501_stale_rule_file::CHECK,
    &lw502_review_overdue::CHECK,
    &lw503_key_age::CHECK,
    &lw901_collection_incomplete::CHECK,
];

/// The check with this number or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id.as_str().eq_ignore_ascii_case(word) || check.name == word)
}

/// The number or name of a check that is nearest to a word.
pub(crate) fn suggest(word: &str) -> Option<&'static str> {
    did_you_mean(word, ALL.iter().flat_map(|check| [check.id.as_str(), check.name]))
}

#[cfg(test)]
mod tests {
    use super::{ALL, CheckId};

    #[test]
    fn each_number_has_its_check() {
        assert_eq!(ALL.iter().map(|check| check.id).collect::<Vec<_>>(), CheckId::ALL);
        assert!(CheckId::ALL.iter().all(|id| id.check().id == *id));
    }
}
