//! The matrix: the screen of each role that an API member holds, with what is needed beside what is
//! granted.

use std::collections::BTreeMap;

use super::blast::{cells, places};
use crate::access::{Compared, Granted};
use crate::audit::{Cell, OtherRole, PermissionMatrix, Row};
use crate::checks::{Finding, Status};
use crate::model::CheckId;
use crate::model::{FunctionRef, Level, RoleId, Severity, Verb};
use crate::render::TenantReport;
use crate::term::text::count;

/// So many roles are open at first; more would be slow to lay out, and are not read at once.
const OPEN: usize = 8;

/// A role with more cells off than this is not set right cell by cell, so it is not open at first.
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
    pub(super) screen: &'r PermissionMatrix,
    pub(super) is_open: bool,
    pub(super) tally: Tally,
    pub(super) modules: Vec<ModuleRows<'r>>,
}

/// How many cells are in each state that is off.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) missing: usize,
    pub(super) excess: usize,
    pub(super) unknown: usize,
    pub(super) waived: usize,
}

pub(super) struct ModuleRows<'r> {
    pub(super) name: &'r str,
    pub(super) rows: Vec<FunctionRow<'r>>,
}

pub(super) struct FunctionRow<'r> {
    pub(super) name: &'r str,
    pub(super) cells: [CellView; 4],
}

pub(super) struct CellView {
    pub(super) state: State,
    /// The level that is granted, or what stands in its place.
    pub(super) actual: String,
    /// The level that is needed, where it is another one.
    pub(super) required: Option<Level>,
    /// What the check said; where no check spoke of this cell, the page says it from the levels.
    pub(super) why: Option<String>,
    pub(super) is_critical: bool,
    /// Whether the keyboard comes to this cell first.
    pub(super) is_first: bool,
}

/// What a cell is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Equal,
    Missing,
    Excess,
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
            Self::Excess => "b",
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
            Self::Excess => "excess",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::NotOffered => "not offered",
            Self::Unjudged => "not judged",
        }
    }

    pub(super) const fn is_off(self) -> bool {
        matches!(self, Self::Missing | Self::Excess | Self::Unknown | Self::Waived)
    }
}

type Spoken<'r> = BTreeMap<(RoleId, &'r FunctionRef, Verb), Vec<&'r Finding>>;

impl<'r> Matrix<'r> {
    pub(super) fn of(anchor: &str, tenant: &'r TenantReport) -> Self {
        let spoken = spoken(tenant);
        let mut roles: Vec<_> =
            tenant.matrices.iter().map(|screen| RoleMatrix::of(anchor, screen, &spoken)).collect();
        // In the order of the keys, so that the most dangerous come first.
        let places = places(tenant);
        let place = |id: RoleId| places.get(&id).copied().unwrap_or(usize::MAX);
        roles.sort_by_key(|role| (place(role.screen.role.id), role.screen.role.id));
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
    for finding in tenant
        .results
        .iter()
        .filter(|finding| matches!(finding.check, CheckId::MissingPermission | CheckId::ExcessivePermission))
    {
        if let (Some(role), Some(function), Some(verb)) = (&finding.role, &finding.function, finding.verb) {
            spoken.entry((role.id, function, verb)).or_default().push(finding);
        }
    }
    spoken
}

impl<'r> RoleMatrix<'r> {
    fn of(anchor: &str, screen: &'r PermissionMatrix, spoken: &Spoken<'r>) -> Self {
        let lines = screen.rows.as_deref().unwrap_or_default();
        let mut tally = Tally::default();
        let mut modules: Vec<_> = lines
            .chunk_by(|one, other| one.module == other.module)
            .map(|lines| ModuleRows {
                name: &lines[0].module,
                rows: lines.iter().map(|line| row(screen.role.id, line, spoken)).collect(),
            })
            .collect();
        let cells = modules.iter_mut().flat_map(|module| &mut module.rows).flat_map(|row| &mut row.cells);
        let mut is_off_before = false;
        for cell in cells {
            tally.add(cell.state);
            cell.is_first = cell.state.is_off() && !is_off_before;
            is_off_before |= cell.state.is_off();
        }
        Self { anchor: format!("{anchor}-role-{}", screen.role.id), screen, is_open: false, tally, modules }
    }

    /// "2 missing, 7 excess", or what else there is to say of the role at a glance.
    pub(super) fn summary(&self) -> String {
        let Tally { missing, excess, unknown, waived } = self.tally;
        let counts = [(missing, "missing"), (excess, "excess"), (unknown, "unknown"), (waived, "waived")];
        let said: Vec<_> = counts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        match (&self.screen.rows, said.is_empty()) {
            (Err(_), _) => "its settings could not be read".to_owned(),
            (Ok(_), false) => said.join(", "),
            (Ok(_), true) if self.is_unjudged() => {
                format!(
                    "not judged; {}",
                    count(cells(self.screen).filter(|cell| cell.is_given()).count(), "permission")
                )
            }
            (Ok(_), true) => "exactly what is needed".to_owned(),
        }
    }

    /// Whether what the role needs is not known.
    pub(super) fn is_unjudged(&self) -> bool {
        self.screen.serves.is_empty() || cells(self.screen).any(|cell| cell.required.is_none())
    }

    /// Whether somebody would go through it cell by cell.
    fn is_read(&self) -> bool {
        (1..=TOO_MANY).contains(&(self.tally.missing + self.tally.excess + self.tally.unknown))
    }

    pub(super) fn is_off(&self) -> bool {
        let Tally { missing, excess, unknown, waived } = self.tally;
        missing + excess + unknown + waived > 0
    }
}

impl Tally {
    const fn add(&mut self, state: State) {
        match state {
            State::Missing => self.missing += 1,
            State::Excess => self.excess += 1,
            State::Unknown => self.unknown += 1,
            State::Waived => self.waived += 1,
            State::Equal | State::NotOffered | State::Unjudged => {}
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

fn row<'r>(role: RoleId, line: &'r Row, spoken: &Spoken<'r>) -> FunctionRow<'r> {
    let cell = |verb: Verb| {
        let results = spoken.get(&(role, &line.function, verb)).map(Vec::as_slice).unwrap_or_default();
        CellView::of(&line.cells[verb as usize], results)
    };
    FunctionRow { name: &line.function.function, cells: Verb::ALL.map(cell) }
}

impl CellView {
    fn of(cell: &Cell, results: &[&Finding]) -> Self {
        let with = |check: CheckId, status: Status| {
            results.iter().copied().find(|finding| finding.check == check && finding.status == status)
        };
        let said = [
            (State::Missing, with(CheckId::MissingPermission, Status::Fail)),
            (State::Waived, with(CheckId::MissingPermission, Status::Waived)),
            (State::Waived, with(CheckId::ExcessivePermission, Status::Waived)),
            (State::Excess, with(CheckId::ExcessivePermission, Status::Fail)),
            (State::Unknown, with(CheckId::MissingPermission, Status::Unknown)),
            (State::Unknown, with(CheckId::ExcessivePermission, Status::Unknown)),
        ];
        let (state, finding) = said
            .into_iter()
            .find_map(|(state, finding)| Some((state, Some(finding?))))
            .unwrap_or_else(|| (by_levels(cell), None));
        let severity = finding.map_or(cell.sensitivity, |finding| finding.severity);
        Self {
            state,
            actual: shown(&cell.granted),
            required: cell
                .required
                .filter(|required| state.is_off() && cell.granted.level() != Some(*required)),
            why: finding.map(Finding::message),
            is_critical: state == State::Excess && severity == Severity::Critical,
            is_first: false,
        }
    }
}

/// What a cell is where no check spoke of it: the role is an admin role, or so wide that LW206 counts
/// its grants, or its integration was not asked about.
fn by_levels(cell: &Cell) -> State {
    match (&cell.granted, cell.required) {
        (Granted::NotOffered | Granted::NoLevel | Granted::NoRow, Some(Level::None))
        | (Granted::NotOffered, None) => State::NotOffered,
        (_, None) => State::Unjudged,
        (granted, Some(required)) => match granted.compare(required) {
            Compared::Meets => State::Equal,
            Compared::Missing(_) => State::Missing,
            Compared::Excess(_) => State::Excess,
            Compared::NotOffered | Compared::Unknown => State::Unknown,
        },
    }
}

fn shown(granted: &Granted) -> String {
    match granted {
        Granted::Level(level) => level.to_string(),
        Granted::NotOffered => "–".to_owned(),
        Granted::NoLevel | Granted::NoRow => "no row".to_owned(),
        Granted::Word(word) => format!("“{word}”"),
        Granted::Conflicting => "two rows".to_owned(),
    }
}
