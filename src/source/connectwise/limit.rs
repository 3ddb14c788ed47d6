//! Limits: what everybody who asks one PSA for one company shares, so that several of them together
//! ask no faster, and no more at once, than one alone, and wait together when it says 429.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use super::pace::{Bounds, Kind, Outcome, Pace, Refusal, Turn};
use super::transport::{Connection, Http, TransportError};
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
    fn new(tenant: TenantId, bounds: Bounds, waits: UnboundedSender<Waiting>) -> Self {
        Self { pace: Mutex::new(Pace::new(bounds)), news: Notify::new(), tenant, waits }
    }

    /// A limit that nobody shares, for tests.
    #[cfg(test)]
    pub(super) fn alone(bounds: Bounds) -> Self {
        let tenant = TenantId { site: "psa.example".to_owned(), company: "acme".to_owned() };
        Self::new(tenant, bounds, unbounded_channel().0)
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

/// What several tenants share: a limit for each PSA and company, and connections.
#[derive(Debug)]
pub struct Shared {
    limits: BTreeMap<(String, String), Arc<Limit>>,
    http: Vec<(Connection, Http)>,
    waits: UnboundedSender<Waiting>,
}

/// Hears of every wait for 429 as soon as it begins.
#[derive(Debug)]
pub struct Waits(UnboundedReceiver<Waiting>);

impl Waits {
    /// The next wait; never comes to an end by itself.
    pub async fn next(&mut self) -> Waiting {
        match self.0.recv().await {
            Some(waiting) => waiting,
            None => std::future::pending().await,
        }
    }
}

impl Shared {
    /// Nothing that is shared yet, and what hears of its waits.
    #[must_use]
    pub fn new() -> (Self, Waits) {
        let (waits, hears) = unbounded_channel();
        (Self { limits: BTreeMap::new(), http: Vec::new(), waits }, Waits(hears))
    }

    /// The limit of this tenant; the first to ask for it says how wide it is.
    pub(super) fn limit(&mut self, tenant: &TenantId, connection: &Connection) -> Arc<Limit> {
        let key = (tenant.site.to_lowercase(), tenant.company.to_lowercase());
        let new = || Arc::new(Limit::new(tenant.clone(), connection.bounds(), self.waits.clone()));
        Arc::clone(self.limits.entry(key).or_insert_with(new))
    }

    /// Connections that trust as this one asks.
    pub(super) fn http(&mut self, connection: &Connection) -> Result<Http, TransportError> {
        if let Some((_, http)) = self.http.iter().find(|(other, _)| other.is_like(connection)) {
            return Ok(http.clone());
        }
        let http = Http::new(connection)?;
        self.http.push((connection.clone(), http.clone()));
        Ok(http)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::{Instant, timeout};

    use super::{Bounds, Limit, Outcome, Shared, TenantId};
    use crate::source::connectwise::{Connection, Retries};

    fn connection(at_once: usize) -> Connection {
        Connection {
            site: "na.myconnectwise.net".parse().unwrap(),
            ca_file: None,
            proxy: None,
            retries: Retries::default(),
            max_wait: Duration::from_secs(300),
            per_minute: 100,
            at_once,
        }
    }

    fn tenant(site: &str, company: &str) -> TenantId {
        TenantId { site: site.to_owned(), company: company.to_owned() }
    }

    #[test]
    fn two_names_for_one_company_share_and_two_companies_do_not() {
        let (mut shared, _) = Shared::new();
        let mut of = |site, company| shared.limit(&tenant(site, company), &connection(2));
        let acme = of("na.myconnectwise.net", "acme");
        assert!(Arc::ptr_eq(&acme, &of("NA.myconnectwise.net", "ACME")));
        assert!(!Arc::ptr_eq(&acme, &of("na.myconnectwise.net", "other")));
        assert!(!Arc::ptr_eq(&acme, &of("eu.myconnectwise.net", "acme")));
    }

    #[test]
    fn those_who_trust_alike_share_connections() {
        let (mut shared, _) = Shared::new();
        let mut slower = connection(2);
        slower.retries.attempt *= 2;
        let mut plain = connection(2);
        plain.site = "http://127.0.0.1:1".parse().unwrap();
        for own in [plain, connection(2), connection(9), slower.clone(), slower] {
            shared.http(&own).unwrap();
        }
        assert_eq!(shared.http.len(), 3, "one that trusts nobody is never used for TLS");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_under_way_than_may_be() {
        let limit = Limit::alone(connection(2).bounds());
        let (first, second) = (limit.turn().await.unwrap(), limit.turn().await.unwrap());
        assert!(timeout(Duration::from_secs(9), limit.turn()).await.is_err());
        drop(first);
        assert!(timeout(Duration::from_secs(9), limit.turn()).await.is_ok());
        drop(second);
    }

    #[tokio::test(start_paused = true)]
    async fn one_429_makes_everybody_wait_and_is_said_once_and_at_once() {
        let (mut shared, mut waits) = Shared::new();
        let limit = shared.limit(&tenant("na.myconnectwise.net", "acme"), &connection(2));
        let start = Instant::now();
        let (first, second) = (limit.turn().await.unwrap(), limit.turn().await.unwrap());
        first.answered(Outcome::Busy(Some(Duration::from_secs(30))));
        second.answered(Outcome::Busy(Some(Duration::from_secs(30))));
        let heard = waits.next().await;
        assert_eq!((heard.tenant.company.as_str(), heard.wait), ("acme", Duration::from_secs(30)));
        assert_eq!(start.elapsed(), Duration::ZERO);
        let probe = limit.turn().await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_secs(30));
        assert!(timeout(Duration::from_secs(5), limit.turn()).await.is_err(), "it goes alone");
        probe.answered(Outcome::Served);
        limit.turn().await.unwrap().answered(Outcome::Served);
        assert_eq!(limit.waited(), Duration::from_secs(35));
        assert!(timeout(Duration::ZERO, waits.next()).await.is_err(), "once");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_told_when_it_is_given_up() {
        let bounds = Bounds { max_wait: Duration::from_secs(60), ..connection(2).bounds() };
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
