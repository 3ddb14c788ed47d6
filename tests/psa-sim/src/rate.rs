//! The rate limit of a tenant: so many requests in a sliding window.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The requests of one tenant that still count.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    counted: VecDeque<Instant>,
}

impl Meter {
    /// Counts a request, or says after how many seconds to come again. A refused request is not
    /// counted.
    pub(crate) fn admit(&mut self, now: Instant, limit: usize, window: Duration) -> Result<(), u64> {
        let left = |at: &Instant| window.saturating_sub(now.duration_since(*at));
        while self.counted.front().is_some_and(|at| left(at).is_zero()) {
            self.counted.pop_front();
        }
        if self.counted.len() < limit {
            self.counted.push_back(now);
            return Ok(());
        }
        let wait = self.counted.front().map_or(window, left);
        Err(wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }
}
