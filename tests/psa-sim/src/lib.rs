//! A ConnectWise PSA that is not one: serves a leastwise snapshot as the real REST API would,
//! enforces the role of the caller, records what it is asked, and fails on demand.
//!
//! ```no_run
//! use psa_sim::{Fault, Sim, When};
//!
//! let sim = Sim::from_files("fixtures/acme-msp.json")?.start()?;
//! sim.set_fault("/settings", When::First(2), Fault::status(503));
//! // … call sim.url() …
//! assert!(sim.requests().iter().all(|request| request.method == "GET"));
//! # Ok::<(), psa_sim::Error>(())
//! ```
//!
//! It does not use leastwise: it reads the snapshot format and the published permission tables for
//! itself, so that a mistake in either program shows. Where the behaviour of the real PSA is not
//! known, the docs of the item say **not established**.

mod answer;
mod auth;
mod conditions;
mod deliver;
mod error;
mod fault;
mod options;
mod paging;
mod query;
mod rate;
mod record;
mod reply;
mod request;
mod reshape;
mod rights;
mod routes;
mod rows;
mod running;
mod server;
mod shared;
mod sim;
mod sim_file;
mod spoil;
mod tenant;
mod tls;
mod wire;

pub use error::Error;
pub use fault::{Fault, When};
pub use options::{BadClientId, BadKey, Nulls, Reading, RetryAfter};
pub use record::Recorded;
pub use reshape::Shape;
pub use running::Running;
pub use sim::Sim;
pub use sim_file::{Access, Key, SimFile};
