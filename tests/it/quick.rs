//! The tests of judgement that need neither a PSA nor a process, once more in a binary of their own: what
//! cargo-mutants runs for each mutant, so that one costs seconds. Off in a plain `cargo test`: `it` has them all.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops here")]
#![expect(unreachable_pub, reason = "nothing here is reached from outside")]
#![expect(dead_code, reason = "helpers of tests that are not here")]

mod baseline;
mod checks;
mod diff;
mod diff_directions;
mod diff_laws;
mod diff_sentences;
mod exit_table;
mod lines;
mod readings;
mod schemas;
mod support;
mod tiny;
mod umbrella;
mod waivers;
