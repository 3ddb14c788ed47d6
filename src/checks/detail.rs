//! What a check found, as types. The words for people are made from them, each in the file of its check.

mod admin_role;
mod contradicting_lists;
mod duplicate_member;
mod excessive_permission;
mod excessive_table;
mod expired_waiver;
mod inactive_member;
mod inactive_role;
mod key_age;
mod legacy_login;
mod member_not_found;
mod missing_permission;
mod missing_table;
mod no_list;
mod not_an_api_member;
mod remark;
mod restricted_member;
pub(super) mod review_overdue;
mod role_not_found;
mod shared_role;
mod stale_member;
mod stale_rule_file;
pub(super) mod standing_outflow;
mod unbound_member;
mod undecided;
mod unknown_function;
mod unused_role;
mod unused_waiver;
mod wide_role;
mod wrong_role;

use serde::{Deserialize, Serialize};

use crate::model::Gap;
pub use admin_role::AdminRole;
pub(super) use contradicting_lists::ContradictingLists;
pub(super) use duplicate_member::DuplicateMember;
pub use excessive_permission::ExcessivePermission;
pub(super) use excessive_table::ExcessiveTable;
pub(super) use expired_waiver::ExpiredWaiver;
pub(super) use inactive_member::InactiveMember;
pub(super) use inactive_role::InactiveRole;
pub(super) use key_age::KeyAge;
pub use legacy_login::LegacyLogin;
pub(super) use member_not_found::MemberNotFound;
pub use missing_permission::MissingPermission;
pub(super) use missing_table::List;
pub use missing_table::MissingTable;
pub(super) use no_list::NoList;
pub(super) use not_an_api_member::NotAnApiMember;
pub(super) use remark::Remark;
pub(super) use restricted_member::{RestrictedMember, Restriction};
pub(super) use review_overdue::ReviewOverdue;
pub(super) use role_not_found::RoleNotFound;
pub use shared_role::SharedRole;
pub(super) use stale_member::StaleMember;
pub(super) use stale_rule_file::StaleRuleFile;
pub(super) use standing_outflow::StandingOutflow;
pub use unbound_member::UnboundMember;
pub use undecided::Undecided;
pub(super) use unknown_function::UnknownFunction;
pub(super) use unused_role::UnusedRole;
pub(super) use unused_waiver::UnusedWaiver;
pub use wide_role::WideRole;
pub(super) use wrong_role::WrongRole;

/// What was found, by check. A report of a large tenant holds many thousands of them: what is rare and large is boxed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// Nothing is wrong.
    Clear,
    /// A dataset that the check cannot do without is missing.
    #[serde(skip)]
    Gap(Box<Gap>),
    /// The role is an admin role, of which single permissions are not judged.
    Admin,
    /// The vendor asks for Admin and publishes no list, so what the integration needs is not known.
    NoList(Box<NoList>),
    /// What an integration needs depends on its features, and no binding names any.
    Undecided(Box<Undecided>),
    MissingPermission(MissingPermission),
    ExcessivePermission(ExcessivePermission),
    MissingTable(Box<MissingTable>),
    ExcessiveTable(Box<ExcessiveTable>),
    UnknownFunction(UnknownFunction),
    AdminRole(AdminRole),
    SharedRole(SharedRole),
    RoleNotFound(RoleNotFound),
    InactiveRole(InactiveRole),
    UnusedRole(UnusedRole),
    WideRole(WideRole),
    MemberNotFound(MemberNotFound),
    WrongRole(WrongRole),
    InactiveMember(InactiveMember),
    StaleMember(StaleMember),
    NotAnApiMember(NotAnApiMember),
    RestrictedMember(RestrictedMember),
    LegacyLogin(LegacyLogin),
    DuplicateMember(DuplicateMember),
    UnboundMember(UnboundMember),
    ContradictingLists(ContradictingLists),
    StandingOutflow(Box<StandingOutflow>),
    ExpiredWaiver(Box<ExpiredWaiver>),
    UnusedWaiver(UnusedWaiver),
    StaleRuleFile(StaleRuleFile),
    ReviewOverdue(ReviewOverdue),
    KeyAge(KeyAge),
}
