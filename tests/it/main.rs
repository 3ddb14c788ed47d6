//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops here")]
#![expect(unreachable_pub, reason = "nothing here is reached from outside")]

mod docs;
mod schemas;
mod support;
