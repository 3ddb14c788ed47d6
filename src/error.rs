//! What can stop a command: whose fault it is, and what to do about it.

use std::io;

use crate::exit::Exit;
use crate::model::Gap;
use crate::rules::Problems;
use crate::source::connectwise::TransportError;
use crate::source::snapshot::SnapshotError;

/// What can stop a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line, the environment or the config does not say what is needed.
    #[error("{0}")]
    Usage(String),
    /// Settings without which the PSA cannot be asked, a line each.
    #[error("{0}")]
    Missing(String),
    /// Files that a person wrote.
    #[error("{}", heading(.0))]
    Problems(#[from] Problems),
    /// A snapshot that cannot be judged.
    #[error("the snapshot {path} cannot be judged: {source}")]
    Snapshot {
        /// The file, as the user named it.
        path: String,
        /// What is wrong with it.
        source: SnapshotError,
    },
    /// A snapshot that cannot be read.
    #[error("the snapshot {path} cannot be read: {source}; `leastwise snapshot -o FILE` writes one")]
    Unreadable {
        /// The file, as the user named it.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// No client could be made of the settings.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The tenant could not be read.
    #[error("{0}")]
    Tenant(String),
    /// A report or a snapshot that could not be written.
    #[error("{path} could not be written: {source}")]
    Unwritten {
        /// The file, as the user named it.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// Ctrl-C.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

fn heading(problems: &Problems) -> String {
    let number = problems.0.len();
    let what = if number == 1 { "1 problem".to_owned() } else { format!("{number} problems") };
    format!("{what}, nothing was judged:\n{problems}")
}

/// Of a tenant without which the command has nothing to say.
impl From<&Gap> for Error {
    fn from(gap: &Gap) -> Self {
        Self::Tenant(gap.with_fix())
    }
}

impl From<Gap> for Error {
    fn from(gap: Gap) -> Self {
        Self::from(&gap)
    }
}

impl Error {
    /// How the program ends.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Usage(_)
            | Self::Missing(_)
            | Self::Problems(_)
            | Self::Snapshot { .. }
            | Self::Unreadable { .. }
            | Self::Transport(_) => Exit::Usage,
            Self::Tenant(_) | Self::Unwritten { .. } => Exit::Failed,
            Self::Interrupted => Exit::Interrupted,
        }
    }
}
