//! The commands: each a file with its arguments and its `run`.

pub mod audit;
pub mod checklist;
pub mod diff;
pub mod doctor;
pub mod init;
mod input;
mod output;
pub mod plan;
pub mod rules;
pub mod snapshot;
mod wait;
