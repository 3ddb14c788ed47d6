//! The commands: each a file with its arguments and its `run`.

pub mod audit;
pub mod diff;
pub mod init;
mod input;
mod output;
pub mod plan;
mod responses;
pub mod rules;
pub mod snapshot;
