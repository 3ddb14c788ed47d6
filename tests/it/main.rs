//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

mod checks;
mod exit_table;
mod fixtures;
mod library;
mod properties;
mod sarif;
mod schemas;
mod support;
mod table;
mod tiny;
mod umbrella;
