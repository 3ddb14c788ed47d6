//! Faults: what can go wrong between us and the PSA, each with the sentence that says what to do.

use std::time::Duration;

use serde::Deserialize;

use super::pace::Refusal;
use super::wire::Object;
use crate::model::{GapCause, Said};
use crate::rules::words;

/// What a PSA says of a key that it does not take, whatever the status.
const NOT_AUTHENTICATED: [&str; 2] = ["UserNotAuthenticated", "Incorrect public/private key"];

/// Why a request gave no usable answer. No text of whoever answered is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection: name, network, TLS or proxy.
    #[error("{host} {}{}{why}; check {}", why.no_connection(), via(.proxy), why.to_check())]
    Unreachable {
        /// The host.
        host: String,
        /// What the library says.
        why: Said,
        /// The proxy's host; blank without one.
        proxy: String,
    },
    /// TLS, but with a certificate that nobody known vouches for.
    #[error(
        "the certificate of {host} is not trusted{why}; where the PSA or something that inspects TLS has an authority of its own, name its certificate in leastwise.toml: ca_file = \"authority.pem\""
    )]
    Untrusted {
        /// The host.
        host: String,
        /// What TLS says.
        why: Said,
    },
    /// No answer in time.
    #[error("{}", self.cause())]
    TimedOut,
    /// The connection broke while the answer came.
    #[error("{}", self.cause())]
    BrokenOff(Said),
    /// Wrong key, client id or company.
    #[error("{}", self.cause())]
    Refused(Said),
    /// 404 to the first call with the key, which may be a refusal.
    #[error("{}", self.cause())]
    NotAdmitted(Said),
    /// The client id is missing or not known.
    #[error("{}", self.cause())]
    ClientId(Said),
    /// The role does not allow it.
    #[error("{}", self.cause())]
    Forbidden(Said),
    /// Nothing there, or (on cloud) credentials that are wrong.
    #[error("{}", self.cause())]
    NotFound(Said),
    /// `Cannot route. Codebase/company is invalid`.
    #[error("{}", self.cause())]
    CannotRoute(Said),
    /// SSL is required.
    #[error("{}", self.cause())]
    SslRequired,
    /// Too many requests, and how long the PSA asks to wait.
    #[error("{}", self.cause())]
    Throttled(Option<Duration>),
    /// Nothing but too many requests, for too long.
    #[error("{}", self.cause())]
    GivenUp(Refusal),
    /// The API version that is asked for is not known there.
    #[error("{}", self.cause())]
    UnknownVersion {
        /// The status.
        code: u16,
        /// What the body says.
        said: Said,
    },
    /// Any other error status.
    #[error("{}", self.cause())]
    Status {
        /// The status.
        code: u16,
        /// What the body says.
        said: Said,
    },
    /// A redirect, which is never followed; the host that it names.
    #[error("{}", self.cause())]
    Redirected(Option<String>),
    /// Not JSON: a login page, a proxy's page, a firewall. What it is, in our words.
    #[error("{}", self.cause())]
    NotJson(&'static str),
    /// JSON that is not what it should be; what is wrong, in our words.
    #[error("{}", self.cause())]
    Misshapen(String),
    /// A saved answer that is not what it should be: its file, and what to do, in our words alone.
    #[error("{}", self.cause())]
    Saved(String),
    /// No such file among saved answers.
    #[error("{}", self.cause())]
    NotSaved(String),
    /// More than is read.
    #[error("{}", self.cause())]
    TooLarge(usize),
    /// More rows than any list has.
    #[error("{}", self.cause())]
    TooManyRows(usize),
    /// A list that takes too many seconds.
    #[error("{}", self.cause())]
    TooSlow(u64),
    /// Pages that contradict each other; how, in our words.
    #[error("{}", self.cause())]
    Paging(String),
}

/// The PSA's error body. 429 says `error` where others say `code`.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(alias = "error")]
    code: Option<String>,
    message: Option<String>,
    errors: Option<Vec<Object<Inner>>>,
}

/// What the outer message may leave unsaid.
#[derive(Default, Deserialize)]
struct Inner {
    code: Option<String>,
    message: Option<String>,
    field: Option<String>,
}

/// What an error body says, as far as it is known; nothing for a page of HTML.
#[must_use]
pub(super) fn said(body: &str) -> Said {
    let Ok(Object(body)) = serde_json::from_str::<Object<Body>>(body) else {
        let page = body.trim_start().starts_with('<');
        return if page { Said::default() } else { words().said(body) };
    };
    let inner = body.errors.unwrap_or_default();
    let fields: Vec<_> = inner.iter().filter_map(|Object(inner)| inner.field.as_deref()).collect();
    let outer = words().said_with(body.code.as_deref(), body.message.as_deref().unwrap_or_default(), &fields);
    inner.iter().fold(outer, |said, Object(inner)| {
        let more =
            words().said_with(inner.code.as_deref(), inner.message.as_deref().unwrap_or_default(), &[]);
        said.and(more)
    })
}

impl Fault {
    /// What a status other than 200 means, read from the body too; `host` is that of a redirect.
    #[must_use]
    pub fn of_status(code: u16, retry_after: Option<Duration>, body: &str, host: Option<String>) -> Self {
        let said = said(body);
        if code >= 400 && said.has("SSL is required") {
            return Self::SslRequired;
        }
        match code {
            300..=399 => Self::Redirected(host),
            400..=599 if NOT_AUTHENTICATED.into_iter().any(|text| said.has(text)) => Self::Refused(said),
            400 if said.has("clientId") => Self::ClientId(said),
            // A gateway in front of the PSA speaks plain text, and of paths where the client id is meant.
            400 if said.has("Cannot route") || body.trim_start().starts_with("Cannot") => {
                Self::CannotRoute(said)
            }
            401 => Self::Refused(said),
            403 => Self::Forbidden(said),
            404 => Self::NotFound(said),
            406 | 415 => Self::UnknownVersion { code, said },
            400 if body.to_lowercase().contains("version") => Self::UnknownVersion { code, said },
            429 => Self::Throttled(retry_after),
            _ => Self::Status { code, said },
        }
    }

    /// The same fault where no key was sent, which then cannot have been refused.
    #[must_use]
    pub(super) fn without_key(self) -> Self {
        match self {
            Self::Refused(said) => Self::Status { code: 401, said },
            Self::ClientId(said) => Self::Status { code: 400, said },
            Self::Forbidden(said) => Self::Status { code: 403, said },
            Self::NotFound(said) => Self::Status { code: 404, said },
            other => other,
        }
    }

    /// What it is as the reason of a gap: without any text of whoever answered.
    #[must_use]
    pub fn cause(&self) -> GapCause {
        match self {
            Self::Unreachable { why, .. } => GapCause::Unreachable(why.clone()),
            Self::Untrusted { why, .. } => GapCause::Untrusted(why.clone()),
            Self::TimedOut => GapCause::TimedOut,
            Self::BrokenOff(said) => GapCause::BrokenOff(said.clone()),
            Self::Refused(said) => GapCause::KeyRefused(said.clone()),
            Self::NotAdmitted(said) => GapCause::NotAdmitted(said.clone()),
            Self::ClientId(said) => GapCause::ClientId(said.clone()),
            Self::Forbidden(said) => GapCause::Refused(said.clone()),
            Self::NotFound(said) => GapCause::NotFound(said.clone()),
            Self::CannotRoute(said) => GapCause::CannotRoute(said.clone()),
            Self::SslRequired => GapCause::SslRequired,
            Self::Throttled(asked) => too_many(*asked, None),
            Self::GivenUp(refusal) => too_many(refusal.asked, Some(refusal.waited)),
            Self::Status { code, said } | Self::UnknownVersion { code, said } => {
                GapCause::Http { status: *code, said: said.clone() }
            }
            Self::Redirected(host) => GapCause::Redirected { host: host.as_deref().map(Into::into) },
            Self::NotJson(what) => GapCause::NotJson { detail: Some((*what).into()) },
            Self::Misshapen(detail) => GapCause::Misshapen { detail: Some(detail.as_str().into()) },
            Self::Saved(why) => GapCause::Misshapen { detail: Some(why.as_str().into()) },
            Self::NotSaved(file) => GapCause::NotSaved { file: Some(file.as_str().into()) },
            Self::TooLarge(mib) => GapCause::TooLarge { mib: *mib },
            Self::TooManyRows(rows) => GapCause::TooManyRows { rows: *rows },
            Self::TooSlow(seconds) => GapCause::TooSlow { seconds: *seconds },
            Self::Paging(detail) => GapCause::NotReadInFull { detail: Some(detail.as_str().into()) },
        }
    }

    /// The HTTP status behind it, where there was one.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(_) => Some(401),
            Self::Forbidden(_) => Some(403),
            Self::NotFound(_) | Self::NotAdmitted(_) => Some(404),
            Self::CannotRoute(_) | Self::ClientId(_) => Some(400),
            Self::Throttled(_) | Self::GivenUp(_) => Some(429),
            Self::Status { code, .. } | Self::UnknownVersion { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether trying again may help.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut | Self::BrokenOff(_) => true,
            Self::Status { code, .. } => matches!(*code, 408 | 500 | 502..=504),
            _ => false,
        }
    }

    /// What it means where it answers the first call with the key: a 404 may be a refusal there.
    #[must_use]
    pub(super) fn at_first(self) -> Self {
        match self {
            Self::NotFound(detail) => Self::NotAdmitted(detail),
            other => other,
        }
    }

    /// Whether the key itself was refused, or may have been.
    #[must_use]
    pub(super) const fn may_be_the_key(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotAdmitted(_))
    }

    /// Whether the key itself was refused, whatever it was asked for.
    #[must_use]
    pub(super) const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::ClientId(_))
    }

    /// Whether nothing more is to be asked with this key: it would be refused again, or locked.
    #[must_use]
    pub(super) const fn stops(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotAdmitted(_) | Self::ClientId(_) | Self::CannotRoute(_))
    }
}

/// What a snapshot keeps of a 429: how long it asked to wait, and how long it was waited for.
fn too_many(asked: Option<Duration>, waited: Option<Duration>) -> GapCause {
    let seconds = |time: Option<Duration>| time.map(|time| time.as_secs());
    GapCause::TooManyRequests { seconds: seconds(asked), waited: seconds(waited) }
}

fn via(proxy: &str) -> String {
    if proxy.is_empty() { String::new() } else { format!(" through the proxy {proxy} (HTTPS_PROXY)") }
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
            matches!(of(403, denied), Fault::Forbidden(said) if said.to_string() == " (it says: Security: do not have security permission)")
        );
        let ssl = r#"{"code":"Security","message":"SSL is required.","errors":null}"#;
        assert_eq!(of(403, ssl), Fault::SslRequired);
        assert!(matches!(of(400, "Cannot route. Codebase/company is invalid"), Fault::CannotRoute(_)));
        let busy =
            r#"{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}"#;
        assert_eq!(of(429, busy), Fault::Throttled(None));
    }

    #[test]
    fn what_is_not_known_is_counted_and_inner_errors_are_read() {
        let body = r#"{"code":"InvalidObject","message":"ticket object is invalid","errors":[
            {"code":"NotFound","message":"Service Status 17 not found for Service Board 21","field":"status/id"}]}"#;
        let fault = Fault::of_status(400, None, body, None);
        assert_eq!(
            fault.to_string(),
            "HTTP 400 (it says: InvalidObject: NotFound: not found for Service Board; it names status/id)"
        );
        let fault = Fault::of_status(403, None, r#"{"message":"Jane Doe (jane@example.org) may not"}"#, None);
        assert_eq!(
            fault.to_string(),
            "HTTP 403: the key's role does not allow it (with a message of 35 characters that leastwise does not know)"
        );
    }

    #[test]
    fn html_bodies_are_not_repeated() {
        let fault = Fault::of_status(502, None, "<html><body>Bad gateway</body></html>", None);
        assert_eq!(fault.to_string(), "HTTP 502: the PSA, or something before it, failed; try again later");
    }
}
