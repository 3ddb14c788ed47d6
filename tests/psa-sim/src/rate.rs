//! The rate limit of a tenant: so many requests in a sliding window, which other integrations share.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The requests of one tenant that still count.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    counted: VecDeque<Instant>,
    /// When somebody else asks next.
    next_other: Option<Instant>,
}

impl Meter {
    /// Counts a request, or says after how many seconds to come again. A refused request is not
    /// counted. `others` come in each window, evenly, and were there before.
    pub(crate) fn admit(
        &mut self,
        now: Instant,
        limit: usize,
        window: Duration,
        others: usize,
    ) -> Result<(), u64> {
        if let Some(every) = u32::try_from(others).ok().and_then(|others| window.checked_div(others)) {
            let mut next = self.next_other.unwrap_or_else(|| now.checked_sub(window).unwrap_or(now));
            while next <= now {
                self.forget(next, window);
                if self.counted.len() < limit {
                    self.counted.push_back(next);
                }
                next += every.max(Duration::from_micros(1));
            }
            self.next_other = Some(next);
        }
        self.forget(now, window);
        if self.counted.len() < limit {
            self.counted.push_back(now);
            return Ok(());
        }
        let wait = self.counted.front().map_or(window, |at| window.saturating_sub(now.duration_since(*at)));
        Err(wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }

    fn forget(&mut self, now: Instant, window: Duration) {
        while self.counted.front().is_some_and(|at| now.saturating_duration_since(*at) >= window) {
            self.counted.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_take_their_share_and_leave_the_rest() {
        let (mut meter, start, minute) = (Meter::default(), Instant::now(), Duration::from_secs(60));
        let admitted = (0..40).filter(|_| meter.admit(start, 100, minute, 90).is_ok()).count();
        assert!((9..=11).contains(&admitted), "{admitted}");
        let later = start + minute;
        let again = (0..40).filter(|_| meter.admit(later, 100, minute, 90).is_ok()).count();
        assert!((9..=11).contains(&again), "{again}");
    }
}
