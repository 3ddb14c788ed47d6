//! What several tenants share: a limit for each PSA and company, connections, and who hears of waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::limit::{Limit, Waiting};
use super::transport::{Connection, Http, TransportError};
use crate::model::TenantId;

/// What several tenants share.
#[derive(Debug)]
pub struct Shared {
    limits: Mutex<BTreeMap<(String, String), Arc<Limit>>>,
    http: Mutex<Vec<(Connection, Http)>>,
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
        (Self { limits: Mutex::default(), http: Mutex::default(), waits }, Waits(hears))
    }

    /// The limit of this tenant; the first to ask for it says how wide it is.
    pub(super) fn limit(&self, tenant: &TenantId, connection: &Connection) -> Arc<Limit> {
        let key = (tenant.site.to_lowercase(), tenant.company.to_lowercase());
        let new = || Arc::new(Limit::new(tenant.clone(), connection.bounds(), self.waits.clone()));
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(limits.entry(key).or_insert_with(new))
    }

    /// Connections that trust as this one asks.
    pub(super) fn http(&self, connection: &Connection) -> Result<Http, TransportError> {
        let mut all = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, http)) = all.iter().find(|(other, _)| other.is_like(connection)) {
            return Ok(http.clone());
        }
        let http = Http::new(connection)?;
        all.push((connection.clone(), http.clone()));
        Ok(http)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::{Instant, timeout};

    use super::{Connection, Shared, TenantId};
    use crate::source::connectwise::Retries;
    use crate::source::connectwise::pace::Outcome;

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
        let (shared, _) = Shared::new();
        let of = |site, company| shared.limit(&tenant(site, company), &connection(2));
        let acme = of("na.myconnectwise.net", "acme");
        assert!(Arc::ptr_eq(&acme, &of("NA.myconnectwise.net", "ACME")));
        assert!(!Arc::ptr_eq(&acme, &of("na.myconnectwise.net", "other")));
        assert!(!Arc::ptr_eq(&acme, &of("eu.myconnectwise.net", "acme")));
    }

    #[test]
    fn those_who_trust_alike_share_connections() {
        let (shared, _) = Shared::new();
        let mut slower = connection(2);
        slower.retries.attempt *= 2;
        let mut plain = connection(2);
        plain.site = "http://127.0.0.1:1".parse().unwrap();
        for own in [plain, connection(2), connection(9), slower.clone(), slower] {
            shared.http(&own).unwrap();
        }
        assert_eq!(shared.http.lock().unwrap().len(), 3, "one that trusts nobody is never used for TLS");
    }

    #[tokio::test(start_paused = true)]
    async fn one_429_makes_everybody_wait_and_is_said_once_and_at_once() {
        let (shared, mut waits) = Shared::new();
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
}
