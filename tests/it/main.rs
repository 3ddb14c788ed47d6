//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

#![expect(unreachable_pub, reason = "a test binary has no outside")]

mod faults;
mod live;
mod psa;
mod support;
