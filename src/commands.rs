//! The commands: each a file with its arguments and its `run`.

pub(crate) mod audit;
pub(crate) mod checklist;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod explain;
mod find;
mod form;
pub(crate) mod gate;
pub(crate) mod impact;
pub(crate) mod init;
mod input;
mod load;
pub(crate) mod man;
mod output;
pub(crate) mod plan;
mod recorded;
pub(crate) mod report;
mod responses;
pub(crate) mod review;
pub(crate) mod rules;
pub(crate) mod snapshot;
pub(crate) mod survey;
mod wait;
pub(crate) mod waive;
mod wanted;

pub(crate) use output::to_stdout;
