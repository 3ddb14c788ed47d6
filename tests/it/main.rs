//! Integration tests: whole commands, in-process through `leastwise::run`, with injected streams,
//! environment, folder and clock. No test reaches beyond loopback.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops here")]
#![expect(unreachable_pub, reason = "nothing here is reached from outside")]

mod bad_input;
mod bad_snapshots;
mod baseline;
mod callbacks;
mod checks;
mod ci;
#[cfg(unix)]
mod collectors;
mod command_line;
mod diff;
mod diff_directions;
mod diff_laws;
mod diff_sentences;
mod docs;
mod doctor;
mod edges;
mod exit_table;
mod exits;
mod faults;
mod files;
mod fixtures;
mod fleet;
mod gate;
mod generated;
mod habits;
mod html;
mod imports;
mod init;
mod integrations_page;
#[cfg(unix)]
mod interrupt;
mod least_role;
mod ledger;
mod library;
mod limits;
mod lines;
mod live;
mod names;
mod namesakes;
mod parity;
mod powers;
mod powershell;
mod promises;
mod properties;
mod psa;
mod pseudonyms;
mod readings;
mod recognised;
mod refusals;
mod release;
#[cfg(unix)]
mod responses;
mod review;
mod rule_schemas;
mod rules;
mod sarif;
mod schemas;
mod secrets;
mod shapes;
mod snapshots;
#[cfg(unix)]
mod story;
mod streamed;
mod support;
mod survey;
mod table;
mod tiny;
mod tls;
mod trend;
mod twice;
mod umbrella;
mod untrusted;
mod waive;
mod waivers;
mod words;
mod workflow;
