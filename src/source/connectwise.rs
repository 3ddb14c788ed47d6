//! The client: reads a tenant from ConnectWise PSA's REST API, with GET and nothing else.

mod collect;
mod endpoint;
mod fault;
mod ledger;
mod limit;
mod link;
mod pace;
mod patience;
mod redact;
mod saved;
mod site;
mod trace;
mod transport;
mod wire;

pub use collect::{
    Board, Client, Company, CompanyFault, CompanyRow, KeyHolder, ListItem, Progress, Unreadable,
};
pub use endpoint::{Endpoint, endpoints};
pub use fault::Fault;
pub use limit::Shared;
pub use pace::PER_MINUTE;
pub use patience::Patience;
pub use saved::{Find, saved, settings_file};
pub(crate) use site::is_quote;
pub use site::{Site, SiteError};
pub use trace::Exchange;
pub use transport::{Access, Connection, Proxy, TransportError};
