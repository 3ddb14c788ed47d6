//! Pace: how many requests may go out, so that the PSA does not throttle its other users for us.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Requests in any minute: below the 1,000 at which ConnectWise says that throttling is likely.
pub const PER_MINUTE: usize = 950;

/// So few requests a minute are always allowed, however often the PSA says 429.
const AT_LEAST: usize = 30;

const WINDOW: Duration = Duration::from_mins(1);

/// A sliding window over the last minute: a burst up to the limit is not slowed, and no minute holds
/// more. A token bucket would let a burst and its refill together exceed the limit.
#[derive(Debug)]
pub(super) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    limit: usize,
    most: usize,
    sent: VecDeque<Instant>,
    slowed_at: Option<Instant>,
}

impl Pace {
    /// At most `per_minute` requests in any minute.
    pub(super) fn new(per_minute: usize) -> Self {
        let most = per_minute.max(1);
        Self(Mutex::new(State { limit: most, most, sent: VecDeque::new(), slowed_at: None }))
    }

    /// Waits until one more request may go out, and counts it.
    pub(super) async fn turn(&self) {
        loop {
            let Err(until) = self.lock().take(Instant::now()) else {
                return;
            };
            sleep_until(until).await;
        }
    }

    /// The PSA said 429: halve the limit. Several at once are one message.
    pub(super) fn slow_down(&self) {
        self.lock().slow_down(Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, now: Instant) -> Result<(), Instant> {
        while self.sent.front().is_some_and(|&sent| now.duration_since(sent) >= WINDOW) {
            self.sent.pop_front();
        }
        self.recover(now);
        if self.sent.len() < self.limit {
            self.sent.push_back(now);
            return Ok(());
        }
        // With the limit reached, the request that leaves the window next makes room.
        let leaves = self.sent.len() - self.limit;
        Err(self.sent.get(leaves).map_or(now, |&sent| sent + WINDOW))
    }

    fn slow_down(&mut self, now: Instant) {
        if self.slowed_at.is_some_and(|at| now.duration_since(at) < Duration::from_secs(1)) {
            return;
        }
        self.slowed_at = Some(now);
        self.limit = (self.limit / 2).max(AT_LEAST.min(self.most));
    }

    /// A minute without 429 doubles the limit again.
    fn recover(&mut self, now: Instant) {
        if let Some(at) = self.slowed_at
            && now.duration_since(at) >= WINDOW
        {
            self.limit = (self.limit * 2).min(self.most);
            self.slowed_at = (self.limit < self.most).then_some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::{PER_MINUTE, Pace};

    #[tokio::test(start_paused = true)]
    async fn a_burst_of_nine_hundred_is_not_slowed() {
        let (pace, start) = (Pace::new(PER_MINUTE), Instant::now());
        for _ in 0..900 {
            pace.turn().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_minute_holds_more_than_the_limit() {
        let pace = Pace::new(PER_MINUTE);
        let mut sent = Vec::new();
        for _ in 0..3_000 {
            pace.turn().await;
            sent.push(Instant::now());
        }
        for window in sent.windows(PER_MINUTE + 1) {
            assert!(window[PER_MINUTE].duration_since(window[0]) >= Duration::from_mins(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_halves_the_limit_once_and_quiet_minutes_restore_it() {
        let pace = Pace::new(100);
        pace.slow_down();
        pace.slow_down();
        assert_eq!(pace.lock().limit, 50);
        advance(Duration::from_secs(61)).await;
        pace.turn().await;
        assert_eq!(pace.lock().limit, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn the_limit_never_falls_so_low_that_nothing_moves() {
        let pace = Pace::new(100);
        for _ in 0..20 {
            pace.slow_down();
            advance(Duration::from_secs(2)).await;
        }
        assert_eq!(pace.lock().limit, super::AT_LEAST);
    }
}
