//! The ledger: every request that was made, so that a report can list them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::model::RequestCount;

/// What was asked and answered, counted.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<BTreeMap<Line, usize>>);

type Line = (String, String, Option<u16>);

/// A GET that is under way. It is noted when this goes, so that one that was given up is noted too.
pub(super) struct Entry<'l> {
    ledger: &'l Ledger,
    path: String,
    query: String,
    /// The status; none as long as there is no answer.
    pub status: Option<u16>,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let line = (std::mem::take(&mut self.path), std::mem::take(&mut self.query), self.status);
        *self.ledger.lock().entry(line).or_default() += 1;
    }
}

impl Ledger {
    /// Opens an entry for one GET.
    pub(super) fn open(&self, path: &str, query: String) -> Entry<'_> {
        Entry { ledger: self, path: path.to_owned(), query, status: None }
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
