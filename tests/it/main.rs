//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

mod checks;
mod library;
mod properties;
mod schemas;
mod support;
mod tiny;
mod umbrella;
