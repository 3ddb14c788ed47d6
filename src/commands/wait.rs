//! Waiting for the network, until Ctrl-C; and saying so where the PSA makes everything wait.

use std::future::Future;

use indicatif::ProgressBar;

use crate::error::Error;
use crate::io::Io;
use crate::source::connectwise::{Waiting, Waits};

/// Runs `work` to its end. Each wait for 429 is said as soon as it begins, above `bar` where one is drawn.
pub(super) fn wait_for<T>(
    work: impl Future<Output = T>,
    waits: &mut Waits,
    bar: Option<&ProgressBar>,
    io: &mut Io<'_>,
) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Error::Tenant(format!("the system gave no means to wait for the network: {error}"))
    })?;
    let mut say = |waiting: &Waiting| {
        let Some(bar) = bar else {
            io.note(&sentence(waiting));
            return;
        };
        bar.suspend(|| io.note(&sentence(waiting)));
        bar.set_message(format!("(the PSA says 429: waiting {} s)", waiting.wait.as_secs()));
    };
    runtime.block_on(async {
        tokio::pin! {
            let work = work;
            let interrupted = tokio::signal::ctrl_c();
        }
        loop {
            tokio::select! {
                // In this order: whoever sees the first request can already press Ctrl-C.
                biased;
                _ = &mut interrupted => return Err(Error::Interrupted),
                result = &mut work => return Ok(result),
                waiting = waits.next() => say(&waiting),
            }
        }
    })
}

fn sentence(waiting: &Waiting) -> String {
    format!(
        "{} says 429: too many requests, by everything that uses its API; waiting {} s",
        waiting.tenant,
        waiting.wait.as_secs()
    )
}
