//! `leastwise rules`, `impact` and `explain`, whole.

mod bad_input;
mod diff;
mod doubts;
mod explain;
mod forms;
mod impact;
mod laws;
mod lint;
mod list;
mod live;
mod merge;
mod new;
mod pasted;
mod show;
mod test;
mod unmatched;
