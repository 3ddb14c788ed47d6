//! Limits: what everybody who asks one PSA for one company shares, so that several of them together
//! ask no faster, and no more at once, than one alone, and wait together when it says 429.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, sleep_until};

use super::pace::{Bounds, Kind, Outcome, Pace, Refusal, Turn};
use crate::model::TenantId;

/// How fast and how much at once one PSA is asked for one company.
#[derive(Debug)]
pub(super) struct Limit {
    pace: Mutex<Pace>,
    /// Something was answered.
    news: Notify,
    tenant: TenantId,
    waits: UnboundedSender<Waiting>,
}

/// The PSA said 429, and everything for one tenant waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which tenant.
    pub tenant: TenantId,
    /// For how long.
    pub wait: Duration,
}

/// A request that is under way. Where it ends without an answer, dropping this says so.
pub(super) struct Pass<'l> {
    limit: &'l Limit,
    kind: Kind,
    outcome: Outcome,
}

impl Pass<'_> {
    pub(super) fn answered(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let news = self.limit.lock().answered(self.kind, self.outcome, Instant::now());
        if let Some(wait) = news {
            // Nobody may be listening.
            let _ = self.limit.waits.send(Waiting { tenant: self.limit.tenant.clone(), wait });
        }
        self.limit.news.notify_waiters();
    }
}

impl Limit {
    pub(super) fn new(tenant: TenantId, bounds: Bounds, waits: UnboundedSender<Waiting>) -> Self {
        Self { pace: Mutex::new(Pace::new(bounds)), news: Notify::new(), tenant, waits }
    }

    /// A limit that nobody shares, for tests.
    #[cfg(test)]
    pub(super) fn alone(bounds: Bounds) -> Self {
        let tenant = TenantId { site: "psa.example".to_owned(), company: "acme".to_owned() };
        Self::new(tenant, bounds, tokio::sync::mpsc::unbounded_channel().0)
    }

    /// Waits until one more request may go out.
    ///
    /// # Errors
    /// Nothing but 429 came for too long.
    pub(super) async fn turn(&self) -> Result<Pass<'_>, Refusal> {
        loop {
            // Made before the question, so that no answer is missed in between.
            let news = self.news.notified();
            match self.turn_now() {
                Turn::Now(kind) => return Ok(Pass { limit: self, kind, outcome: Outcome::Silent }),
                Turn::Never(refusal) => return Err(refusal),
                Turn::AfterAnother => news.await,
                Turn::At(at) => tokio::select! {
                    () = sleep_until(at) => {}
                    () = news => {}
                },
            }
        }
    }

    fn turn_now(&self) -> Turn {
        self.lock().turn(Instant::now())
    }

    /// How long nothing but 429 may come.
    pub(super) fn max_wait(&self) -> Duration {
        self.lock().bounds().max_wait
    }

    /// How long everything waited for 429 so far.
    pub(super) fn waited(&self) -> Duration {
        self.lock().waited(Instant::now())
    }

    /// A thread that panicked while counting leaves counts that are still right.
    fn lock(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, timeout};

    use super::{Bounds, Limit, Outcome};

    fn bounds() -> Bounds {
        Bounds { per_minute: 100, at_once: 2, max_wait: Duration::from_secs(300) }
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_under_way_than_may_be() {
        let limit = Limit::alone(bounds());
        let (first, second) = (limit.turn().await.unwrap(), limit.turn().await.unwrap());
        assert!(timeout(Duration::from_secs(9), limit.turn()).await.is_err());
        drop(first);
        assert!(timeout(Duration::from_secs(9), limit.turn()).await.is_ok());
        drop(second);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_told_when_it_is_given_up() {
        let bounds = Bounds { max_wait: Duration::from_secs(60), ..bounds() };
        let (limit, start) = (Limit::alone(bounds), Instant::now());
        limit.turn().await.unwrap().answered(Outcome::Busy(Some(Duration::from_secs(50))));
        let probe = limit.turn().await.unwrap();
        let refuse = async { probe.answered(Outcome::Busy(Some(Duration::from_secs(50)))) };
        let (refused, ()) = tokio::join!(async { limit.turn().await.err() }, refuse);
        let refused = refused.unwrap();
        assert_eq!((refused.waited, refused.asked), (Duration::from_secs(50), Some(Duration::from_secs(50))));
        assert_eq!(start.elapsed(), Duration::from_secs(50));
    }
}
