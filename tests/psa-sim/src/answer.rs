//! From a request to an answer, as the PSA would give it: tenant, key, endpoint, right, rows, page.

use serde_json::Value;

use crate::auth::{Caller, Credentials};
use crate::fault::Fault;
use crate::options::Options;
use crate::paging::{self, LinkBase};
use crate::query::Query;
use crate::reply::Reply;
use crate::request::Request;
use crate::routes::{List, Part, Route, Target};
use crate::rows::Rows;
use crate::tenant::Tenant;
use crate::wire::{logins, members, roles, system};

/// The codebase that every PSA accepts beside its own.
pub(crate) const ANY_CODEBASE: &str = "v4_6_release";

/// Answers a call of the API. `tenant` is the one that the credentials name, or none when there is
/// no such company. `fault` is one that bends paging, or one that is of no concern here.
pub(crate) fn api(
    tenant: Option<&Tenant>,
    credentials: &Credentials,
    request: &Request,
    options: &Options,
    fault: Option<&Fault>,
) -> Result<Reply, Reply> {
    let (codebase, endpoint) = request.endpoint().ok_or_else(|| Reply::not_found(&request.path))?;
    let tenant = tenant.ok_or_else(Reply::cannot_route)?;
    let own = tenant.sim.codebase.trim_matches('/');
    let joined_twice = endpoint.starts_with("/apis/");
    if joined_twice || !(codebase == ANY_CODEBASE || codebase.eq_ignore_ascii_case(own)) {
        return Err(Reply::cannot_route());
    }
    let caller = Caller::admit(tenant, credentials, request, options)?;
    check_version(tenant, request, options)?;
    let route = Route::find(&endpoint).ok_or_else(|| Reply::not_found(&request.path))?;
    if !route.need.is_met(&caller, options.no_list_no_table) {
        return Err(Reply::forbidden());
    }
    let query = Query::parse(request, options.page_cap)?;
    match route.target {
        Target::MyMember => Ok(Reply::json(200, query.project(members::my_member(&caller)))),
        Target::BlankApiMember => Ok(Reply::json(200, query.project(members::blank_api_member()))),
        Target::Info => Ok(Reply::json(200, query.project(system::info(tenant)))),
        Target::List(list, part) => {
            let rows = rows(list, caller, options)?;
            Ok(match part {
                Part::All => paging::page(&rows, &query, &link_base(request, options, fault), fault),
                Part::Count => paging::count(&rows, &query),
                Part::One(id) => paging::one(&rows, &query, id),
            })
        }
    }
}

/// A version in `Accept` that is newer than the tenant's release may not be served.
fn check_version(tenant: &Tenant, request: &Request, options: &Options) -> Result<(), Reply> {
    let Some(status) = options.unknown_version else { return Ok(()) };
    let asked = request.header("accept").and_then(|accept| accept.split_once("version="));
    let asked = asked.map(|(_, version)| version.trim());
    let number = |version: &str| -> Option<(u32, u32)> {
        let (year, release) = version.trim_start_matches('v').split_once('.')?;
        Some((year.parse().ok()?, release.parse().ok()?))
    };
    match asked.and_then(number).zip(number(&tenant.sim.version)) {
        Some((asked, served)) if asked > served => {
            Err(Reply::error(status, "ConnectWiseApi", "The version of the API is not supported."))
        }
        _ => Ok(()),
    }
}

/// Answers `/login/companyinfo/{company}`. An unknown company is 200 with `null`.
pub(crate) fn company_info(tenant: Option<&Tenant>, options: &Options) -> Reply {
    Reply::json(200, tenant.map_or(Value::Null, |tenant| system::company_info(tenant, options.boolean_cloud)))
}

fn rows<'a>(list: List, caller: Caller<'a>, options: &Options) -> Result<Rows<'a>, Reply> {
    let tenant = caller.tenant;
    Ok(match list {
        List::Roles => Rows::new(tenant.rows("roles"), |row| roles::role(tenant, row)),
        List::Settings(role) => {
            let role = tenant.role(role).ok_or_else(|| Reply::not_found(&format!("Security role {role}")))?;
            Rows::new(settings(role)?, roles::setting)
        }
        List::ApiMembers => Rows::new(tenant.rows("api_members"), |row| members::api_member(tenant, row)),
        List::Members => Rows::new(tenant.rows("members"), move |row| members::member(&caller, row)),
        List::Logins => Rows::new(tenant.rows("logins"), logins::login),
        List::MySecurity => {
            let settings = caller.role.map_or(Ok(&[][..]), settings)?;
            let name = members::caller_name(&caller);
            Rows::new(settings, move |row| roles::my_setting(row, &name))
        }
        List::CustomizeItems => Rows::ready(system::customize_items(&caller, options.reading)),
        List::BoardInfos => Rows::new(tenant.sim.rows("service/boards"), system::board_info),
        List::Teams(board) => {
            let of_board = |team: &&Value| team["boardId"] == board;
            let teams = tenant.sim.rows("service/boards/teams").iter().filter(of_board);
            Rows::ready(teams.cloned().collect::<Vec<_>>())
        }
        List::Rows(endpoint) => Rows::ready(tenant.sim.rows(endpoint)),
    })
}

/// The settings of a role. Where the snapshot could not read them ("HTTP 403: …"), they are
/// refused again.
fn settings(role: &Value) -> Result<&[Value], Reply> {
    if let Some(settings) = role["settings"].as_array() {
        return Ok(settings);
    }
    let reason = role["unavailable"].as_str().unwrap_or_default();
    let typed = role["cause"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = typed.or_else(|| {
        reason.strip_prefix("HTTP ").and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok())
    });
    Err(match status {
        None | Some(403) => Reply::forbidden(),
        Some(status) => Reply::error(status, "ConnectWiseApi", reason),
    })
}

/// Links are absolute. The real ones may name the site without `api-`.
fn link_base(request: &Request, options: &Options, fault: Option<&Fault>) -> LinkBase {
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let host = options.link_host.as_deref().or_else(|| request.header("host")).unwrap_or("localhost");
    let host = if matches!(fault, Some(Fault::LinkForeignHost)) { "foreign.example" } else { host };
    LinkBase { url: format!("{scheme}://{host}{}", request.path), parameters: request.parameters() }
}
