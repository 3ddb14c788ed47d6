//! Judging: what was seen, held against each assumption.

mod access;
mod members;
mod pages;
mod settings;

pub(super) use settings::unknown;

use super::ask::Seen;
use super::finding::{Finding, Why};
use crate::rules::{Assumption, Catalog};

/// What was seen of one assumption.
pub(super) fn judge(assumption: Assumption, seen: &Seen, catalog: &Catalog) -> Finding {
    use Assumption as A;
    match assumption {
        A::LinkBetweenPages => pages::link_between(seen).into(),
        A::LastPageHasNoNext => pages::last_has_no_next(seen),
        A::ThousandRowsAPage => pages::thousand_rows(seen).into(),
        A::FieldsAreObeyed => pages::fields_are_obeyed(seen).into(),
        A::NestedFields => pages::nested_fields(seen).into(),
        A::CallerIsInEveryList => pages::caller_is_in_every_list(seen),
        A::CloudHasItsCodebase => pages::cloud_has_its_codebase(seen).into(),

        A::ApiMembersAreMembers => members::are_members(seen).into(),
        A::LicenceFilter => members::licence_filter(seen).into(),
        A::CallerIsListed => members::caller_is_listed(seen).into(),
        A::CallerNamesItsRole => members::caller_names_its_role(seen),
        A::LastLoginIsATime => members::last_login_is_a_time(seen).into(),
        A::KeyUseMovesLastLogin => members::key_use_moves_last_login(seen),
        A::RestrictFlagsAreSent => members::restrict_flags_are_sent(seen).into(),
        A::MemberLevelsAreNamed => members::levels_are_named(seen).into(),

        A::RolesSayAdmin => settings::roles_say_admin(seen).into(),
        A::AdminIsFlagged => settings::admin_is_flagged(seen).into(),
        A::AdminRowsReadAll => settings::admin_rows_read_all(seen).into(),
        A::LevelsAreThree => settings::levels_are_three(seen),
        A::LevelsAreSent => settings::levels_are_sent(seen),
        A::RowsAreNamed => settings::rows_are_named(seen),
        A::NamesAreTheScreens => settings::names_are_the_screens(seen, catalog),
        A::OneRowAFunction => settings::one_row_a_function(seen),
        A::IdentifiersAgree => settings::identifiers_agree(seen),
        A::RoleSaysWhoChangedIt => settings::role_says_who_changed_it(seen).into(),
        A::OwnRightsAreTheRoles => settings::own_rights_are_the_roles(seen),

        A::CustomiseRowsAllow => access::customise_rows_allow(seen, catalog),
        A::CustomiseItemsAreNames => access::customise_items_are_names(seen, catalog),
        A::NoCustomiseRowsNoLimit => access::no_customise_rows_no_limit(seen),
        A::RolesBySecurityRoles
        | A::MembersByMemberMaintenance
        | A::ApiMembersByMemberMaintenance
        | A::LoginsByTableSetup
        | A::BoardsByTableSetup
        | A::BoardInfosByTickets
        | A::CallbacksByTableSetup
        | A::ReportsByApiReports => access::opened_by(assumption, seen),
        A::MemberReportExists => access::member_report_exists(seen),
        A::RefusalIsKnown => seen.refusal_is_known.map_or(Finding::not_seen(Why::NothingToSee), Finding::one),
        A::BoardsSayInactive => pages::flag_is_sent(seen, "inactiveFlag", |caller| &caller.boards),
        A::TeamsSayDefault => pages::flag_is_sent(seen, "defaultFlag", |caller| &caller.teams),
        A::CompaniesSayDeleted => pages::flag_is_sent(seen, "deletedFlag", |caller| &caller.companies),

        A::InactiveMemberIsRefused
        | A::RestrictionsHideRecords
        | A::InactiveRoleDoesNotStop
        | A::MyIsOwnRecords
        | A::AuditTrailIsSilent
        | A::ReportsPassByOtherRows
        | A::CallbacksNeedNoKey
        | A::CallbacksListAll
        | A::CallbacksOfOwnerAreAll
        | A::BadKeyAnswers
        | A::ClientIdAnswers
        | A::CompanyIdCase
        | A::PinnedVersionIsTaken => Finding::not_seen(Why::ByHand),
        A::KeysSurviveInactive | A::IdentifiersStay | A::RoleChangeAtOnce | A::ThrottleCountsEverybody => {
            Finding::not_seen(Why::InTime)
        }
    }
}
