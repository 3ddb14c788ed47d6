//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

mod integrations_page;
mod rules;
mod schemas;
mod support;
