//! Collecting a tenant: the lists first, then the settings of the roles that they lead to.

mod look;
mod own;

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::RwLock;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use super::access::Access;
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::lists::{List, MOST_TIME, PAGE_SIZE, Proofs, Step, shape};
use super::shared::Shared;
use super::trace::Exchange;
use super::transport::{Answer, Connection, Transport, TransportError};
use super::wire::{
    CompanyInfo, MemberRow, Object, OwnMemberRow, PlainRow, RoleHolderRow, RoleRow, Row, SettingRow, Visit,
    each_plain,
};
use crate::model::{
    Dataset, DatasetName, Gap, GapCause, Member, Name, RequestCount, RoleId, Setting, Tenant, TenantId, Verb,
    fold_name,
};

pub use look::Form;
pub use own::{Board, Company, CompanyFault, CompanyRow, KeyHolder, ListItem};

/// What is said where a refused key is taken the other way round.
const SWAPPED: &str = "the two halves of the key are swapped: the PSA takes them the other way round; exchange public and private key (LEASTWISE_PUBLIC_KEY and LEASTWISE_PRIVATE_KEY)";

/// Told how many of how many roles have been read.
pub type Progress<'p> = &'p dyn Fn(usize, usize);

/// Why a tenant could not be read at all, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Unreadable {
    /// The sentence.
    pub said: String,
    /// What it makes of each dataset.
    pub cause: GapCause,
}

impl Unreadable {
    fn of(fault: &Fault) -> Self {
        Self { said: fault.to_string(), cause: fault.cause() }
    }
}

/// Reads one tenant.
#[derive(Debug)]
pub struct Client {
    transport: Transport,
    connection: Connection,
    company: String,
    codebase: RwLock<Option<String>>,
    moved: OnceCell<bool>,
    proofs: Proofs,
}

impl Client {
    /// A client that has not asked anything yet.
    ///
    /// # Errors
    /// A certificate or a key that cannot be used.
    pub fn new(connection: Connection, access: Access) -> Result<Self, TransportError> {
        let (alone, _) = Shared::new();
        Self::sharing(&alone, connection, access, &[])
    }

    /// One that shares its connections with others, and its limit with those who ask the same PSA for
    /// the same company. Answers may hold the keys of `others`, too, and show them no more than its own.
    ///
    /// # Errors
    /// A certificate or a key that cannot be used.
    pub fn sharing(
        shared: &Shared,
        connection: Connection,
        access: Access,
        others: &[Access],
    ) -> Result<Self, TransportError> {
        let company = access.company.clone();
        let tenant = TenantId { site: connection.site.identity(), company: company.clone() };
        let (http, limit) = (shared.http(&connection)?, shared.limit(&tenant, &connection));
        let transport = Transport::new(&connection, access, others, http, limit)?;
        Ok(Self {
            transport,
            connection,
            company,
            codebase: RwLock::new(None),
            moved: OnceCell::new(),
            proofs: Proofs::default(),
        })
    }

    /// Which PSA this reads.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        TenantId { site: self.connection.site.identity(), company: self.company.clone() }
    }

    /// Every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestCount> {
        self.transport.requests()
    }

    /// How long everything for this PSA and company waited for 429.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.transport.waited()
    }

    /// The first exchanges one by one, with what a support case asks for.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.transport.exchanges()
    }

    /// What answers said that nobody knows, without keys: for a person at a terminal, and for no file.
    #[must_use]
    pub fn overheard(&self) -> Vec<String> {
        self.transport.overheard()
    }

    /// Reads the lists that are wanted, without the settings of any role. People's logins are dropped
    /// where they are not among `member_names`, which are folded; `None` keeps them all.
    ///
    /// # Errors
    /// Why the company could not be found, or not be asked for, or that the key was refused.
    pub async fn lists(
        &self,
        wanted: &BTreeSet<DatasetName>,
        member_names: Option<&BTreeSet<String>>,
        now: Timestamp,
    ) -> Result<Tenant, Unreadable> {
        let info = self.company_info().await?;
        let mut tenant = Tenant::unread(self.tenant_id(), now);
        tenant.psa_version = version(info.version_code);
        let is_wanted = |dataset| wanted.contains(&dataset);
        // The first call with the key goes alone: one that is refused once is refused everywhere, and may
        // be locked for trying.
        let roles = self.list::<RoleRow>(Endpoint::roles(), now).await.map_err(Fault::at_first);
        if let Err(fault) = &roles
            && fault.stops()
        {
            return Err(self.refusal(fault).await);
        }
        let mut plain = Plain { client: self, wanted, now, reads: Vec::new() };
        each_plain(&mut plain);
        let (api_members, members, own_member, plain) = tokio::join!(
            self.when(
                is_wanted(DatasetName::ApiMembers),
                self.list::<RoleHolderRow>(Endpoint::api_members(), now)
            ),
            self.when(is_wanted(DatasetName::Members), self.list::<MemberRow>(Endpoint::members(), now)),
            self.when(
                is_wanted(DatasetName::OwnMember),
                self.single::<OwnMemberRow>(Endpoint::own_member(), now)
            ),
            join_all(plain.reads),
        );
        let faults = [fault(api_members.as_ref()), fault(members.as_ref()), fault(own_member.as_ref())];
        let faults = faults.into_iter().flatten().chain(plain.iter().filter_map(|read| read.fault.as_ref()));
        // The key was taken before, and is not now: somebody deleted it, or locked its member.
        if let Some(refused) = faults.into_iter().find(|fault| fault.is_refusal()) {
            return Err(Unreadable::of(refused));
        }
        let are_roles_refused = matches!(roles, Err(Fault::Forbidden(_)));
        tenant.roles = never_empty(DatasetName::Roles, roles, |role| role.id.0);
        replace(&mut tenant.api_members, api_members, |rows| {
            let rows = rows.map(|rows| {
                let (members, names): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
                if are_roles_refused {
                    let held = members.iter().zip(names);
                    tenant.role_names.extend(held.filter_map(|(member, name)| Some((member.role?, name?))));
                }
                members
            });
            never_empty(DatasetName::ApiMembers, rows, |member| member.id.0)
        });
        replace(&mut tenant.members, members, |rows| {
            let mut members = never_empty(DatasetName::Members, rows, |member| member.id.0);
            if let (Dataset::Complete(members), Some(names)) = (&mut members, member_names) {
                forget_people(members, names);
            }
            members
        });
        replace(&mut tenant.own_member, own_member, |row| dataset(DatasetName::OwnMember, row));
        for read in plain {
            (read.put)(&mut tenant);
        }
        agree_on_own_use(&mut tenant);
        tenant.note_namesakes();
        Ok(tenant)
    }

    /// Why nothing is read with this key, after looking whether its halves are swapped.
    async fn refusal(&self, fault: &Fault) -> Unreadable {
        if fault.may_be_the_key() && self.is_accepted_swapped().await {
            return Unreadable { said: SWAPPED.to_owned(), cause: fault.cause() };
        }
        let said = format!("{fault}{}", self.transport.remark_on_client_id());
        Unreadable { said, cause: fault.cause() }
    }

    /// Whether the key is accepted with its halves exchanged.
    async fn is_accepted_swapped(&self) -> bool {
        let endpoint = Endpoint::own_member();
        let query = endpoint.query(1, PAGE_SIZE);
        self.transport.swapped().get(&self.url(&endpoint), &query, MOST_TIME).await.0.is_ok()
    }

    /// Reads the settings of `roles`, several at once, and adds them to the tenant.
    ///
    /// # Errors
    /// The key is refused by now.
    pub async fn add_settings(
        &self,
        tenant: &mut Tenant,
        roles: &[RoleId],
        progress: Progress<'_>,
    ) -> Result<(), Unreadable> {
        let now = tenant.taken_at;
        let mut answers = stream::iter(roles.iter().copied())
            .map(|role| async move { (role, self.list::<SettingRow>(Endpoint::settings(role), now).await) })
            .buffer_unordered(self.connection.at_once.max(1));
        let mut done = 0;
        progress(done, roles.len());
        while let Some((role, rows)) = answers.next().await {
            let settings: Dataset<Vec<Setting>> = match rows {
                Ok(rows) => Dataset::never_empty(DatasetName::Settings, in_order(rows)),
                Err(fault) if fault.is_refusal() => return Err(Unreadable::of(&fault)),
                Err(fault) => Dataset::Unavailable(Gap::of_role(role, fault.cause())),
            };
            tenant.settings.insert(role, settings);
            done += 1;
            progress(done, roles.len());
        }
        Ok(())
    }

    async fn when<T>(&self, wanted: bool, read: impl Future<Output = T>) -> Option<T> {
        if wanted { Some(read.await) } else { None }
    }

    /// Asks the site which codebase serves the company.
    async fn company_info(&self) -> Result<CompanyInfo, Unreadable> {
        let site = self.connection.site.identity();
        let info = self.ask_company().await.map_err(|fault| Unreadable {
            said: format!("asking {site} for the company \"{}\": {fault}", self.company),
            cause: fault.cause(),
        })?;
        info.ok_or_else(|| Unreadable {
            said: format!(
                "{site} knows no company \"{}\": write the company id that is typed on the login screen, with its capitals, not the company's name",
                self.company
            ),
            cause: GapCause::NoCompany,
        })
    }

    /// What the site says of the company, none where it knows no such company; keeps the codebase.
    async fn ask_company(&self) -> Result<Option<CompanyInfo>, Fault> {
        let mut url = self.connection.site.login_base().clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["login", "companyinfo", &self.company]);
        }
        let answer = self.transport.get_public(&url).await.map_err(Fault::without_key)?;
        let info: Option<Object<CompanyInfo>> =
            serde_json::from_slice(&answer.body).map_err(|error| Fault::Misshapen(shape(&error)))?;
        let Some(Object(info)) = info else {
            return Ok(None);
        };
        let codebase = info.codebase.as_deref().unwrap_or("v4_6_release/").trim_matches('/').to_owned();
        if !is_codebase(&codebase) {
            return Err(Fault::Misshapen("its codebase is none, such as v4_6_release".to_owned()));
        }
        *self.codebase.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(codebase);
        Ok(Some(info))
    }

    fn codebase(&self) -> Option<String> {
        self.codebase.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn url(&self, endpoint: &Endpoint) -> Url {
        let codebase = self.codebase().unwrap_or_default();
        let mut url = self.connection.site.api_base(&codebase);
        url.set_path(&format!("/{codebase}/apis/3.0/{}", endpoint.path));
        url
    }

    /// Asks for one page, and says how long that took. Where it is not found, the cloud may have moved to
    /// another codebase meanwhile.
    async fn page(
        &self,
        endpoint: &Endpoint,
        page: u32,
        within: Duration,
    ) -> (Result<Answer, Fault>, Duration) {
        let query = endpoint.query(page, PAGE_SIZE);
        let url = self.url(endpoint);
        let (answer, took) = self.transport.get(&url, &query, within).await;
        if !matches!(answer, Err(Fault::NotFound(_) | Fault::CannotRoute(_))) || !self.has_moved().await {
            return (answer, took);
        }
        let moved = self.url(endpoint);
        if moved == url {
            return (answer, took);
        }
        let (answer, again) = self.transport.get(&moved, &query, within.saturating_sub(took)).await;
        (answer, took + again)
    }

    /// Whether the company is served by another codebase than at first; asked no more than once.
    async fn has_moved(&self) -> bool {
        let before = self.codebase();
        let ask = async || self.company_info().await.is_ok() && self.codebase() != before;
        *self.moved.get_or_init(ask).await
    }

    async fn single<R: Row + DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        now: Timestamp,
    ) -> Result<R::Into, Fault> {
        let (answer, _) = self.page(&endpoint, 1, MOST_TIME).await;
        let answer = answer?;
        let Object(row): Object<R> =
            serde_json::from_slice(&answer.body).map_err(|error| Fault::Misshapen(shape(&error)))?;
        let id = row.id().ok_or_else(|| Fault::Misshapen("it has no id".to_owned()))?;
        row.convert(id, now).map_err(|field| Fault::Misshapen(format!("it has no {field}")))
    }

    /// Reads a list to its last page.
    async fn list<R: Row + DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        now: Timestamp,
    ) -> Result<Vec<R::Into>, Fault> {
        let mut list = List::<R>::new(endpoint, &self.proofs, now);
        let mut left = MOST_TIME;
        loop {
            let (answer, took) = self.page(list.endpoint(), list.page(), left).await;
            left = left.saturating_sub(took);
            if left.is_zero() {
                return Err(Fault::TooSlow(MOST_TIME.as_secs()));
            }
            let answer = answer?;
            if list.take(&answer.body, answer.link)? == Step::Whole {
                return Ok(list.into_rows());
            }
        }
    }
}

/// Asks for each plain list that is wanted.
struct Plain<'c> {
    client: &'c Client,
    wanted: &'c BTreeSet<DatasetName>,
    now: Timestamp,
    reads: Vec<Pin<Box<dyn Future<Output = PlainRead> + 'c>>>,
}

/// A plain list that was asked for.
struct PlainRead {
    fault: Option<Fault>,
    put: Box<dyn FnOnce(&mut Tenant)>,
}

impl Visit for Plain<'_> {
    fn visit<R: PlainRow>(&mut self) {
        let (client, now, endpoint) = (self.client, self.now, R::endpoint());
        if !self.wanted.contains(&endpoint.dataset) {
            return;
        }
        self.reads.push(Box::pin(async move {
            let rows = client.list::<R>(endpoint, now).await;
            PlainRead { fault: rows.as_ref().err().cloned(), put: Box::new(|tenant| put::<R>(tenant, rows)) }
        }));
    }
}

/// Puts a plain list where it belongs.
pub(super) fn put<R: PlainRow>(tenant: &mut Tenant, rows: Result<Vec<R::Into>, Fault>) {
    let name = R::endpoint().dataset;
    *R::slot(tenant) = if R::NEVER_EMPTY {
        never_empty(name, rows, R::order)
    } else {
        dataset(name, rows.map(|rows| sorted(rows, R::order)))
    };
}

/// A folder of the API's: it stands in the path of every request, which reports list.
fn is_codebase(name: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.len() <= 4 && part.chars().all(|c| c.is_ascii_digit());
    let lower = name.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix('v') else { return false };
    let numbers = rest.strip_suffix("_release").unwrap_or(rest);
    let parts = numbers.split(['_', '.']);
    parts.clone().count() <= 4 && parts.into_iter().all(digits)
}

/// The PSA's version, where it is written as one.
pub(super) fn version(code: Option<String>) -> Option<Name> {
    const LONGEST: usize = 24;
    let is_version = |code: &String| {
        let rest = code.strip_prefix(['v', 'V']).unwrap_or(code);
        (1..=LONGEST).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_digit() || "._".contains(c))
    };
    code.filter(is_version).map(Into::into)
}

pub(super) fn sorted<T>(mut rows: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
    rows.sort_by_key(id);
    rows
}

/// Settings by id; those without one by what they are about and then by what they say, so that no order in
/// which they come reaches a report.
pub(super) fn in_order(mut settings: Vec<Setting>) -> Vec<Setting> {
    let key = |setting: &Setting| {
        let rest = setting.id.is_none().then(|| {
            let names = (Name::clone(&setting.module), Name::clone(&setting.function));
            let more = (setting.description.clone(), setting.identifier.clone());
            (names, more, Verb::ALL.map(|verb| setting.grants.of(verb).to_string()))
        });
        (setting.id.is_none(), setting.id, rest)
    };
    settings.sort_by_cached_key(key);
    settings
}

pub(super) fn dataset<T>(name: DatasetName, rows: Result<T, Fault>) -> Dataset<T> {
    match rows {
        Ok(rows) => Dataset::Complete(rows),
        Err(fault) => Dataset::unavailable(name, fault.cause()),
    }
}

pub(super) fn never_empty<T>(
    name: DatasetName,
    rows: Result<Vec<T>, Fault>,
    id: impl Fn(&T) -> i64,
) -> Dataset<Vec<T>> {
    match rows {
        Ok(rows) => Dataset::never_empty(name, sorted(rows, id)),
        Err(fault) => Dataset::unavailable(name, fault.cause()),
    }
}

fn fault<T>(answer: Option<&Result<T, Fault>>) -> Option<&Fault> {
    answer?.as_ref().err()
}

fn replace<A, T>(slot: &mut Dataset<T>, answer: Option<A>, make: impl FnOnce(A) -> Dataset<T>) {
    if let Some(answer) = answer {
        *slot = make(answer);
    }
}

/// Our own member's last use is read twice, in two lists; the later one holds for both, as in a snapshot.
pub(super) fn agree_on_own_use(tenant: &mut Tenant) {
    if let (Dataset::Complete(own), Dataset::Complete(uses)) =
        (&mut tenant.own_member, &mut tenant.member_use)
        && let Some(listed) = uses.iter_mut().find(|member| member.id == own.id)
    {
        own.days = own.days.into_iter().chain(listed.days).min();
        listed.days = own.days;
    }
}

/// People are not the subject: a login is kept only where it is the name of an integration.
pub(super) fn forget_people(members: &mut [Member], member_names: &BTreeSet<String>) {
    for member in members {
        let names_an_integration = member.is_person() != Some(false)
            && member.identifier.as_deref().is_some_and(|login| member_names.contains(&fold_name(login)));
        if !names_an_integration {
            member.identifier = None;
        }
    }
}
