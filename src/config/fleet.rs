//! The fleet: several tenants of the config, read side by side. Each has settings of its own; what is
//! wrong with those of one is its own failure and nobody else's.

use super::credentials::Variables;
use super::file::EVERY_TENANT;
use super::{Live, Settings, TenantConfig, connection, credentials, names};
use crate::config::Common;
use crate::error::Error;
use crate::io::Io;
use crate::model::{Shard, TenantId};
use crate::policy::Policy;
use crate::rules::did_you_mean;
use crate::source::connectwise::{Access, Connection, Site};
use crate::term::text::is_blank;

/// Variables that say what one tenant is, and so none of many.
const OF_ONE: [&str; 4] =
    ["LEASTWISE_SITE", "LEASTWISE_COMPANY", "LEASTWISE_PUBLIC_KEY", "LEASTWISE_PRIVATE_KEY"];

/// The tenants that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// Their names in the config, in order.
    pub names: Vec<String>,
    /// How many there are in all shards.
    pub in_all: usize,
    /// Which share of them this is.
    pub shard: Option<Shard>,
    /// Variables that are set and do not count here.
    pub ignored: Vec<&'static str>,
}

/// One tenant of many that cannot be asked at all.
#[derive(Debug)]
pub struct Unreachable {
    /// Its name in the config.
    pub name: String,
    /// Which PSA, as far as its section says.
    pub id: TenantId,
    /// What its owner decided.
    pub policy: Policy,
    /// Why.
    pub why: String,
}

/// Whether more than one tenant may be meant. It depends on what was asked and never on how many
/// tenants there turn out to be, so that a shard with a single one behaves as any other.
pub(super) fn is_asked_for(common: &Common) -> bool {
    common.tenant.len() > 1
        || common.tenant.iter().any(|name| name == EVERY_TENANT)
        || !common.tag.is_empty()
        || common.shard.is_some()
}

impl Settings {
    /// The tenants that are meant, where several may be.
    ///
    /// # Errors
    /// A name or a tag that the config does not have, or an argument that fits one tenant only.
    pub fn fleet(&self, common: &Common, io: &Io<'_>) -> Result<Option<Fleet>, Error> {
        if !is_asked_for(common) {
            return Ok(None);
        }
        if common.site.is_some() || common.company.is_some() {
            return Err(Error::Usage(
                "--site and --company are of one tenant: among several, leastwise.toml says them".to_owned(),
            ));
        }
        if self.config.tenants.is_empty() {
            return Err(Error::Usage(
                "there is no leastwise.toml with tenants: --tenant, --tag and --shard pick from it"
                    .to_owned(),
            ));
        }
        let every = common.tenant.is_empty() || common.tenant.iter().any(|name| name == EVERY_TENANT);
        for name in common.tenant.iter().filter(|name| *name != EVERY_TENANT) {
            self.named(name)?;
        }
        self.check_tags(&common.tag)?;
        let is_meant = |name: &String, own: &TenantConfig| {
            (every || common.tenant.contains(name))
                && (common.tag.is_empty() || own.tags.iter().any(|tag| common.tag.contains(tag)))
        };
        let meant: Vec<_> = self.config.tenants.iter().filter(|(name, own)| is_meant(name, own)).collect();
        if meant.is_empty() {
            return Err(Error::Usage("none of the tenants that are named has the tag".to_owned()));
        }
        let is_here =
            |name: &str, own: &TenantConfig| common.shard.is_none_or(|shard| shard.holds(&id(name, own)));
        Ok(Some(Fleet {
            in_all: meant.len(),
            names: meant
                .into_iter()
                .filter(|(name, own)| is_here(name, own))
                .map(|(name, _)| name.clone())
                .collect(),
            shard: common.shard,
            ignored: OF_ONE.into_iter().filter(|variable| io.var(variable).is_some()).collect(),
        }))
    }

    fn check_tags(&self, asked: &[String]) -> Result<(), Error> {
        let mut known: Vec<&String> = self.config.tenants.values().flat_map(|own| &own.tags).collect();
        known.sort();
        known.dedup();
        let Some(tag) = asked.iter().find(|tag| !known.contains(tag)) else {
            return Ok(());
        };
        let hint = match did_you_mean(tag, known.iter().map(|tag| tag.as_str())) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None if known.is_empty() => "write tags = [\"…\"] in its [tenant.NAME]".to_owned(),
            None => format!("the tags are {}", names(known.iter().copied())),
        };
        Err(Error::Usage(format!("no tenant of the config has the tag \"{tag}\": {hint}")))
    }

    /// One tenant of many, by what its own section of the config says and nothing else. What is wrong with that
    /// is no mistake in the call, as it is where the tenant is asked for alone.
    ///
    /// # Errors
    /// Why it cannot be asked, with what is known of it.
    pub fn one_of_many(
        &self,
        name: &str,
        common: &Common,
        io: &mut Io<'_>,
    ) -> Result<Live, Box<Unreachable>> {
        let none = TenantConfig::default();
        let own = self.config.tenants.get(name).unwrap_or(&none);
        let (name, policy) = (name.to_owned(), self.config.policy(Some(name)));
        match reach(own, common, io) {
            Ok((connection, access)) => Ok(Live { name, connection, access, policy }),
            Err(error) => {
                let id = id(&name, own);
                Err(Box::new(Unreachable { name, id, policy, why: error.to_string() }))
            }
        }
    }
}

fn reach(own: &TenantConfig, common: &Common, io: &mut Io<'_>) -> Result<(Connection, Access), Error> {
    let missing = |key: &str| Error::Usage(format!("`{key}` is not set in its part of leastwise.toml"));
    let filled = |text: &Option<String>| text.clone().filter(|text| !is_blank(text));
    let site = filled(&own.site).ok_or_else(|| missing("site"))?;
    let company = filled(&own.company).ok_or_else(|| missing("company"))?;
    let site: Site = site.parse().map_err(|error| Error::Usage(format!("{error}")))?;
    let access = credentials::read(company.trim(), Some(own), Variables::DoNotCount, io)?;
    Ok((connection(site, Some(own), common, io), access))
}

/// Which PSA a section means; what it does not say is taken from its name.
fn id(name: &str, own: &TenantConfig) -> TenantId {
    let site = own.site.as_ref().and_then(|site| site.parse::<Site>().ok());
    let company = own.company.as_ref().map(|company| company.trim()).filter(|company| !company.is_empty());
    TenantId {
        site: site.map_or_else(|| "no site".to_owned(), |site| site.identity()),
        company: company.unwrap_or(name).to_owned(),
    }
}
