//! What the pages say is true: shown output is what the program prints, examples work, tables are
//! complete, links lead somewhere. `LEASTWISE_BLESS=1 cargo test --test it docs` rewrites the shown
//! output and `docs/cli.md`.

mod examples;
mod links;
pub mod page;
mod promises;
mod shown;
mod tables;
