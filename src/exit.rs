//! Exit codes: picked once, from the finished report, before any writer runs.

use crate::checks::Status;
use crate::model::Severity;
use crate::report::TenantReport;

/// How the program ends; the same for every format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Every asked check ran; nothing at or above the threshold.
    Clean = 0,
    /// Findings at or above the threshold.
    Findings = 1,
    /// The command line, the config, a rule file or a snapshot is wrong: nothing was judged.
    Usage = 2,
    /// The tenant could not be read, or a report could not be written.
    Failed = 3,
    /// Judged in part: some results are unknown, and nothing is at the threshold.
    Partial = 4,
    /// What was asked for by name is not there, and nothing else was judged.
    NothingMatched = 5,
    /// Ctrl-C.
    Interrupted = 130,
}

/// From which severity findings fail the run; `None` for never.
pub type FailOn = Option<Severity>;

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Picks the code for a finished audit: what could not be read, then what was not there, then
    /// findings, then what is unknown.
    #[must_use]
    pub fn of(tenants: &[TenantReport], fail_on: FailOn) -> Self {
        let mut outcomes = tenants.iter().flat_map(|tenant| &tenant.outcomes);
        if tenants.iter().any(|tenant| tenant.failure.is_some()) {
            return Self::Failed;
        }
        if !tenants.is_empty() && tenants.iter().all(|tenant| tenant.nothing_matched) {
            return Self::NothingMatched;
        }
        let gates = |severity: Severity| fail_on.is_some_and(|threshold| severity >= threshold);
        if outcomes.clone().any(|outcome| outcome.counts() && gates(outcome.severity)) {
            return Self::Findings;
        }
        if outcomes.any(|outcome| outcome.status == Status::Unknown) {
            return Self::Partial;
        }
        Self::Clean
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;

    use super::Exit;

    #[test]
    fn the_process_ends_with_the_number_that_is_documented() {
        for (exit, number) in [
            (Exit::Clean, 0),
            (Exit::Findings, 1),
            (Exit::Usage, 2),
            (Exit::Failed, 3),
            (Exit::Partial, 4),
            (Exit::NothingMatched, 5),
            (Exit::Interrupted, 130),
        ] {
            assert_eq!(exit.code(), number);
            // An ExitCode compares with nothing.
            assert_eq!(format!("{:?}", ExitCode::from(exit)), format!("{:?}", ExitCode::from(number)));
        }
    }
}
