//! Settings: what argument, environment and `leastwise.toml` say together; an argument beats the
//! environment, which beats the file.

mod asked;
mod common;
mod credentials;
mod file;
mod fleet;
mod found;
pub(crate) mod links;
mod missing;
mod mistyped;
pub(crate) mod reviews;
mod shape;
mod variables;

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use common::Common;
pub use credentials::IntegrationKey;
pub(crate) use file::rules_dir;
pub use file::{Config, TenantConfig};
pub use fleet::{Fleet, Unreachable};

use crate::error::Error;
use crate::io::Io;
use crate::model::TenantId;
use crate::policy::Policy;
use crate::rules::{Library, did_you_mean};
use crate::source::connectwise::{
    AT_ONCE, Access, Connection, MOST_PER_MINUTE, PER_MINUTE, Proxy, Retries, Site,
};
use crate::term::text::join_few;
use credentials::Variables;
use found::Found;
use missing::Needed;
use variables::misspelt;

/// The JSON Schema of `leastwise.toml`.
pub(crate) fn schema() -> serde_json::Value {
    crate::json_schema::of_input::<shape::ConfigShape>()
}

/// What argument, environment and config say together.
#[derive(Debug)]
pub struct Settings {
    /// The config, empty where there is none.
    pub config: Config,
    /// What is known and needed.
    pub library: Library,
    /// The day of the audit.
    pub as_of: Date,
}

/// A live tenant and how to reach it.
#[derive(Debug)]
pub struct Live {
    /// Its name in the config, or its company.
    pub name: String,
    /// Where and how.
    pub connection: Connection,
    /// With which key.
    pub access: Access,
    /// What its owner decided.
    pub policy: Policy,
}

impl Live {
    /// Which PSA it is.
    #[must_use]
    pub fn id(&self) -> TenantId {
        TenantId { site: self.connection.site.identity(), company: self.access.company.clone() }
    }
}

/// A live tenant and how to reach it, without any key.
#[derive(Debug)]
pub struct Reach<'c> {
    /// Its name in the config, or its company.
    pub name: String,
    /// The login company id.
    pub company: String,
    /// Where and how.
    pub connection: Connection,
    /// What its owner decided.
    pub policy: Policy,
    own: Option<&'c TenantConfig>,
}

impl Reach<'_> {
    /// Which PSA it is.
    #[must_use]
    pub fn id(&self) -> TenantId {
        TenantId { site: self.connection.site.identity(), company: self.company.clone() }
    }

    /// The key pair of an integration's own member.
    #[must_use]
    pub fn integration_key(&self, io: &Io<'_>) -> IntegrationKey {
        credentials::integration(&self.company, self.own, io)
    }

    /// The auditor's key pair, where one is set at all.
    ///
    /// # Errors
    /// It is set and cannot be read.
    pub fn auditor_key(&self, io: &mut Io<'_>) -> Result<Option<Access>, Error> {
        let is_named = self.own.is_some_and(|own| own.public_key.is_set());
        if is_named || io.var("LEASTWISE_PUBLIC_KEY").is_some() {
            credentials::read(&self.company, self.own, Variables::Count, io).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl Settings {
    /// Reads the config and the rule files.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn read(common: &Common, io: &mut Io<'_>) -> Result<Self, Error> {
        let found = found::find(common, io)?;
        let folder = match (&common.rules_dir, &found) {
            (Some(folder), _) => Some(folder.clone()),
            (None, Some(found)) => rules_dir(&found.shown, &io.path(&found.shown)),
            (None, None) => None,
        };
        if let Some(folder) = &folder {
            links::check("the folder of rule files", folder, io)?;
        }
        let library = Library::load(folder.map(|folder| io.path(&folder)).as_deref(), today(io))?;
        for passed_over in &library.passed_over {
            io.warn(passed_over);
        }
        Self::of(found.as_ref(), library, common, io)
    }

    /// Reads the config, and takes this library as the rule files.
    ///
    /// # Errors
    /// Every problem of the config.
    pub fn with(library: Library, common: &Common, io: &mut Io<'_>) -> Result<Self, Error> {
        Self::of(found::find(common, io)?.as_ref(), library, common, io)
    }

    fn of(found: Option<&Found>, library: Library, common: &Common, io: &mut Io<'_>) -> Result<Self, Error> {
        let config = match found {
            Some(found) => {
                let shown = found.shown.display().to_string();
                if found.is_said {
                    io.note(&format!("the config is {shown}"));
                }
                let mut config = Config::load(&shown, &io.path(&found.shown), &library)?;
                config.reviews.decisions = reviews::load(&found.shown, io)?;
                config
            }
            None => Config::default(),
        };
        Ok(Self { config, library, as_of: common.as_of.unwrap_or_else(|| today(io)) })
    }

    /// The tenant that is meant, where the config has one: by name, or the only one.
    ///
    /// # Errors
    /// A name that the config does not have, or several tenants and no name.
    fn selected(&self, common: &Common) -> Result<Option<(&String, &TenantConfig)>, Error> {
        if fleet::is_asked_for(common) {
            return Err(Error::Usage(
                "this command reads one tenant: name it with --tenant NAME; only audit takes several"
                    .to_owned(),
            ));
        }
        let tenants = &self.config.tenants;
        if let [name] = common.tenant.as_slice() {
            return self.named(name).map(Some);
        }
        match tenants.len() {
            0 => Ok(None),
            1 => Ok(tenants.iter().next()),
            _ => Err(Error::Usage(format!(
                "the config has several tenants: say which with --tenant ({}); `leastwise audit --tenant all` takes them all",
                names(tenants.keys())
            ))),
        }
    }

    /// The tenant of this name.
    ///
    /// # Errors
    /// There is none, with the nearest.
    fn named(&self, name: &str) -> Result<(&String, &TenantConfig), Error> {
        let tenants = &self.config.tenants;
        tenants.get_key_value(name).ok_or_else(|| {
            let near = did_you_mean(name, tenants.keys().map(String::as_str));
            let hint = near.map_or_else(
                || {
                    if tenants.is_empty() {
                        "there is no leastwise.toml with tenants".to_owned()
                    } else {
                        format!("the config has {}", names(tenants.keys()))
                    }
                },
                |near| format!("did you mean \"{near}\"?"),
            );
            Error::Usage(format!("there is no tenant \"{name}\" in the config: {hint}"))
        })
    }

    /// The site and the company that are meant, as far as argument, environment or config say so.
    ///
    /// # Errors
    /// A tenant that the config does not have.
    pub fn place(&self, common: &Common, io: &Io<'_>) -> Result<(Option<String>, Option<String>), Error> {
        let own = self.selected(common)?.map(|(_, tenant)| tenant);
        let site = setting(
            common.site.as_deref(),
            io.var("LEASTWISE_SITE"),
            own.and_then(|own| own.site.as_deref()),
        );
        let company = setting(
            common.company.as_deref(),
            io.var("LEASTWISE_COMPANY"),
            own.and_then(|own| own.company.as_deref()),
        );
        Ok((site.map(str::to_owned), company.map(|company| company.trim().to_owned())))
    }

    /// The live tenant that is meant, with its keys.
    ///
    /// # Errors
    /// A setting that is missing or wrong; nothing has been asked of the network.
    pub fn live(&self, common: &Common, io: &mut Io<'_>) -> Result<Live, Error> {
        let own = self.selected(common)?.map(|(_, tenant)| tenant);
        let mut missing = place_missing(&self.place(common, io)?);
        if missing.is_empty() {
            // What is there and wrong comes before what is not there.
            self.reach(common, io)?;
            asked::ask_for_missing(own, io)?;
        }
        missing.extend(credentials::missing(own, io));
        if !missing.is_empty() {
            return Err(refusal(&missing, io));
        }
        let reach = self.reach(common, io)?;
        let access = credentials::read(&reach.company, reach.own, Variables::Count, io)?;
        Ok(Live { name: reach.name, connection: reach.connection, access, policy: reach.policy })
    }

    /// How to reach the live tenant that is meant, without any key.
    ///
    /// # Errors
    /// A setting that is missing or wrong.
    pub fn reach(&self, common: &Common, io: &Io<'_>) -> Result<Reach<'_>, Error> {
        let selected = self.selected(common)?;
        let own = selected.map(|(_, tenant)| tenant);
        let place = self.place(common, io)?;
        let missing = place_missing(&place);
        let (Some(site), Some(company)) = place else {
            return Err(refusal(&missing, io));
        };
        let site: Site = site.parse().map_err(|error| Error::Usage(format!("{error}")))?;
        if let Some(wrong) = mistyped::company(&company) {
            return Err(Error::Usage(format!("the company {wrong}")));
        }
        Ok(Reach {
            name: selected.map_or_else(|| company.trim().to_owned(), |(name, _)| name.clone()),
            company: company.trim().to_owned(),
            connection: connection(site, own, common, io),
            policy: self.config.policy(selected.map(|(name, _)| name.as_str())),
            own,
        })
    }

    /// The name and the policy for a snapshot's tenant: the config's tenant of that company and that site,
    /// or of that company where the config leaves the site to the environment.
    ///
    /// # Errors
    /// A name that the config does not have.
    pub fn of_snapshot(&self, common: &Common, id: &TenantId) -> Result<(Option<String>, Policy), Error> {
        if !common.tenant.is_empty() || fleet::is_asked_for(common) {
            let selected = self.selected(common)?;
            let name = selected.map(|(name, _)| name.clone());
            return Ok((name.clone(), self.config.policy(name.as_deref())));
        }
        let is_company = |own: &TenantConfig| {
            own.company.as_ref().is_some_and(|company| company.trim().eq_ignore_ascii_case(&id.company))
        };
        let site_of = |own: &TenantConfig| own.site.as_ref().and_then(|site| site.parse::<Site>().ok());
        let is_site = |own: &TenantConfig| site_of(own).is_some_and(|site| site.identity() == id.site);
        let of_company = || self.config.tenants.iter().filter(|(_, own)| is_company(own));
        let found = of_company()
            .find(|(_, own)| is_site(own))
            .or_else(|| of_company().find(|(_, own)| own.site.is_none()));
        let name = found.map(|(name, _)| name.clone());
        Ok((name.clone(), self.config.policy(name.as_deref())))
    }
}

/// Which of site and company neither argument, environment nor config says.
fn place_missing((site, company): &(Option<String>, Option<String>)) -> Vec<Needed> {
    let places = [(site, missing::SITE), (company, missing::COMPANY)];
    places.into_iter().filter(|(value, _)| value.is_none()).map(|(_, needed)| needed).collect()
}

/// Names everything that is missing at once.
fn refusal(missing: &[Needed], io: &Io<'_>) -> Error {
    let remarks: Vec<_> = missing.iter().filter_map(|needed| misspelt(needed.variable, io)).collect();
    missing::error(missing, &remarks, io)
}

/// The day by the clock, in UTC.
#[must_use]
pub fn today(io: &Io<'_>) -> Date {
    (io.now)().to_zoned(TimeZone::UTC).date()
}

/// How long and how fast to ask, and whom.
fn connection(site: Site, own: Option<&TenantConfig>, common: &Common, io: &Io<'_>) -> Connection {
    let network = own.map(|own| own.network.clone()).unwrap_or_default();
    let millis =
        |own: Option<u32>, default: Duration| own.map_or(default, |own| Duration::from_millis(own.into()));
    let retries = Retries::default();
    Connection {
        site,
        ca_file: own.and_then(|own| own.ca_file.as_ref()).map(|path| io.path(path)),
        proxy: proxy(io),
        retries: Retries {
            attempt: millis(network.timeout_ms, retries.attempt),
            total: millis(network.total_ms, retries.total).min(retries.total),
            pause: millis(network.pause_ms, retries.pause),
        },
        max_wait: Duration::from_secs(common.max_wait),
        per_minute: network.requests_per_minute.map_or(PER_MINUTE, |own| own as usize).min(MOST_PER_MINUTE),
        at_once: network.connections.map_or(AT_ONCE, |own| own as usize).max(1),
    }
}

fn setting<'v>(
    argument: Option<&'v str>,
    variable: Option<&'v str>,
    file: Option<&'v str>,
) -> Option<&'v str> {
    argument.or(variable).or(file).filter(|value| !value.trim().is_empty())
}

/// The proxy that the environment names, in either case of letters.
fn proxy(io: &Io<'_>) -> Option<Proxy> {
    let either = |name: &str| io.var(name).or_else(|| io.var(&name.to_lowercase()));
    Some(Proxy {
        url: either("HTTPS_PROXY")?.trim().to_owned().into(),
        except: either("NO_PROXY").map(str::to_owned),
    })
}

/// "a, b and c", and how many more there are.
fn names<'n>(names: impl Iterator<Item = &'n String>) -> String {
    const NAMED: usize = 12;
    join_few(&names.collect::<Vec<_>>(), NAMED)
}
