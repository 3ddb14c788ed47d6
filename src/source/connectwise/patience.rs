//! Patience: how long one request is tried, and how often.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use tokio::time::{Instant, sleep, timeout_at};

use super::fault::Fault;
use super::pace::Pace;

/// How long one request is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For one try.
    pub attempt: Duration,
    /// For all tries of one request together; never over 20 s.
    pub total: Duration,
    /// The first pause between two tries; each next is twice as long, with jitter.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(10),
            total: Duration::from_secs(20),
            pause: Duration::from_millis(300),
        }
    }
}

/// More tries than fit into the time, so that time decides.
const TRIES: usize = 6;

impl Patience {
    /// Tries until it works, until a fault that no further try would mend, or until time is up. What
    /// the PSA asks for in Retry-After is waited, if there is time for it. Each try takes a turn of
    /// `pace`; the time starts after the first one, for which a long list may well wait a minute.
    pub(super) async fn insist<T, F, R>(&self, pace: &Pace, attempt: F) -> Result<T, Fault>
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, Fault>>,
    {
        pace.turn().await;
        let is_first = Cell::new(true);
        let deadline = Instant::now() + self.total;
        let last = RefCell::new(None);
        let pauses = ExponentialBuilder::new()
            .with_min_delay(self.pause)
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(TRIES - 1)
            .with_jitter();
        let one = || async {
            if !is_first.replace(false) {
                pace.turn().await;
            }
            let result = timeout_at((Instant::now() + self.attempt).min(deadline), attempt()).await;
            result.unwrap_or(Err(Fault::TimedOut))
        };
        let tries = one
            .retry(pauses)
            .sleep(sleep)
            .when(Fault::may_pass)
            .notify(|fault: &Fault, _| *last.borrow_mut() = Some(fault.clone()))
            .adjust(|fault: &Fault, pause| {
                let pause = fault.retry_after().or(pause)?;
                (Instant::now() + pause < deadline).then_some(pause)
            });
        match timeout_at(deadline, tries).await {
            Ok(result) => result,
            Err(_) => Err(last.take().unwrap_or(Fault::TimedOut)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::super::pace::PER_MINUTE;
    use super::{Fault, Pace, Patience};

    /// Answers with the given faults in turn, then with success; returns how often it was asked.
    async fn tried(faults: &[Fault]) -> (Result<(), Fault>, usize, Duration) {
        let (asked, start) = (Cell::new(0), Instant::now());
        let result = Patience::default()
            .insist(&Pace::new(PER_MINUTE), || {
                let turn = asked.replace(asked.get() + 1);
                async move { faults.get(turn).cloned().map_or(Ok(()), Err) }
            })
            .await;
        (result, asked.get(), start.elapsed())
    }

    fn status(code: u16) -> Fault {
        Fault::of_status(code, None, "", None)
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_may_pass_is_tried_again() {
        let again: Vec<_> = [400, 401, 403, 404, 405, 408, 409, 415, 429, 500, 501, 502, 503, 504]
            .into_iter()
            .filter(|&code| status(code).may_pass())
            .collect();
        assert_eq!(again, [408, 429, 500, 502, 503, 504]);
        for fault in [status(401), status(403), status(404)] {
            let (result, asked, _) = tried(std::slice::from_ref(&fault)).await;
            assert_eq!((result, asked), (Err(fault), 1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_passing_fault_is_survived() {
        let (result, asked, _) = tried(&[status(503), Fault::TimedOut]).await;
        assert_eq!((result, asked), (Ok(()), 3));
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_waited_where_there_is_time() {
        let busy = Fault::of_status(429, Some(Duration::from_secs(7)), "", None);
        let (result, asked, took) = tried(&[busy]).await;
        assert_eq!((result, asked), (Ok(()), 2));
        assert!(took >= Duration::from_secs(7) && took < Duration::from_secs(8), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_beyond_the_budget_is_not_waited() {
        let busy = Fault::of_status(429, Some(Duration::from_secs(30)), "", None);
        let (result, asked, took) = tried(std::slice::from_ref(&busy)).await;
        assert_eq!((result, asked, took), (Err(busy), 1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn all_tries_together_end_within_the_budget() {
        let start = Instant::now();
        let result: Result<(), _> = Patience::default()
            .insist(&Pace::new(PER_MINUTE), || async {
                sleep(Duration::from_mins(1)).await;
                Ok(())
            })
            .await;
        assert_eq!(result, Err(Fault::TimedOut));
        assert!(start.elapsed() <= Duration::from_secs(20), "{:?}", start.elapsed());
    }
    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_turn_is_no_lack_of_an_answer() {
        let (pace, start) = (Pace::new(1), Instant::now());
        for _ in 0..3 {
            assert_eq!(Patience::default().insist(&pace, || async { Ok(()) }).await, Ok(()));
        }
        assert_eq!(start.elapsed(), Duration::from_mins(2));
    }
}
