//! The client: reads a tenant from ConnectWise PSA's REST API, with GET and nothing else.

mod access;
mod collect;
mod endpoint;
mod endpoints;
mod fault;
mod ledger;
mod limit;
mod link;
mod lists;
mod pace;
mod redact;
mod retry;
mod retry_after;
mod saved;
mod shared;
mod site;
mod trace;
mod transport;
mod wire;

pub use access::{Access, is_guid};
pub use collect::{
    Board, Client, Company, CompanyFault, CompanyRow, Form, KeyHolder, ListItem, Progress, Unreadable,
};
pub use endpoint::Endpoint;
pub use endpoints::endpoints;
pub use fault::Fault;
pub use limit::Waiting;
pub use pace::{AT_ONCE, MOST_PER_MINUTE, PER_MINUTE, Refusal};
pub use redact::Redaction;
pub use retry::Retries;
pub use saved::{Find, saved};
pub use shared::{Shared, Waits};
pub(crate) use site::is_quote;
pub use site::{Site, SiteError};
pub use trace::Exchange;
pub use transport::{Connection, Proxy, TransportError};
