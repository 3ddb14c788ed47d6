//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops here")]

mod bad_input;
mod bad_snapshots;
mod baseline;
mod checks;
mod diff;
mod diff_laws;
mod docs;
mod doctor;
mod exit_table;
mod exits;
mod faults;
mod fixtures;
mod init;
#[cfg(unix)]
mod interrupt;
mod least_role;
mod ledger;
mod library;
mod live;
mod properties;
mod psa;
mod readings;
mod sarif;
mod schemas;
mod secrets;
mod snapshots;
mod support;
mod table;
mod tiny;
mod tls;
mod umbrella;
mod waivers;
