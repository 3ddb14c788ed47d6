//! The trace: the first exchanges one by one, with the headers that a support case asks for.

use std::sync::Mutex;
use std::time::Duration;

/// A doctor's visit has some twenty exchanges; a long audit is not traced to its end.
const KEPT: usize = 200;

/// Headers that say who answered, when, and what to quote to the PSA's support.
const HEADERS: [&str; 7] =
    ["date", "content-type", "retry-after", "api-current-version", "server", "cf-ray", "x-request-id"];

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
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
