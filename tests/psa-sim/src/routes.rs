//! The endpoints: what each one serves and which right it needs.

use crate::rights::Need;

/// A list that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Roles,
    /// The settings of one role.
    Settings(i64),
    ApiMembers,
    Members,
    Logins,
    /// The caller's own settings.
    MySecurity,
    /// The caller's own customise lists.
    CustomizeItems,
    /// The boards, with less of each.
    BoardInfos,
    /// The teams of one board: the rows of `service/boards/teams` with its `boardId`.
    Teams(i64),
    /// Rows of `NAME.sim.json`, served as they are.
    Rows(&'static str),
}

/// What part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    Count,
    One(i64),
}

/// What an endpoint serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    List(List, Part),
    /// The caller's own member, one object.
    MyMember,
    /// The blank template of an API member.
    BlankApiMember,
    /// Version and so on.
    Info,
}

/// An endpoint that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) target: Target,
    pub(crate) need: Need,
}

/// Endpoints of one object. **Not established:** which right `/system/info` needs; here any valid
/// key may read it.
const SINGLE: &[(&str, Target, Need)] = &[
    ("/system/mymembers", Target::MyMember, Need::Key),
    ("/system/info", Target::Info, Need::Key),
    ("/system/apimembers/default", Target::BlankApiMember, Need::MEMBERS),
];

/// Lists without `/{id}` and `/count`.
const BARE: &[(&str, List, Need)] = &[
    ("/system/mysecurity", List::MySecurity, Need::Key),
    ("/system/mysecurity/customizeitems", List::CustomizeItems, Need::Key),
];

/// Lists with `/{id}` and `/count`.
///
/// **Not established:** the rights for the audit trail (here none), for the callbacks (here Table Setup) and
/// for `/service/info/boards` (here Service Tickets), and the names of the tables, which are taken from vendors' pages.
const LISTS: &[(&str, List, Need)] = &[
    ("/system/securityroles", List::Roles, Need::ROLES),
    ("/system/apimembers", List::ApiMembers, Need::MEMBERS),
    ("/system/members", List::Members, Need::MEMBERS),
    ("/system/integratorlogins", List::Logins, Need::Table("General / Integrator Login")),
    ("/system/callbacks", List::Rows("system/callbacks"), Need::CALLBACKS),
    ("/system/setupscreens", List::Rows("system/setupScreens"), Need::SETUP_SCREENS),
    ("/system/audittrail", List::Rows("system/audittrail"), Need::Key),
    ("/company/companies", List::Rows("company/companies"), Need::COMPANIES),
    ("/company/configurations", List::Rows("company/configurations"), Need::CONFIGURATIONS),
    (
        "/company/configurations/types",
        List::Rows("company/configurations/types"),
        Need::Table("Company / Configuration"),
    ),
    (
        "/company/configurations/statuses",
        List::Rows("company/configurations/statuses"),
        Need::Table("Company / Configuration Status"),
    ),
    ("/service/tickets", List::Rows("service/tickets"), Need::TICKETS),
    ("/service/boards", List::Rows("service/boards"), Need::Table("Service / Service Board")),
    ("/service/info/boards", List::BoardInfos, Need::TICKETS),
    ("/service/priorities", List::Rows("service/priorities"), Need::Table("Service / Priority")),
];

impl Route {
    /// Finds an endpoint, given in lower case with a slash in front.
    pub(crate) fn find(endpoint: &str) -> Option<Self> {
        let endpoint = endpoint.trim_end_matches('/');
        single(endpoint)
            .or_else(|| bare(endpoint))
            .or_else(|| settings(endpoint))
            .or_else(|| teams(endpoint))
            .or_else(|| LISTS.iter().find_map(|(path, list, need)| part_of(endpoint, path, *list, *need)))
    }
}

fn single(endpoint: &str) -> Option<Route> {
    let (_, target, need) = SINGLE.iter().find(|(path, ..)| *path == endpoint)?;
    Some(Route { target: *target, need: *need })
}

fn bare(endpoint: &str) -> Option<Route> {
    let (_, list, need) = BARE.iter().find(|(path, ..)| *path == endpoint)?;
    Some(Route { target: Target::List(*list, Part::All), need: *need })
}

/// `/system/securityroles/{role}/settings` and what is below it.
fn settings(endpoint: &str) -> Option<Route> {
    let (role, rest) = endpoint.strip_prefix("/system/securityroles/")?.split_once('/')?;
    part_of(rest, "settings", List::Settings(role.parse().ok()?), Need::ROLES)
}

/// `/service/boards/{board}/teams` and what is below it. **Not established:** its right, here that of the
/// boards.
fn teams(endpoint: &str) -> Option<Route> {
    let (board, rest) = endpoint.strip_prefix("/service/boards/")?.split_once('/')?;
    part_of(rest, "teams", List::Teams(board.parse().ok()?), Need::Table("Service / Service Board"))
}

fn part_of(endpoint: &str, path: &str, list: List, need: Need) -> Option<Route> {
    let part = match endpoint.strip_prefix(path)? {
        "" => Part::All,
        "/count" => Part::Count,
        below => Part::One(below.strip_prefix('/')?.parse().ok()?),
    };
    Some(Route { target: Target::List(list, part), need })
}
