//! Page one, for a board: whose data, how old, one sentence, how the keys are, what each can do, and the steps
//! to sign.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::access::{By, PowerRow, Reach};
use crate::audit::{Key, Standing, Works, count_keys};
use crate::model::{Power, SourceKind};
use crate::render::steps::{Entry, entries};
use crate::render::{Report, TenantReport, keys};
use crate::term::text::{count_days, join_few};

/// So many keys are named under their number.
const NAMED: usize = 4;

/// More keys than this are printed closer together.
const MANY: usize = 20;

/// So many steps stand on page one; all of them stand in the plan.
const STEPS: usize = 8;

/// The columns of powers: what heads each, and the powers in it with the word that tells two of a column apart.
const COLUMNS: [(&str, &[(Power, &str)]); 5] = [
    ("Takes over our PSA", &[(Power::TakeOver, "")]),
    (
        "Into customers' systems, passwords",
        &[(Power::ReachCustomers, "systems: "), (Power::ReadSecrets, "passwords: ")],
    ),
    ("Customers' data", &[(Power::ReadCustomers, "")]),
    ("Money", &[(Power::Money, "")]),
    ("Destroys", &[(Power::Destroy, "")]),
];

pub(super) struct Board<'r> {
    /// When it was read, and where from; no path.
    pub(super) source: String,
    /// The verdict, and what else matters.
    pub(super) verdict: Vec<String>,
    /// What colour the verdict has.
    pub(super) tone: Standing,
    pub(super) tiles: Vec<Tile>,
    pub(super) keys: Vec<KeyRow<'r>>,
    pub(super) steps: Vec<Entry<'r>>,
    /// How many more there are.
    pub(super) more_steps: usize,
}

/// How many keys have one standing.
pub(super) struct Tile {
    pub(super) standing: Standing,
    pub(super) number: usize,
    pub(super) names: String,
    /// Those that have it too, and count as broken: "also, though broken: Umbrella".
    pub(super) also: String,
}

/// One key, and what it can do.
pub(super) struct KeyRow<'r> {
    pub(super) key: &'r Key,
    pub(super) name: String,
    /// What it is for, or that nobody knows.
    pub(super) whose: String,
    pub(super) cells: Vec<Cell>,
}

/// What a key can do in one respect.
pub(super) struct Cell {
    pub(super) marks: Vec<Mark>,
    /// Whether that could not be read.
    pub(super) is_unknown: bool,
}

/// A power, and why the key has it.
pub(super) struct Mark {
    pub(super) class: &'static str,
    pub(super) words: String,
}

impl<'r> Board<'r> {
    pub(super) fn of(report: &'r Report, tenant: &'r TenantReport) -> Self {
        let counts = count_keys(&tenant.keys);
        let mut rows: Vec<_> = tenant.keys.iter().map(KeyRow::of).collect();
        rows.sort_by_key(KeyRow::danger);
        let mut steps = entries(&tenant.plan);
        let more_steps = steps.iter().skip(STEPS).map(|entry| entry.steps.len()).sum();
        steps.truncate(STEPS);
        Self {
            source: source(tenant, report.as_of),
            verdict: keys::verdict(tenant),
            tone: tone(&counts),
            tiles: counts
                .iter()
                .map(|(standing, number)| Tile {
                    standing: *standing,
                    number: *number,
                    names: join_few(&keys::named(&tenant.keys, *standing), NAMED),
                    also: also_broken(&tenant.keys, *standing),
                })
                .collect(),
            keys: rows,
            steps,
            more_steps,
        }
    }

    /// Whether there are so many keys that paper would not do.
    pub(super) const fn is_long(&self) -> bool {
        self.keys.len() > MANY
    }

    pub(super) fn heads() -> impl Iterator<Item = &'static str> {
        COLUMNS.iter().map(|(head, _)| *head)
    }
}

/// The keys that are exposed, and that count as broken because that is told first.
fn also_broken(keys: &[Key], standing: Standing) -> String {
    if standing != Standing::Exposed {
        return String::new();
    }
    let broken: Vec<_> = keys::named(keys, Standing::Broken);
    let exposed = keys::named_with(keys, standing);
    let both: Vec<_> = broken.into_iter().filter(|name| exposed.contains(name)).collect();
    if both.is_empty() { String::new() } else { format!("also, though broken: {}", join_few(&both, NAMED)) }
}

/// The worst that holds, with what a thief could do before what does not work.
fn tone(counts: &BTreeMap<Standing, usize>) -> Standing {
    let exposed = [Standing::Exposed, Standing::Unowned].into_iter().find(|own| counts.contains_key(own));
    exposed.or_else(|| counts.keys().next().copied()).unwrap_or(Standing::Undetermined)
}

/// "Read on 2026-11-20 at 02:00 UTC, 2 days before it was judged".
fn source(tenant: &TenantReport, as_of: Date) -> String {
    let Some(taken_at) = tenant.source.taken_at else { return "Not read".to_owned() };
    let kind = match tenant.source.kind {
        SourceKind::Live => "Read live",
        SourceKind::Snapshot => "Snapshot read",
    };
    let days = as_of.since(taken_at.to_zoned(TimeZone::UTC).date()).map_or(0, |span| span.get_days());
    let age = match days {
        ..0 => format!("judged as of {as_of}, a day before it"),
        0 => "judged as of that day".to_owned(),
        days => format!("judged {} later, as of {as_of}", count_days(days)),
    };
    format!("{kind} on {}, {age}", taken_at.strftime("%Y-%m-%d at %H:%M UTC"))
}

impl<'r> KeyRow<'r> {
    fn of(key: &'r Key) -> Self {
        let cells = COLUMNS.iter().map(|(_, powers)| Cell::of(key, powers)).collect();
        let title = key.integration.as_ref().map(|integration| integration.title.to_string());
        Self {
            key,
            name: keys::name(key),
            whose: title.filter(|title| *title != key.name()).unwrap_or_else(|| match key.integration {
                Some(_) => String::new(),
                None => "nobody knows what for".to_owned(),
            }),
            cells,
        }
    }

    /// What a thief could do comes first, then how it is.
    fn danger(&self) -> impl Ord + use<> {
        let worst = self.key.dangers(By::Excess).map(|row| row.power).min();
        let is_exposed = self.key.is(Standing::Exposed) || self.key.is(Standing::Unowned);
        (worst.filter(|_| is_exposed).map_or(u8::MAX, |power| power as u8), self.key.worst())
    }

    /// Every standing that holds: for the style sheet, and for people.
    pub(super) fn standings(&self) -> Vec<(&'static str, &'static str)> {
        self.key.standing.iter().map(|standing| (standing.as_str(), keys::words(*standing))).collect()
    }

    pub(super) fn works(&self) -> String {
        match (self.key.works, self.key.missing) {
            (Works::Yes, _) => "yes".to_owned(),
            (Works::Off, _) => "switched off".to_owned(),
            (Works::Unknown, _) => "not known".to_owned(),
            (Works::No, 0) => "no".to_owned(),
            (Works::No, missing) => format!("no: {missing} missing"),
        }
    }

    /// How much it has that it does not need.
    pub(super) fn excess(&self) -> String {
        if self.key.admin {
            return "everything".to_owned();
        }
        if self.key.powers.is_none() || self.key.integration.is_none() {
            return "not known".to_owned();
        }
        match self.key.excess {
            0 => "none".to_owned(),
            number => number.to_string(),
        }
    }

    pub(super) fn last_use(&self) -> String {
        if self.key.member.is_some() { keys::last_use(self.key) } else { "–".to_owned() }
    }
}

impl Tile {
    pub(super) const fn words(&self) -> &'static str {
        keys::words(self.standing)
    }

    pub(super) const fn meaning(&self) -> &'static str {
        keys::meaning(self.standing)
    }
}

impl Cell {
    fn of(key: &Key, powers: &[(Power, &str)]) -> Self {
        let Some(rows) = &key.powers else { return Self { marks: Vec::new(), is_unknown: true } };
        let mut marks = Vec::new();
        for (power, prefix) in powers {
            let telling = telling(rows, *power).into_iter();
            marks.extend(
                telling.map(|row| Mark { class: class(row), words: format!("{prefix}{}", reason(row)) }),
            );
        }
        Self { marks, is_unknown: false }
    }
}

/// The rows of a power that say something: those that count, excess first; else the first of the others.
pub(super) fn telling(rows: &[PowerRow], power: Power) -> Vec<&PowerRow> {
    let mut own: Vec<_> = rows.iter().filter(|row| row.power == power).collect();
    own.sort_by_key(|row| match row.by {
        By::Excess => 0,
        By::Asked => 1,
        By::Accepted => 2,
    });
    if own.iter().any(|row| row.counts()) {
        own.retain(|row| row.counts());
    } else {
        own.truncate(1);
    }
    own
}

/// Why a key has a power, and what makes that less than it seems: "perhaps asked, dormant".
pub(super) fn reason(row: &PowerRow) -> String {
    let perhaps = if row.conditional || row.inferred { "perhaps " } else { "" };
    let by = match row.by {
        By::Excess => "excess",
        By::Asked => "asked",
        By::Accepted => "accepted",
    };
    let dormant = if row.dormant { ", dormant" } else { "" };
    let own = if row.level == Reach::Own { ", own records" } else { "" };
    format!("{perhaps}{by}{dormant}{own}")
}

const fn class(row: &PowerRow) -> &'static str {
    match row.by {
        _ if !row.counts() => "maybe",
        By::Excess if row.power.is_dangerous() => "bad",
        By::Excess => "excess",
        By::Asked => "asked",
        By::Accepted => "accepted",
    }
}
