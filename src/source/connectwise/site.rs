//! Sites: the host that people use, and the host that its API answers on.

use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// ConnectWise's own domains. Whichever region's name stands in front, the API answers there on the same
/// name with `api-` in front; other hosts are on-premises and answer on their own name.
const CLOUD_DOMAINS: [&str; 2] = [".myconnectwise.net", ".connectwisedev.com"];

/// Names that many companies share, so that they say nothing of who uses them.
const SHARED_HOSTS: [&str; 6] = [
    "na.myconnectwise.net",
    "eu.myconnectwise.net",
    "au.myconnectwise.net",
    "aus.myconnectwise.net",
    "za.myconnectwise.net",
    "staging.connectwisedev.com",
];

/// The codebase that a PSA outside the cloud serves, and the cloud's name for its router.
const ON_PREMISES: &str = "v4_6_release";

/// The address of a PSA: https, or http to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Scheme, host and port; the path is always `/`.
    url: Url,
}

/// Why a text is not a site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// Not a host name and not a URL.
    #[error("the site \"{0}\" is not a host name such as na.myconnectwise.net")]
    NotAHost(String),
    /// http to another machine would send the key in clear.
    #[error("the site {0} is http, which would send the key in clear; write https, or only the host name")]
    NotSecure(String),
    /// Quotes that were pasted with it.
    #[error("the site is in quotes, which are no part of it; write na.myconnectwise.net")]
    InQuotes,
    /// What no host name has, seen or not.
    #[error(
        "the site holds a blank or a character that no host name has; type it anew, such as na.myconnectwise.net"
    )]
    Strange,
    /// Letters and digits without a dot, as keys are.
    #[error(
        "the site is no host name such as na.myconnectwise.net, but may be a key: look at what was pasted where"
    )]
    MayBeKey,
    /// A user name in the URL.
    #[error("the site holds a user name or a password; write only the host name")]
    HoldsLogin,
}

impl FromStr for Site {
    type Err = SiteError;

    /// Reads a host name, or any URL of the PSA, of which only scheme, host and port count.
    fn from_str(text: &str) -> Result<Self, SiteError> {
        let text = text.trim();
        // A login may stand in it, well formed or not, and is not repeated; nor is what a query may hold.
        if text.contains('@') {
            return Err(SiteError::HoldsLogin);
        }
        if text.contains(is_quote) {
            return Err(SiteError::InQuotes);
        }
        // An international name would be looked up as another host, which nobody named.
        let host_part = text.split_once("://").map_or(text, |(_, rest)| rest).split(['/', '?', '#']).next();
        let is_strange = |c: char| c.is_control() || !c.is_ascii();
        if host_part.is_some_and(|host| host.contains(is_strange)) {
            return Err(SiteError::Strange);
        }
        if host_part.is_some_and(|host| may_be_key(host) || host.split(':').any(is_guid)) {
            return Err(SiteError::MayBeKey);
        }
        let shown = text.split(['?', '#']).next().unwrap_or_default();
        let holds_key = || holds_key(text);
        let not_a_host =
            || if holds_key() { SiteError::MayBeKey } else { SiteError::NotAHost(shown.to_owned()) };
        // A comma at the end or a path of Windows would be looked up as another host.
        let is_of_host =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '[' | ']');
        if host_part.is_some_and(|host| !host.contains(char::is_whitespace) && !host.chars().all(is_of_host))
        {
            return Err(not_a_host());
        }
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let mut url = Url::parse(&with_scheme).map_err(|_| not_a_host())?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(not_a_host());
        }
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(if holds_key() {
                SiteError::MayBeKey
            } else {
                SiteError::NotSecure(shown.to_owned())
            });
        }
        Ok(Self { url })
    }
}

/// Every kind of quote that a page, a document or a shell puts around a value.
#[must_use]
pub(crate) const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '´' | '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '＂' | '＇' | '「' | '」'
    )
}

/// Whether a host is as long and as mixed as a key, and has no dot.
fn may_be_key(host: &str) -> bool {
    const SHORTEST: usize = 12;
    let has = |is: fn(&char) -> bool| host.chars().any(|c| is(&c));
    host.len() >= SHORTEST
        && host.chars().all(|c| c.is_ascii_alphanumeric())
        && has(char::is_ascii_digit)
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
}

/// Whether any word of a text may be a key, such as the two of `company+public:private`.
fn holds_key(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(is_guid)
        || text.contains('+') && text.contains(':')
        || text.split(|c: char| !c.is_ascii_alphanumeric()).any(may_be_key)
}

/// Whether it has the form of a client id.
fn is_guid(text: &str) -> bool {
    let parts: Vec<_> = text.trim().split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_hexdigit()))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl Site {
    /// Host and port as a tenant's identity: without `api-`, so that both spellings mean one tenant.
    #[must_use]
    pub fn identity(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let plain = host.strip_prefix("api-").filter(|plain| is_in_cloud(plain)).unwrap_or(host);
        match self.url.port() {
            Some(port) => format!("{plain}:{port}"),
            None => plain.to_owned(),
        }
    }

    /// As a config names it: its identity, with the scheme where that is not https.
    #[must_use]
    pub fn written(&self) -> String {
        let identity = self.identity();
        if self.is_encrypted() { identity } else { format!("{}://{identity}", self.url.scheme()) }
    }

    /// Whether it is asked over TLS: everywhere but on this machine.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Whether it is a host that many companies share, which says nothing of who uses it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        SHARED_HOSTS.contains(&self.identity().as_str())
    }

    /// Where `companyinfo` is asked.
    #[must_use]
    pub const fn login_base(&self) -> &Url {
        &self.url
    }

    /// Where the API answers, for a company that this codebase serves. The codebase comes from an answer
    /// that nobody signed, so it changes no name of a foreign domain.
    #[must_use]
    pub fn api_base(&self, codebase: &str) -> Url {
        let mut url = self.url.clone();
        let host = self.url.host_str().unwrap_or_default();
        let is_own = codebase.trim_matches('/').eq_ignore_ascii_case(ON_PREMISES);
        if is_in_cloud(host) && !host.starts_with("api-") && !is_own {
            // A host of these domains is a name, and stays one with a prefix.
            let _ = url.set_host(Some(&format!("api-{host}")));
        }
        url
    }
}

fn is_in_cloud(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    CLOUD_DOMAINS.iter().any(|domain| host.strip_suffix(domain).is_some_and(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::{Site, SiteError};

    fn site(text: &str) -> Site {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_codebase_decides_about_api_in_front_and_only_in_the_cloud() {
        let host = |text: &str, codebase: &str| {
            site(text).api_base(codebase).host_str().unwrap_or_default().to_owned()
        };
        for (text, api) in [
            ("na.myconnectwise.net", "api-na.myconnectwise.net"),
            ("staging.connectwisedev.com", "api-staging.connectwisedev.com"),
            // A region that nobody has heard of yet.
            ("xy.myconnectwise.net", "api-xy.myconnectwise.net"),
            ("api-eu.myconnectwise.net", "api-eu.myconnectwise.net"),
        ] {
            assert_eq!(host(text, "v2026_11/"), api);
            assert_eq!(host(text, "v4_6_release/"), text);
        }
        for text in [
            "psa.example.org",
            "myconnectwise.net",
            "na.myconnectwise.net.example.org",
            "evilmyconnectwise.net",
            "na.myconnectwise.com",
            "127.0.0.1",
            "localhost",
        ] {
            assert_eq!(host(text, "v2026_11/"), text);
        }
    }

    #[test]
    fn a_browser_url_is_read_for_its_host() {
        let browser = site("https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?locale=en#home");
        assert_eq!(browser, site("NA.myconnectwise.net"));
    }

    #[test]
    fn both_spellings_of_a_cloud_site_are_one_tenant() {
        assert_eq!(site("api-na.myconnectwise.net").identity(), "na.myconnectwise.net");
        assert_eq!(site("api-xy.myconnectwise.net").identity(), "xy.myconnectwise.net");
        assert_eq!(site("api-psa.example.org").identity(), "api-psa.example.org");
        assert_eq!(site("http://localhost:81").identity(), "localhost:81");
        assert_eq!(site("http://localhost:81").written(), "http://localhost:81");
        assert_eq!(site("https://api-na.myconnectwise.net/v2025_1").written(), "na.myconnectwise.net");
    }

    #[test]
    fn what_may_be_a_key_is_not_repeated() {
        const KEY: &str = "Wm4PrivateKey8Lr2";
        const CLIENT_ID: &str = "3f2a9c1e-7b4d-4e8a-9c6f-1d2e3a4b5c6d";
        for key in [KEY, CLIENT_ID] {
            for text in [
                format!("acme+Qx7Pub:{key}"),
                key.to_owned(),
                format!("{key}="),
                format!("Basic {key}"),
                format!("pub:{key}"),
                format!("{key} {key}"),
                format!("http://{key}:80"),
                format!("C:\\{key}"),
            ] {
                match text.parse::<Site>() {
                    Ok(_) => panic!("{text} is no site"),
                    Err(error) => assert!(!error.to_string().contains(key), "{error}"),
                }
            }
        }
    }

    #[test]
    fn keys_never_travel_in_clear() {
        for text in ["http://na.myconnectwise.net", "http://10.0.0.1", "http://128.0.0.1"] {
            assert_eq!(text.parse::<Site>(), Err(SiteError::NotSecure(text.to_owned())));
        }
        assert!("http://[::1]:81".parse::<Site>().is_ok());
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "na.myconnectwise.net,",
            "na.myconnectwise.net;",
            "https:\\\\na.myconnectwise.net",
            "https:\\\\na.myconnectwise.net\\v4_6_release",
            "(na.myconnectwise.net)",
            "%SITE%",
        ] {
            assert!(matches!(text.parse::<Site>(), Err(SiteError::NotAHost(_))), "{text}");
        }
        for text in [
            "\"psa.example.org\"",
            "“psa.example.org”",
            "‘psa.example.org",
            "«psa.example.org»",
            "`psa.example.org`",
        ] {
            assert_eq!(text.parse::<Site>(), Err(SiteError::InQuotes), "{text}");
        }
        for text in ["psa.exam\u{200b}ple.org", "psа.example.org"] {
            assert_eq!(text.parse::<Site>(), Err(SiteError::Strange), "{text}");
        }
        let key = "aB3dE5fG7hI9jK1m".parse::<Site>().expect_err("a key");
        assert!(key == SiteError::MayBeKey && !key.to_string().contains("aB3d"));
        for text in ["", "  ", "ftp://x", "https://", "a b"] {
            assert!(matches!(text.parse::<Site>(), Err(SiteError::NotAHost(_))), "{text:?}");
        }
        for text in [
            "https://me:pw@psa.example.org",
            "me:pw@psa.example.org",
            "ftp://me:pw@psa.example.org",
            "https://me:pw@",
            "https://me:pw@host:99999",
            "http://me@host",
        ] {
            assert_eq!(text.parse::<Site>(), Err(SiteError::HoldsLogin), "{text}");
        }
        for text in ["http://psa.example.org/?key=pw", "a b#pw"] {
            assert!(!text.parse::<Site>().unwrap_err().to_string().contains("pw"), "{text}");
        }
    }
}
