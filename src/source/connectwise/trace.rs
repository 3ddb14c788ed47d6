//! The trace: the first exchanges one by one, with the headers that a support case asks for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::fmt::rfc2822;

/// A doctor's visit has some twenty exchanges; a long audit is not traced to its end.
const KEPT: usize = 200;

/// Headers that say who answered, when, and what to quote to the PSA's support.
const HEADERS: [&str; 7] =
    ["date", "content-type", "retry-after", "api-current-version", "server", "cf-ray", "x-request-id"];

/// A header's value, where it has the form that it should have: else it is somebody's text.
pub(super) fn shown(name: &str, value: &str) -> Option<String> {
    const SERVERS: [&str; 6] = [
        "cloudflare",
        "nginx",
        "Microsoft-IIS",
        "Microsoft-HTTPAPI",
        "Microsoft-Azure-Application-Gateway",
        "Kestrel",
    ];
    const LONGEST: usize = 64;
    let value = value.trim();
    let is_made_of =
        |signs: fn(char) -> bool| (1..=LONGEST).contains(&value.len()) && value.chars().all(signs);
    let fits = match name {
        "date" => rfc2822::DateTimeParser::new().parse_timestamp(value).is_ok(),
        "retry-after" => {
            is_made_of(|c| c.is_ascii_digit())
                || rfc2822::DateTimeParser::new().parse_timestamp(value).is_ok()
        }
        "api-current-version" => is_made_of(|c| c.is_ascii_digit() || c == '.'),
        "server" => {
            let (product, version) = value.split_once('/').unwrap_or((value, ""));
            SERVERS.iter().any(|own| own.eq_ignore_ascii_case(product))
                && version.chars().all(|c| c.is_ascii_digit() || c == '.')
        }
        "content-type" => {
            let kind = value.split(';').next().unwrap_or_default().trim();
            return Some(kind.to_owned()).filter(|kind| KINDS.contains(&kind.to_ascii_lowercase().as_str()));
        }
        // Numbers of a support case: in hex, with the place of the data centre.
        "cf-ray" => {
            let (number, place) = value.split_once('-').unwrap_or((value, ""));
            number.len() == 16
                && number.chars().all(|c| c.is_ascii_hexdigit())
                && place.len() <= 3
                && place.chars().all(|c| c.is_ascii_uppercase())
        }
        "x-request-id" => is_made_of(|c| c.is_ascii_hexdigit() || matches!(c, '-' | ':' | '.')),
        _ => false,
    };
    fits.then(|| value.to_owned())
}

/// Kinds of body that are known.
pub(super) const KINDS: [&str; 7] = [
    "application/json",
    "application/octet-stream",
    "application/xhtml+xml",
    "application/xml",
    "text/html",
    "text/plain",
    "text/xml",
];

/// What answers said that is shown to nobody but to a person at a terminal who asks for it: never in a file.
#[derive(Debug, Default)]
pub(super) struct Overheard(Mutex<Vec<String>>);

impl Overheard {
    /// So many are kept, and so much of each.
    const KEPT: usize = 20;
    const SHORT: usize = 600;

    /// Notes what a body says, of which the keys are taken out.
    pub(super) fn note(&self, path: &str, status: u16, body: impl FnOnce() -> String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() < Self::KEPT {
            let short: String = body().chars().take(Self::SHORT).collect();
            lines.push(format!("GET {path}: HTTP {status} said: {short}"));
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One GET and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Path.
    pub path: String,
    /// Query, without the question mark.
    pub query: String,
    /// HTTP status; `None` where there was no answer.
    pub status: Option<u16>,
    /// Until the answer's headers were there.
    pub millis: u128,
    /// Headers of the answer that matter.
    pub headers: Vec<(&'static str, String)>,
}

impl Exchange {
    /// One of the kept headers.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// The first exchanges.
#[derive(Debug, Default)]
pub(super) struct Trace(Mutex<Vec<Exchange>>);

impl Trace {
    /// Notes one GET and what came of it; `header` looks one up in the answer.
    pub(super) fn note(
        &self,
        path: &str,
        query: String,
        took: Duration,
        status: Option<u16>,
        header: impl Fn(&str) -> Option<String>,
    ) {
        let mut exchanges = self.lock();
        if exchanges.len() < KEPT {
            exchanges.push(Exchange {
                path: path.to_owned(),
                query,
                status,
                millis: took.as_millis(),
                headers: HEADERS.into_iter().filter_map(|name| Some((name, header(name)?))).collect(),
            });
        }
    }

    /// Everything that was noted.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.lock().clone()
    }

    /// A thread that panicked while noting leaves a list that is still right.
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_header_is_shown_where_it_has_the_form_that_it_should_have() {
        for (name, value, is_shown) in [
            ("date", "Sat, 28 Nov 2026 10:00:00 GMT", true),
            ("date", "PrivateKey", false),
            ("retry-after", "30", true),
            ("retry-after", "soon", false),
            ("api-current-version", "2026.11", true),
            ("api-current-version", "2026.11-jane", false),
            ("server", "Microsoft-IIS/10.0", true),
            ("server", "nginx", true),
            ("server", "nginx/jane", false),
            ("server", "janes-proxy", false),
            ("content-type", "text/html; charset=jane", true),
            ("content-type", "jane/doe", false),
            ("cf-ray", "8f1a2b3c4d5e6f70-FRA", true),
            ("cf-ray", "8f1a2b3c4d5e6f70-jane", false),
            ("x-request-id", "3f2c1d00-1111-2222-3333-444455556666", true),
            ("x-request-id", "key of jane", false),
            ("set-cookie", "1", false),
        ] {
            assert_eq!(shown(name, value).is_some(), is_shown, "{name}: {value}");
        }
        assert_eq!(shown("content-type", "text/html; charset=jane").as_deref(), Some("text/html"));
    }
}
