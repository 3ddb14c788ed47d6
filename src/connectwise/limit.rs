//! Limits: what everybody who asks one PSA for one company shares, so that several of them together
//! ask no faster, and no more at once, than one alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::pace::Pace;
use super::transport::Connection;
use crate::model::TenantId;

/// How fast and how much at once one PSA is asked for one company.
#[derive(Debug)]
pub struct Limit {
    pace: Pace,
    slots: Semaphore,
}

impl Limit {
    /// For somebody who asks alone.
    #[must_use]
    pub fn of(connection: &Connection) -> Self {
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

/// The limits of several tenants, one for each PSA and company.
#[derive(Debug, Default)]
pub struct Limits(BTreeMap<(String, String), Arc<Limit>>);

impl Limits {
    /// The limit of this tenant; the first to ask for it says how wide it is.
    pub fn of(&mut self, tenant: &TenantId, connection: &Connection) -> Arc<Limit> {
        let key = (tenant.site.to_lowercase(), tenant.company.to_lowercase());
        Arc::clone(self.0.entry(key).or_insert_with(|| Arc::new(Limit::of(connection))))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Limits, TenantId};
    use crate::connectwise::{Connection, Patience};

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
        let mut limits = Limits::default();
        let mut of = |site, company| limits.of(&tenant(site, company), &connection(2));
        let acme = of("na.myconnectwise.net", "acme");
        assert!(Arc::ptr_eq(&acme, &of("NA.myconnectwise.net", "ACME")));
        assert!(!Arc::ptr_eq(&acme, &of("na.myconnectwise.net", "other")));
        assert!(!Arc::ptr_eq(&acme, &of("eu.myconnectwise.net", "acme")));
    }

    #[tokio::test]
    async fn no_more_are_under_way_than_there_are_slots() {
        let limit = Limits::default().of(&tenant("na.myconnectwise.net", "acme"), &connection(2));
        let (first, second) = (limit.slot().await, limit.slot().await);
        assert!(first.is_some() && second.is_some());
        assert_eq!(limit.slots.available_permits(), 0);
        drop(first);
        assert_eq!(limit.slots.available_permits(), 1);
    }
}
