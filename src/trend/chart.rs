//! The chart of a tenant: for each reading a column of its keys, by standing, beside an axis of numbers and
//! over one of days.

use super::{Reading, TenantTrend};
use crate::audit::Standing;
use crate::render::keys;

/// The field, in units of the drawing, and what stands left of it and under it.
const WIDTH: usize = 720;
const HEIGHT: usize = 200;
const LEFT: usize = 40;
const UNDER: usize = 28;

/// The widest column.
const COLUMN: usize = 64;

/// So many days are written under the axis.
const DAYS: usize = 8;

/// So much room a number in a part of a column needs.
const ROOM: usize = 14;

/// What is drawn.
pub(super) struct Chart {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Where the axis of days is.
    pub(super) floor: usize,
    pub(super) left: usize,
    pub(super) lines: Vec<Line>,
    pub(super) columns: Vec<Column>,
}

/// A line of the axis of numbers.
pub(super) struct Line {
    pub(super) y: usize,
    pub(super) number: usize,
}

/// One reading.
pub(super) struct Column {
    pub(super) x: usize,
    pub(super) middle: usize,
    pub(super) width: usize,
    /// The day, where there is room to write it.
    pub(super) day: Option<String>,
    /// What people read who point at it.
    pub(super) said: String,
    /// From the floor up; empty where nothing is known.
    pub(super) parts: Vec<Part>,
    /// Whether the report is older than keys, or nothing was read.
    pub(super) is_unknown: bool,
}

/// The keys of one standing.
pub(super) struct Part {
    pub(super) standing: Standing,
    pub(super) y: usize,
    pub(super) height: usize,
    /// The number, where there is room to write it.
    pub(super) number: Option<usize>,
    pub(super) baseline: usize,
}

impl Chart {
    pub(super) fn of(tenant: &TenantTrend) -> Self {
        let total =
            |reading: &Reading| reading.by_standing.iter().flat_map(|counts| counts.values()).sum::<usize>();
        let most = tenant.readings.iter().map(total).max().unwrap_or(0).max(1);
        let step = most.div_ceil(4).max(1);
        let top = step * most.div_ceil(step);
        let readings = tenant.readings.len().max(1);
        let room = WIDTH / readings;
        let every = readings.div_ceil(DAYS);
        let column = |(at, reading): (usize, &Reading)| {
            let width = (room * 3 / 4).clamp(1, COLUMN);
            let middle = LEFT + at * WIDTH / readings + room / 2;
            Column::of(reading, middle, width, top, (readings - 1 - at).is_multiple_of(every))
        };
        Self {
            width: LEFT + WIDTH,
            height: HEIGHT + UNDER + 8,
            floor: HEIGHT + 8,
            left: LEFT,
            lines: (0..=top).step_by(step).map(|number| Line { y: height_of(number, top), number }).collect(),
            columns: tenant.readings.iter().enumerate().map(column).collect(),
        }
    }

    /// What it says, for people who do not see it.
    pub(super) fn said(&self) -> String {
        let said: Vec<_> = self.columns.iter().map(|column| column.said.as_str()).collect();
        said.join("; ")
    }
}

/// Where a number is on the axis.
const fn height_of(number: usize, top: usize) -> usize {
    8 + HEIGHT - number * HEIGHT / top
}

impl Column {
    fn of(reading: &Reading, middle: usize, width: usize, top: usize, has_day: bool) -> Self {
        let mut parts = Vec::new();
        let mut below = 0;
        // What is fine stands on the floor, and the worst on top.
        for (standing, number) in
            reading.by_standing.iter().flatten().rev().filter(|(_, number)| **number > 0)
        {
            let (from, to) = (height_of(below, top), height_of(below + number, top));
            let height = from - to;
            let has_room = height >= ROOM && width >= ROOM;
            parts.push(Part {
                standing: *standing,
                y: to,
                height,
                number: has_room.then_some(*number),
                baseline: to + height / 2 + 4,
            });
            below += number;
        }
        let said = match &reading.by_standing {
            Some(counts) => keys::counted(counts),
            None if reading.failure.is_some() => "could not be read".to_owned(),
            None => "the report is older than keys".to_owned(),
        };
        Self {
            x: middle - width / 2,
            middle,
            width,
            day: has_day.then(|| reading.as_of.to_string()),
            said: format!("{}: {said}", reading.as_of),
            parts,
            is_unknown: reading.by_standing.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Chart, Column, height_of};
    use crate::audit::Standing;
    use crate::trend::Reading;

    fn reading(counts: Option<&[(Standing, usize)]>) -> Reading {
        Reading {
            as_of: jiff::civil::date(2026, 11, 20),
            taken_at: None,
            complete: true,
            failure: None,
            by_standing: counts.map(|counts| counts.iter().copied().collect()),
            by_severity: [].into(),
            unknown: 0,
            waived: 0,
            new: None,
            resolved: None,
        }
    }

    #[test]
    fn what_is_not_known_is_no_column_of_nothing() {
        let column = Column::of(&reading(None), 100, 40, 4, true);
        assert!(column.is_unknown && column.parts.is_empty());
        assert_eq!(column.said, "2026-11-20: the report is older than keys");
        let none = Column::of(&reading(Some(&[])), 100, 40, 4, true);
        assert!(!none.is_unknown && none.parts.is_empty());
    }

    #[test]
    fn a_column_stands_on_the_floor_with_the_worst_on_top() {
        let counts = [(Standing::Broken, 1), (Standing::Excess, 0), (Standing::Fine, 3)];
        let column = Column::of(&reading(Some(&counts)), 100, 40, 4, false);
        let parts: Vec<_> = column.parts.iter().map(|part| (part.standing, part.number)).collect();
        assert_eq!(parts, [(Standing::Fine, Some(3)), (Standing::Broken, Some(1))]);
        assert_eq!(column.parts[0].y + column.parts[0].height, height_of(0, 4));
        assert_eq!(column.parts[1].y, height_of(4, 4));
    }

    #[test]
    fn the_axis_begins_at_zero_and_reaches_the_most() {
        let tenant = crate::trend::TenantTrend {
            name: String::new(),
            id: crate::model::TenantId { site: String::new(), company: String::new() },
            readings: vec![reading(Some(&[(Standing::Fine, 7)]))],
            integrations: Vec::new(),
            keys: Vec::new(),
        };
        let numbers: Vec<_> = Chart::of(&tenant).lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [0, 2, 4, 6, 8]);
    }
}
