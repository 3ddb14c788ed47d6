//! Laws that hold for whatever tenant, tried by way of the command line and the JSON report alone, on
//! generated tenants in which one thing bears on another: shared roles, people on them, gaps, waivers.

mod build;
mod canaries;
mod corpus;
mod estate;
mod judged;
mod oracle;
mod parity;
mod plan;
mod sound;
mod standings;
mod step;
mod strategy;
