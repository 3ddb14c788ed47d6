//! The commands: each a file with its arguments and its `run`.

pub mod audit;
pub mod checklist;
pub mod completions;
pub mod demo;
pub mod diff;
pub mod doctor;
pub mod explain;
mod find;
mod form;
pub mod gate;
pub mod impact;
pub mod init;
mod input;
pub mod man;
mod output;
pub mod plan;
mod recorded;
pub mod report;
mod responses;
pub mod review;
pub mod rules;
pub mod snapshot;
pub mod survey;
mod wait;
pub mod waive;
mod wanted;

pub(crate) use output::to_stdout;
