//! The options that every command takes.

use std::path::PathBuf;

use clap::{Args, ColorChoice};
use jiff::civil::Date;

use crate::model::Shard;

/// What every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// Config to read instead of the nearest leastwise.toml [env: LEASTWISE_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Tenant of the config, where it has several (audit takes more: repeat it, or write all)
    #[arg(long, global = true, value_name = "NAME", value_delimiter = ',')]
    pub tenant: Vec<String>,
    /// Only tenants with this tag in the config (repeat for more); audit only
    #[arg(long, global = true, value_name = "TAG", value_delimiter = ',')]
    pub tag: Vec<String>,
    /// Only the K-th of N shares of the tenants, the same on every machine; audit only
    #[arg(long, global = true, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Folder of rule files that replace built-in ones by id
    #[arg(long, global = true, value_name = "DIR")]
    pub rules_dir: Option<PathBuf>,
    /// The PSA's host, such as na.myconnectwise.net [env: LEASTWISE_SITE]
    #[arg(long, global = true, value_name = "HOST")]
    pub site: Option<String>,
    /// The company id typed on the PSA's login screen [env: LEASTWISE_COMPANY]
    #[arg(long, global = true, value_name = "ID")]
    pub company: Option<String>,
    /// The day to judge by, instead of today (UTC)
    #[arg(long, global = true, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Give up when the PSA answers nothing but 429 (too many requests) for so long
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 300)]
    pub max_wait: u64,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Say more on standard error
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say only errors and warnings on standard error
    #[arg(short, long, global = true)]
    pub quiet: bool,
}
