//! The matrix: the screen of each role that an API member holds, with what is needed beside what is
//! granted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::power::{Power, weight};
use crate::audit::{Cell, Line, OtherRole, Screen};
use crate::checks::{Outcome, Status};
use crate::model::{FunctionRef, Grant, Level, RoleId, Severity, Verb};
use crate::render::TenantReport;
use crate::term::text::count;

/// So many roles are open at first; more would be slow to lay out, and are not read at once.
const OPEN: usize = 8;

/// A role with more cells off than this is not mended cell by cell, so it is not open at first.
const TOO_MANY: usize = 100;

pub(super) struct Matrix<'r> {
    pub(super) roles: Vec<RoleMatrix<'r>>,
    /// Roles that no API member holds.
    pub(super) unheld: Vec<&'r OtherRole>,
    /// Roles that an API member holds, but that were not asked about.
    pub(super) left_out: Vec<&'r OtherRole>,
}

pub(super) struct RoleMatrix<'r> {
    pub(super) anchor: String,
    pub(super) screen: &'r Screen,
    pub(super) is_open: bool,
    pub(super) tally: Tally,
    pub(super) modules: Vec<ModuleRows<'r>>,
}

/// How many cells are in each state that is off.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) missing: usize,
    pub(super) beyond: usize,
    pub(super) unknown: usize,
    pub(super) waived: usize,
    /// What is off and neither waived nor unknown, by weight.
    weight: usize,
}

pub(super) struct ModuleRows<'r> {
    pub(super) name: &'r str,
    pub(super) rows: Vec<FunctionRow<'r>>,
}

pub(super) struct FunctionRow<'r> {
    pub(super) name: &'r str,
    pub(super) cells: [CellView<'r>; 4],
}

pub(super) struct CellView<'r> {
    pub(super) state: State,
    /// The level that is granted, or what stands in its place.
    pub(super) actual: String,
    /// The level that is needed, where it is another one.
    pub(super) required: Option<Level>,
    /// What the check said; where no check spoke of this cell, the page says it from the levels.
    pub(super) why: Option<&'r str>,
    pub(super) is_critical: bool,
    /// Whether the keyboard comes to this cell first.
    pub(super) is_first: bool,
}

/// What a cell is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Equal,
    Missing,
    Beyond,
    Unknown,
    Waived,
    NotOffered,
    Unjudged,
}

impl State {
    /// For the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Equal => "e",
            Self::Missing => "m",
            Self::Beyond => "b",
            Self::Unknown => "u",
            Self::Waived => "w",
            Self::NotOffered => "n",
            Self::Unjudged => "j",
        }
    }

    /// For people who do not see the shape.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Equal => "as needed",
            Self::Missing => "missing",
            Self::Beyond => "too much",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::NotOffered => "not offered",
            Self::Unjudged => "not judged",
        }
    }

    pub(super) const fn is_off(self) -> bool {
        matches!(self, Self::Missing | Self::Beyond | Self::Unknown | Self::Waived)
    }
}

type Spoken<'r> = BTreeMap<(RoleId, &'r FunctionRef, Verb), Vec<&'r Outcome>>;

impl<'r> Matrix<'r> {
    pub(super) fn of(anchor: &str, tenant: &'r TenantReport) -> Self {
        let spoken = spoken(tenant);
        let mut roles: Vec<_> =
            tenant.screens.iter().map(|screen| RoleMatrix::of(anchor, screen, &spoken)).collect();
        roles.sort_by_key(|role| (Reverse((role.screen.admin, role.tally.weight)), role.screen.role.id));
        for role in roles.iter_mut().filter(|role| role.is_read()).take(OPEN) {
            role.is_open = true;
        }
        let (left_out, unheld) = tenant.others.iter().partition(|other| other.is_held);
        Self { roles, unheld, left_out }
    }
}

/// What the checks of single grants said, by cell.
fn spoken(tenant: &TenantReport) -> Spoken<'_> {
    let mut spoken = Spoken::new();
    for outcome in tenant.outcomes.iter().filter(|outcome| matches!(outcome.check, "LW101" | "LW102")) {
        if let (Some(role), Some(function), Some(verb)) = (&outcome.role, &outcome.function, outcome.verb) {
            spoken.entry((role.id, function, verb)).or_default().push(outcome);
        }
    }
    spoken
}

impl<'r> RoleMatrix<'r> {
    fn of(anchor: &str, screen: &'r Screen, spoken: &Spoken<'r>) -> Self {
        let lines = screen.lines.as_deref().unwrap_or_default();
        let mut tally = Tally::default();
        let mut modules: Vec<_> = lines
            .chunk_by(|one, other| one.module == other.module)
            .map(|lines| ModuleRows {
                name: &lines[0].module,
                rows: lines.iter().map(|line| row(screen.role.id, line, spoken)).collect(),
            })
            .collect();
        let cells = modules.iter_mut().flat_map(|module| &mut module.rows).flat_map(|row| &mut row.cells);
        let sensitivities = lines.iter().flat_map(|line| &line.cells).map(|cell| cell.sensitivity);
        let mut is_off_before = false;
        for (cell, sensitivity) in cells.zip(sensitivities) {
            tally.add(cell.state, sensitivity);
            cell.is_first = cell.state.is_off() && !is_off_before;
            is_off_before |= cell.state.is_off();
        }
        Self { anchor: format!("{anchor}-role-{}", screen.role.id), screen, is_open: false, tally, modules }
    }

    /// "2 missing, 7 too much", or what else there is to say of the role at a glance.
    pub(super) fn summary(&self) -> String {
        let Tally { missing, beyond, unknown, waived, .. } = self.tally;
        let counts = [(missing, "missing"), (beyond, "too much"), (unknown, "unknown"), (waived, "waived")];
        let said: Vec<_> = counts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        match (&self.screen.lines, said.is_empty()) {
            (Err(_), _) => "its settings could not be read".to_owned(),
            (Ok(_), false) => said.join(", "),
            (Ok(_), true) if self.is_unjudged() => {
                format!("not judged; {}", count(Power::granted(self.screen).grants, "grant"))
            }
            (Ok(_), true) => "exactly what is needed".to_owned(),
        }
    }

    /// Whether what the role needs is not known.
    pub(super) fn is_unjudged(&self) -> bool {
        self.screen.serves.is_empty() || super::power::cells(self.screen).any(|cell| cell.required.is_none())
    }

    /// Whether somebody would go through it cell by cell.
    fn is_read(&self) -> bool {
        (1..=TOO_MANY).contains(&(self.tally.missing + self.tally.beyond + self.tally.unknown))
    }

    pub(super) fn is_off(&self) -> bool {
        let Tally { missing, beyond, unknown, waived, .. } = self.tally;
        missing + beyond + unknown + waived > 0
    }
}

impl Tally {
    fn add(&mut self, state: State, sensitivity: Severity) {
        match state {
            State::Missing => self.missing += 1,
            State::Beyond => self.beyond += 1,
            State::Unknown => self.unknown += 1,
            State::Waived => self.waived += 1,
            State::Equal | State::NotOffered | State::Unjudged => {}
        }
        if matches!(state, State::Missing | State::Beyond) {
            self.weight += weight(sensitivity);
        }
    }
}

impl ModuleRows<'_> {
    pub(super) fn is_off(&self) -> bool {
        self.rows.iter().any(FunctionRow::is_off)
    }
}

impl FunctionRow<'_> {
    pub(super) fn is_off(&self) -> bool {
        self.cells.iter().any(|cell| cell.state.is_off())
    }
}

fn row<'r>(role: RoleId, line: &'r Line, spoken: &Spoken<'r>) -> FunctionRow<'r> {
    let cell = |verb: Verb| {
        let outcomes = spoken.get(&(role, &line.function, verb)).map(Vec::as_slice).unwrap_or_default();
        CellView::of(&line.cells[verb as usize], outcomes)
    };
    FunctionRow { name: &line.function.function, cells: Verb::ALL.map(cell) }
}

impl<'r> CellView<'r> {
    fn of(cell: &Cell, outcomes: &[&'r Outcome]) -> Self {
        let with = |check: &str, status: Status| {
            outcomes.iter().copied().find(|outcome| outcome.check == check && outcome.status == status)
        };
        let said = [
            (State::Missing, with("LW101", Status::Fail)),
            (State::Waived, with("LW101", Status::Waived)),
            (State::Waived, with("LW102", Status::Waived)),
            (State::Beyond, with("LW102", Status::Fail)),
            (State::Unknown, with("LW101", Status::Unknown)),
            (State::Unknown, with("LW102", Status::Unknown)),
        ];
        let (state, outcome) = said
            .into_iter()
            .find_map(|(state, outcome)| Some((state, Some(outcome?))))
            .unwrap_or_else(|| (by_levels(cell), None));
        let severity = outcome.map_or(cell.sensitivity, |outcome| outcome.severity);
        Self {
            state,
            actual: shown(cell.actual.as_ref()),
            required: cell.required.filter(|required| {
                state.is_off() && cell.actual.as_ref().is_none_or(|actual| actual != required)
            }),
            why: outcome.map(|outcome| outcome.message.as_str()),
            is_critical: state == State::Beyond && severity == Severity::Critical,
            is_first: false,
        }
    }
}

/// What a cell is where no check spoke of it: the role is an admin role, or so wide that LW206 counts
/// its grants, or its integration was not asked about.
fn by_levels(cell: &Cell) -> State {
    match (&cell.actual, cell.required) {
        (Some(Grant::NotOffered | Grant::Absent), Some(Level::None)) | (Some(Grant::NotOffered), None) => {
            State::NotOffered
        }
        (_, None) => State::Unjudged,
        (Some(Grant::Level(_)), Some(_)) if cell.is_beyond_need() => State::Beyond,
        (Some(Grant::Level(_)), Some(_)) if cell.falls_short() => State::Missing,
        (Some(Grant::Level(_)), Some(_)) => State::Equal,
        (_, Some(_)) => State::Unknown,
    }
}

fn shown(actual: Option<&Grant>) -> String {
    match actual {
        Some(Grant::Level(level)) => level.to_string(),
        Some(Grant::NotOffered) => "–".to_owned(),
        Some(Grant::Absent) => "no row".to_owned(),
        Some(Grant::Unknown(word)) => format!("“{word}”"),
        None => "two rows".to_owned(),
    }
}
