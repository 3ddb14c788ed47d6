//! Who is calling: Basic authentication with `company+public:private`, and the `clientId` header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::options::{BadClientId, BadKey, Options};
use crate::reply::Reply;
use crate::request::Request;
use crate::tenant::Tenant;

/// The three parts of the `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) company: String,
    public: String,
    private: String,
}

impl Credentials {
    /// None when the header is missing or is not Basic authentication in the form of an API key.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (user, private) = decoded.split_once(':')?;
        let (company, public) = user.split_once('+')?;
        Some(Self { company: company.to_owned(), public: public.to_owned(), private: private.to_owned() })
    }
}

/// A member whose key was accepted, with the role that it acts under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) member: i64,
    pub(crate) role: Option<&'a Value>,
}

impl<'a> Caller<'a> {
    /// Checks the `clientId` first, then the key, then that its member is active.
    /// **Not established:** that order, and whether an inactive *role* stops its members (here it
    /// does not).
    pub(crate) fn admit(
        tenant: &'a Tenant,
        credentials: &Credentials,
        request: &Request,
        options: &Options,
    ) -> Result<Self, Reply> {
        check_client_id(tenant, request, options)?;
        let refuse = || refusal(options.bad_key, request);
        let matches =
            |key: &&crate::Key| key.public == credentials.public && key.private == credentials.private;
        let key = tenant.sim.keys.iter().find(matches).ok_or_else(refuse)?;
        let row = tenant
            .api_member(key.member)
            .or_else(|| tenant.member(key.member))
            .filter(|row| row["active"] != false)
            .ok_or_else(refuse)?;
        let role = row["role"].as_i64().and_then(|id| tenant.role(id));
        Ok(Self { tenant, member: key.member, role })
    }

    /// The id of the caller's role.
    pub(crate) fn role_id(&self) -> Option<i64> {
        self.role?["id"].as_i64()
    }
}

fn check_client_id(tenant: &Tenant, request: &Request, options: &Options) -> Result<(), Reply> {
    let sent = request.header("clientid").map(str::trim).filter(|id| !id.is_empty());
    let accepted = &tenant.sim.client_ids;
    let is_known = |id: &str| accepted.is_empty() || accepted.iter().any(|own| own.eq_ignore_ascii_case(id));
    match sent {
        Some(id) if is_known(id) => Ok(()),
        sent => Err(match options.bad_client_id {
            BadClientId::BadRequest => Reply::bad_client_id(sent.is_some()),
            BadClientId::Unauthorized => Reply::unauthorized(),
            BadClientId::Cannot => Reply::cannot_get(&request.path),
        }),
    }
}

/// What a key gets that is not accepted.
pub(crate) fn refusal(bad_key: BadKey, request: &Request) -> Reply {
    let is_router = request.endpoint().is_some_and(|(codebase, _)| codebase == crate::answer::ANY_CODEBASE);
    match bad_key {
        BadKey::ByCodebase if is_router => Reply::not_found(&request.path),
        BadKey::ByCodebase | BadKey::Unauthorized => Reply::unauthorized(),
        BadKey::NotFound => Reply::not_found(&request.path),
        BadKey::NotAuthenticated => Reply::error(400, "ConnectWiseApi", "UserNotAuthenticated"),
    }
}
