//! Asking: the requests of a survey, GET and one after the other, each for no more than its question needs.

use jiff::Timestamp;
use serde_json::Value;

use super::finding::Why;
use super::rows::{Look, id, inquires, object, rows, text};
use crate::model::RoleId;
use crate::rules::Catalog;
use crate::source::connectwise::{Client, Company, CompanyFault, Endpoint, Fault, Form};

/// So many roles are looked into; more would tell nothing new.
const MOST_ROLES: usize = 25;

/// A request without what belongs to anybody, and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// The path, an `{id}` where an id stood.
    pub path: String,
    /// The status; `None` where no answer came.
    pub status: Option<u16>,
}

/// Why no survey could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The site knows no such company.
    NoCompany,
    /// The site, or the first question with the key, was answered with a fault.
    Fault(Fault),
}

/// Everything that was seen. What people and records are called is in it only as far as a question needs it,
/// and in no report.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(super) at: Timestamp,
    pub(super) company: Company,
    pub(super) roles: Look,
    /// The first role alone, of which only the id was asked for.
    pub(super) first_role: Look,
    /// The settings of roles.
    pub(super) settings: Vec<(i64, Look)>,
    /// How many settings the first of these roles has.
    pub(super) settings_count: Look,
    pub(super) api_members: Look,
    /// Every member's id, licence class and role.
    pub(super) members: Look,
    /// The members that the PSA selects as API members.
    pub(super) api_rows: Look,
    /// The auditor's key, then the integration's.
    pub(super) callers: Vec<Caller>,
    /// Whether the first refusal said what it is known to say.
    pub(super) refusal_is_known: Option<bool>,
    pub(super) asked: Vec<Asked>,
}

/// What one key was told.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Its own member.
    pub me: Look,
    /// Its own rights.
    pub rights: Look,
    /// Its own customise lists.
    pub items: Look,
    /// What of each list that needs a permission.
    pub opened: Vec<(Opened, Look)>,
    /// The tables that the catalog has an endpoint for, asked where the role has Table Setup.
    pub tables: Vec<(String, Look)>,
    pub boards: Look,
    /// The teams of one board.
    pub teams: Look,
    pub companies: Look,
}

/// A list of which it is assumed which permission opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    Roles,
    Members,
    ApiMembers,
    Logins,
    Boards,
    BoardInfos,
    Callbacks,
    Reports,
}

impl Opened {
    const ALL: [Self; 8] = [
        Self::Roles,
        Self::Members,
        Self::ApiMembers,
        Self::Logins,
        Self::Boards,
        Self::BoardInfos,
        Self::Callbacks,
        Self::Reports,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Roles => "system/securityroles",
            Self::Members => "system/members",
            Self::ApiMembers => "system/apiMembers",
            Self::Logins => "system/integratorlogins",
            Self::Boards => "service/boards",
            Self::BoardInfos => "service/info/boards",
            Self::Callbacks => "system/callbacks",
            Self::Reports => "system/reports",
        }
    }
}

/// Asks everything; with the integration's key too, where there is one.
///
/// # Errors
/// Why nothing can be asked: the site, the company or the auditor's key.
pub(crate) async fn ask(
    auditor: &Client,
    integration: Option<&Client>,
    catalog: &Catalog,
    at: Timestamp,
) -> Result<Seen, Stopped> {
    let company = auditor.company().await.map_err(|fault| match fault {
        CompanyFault::Unknown => Stopped::NoCompany,
        CompanyFault::Fault(fault) => Stopped::Fault(fault),
    })?;
    let mut asking = Asking { client: auditor, asked: Vec::new(), refusal: None };
    if let Err(fault @ Fault::Refused(_)) = asking.raw("system/myMembers", &["id"], "", None).await {
        // A key that is refused once is refused everywhere, and may be locked for trying.
        return Err(Stopped::Fault(fault));
    }
    let mut callers = vec![caller(&mut asking, catalog).await];
    let mut seen = lists(&mut asking, company, at).await;
    if let Some(integration) = integration {
        asking.client = integration;
        // Its codebase has to be known before its API can be asked.
        if integration.company().await.is_ok() {
            callers.push(caller(&mut asking, catalog).await);
        }
    }
    seen.callers = callers;
    seen.refusal_is_known = asking.refusal;
    asking.asked.sort();
    seen.asked = asking.asked;
    Ok(seen)
}

/// The lists that only the auditor's key is asked for.
async fn lists(asking: &mut Asking<'_>, company: Company, at: Timestamp) -> Seen {
    let roles = asking.list("system/securityroles", &["id", "name", "adminFlag", "_info"]).await;
    let first_role = asking.first("system/securityroles", &["id"]).await;
    let mut settings = Vec::new();
    for role in worth_reading(&roles) {
        let endpoint = Endpoint::settings(RoleId(role));
        let fields: Vec<&str> = endpoint.fields.split(',').collect();
        settings.push((role, asking.list(&endpoint.path, &fields).await));
    }
    let settings_count = match settings.first() {
        Some((role, Ok(_))) => {
            asking.look(&format!("system/securityRoles/{role}/settings/count"), &[], None).await
        }
        _ => Err(Why::NothingToSee),
    };
    let api_members = asking.list("system/apiMembers", &["id", "identifier", "structureLevel"]).await;
    let members = asking.list("system/members", &["id", "licenseClass", "securityRole/id"]).await;
    let fields =
        ["id", "identifier", "licenseClass", "lastLogin", "restrictLocationFlag", "restrictDepartmentFlag"];
    let only_api = Some(("conditions", "licenseClass=\"A\""));
    let api_rows = asking.with("system/members", &fields, "1000", only_api).await;
    Seen {
        at,
        company,
        roles,
        first_role,
        settings,
        settings_count,
        api_members,
        members,
        api_rows,
        callers: Vec::new(),
        refusal_is_known: None,
        asked: Vec::new(),
    }
}

/// Roles to look into: admin roles first, then the others.
fn worth_reading(roles: &Look) -> Vec<i64> {
    let mut roles: Vec<_> = rows(roles).unwrap_or_default().iter().collect();
    roles.sort_by_key(|role| role["adminFlag"] != true);
    roles.into_iter().filter_map(id).take(MOST_ROLES).collect()
}

/// What one key is told.
async fn caller(asking: &mut Asking<'_>, catalog: &Catalog) -> Caller {
    let me = asking.look("system/myMembers", &["id", "lastLogin", "securityRole"], None).await;
    let settings = Endpoint::settings(RoleId(0));
    let fields: Vec<&str> = settings.fields.split(',').collect();
    let rights = asking.list("system/mySecurity", &fields).await;
    let items = asking
        .list("system/mySecurity/customizeItems/", &["id", "customizeIdentifier", "itemIdentifier"])
        .await;
    let mut opened = Vec::new();
    for list in Opened::ALL {
        let look = match list {
            // What a report is called is its only name, and fields are not for reports.
            Opened::Reports => asking.look(list.path(), &[], Some("1000")).await,
            _ => asking.first(list.path(), &["id"]).await,
        };
        opened.push((list, look));
    }
    let mut tables = Vec::new();
    if inquires(rows(&rights).unwrap_or_default(), "System", &["Table Setup"]) == Some(true) {
        for table in catalog.tables() {
            if let Some(path) = table.endpoints.first() {
                let look = asking.first(path.trim_start_matches('/'), &["id"]).await;
                tables.push((table.name.clone(), look));
            }
        }
    }
    let boards = asking.with("service/boards", &["id", "inactiveFlag"], "25", None).await;
    let board = rows(&boards).ok().and_then(<[Value]>::first).and_then(id);
    let teams = match board {
        Some(board) => asking.list(&format!("service/boards/{board}/teams"), &["id", "defaultFlag"]).await,
        None => Err(boards.as_ref().err().copied().unwrap_or(Why::NothingToSee)),
    };
    let companies = asking.first("company/companies", &["id", "deletedFlag"]).await;
    Caller { me, rights, items, opened, tables, boards, teams, companies }
}

impl Caller {
    /// The id of its role.
    pub(super) fn role(&self) -> Option<i64> {
        id(&object(&self.me).ok()?["securityRole"])
    }

    /// Its entries of Table Setup's customise list.
    pub(super) fn table_items(&self) -> Result<Vec<&Value>, Why> {
        let is_table = |row: &&Value| text(row, "customizeIdentifier") == Some("SystemTableSetup");
        Ok(rows(&self.items)?.iter().filter(is_table).map(|row| &row["itemIdentifier"]).collect())
    }
}

/// Who asks, and what was asked.
struct Asking<'c> {
    client: &'c Client,
    asked: Vec<Asked>,
    refusal: Option<bool>,
}

impl Asking<'_> {
    async fn list(&mut self, path: &str, fields: &[&str]) -> Look {
        self.look(path, fields, Some("1000")).await
    }

    async fn first(&mut self, path: &str, fields: &[&str]) -> Look {
        self.look(path, fields, Some("1")).await
    }

    async fn look(&mut self, path: &str, fields: &[&str], page_size: Option<&str>) -> Look {
        self.with(path, fields, page_size.unwrap_or_default(), None).await
    }

    async fn with(
        &mut self,
        path: &str,
        fields: &[&str],
        page_size: &str,
        more: Option<(&'static str, &str)>,
    ) -> Look {
        self.raw(path, fields, page_size, more).await.map_err(|fault| match fault {
            Fault::Forbidden(_) => Why::Refused,
            Fault::NotFound(_) => Why::NotThere,
            _ => Why::NoAnswer,
        })
    }

    async fn raw(
        &mut self,
        path: &str,
        fields: &[&str],
        page_size: &str,
        more: Option<(&'static str, &str)>,
    ) -> Result<Form, Fault> {
        let mut query = Vec::new();
        if !fields.is_empty() {
            query.push(("fields", fields.join(",")));
        }
        query.extend(more.map(|(key, value)| (key, value.to_owned())));
        if !page_size.is_empty() {
            query.push(("page", "1".to_owned()));
            query.push(("pageSize", page_size.to_owned()));
        }
        let answer = self.client.look(path, query).await;
        let status = answer.as_ref().map_or_else(Fault::status, |_| Some(200));
        self.asked.push(Asked { path: without_ids(path), status });
        if let Err(fault @ Fault::Forbidden(_)) = &answer {
            let is_known = says_what_refusals_say(fault);
            self.refusal = Some(self.refusal.unwrap_or(true) && is_known);
        }
        answer
    }
}

/// Whether a refusal has the sentence that the PSA is known to refuse with.
fn says_what_refusals_say(fault: &Fault) -> bool {
    matches!(fault, Fault::Forbidden(said) if said.known.iter().any(|text| text.contains("do not have security permission")))
}

/// A path with `{id}` for each part of it that is a number.
fn without_ids(path: &str) -> String {
    let part = |part: &str| if part.parse::<i64>().is_ok() { "{id}".to_owned() } else { part.to_owned() };
    path.trim_matches('/').split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::without_ids;

    #[test]
    fn ids_do_not_stand_in_a_path() {
        assert_eq!(
            without_ids("system/securityRoles/63/settings/count"),
            "system/securityRoles/{id}/settings/count"
        );
        assert_eq!(without_ids("system/mySecurity/customizeItems/"), "system/mySecurity/customizeItems");
    }
}
