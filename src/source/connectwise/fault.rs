//! Faults: what can go wrong between us and the PSA, each with the sentence that says what to do.

use std::time::Duration;

use serde::Deserialize;

use crate::model::{GapCause, Said};

/// Why a request gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection: name, network, TLS or proxy.
    #[error("{host} cannot be reached{}: {why}; check the site and the network", via(.proxy))]
    Unreachable {
        /// The host.
        host: String,
        /// The innermost causes.
        why: String,
        /// The proxy's host; blank without one.
        proxy: String,
    },
    /// TLS, but with a certificate that nobody known vouches for.
    #[error(
        "the certificate of {host} is not trusted ({why}); where the PSA or something that inspects TLS has an authority of its own, name its certificate in leastwise.toml: ca_file = \"authority.pem\""
    )]
    Untrusted {
        /// The host.
        host: String,
        /// What TLS says.
        why: String,
    },
    /// No answer in time.
    #[error(
        "no answer came in time; the PSA is slow or something on the way drops the connection: try again"
    )]
    TimedOut,
    /// The connection broke while the answer came.
    #[error("the answer broke off: {0}; try again")]
    BrokenOff(String),
    /// Wrong key, client id or company.
    #[error(
        "HTTP 401: the key was refused; check public key, private key, company and client id, and that the API member is active{0}"
    )]
    Refused(String),
    /// The role does not allow it.
    #[error("HTTP 403: the key's role does not allow it{0}")]
    Forbidden(String),
    /// Nothing there, or (on cloud) credentials that are wrong.
    #[error("HTTP 404: not there; on cloud this can also mean that company or key are wrong{0}")]
    NotFound(String),
    /// `Cannot route. Codebase/company is invalid`.
    #[error(
        "HTTP 400: the PSA cannot route the call; check the company (the login company id, not its name) and the site{0}"
    )]
    CannotRoute(String),
    /// SSL is required.
    #[error("the PSA says that SSL is required; use https and the site's own name, to which api- is added")]
    SslRequired,
    /// Too many requests.
    #[error("HTTP 429: too many requests, by all users of this API together{}; try again later", asked(*.0))]
    Throttled(Option<Duration>),
    /// Any other error status.
    #[error("HTTP {code}{}{detail}", meaning(*.code))]
    Status {
        /// The status.
        code: u16,
        /// What the body says, with a colon before it.
        detail: String,
    },
    /// A redirect, which is never followed.
    #[error(
        "the site redirects to {0}, which leastwise does not follow; if that is your PSA, use it as the site"
    )]
    Redirected(String),
    /// Not JSON: a login page, a proxy's page, a firewall.
    #[error(
        "the answer is {0}, not JSON: something else than the PSA's API answers at this address (a login page, a proxy, a firewall)"
    )]
    NotJson(String),
    /// JSON that is not what it should be.
    #[error("the answer is not understood: {0}")]
    Misshapen(String),
    /// A saved answer that is not what it should be: its file, and what to do, in our words alone.
    #[error("the answer is not understood: {0}")]
    Saved(String),
    /// No such file among saved answers.
    #[error("it was not saved: there is no {0}")]
    NotSaved(String),
    /// More than is read.
    #[error("the answer is larger than {0} MiB, which no list of the PSA is: it was not read")]
    TooLarge(usize),
    /// Pages that contradict each other.
    #[error(
        "the pages of the list do not fit together ({0}): it may have changed while it was read; try again"
    )]
    Paging(String),
}

/// The PSA's error body. 429 says `error` where others say `code`.
#[derive(Deserialize)]
struct Body {
    #[serde(alias = "error")]
    code: Option<String>,
    message: Option<String>,
}

impl Fault {
    /// What a status other than 200 means, read from the body too.
    #[must_use]
    pub fn of_status(code: u16, retry_after: Option<Duration>, body: &str, location: Option<&str>) -> Self {
        let parsed: Option<Body> = serde_json::from_str(body).ok();
        let message = parsed.as_ref().and_then(|body| body.message.clone()).unwrap_or_default();
        if message.contains("SSL is required") {
            return Self::SslRequired;
        }
        let detail = detail(parsed.as_ref(), body);
        match code {
            300..=399 => Self::Redirected(location.unwrap_or("another address").to_owned()),
            400 if body.contains("Cannot route") => Self::CannotRoute(detail),
            401 => Self::Refused(detail),
            403 => Self::Forbidden(detail),
            404 => Self::NotFound(detail),
            429 => Self::Throttled(retry_after),
            _ => Self::Status { code, detail },
        }
    }

    /// The same fault where no key was sent, which then cannot have been refused.
    #[must_use]
    pub(super) fn without_key(self) -> Self {
        match self {
            Self::Refused(detail) => Self::Status { code: 401, detail },
            Self::Forbidden(detail) => Self::Status { code: 403, detail },
            Self::NotFound(detail) => Self::Status { code: 404, detail },
            other => other,
        }
    }

    /// What it is as the reason of a gap: without any text of whoever answered.
    #[must_use]
    pub fn cause(&self) -> GapCause {
        let said = Said::default();
        match self {
            Self::Unreachable { .. } => GapCause::Unreachable(said),
            Self::Untrusted { .. } => GapCause::Untrusted(said),
            Self::TimedOut => GapCause::TimedOut,
            Self::BrokenOff(_) => GapCause::BrokenOff(said),
            Self::Refused(_) => GapCause::KeyRefused(said),
            Self::Forbidden(_) => GapCause::Refused(said),
            Self::NotFound(_) => GapCause::NotFound(said),
            Self::CannotRoute(_) => GapCause::CannotRoute(said),
            Self::SslRequired => GapCause::SslRequired,
            Self::Throttled(after) => {
                GapCause::TooManyRequests { seconds: after.map(|after| after.as_secs()) }
            }
            Self::Status { code, .. } => GapCause::Http { status: *code, said },
            Self::Redirected(_) => GapCause::Redirected { host: None },
            Self::NotJson(_) => GapCause::NotJson { detail: None },
            Self::Misshapen(_) => GapCause::Misshapen { detail: None },
            Self::Saved(why) => GapCause::Misshapen { detail: Some(why.as_str().into()) },
            Self::NotSaved(file) => GapCause::NotSaved { file: Some(file.as_str().into()) },
            Self::TooLarge(mib) => GapCause::TooLarge { mib: *mib },
            Self::Paging(detail) => GapCause::NotReadInFull { detail: Some(detail.as_str().into()) },
        }
    }

    /// The HTTP status behind it, where there was one.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(_) => Some(401),
            Self::Forbidden(_) => Some(403),
            Self::NotFound(_) => Some(404),
            Self::CannotRoute(_) => Some(400),
            Self::Throttled(_) => Some(429),
            Self::Status { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether trying again may help.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut | Self::BrokenOff(_) | Self::Throttled(_) => true,
            Self::Status { code, .. } => matches!(*code, 408 | 500 | 502..=504),
            _ => false,
        }
    }

    /// How long the PSA asks to wait.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled(after) => *after,
            _ => None,
        }
    }
}

/// How long the PSA asks to wait.
fn asked(after: Option<Duration>) -> String {
    after.map(|after| format!(" (it asks to wait {} s)", after.as_secs())).unwrap_or_default()
}

/// What to make of a status that has no sentence of its own.
const fn meaning(code: u16) -> &'static str {
    match code {
        401 | 403 => ", where no key is asked for: something before the PSA refuses, such as a firewall",
        404 => ": no PSA answers there; check the site",
        408 | 500..=599 => ": the PSA, or something before it, failed; try again later",
        _ => "",
    }
}

fn via(proxy: &str) -> String {
    if proxy.is_empty() { String::new() } else { format!(" through the proxy {proxy} (HTTPS_PROXY)") }
}

/// What the body says, short, with a colon before it; nothing for HTML.
fn detail(parsed: Option<&Body>, body: &str) -> String {
    const SHORT: usize = 160;
    let said = match parsed {
        Some(Body { code: Some(code), message: Some(message) }) => format!("{code}: {message}"),
        Some(Body { message: Some(message), .. }) => message.clone(),
        Some(Body { code: Some(code), .. }) => code.clone(),
        _ if body.trim_start().starts_with('<') || body.trim().is_empty() => return String::new(),
        _ => body.trim().to_owned(),
    };
    let short: String = said.chars().take(SHORT).collect();
    format!(" (it says: {short})")
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn only_the_psa_refuses_for_want_of_a_right() {
        let is_refusal = |code| Fault::of_status(code, None, "", None).cause().is_refusal();
        assert!(is_refusal(403));
        assert!([401, 404, 500].into_iter().all(|code| !is_refusal(code)));
        assert!(!Fault::of_status(403, None, "", None).without_key().cause().is_refusal());
    }

    #[test]
    fn known_bodies_become_known_faults() {
        let of = |code, body: &str| Fault::of_status(code, None, body, None);
        let denied = r#"{"code":"Security","message":"You do not have security permission to perform this action.","errors":null}"#;
        assert!(
            matches!(of(403, denied), Fault::Forbidden(detail) if detail.contains("Security: You do not have"))
        );
        let ssl = r#"{"code":"Security","message":"SSL is required.","errors":null}"#;
        assert_eq!(of(403, ssl), Fault::SslRequired);
        assert!(matches!(of(400, "Cannot route. Codebase/company is invalid"), Fault::CannotRoute(_)));
        let busy =
            r#"{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}"#;
        assert_eq!(of(429, busy), Fault::Throttled(None));
    }

    #[test]
    fn html_bodies_are_not_repeated() {
        let fault = Fault::of_status(502, None, "<html><body>Bad gateway</body></html>", None);
        assert_eq!(fault.to_string(), "HTTP 502: the PSA, or something before it, failed; try again later");
    }
}
