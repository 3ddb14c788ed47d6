//! The trend as one self-contained page, in the clothes of the report.

use std::io::{self, Write};

use askama::Template;

use super::chart::Chart;
use super::{KeyTrend, TenantTrend, Trend, keys};
use crate::audit::Standing;
use crate::render::html::{Frame, STYLE};
use crate::term::text::count;

#[derive(Template)]
#[template(path = "trend.html")]
struct Page<'t> {
    trend: &'t Trend,
    frame: Frame,
}

pub(crate) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let text = Page { trend, frame: Frame::of(STYLE, "") }.render().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

impl TenantTrend {
    /// "3 readings, from 2026-11-20 to 2026-11-27".
    fn span(&self) -> String {
        let readings = count(self.readings.len(), "reading");
        match (self.readings.first(), self.readings.last()) {
            (Some(first), Some(last)) if first.as_of != last.as_of => {
                format!("{readings}, from {} to {}", first.as_of, last.as_of)
            }
            (Some(first), _) => format!("{readings}, of {}", first.as_of),
            _ => readings,
        }
    }

    /// The standings of the chart: for the style sheet, and for people.
    fn legend(&self) -> Vec<(&'static str, &'static str)> {
        self.standings().into_iter().map(|standing| (standing.as_str(), keys::words(standing))).collect()
    }
}

impl KeyTrend {
    /// How it was at each reading: for the style sheet, and for people; nothing where it was not there.
    fn cells(&self) -> Vec<Option<(&'static str, &'static str)>> {
        let cell = |standing: &Option<Standing>| standing.map(|own| (own.as_str(), keys::words(own)));
        self.standings.iter().map(cell).collect()
    }
}
