//! `leastwise rules`, `impact` and `explain`, whole.

mod bad_input;
mod diff;
mod explain;
mod impact;
mod lint;
mod list;
mod merge;
mod new;
mod show;
mod test;
