//! Waiting for the network, until Ctrl-C.

use std::future::Future;

use crate::error::Error;

/// Runs `work` to its end.
pub(super) fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Error::Tenant(format!("the system gave no means to wait for the network: {error}"))
    })?;
    runtime.block_on(async {
        tokio::select! {
            result = work => Ok(result),
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
        }
    })
}
