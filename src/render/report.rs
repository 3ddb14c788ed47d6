//! A report: an audit that is finished, with its exit code.

use std::borrow::Cow;
use std::io;

use jiff::civil::Date;

use super::counts::Summary;
use super::filed::Filed;
use super::roll_up::RollUp;
use super::tenant::TenantReport;
use crate::exit::{Exit, FailOn};
use crate::model::Shard;

/// An audit that is finished.
#[derive(Clone, Debug)]
pub struct Report {
    /// leastwise's own version.
    pub version: String,
    /// The day of the audit.
    pub as_of: Date,
    /// From which severity findings fail the run.
    pub fail_on: FailOn,
    /// Which share of the tenants this is, where it is one.
    pub shard: Option<Shard>,
    /// Whether the table has the details too.
    pub details: bool,
    /// How the program ends.
    pub exit: Exit,
    tenants: Vec<Filed>,
    summary: Summary,
    pub(super) roll_up: RollUp,
}

impl Report {
    /// A report of these tenants. What they come to is decided here, before anything is written.
    #[must_use]
    pub fn new(as_of: Date, fail_on: FailOn, shard: Option<Shard>, tenants: Vec<Filed>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            as_of,
            fail_on,
            shard,
            details: false,
            exit: Exit::of_all(tenants.iter().map(|tenant| tenant.verdict(fail_on))),
            summary: tenants.iter().map(Filed::summary).sum(),
            roll_up: RollUp::of(tenants.iter().map(Filed::stand)),
            tenants,
        }
    }

    /// The tenants, as far as that is known without opening them.
    #[must_use]
    pub fn filed(&self) -> &[Filed] {
        &self.tenants
    }

    /// The tenants, each opened when its turn comes: of many, all at once would take much memory.
    pub fn tenants(&self) -> impl ExactSizeIterator<Item = io::Result<Cow<'_, TenantReport>>> {
        self.tenants.iter().map(Filed::open)
    }

    /// Counts over all tenants.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Why tenants could not be read, a sentence for each reason, with the tenants that have it.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        self.roll_up.failures()
    }
}
