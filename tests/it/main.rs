//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.
#![expect(unreachable_pub, reason = "a test binary has no outside")]

mod bad_input;
mod bad_snapshots;
mod docs;
mod doctor;
mod exits;
mod faults;
mod init;
#[cfg(unix)]
mod interrupt;
mod least_role;
mod ledger;
mod live;
mod psa;
mod schemas;
mod secrets;
mod snapshots;
mod support;
mod tls;
