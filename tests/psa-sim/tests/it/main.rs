//! The simulator as its clients see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod auth;
mod command;
mod common;
mod faults;
mod lists;
mod performance;
mod rights;
mod rows;
mod tls;
