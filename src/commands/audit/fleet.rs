//! Many tenants: read side by side on one runtime, each judged as soon as it is read, and dropped.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::super::input;
use super::super::input::Input;
use super::super::load::{self, Looks};
use super::super::wait::wait_for;
use super::judged;
use crate::audit::{Audit, Request};
use crate::config::{Common, Fleet, OneOfMany, Settings};
use crate::error::Error;
use crate::io::Io;
use crate::model::GapCause;
use crate::render::Filed;
use crate::source::connectwise::{Client, Shared, TransportError};
use crate::term::text::{count, join_and};

/// So many tenants are read at a time. It bounds memory and open connections; at 100 ms from the PSA it
/// is far more than one machine needs to stay busy.
const SIDE_BY_SIDE: usize = 16;

/// A tenant of many that is ready to be asked, or why it cannot be.
struct Member {
    own: OneOfMany,
    client: Result<Client, String>,
}

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
    let (mut shared, mut waits) = Shared::new();
    let members = members(fleet, settings, &mut shared, common, io);
    let bar = io.progress_bar("tenants");
    bar.set_length(members.len() as u64);
    let judging = stream::iter(members)
        .map(|member| alone(member, settings, request, now))
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

/// Everything that can be known before the first request: keys, certificates, limits.
fn members(
    fleet: &Fleet,
    settings: &Settings,
    shared: &mut Shared,
    common: &Common,
    io: &mut Io<'_>,
) -> Vec<Member> {
    let member = |name: &String| {
        let mut own = settings.one_of_many(name, common, io);
        let reach = std::mem::replace(&mut own.reach, Err(String::new()));
        let client = reach.and_then(|(connection, access)| {
            Client::sharing(shared, connection, access, &[])
                .map_err(|error: TransportError| error.to_string())
        });
        Member { own, client }
    };
    fleet.names.iter().map(member).collect()
}

/// Reads and judges one, so that whatever goes wrong with it takes nothing from the others, a mistake in
/// this program included.
async fn alone(member: Member, settings: &Settings, request: &Request, now: Timestamp) -> Filed {
    let OneOfMany { name, id, policy, .. } = &member.own;
    let reach = Err(OUR_MISTAKE.to_owned());
    let own = OneOfMany { name: name.clone(), id: id.clone(), policy: policy.clone(), reach };
    match within_bounds(judge(member, settings, request, now)).await {
        Some(filed) => filed,
        None => judge(Member { own, client: Err(OUR_MISTAKE.to_owned()) }, settings, request, now).await,
    }
}

/// What is said of a tenant at which the program itself failed. What it died of stands on standard error.
const OUR_MISTAKE: &str = "leastwise itself failed at this tenant, which is a mistake in leastwise: please report it with what standard error says";

/// What comes of `work`; nothing where it panics.
async fn within_bounds<T>(work: impl Future<Output = T>) -> Option<T> {
    // What it was working on is gone with it; nothing that others use is left half done.
    AssertUnwindSafe(work).catch_unwind().await.ok()
}

/// Reads and judges one. Its data is gone when this returns; what was found stays.
async fn judge(member: Member, settings: &Settings, request: &Request, now: Timestamp) -> Filed {
    let Member { own, client } = member;
    let audit = Audit { library: &settings.library, policy: &own.policy, request, as_of: settings.as_of };
    let input = match client {
        Ok(client) => {
            load::with(&client, Looks::Audit(request), &own.policy, settings, now, &|_, _| {}).await
        }
        Err(why) => Input::unread(own.id, now, why, &GapCause::Unusable),
    };
    let judgement = audit.judge(&input.tenant);
    // It waits until all are there.
    Filed::packed(judged(own.name, &audit, input, judgement))
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
