//! Shards: stable shares of the tenants, for several machines that know nothing of each other.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::TenantId;

/// The K-th of N shares, written `K/N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Which, from 1.
    pub part: u32,
    /// Of how many.
    pub of: u32,
}

impl Shard {
    /// Whether a tenant falls into this share. That depends on the tenant alone, never on its place in a
    /// list, so that adding a tenant moves no other; and two names for one PSA are never apart, so that
    /// one limit still counts their requests.
    #[must_use]
    pub fn holds(self, tenant: &TenantId) -> bool {
        let key = format!("{}\u{1f}{}", tenant.site, tenant.company).to_lowercase();
        let digest = Sha256::digest(key);
        let share = digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        share % u64::from(self.of.max(1)) + 1 == u64::from(self.part)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Schedulers that count from 0 may say 0 for the last: `0/4` is `4/4`.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((0, of @ 1..)) => Ok(Self { part: of, of }),
            Some((part, of)) if (1..=of).contains(&part) => Ok(Self { part, of }),
            _ => Err("write it as K/N, such as 1/4, with K from 1 to N (or from 0 to N-1)".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shard, TenantId};

    fn tenant(number: usize) -> TenantId {
        TenantId { site: "na.myconnectwise.net".to_owned(), company: format!("company{number}") }
    }

    #[test]
    fn every_tenant_is_in_one_share_and_shares_are_alike() {
        let shares: Vec<Shard> = (1..=4).map(|part| Shard { part, of: 4 }).collect();
        let mut sizes = [0; 4];
        for number in 0..400 {
            let holders: Vec<_> = (0..4).filter(|&i| shares[i].holds(&tenant(number))).collect();
            assert_eq!(holders.len(), 1, "{number}");
            sizes[holders[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (70..130).contains(size)), "{sizes:?}");
    }

    /// The share is a promise to machines that run different versions.
    #[test]
    fn the_share_of_a_tenant_never_changes() {
        let share = |number| (1..=4).find(|&part| Shard { part, of: 4 }.holds(&tenant(number)));
        let found: Vec<_> = (0..8).map(|number| share(number).unwrap_or_default()).collect();
        assert_eq!(found, [3, 3, 3, 1, 1, 3, 1, 4]);
        // Of a number of shares that is no power of two, every byte decides.
        let share = |number| (1..=7).find(|&part| Shard { part, of: 7 }.holds(&tenant(number)));
        let found: Vec<_> = (0..8).map(|number| share(number).unwrap_or_default()).collect();
        assert_eq!(found, [1, 3, 2, 7, 7, 1, 6, 1]);
    }

    #[test]
    fn letters_make_no_other_tenant() {
        let upper = TenantId { site: "NA.myconnectwise.net".to_owned(), company: "COMPANY1".to_owned() };
        for part in 1..=4 {
            let shard = Shard { part, of: 4 };
            assert_eq!(shard.holds(&upper), shard.holds(&tenant(1)));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "1", "0/0", "5/4", "1/0", "a/b", "1/4/2", "-1/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("0/4".parse::<Shard>(), Ok(Shard { part: 4, of: 4 }));
        assert_eq!("3/4".parse::<Shard>().map(|shard| shard.to_string()), Ok("3/4".to_owned()));
    }
}
