//! The ledger: every request that was made, so that a report can list them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::report::RequestCount;

/// What was asked and answered, counted.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<BTreeMap<Line, usize>>);

type Line = (String, String, Option<u16>);

impl Ledger {
    /// Notes one GET and its status, or that there was no answer.
    pub(super) fn note(&self, path: &str, query: &str, status: Option<u16>) {
        let line = (path.to_owned(), query.to_owned(), status);
        *self.lock().entry(line).or_default() += 1;
    }

    /// Everything so far, in order of path.
    pub(super) fn lines(&self) -> Vec<RequestCount> {
        self.lock()
            .iter()
            .map(|((path, query, status), &count)| RequestCount {
                method: "GET",
                path: path.clone(),
                query: query.clone(),
                status: *status,
                count,
            })
            .collect()
    }

    /// A thread that panicked while counting leaves a count that is still right.
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Line, usize>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
