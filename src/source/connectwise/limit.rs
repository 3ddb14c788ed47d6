//! Limits: what everybody who asks one PSA for one company shares, so that several of them together
//! ask no faster, and no more at once, than one alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::pace::Pace;
use super::transport::{Connection, Http, TransportError};
use crate::model::TenantId;

/// How fast and how much at once one PSA is asked for one company.
#[derive(Debug)]
pub(super) struct Limit {
    pace: Pace,
    slots: Semaphore,
}

impl Limit {
    /// For somebody who asks alone.
    pub(super) fn of(connection: &Connection) -> Self {
        Self {
            pace: Pace::new(connection.per_minute),
            slots: Semaphore::new(connection.at_once.clamp(1, Semaphore::MAX_PERMITS)),
        }
    }

    pub(super) const fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Waits until one more request may be under way; it is for as long as the permit is kept.
    pub(super) async fn slot(&self) -> Option<SemaphorePermit<'_>> {
        // Fails only where the semaphore was closed, which nobody does.
        self.slots.acquire().await.ok()
    }
}

/// What several tenants share: a limit for each PSA and company, and connections.
#[derive(Debug, Default)]
pub struct Shared {
    limits: BTreeMap<(String, String), Arc<Limit>>,
    http: Vec<(Connection, Http)>,
}

impl Shared {
    /// The limit of this tenant; the first to ask for it says how wide it is.
    pub(super) fn limit(&mut self, tenant: &TenantId, connection: &Connection) -> Arc<Limit> {
        let key = (tenant.site.to_lowercase(), tenant.company.to_lowercase());
        Arc::clone(self.limits.entry(key).or_insert_with(|| Arc::new(Limit::of(connection))))
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

    use super::{Shared, TenantId};
    use crate::source::connectwise::{Connection, Patience};

    fn connection(at_once: usize) -> Connection {
        Connection {
            site: "na.myconnectwise.net".parse().unwrap(),
            ca_file: None,
            proxy: None,
            patience: Patience::default(),
            per_minute: 100,
            at_once,
        }
    }

    fn tenant(site: &str, company: &str) -> TenantId {
        TenantId { site: site.to_owned(), company: company.to_owned() }
    }

    #[test]
    fn two_names_for_one_company_share_and_two_companies_do_not() {
        let mut shared = Shared::default();
        let mut of = |site, company| shared.limit(&tenant(site, company), &connection(2));
        let acme = of("na.myconnectwise.net", "acme");
        assert!(Arc::ptr_eq(&acme, &of("NA.myconnectwise.net", "ACME")));
        assert!(!Arc::ptr_eq(&acme, &of("na.myconnectwise.net", "other")));
        assert!(!Arc::ptr_eq(&acme, &of("eu.myconnectwise.net", "acme")));
    }

    #[test]
    fn those_who_trust_alike_share_connections() {
        let mut shared = Shared::default();
        let mut slower = connection(2);
        slower.patience.attempt *= 2;
        let mut plain = connection(2);
        plain.site = "http://127.0.0.1:1".parse().unwrap();
        for own in [plain, connection(2), connection(9), slower.clone(), slower] {
            shared.http(&own).unwrap();
        }
        assert_eq!(shared.http.len(), 3, "one that trusts nobody is never used for TLS");
    }

    #[tokio::test]
    async fn no_more_are_under_way_than_there_are_slots() {
        let limit = Shared::default().limit(&tenant("na.myconnectwise.net", "acme"), &connection(2));
        let (first, second) = (limit.slot().await, limit.slot().await);
        assert!(first.is_some() && second.is_some());
        assert_eq!(limit.slots.available_permits(), 0);
        drop(first);
        assert_eq!(limit.slots.available_permits(), 1);
    }
}
