//! Exit codes: picked once, from the finished report, before any writer runs.

use crate::model::Severity;

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

    /// Picks the code for tenants together: what could not be read, then what was not there, then
    /// findings, then what is unknown.
    pub(crate) fn of_all(tenants: impl IntoIterator<Item = Verdict>) -> Self {
        let tenants: Vec<_> = tenants.into_iter().collect();
        let any = |holds: fn(&Verdict) -> bool| tenants.iter().any(holds);
        if any(|tenant| tenant.is_unread) {
            Self::Failed
        } else if !tenants.is_empty() && tenants.iter().all(|tenant| tenant.nothing_matched) {
            Self::NothingMatched
        } else if any(|tenant| tenant.has_findings) {
            Self::Findings
        } else if any(|tenant| tenant.has_unknowns) {
            Self::Partial
        } else {
            Self::Clean
        }
    }
}

/// What decides about the exit code, of one tenant.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four questions with four answers")]
pub(crate) struct Verdict {
    /// It could not be read at all.
    pub(crate) is_unread: bool,
    /// What was asked for by name is not there.
    pub(crate) nothing_matched: bool,
    /// There are findings that fail the run.
    pub(crate) has_findings: bool,
    /// Something could not be told.
    pub(crate) has_unknowns: bool,
}

/// Whether a finding of this severity fails a run.
pub(crate) fn at_threshold(severity: Severity, fail_on: FailOn) -> bool {
    fail_on.is_some_and(|threshold| severity >= threshold)
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
