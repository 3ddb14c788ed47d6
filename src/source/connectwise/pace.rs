//! Pace: whether a request may go out now. A pure function of the time, of what went out and of what was
//! answered; `limit` waits by it.
//!
//! Until the first 429 a burst goes out unslowed; from then on requests are spread evenly. A 429 pauses
//! *everything* for as long as it asks. Then one request goes alone, and only when the PSA takes it do the
//! others follow, at three quarters of the pace and half the connections; every quiet quarter of a minute
//! gives some of that back.

#[cfg(test)]
mod simulated;

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Requests in any minute, unless the config says more: half of what ConnectWise gives to all who use a
/// PSA's API together.
pub const PER_MINUTE: usize = 500;

/// The most that a config can ask for: below the 1,000 at which throttling is likely.
pub const MOST_PER_MINUTE: usize = 950;

/// Requests under way at once, unless the config says more. Twelve made a PSA throttle, four did not.
pub const AT_ONCE: usize = 4;

/// Without a 429, this share of what a minute may hold goes out unslowed: 450 of 500.
const BURST: (usize, usize) = (9, 10);
const MOST_BURST: usize = 450;

/// So many requests a minute are always allowed, however often the PSA says 429.
const SLOWEST: f64 = 60.0;
/// What a pause leaves of the pace.
const AFTER_A_PAUSE: f64 = 0.75;
/// What quiet makes of the pace, and how long it has to last.
const AFTER_QUIET: f64 = 1.25;
const QUIET: Duration = Duration::from_secs(15);

const WINDOW: Duration = Duration::from_secs(60);

/// How long to wait where a 429 does not say, and the shortest and the longest wait that is believed.
const UNASKED: Duration = Duration::from_secs(10);
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Where the PSA refuses again right after a wait, its hint was too short: each next wait is twice as
/// long, within these bounds.
const AGAIN: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(30));

/// What one PSA may be asked for one company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Requests in any minute.
    pub(super) per_minute: usize,
    /// Requests under way at once.
    pub(super) at_once: usize,
    /// How long nothing but 429 may come.
    pub(super) max_wait: Duration,
}

/// Whether a request may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may, and counts as under way; what comes of it is for [`Pace::answered`].
    Now(Kind),
    /// Not before this.
    At(Instant),
    /// Not before another one is answered.
    AfterAnother,
    /// Nothing but 429 came, for so long.
    Never(Refusal),
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What it asks.
    Plain,
    /// It goes alone, to see whether a pause is over.
    Probe,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Any answer but 429.
    Served,
    /// 429, and how long it asks to wait.
    Busy(Option<Duration>),
    /// No answer.
    Silent,
}

/// Why nothing is asked any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For how long nothing but 429 came.
    pub waited: Duration,
    /// How long the last one asked to wait.
    pub asked: Option<Duration>,
}

/// Everything waits.
#[derive(Clone, Copy, Debug)]
struct Pause {
    /// The first 429 of it.
    since: Instant,
    until: Instant,
    /// How long the last wait is.
    wait: Duration,
    asked: Option<Duration>,
    probing: bool,
    given_up: bool,
}

/// The pace of one PSA and company.
#[derive(Debug)]
pub(super) struct Pace {
    bounds: Bounds,
    per_minute: f64,
    at_once: usize,
    burst: usize,
    sent: VecDeque<Instant>,
    under_way: usize,
    pause: Option<Pause>,
    /// Since when it is quiet, once there was a 429.
    quiet_since: Option<Instant>,
    waited: Duration,
}

impl Pace {
    pub(super) fn new(bounds: Bounds) -> Self {
        let bounds =
            Bounds { per_minute: bounds.per_minute.max(1), at_once: bounds.at_once.max(1), ..bounds };
        let (part, whole) = BURST;
        Self {
            bounds,
            per_minute: to_f64(bounds.per_minute),
            at_once: bounds.at_once,
            burst: (bounds.per_minute.min(MOST_BURST * whole) * part / whole).clamp(1, MOST_BURST),
            sent: VecDeque::new(),
            under_way: 0,
            pause: None,
            quiet_since: None,
            waited: Duration::ZERO,
        }
    }

    pub(super) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// How long everything waited for 429, in all.
    pub(super) fn waited(&self, now: Instant) -> Duration {
        let paused = self.pause.filter(|pause| !pause.given_up).map(|pause| now.duration_since(pause.since));
        self.waited + paused.unwrap_or_default()
    }

    /// Asks for a turn.
    pub(super) fn turn(&mut self, now: Instant) -> Turn {
        self.recover(now);
        while self.sent.front().is_some_and(|&sent| now.duration_since(sent) >= WINDOW) {
            self.sent.pop_front();
        }
        if let Some(pause) = self.pause {
            return self.turn_in_pause(pause, now);
        }
        if self.under_way >= self.at_once {
            return Turn::AfterAnother;
        }
        match self.earliest() {
            Some(at) if at > now => Turn::At(at),
            _ => self.go(Kind::Plain, now),
        }
    }

    fn turn_in_pause(&mut self, pause: Pause, now: Instant) -> Turn {
        if now < pause.until {
            let refusal = Refusal { waited: now.duration_since(pause.since), asked: pause.asked };
            return if pause.given_up { Turn::Never(refusal) } else { Turn::At(pause.until) };
        }
        // What is still under way may be a 429 too.
        if pause.probing || self.under_way > 0 {
            return Turn::AfterAnother;
        }
        // A probe is a request like any other: it has its place in the minute.
        if let Some(room) = self.room().filter(|&room| room > now) {
            return Turn::At(room);
        }
        let since = if pause.given_up { now } else { pause.since };
        self.pause = Some(Pause { probing: true, given_up: false, since, ..pause });
        self.go(Kind::Probe, now)
    }

    fn go(&mut self, kind: Kind, now: Instant) -> Turn {
        self.under_way += 1;
        self.burst = self.burst.saturating_sub(1);
        self.sent.push_back(now);
        Turn::Now(kind)
    }

    /// When the minute has room again, once it is full: when the request that leaves it next is out of it.
    fn room(&self) -> Option<Instant> {
        let leaves = self.sent.len().checked_sub(self.bounds.per_minute)?;
        self.sent.get(leaves).map(|&sent| sent + WINDOW)
    }

    /// When the next may go out, by what went out.
    fn earliest(&self) -> Option<Instant> {
        let in_burst = self.burst > 0 && self.quiet_since.is_none();
        let spread = self.sent.back().filter(|_| !in_burst);
        let spread = spread.map(|&sent| sent + Duration::from_secs_f64(60.0 / self.per_minute));
        self.room().max(spread)
    }

    /// Says what came of a request; returns how long everything now waits, where that is news.
    pub(super) fn answered(&mut self, kind: Kind, outcome: Outcome, now: Instant) -> Option<Duration> {
        self.under_way = self.under_way.saturating_sub(1);
        match (outcome, kind, self.pause) {
            (Outcome::Served, Kind::Probe, Some(pause)) => {
                self.pause = None;
                self.quiet_since = Some(now);
                self.waited += now.duration_since(pause.since);
                None
            }
            (Outcome::Silent, Kind::Probe, Some(pause)) => {
                self.pause = Some(Pause { probing: false, ..pause });
                None
            }
            (Outcome::Busy(asked), _, None) => self.begin(asked, now),
            (Outcome::Busy(asked), Kind::Probe, Some(pause)) => self.go_on(pause, asked, now),
            (Outcome::Busy(asked), Kind::Plain, Some(pause)) => {
                // It was under way when the pause began, and is no news.
                let until = pause.until.max(now + wait_for(asked));
                self.pause = Some(Pause { until, ..pause });
                None
            }
            (Outcome::Served | Outcome::Silent, ..) => None,
        }
    }

    /// The first 429.
    fn begin(&mut self, asked: Option<Duration>, now: Instant) -> Option<Duration> {
        let slowest = SLOWEST.min(to_f64(self.bounds.per_minute));
        self.per_minute = (self.per_minute * AFTER_A_PAUSE).max(slowest);
        self.at_once = (self.at_once / 2).max(1);
        self.quiet_since = Some(now);
        let first = Pause { since: now, until: now, wait: SHORTEST, asked, probing: false, given_up: false };
        self.pause_for(first, wait_for(asked), now)
    }

    /// Another 429 right after a wait. It is the same shortage, and does not slow the pace again.
    fn go_on(&mut self, pause: Pause, asked: Option<Duration>, now: Instant) -> Option<Duration> {
        let (least, most) = AGAIN;
        let longer = (pause.wait * 2).clamp(least, most);
        self.pause_for(Pause { asked, ..pause }, wait_for(asked).max(longer), now)
    }

    /// Pauses, or gives up where that would take too long.
    fn pause_for(&mut self, pause: Pause, wait: Duration, now: Instant) -> Option<Duration> {
        let until = now + wait;
        let given_up = until.duration_since(pause.since) > self.bounds.max_wait;
        if given_up {
            self.waited += now.duration_since(pause.since);
        }
        self.pause = Some(Pause { until, wait, probing: false, given_up, ..pause });
        (!given_up).then_some(wait)
    }

    /// Gives back what pauses took, for as long as it is quiet.
    fn recover(&mut self, now: Instant) {
        let (Some(mut since), None) = (self.quiet_since, self.pause) else { return };
        while now.duration_since(since) >= QUIET && self.is_slowed() {
            since += QUIET;
            self.per_minute = (self.per_minute * AFTER_QUIET).min(to_f64(self.bounds.per_minute));
            self.at_once = (self.at_once + 1).min(self.bounds.at_once);
        }
        self.quiet_since = Some(since);
    }

    fn is_slowed(&self) -> bool {
        self.per_minute < to_f64(self.bounds.per_minute) || self.at_once < self.bounds.at_once
    }
}

/// How long a single 429 makes wait.
fn wait_for(asked: Option<Duration>) -> Duration {
    asked.unwrap_or(UNASKED).clamp(SHORTEST, LONGEST)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred requests a minute")]
const fn to_f64(number: usize) -> f64 {
    number as f64
}
