//! The pace against simulated PSAs on a fake clock: whoever else uses the PSA, and however it words its
//! 429, everything is read in nearly the time that its limit leaves, and nobody is hammered.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;
use tokio::time::Instant;

use super::{AT_ONCE, Bounds, Kind, Outcome, PER_MINUTE, Pace, QUIET, SLOWEST, Turn, UNASKED, WINDOW};

const MAX_WAIT: Duration = Duration::from_secs(300);
const LATENCY: Duration = Duration::from_millis(100);

/// What a 429 says in Retry-After.
#[derive(Clone, Copy, Debug)]
enum Hint {
    /// When there is room again.
    Exact,
    /// Always the same.
    Fixed(u64),
    /// Nothing.
    Absent,
}

/// How a PSA counts a minute.
#[derive(Clone, Copy, Debug)]
enum Counts {
    /// The last 60 seconds.
    Sliding,
    /// From one full minute to the next.
    ByTheClock,
}

/// A PSA that gives so many requests a minute to all who use it.
struct Psa {
    limit: usize,
    /// Requests a minute of everybody else, evenly.
    others: usize,
    counts: Counts,
    hint: Hint,
    /// Answers nothing but 429 in this time.
    outage: Option<(Instant, Instant)>,
    counted: VecDeque<Instant>,
    next_other: Instant,
}

impl Psa {
    /// One whose others have been there for a while.
    fn new(limit: usize, others: usize, counts: Counts, hint: Hint, now: Instant) -> Self {
        let next_other = now - WINDOW - WINDOW;
        Self { limit, others, counts, hint, outage: None, counted: VecDeque::new(), next_other }
    }

    fn forget(&mut self, now: Instant, epoch: Instant) {
        let keep = |at: Instant| match self.counts {
            Counts::Sliding => now.duration_since(at) < WINDOW,
            Counts::ByTheClock => minute(at, epoch) == minute(now, epoch),
        };
        while self.counted.front().is_some_and(|&at| !keep(at)) {
            self.counted.pop_front();
        }
    }

    /// Answers: nothing, or how long to wait.
    fn ask(&mut self, now: Instant, epoch: Instant) -> Result<(), Option<Duration>> {
        while self.others > 0 && self.next_other <= now {
            let at = self.next_other;
            self.forget(at, epoch);
            if self.counted.len() < self.limit {
                self.counted.push_back(at);
            }
            self.next_other += WINDOW / u32::try_from(self.others).expect("few");
        }
        self.forget(now, epoch);
        let is_out = self.outage.is_some_and(|(from, to)| from <= now && now < to);
        if !is_out && self.counted.len() < self.limit {
            self.counted.push_back(now);
            return Ok(());
        }
        let exact = match (self.counts, self.outage) {
            (_, Some((_, to))) if is_out => to - now,
            (Counts::Sliding, _) => self.counted.front().map_or(WINDOW, |&at| at + WINDOW - now),
            (Counts::ByTheClock, _) => Duration::from_millis(60_000 - since(now, epoch) % 60_000),
        };
        Err(match self.hint {
            Hint::Exact => Some(Duration::from_secs(exact.as_secs() + 1)),
            Hint::Fixed(seconds) => Some(Duration::from_secs(seconds)),
            Hint::Absent => None,
        })
    }
}

fn since(at: Instant, epoch: Instant) -> u64 {
    u64::try_from(at.duration_since(epoch).as_millis()).expect("short")
}

fn minute(at: Instant, epoch: Instant) -> u64 {
    since(at, epoch) / 60_000
}

/// What came of reading everything.
#[derive(Debug)]
struct Read {
    took: Duration,
    /// How much of it was spent in pauses.
    waited: Duration,
    /// For each pause: how many were under way when its first 429 came, and how many were answered 429
    /// until its wait was over.
    pauses: Vec<(usize, usize)>,
    /// How many went out in the fullest minute.
    most_in_a_minute: usize,
}

/// Reads so much, at first with four at a time.
fn read(psa: &mut Psa, requests: usize, start: Instant, epoch: Instant) -> Read {
    let mut pace = Pace::new(Bounds { per_minute: PER_MINUTE, at_once: AT_ONCE, max_wait: MAX_WAIT });
    let mut under_way: VecDeque<(Instant, Kind, Result<(), Option<Duration>>)> = VecDeque::new();
    let (mut now, mut left, mut done) = (start, requests, 0);
    let (mut sent, mut pauses, mut paused_until) = (Vec::new(), Vec::<(usize, usize)>::new(), start);
    while done < requests {
        let turn = if left > 0 { pace.turn(now) } else { Turn::AfterAnother };
        let next_answer = under_way.front().map(|(at, ..)| *at);
        match turn {
            Turn::Now(kind) => {
                left -= 1;
                sent.push(now);
                let answer = psa.ask(now + LATENCY / 2, epoch);
                under_way.push_back((now + LATENCY, kind, answer));
                continue;
            }
            Turn::At(at) if next_answer.is_none_or(|next| at < next) => {
                now = at;
                continue;
            }
            Turn::Never(refusal) => panic!("given up: {refusal:?}"),
            Turn::At(_) | Turn::AfterAnother => {}
        }
        let (at, kind, answer) = under_way.pop_front().expect("something is under way");
        now = at;
        let outcome = match answer {
            Ok(()) => Outcome::Served,
            Err(asked) => Outcome::Busy(asked),
        };
        if answer.is_ok() {
            done += 1;
        } else {
            left += 1;
            if now >= paused_until {
                pauses.push((under_way.len() + 1, 0));
            }
            pauses.last_mut().expect("a pause").1 += 1;
        }
        if let Some(wait) = pace.answered(kind, outcome, now) {
            paused_until = now + wait;
        }
    }
    let most_in_a_minute = (0..sent.len())
        .map(|first| sent[first..].iter().take_while(|&&at| at - sent[first] < WINDOW).count())
        .max()
        .unwrap_or_default();
    Read { took: now - start, waited: pace.waited(now), pauses, most_in_a_minute }
}

/// The time that the share allows, with a little for the answers to come.
fn allowed(requests: usize, share: usize) -> Duration {
    let share = share.min(PER_MINUTE);
    WINDOW.mul_f64(super::to_f64(requests) / super::to_f64(share))
}

fn assert_kind(read: &Read, what: &str) {
    for &(under_way, refused) in &read.pauses {
        assert!(refused <= under_way, "{what}: {refused} were refused of {under_way} under way");
    }
    assert!(read.most_in_a_minute <= PER_MINUTE, "{what}: {} in a minute", read.most_in_a_minute);
}

fn long_ago() -> (Instant, Instant) {
    let epoch = Instant::now();
    (epoch, epoch + Duration::from_secs(1_200))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The law of the limiter.
    #[test]
    fn whoever_else_asks_everything_is_read_in_the_time_that_they_and_needless_hints_leave(
        others in 0_usize..=900,
        hint in prop_oneof![
            Just(Hint::Exact), Just(Hint::Absent), (1_u64..=30).prop_map(Hint::Fixed),
        ],
        counts in prop_oneof![Just(Counts::Sliding), Just(Counts::ByTheClock)],
        phase in 0_u64..60_000,
        requests in 450_usize..3_000,
    ) {
        let (epoch, start) = long_ago();
        let start = start + Duration::from_millis(phase);
        let mut psa = Psa::new(1_000, others, counts, hint, start);
        let read = read(&mut psa, requests, start, epoch);
        assert_kind(&read, "");
        // A minute by the clock may leave us nothing of its rest when we come; where others take half of a
        // sliding one, the pauses after the first refusals cost up to a quarter of it (11.4 s were seen).
        let late = match counts { Counts::Sliding => WINDOW / 4, Counts::ByTheClock => WINDOW };
        let allowed = allowed(requests, 1_000 - others).mul_f64(1.15) + late;
        // A hint that is longer than it needs to be is waited for all the same.
        let took = match hint {
            Hint::Exact => read.took,
            Hint::Fixed(_) | Hint::Absent => read.took.saturating_sub(read.waited),
        };
        prop_assert!(took <= allowed, "took {took:?} of {allowed:?}: {:?}", read.pauses);
    }
}

#[test]
fn a_limit_of_250_is_met_whatever_its_429_says() {
    for hint in [Hint::Exact, Hint::Fixed(30), Hint::Fixed(5), Hint::Fixed(1), Hint::Absent] {
        for counts in [Counts::Sliding, Counts::ByTheClock] {
            for requests in [407, 2_000] {
                let (epoch, start) = long_ago();
                let what = format!("{hint:?} {counts:?} {requests}");
                let mut psa = Psa::new(250, 0, counts, hint, start);
                let read = read(&mut psa, requests, start, epoch);
                assert_kind(&read, &what);
                let most = allowed(requests, 250).mul_f64(1.15);
                assert!(read.took <= most, "{what}: {:?} of {most:?}", read.took);
            }
        }
    }
}

#[test]
fn half_a_minute_without_any_answer_but_429_costs_little_more() {
    for seconds in [2, 20, 40, 70] {
        for hint in [Hint::Exact, Hint::Fixed(30), Hint::Fixed(5), Hint::Fixed(1), Hint::Absent] {
            for limit in [250, 1_000] {
                let (epoch, start) = long_ago();
                let whole = read(&mut Psa::new(limit, 0, Counts::Sliding, hint, start), 407, start, epoch);
                let mut psa = Psa::new(limit, 0, Counts::Sliding, hint, start);
                let from = start + Duration::from_secs(seconds);
                psa.outage = Some((from, from + Duration::from_secs(30)));
                let broken = read(&mut psa, 407, start, epoch);
                let what = format!("after {seconds} s, {hint:?}, {limit}");
                // With 250 a minute there is time for it within what they take anyway.
                let most = whole.took.max(allowed(407, limit)) + Duration::from_secs(40);
                let slack = allowed(407, 250).mul_f64(0.15);
                assert!(broken.took <= most + slack, "{what}: {:?} of {most:?}", broken.took);
                assert_kind(&broken, &what);
            }
        }
    }
}

#[test]
fn a_burst_of_450_is_not_slowed_and_no_minute_holds_more_than_500() {
    let (epoch, start) = long_ago();
    let mut psa = Psa::new(usize::MAX, 0, Counts::Sliding, Hint::Exact, start);
    let burst = read(&mut psa, 450, start, epoch);
    assert!(burst.took <= LATENCY * 450 / 4 + LATENCY, "{:?}", burst.took);
    let long = read(&mut psa, 3_000, start, epoch);
    assert_eq!(long.most_in_a_minute, PER_MINUTE);
    assert!(long.took <= Duration::from_secs(362), "{:?}", long.took);
}

/// A pace that has met its first 429.
fn throttled(wait: u64) -> (Pace, Instant) {
    let now = Instant::now();
    let mut pace = Pace::new(Bounds { per_minute: PER_MINUTE, at_once: AT_ONCE, max_wait: MAX_WAIT });
    assert_eq!(pace.turn(now), Turn::Now(Kind::Plain));
    let wait = Duration::from_secs(wait);
    let news = pace.answered(Kind::Plain, Outcome::Busy(Some(wait)), now);
    assert_eq!(news, (wait <= MAX_WAIT).then_some(wait));
    (pace, now + wait)
}

#[test]
fn a_pause_leaves_three_quarters_and_half_and_quiet_gives_them_back() {
    let (mut pace, over) = throttled(30);
    assert_eq!(pace.turn(over - LATENCY), Turn::At(over));
    assert_eq!(pace.turn(over), Turn::Now(Kind::Probe));
    assert_eq!(pace.turn(over), Turn::AfterAnother);
    assert_eq!(pace.answered(Kind::Probe, Outcome::Served, over), None);
    assert_eq!((pace.per_minute, pace.at_once), (375.0, 2));
    pace.recover(over + QUIET - LATENCY);
    assert_eq!((pace.per_minute, pace.at_once), (375.0, 2));
    pace.recover(over + QUIET);
    assert_eq!((pace.per_minute, pace.at_once), (468.75, 3));
    pace.recover(over + QUIET * 2);
    assert_eq!((pace.per_minute, pace.at_once), (500.0, 4));
    assert_eq!(pace.waited(over + QUIET), Duration::from_secs(30));
}

#[test]
fn after_a_429_requests_are_spread_evenly() {
    let (mut pace, over) = throttled(1);
    assert_eq!(pace.turn(over), Turn::Now(Kind::Probe));
    pace.answered(Kind::Probe, Outcome::Served, over);
    assert_eq!(pace.turn(over), Turn::At(over + Duration::from_millis(160)));
}

#[test]
fn no_number_of_429_slows_it_below_sixty_a_minute_or_one_at_a_time() {
    let (mut pace, mut now) = throttled(1);
    for _ in 0..30 {
        assert_eq!(pace.turn(now), Turn::Now(Kind::Probe));
        pace.answered(Kind::Probe, Outcome::Served, now);
        now += Duration::from_secs(1);
        assert_eq!(pace.turn(now), Turn::Now(Kind::Plain));
        pace.answered(Kind::Plain, Outcome::Busy(None), now);
        now += UNASKED;
    }
    assert!((pace.per_minute - SLOWEST).abs() < f64::EPSILON && pace.at_once == 1, "{pace:?}");
}

#[test]
fn a_second_429_of_one_pause_does_not_slow_it_again_but_waits_longer() {
    let (mut pace, mut now) = throttled(1);
    let mut waits = Vec::new();
    for _ in 0..5 {
        assert_eq!(pace.turn(now), Turn::Now(Kind::Probe));
        let wait =
            pace.answered(Kind::Probe, Outcome::Busy(Some(Duration::from_secs(1))), now).expect("news");
        waits.push(wait.as_secs());
        now += wait;
    }
    assert_eq!(waits, [5, 10, 20, 30, 30]);
    assert_eq!((pace.per_minute, pace.at_once), (375.0, 2));
}

#[test]
fn what_was_under_way_is_waited_for_and_is_no_news() {
    let now = Instant::now();
    let mut pace = Pace::new(Bounds { per_minute: PER_MINUTE, at_once: AT_ONCE, max_wait: MAX_WAIT });
    for _ in 0..3 {
        assert_eq!(pace.turn(now), Turn::Now(Kind::Plain));
    }
    let asked = |seconds| Outcome::Busy(Some(Duration::from_secs(seconds)));
    assert!(pace.answered(Kind::Plain, asked(5), now).is_some());
    assert_eq!(pace.answered(Kind::Plain, asked(9), now), None);
    let over = now + Duration::from_secs(9);
    assert_eq!(pace.turn(now), Turn::At(over));
    assert_eq!(pace.turn(over), Turn::AfterAnother, "one is still under way");
    pace.answered(Kind::Plain, Outcome::Served, over);
    assert_eq!(pace.turn(over), Turn::Now(Kind::Probe));
    pace.answered(Kind::Probe, Outcome::Silent, over);
    assert_eq!(pace.turn(over), Turn::Now(Kind::Probe), "nobody said that it is over");
}

#[test]
fn no_number_that_anybody_sends_or_types_is_too_large() {
    let now = Instant::now();
    for (max_wait, is_waited_for) in [(MAX_WAIT, false), (Duration::MAX, true)] {
        let mut pace = Pace::new(Bounds { per_minute: usize::MAX, at_once: usize::MAX, max_wait });
        for _ in 0..2 {
            assert_eq!(pace.turn(now), Turn::Now(Kind::Plain));
        }
        let busy = Outcome::Busy(Some(Duration::MAX));
        assert_eq!(pace.answered(Kind::Plain, busy, now).is_some(), is_waited_for);
        assert_eq!(pace.answered(Kind::Plain, busy, now), None);
        assert!(!matches!(pace.turn(now), Turn::Now(_)));
    }
}

#[test]
fn after_it_was_given_up_nothing_goes_out_until_the_wait_is_over() {
    let (mut pace, over) = throttled(3_600);
    let refusal = |turn| if let Turn::Never(refusal) = turn { Some(refusal) } else { None };
    assert!(refusal(pace.turn(over - QUIET)).is_some());
    assert_eq!(pace.turn(over), Turn::Now(Kind::Probe));
    assert_eq!(pace.waited(over), Duration::ZERO, "nobody waited");
}

#[test]
fn a_probe_has_its_place_in_the_minute() {
    let start = Instant::now();
    let mut pace = Pace::new(Bounds { per_minute: PER_MINUTE, at_once: AT_ONCE, max_wait: MAX_WAIT });
    let (mut now, mut sent) = (start, 0);
    while sent < PER_MINUTE {
        match pace.turn(now) {
            Turn::Now(kind) => {
                sent += 1;
                let is_last = sent == PER_MINUTE;
                let outcome =
                    if is_last { Outcome::Busy(Some(Duration::from_secs(1))) } else { Outcome::Served };
                pace.answered(kind, outcome, now);
            }
            Turn::At(at) => now = at,
            turn => panic!("{turn:?}"),
        }
    }
    let over = now + Duration::from_secs(1);
    assert_eq!(pace.turn(over), Turn::At(start + WINDOW), "the minute is full");
    assert_eq!(pace.turn(start + WINDOW), Turn::Now(Kind::Probe));
}
