//! The checks: each is a value in [`ALL`], a file in this folder and a page in `docs/checks/`.
//!
//! A check looks at one subject of a [`Case`] and says what is wrong. It knows no clock, no network,
//! no waivers and no output; where data is missing it returns the [`Gap`](crate::model::Gap), which is never a pass.

mod applied;
mod binding;
mod case;
mod check;
mod detail;
mod finding;
mod fingerprint;
mod holders;
mod reviewed;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
mod witness;
mod words;

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
pub use binding::{Binding, Bindings, BoundMember, How, Integration, OWN_RULES, reference};
pub use case::{Case, RoleCase, Seen};
pub use check::{Answers, Check, Run};
pub use detail::review_overdue::Why as ReviewDue;
pub use detail::{
    AdminRole, Detail, ExcessivePermission, LegacyLogin, MissingPermission, MissingTable, SharedRole,
    UnboundMember, Undecided, WideRole,
};
pub use finding::{Answer, Certainty, Finding, Since, Status, Subject};
pub use fingerprint::Fingerprint;
pub use holders::Holders;
pub use lw101_missing_permission::needs_met;
pub use lw502_review_overdue::review_days;
pub use reviewed::{access_digest, decided, login_digest};
pub use summary::Summary;
pub use witness::{Lapsed, Witness};
use words::Words;

use crate::rules::did_you_mean;

impl CheckId {
    /// The check of this number.
    #[must_use]
    pub fn check(self) -> &'static Check {
        ALL[self as usize]
    }
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
