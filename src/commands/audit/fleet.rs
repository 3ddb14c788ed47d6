//! Many tenants: read side by side on one runtime, each judged as soon as it is read, and dropped.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::super::input;
use super::super::input::Input;
use super::super::load::{Loaded, Looks, Reading};
use super::super::wait::wait_for;
use super::judge;
use crate::audit::Request;
use crate::config::{Common, Fleet, Live, Settings, Unreachable};
use crate::error::Error;
use crate::io::Io;
use crate::model::GapCause;
use crate::render::Filed;
use crate::source::connectwise::{Client, Shared, TransportError};
use crate::term::text::{count, join_and};

/// So many tenants are read at a time. It bounds memory and open connections; at 100 ms from the PSA it
/// is far more than one machine needs to stay busy.
const SIDE_BY_SIDE: usize = 16;

/// Audits them all. What is wrong with one is in its own report; only Ctrl-C stops it.
pub(super) fn audit(
    fleet: &Fleet,
    settings: &Settings,
    request: &Request,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Vec<Filed>, Error> {
    announce(fleet, io);
    let now = (io.now)();
    let (shared, mut waits) = Shared::new();
    let tenants: Vec<_> = fleet.names.iter().map(|name| settings.one_of_many(name, common, io)).collect();
    let bar = io.progress_bar("tenants");
    bar.set_length(tenants.len() as u64);
    let judging = stream::iter(tenants)
        .map(|tenant| one(tenant, &shared, settings, request, now))
        .buffer_unordered(SIDE_BY_SIDE)
        .inspect(|_| {
            bar.inc(1);
            bar.set_message("");
        })
        .collect::<Vec<_>>();
    let reports = wait_for(judging, &mut waits, Some(&bar), io);
    bar.finish_and_clear();
    let mut reports = reports?;
    // They came in the order in which they were read.
    reports.sort_by(|one, two| one.name().cmp(two.name()));
    if common.verbose > 0 {
        for report in &reports {
            io.say(&format!("{}:", report.name()));
            input::say_requests(report.requests(), io);
        }
    }
    Ok(reports)
}

fn announce(fleet: &Fleet, io: &mut Io<'_>) {
    let here = count(fleet.names.len(), "tenant");
    io.note(&match fleet.shard {
        Some(shard) => format!("reading {here} of {}, live: shard {shard}", fleet.in_all),
        None => format!("reading {here}, live"),
    });
    if !fleet.ignored.is_empty() {
        let set = if fleet.ignored.len() == 1 { "is set, but counts" } else { "are set, but count" };
        io.warn(format_args!(
            "{} {set} for a tenant that is named alone; each of several has its own in leastwise.toml",
            join_and(&fleet.ignored)
        ));
    }
}

/// Reads and judges one, so that whatever goes wrong with it takes nothing from the others, a mistake in
/// this program included. Its data is gone when this returns; what was found stays.
async fn one(
    tenant: Result<Live, Box<Unreachable>>,
    shared: &Shared,
    settings: &Settings,
    request: &Request,
    now: Timestamp,
) -> Filed {
    let live = match tenant {
        Ok(live) => live,
        Err(unreachable) => return unread(*unreachable, settings, request, now),
    };
    let (name, id, policy) = (live.name.clone(), live.id(), live.policy.clone());
    let because = |why| unread(Unreachable { name, id, policy, why }, settings, request, now);
    match within_bounds(read(live, shared, settings, request, now)).await {
        Some(Ok(filed)) => filed,
        Some(Err(error)) => because(error.to_string()),
        None => because(OUR_MISTAKE.to_owned()),
    }
}

/// What is said of a tenant at which the program itself failed. What it died of stands on standard error.
const OUR_MISTAKE: &str = "leastwise itself failed at this tenant, which is a mistake in leastwise: please report it with what standard error says";

/// What comes of `work`; nothing where it panics.
async fn within_bounds<T>(work: impl Future<Output = T>) -> Option<T> {
    // What it was working on is gone with it; nothing that others use is left half done.
    AssertUnwindSafe(work).catch_unwind().await.ok()
}

async fn read(
    live: Live,
    shared: &Shared,
    settings: &Settings,
    request: &Request,
    now: Timestamp,
) -> Result<Filed, TransportError> {
    // Not before its turn: what a client keeps of its keys, to know them again, is 45 KiB.
    let client = Client::sharing(shared, live.connection, live.access, &[])?;
    let looks = Looks::Audit(request);
    let reading = Reading { client: &client, looks, policy: &live.policy, settings, now };
    let input = reading.input(&|_, _| {}).await;
    // It waits until all are there.
    Ok(Filed::packed(judge(live.name, Loaded { input, policy: live.policy }, settings, request)))
}

/// What is said of a tenant that could not be asked.
fn unread(tenant: Unreachable, settings: &Settings, request: &Request, now: Timestamp) -> Filed {
    let input = Input::unread(tenant.id, now, tenant.why, &GapCause::Unusable);
    Filed::packed(judge(tenant.name, Loaded { input, policy: tenant.policy }, settings, request))
}

#[cfg(test)]
mod tests {
    use super::within_bounds;

    #[tokio::test]
    async fn a_panic_is_the_end_of_its_own_work_only() {
        let fails = async { assert!(std::hint::black_box(false), "a mistake of ours") };
        assert_eq!(within_bounds(fails).await, None);
        assert_eq!(within_bounds(async { 7 }).await, Some(7));
    }
}
