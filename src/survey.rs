//! The survey: how this PSA answers, held against what leastwise assumes; without any name, key, id or
//! address of whoever it belongs to.
//!
//! `ask` asks and only asks, `judge` concludes from what was seen and is pure, `report` and its two writers
//! say it, `answers` reads what an earlier survey said.

mod answers;
mod ask;
mod finding;
mod json;
mod judge;
mod markdown;
mod report;
mod rows;

pub(crate) use answers::Survey;
pub(crate) use ask::{Stopped, ask};
pub(crate) use json::write as write_json;
pub(crate) use markdown::write as write_markdown;
pub(crate) use report::Report;
