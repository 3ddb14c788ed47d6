//! What can go wrong before the simulator answers its first request.

use std::path::PathBuf;

/// Why a simulator could not be made or started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not the JSON it should be.
    #[error("cannot parse {path}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A value given as `NAME.sim.json` has the wrong form.
    #[error("the simulator's own data has the wrong form")]
    SimValue(#[source] serde_json::Error),
    /// The snapshot is not one, or lacks what the simulator cannot do without.
    #[error("not a usable snapshot: {0}")]
    Snapshot(&'static str),
    /// No listener, no thread or no runtime.
    #[error("cannot serve")]
    Serve(#[source] std::io::Error),
    /// The test certificates could not be made.
    #[error("cannot make the test certificates")]
    Certificate(#[from] rcgen::Error),
    /// The test certificates could not be used.
    #[error("cannot set up TLS")]
    Tls(#[from] rustls::Error),
}
