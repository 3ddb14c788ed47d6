//! The whole surface to the network: GET, to one host for the company's information and to its API
//! twin for everything else. The only file that names the HTTP library.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LINK, LOCATION, RETRY_AFTER, USER_AGENT,
};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use url::Url;

use super::access::Access;
use super::fault::Fault;
use super::ledger::Ledger;
use super::limit::Limit;
use super::link::{self, Said};
use super::pace::Bounds;
use super::redact::Redaction;
use super::retry::Retries;
use super::retry_after;
use super::site::Site;
use super::trace::{Exchange, KINDS, Overheard, Trace, shown};
use crate::model::RequestCount;
use crate::rules::words;

/// The newest version whose types are known here: an old one is served for a year after a breaking change
/// (Developer Guide).
const VERSION: &str = "application/vnd.connectwise.com+json; version=2026.11";

/// For a PSA that is older than that and says so: whatever it serves by itself.
const ANY_VERSION: &str = "application/json";

/// No list of the PSA comes near this, even at 1,000 rows a page. It bounds what an answer may unpack to.
const MAX_MIB: usize = 16;

/// Where and how to ask.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The PSA.
    pub site: Site,
    /// Certificates to trust beside the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// The proxy to go through.
    pub proxy: Option<Proxy>,
    /// How long one request is tried.
    pub retries: Retries,
    /// How long nothing but 429 may come.
    pub max_wait: Duration,
    /// Requests in any minute.
    pub per_minute: usize,
    /// Requests under way at once.
    pub at_once: usize,
}

/// A proxy for HTTPS. A site on this machine is never asked through it.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Its URL, which may hold a password.
    pub url: SecretString,
    /// Hosts that are asked without it, as in `NO_PROXY`.
    pub except: Option<String>,
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The certificate file.
    #[error("the certificate file {path} cannot be used: {why}")]
    Certificate {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The proxy's URL, which is not repeated: it may hold a password.
    #[error("HTTPS_PROXY is not a URL such as http://proxy.example.org:3128")]
    Proxy,
    /// A key that cannot stand in a header.
    #[error("the {0} holds a character that no key has; it may have been copied with a line break")]
    Unsendable(&'static str),
    /// The library.
    #[error("no TLS client could be made: {0}")]
    Library(String),
}

/// Connections, and whom they trust. Making one reads every certificate of the system, so those who
/// trust alike share one.
#[derive(Clone, Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    /// The host of the proxy, for messages.
    proxy: Option<String>,
}

impl Http {
    pub(super) fn new(connection: &Connection) -> Result<Self, TransportError> {
        install_crypto();
        // The environment is read with all other settings, not by the library.
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .connect_timeout(connection.retries.attempt);
        let mut proxy_host = None;
        if let Some(proxy) = connection.proxy() {
            let (host, proxy) = through(proxy)?;
            builder = builder.proxy(proxy);
            proxy_host = Some(host);
        }
        if !connection.site.is_encrypted() {
            // No certificate will come, so the system's hundreds of authorities need not be read.
            builder = builder.tls_certs_only([]);
        }
        if let Some(path) = &connection.ca_file {
            let wrong = |why: String| TransportError::Certificate { path: path.display().to_string(), why };
            let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
            let certificates =
                reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| wrong(causes(&error)))?;
            if certificates.is_empty() {
                return Err(wrong("it holds no certificate in PEM".to_owned()));
            }
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let client = builder.build().map_err(|error| TransportError::Library(causes(&error)))?;
        Ok(Self { client, proxy: proxy_host })
    }
}

impl Connection {
    /// What the PSA may be asked.
    pub(super) const fn bounds(&self) -> Bounds {
        Bounds { per_minute: self.per_minute, at_once: self.at_once, max_wait: self.max_wait }
    }

    /// The proxy that is used for this site.
    fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|_| !self.site.is_loopback())
    }

    /// Whether both can use the same [`Http`].
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let proxy = |own: &Self| {
            own.proxy().map(|proxy| (proxy.url.expose_secret().to_owned(), proxy.except.clone()))
        };
        self.site.is_encrypted() == other.site.is_encrypted()
            && self.ca_file == other.ca_file
            && self.retries.attempt == other.retries.attempt
            && proxy(self) == proxy(other)
    }
}

/// Sends GET requests and nothing else.
#[derive(Debug)]
pub(super) struct Transport {
    http: Http,
    redaction: Redaction,
    overheard: Arc<Overheard>,
    access: Access,
    client_id: HeaderValue,
    retries: Retries,
    limit: Arc<Limit>,
    ledger: Arc<Ledger>,
    trace: Arc<Trace>,
    /// Whether the PSA said that it does not know [`VERSION`].
    is_older: AtomicBool,
}

/// An answer with status 200.
#[derive(Debug)]
pub(super) struct Answer {
    /// The body, which looks like JSON.
    pub body: Vec<u8>,
    /// What its `Link` headers say.
    pub link: Said,
}

impl Transport {
    pub(super) fn new(
        connection: &Connection,
        access: Access,
        others: &[Access],
        http: Http,
        limit: Arc<Limit>,
    ) -> Result<Self, TransportError> {
        for (key, name) in [(&access.public_key, "public key"), (&access.private_key, "private key")] {
            if key.expose_secret().chars().any(char::is_control) {
                return Err(TransportError::Unsendable(name));
            }
        }
        let mut client_id = HeaderValue::from_str(access.client_id.expose_secret())
            .map_err(|_| TransportError::Unsendable("client id"))?;
        client_id.set_sensitive(true);
        Ok(Self {
            http,
            redaction: Redaction::of(std::iter::once(&access).chain(others)),
            overheard: Arc::default(),
            access,
            client_id,
            retries: connection.retries,
            limit,
            ledger: Arc::default(),
            trace: Arc::default(),
            is_older: AtomicBool::new(false),
        })
    }

    /// Every request so far.
    pub(super) fn requests(&self) -> Vec<RequestCount> {
        self.ledger.lines()
    }

    /// The first exchanges, one by one.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.trace.exchanges()
    }

    /// What answers said that nobody knows, without keys: for the terminal alone.
    pub(super) fn overheard(&self) -> Vec<String> {
        self.overheard.lines()
    }

    /// How long everything for this PSA and company waited for 429.
    pub(super) fn waited(&self) -> Duration {
        self.limit.waited()
    }

    /// What a refusal adds about a client id that cannot be one; nothing of it is repeated.
    pub(super) fn remark_on_client_id(&self) -> &'static str {
        if self.access.has_client_id() {
            ""
        } else {
            "; the client id has not the form of one (a GUID such as 01234567-89ab-cdef-0123-456789abcdef)"
        }
    }

    /// The same, with the halves of the key exchanged. What it asks is counted here.
    pub(super) fn swapped(&self) -> Self {
        let access = Access {
            public_key: self.access.private_key.clone(),
            private_key: self.access.public_key.clone(),
            ..self.access.clone()
        };
        Self {
            http: self.http.clone(),
            redaction: Redaction::of([&access, &self.access]),
            overheard: Arc::clone(&self.overheard),
            access,
            client_id: self.client_id.clone(),
            retries: self.retries,
            limit: Arc::clone(&self.limit),
            ledger: Arc::clone(&self.ledger),
            trace: Arc::clone(&self.trace),
            is_older: AtomicBool::new(self.is_older.load(Ordering::Relaxed)),
        }
    }

    /// Asks without the key: for the company's information, which everybody may read.
    pub(super) async fn get_public(&self, url: &Url) -> Result<Answer, Fault> {
        let asking = self.retries.run(&self.limit, self.retries.total, || self.get_once(url, &[], None));
        asking.await.0
    }

    /// Asks with the key, for so long; says how long it took, without waiting for a turn.
    pub(super) async fn get(
        &self,
        url: &Url,
        query: &[(&'static str, String)],
        within: Duration,
    ) -> (Result<Answer, Fault>, Duration) {
        let is_older = self.is_older.load(Ordering::Relaxed);
        let version = if is_older { ANY_VERSION } else { VERSION };
        let ask = |version, within| {
            self.retries.run(&self.limit, within, move || self.get_once(url, query, Some(version)))
        };
        let (answer, took) = ask(version, within).await;
        if is_older || !matches!(answer, Err(Fault::UnknownVersion { .. })) {
            return (answer, took);
        }
        let (any, again) = ask(ANY_VERSION, within.saturating_sub(took)).await;
        if any.is_ok() {
            self.is_older.store(true, Ordering::Relaxed);
        }
        (any, took + again)
    }

    /// Sends one request; with the key where there is a version to ask for.
    async fn get_once(
        &self,
        url: &Url,
        query: &[(&'static str, String)],
        version: Option<&'static str>,
    ) -> Result<Answer, Fault> {
        let mut request = self
            .http
            .client
            .get(url.clone())
            .query(query)
            .header(USER_AGENT, concat!("leastwise/", env!("CARGO_PKG_VERSION")));
        if let Some(version) = version {
            let user = format!("{}+{}", self.access.company, self.access.public_key.expose_secret());
            request = request
                .basic_auth(user, Some(self.access.private_key.expose_secret()))
                .header("clientId", self.client_id.clone())
                .header(ACCEPT, version);
        }
        let asked: Vec<_> = query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mut entry = self.ledger.open(url.path(), asked.join("&"));
        let started = Instant::now();
        let sent = request.send().await;
        let answered = sent.as_ref().ok();
        let status = answered.map(|response| response.status().as_u16());
        self.trace.note(url.path(), asked.join("&"), started.elapsed(), status, |name| {
            let value = answered?.headers().get(name)?.to_str().ok()?;
            shown(name, value).filter(|value| !self.redaction.holds(value.as_bytes()))
        });
        let response = sent.map_err(|error| self.no_answer(url, &error))?;
        let status = response.status().as_u16();
        entry.status = Some(status);
        self.read(response, url.path()).await
    }

    async fn read(&self, response: reqwest::Response, path: &str) -> Result<Answer, Fault> {
        let status = response.status().as_u16();
        let headers = response.headers();
        let header = |name: HeaderName| text(headers, &name).map(str::to_owned);
        let (location, content_type) = (header(LOCATION), header(CONTENT_TYPE));
        let link = link::read(headers.get_all(LINK).iter().map(HeaderValue::as_bytes));
        let asked = text(headers, &RETRY_AFTER);
        let retry_after = asked.and_then(|value| retry_after::read(value, text(headers, &DATE)));
        let body = read_body(response).await?;
        if status != 200 {
            let body = String::from_utf8_lossy(&body);
            self.overheard.note(path, status, || self.redaction.text(body.clone().into_owned()));
            let host = location.and_then(|to| Url::parse(&to).ok()?.host_str().map(str::to_owned));
            let host = host.filter(|host| !self.redaction.holds(host.as_bytes()));
            return Err(Fault::of_status(status, retry_after, &body, host));
        }
        if !matches!(body.trim_ascii_start().first(), Some(b'[' | b'{' | b'n')) {
            return Err(Fault::NotJson(kind(content_type.as_deref().unwrap_or_default(), &body)));
        }
        Ok(Answer { body: self.redaction.body(body), link })
    }

    fn no_answer(&self, url: &Url, error: &reqwest::Error) -> Fault {
        if error.is_timeout() {
            return Fault::TimedOut;
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let why = words().said(&causes(error));
        if is_about_certificate(error) {
            return Fault::Untrusted { host, why };
        }
        Fault::Unreachable { host, why, proxy: self.http.proxy.clone().unwrap_or_default() }
    }
}

/// The proxy's host, for messages, and the library's form of the proxy.
fn through(proxy: &Proxy) -> Result<(String, reqwest::Proxy), TransportError> {
    let text = proxy.url.expose_secret();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).map_err(|_| TransportError::Proxy)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(TransportError::Proxy)?;
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let except = proxy.except.as_deref().and_then(reqwest::NoProxy::from_string);
    let proxy = reqwest::Proxy::https(url).map_err(|_| TransportError::Proxy)?;
    Ok((host, proxy.no_proxy(except)))
}

/// reqwest is built without a default provider, and a client built without one panics.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Fails only where another provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// What a body is that is not JSON, by its `Content-Type`; which is shown where it is one of these.
fn kind(content_type: &str, body: &[u8]) -> &'static str {
    if body.trim_ascii().is_empty() {
        return "empty";
    }
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    KINDS.into_iter().find(|known| known.eq_ignore_ascii_case(kind)).unwrap_or("text")
}

/// A header's value, where it is text.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Reads no more than [`MAX_MIB`], counted after decompression.
async fn read_body(mut response: reqwest::Response) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Fault::BrokenOff(words().said(&causes(&error.without_url()))))?
    {
        if body.len() + chunk.len() > MAX_MIB * 1024 * 1024 {
            return Err(Fault::TooLarge(MAX_MIB));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether TLS failed because the server's certificate is not trusted, which no further try mends.
fn is_about_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return true;
    }
    // What an io::Error wraps is not among its sources.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|inner| is_about_certificate(inner))
        || error.source().is_some_and(is_about_certificate)
}

/// The innermost two causes, which say more than "error sending request"; never the URL.
fn causes(error: &dyn std::error::Error) -> String {
    let mut chain = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        chain.push(cause.to_string());
        next = cause.source();
    }
    chain.dedup();
    let inner = if chain.len() > 2 { &chain[chain.len() - 2..] } else { &chain[chain.len() - 1..] };
    inner.join(": ")
}
