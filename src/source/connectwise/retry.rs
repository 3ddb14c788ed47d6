//! Retry: how long one request is tried, and how often. Waiting for 429 is no try.

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::{Instant, sleep, timeout};

use super::fault::Fault;
use super::limit::Limit;
use super::pace::{Outcome, Refusal};

/// How long one request is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// For one try.
    pub attempt: Duration,
    /// For all tries of one request together; never over 20 s.
    pub total: Duration,
    /// The first pause between two tries; each next is twice as long, with jitter.
    pub pause: Duration,
}

impl Default for Retries {
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

impl Retries {
    /// Tries until it works, until a fault that no further try would mend, or until time is up; returns
    /// how much of the time it took. Each try waits for its turn, which takes nothing from that time.
    pub(super) async fn run<T, F, R>(
        &self,
        limit: &Limit,
        within: Duration,
        attempt: F,
    ) -> (Result<T, Fault>, Duration)
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, Fault>>,
    {
        let budget = self.total.min(within);
        let mut spent = Duration::ZERO;
        let mut busy_since = None;
        let mut pauses = ExponentialBuilder::new()
            .with_min_delay(self.pause)
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(TRIES - 1)
            .with_jitter()
            .build();
        loop {
            let pass = match limit.turn().await {
                Ok(pass) => pass,
                Err(refusal) => return (Err(Fault::GivenUp(refusal)), spent),
            };
            let started = Instant::now();
            let left = budget.saturating_sub(spent);
            let result = timeout(self.attempt.min(left), attempt()).await.unwrap_or(Err(Fault::TimedOut));
            if let Err(Fault::Throttled(asked)) = result {
                pass.answered(Outcome::Busy(asked));
                // Others may well be served meanwhile.
                let waited = busy_since.get_or_insert(started).elapsed();
                if waited >= limit.max_wait() {
                    return (Err(Fault::GivenUp(Refusal { waited, asked })), spent);
                }
                continue;
            }
            spent += started.elapsed();
            let is_silent = matches!(result, Err(Fault::TimedOut | Fault::Unreachable { .. }));
            pass.answered(if is_silent { Outcome::Silent } else { Outcome::Served });
            match (result, pauses.next()) {
                (Err(fault), Some(pause)) if fault.may_pass() && spent + pause < budget => {
                    sleep(pause).await;
                    spent += pause;
                }
                (result, _) => return (result, spent),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::super::pace::{AT_ONCE, Bounds, PER_MINUTE};
    use super::{Fault, Limit, Retries};

    const LONG: Duration = Duration::from_secs(3_600);

    fn limit(per_minute: usize) -> Limit {
        Limit::alone(Bounds { per_minute, at_once: AT_ONCE, max_wait: Duration::from_secs(300) })
    }

    /// Answers with the given faults in turn, then with success; returns how often it was asked.
    async fn tried(faults: &[Fault]) -> (Result<(), Fault>, usize, Duration) {
        let (asked, start, limit) = (Cell::new(0), Instant::now(), limit(PER_MINUTE));
        let retries = Retries::default();
        let run = retries.run(&limit, LONG, || {
            let turn = asked.replace(asked.get() + 1);
            async move { faults.get(turn).cloned().map_or(Ok(()), Err) }
        });
        let (result, _) = run.await;
        (result, asked.get(), start.elapsed())
    }

    fn status(code: u16) -> Fault {
        Fault::of_status(code, None, "", None)
    }

    fn busy(seconds: u64) -> Fault {
        Fault::of_status(429, Some(Duration::from_secs(seconds)), "", None)
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_may_pass_is_tried_again() {
        let again: Vec<_> = [400, 401, 403, 404, 405, 408, 409, 415, 500, 501, 502, 503, 504]
            .into_iter()
            .filter(|&code| status(code).may_pass())
            .collect();
        assert_eq!(again, [408, 500, 502, 503, 504]);
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
    async fn a_429_is_waited_out_and_uses_up_no_try() {
        let faults: Vec<_> = std::iter::repeat_n(busy(30), 9).chain([status(503), status(503)]).collect();
        let (result, asked, took) = tried(&faults).await;
        assert_eq!((result, asked), (Ok(()), 12));
        assert!(took >= Duration::from_secs(270), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_but_429_is_given_up() {
        let (result, _, took) = tried(&vec![busy(30); 99]).await;
        assert!(matches!(result, Err(Fault::GivenUp(_))), "{result:?}");
        assert_eq!(took, Duration::from_secs(300));
        let (result, asked, took) = tried(&vec![busy(3_600); 99]).await;
        assert!(matches!(result, Err(Fault::GivenUp(_))), "{result:?}");
        assert_eq!((asked, took), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_alone_gets_429_is_given_up_although_others_are_served() {
        let (limit, start) = (limit(PER_MINUTE), Instant::now());
        let retries = Retries::default();
        let unlucky = retries.run::<(), _, _>(&limit, LONG, || async { Err(busy(1)) });
        let others = async {
            loop {
                let (result, _) = retries.run(&limit, LONG, || async { Ok(()) }).await;
                assert_eq!(result, Ok(()));
                sleep(Duration::from_secs(1)).await;
            }
        };
        let (result, _) = tokio::select! { given = unlucky => given, () = others => unreachable!() };
        assert!(matches!(result, Err(Fault::GivenUp(_))), "{result:?}");
        assert!(start.elapsed() < Duration::from_secs(400), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn all_tries_together_end_within_the_budget() {
        for within in [LONG, Duration::from_secs(7)] {
            let (start, limit) = (Instant::now(), limit(PER_MINUTE));
            let retries = Retries::default();
            let run = retries.run(&limit, within, || async {
                sleep(Duration::from_mins(1)).await;
                Ok(())
            });
            let (result, spent) = run.await;
            assert_eq!(result, Err(Fault::TimedOut));
            // Timers have whole milliseconds.
            let most = Duration::from_secs(20).min(within) + Duration::from_millis(2);
            assert!(spent <= start.elapsed() && start.elapsed() <= most, "{spent:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_turn_is_no_lack_of_an_answer() {
        let (limit, start) = (limit(1), Instant::now());
        for _ in 0..3 {
            let (result, spent) = Retries::default().run(&limit, LONG, || async { Ok(()) }).await;
            assert_eq!((result, spent), (Ok(()), Duration::ZERO));
        }
        assert_eq!(start.elapsed(), Duration::from_mins(2));
    }
}
